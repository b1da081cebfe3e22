// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Credentials
internal import Foundation
internal import OpenSSLKit
internal import Synchronization

/// One exchange while it happens: what is sent, what has come so far, and who waits for it.
final class Transfer: @unchecked Sendable {
    // @unchecked: everything that changes belongs to the transfer thread, except `cancelled`, which is atomic.
    let request: HTTPRequest
    private let limits: TransportLimits
    private let identity: SigningIdentity?
    private var loan: KeyLoan?
    private let waiting: CheckedContinuation<Result<HTTPResponse, CAError>, Never>
    private let cancelled: CancellationFlag
    private var sentBytes = 0
    private var headerBytes = 0
    private var fields: [(name: String, value: String)] = []
    private var status = 0
    private var isVersion1 = false
    private var body: [UInt8] = []
    private var headerIsComplete = false
    private(set) var refusal: CAError.Code?

    init(
        _ request: HTTPRequest,
        limits: TransportLimits,
        identity: SigningIdentity?,
        cancelled: CancellationFlag,
        waiting: CheckedContinuation<Result<HTTPResponse, CAError>, Never>
    ) {
        self.request = request
        self.limits = limits
        self.identity = identity
        self.cancelled = cancelled
        self.waiting = waiting
    }

    var isCancelled: Bool { cancelled.isRaised }

    /// Whether any byte of an answer has come.
    var hasBegun: Bool { headerBytes > 0 }

    /// Whether an end of the body was agreed on (RFC 9112, section 6.3). One that ends with the connection could have
    /// been cut by anybody on the way: libcurl takes a TLS connection without its closing alert for complete.
    var isFramed: Bool {
        let coding = response["Transfer-Encoding"]?.lowercased() ?? ""
        return !isVersion1 || body.isEmpty || response["Content-Length"] != nil || coding.hasSuffix("chunked")
    }

    var response: HTTPResponse { HTTPResponse(status: status, fields: fields, body: body) }

    /// Whether a client certificate is at hand.
    var hasIdentity: Bool { identity != nil }

    /// Why the key of the client certificate did not sign.
    var keyFailure: KeyStoreError? { loan?.failure }

    /// Prepares a handshake, in which the key signs on this thread: the transfer thread may wait, tasks never run on it.
    func offerIdentity(to context: UnsafeMutableRawPointer) -> Bool {
        guard let identity else { return true }
        loan = try? identity.offer(to: context)
        return loan != nil
    }

    /// To be called exactly once.
    func finish(_ result: Result<HTTPResponse, CAError>) { waiting.resume(returning: result) }

    /// Takes one line of a header.
    ///
    /// - Returns: whether the exchange may go on.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= limits.header, fields.count < limits.headerLines else { return refuse(.answerTooLarge) }
        // What follows the body (a trailer) is counted and not believed.
        guard !headerIsComplete else { return true }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("HTTP/") {
            // An interim answer or a proxy's is over: the next header counts.
            fields = []
            isVersion1 = text.hasPrefix("HTTP/1")
            status = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        } else if text.isEmpty {
            headerIsComplete = status >= 200
            return !headerIsComplete || announcedLengthIsAllowed
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            fields.append((text[..<colon].lowercased(), value))
        } else {
            return refuse(.answerInvalid)
        }
        return true
    }

    /// Gives the next part of the request's body.
    ///
    /// - Returns: how many bytes it has; 0 at the end.
    func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let part = request.body[sentBytes...].prefix(room.count)
        room.copyBytes(from: part)
        sentBytes += part.count
        return part.count
    }

    /// Takes a part of the body.
    ///
    /// - Returns: whether the exchange may go on.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= bodyLimit - body.count else {
            body = []
            return refuse(.answerTooLarge)
        }
        body.append(contentsOf: bytes)
        return true
    }

    private var bodyLimit: Int { (200...299).contains(status) ? request.answerLimit : limits.json }

    private var announcedLengthIsAllowed: Bool {
        guard let announced = response["Content-Length"], Int(announced) ?? .max > bodyLimit else { return true }
        return refuse(.answerTooLarge)
    }

    private func refuse(_ code: CAError.Code) -> Bool {
        refusal = refusal ?? code
        return false
    }
}

/// How a task tells the transfer thread that nobody waits any more.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    var isRaised: Bool { flag.load(ordering: .acquiring) }

    func raise() { flag.store(true, ordering: .releasing) }
}
