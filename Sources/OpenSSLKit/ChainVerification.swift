// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Foundation

/// Why a chain is not believed. Equal by code alone.
public struct ChainError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// No way leads to a trust anchor.
        case untrusted
        /// A certificate of the chain has expired.
        case expired
        /// A certificate of the chain is not yet valid.
        case notYetValid
        /// A signature in the chain is wrong.
        case badSignature
        /// A key or a signature in the chain is too weak.
        case weak
        /// An issuer is none, or not for this.
        case invalidIssuer
        /// A certificate cannot be read, or anything else.
        case malformed
    }

    /// What kind of failure it is.
    public let code: Code
    /// The library's own words.
    public let detail: String

    /// Whether both are of the same kind.
    public static func == (left: ChainError, right: ChainError) -> Bool { left.code == right.code }
}

/// Path validation (RFC 5280, section 6), with no key and no signature below 112 bits of security.
public enum ChainVerification {
    /// Verifies that a certificate leads to a trust anchor.
    ///
    /// - Parameters:
    ///   - leaf: DER.
    ///   - intermediates: DER, in any order; none of them is believed.
    ///   - moment: when everything must be valid.
    /// - Returns: the chain, DER, the leaf first and the anchor last.
    @discardableResult
    public static func verify(
        leaf: [UInt8],
        intermediates: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date
    ) throws(ChainError) -> [[UInt8]] {
        do throws(OpenSSLError) {
            let target = try X509Handle(der: leaf)
            guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(),
                let untrusted = isignum_x509_stack()
            else { throw OpenSSLError(.failed) }
            defer {
                X509_STORE_CTX_free(context)
                X509_STORE_free(store)
                isignum_x509_stack_free(untrusted)
                ERR_clear_error()
            }
            if anchors == .system { X509_STORE_set_default_paths(store) }
            for anchor in anchors.certificates {
                let handle = try X509Handle(der: anchor)
                X509_STORE_add_cert(store, handle.pointer)
            }
            for certificate in intermediates {
                let handle = try X509Handle(der: certificate)
                X509_up_ref(handle.pointer)
                isignum_x509_push(untrusted, handle.pointer)
            }
            guard X509_STORE_CTX_init(context, store, target.pointer, untrusted) == 1,
                let parameters = X509_STORE_CTX_get0_param(context)
            else { throw OpenSSLError(.failed) }
            X509_VERIFY_PARAM_set_time(parameters, time_t(moment.timeIntervalSince1970))
            X509_VERIFY_PARAM_set_auth_level(parameters, 2)
            X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_X509_STRICT))
            guard X509_verify_cert(context) == 1 else {
                throw OpenSSLError(.failed, "\(X509_STORE_CTX_get_error(context))")
            }
            guard let chain = X509_STORE_CTX_get0_chain(context) else { throw OpenSSLError(.failed) }
            var certificates: [[UInt8]] = []
            for index in 0..<isignum_x509_count(chain) {
                guard let certificate = isignum_x509_at(chain, index) else { continue }
                certificates.append(try encoded { i2d_X509(certificate, $0) })
            }
            return certificates
        } catch {
            throw explain(error)
        }
    }

    private static func explain(_ error: OpenSSLError) -> ChainError {
        guard let number = Int32(error.detail.prefix { $0.isNumber || $0 == "-" }) else {
            return ChainError(code: .malformed, detail: error.detail)
        }
        let code: ChainError.Code =
            switch number {
            case X509_V_ERR_CERT_HAS_EXPIRED: .expired
            case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
            case X509_V_ERR_CERT_SIGNATURE_FAILURE: .badSignature
            case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK: .weak
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED:
                .untrusted
            case X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_INVALID_PURPOSE,
                X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
                .invalidIssuer
            default: .malformed
            }
        let words = X509_verify_cert_error_string(Int(number)).map { String(cString: $0) } ?? ""
        return ChainError(code: code, detail: words)
    }
}
