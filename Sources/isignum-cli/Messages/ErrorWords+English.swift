// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit
internal import Token

/// Errors in English.
struct EnglishErrorWords: ErrorWords {
    let dates = MomentText(.english)
    var carryingOn = CarryingOn.resume

    /// How to go on.
    var carryOn: String { carryingOn == .resume ? "isignum resume carries on" : "give the same command again" }

    func name(_ secret: SecretKind?) -> String {
        switch secret {
        case .qpin: "signature PIN (QPIN)"
        case .puk: "PUK"
        case .password: "password of the file"
        case .pin, nil: "PIN"
        }
    }

    func keyStore(_ error: KeyStoreError) -> Wording {
        let secret = name(error.secret)
        let names = error.candidates.map(\.printable).joined(separator: ", ")
        switch error.code {
        case .tokenNotFound:
            return names.isEmpty
                ? Wording("no token is plugged in", "plug the token in and try again", "name its module with --module")
                : Wording("there is no token \(names)", "isignum list shows the tokens that are there")
        case .tokenAmbiguous:
            return Wording(
                "several tokens could be meant: \(names)",
                "choose one with --token, by its serial number or reader"
            )
        case .tokensAlike:
            return Wording(
                "several tokens call themselves the same: \(names)",
                "leave only the one plugged in that is meant: nothing else tells them apart"
            )
        case .selectorInvalid:
            return Wording(
                "the token selector cannot be used",
                "give a label, a serial number or a pkcs11: URI; a PIN in a URI is refused, it would be seen by others"
            )
        case .tokenRemoved:
            return Wording("the token was taken away", "plug it in again", carryOn)
        case .moduleUnusable:
            return ModuleFault(error).english(names)
        case .moduleCrashed, .moduleHung:
            return Wording(
                error.code == .moduleHung
                    ? "the PKCS#11 module does not start within 10 seconds: \(names)"
                    : "the PKCS#11 module crashes when it is started: \(names)",
                "update it, or take it out of modules in config.toml or of p11-kit; it is tried again in ten minutes"
            )
        case .secretWrong where error.secret == .puk:
            return Wording("wrong PUK; one try was used\(tries(error))", "it was not tried again")
                .adding(error.state == .final ? "one more wrong try blocks it for good" : nil)
        case .secretLocked where error.secret == .puk:
            return Wording(
                "the PUK is blocked, and nothing unblocks it",
                "what is not blocked serves on; for the rest take the device to its issuer"
            )
        case .secretWrong:
            return Wording("wrong \(secret); one try was used\(tries(error))")
                .adding("it was not tried again; PIN and signature PIN (QPIN) are two different secrets")
                .adding(error.state == .final ? "one more wrong try blocks it; the PUK would be needed" : nil)
        case .secretLocked: return blocked(error, secret)
        case .secretAtFinalTry:
            return Wording(
                "the \(secret) has one try left, so nothing was tried",
                "if you are sure of it, repeat the command with --last-try"
            )
        case .secretInvalid:
            return Wording("the \(secret) has a length that the token does not take; no try was used")
        case .secretMalformed:
            return SecretFlawWords.english(error.flaw, names, secret, isPassword: error.secret == .password)
        case .secretNotInitialised:
            return Wording(
                "the \(secret) of this token was never set",
                error.canBeMendedHere
                    ? "isignum device unblock \(error.secret?.rawValue ?? "pin") sets it; the PUK, or the security officer's PIN, is needed"
                    : "set it with the token's own software first"
            )
        case .secretRefused, .secretIsFactory, .secretUncertain, .changeNotOffered, .unblockNotOffered,
            .newSecretOnDevice:
            return care(error, of: secret)
        case .secretUnavailable where !names.isEmpty:
            return Wording("there is no \(secret) in \(names)", "it is to be the first line, alone")
        case .secretUnavailable:
            let flag = "--\(error.secret?.rawValue ?? "pin")-from"
            return Wording(
                "the \(secret) is needed and there is no terminal to ask on",
                "give it with \(flag) fd:N or file:PATH"
            )
        case .cancelled:
            return Wording("given up; nothing is lost")
        case .algorithmNotOffered where !names.isEmpty:
            return Wording("the token does not offer this kind or size of key", "it offers: \(names)")
        case .algorithmNotOffered:
            return Wording("the token does not offer this kind or size of key", "leave --key out for RSA 2048")
        case .tokenFull:
            let way = "remove certificates with their keys, and keys without one: isignum clean --expert"
            // Whoever installs a certificate is doing that already.
            let waiting =
                error.function == "C_CreateObject"
                ? nil : "a key without one may be waiting for it: isignum requests, isignum install"
            guard let limit = error.areaLimit else {
                return Wording(
                    "no room on the token for another key or certificate",
                    "keys without a certificate take room too",
                    way
                ).adding(waiting)
            }
            return Wording(
                "no room on the token for another key or certificate (error 622)",
                "certificates that its qualified area takes: \(limit); keys without a certificate count too",
                way
            ).adding(waiting)
        case .keyNotFound:
            return Wording("the key is not on the token", "is it the right token? isignum list shows what is there")
        case .certificateNotFound:
            return Wording("the certificate is not on the token", "isignum list shows what is there")
        case .notRemoved:
            return Wording("the token says that it was removed, but it is still there", "try the maker's own software")
        case .importRefused where error.function != nil:
            return Wording(
                "the token did not take the key (\(place(of: error))); it may be one that takes no keys from outside",
                "the software store takes it: isignum import-key --software-store FILE",
                "or have a new key made on the token: isignum new"
            )
        case .importRefused:
            return Wording(
                "no key from outside may be written into the qualified area",
                "make a key there with isignum new; a key from a file goes to the general area"
            )
        case .writeProtected: return Wording("the token does not let anything be written")
        case .functionFailed:
            return Wording(
                "the token reported an error (\(place(of: error)))",
                "unplug the token and plug it in again; \(carryOn)"
            )
        }
    }

