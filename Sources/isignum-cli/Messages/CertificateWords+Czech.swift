// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension CertificateWords {
    static let czech: CertificateWords = CertificateWords(
        keyUsage: "Použití klíče",
        purposes: "Účel",
        otherNames: "Další jména",
        differs: "Rozdíl",
        holderQuestion: "Jste držitelem tak, jak ho uvádí certifikát, i když se žádalo jinak? [a/N]",
        usage: { usage in
            switch usage {
            case .digitalSignature: "podpisy"
            case .nonRepudiation: "závazné podpisy (nepopiratelnost)"
            case .keyEncipherment: "šifrování klíčů"
            case .dataEncipherment: "šifrování dat"
            case .keyAgreement: "dohoda na klíči"
            case .keyCertSign: "podepisování certifikátů"
            case .cRLSign: "podepisování seznamů zneplatněných"
            case .encipherOnly: "jen šifrování"
            case .decipherOnly: "jen dešifrování"
            }
        },
        purpose: { identifier in
            switch Purpose.name(identifier) {
            case "serverAuth": "server (TLS)"
            case "clientAuth": "přihlašování (klient TLS)"
            case "codeSigning": "podepisování programů"
            case "emailProtection": "e-mail"
            case "timeStamping": "časová razítka"
            case "OCSPSigning": "odpovědi o zneplatnění jménem CA (OCSP)"
            case "cmcCA", "cmcRA": "certifikační nebo registrační autorita (CMC)"
            case "documentSigning", "msDocumentSigning", "adobeAuthenticDocuments": "podepisování dokumentů"
            case "pkinitClientAuth", "msSmartcardLogin": "přihlašování kartou"
            case "pkinitKDC": "řadič domény (Kerberos)"
            case "msEnrolmentAgent": "žádosti jménem jiných"
            case "anyExtendedKeyUsage": "cokoli"
            case "qctWeb": "webové stránky"
            case let other: other.printable
            }
        },
        fact: { fact in
            switch fact {
            case .key: "klíč"
            case .chain: "řetězec"
            case .validity: "platnost"
            case .strength: "síla"
            case .usage: "použití"
            case .type: "typ"
            case .marker: "příznak"
            case .name: "jméno"
            case .organisation: "organizace"
            case .emailAddress: "e-mailová adresa"
            }
        },
        difference: { difference in
            switch difference {
            case .name(let requested, "", _): "neuvádí žádné jméno; žádalo se pro \(requested.printable)"
            case .name(let requested, let issued, true):
                "je pro někoho jiného: \(issued.printable); žádalo se pro \(requested.printable)"
            case .name(let requested, let issued, false):
                "je pro \(issued.printable); žádalo se pro \(requested.printable)"
            case .furtherName(let requested, let issued):
                "uvádí i jméno \(issued.printable); žádalo se pro \(requested.printable)"
            case .personalName(let name, let issued):
                "vedle jména \(name.printable) uvádí \(issued.printable)"
            case .pseudonym(let pseudonym): "je pro pseudonym \(pseudonym.printable)"
            case .organisation(let requested, let issued):
                "je pro organizaci \(issued.printable); žádalo se pro \(requested.printable)"
            case .kind(_, let issued):
                issued == .seal
                    ? "předmět patří organizaci; žádalo se pro osobu"
                    : "předmět patří osobě; žádalo se o pečeť"
            case .emailAddresses(let requested, let issued):
                "je pro e-mail \(issued.joined(separator: ", ").printable); žádalo se pro \(requested.printable)"
            case .emailAddressMissing(let requested):
                "neobsahuje žádnou e-mailovou adresu; žádalo se o \(requested.printable)"
            case .otherNames(let names):
                "platí také pro \(names.joined(separator: ", ").printable), o což se nežádalo"
            case .unprintable(let text): "obsahuje znaky, které nejsou vidět: \(text.printable)"
            }
        },
        predicate: { error in
            switch error.reason {
            case .issuerMissing: "postrádá certifikát svého vydavatele"
            case .rootNotTrusted: "není důvěryhodným kořenem"
            case .expired: "už neplatí"
            case .notYetValid: "ještě neplatí"
            case .badSignature: "nese chybný podpis"
            case .keyTooSmall: "má příliš slabý klíč"
            case .digestTooWeak: "je podepsán s příliš slabým otiskem"
            case .explicitCurve: "si přináší vlastní eliptickou křivku, což žádný certifikát nesmí"
            case .notAuthority: "není certifikační autoritou (basicConstraints)"
            case .keyUsageWithoutSigning: "nesmí podepisovat certifikáty (keyUsage)"
            case .pathTooLong: "nesmí mít pod sebou tolik certifikátů (pathLenConstraint)"
            case .nameNotPermitted: "nese jméno, které jeho vydavatel certifikovat nesmí (nameConstraints)"
            case .nameConstraintsUnsupported: "omezuje jména způsobem, který nelze posoudit (nameConstraints)"
            case .extensionFault(.unknown(let identifier)):
                "má kritické rozšíření, které tu nikdo nezná (\(Purpose.ofExtension(identifier)))"
            case .extensionFault(.malformed(let identifier)):
                "má chybně zapsané rozšíření (\(Purpose.ofExtension(identifier)))"
            case .extensionFault(.twice(let identifier)):
                "má některé rozšíření dvakrát (\(Purpose.ofExtension(identifier)))"
            case .unreadable: "nelze přečíst"
            case .other(let number): "nelze ověřit (OpenSSL \(number): \(error.detail.printable))"
            }
        },
        chainSubject: { error in
            error.isAboutLeaf ? "" : "certifikát nad ním" + (error.about.map { " (\($0))" } ?? "")
        },
        untrusted: { error in
            let way = "nevede k důvěryhodnému kořeni autority"
            if error.isAboutLeaf { return "\(way): podepsal sám sebe" }
            guard let name = error.about else { return way }
            return error.reason == .issuerMissing
                ? "\(way): chybí certifikát jeho vydavatele (\(name))"
                : "\(way): vede ke kořeni, který k nim nepatří (\(name))"
        },
        authority: { fault in
            let name = fault.subject.isEmpty ? "" : " \(fault.subject.printable)"
            let head = fault.isAnchor ? "kořen důvěry\(name)" : "vydávající certifikát\(name)"
            guard fault.error.isAboutLeaf || fault.error.subject == fault.subject else {
                return fault.error.reason == .issuerMissing && fault.isAnchor
                    ? "\(head) není kořen a certifikát jeho vydavatele chybí (\(fault.error.about ?? "?"))"
                    : "\(head) není k věření: \(czech.chain(fault.error))"
            }
            return "\(head) \(czech.predicate(fault.error))"
        }
    )
}
