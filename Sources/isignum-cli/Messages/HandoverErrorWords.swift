// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Enrollment
internal import Foundation

extension HandoverError {
    var stableCode: String {
        switch self {
        case .alreadyRevoked: "certificate_revoked"
        case .certificatesValid: "binding_certificates_valid"
        case .notBound: "binding_unknown"
        case .noSigner, .noSignerOfHolder: "signer_not_found"
        case .noRecipient: "mail_recipient_unset"
        case .addressInvalid: "mail_address_invalid"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .alreadyRevoked, .certificatesValid: 1
        case .notBound, .noSigner, .noSignerOfHolder: 66
        case .noRecipient: 78
        case .addressInvalid: 65
        }
    }
}

private func list(_ certificates: [BoundCertificate]) -> String {
    certificates.prefix(20).map { "\($0.serial) \($0.subject.readableName)".printable }.joined(separator: "; ")
}

extension EnglishErrorWords {
    func handover(_ error: HandoverError) -> Wording {
        switch error {
        case .alreadyRevoked(let date):
            Wording("this certificate was revoked before, on \(ResultWords.english.moment(date))")
        case .certificatesValid(let certificates):
            Wording(
                "certificates on this device are still valid: \(list(certificates))",
                "revoke them first: isignum revoke SERIAL-NUMBER"
            )
        case .notBound(let device): Wording("the device \(device.printable) is not bound to anybody")
        case .noSigner:
            Wording(
                "no certificate with its key is there to sign with",
                "plug in a token that has one, or name it with --with"
            )
        case .noSignerOfHolder(let device):
            Wording(
                "no certificate with its key is there to sign with",
                "another one of the same holder, on another token or in the software store, signs too: "
                    + "\(device.map { "--device \($0.printable) " } ?? "")--with SELECTOR",
                "without one, the CA's branch does it"
            )
        case .noRecipient(let name):
            Wording(
                "the CA takes releases by mail, and its address is not known",
                "give --mail-to ADDRESS, or release-mail under [ca.\(name.printable)] in config.toml"
            )
        case .addressInvalid(let address): Wording("this is no mail address: \(address.printable)")
        }
    }
}

extension CzechErrorWords {
    func handover(_ error: HandoverError) -> Wording {
        switch error {
        case .alreadyRevoked(let date):
            Wording("tento certifikát už byl zneplatněn (\(ResultWords.czech.moment(date)))")
        case .certificatesValid(let certificates):
            Wording(
                "certifikáty na tomto prostředku ještě platí: \(list(certificates))",
                "nejprve je zneplatněte: isignum revoke SÉRIOVÉ-ČÍSLO"
            )
        case .notBound(let device): Wording("prostředek \(device.printable) není na nikoho vázán")
        case .noSigner:
            Wording(
                "není tu certifikát s klíčem, kterým by se podepsalo",
                "připojte token, který ho má, nebo ho určete přes --with"
            )
        case .noSignerOfHolder(let device):
            Wording(
                "není tu certifikát s klíčem, kterým by se podepsalo",
                "podepsat lze i jiným certifikátem téhož držitele na jiném tokenu nebo v softwarovém úložišti: "
                    + "\(device.map { "--device \($0.printable) " } ?? "")--with VÝBĚR",
                "jinak to vyřídí pobočka autority"
            )
        case .noRecipient(let name):
            Wording(
                "autorita přijímá zrušení vazby e-mailem a její adresa není známa",
                "zadejte --mail-to ADRESA, nebo release-mail v sekci [ca.\(name.printable)] souboru config.toml"
            )
        case .addressInvalid(let address): Wording("toto není e-mailová adresa: \(address.printable)")
        }
    }
}
