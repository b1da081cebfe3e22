// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials
public import Foundation

/// A certificate revocation list, asked about one certificate (RFC 5280, sections 5 and 6.3).
public enum RevocationList {
    /// The largest list that is read, in bytes.
    public static let largest = 20 << 20

    /// Believes a list only when it is signed by the certificate's issuer, for this kind of certificate, and of now.
    ///
    /// - Parameters:
    ///   - list: DER.
    ///   - chain: DER, from the certificate's issuer to an anchor.
    ///   - moment: our clock.
    public static func read(
        _ list: [UInt8],
        about certificate: Certificate,
        chain: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date
    ) throws(RevocationDoubt) -> RevocationAnswer {
        defer { ERR_clear_error() }
        guard list.count <= largest else { throw RevocationDoubt(code: .malformed, detail: "too large") }
        let parsed = list.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let parsed = d2i_X509_CRL(nil, &cursor, buffer.count) else { return nil }
            guard let cursor, let start = buffer.baseAddress, cursor - start == buffer.count else {
                X509_CRL_free(parsed)
                return nil
            }
            return parsed
        }
        guard let parsed else { throw RevocationDoubt(code: .malformed, detail: OpenSSLError(.malformed).detail) }
        defer { X509_CRL_free(parsed) }
        // Another clock may be a little ahead of ours.
        let now = instant(X509_CRL_get0_lastUpdate(parsed)).map {
            max(moment, min($0, moment + OCSPQuestion.tolerance))
        }
        let verdict: Int32
        do throws(OpenSSLError) {
            verdict = try verify(certificate, parsed, chain: chain, anchors: anchors, at: now ?? moment)
        } catch {
            throw RevocationDoubt(code: .malformed, detail: error.detail)
        }
        let words = X509_verify_cert_error_string(Int(verdict)).map { String(cString: $0) } ?? ""
        switch verdict {
        case X509_V_OK: return .good
        case X509_V_ERR_CERT_REVOKED: return try revocation(of: certificate, in: parsed)
        case X509_V_ERR_CRL_NOT_YET_VALID: throw RevocationDoubt(code: .fromFuture, detail: words)
        case X509_V_ERR_CRL_HAS_EXPIRED: throw RevocationDoubt(code: .outdated, detail: words)
        case X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
            X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            throw RevocationDoubt(code: .wrongSigner, detail: words)
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_DIFFERENT_CRL_SCOPE:
            throw RevocationDoubt(code: .otherCertificate, detail: words)
        default: throw RevocationDoubt(code: .malformed, detail: words)
        }
    }

    /// - Returns: OpenSSL's verdict on the certificate (an X509_V_ERR number).
    private static func verify(
        _ certificate: Certificate,
        _ list: OpaquePointer,
        chain: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date
    ) throws(OpenSSLError) -> Int32 {
        let leaf = try X509Handle(der: certificate.der)
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let between = isignum_x509_stack()
        else { throw OpenSSLError(.failed) }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            isignum_x509_stack_free(between)
        }
        if anchors == .system { X509_STORE_set_default_paths(store) }
        for anchor in anchors.certificates {
            let handle = try X509Handle(der: anchor)
            X509_STORE_add_cert(store, handle.pointer)
        }
        for issuer in chain {
            let handle = try X509Handle(der: issuer)
            X509_up_ref(handle.pointer)
            isignum_x509_push(between, handle.pointer)
        }
        guard X509_STORE_add_crl(store, list) == 1, X509_STORE_CTX_init(context, store, leaf.pointer, between) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw OpenSSLError(.failed) }
        X509_VERIFY_PARAM_set_time(parameters, time_t(moment.timeIntervalSince1970))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_CRL_CHECK))
        return X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context)
    }

    private static func revocation(
        of certificate: Certificate,
        in list: OpaquePointer
    ) throws(RevocationDoubt) -> RevocationAnswer {
        var entry: OpaquePointer?
        guard let leaf = try? X509Handle(der: certificate.der), X509_CRL_get0_by_cert(list, &entry, leaf.pointer) > 0,
            let entry, let date = instant(X509_REVOKED_get0_revocationDate(entry))
        else { throw RevocationDoubt(code: .malformed, detail: "entry") }
        var reason: RevocationReason?
        if let found = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil) {
            let number = OpaquePointer(found)
            reason = RevocationReason(rawValue: ASN1_ENUMERATED_get(UnsafePointer<ASN1_ENUMERATED>(number)))
            ASN1_ENUMERATED_free(UnsafeMutablePointer<ASN1_ENUMERATED>(number))
        }
        return .revoked(at: date, reason: reason)
    }
}
