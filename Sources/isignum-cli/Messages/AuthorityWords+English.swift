// SPDX-License-Identifier: Apache-2.0

internal import CAClient

// What a CA, or the way to it, can get wrong, in English.
extension EnglishErrorWords {
    func authority(_ error: CAError) -> Wording {
        let later = error.retryAfter.map { "the CA asks to come back in \(dates.duration($0))" }
        let journal = "nothing is lost; \(carryOn)"
        switch error.code {
        case .profileInvalid:
            return Wording("the address of the CA cannot be used", "it must begin with https://").quoting(error.detail)
        case .anchorsUnusable: return anchors(error)
        case .issuersUnusable:
            return Wording(
                "the file of issuers in the CA's profile cannot be used",
                "chain must name a file with certificates; isignum config shows it"
            ).quoting(error.detail)
        case .unreachable:
            return Wording("the CA cannot be reached", "check the network and the address", journal).quoting(
                error.detail
            )
        case .proxyRefused where error.status == 407:
            return Wording(
                "the proxy wants to know who asks (status 407)",
                "put name and password into https_proxy, as the proxy's administrator says",
                journal
            )
        case .proxyRefused:
            return Wording(
                "the proxy makes no connection to the CA",
                "is it the right one? https_proxy names it, no_proxy leaves it out",
                journal
            ).quoting(error.detail)
        case .serverNameMismatch:
            return Wording(
                "the server's certificate is for another name, so nothing was sent",
                "check the address of the CA"
            )
        case .serverCertificateExpired:
            return Wording(
                "the server's certificate is not valid now, so nothing was sent",
                "check the date of this computer, or tell the CA"
            )
        case .serverIssuerUnknown:
            return Wording(
                "the server's certificate comes from an issuer that is not trusted here, so nothing was sent",
                "give the CA's root certificate with --ca-file or as anchors in config.toml"
            )
        case .tlsFailed: return Wording("no secure connection to the CA", journal).quoting(error.detail)
        case .clientCertificateRefused:
            return Wording(
                "the server does not accept the client certificate",
                "is it one of the certificates that this CA expects here?"
            ).quoting(error.detail)
        case .clientKeyFailed:
            return error.keyStoreError.map(keyStore) ?? Wording("the key of the client certificate did not sign")
        case .answerCutOff: return Wording("the CA's answer was cut off", journal)
        case .answerTooLarge: return Wording("the CA's answer was too large and was refused", journal)
        case .answerInvalid:
            return Wording(
                "the CA's answer is not what it should be",
                "does the network want you to log in to it, or is the address another one?",
                journal
            ).quoting(error.detail)
        case .redirectRefused:
            return Wording("the CA sends us to another place, which was not followed", "check the address of the CA")
                .quoting(error.detail)
        case .problem(let problem): return refusal(problem).quoting(error.detail).adding(later)
        case .serverError:
            let what =
                switch error.status {
                case 429: "the CA was asked too often"
                case 503: "the CA is not serving at the moment"
                default: "the CA reported an error"
                }
            let status = error.status.map { " (status \($0))" } ?? ""
            return Wording(what + status, journal).quoting(error.detail).adding(later)
        case .cancelled: return Wording("given up", journal)
        }
    }

    func refusal(_ problem: CAError.Problem) -> Wording {
        switch problem {
        case .csrInvalid: Wording("the CA cannot use the request")
        case .keyWeak: Wording("the CA finds the key too weak", "choose a larger one with --key")
        case .keyReused:
            Wording(
                "the CA has met this key in another request",
                "begin a new request; every certificate needs a new key"
            )
        case .idempotencyKeyReused:
            Wording(
                "the CA has met this submission with other words",
                "tell the CA: it has the request, and does not give its ID"
            )
        case .markerNotAllowed: Wording("the CA does not grant the marker for this key")
        case .deviceUnknown: Wording("the CA does not know this device as a qualified one")
        case .deviceCertificationEnded:
            Wording("the certification of this device has ended", "it can still hold commercial certificates")
        case .bindingConflict:
            Wording(
                "the device is bound to another person",
                "whoever has had it sees that with isignum binding show, and releases it with isignum binding release"
            )
        case .bindingCertificatesValid:
            Wording("certificates of the holder on this device are still valid", "they have to be revoked first")
        case .voucherInvalid: Wording("the voucher is not valid, or was used")
        case .multiYearNotEnabled: Wording("certificates for several years are not enabled for you")
        case .certificateRevoked: Wording("the certificate was revoked", "ask for a new one: isignum new")
        case .certificateExpired: Wording("the certificate has expired", "ask for a new one: isignum new")
        case .tooEarly: Wording("it is too early for this", "isignum check tells when it is time")
        case .rateLimited: Wording("the CA was asked too often")
        case .requestUnknown: Wording("the CA does not know the request")
        case .requestWithdrawn: Wording("the request was withdrawn")
        case .bindingUnknown: Wording("the CA knows no such binding", "isignum binding show tells how it is")
        case .notAuthorised: Wording("the CA does not allow you to do this")
        case .clientCertificateRequired: Wording("the CA wants to see a client certificate", "name it with --with")
        case .serviceNotOffered: Wording("the CA does not offer this service")
        case .alreadyRenewed:
            Wording(
                "the certificate was renewed before",
                "isignum requests shows what was asked for here; another computer may have asked too"
            )
        case .renewalNotOffered: Wording("the CA does not renew this certificate", "ask for a new one: isignum new")
        case .signatureInvalid:
            Wording("the CA does not accept the signature of the order", "sign with a certificate of the same holder")
        case .certificateUnknown: Wording("the CA did not issue this certificate", "choose the CA with --ca")
        case .maintenance: Wording("the CA is being maintained", "nothing is lost; try again later")
        case .other: Wording("the CA refused")
        }
    }
}
