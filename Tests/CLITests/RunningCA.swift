// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A `mock-ca` of its own, on loopback, ended with its last owner.
final class RunningCA: Sendable {
    private struct Ready: Decodable {
        let url: URL
        let caBundle: String
    }

    /// Thrown when the CA says nothing or something else.
    struct NotReady: Error {}

    /// Its address.
    let url: URL
    /// What its certificates lead to.
    let bundle: String

    private let folder: TemporaryFolder
    private let process: Process

    /// Starts one and waits until it is ready.
    init(_ arguments: String...) throws {
        folder = try TemporaryFolder(named: "ca")
        process = Process()
        process.executableURL = try BuildProducts.file("mock-ca")
        process.arguments = ["--dir", folder.path, "--port", "0"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != 0x0a {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { throw NotReady() }
            line += byte
        }
        let ready = try JSONDecoder().decode(Ready.self, from: line)
        url = ready.url
        bundle = ready.caBundle
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// What `config.toml` needs to say of it.
    var configuration: String { "[ca.test]\nurl = \"\(url)\"\nanchors = \"\(bundle)\"\n" }

    /// What the operator does.
    func operate(_ arguments: String...) async throws {
        let program = try BuildProducts.file("mock-ca").path
        try await ChildProcess.output(of: program, arguments + ["--dir", folder.path])
    }
}
