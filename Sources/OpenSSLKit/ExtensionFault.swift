// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// An extension for which a certificate has to be refused (RFC 5280, section 4.2), by its dotted identifier.
public enum ExtensionFault: Sendable, Equatable {
    /// It is critical, and nobody here knows what it means.
    case unknown(String)
    /// It is not of the form that its kind has.
    case malformed(String)
    /// It is there twice: nobody knows which of them counts.
    case twice(String)

    /// The faults of a certificate, each once, in the order of its extensions.
    static func all(of x509: OpaquePointer) -> [ExtensionFault] {
        var seen: Set<String> = []
        var faults: [ExtensionFault] = []
        for index in 0..<X509_get_ext_count(x509) {
            guard let found = X509_get_ext(x509, index), let object = X509_EXTENSION_get_object(found) else { continue }
            let identifier = objectText(object)
            if !seen.insert(identifier).inserted {
                faults.append(.twice(identifier))
                continue
            }
            let isCritical = X509_EXTENSION_get_critical(found) == 1
            if isCritical, X509_supported_extension(found) == 0 {
                faults.append(.unknown(identifier))
            } else if isCritical || deciding.contains(OBJ_obj2nid(object)), isignum_extension_is_formed(found) == 0 {
                faults.append(.malformed(identifier))
            } else if OBJ_obj2nid(object) == NID_key_usage, CertificateUsage(of: x509).keyUsage == [] {
                // Section 4.2.1.3: at least one bit is set.
                faults.append(.malformed(identifier))
            }
        }
        ERR_clear_error()
        return faults.reduce(into: []) { list, fault in if !list.contains(fault) { list.append(fault) } }
    }

    /// Those that say whose a certificate is, what it is for, and who vouches for it. Any other one that is not critical
    /// may hold whatever it likes.
    private static let deciding: Set<Int32> = [
        NID_basic_constraints, NID_key_usage, NID_ext_key_usage, NID_subject_key_identifier,
        NID_authority_key_identifier, NID_subject_alt_name, NID_name_constraints, NID_certificate_policies,
        NID_crl_distribution_points,
    ]
}
