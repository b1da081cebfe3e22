// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// What the operator asks for, and the answer; JSON over a unix socket in the CA's folder, which only its owner enters.
public struct OperatorRequest: Codable, Sendable {
    /// approve, reject, revoke, list, certificate, fault, clear-faults, voucher, multi-year, person, authorise or service.
    public var verb: String
    /// The request, the serial number, the fault, the code, the name, or the service.
    public var subject: String?
    /// The reason of a rejection or revocation, or the name of the holder.
    public var text: String?
    /// The employee number of a person.
    public var employeeNumber: String?
    /// The organisation that a person works or acts for.
    public var organisation: String?
    /// Whether something is to be on, where it can be off.
    public var isOn: Bool?
    /// How many days are left of a certificate that is issued; negative for one that is over.
    public var daysLeft: Int?

    /// Asks for something.
    public init(verb: String, subject: String? = nil, text: String? = nil) {
        self.verb = verb
        self.subject = subject
        self.text = text
    }
}

/// A request as the operator sees it.
public struct OperatorAnswer: Codable, Sendable {
    /// One request.
    public struct Row: Codable, Sendable {
        /// Its ID.
        public var id: String
        /// Where it stands.
        public var status: String
        /// The serial number of its certificate, hexadecimal.
        public var serialNumber: String?
        /// The certificate, DER in base64; only when it was asked for.
        public var certificate: Data?
        /// The SHA-256 of its SubjectPublicKeyInfo, hexadecimal.
        public var publicKeySHA256: String
    }

    /// What went wrong; `nil` when nothing did.
    public var error: String?
    /// The requests that were asked about or changed.
    public var requests: [Row]
}

/// The socket of the desk.
public struct OperatorSocket: Sendable {
    private let path: String

    /// The socket in a CA's folder.
    public init(directory: URL) { path = directory.appending(path: "operator.sock").path }

    /// Asks the CA that runs in the folder.
    public func ask(_ request: OperatorRequest) throws -> OperatorAnswer {
        let descriptor = try open(connect)
        defer { close(descriptor) }
        let data = try JSON.encode(request)
        guard data.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }) == data.count,
            shutdown(descriptor, Int32(SHUT_WR)) == 0
        else { throw POSIXError(.EIO) }
        return try JSON.decode(OperatorAnswer.self, from: Self.readAll(descriptor))
    }

    /// Answers one question after the other, for as long as the process lives.
    func serve(_ answer: @escaping @Sendable (OperatorRequest) async -> OperatorAnswer) throws {
        unlink(path)
        let listener = try open(bind)
        chmod(path, 0o600)
        guard listen(listener, 8) == 0 else { throw POSIXError(.EIO) }
        Thread.detachNewThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { continue }
                let request = try? JSON.decode(OperatorRequest.self, from: Self.readAll(descriptor))
                let done = DispatchSemaphore(value: 0)
                Task {
                    defer { done.signal() }
                    let reply =
                        if let request { await answer(request) } else {
                            OperatorAnswer(error: "no request", requests: [])
                        }
                    guard let data = try? JSON.encode(reply) else { return }
                    _ = data.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                }
                done.wait()
                close(descriptor)
            }
        }
    }

    private static func readAll(_ descriptor: Int32) -> Data {
        var data = Data()
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(descriptor, &piece, piece.count), count > 0, data.count < 1 << 24 {
            data.append(contentsOf: piece.prefix(count))
        }
        return data
    }

    private func open(
        _ attach: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw POSIXError(.ENAMETOOLONG) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                attach(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
        return descriptor
    }
}
