// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// A certification authority as an applicant meets it, whatever protocol it speaks.
///
/// Every call is one exchange that can be repeated safely. Pending is an answer, not an error. Next hop:
/// `EnrollmentAPI/EnrollmentAPIClient`.
public protocol CertificateAuthority: Sendable {
    /// The qualified devices that the CA knows, and until when.
    ///
    /// - Parameter tag: the entity tag of an answer that is already held.
    /// - Returns: `nil` when that answer still stands.
    func certifiedDevices(unless tag: String?) async throws(CAError) -> CertifiedDevices?

    /// Hands a first request in. The same idempotency key always gives the same receipt and never a second request.
    func submit(_ submission: Submission, idempotencyKey: String) async throws(CAError) -> SubmissionReceipt

    /// The document, in the protocol of this CA, that the certificate which an order replaces has to sign.
    func document(of order: RenewalOrder) throws(CAError) -> [UInt8]

    /// Hands an order of a following certificate in. The same idempotency key always gives the same receipt and never a
    /// second request.
    ///
    /// - Parameter message: CMS SignedData, DER, over what `document(of:)` gave, signed with the certificate that is
    ///   replaced.
    func renew(signed message: [UInt8], idempotencyKey: String) async throws(CAError) -> SubmissionReceipt

    /// Asks what became of a request.
    func status(of ticket: RequestTicket) async throws(CAError) -> RequestStatus

    /// Asks for many requests at once, without any personal data. IDs that the CA does not know are marked so.
    func statuses(of identifiers: [RequestID]) async throws(CAError) -> [RequestStatus]

    /// Fetches an issued certificate with its chain, the certificate itself first, each DER.
    func certificate(of ticket: RequestTicket) async throws(CAError) -> IssuedChain

    /// Fetches the issuance protocol: a PDF document.
    func issuanceProtocol(of ticket: RequestTicket) async throws(CAError) -> [UInt8]

    /// Accepts or rejects an issued certificate. Saying the same again changes nothing.
    ///
    /// - Returns: where the request stands now: at what was said, or at what came in between: its end, or an earlier
    ///   word.
    func decide(_ decision: Decision, on ticket: RequestTicket) async throws(CAError) -> RequestStatus

    /// Revokes a certificate. The same order again changes nothing.
    ///
    /// - Parameter message: the order's document in CMS SignedData, DER, signed with the certificate or another of the
    ///   same holder.
    func revoke(_ order: RevocationOrder, signed message: [UInt8]) async throws(CAError) -> Revocation

    /// Whether a device is bound.
    ///
    /// - Parameter accessToken: of a request for a key on the device; without it only the bare state is told.
    func binding(of deviceSerial: String, accessToken: String?) async throws(CAError) -> DeviceBinding

    /// Releases a device from its holder. The same order again changes nothing.
    ///
    /// - Parameter message: the order's document in CMS SignedData, DER.
    func releaseBinding(_ order: ReleaseOrder, signed message: [UInt8]) async throws(CAError) -> DeviceBinding

    /// What an organisation's authorised person, known by a TLS client certificate, may see.
    func findBindings(_ query: BindingQuery) async throws(CAError) -> [DeviceBinding]
}

/// What is needed to ask about a request.
public struct RequestTicket: Sendable {
    /// The CA's identification of the request.
    public let id: RequestID
    /// What proves that the request is ours; without it only the bare status is told.
    public let accessToken: String?

    /// Names a request.
    public init(id: RequestID, accessToken: String?) {
        self.id = id
        self.accessToken = accessToken
    }
}

/// The holder's word on an issued certificate.
public enum Decision: Sendable, Equatable {
    /// The data are right.
    case accepted
    /// They are not, and why.
    case rejected(reason: String)
}
