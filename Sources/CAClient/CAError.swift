// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import OpenSSLKit

/// Why a CA could not be asked, or what it refused. Equal by code alone; what to tell a person is decided elsewhere.
public struct CAError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: Sendable, Hashable {
        /// The address in the profile is no usable "https" address.
        case profileInvalid
        /// The file of trust anchors is missing, unreadable or holds no certificate.
        case anchorsUnusable
        /// The file of issuers in the profile (`chain`) is missing, unreadable or holds no certificate.
        case issuersUnusable
        /// Nobody answers: name not found, refused, no route, time-out.
        case unreachable
        /// The proxy on the way makes no connection; `status` is its answer (407: it wants to know who asks).
        case proxyRefused
        /// The server's certificate is for another name.
        case serverNameMismatch
        /// The server's certificate has expired or is not yet valid.
        case serverCertificateExpired
        /// The server's certificate does not lead to a trust anchor.
        case serverIssuerUnknown
        /// TLS failed in another way.
        case tlsFailed
        /// The server does not take our client certificate, or wants one that it was not shown.
        case clientCertificateRefused
        /// The key of our client certificate did not sign; `keyStoreError` says why.
        case clientKeyFailed
        /// The connection ended before the whole answer was there.
        case answerCutOff
        /// The answer is larger than it may be.
        case answerTooLarge
        /// The answer is not what the API promises: wrong media type, malformed, missing fields.
        case answerInvalid
        /// The server sends us elsewhere in a way that is not followed.
        case redirectRefused
        /// The CA explains itself with a problem document (RFC 9457).
        case problem(Problem)
        /// An error status without a problem document.
        case serverError
        /// The caller was cancelled.
        case cancelled
    }

    /// The codes of problem documents that the client explains and acts on.
    public enum Problem: String, Sendable, CaseIterable {
        // Each is named as in the API's document.
        case csrInvalid = "csr_invalid"
        case keyWeak = "key_weak"
        case keyReused = "key_reused"
        case markerNotAllowed = "marker_not_allowed"
        case idempotencyKeyReused = "idempotency_key_reused"
        case deviceUnknown = "device_unknown"
        case deviceCertificationEnded = "device_certification_ended"
        case bindingConflict = "binding_conflict"
        case bindingCertificatesValid = "binding_certificates_valid"
        case voucherInvalid = "voucher_invalid"
        case multiYearNotEnabled = "multi_year_not_enabled"
        case certificateRevoked = "certificate_revoked"
        case certificateExpired = "certificate_expired"
        case tooEarly = "too_early"
        case rateLimited = "rate_limited"
        case requestUnknown = "request_unknown"
        case requestWithdrawn = "request_withdrawn"
        case maintenance
        case bindingUnknown = "binding_unknown"
        case notAuthorised = "not_authorised"
        case clientCertificateRequired = "client_certificate_required"
        case serviceNotOffered = "service_not_offered"
        case alreadyRenewed = "already_renewed"
        case renewalNotOffered = "renewal_not_offered"
        case signatureInvalid = "signature_invalid"
        case certificateUnknown = "certificate_unknown"
        /// Any other code.
        case other
    }

    /// What kind of failure it is.
    public let code: Code
    /// The HTTP status of the answer.
    public let status: Int?
    /// The method and address that were asked, without anything secret: "POST https://ca.example/v1/requests".
    public let exchange: String?
    /// The server's own words, or the library's; bounded to 2,000 characters, not yet safe for a terminal.
    public let detail: String?
    /// How long the CA asks to wait.
    public let retryAfter: Duration?
    /// What the token said, for `clientKeyFailed`.
    public let keyStoreError: KeyStoreError?
    /// What is wrong with the file, for `anchorsUnusable`; `nil` where it could not even be read.
    public let bundleError: BundleError?
    /// What stands in the way, for `bindingCertificatesValid`, where the CA tells.
    public internal(set) var certificates: [BoundCertificate] = []

    /// Makes an error.
    public init(
        _ code: Code,
        status: Int? = nil,
        exchange: String? = nil,
        detail: String? = nil,
        retryAfter: Duration? = nil,
        keyStoreError: KeyStoreError? = nil,
        bundleError: BundleError? = nil
    ) {
        self.code = code
        self.status = status
        self.exchange = exchange
        self.detail = detail.map { String($0.prefix(2_000)) }
        self.retryAfter = retryAfter
        self.keyStoreError = keyStoreError
        self.bundleError = bundleError
    }

    /// Whether both are of the same kind.
    public static func == (left: CAError, right: CAError) -> Bool { left.code == right.code }

    /// Whether the same exchange may well succeed later, without anybody changing anything.
    public var isPassing: Bool {
        switch code {
        case .unreachable, .answerCutOff, .problem(.maintenance): true
        case .serverError where (status ?? 0) >= 500: true
        case .proxyRefused where (status ?? 0) >= 500: true
        default: isRateLimited
        }
    }

    /// Whether the CA was asked too often: by its document, or by the bare status (RFC 6585, section 4).
    public var isRateLimited: Bool {
        code == .problem(.rateLimited) || code == .serverError && status == 429
    }

    /// For logs and tests.
    public var description: String {
        [exchange, status.map(String.init), "\(code)", detail].compactMap(\.self).joined(separator: ": ")
    }
}
