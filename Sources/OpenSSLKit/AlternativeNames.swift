// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// The names beside the subject that a certificate is good for (RFC 5280, section 4.2.1.6). Each is foreign text, at most
/// 1,024 characters.
public struct AlternativeNames: Sendable, Equatable {
    /// E-mail addresses, also those beyond ASCII (RFC 9598).
    public private(set) var emailAddresses: [String] = []
    /// Accounts of a Windows domain (userPrincipalName).
    public private(set) var accounts: [String] = []
    /// Hosts: DNS names.
    public private(set) var hosts: [String] = []

    init(of x509: OpaquePointer) {
        guard let found = X509_get_ext_d2i(x509, NID_subject_alt_name, nil, nil) else { return }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        for index in 0..<isignum_general_names_count(names) {
            guard let name = isignum_general_name_at(names, index) else { continue }
            switch name.pointee.type {
            case GEN_EMAIL: emailAddresses += [name.pointee.d.rfc822Name.map { stringText($0) }].compactMap(\.self)
            case GEN_DNS: hosts += [name.pointee.d.dNSName.map { stringText($0) }].compactMap(\.self)
            case GEN_OTHERNAME: add(name.pointee.d.otherName)
            default: continue
            }
        }
    }

    private mutating func add(_ other: UnsafeMutablePointer<OTHERNAME>?) {
        guard let kind = other?.pointee.type_id, let value = other?.pointee.value,
            [V_ASN1_UTF8STRING, V_ASN1_IA5STRING, V_ASN1_PRINTABLESTRING].contains(value.pointee.type),
            let string = value.pointee.value.asn1_string
        else { return }
        switch OBJ_obj2nid(kind) {
        case NID_id_on_SmtpUTF8Mailbox: emailAddresses.append(stringText(string))
        case NID_ms_upn: accounts.append(stringText(string))
        default: return
        }
    }
}
