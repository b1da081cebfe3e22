// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Enrollment
internal import Foundation

extension HandoverError {
    var stableCode: String {
        switch self {
        case .alreadyRevoked: "certificate_revoked"
        case .signerRevoked, .signerRevokedInstead: "signer_revoked"
        case .revocationUnclear: "revocation_unclear"
        case .revocationNotOffered: CAError.Problem.serviceNotOffered.rawValue
        case .certificatesValid: "binding_certificates_valid"
        case .notBound: "binding_unknown"
        case .noSigner, .noSignerOfHolder: "signer_not_found"
        case .noRecipient: "mail_recipient_unset"
        case .addressInvalid: "mail_address_invalid"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .alreadyRevoked, .certificatesValid, .signerRevoked, .signerRevokedInstead, .revocationUnclear,
            .revocationNotOffered:
            1
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
            Wording(
                "this certificate was revoked before"
                    + (date.map { ", on \(ResultWords.english.moment($0))" } ?? "") + "; there is nothing left to do"
            )
        case .signerRevoked:
            Wording(
                "the certificate that signed was revoked, so the CA did nothing",
                "sign with another one: --with SELECTOR"
            )
        case .signerRevokedInstead(true):
            Wording(
                "the certificate that signed was revoked, so the CA did nothing; the one to be revoked is still valid",
                "sign with another one: --with SELECTOR"
            )
        case .signerRevokedInstead(false):
            Wording(
                "the certificate that signed was revoked, so the CA did nothing; whether the one to be revoked is still "
                    + "valid could not be found out",
                "sign with another one: --with SELECTOR"
            )
        case .revocationUnclear:
            Wording(
                "the CA says that a certificate was revoked: the one to be revoked or the one that signed; which, could "
                    + "not be found out, so it may still be valid",
                "try again later, or sign with another one: --with SELECTOR"
            )
        case .revocationNotOffered(let number):
            Wording(
                "the CA does not offer this service: nothing was revoked",
                "revoke at the CA's branch or on its web, with the serial number \(number.printable)"
            )
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
            Wording(
                "tento certifikát už byl zneplatněn" + (date.map { " (\(ResultWords.czech.moment($0)))" } ?? "")
                    + "; víc není třeba"
            )
        case .signerRevoked:
            Wording(
                "certifikát, kterým se podepsalo, je zneplatněný, a autorita proto nic neudělala",
                "podepište jiným: --with VÝBĚR"
            )
        case .signerRevokedInstead(true):
            Wording(
                "certifikát, kterým se podepsalo, je zneplatněný, a autorita proto nic neudělala; ten, který se měl "
                    + "zneplatnit, stále platí",
                "podepište jiným: --with VÝBĚR"
            )
        case .signerRevokedInstead(false):
            Wording(
                "certifikát, kterým se podepsalo, je zneplatněný, a autorita proto nic neudělala; zda ten, který se měl "
                    + "zneplatnit, ještě platí, se nepodařilo zjistit",
                "podepište jiným: --with VÝBĚR"
            )
        case .revocationUnclear:
            Wording(
                "podle autority je zneplatněný certifikát, který se měl zneplatnit, nebo ten, kterým se podepsalo; "
                    + "který, se nepodařilo zjistit, takže možná stále platí",
                "zkuste to později, nebo podepište jiným: --with VÝBĚR"
            )
        case .revocationNotOffered(let number):
            Wording(
                "tuto službu autorita nenabízí, nic nebylo zneplatněno",
                "zneplatněte ho na pobočce nebo na webu autority podle sériového čísla \(number.printable)"
            )
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
