// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// `openssl s_server` on loopback, which asks every client for a certificate and takes only those of its own root. Ended
/// with its last owner.
public final class TLSServer: Sendable {
    /// Thrown when the server says nothing or something else.
    public struct NotReady: Error {}

    /// A folder with a root of its own, which is also the server's certificate: `root.crt` and `root.key`.
    public struct Root: Sendable {
        /// Where it is.
        public let folder: TemporaryFolder

        /// Makes one.
        public init() async throws {
            folder = try TemporaryFolder(named: "tls-root")
            try await ChildProcess.output(
                of: "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    file("root.key"), "-out", file("root.crt"), "-subj", "/CN=root", "-days", "5", "-addext",
                    "subjectAltName=IP:127.0.0.1",
                ]
            )
        }

        /// A path in its folder.
        public func file(_ name: String) -> String { folder.file(name).path }

        /// Issues a certificate for a request.
        ///
        /// - Returns: both in DER.
        public func issue(for request: [UInt8], named name: String) async throws -> [UInt8] {
            try Data(request).write(to: folder.file("\(name).csr"))
            try await ChildProcess.output(
                of: "openssl",
                [
                    "x509", "-req", "-inform", "DER", "-in", file("\(name).csr"), "-CA", file("root.crt"), "-CAkey",
                    file("root.key"), "-CAcreateserial", "-days", "5", "-outform", "DER", "-out", file("\(name).der"),
                ]
            )
            return [UInt8](try Data(contentsOf: folder.file("\(name).der")))
        }
    }

    /// Its port on 127.0.0.1.
    public let port: Int
    private let process: RunningProcess
    private let root: Root

    /// Starts one; every request gets an empty list of devices.
    ///
    /// - Parameter options: of s_server, as "-tls1_3".
    public init(_ root: Root, _ options: String...) throws {
        self.root = root
        let answer = "{\"devices\":[]}"
        let page = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(answer.utf8.count)\r\n\r\n"
        try FileManager.default.createDirectory(at: root.folder.file("v1"), withIntermediateDirectories: true)
        try Data((page + answer).utf8).write(to: root.folder.file("v1/devices"))
        process = try RunningProcess(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:0", "-cert", root.file("root.crt"), "-key", root.file("root.key"),
                "-HTTP", "-Verify", "1", "-verify_return_error", "-CAfile", root.file("root.crt"),
            ] + options,
            folder: root.folder.path,
            // One whose standard input is at its end ends too.
            input: .pipe,
            output: .pipe
        )
        guard let output = process.output else { throw NotReady() }
        var line = Data()
        while true {
            guard let byte = try output.read(upToCount: 1), !byte.isEmpty else { throw NotReady() }
            guard byte[0] == 0x0A else {
                line += byte
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("ACCEPT "), let port = text.split(separator: ":").last.flatMap({ Int($0) }) {
                self.port = port
                break
            }
            line = Data()
        }
        // What it says later must not fill the pipe.
        output.readabilityHandler = { _ = $0.availableData }
    }

    deinit { process.stop(with: SIGKILL) }
}
