// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// Whether a certificate is still good, as `--json` shows it under `online`.
struct StandingDocument: Encodable {
    /// What somebody did instead of telling.
    struct Trouble: Encodable {
        /// Whose trouble it is; absent for the certificate's own.
        let address: String?
        /// A stable name: `unreachable`, `wrong_signer`, `wrong_nonce`, `outdated`, …
        let code: String
        /// A library's or a server's own words.
        let detail: String?
    }

    /// `good`, `revoked`, `unknown` (the responder does not know it) or `unavailable` (nobody could be believed).
    let status: String
    let revokedAt: Date?
    /// By its name in RFC 5280.
    let reason: String?
    /// `ocsp` or `crl`; absent when nobody could be believed.
    let source: String?
    let address: String?
    let troubles: [Trouble]

    /// The stable name of what an exchange came to: who was asked need not be the CA.
    static func code(of error: CAError) -> String {
        error.stableCode.hasPrefix("ca_") ? String(error.stableCode.dropFirst(3)) : error.stableCode
    }

    init(_ standing: CertificateStanding) {
        switch standing.answer {
        case .good: (status, revokedAt, reason) = ("good", nil, nil)
        case .revoked(let date, let why): (status, revokedAt, reason) = ("revoked", date, why?.name)
        case .unknown: (status, revokedAt, reason) = ("unknown", nil, nil)
        case nil: (status, revokedAt, reason) = ("unavailable", nil, nil)
        }
        source = standing.source?.kind.rawValue
        address = standing.source?.address
        troubles = standing.troubles.map(Trouble.init)
    }
}

extension StandingDocument.Trouble {
    init(_ trouble: CertificateStanding.Trouble) {
        address = trouble.address
        switch trouble.kind {
        case .notReached(let error):
            code = StandingDocument.code(of: error)
            detail = error.detail ?? error.status.map { "HTTP \($0)" }
        case .notBelieved(let doubt):
            code = doubt.code.snakeCase
            detail = doubt.detail.isEmpty ? nil : doubt.detail
        case .malformed: (code, detail) = ("malformed", nil)
        case .notInTime: (code, detail) = ("not_in_time", nil)
        case .issuerUnknown: (code, detail) = ("issuer_unknown", nil)
        case .certificateExpired: (code, detail) = ("certificate_expired", nil)
        case .issuerNotTrusted: (code, detail) = ("issuer_not_trusted", nil)
        case .noAddress: (code, detail) = ("no_address", nil)
        }
    }
}

/// The words for it. A language that misses one does not compile.
struct StandingWords: Sendable {
    let heading, good, unknown, unavailable: String
    let revoked: @Sendable (_ moment: String?, _ reason: String?) -> String
    /// Reasons by their names in RFC 5280.
    let reason: @Sendable (RevocationReason) -> String
    let told: @Sendable (_ source: String) -> String
    /// What a trouble means, by its code; `nil` for one that the code itself must tell.
    let trouble: @Sendable (_ code: String) -> String?

    /// The standing in a sentence, and a line for each trouble.
    func text(of standing: StandingDocument, moment: (Date) -> String) -> String {
        let verdict =
            switch standing.status {
            case "good": good
            case "revoked":
                revoked(
                    standing.revokedAt.map(moment),
                    RevocationReason.allCases.first { $0.name == standing.reason }.map(reason)
                )
            case "unknown": unknown
            default: unavailable
            }
        let source = standing.source.map { "(\(told($0)))" }
        let troubles = standing.troubles.map { trouble in
            [trouble.address, self.trouble(trouble.code) ?? trouble.code].compactMap(\.self).joined(separator: ": ")
        }
        return ([[verdict, source].compactMap(\.self).joined(separator: " ")] + troubles).joined(separator: "; ")
    }
}

