// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A server on 127.0.0.1 that shows a certificate and serves nothing worth having, ended with its last owner.
public final class TLSListener: Sendable {
    /// Thrown when the server did not start.
    public struct NotReady: Error {}

    /// Its port.
    public let port: Int

    private let process: RunningProcess

    /// Starts one and waits until it listens.
    public init(_ kind: ServerCertificates.Kind) throws {
        let certificates = try ServerCertificates.shared.get()
        process = try RunningProcess(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:0", "-www",
                "-cert", certificates.certificateFile(kind), "-key", certificates.keyFile,
            ],
            output: .pipe
        )
        var text = ""
        var port: Int?
        while port == nil {
            guard let more = process.output?.availableData, !more.isEmpty else { throw NotReady() }
            text += String(decoding: more, as: UTF8.self)
            port = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:([0-9]+)\n/).flatMap { Int($0.1) }
        }
        self.port = port ?? 0
    }

    deinit { process.stop(with: SIGKILL) }
}