    private func tries(_ error: KeyStoreError) -> String {
        if let left = error.triesLeft, left > 0 { return left == 1 ? ", one is left" : ", \(left) are left" }
        return switch error.state {
        case .low: ", more than one is left"
        case .final: ", one is left"
        case .locked: ", none is left: it is blocked now"
        case .ok, .notInitialised, nil: ""
        }
    }

    func request(_ problem: RequestProblem) -> Wording {
        switch problem {
        case .nameTooLong: Wording("the name is longer than the 64 characters a certificate can hold")
        case .nameInvalid:
            Wording("letters of the name were lost on the way here", "the terminal has to write UTF-8")
        case .nameUnprintable:
            Wording(
                "the name is empty, or holds characters that no certificate can hold",
                "leave out tabs, line ends and characters that nobody sees; names are separated by blanks"
            )
        case .emailInvalid:
            Wording(
                "the e-mail address cannot stand in a certificate",
                "it must be plain ASCII, as in name@example.com"
            )
        case .phoneInvalid: Wording("this is no telephone number", "as in +420 601 234 567")
        case .selfCheckFailed:
            Wording(
                "the token's signature does not fit its key, so nothing was sent",
                "unplug the token and plug it in again; \(carryOn)"
            )
        case .failed: Wording("the request could not be built")
        }
    }

    func finding(_ finding: CertificateFinding) -> String {
        switch finding {
        case .malformed: return "it cannot be read"
        case .keyDiffers: return "it is for another key"
        case .chainRefused(let error): return CertificateWords.english.chain(error)
        case .issuerMissing(let name, let addresses): return issuer(name, addresses)
        case .expired(let date): return "it expired on \(dates.day(date))"
        case .notYetValid(let date, let skew):
            return "it is valid from \(dates.moment(date)) only"
                + (skew.map { "; this computer's clock is \(dates.duration(.seconds($0))) behind the CA's" } ?? "")
        case .weak(let what): return "it is too weak (\(what.printable))"
        case .markerMissing(let marker): return "the marker \(marker.rawValue) that was asked for is missing"
        case .statementsMalformed: return "what it says of being qualified cannot be read"
        case .typeDiffers: return "it is of another type than was asked for"
        case .revoked: return "the CA has revoked it"
        case .isAuthority: return "it would make its holder a certification authority (basicConstraints)"
        case .signsForAuthority(let usages):
            return "its key may do what only a CA's may: \(usages.map(words.usage).joined(separator: ", "))"
        case .cannotSign(let usages):
            let others = usages.map(words.usage).joined(separator: ", ")
            return "its key may sign nothing (keyUsage\(others.isEmpty ? "" : ": \(others)"))"
        case .purposeForeign(let purposes):
            return "it is for neither a person nor a seal: \(purposes.map(words.purpose).joined(separator: ", "))"
        case .extensionFault(let fault):
            return "it \(words.predicate(ChainError(.extensionFault(fault), isAboutLeaf: true)))"
        case .kindDiffers(let issued):
            return issued == .seal
                ? "it is for a seal and was asked for a person" : "it is for a person and was asked for a seal"
        }
    }

    func refused(_ findings: [CertificateFinding]) -> Wording {
        let message = "the issued certificate was refused: \(findings.map(finding).joined(separator: "; "))"
        guard findings.allSatisfy(\.isAboutChainAlone) else {
            return Wording(
                message,
                "nothing was written to the token; tell the CA, or reject it with isignum install --reject REASON"
            )
        }
        return Wording(
            message,
            "the certificate itself may be good, so do not reject it: it stays with the CA, and nothing was written",
            "tell the CA, or whoever set its trust anchors up here; isignum doctor looks at them",
            "once that is mended, isignum install goes on"
        )
    }

    func holderDiffers(_ differences: [HolderDifference], _ entry: JournalEntry?) -> Wording {
        Wording(
            "the certificate was not accepted: \(differences.map(words.difference).joined(separator: "; "))",
            entry.map { "it is kept for the request \($0.handle), and nothing was written to the token" }
                ?? "nothing was written to the token",
            "if that is the right holder, give --accept-name too; if not, isignum install --reject REASON"
        )
    }

    func authorityUnsound(_ name: String, _ faults: [AuthorityChain.Fault]) -> Wording {
        let reasons =
            faults.isEmpty
            ? "none of its trust anchors is good for that" : faults.map(words.authority).joined(separator: "; ")
        return Wording(
            "no certificate of \(name.printable) could be believed: \(reasons)",
            "no key was made and nothing was sent",
            "ask the CA for the certificates that are right now; isignum config add-ca --force takes them"
        )
    }

    private var words: CertificateWords { .english }

    func wrongState(_ entry: JournalEntry) -> Wording {
        Wording(
            "the request \(entry.handle) is not at the point where this can be done",
            "isignum requests \(entry.handle) shows where it stands"
        )
    }

    func keyMissing(_ token: TokenIdentity) -> Wording {
        Wording(
            "the key of this request is not on the token \(token.label.printable)",
            "is it the right token? nothing was written"
        ).adding(
            token.isSoftwareStore
                ? "Chromium's database may be in another place than it was: isignum doctor tells whether one hides another"
                : nil
        )
    }

    func testSignatureWrong() -> Wording {
        Wording(
            "the certificate was written, but the key's test signature does not fit it",
            "do not use it; tell the CA"
        )
    }

    func unexpected(_ detail: String) -> Wording {
        Wording("something happened that must not", "please report it").quoting(detail)
    }
}
