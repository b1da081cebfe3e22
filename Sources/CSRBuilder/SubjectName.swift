// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Foundation
internal import OpenSSLKit

/// What a request says of its holder: both parts may be missing, since the branch has the last word. Without a name the
/// subject is empty, which RFC 2986 allows.
public struct SubjectName: Sendable, Equatable {
    let name: String?
    let email: String?

    /// Checks both parts.
    ///
    /// - Parameters:
    ///   - name: at most 64 characters once composed (NFC, as RFC 5280 section 7.1 compares names), no control
    ///     characters.
    ///   - email: ASCII, one "@" with something on both sides, at most 254 characters.
    public init(name: String?, email: String?) throws(CSRError) {
        let name = name?.precomposedStringWithCanonicalMapping
        if let name {
            guard name.unicodeScalars.count <= 64 else { throw CSRError(.nameTooLong) }
            let bad = name.unicodeScalars.contains { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
                default: false
                }
            }
            guard !bad, !name.allSatisfy(\.isWhitespace) else { throw CSRError(.nameInvalid) }
        }
        if let email {
            let parts = email.split(separator: "@", omittingEmptySubsequences: false)
            guard email.utf8.count <= 254, email.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
                parts.count == 2, parts.allSatisfy({ !$0.isEmpty })
            else { throw CSRError(.emailInvalid) }
        }
        self.name = name
        self.email = email
    }

    /// Writes the name into a request.
    func write(to request: OpaquePointer) throws(OpenSSLError) {
        guard let name else { return }
        let bytes = Array(name.utf8)
        guard let subject = X509_REQ_get_subject_name(request),
            X509_NAME_add_entry_by_NID(subject, NID_commonName, V_ASN1_UTF8STRING, bytes, Int32(bytes.count), -1, 0)
                == 1
        else { throw OpenSSLError(.failed, "subject") }
    }
}
