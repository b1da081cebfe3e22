// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Foundation

/// Path validation (RFC 5280, section 6.1), with no key and no signature below 112 bits of security. Duties that bind CAs
/// alone, as a critical basicConstraints or key identifiers, are no part of it.
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
        let target = try handle(leaf, isLeaf: true)
        // With a fault in its extensions the library finds no issuer, and says no more.
        if let fault = ExtensionFault.all(of: target.pointer).first {
            throw ChainError(
                .extensionFault(fault),
                subject: subject(of: target.pointer),
                isAboutLeaf: true,
                detail: "\(fault)"
            )
        }
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(),
            let untrusted = isignum_x509_stack()
        else { throw ChainError(.unreadable, detail: "memory") }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            isignum_x509_stack_free(untrusted)
            ERR_clear_error()
        }
        if anchors == .system { X509_STORE_set_default_paths(store) }
        for anchor in anchors.certificates {
            let handle = try handle(anchor)
            X509_STORE_add_cert(store, handle.pointer)
        }
        for certificate in intermediates {
            let handle = try handle(certificate)
            X509_up_ref(handle.pointer)
            isignum_x509_push(untrusted, handle.pointer)
        }
        guard X509_STORE_CTX_init(context, store, target.pointer, untrusted) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw ChainError(.unreadable, detail: "verification") }
        X509_VERIFY_PARAM_set_time(parameters, time_t(moment.timeIntervalSince1970))
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        guard X509_verify_cert(context) == 1 else {
            throw failure(in: context, among: intermediates + anchors.certificates)
        }
        guard let chain = X509_STORE_CTX_get0_chain(context) else { throw ChainError(.unreadable, detail: "chain") }
        var certificates: [[UInt8]] = []
        for index in 0..<isignum_x509_count(chain) {
            guard let certificate = isignum_x509_at(chain, index) else { continue }
            guard !hasCurveOfItsOwn(certificate) else {
                throw ChainError(.explicitCurve, subject: subject(of: certificate), isAboutLeaf: index == 0)
            }
            do throws(OpenSSLError) { certificates.append(try encoded { i2d_X509(certificate, $0) }) } catch {
                throw ChainError(.unreadable, detail: error.detail)
            }
        }
        return certificates
    }

    private static func handle(_ der: [UInt8], isLeaf: Bool = false) throws(ChainError) -> X509Handle {
        do throws(OpenSSLError) { return try X509Handle(der: der) } catch {
            throw ChainError(.unreadable, isAboutLeaf: isLeaf, detail: error.detail)
        }
    }

    /// What the library found, and about which certificate.
    private static func failure(in context: OpaquePointer, among candidates: [[UInt8]]) -> ChainError {
        let number = X509_STORE_CTX_get_error(context)
        let depth = X509_STORE_CTX_get_error_depth(context)
        let words = X509_verify_cert_error_string(Int(number)).map { String(cString: $0) } ?? ""
        guard let certificate = X509_STORE_CTX_get_current_cert(context) else {
            return ChainError(.init(number), isAboutLeaf: depth == 0, detail: words)
        }
        let subject = subject(of: certificate)
        let isAboutLeaf = depth == 0
        if let fault = ExtensionFault.all(of: certificate).first {
            return ChainError(.extensionFault(fault), subject: subject, isAboutLeaf: isAboutLeaf, detail: words)
        }
        switch ChainError.Reason(number) {
        case .issuerMissing where X509_get_extension_flags(certificate) & UInt32(EXFLAG_INVALID) != 0:
            // Such a certificate has no issuer for the library, whoever issued it.
            let words = X509_verify_cert_error_string(Int(X509_V_ERR_INVALID_EXTENSION)).map { String(cString: $0) }
            let reason = ChainError.Reason(X509_V_ERR_INVALID_EXTENSION)
            return ChainError(reason, subject: subject, isAboutLeaf: isAboutLeaf, detail: words ?? "")
        case .issuerMissing:
            // An issuer that is there and cannot be understood is passed over in silence.
            for candidate in candidates {
                guard let other = try? X509Handle(der: candidate),
                    X509_NAME_cmp(X509_get_subject_name(other.pointer), X509_get_issuer_name(certificate)) == 0,
                    let fault = ExtensionFault.all(of: other.pointer).first
                else { continue }
                return ChainError(.extensionFault(fault), subject: Self.subject(of: other.pointer), detail: words)
            }
            let issuer = X509_get_issuer_name(certificate).map { DistinguishedName($0).text }
            return ChainError(.issuerMissing, subject: issuer, detail: words)
        case .notAuthority where CertificateUsage(of: certificate).isAuthority:
            // The library has one number for both.
            return ChainError(.keyUsageWithoutSigning, subject: subject, isAboutLeaf: isAboutLeaf, detail: words)
        case let reason: return ChainError(reason, subject: subject, isAboutLeaf: isAboutLeaf, detail: words)
        }
    }

    private static func subject(of certificate: OpaquePointer) -> String? {
        X509_get_subject_name(certificate).map { DistinguishedName($0).text }
    }

    private static func hasCurveOfItsOwn(_ certificate: OpaquePointer) -> Bool {
        var answer = Int32(0)
        guard let key = X509_get0_pubkey(certificate) else { return false }
        return EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &answer) == 1 && answer == 1
    }
}
