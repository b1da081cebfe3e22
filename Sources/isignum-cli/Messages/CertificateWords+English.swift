// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension CertificateWords {
    static let english: CertificateWords = CertificateWords(
        keyUsage: "Key usage",
        purposes: "Purposes",
        otherNames: "Other names",
        differs: "Differs",
        holderQuestion: "Are you the holder as the certificate says it, although you asked for something else? [y/N]",
        usage: { usage in
            switch usage {
            case .digitalSignature: "signatures"
            case .nonRepudiation: "binding signatures (non-repudiation)"
            case .keyEncipherment: "encryption of keys"
            case .dataEncipherment: "encryption of data"
            case .keyAgreement: "key agreement"
            case .keyCertSign: "signing certificates"
            case .cRLSign: "signing revocation lists"
            case .encipherOnly: "encryption only"
            case .decipherOnly: "decryption only"
            }
        },
        purpose: { identifier in
            switch Purpose.name(identifier) {
            case "serverAuth": "server (TLS)"
            case "clientAuth": "logging in (TLS client)"
            case "codeSigning": "signing programs"
            case "emailProtection": "e-mail"
            case "timeStamping": "time stamps"
            case "OCSPSigning": "answers on revocation in the CA's name (OCSP)"
            case "cmcCA", "cmcRA": "certification or registration authority (CMC)"
            case "documentSigning", "msDocumentSigning", "adobeAuthenticDocuments": "signing documents"
            case "pkinitClientAuth", "msSmartcardLogin": "logging in with a card"
            case "pkinitKDC": "domain controller (Kerberos)"
            case "msEnrolmentAgent": "requests in the name of others"
            case "anyExtendedKeyUsage": "anything"
            case "qctWeb": "website"
            case let other: other.printable
            }
        },
        fact: { fact in
            switch fact {
            case .key: "key"
            case .chain: "chain"
            case .validity: "validity"
            case .strength: "strength"
            case .usage: "usage"
            case .type: "type"
            case .marker: "marker"
            case .name: "name"
            case .organisation: "organisation"
            case .emailAddress: "e-mail"
            }
        },
        difference: { difference in
            switch difference {
            case .name(let requested, "", _): "it names nobody; it was asked for \(requested.printable)"
            case .name(let requested, let issued, true):
                "it is for somebody else: \(issued.printable); it was asked for \(requested.printable)"
            case .name(let requested, let issued, false):
                "it is for \(issued.printable); it was asked for \(requested.printable)"
            case .furtherName(let requested, let issued):
                "it names \(issued.printable) as well; it was asked for \(requested.printable)"
            case .personalName(let name, let issued):
                "beside the name \(name.printable) it names \(issued.printable)"
            case .pseudonym(let pseudonym): "it is for the pseudonym \(pseudonym.printable)"
            case .organisation(let requested, let issued):
                "it is for the organisation \(issued.printable); it was asked for \(requested.printable)"
            case .kind(_, let issued):
                issued == .seal
                    ? "its subject is an organisation's; it was asked for a person"
                    : "its subject is a person's; it was asked for a seal"
            case .emailAddresses(let requested, let issued):
                "it is for the e-mail \(issued.joined(separator: ", ").printable); it was asked for \(requested.printable)"
            case .emailAddressMissing(let requested):
                "it holds no e-mail address; it was asked for \(requested.printable)"
            case .otherNames(let names):
                "it also stands for \(names.joined(separator: ", ").printable), which was not asked for"
            case .unprintable(let text): "it holds characters that cannot be seen: \(text.printable)"
            }
        },
        predicate: { error in
            switch error.reason {
            case .issuerMissing: "lacks the certificate of its issuer"
            case .rootNotTrusted: "is no trusted root"
            case .expired: "has expired"
            case .notYetValid: "is not yet valid"
            case .badSignature: "bears a wrong signature"
            case .keyTooSmall: "has a key that is too weak"
            case .digestTooWeak: "is signed with a digest that is too weak"
            case .explicitCurve: "brings an elliptic curve of its own, which no certificate may"
            case .notAuthority: "is no certification authority (basicConstraints)"
            case .keyUsageWithoutSigning: "may not sign certificates (keyUsage)"
            case .pathTooLong: "may not have so many certificates below it (pathLenConstraint)"
            case .nameNotPermitted: "bears a name that its issuer may not certify (nameConstraints)"
            case .nameConstraintsUnsupported: "constrains names in a way that cannot be judged (nameConstraints)"
            case .extensionFault(.unknown(let identifier)):
                "has a critical extension that nobody here knows (\(Purpose.ofExtension(identifier)))"
            case .extensionFault(.malformed(let identifier)):
                "has a malformed extension (\(Purpose.ofExtension(identifier)))"
            case .extensionFault(.twice(let identifier)):
                "has an extension twice (\(Purpose.ofExtension(identifier)))"
            case .unreadable: "cannot be read"
            case .other(let number): "cannot be verified (OpenSSL \(number): \(error.detail.printable))"
            }
        },
        chainSubject: { error in
            error.isAboutLeaf ? "it" : "a certificate above it" + (error.about.map { " (\($0))" } ?? "")
        },
        untrusted: { error in
            let way = "it does not lead to a trusted root of the CA"
            if error.isAboutLeaf { return "\(way): it signed for itself" }
            guard let name = error.about else { return way }
            return error.reason == .issuerMissing
                ? "\(way): the certificate of its issuer is missing (\(name))"
                : "\(way): it leads to a root that is none of them (\(name))"
        },
        authority: { fault in
            let name = fault.subject.isEmpty ? "" : " \(fault.subject.printable)"
            let head = fault.isAnchor ? "the trust anchor\(name)" : "the issuing certificate\(name)"
            guard fault.error.isAboutLeaf || fault.error.subject == fault.subject else {
                return fault.error.reason == .issuerMissing && fault.isAnchor
                    ? "\(head) is no root, and that of its issuer is missing (\(fault.error.about ?? "?"))"
                    : "\(head) cannot be believed: \(english.chain(fault.error))"
            }
            return "\(head) \(english.predicate(fault.error))"
        }
    )
}
