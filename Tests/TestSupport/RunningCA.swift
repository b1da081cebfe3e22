// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A `mock-ca` of its own, on loopback, ended with its last owner.
public final class RunningCA: Sendable {
    private struct Ready: Decodable {
        let url: URL
        let caBundle: String
    }

    /// Thrown when the CA says nothing or something else.
    public struct NotReady: Error {}

    /// Its address.
    public let url: URL
    /// What its certificates lead to.
    public let bundle: String

    private let folder: TemporaryFolder
    private let process: RunningProcess

    /// Starts one and waits until it is ready.
    public convenience init(_ arguments: String...) throws {
        try self.init(in: try TemporaryFolder(named: "ca"), arguments)
    }

    /// Starts one in a folder that may have had one before.
    public init(in folder: TemporaryFolder, _ arguments: [String] = []) throws {
        self.folder = folder
        process = try RunningProcess(
            try BuildProducts.file("mock-ca").path,
            ["--dir", folder.path, "--port", "0"] + arguments,
            output: .pipe,
            errors: .inherited
        )
        var line = Data()
        while line.last != 0x0a {
            guard let byte = try process.output?.read(upToCount: 1), !byte.isEmpty else { throw NotReady() }
            line += byte
        }
        let ready = try JSONDecoder().decode(Ready.self, from: line)
        url = ready.url
        bundle = ready.caBundle
    }

    deinit { stop() }

    /// Ends it.
    public func stop() {
        process.stop()
    }

    /// The certificate of one of its CAs, PEM: "public", "qualified" or "root".
    public func issuerFile(_ name: String) -> String { folder.file("ca/\(name).pem").path }

    /// What `config.toml` needs to say of it.
    public var configuration: String { "[ca.test]\nurl = \"\(url)\"\nanchors = \"\(bundle)\"\n" }

    /// The exchanges so far, as "POST /v1/requests 201"; 0 for one that was never answered.
    public func exchanges() throws -> [String] {
        let text = String(decoding: try Data(contentsOf: folder.file("requests.log")), as: UTF8.self)
        return text.split(separator: "\n").map { line in line.drop { $0 != " " }.dropFirst().description }
    }

    /// What the operator does.
    ///
    /// - Returns: what the command said.
    @discardableResult
    public func operate(_ arguments: String...) async throws -> String {
        let program = try BuildProducts.file("mock-ca").path
        return try await ChildProcess.output(of: program, arguments + ["--dir", folder.path])
    }
}
