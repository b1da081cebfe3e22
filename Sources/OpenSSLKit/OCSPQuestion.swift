// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials
public import Foundation

/// A question about one certificate, and what is believed of the answer to it (RFC 6960).
public struct OCSPQuestion: Sendable {
    /// The largest answer that is read, in bytes.
    public static let largestAnswer = 64 << 10
    /// How far another clock may be from ours, in seconds.
    public static let tolerance: TimeInterval = 300
    /// How long an answer stands that names no end, in seconds.
    static let withoutEnd: TimeInterval = 86_400

    /// The question, DER, with a nonce of its own.
    public let der: [UInt8]
    private let certificate: Certificate
    private let issuer: [UInt8]

    /// Asks about a certificate.
    ///
    /// - Parameter issuer: DER; whether it is the issuer was decided before.
    public init(about certificate: Certificate, issuedBy issuer: [UInt8]) throws(OpenSSLError) {
        self.certificate = certificate
        self.issuer = issuer
        let leaf = try X509Handle(der: certificate.der)
        let parent = try X509Handle(der: issuer)
        guard let request = OCSP_REQUEST_new() else { throw OpenSSLError(.failed) }
        defer { OCSP_REQUEST_free(request) }
        // SHA-1 names, nobody relies on it here: it is what every responder understands (RFC 5019, section 2.1.1).
        guard let name = OCSP_cert_to_id(EVP_sha1(), leaf.pointer, parent.pointer) else { throw OpenSSLError(.failed) }
        guard OCSP_request_add0_id(request, name) != nil else {
            OCSP_CERTID_free(name)
            throw OpenSSLError(.failed)
        }
        // RFC 8954, section 2.1: 32 random bytes.
        guard OCSP_request_add1_nonce(request, nil, 32) == 1 else { throw OpenSSLError(.failed) }
        der = try encoded { i2d_OCSP_REQUEST(request, $0) }
    }

    /// Reads an answer and believes it only when it is signed by the issuer or its delegate, about this certificate, to
    /// this question, and of now.
    ///
    /// A responder may leave the nonce out; then the times alone say that the answer is fresh.
    ///
    /// - Parameters:
    ///   - anchors: what a delegate must lead to through the issuer.
    ///   - moment: our clock.
    public func read(
        _ answer: [UInt8],
        anchors: TrustAnchors,
        at moment: Date
    ) throws(RevocationDoubt) -> RevocationAnswer {
        defer { ERR_clear_error() }
        guard answer.count <= Self.largestAnswer else { throw RevocationDoubt(code: .malformed, detail: "too large") }
        let response = answer.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let parsed = d2i_OCSP_RESPONSE(nil, &cursor, buffer.count) else { return nil }
            guard let cursor, let start = buffer.baseAddress, cursor - start == buffer.count else {
                OCSP_RESPONSE_free(parsed)
                return nil
            }
            return parsed
        }
        guard let response else { throw RevocationDoubt(code: .malformed, detail: OpenSSLError(.malformed).detail) }
        defer { OCSP_RESPONSE_free(response) }
        let status = OCSP_response_status(response)
        guard status == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
            let words = OCSP_response_status_str(Int(status)).map { String(cString: $0) } ?? ""
            throw RevocationDoubt(code: .refused, detail: words)
        }
        guard let basic = OCSP_response_get1_basic(response) else {
            throw RevocationDoubt(code: .malformed, detail: OpenSSLError(.malformed).detail)
        }
        defer { OCSP_BASICRESP_free(basic) }
        try requireSigner(of: basic, anchors: anchors, at: moment)
        return try single(basic, at: moment)
    }

    private func requireSigner(
        of basic: OpaquePointer,
        anchors: TrustAnchors,
        at moment: Date
    ) throws(RevocationDoubt) {
        do throws(OpenSSLError) {
            let parent = try X509Handle(der: issuer)
            guard let store = X509_STORE_new(), let known = isignum_x509_stack() else { throw OpenSSLError(.failed) }
            defer {
                X509_STORE_free(store)
                isignum_x509_stack_free(known)
            }
            if anchors == .system { X509_STORE_set_default_paths(store) }
            for anchor in anchors.certificates {
                let handle = try X509Handle(der: anchor)
                X509_STORE_add_cert(store, handle.pointer)
            }
            // The issuer itself was proved to lead to an anchor; a delegate need not go further than to it.
            X509_STORE_add_cert(store, parent.pointer)
            X509_up_ref(parent.pointer)
            isignum_x509_push(known, parent.pointer)
            if let parameters = X509_STORE_get0_param(store) {
                X509_VERIFY_PARAM_set_time(parameters, time_t(moment.timeIntervalSince1970))
                X509_VERIFY_PARAM_set_auth_level(parameters, 2)
                X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
            }
            guard OCSP_basic_verify(basic, known, store, UInt(OCSP_NOEXPLICIT)) == 1 else {
                throw OpenSSLError(.failed)
            }
        } catch {
            throw RevocationDoubt(code: .wrongSigner, detail: error.detail)
        }
    }

    private func single(_ basic: OpaquePointer, at moment: Date) throws(RevocationDoubt) -> RevocationAnswer {
        let request = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return d2i_OCSP_REQUEST(nil, &cursor, buffer.count)
        }
        defer { OCSP_REQUEST_free(request) }
        guard let request, let leaf = try? X509Handle(der: certificate.der), let parent = try? X509Handle(der: issuer),
            let name = OCSP_cert_to_id(EVP_sha1(), leaf.pointer, parent.pointer)
        else { throw RevocationDoubt(code: .malformed, detail: "") }
        defer { OCSP_CERTID_free(name) }
        guard OCSP_check_nonce(request, basic) != 0 else { throw RevocationDoubt(code: .wrongNonce, detail: "") }
        var (status, reason) = (Int32(-1), Int32(-1))
        var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var this: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var next: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        guard OCSP_resp_find_status(basic, name, &status, &reason, &revoked, &this, &next) == 1 else {
            throw RevocationDoubt(code: .otherCertificate, detail: "")
        }
        guard let begin = instant(this) else { throw RevocationDoubt(code: .malformed, detail: "thisUpdate") }
        guard next == nil || instant(next) != nil else { throw RevocationDoubt(code: .malformed, detail: "nextUpdate") }
        let end = instant(next) ?? begin + Self.withoutEnd
        guard begin <= moment + Self.tolerance else {
            throw RevocationDoubt(code: .fromFuture, detail: begin.formatted(.iso8601))
        }
        guard end >= moment - Self.tolerance else {
            throw RevocationDoubt(code: .outdated, detail: end.formatted(.iso8601))
        }
        switch status {
        case V_OCSP_CERTSTATUS_GOOD: return .good
        case V_OCSP_CERTSTATUS_REVOKED:
            guard let date = instant(revoked) else { throw RevocationDoubt(code: .malformed, detail: "revocationTime") }
            return .revoked(at: date, reason: RevocationReason(rawValue: Int(reason)))
        default: return .unknown
        }
    }
}

/// A time of ASN.1; `nil` for one that is not there or cannot be read.
func instant(_ time: UnsafePointer<ASN1_TIME>?) -> Date? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(timegm(&parts)))
}
