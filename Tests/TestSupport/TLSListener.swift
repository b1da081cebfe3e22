// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A server on 127.0.0.1 that shows a certificate and serves nothing worth having, ended with its last owner.
public final class TLSListener: Sendable {
    /// Thrown when the server did not start.
    public struct NotReady: Error {}

    /// Its port.
    public let port: Int

    private let process: Process

    /// Starts one and waits until it listens.
    public init(_ kind: ServerCertificates.Kind) throws {
        let certificates = try ServerCertificates.shared.get()
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
            "-cert", certificates.certificateFile(kind), "-key", certificates.keyFile,
        ]
        let output = Pipe.alone()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.startAlone()
        var text = ""
        var port: Int?
        while port == nil {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw NotReady() }
            text += String(decoding: more, as: UTF8.self)
            port = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)\n/).flatMap { Int($0.1) }
        }
        self.port = port ?? 0
    }

    deinit {
        // It inherits the signals that threads of a dispatch queue block, SIGTERM among them.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