extension StandingWords {
    static let english = StandingWords(
        heading: "Online",
        good: "not revoked",
        unknown: "the responder does not know it",
        unavailable: "nobody could tell",
        revoked: { moment, reason in
            ["revoked", moment.map { "on \($0)" }, reason.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        },
        reason: { reason in
            switch reason {
            case .unspecified: "no reason given"
            case .keyCompromise: "somebody else may have the key"
            case .cACompromise: "the issuer's key is not safe"
            case .affiliationChanged: "the holder's organisation changed"
            case .superseded: "replaced by another"
            case .cessationOfOperation: "no longer needed"
            case .certificateHold: "put aside for a while"
            case .removeFromCRL: "no longer put aside"
            case .privilegeWithdrawn: "a right was taken away"
            case .aACompromise: "an attribute authority's key is not safe"
            }
        },
        told: { $0 == "crl" ? "by the revocation list" : "by the responder" },
        trouble: { code in
            switch code {
            case "unreachable": "cannot be reached"
            case "redirect_refused": "points elsewhere, and nobody went there"
            case "proxy_refused": "the proxy on the way refused"
            case "error": "answered with an error"
            case "rate_limited": "was asked too often; it answers again later"
            case "address_invalid": "is no address that can be asked"
            case "answer_invalid": "the answer is not what it has to be"
            case "tls_failed", "tls_name_mismatch", "tls_certificate_expired", "tls_issuer_unknown":
                "no secure connection came about"
            case "cancelled": "the question was given up"
            case "malformed": "the answer cannot be read"
            case "answer_cut_off": "the answer was cut off"
            case "answer_too_large": "the answer is too large and was refused"
            case "refused": "does not answer"
            case "wrong_signer": "not believed: the answer is not signed by the issuer"
            case "wrong_nonce": "not believed: the answer is to another question"
            case "other_certificate": "not believed: the answer is about another certificate"
            case "outdated": "not believed: the answer is out of date"
            case "from_future": "not believed: the answer is from the future; is our clock right?"
            case "certificate_expired": "the certificate has ended, nobody keeps account of it"
            case "issuer_not_trusted": "its issuer does not lead to a trust anchor"
            case "issuer_unknown":
                "its issuer is known neither from the CA's profile nor from the journal, so nobody was asked for it"
            case "not_in_time": "no answer in time"
            case "no_address": "it names nobody who could be asked"
            default: nil
            }
        }
    )

    static let czech = StandingWords(
        heading: "Online",
        good: "není zneplatněn",
        unknown: "služba OCSP ho nezná",
        unavailable: "nikdo to nemohl říci",
        revoked: { moment, reason in
            ["zneplatněn", moment, reason.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        },
        reason: { reason in
            switch reason {
            case .unspecified: "bez udání důvodu"
            case .keyCompromise: "klíč může mít někdo jiný"
            case .cACompromise: "klíč vydavatele není bezpečný"
            case .affiliationChanged: "změnila se organizace držitele"
            case .superseded: "nahrazen jiným"
            case .cessationOfOperation: "už není potřeba"
            case .certificateHold: "na čas odložen"
            case .removeFromCRL: "už není odložen"
            case .privilegeWithdrawn: "oprávnění bylo odňato"
            case .aACompromise: "klíč autority atributů není bezpečný"
            }
        },
        told: { $0 == "crl" ? "podle seznamu CRL" : "podle služby OCSP" },
        trouble: { code in
            switch code {
            case "unreachable": "není dostupné"
            case "redirect_refused": "odkazuje jinam a tam se nešlo"
            case "proxy_refused": "proxy na cestě odmítla"
            case "error": "odpovědělo chybou"
            case "rate_limited": "bylo dotazováno příliš často; odpoví zas později"
            case "address_invalid": "na takové adrese se ptát nelze"
            case "answer_invalid": "odpověď není taková, jaká má být"
            case "tls_failed", "tls_name_mismatch", "tls_certificate_expired", "tls_issuer_unknown":
                "zabezpečené spojení se nepodařilo"
            case "cancelled": "na odpověď se nečekalo"
            case "malformed": "odpověď nejde přečíst"
            case "answer_cut_off": "odpověď se přerušila"
            case "answer_too_large": "odpověď je příliš velká a byla odmítnuta"
            case "refused": "neodpovídá"
            case "wrong_signer": "nevěří se: odpověď nepodepsal vydavatel"
            case "wrong_nonce": "nevěří se: odpověď je na jinou otázku"
            case "other_certificate": "nevěří se: odpověď je o jiném certifikátu"
            case "outdated": "nevěří se: odpověď už neplatí"
            case "from_future": "nevěří se: odpověď je z budoucnosti; jdou naše hodiny dobře?"
            case "certificate_expired": "platnost certifikátu skončila a nikdo o něm už nevede evidenci"
            case "issuer_not_trusted": "jeho vydavateli se nedůvěřuje"
            case "issuer_unknown": "jeho vydavatele nezná profil autority ani deník, a proto se nikde nehledal"
            case "not_in_time": "odpověď nepřišla včas"
            case "no_address": "neuvádí, koho se ptát"
            default: nil
            }
        }
    )
}
