// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension TokenWorkWords {
    static let english: TokenWorkWords = TokenWorkWords(
        event: { event in
            switch event {
            case .keyFound(let token):
                "the key of the certificate is on \(token.label.printable) (\(token.serial.printable))"
            case .passedOver(let parts):
                "beside certificates the file holds \(EnglishErrorWords().naming(parts)); that was left alone"
            case .alreadyThere: "the certificate is on the token already"
            case .doubted(let finding): english.warning("its certificate: " + english.finding(finding))
            case .writingCertificate: "writing the certificate onto the token …"
            case .writingKey: "writing the key onto the token …"
            case .testingKey: "test signature with the key …"
            case .removing(let candidate): "removing \(english.short(candidate)); this may take minutes …"
            case .removed(let candidate): "removed and looked for: \(english.short(candidate)) is gone"
            case .protected(let candidate):
                "kept: \(english.short(candidate)); its request \((candidate.request ?? "").printable) is open, or cannot be read"
            case .removalInterrupted(let removal, let state):
                switch state {
                case .begun:
                    "the removal of a key (\(removal.label.printable)) was interrupted; finish it with isignum clean --expert"
                case .removed: "an interrupted removal (\(removal.label.printable)) is finished: it is gone"
                case .failed: "an interrupted removal (\(removal.label.printable)) came to nothing: it is still there"
                }
            case .completingBackup(let file):
                "writing the certificate into the backup of its key, \(file.printable) …"
            case .oldPasswordForm(let file):
                english.warning(
                    "\(file.printable) is protected by its password as only old programs did it; better export it anew"
                )
            case .writingBackup(let file): "encrypting the backup of the key into \(file.printable) …"
            }
        },
        finding: { EnglishErrorWords().finding($0) },
        warning: { "warning: \($0)" },
        installQuestion: { "Write this certificate onto \($0)? [y/N]" },
        importKeyQuestion: {
            "Write this key and certificate onto \($0)? A key from a file never carries a marker. [y/N]"
        },
        removeQuestion: { $0 == 1 ? "Remove it? Nothing brings it back. [y/N]" : "Remove these \($0)? [y/N]" },
        removeKeysQuestion: {
            "Without \($0 == 1 ? "the key, its" : "the keys, their") signatures and encrypted mail are lost for ever. "
                + "Really remove? [y/N]"
        },
        protectedQuestion: { request, isUnsent in
            isUnsent
                ? "The request of this key, \(request), has not left yet; it would be taken back. "
                    + "To remove the key all the same, type \(request):"
                : "A certificate may still come for this key: its request \(request) is open. "
                    + "To remove it all the same, type \(request):"
        },
        chooseQuestion: "Which are to go? Numbers, nothing for none:",
        chooseHelp: "numbers of the list, as in 1 3",
        yesLetters: "y",
        consentHelp: "y is yes; n or Enter is no, and everything stays as it is.",
        passwordPrompt: { file, isNew in isNew ? "New password for \(file)" : "Password of \(file)" },
        passwordAgain: "The same password again",
        reasons: { reason in
            switch reason {
            case .expired: "expired"
            case .revoked: "revoked"
            case .replaced: "replaced"
            case .current: "current"
            case .unreadable: "unreadable"
            case .unpaired: "unpaired"
            }
        },
        headings: ["#", "kind", "name", "ends", "state", "request", "key"],
        certificate: "certificate",
        key: "key",
        publicHalf: "public half of a key",
        openRequest: "open",
        nothingToClean: "There is nothing to remove.",
        nothingRemoved: "Nothing was removed.",
        keysStay:
            "The keys stay on the token and take room; to remove them too: isignum clean --expert --unpaired-keys",
        dates: MomentText(.english),
        types: ResultWords.english.types,
        lastSigner: {
            "no certificate will be left on the device \($0) to sign its release with; before handing it over: isignum binding release"
        },
        removedCount: { $0 == 1 ? "1 object was removed." : "\($0) objects were removed." },
        installed: "The certificate is on the token and its key signs.",
        importedKey: "The key and its certificate are on the token, and the key signs.",
        importedBareKey: "The key is on the token and signs; isignum import brings its certificate.",
        neverMarked: "It was made outside the token: no request with it will ever carry a marker.",
        bareBackup: { "The backup \($0) holds the key alone; \($1) puts the certificate into it." },
        storeMade: { "the software store was made in \($0); its password is asked for like a PIN" }
    )
}

extension EnglishErrorWords {
    func tokenWork(_ error: TokenWorkError) -> Wording {
        switch error {
        case .certificateUnreadable(let error): bundle(error)
        case .authorityCertificate(let name):
            Wording(
                "this is a CA's certificate (\(name.printable)), and none of a person or a seal is in the file",
                "what is imported is the certificate that the CA issued for your request",
                "to trust a CA: isignum config add-ca, or anchors in config.toml"
            )
        case .keyKindNotHeld(let kind):
            Wording(
                "the key of the certificate is of a kind that is not used here: \(kind.printable)",
                "taken are RSA 2048 to 4096, P-256 and P-384"
            )
        case .keyFile:
            Wording(
                "the file is a PKCS#12 file",
                "with a key in it, isignum import-key takes it, its certificate too",
                "without one, take the certificates out and import those: openssl pkcs12 -in FILE -nokeys -out certs.pem"
            )
        case .certificateRefused(let findings, let entry):
            Wording("the certificate in the file was refused: \(findings.map(finding).joined(separator: "; "))")
                .adding(
                    entry.map { "it is for the request \($0.handle), and nothing was written; tell the CA" }
                        ?? "nothing was written to the token"
                )
                .adding(
                    findings.allSatisfy(\.isAboutChainAlone)
                        ? "the certificate itself may be good: is it of another CA? name that with --ca, or its root with --ca-file"
                        : nil
                )
        case .severalCertificates(let names):
            Wording(
                "the keys of several certificates of the file are here: \(names.map(\.printable).joined(separator: ", "))",
                "give the one that is meant a file of its own"
            )
        case .keyNowhere(let tokens):
            Wording(
                "no token has the key of this certificate (looked on: \(tokens.map(\.printable).joined(separator: ", ")))",
                "plug in the token on which the request was made"
            )
            .adding(
                tokens.count > 1 ? "choose one with --token to look among keys that only the PIN shows" : nil
            )
        case .keyOnSeveralTokens(let tokens):
            Wording(
                "several tokens have the key: \(tokens.map(\.printable).joined(separator: ", "))",
                "choose one with --token"
            )
        case .keyWithoutIdentifier(let token):
            Wording(
                "the key of this certificate has no identifier (CKA_ID) on \(token.printable), so no program would find it; "
                    + "nothing was written",
                "the program that made the key can give it one, or make a new key: isignum new"
            )
        case .keyHalfMissing(let token):
            Wording(
                "of the key of this certificate only the public half is on \(token.printable); nothing was written",
                "is it the right token? the private half cannot be brought back"
            )
        case .keysIndistinct(let token, let identifier):
            Wording(
                "several keys on \(token.printable) bear the same identifier (\(identifier.hexadecimal)), and nothing tells "
                    + "which of them is this certificate's; nothing was written",
                "give each an identifier of its own with the program that made them"
            )
        case .noKeyFile(let parts, let count): noKeyFile(parts, count)
        case .declined: Wording("given up; nothing was changed")
        case .nobodyToAsk: Wording("nobody to ask", "agree beforehand with --yes")
        case .file(let error): file(error)
        case .passwordNeeded:
            Wording("the password of the file is needed", "give it with --password-from fd:N or file:PATH")
        case .passwordsDiffer: Wording("the two passwords differ; nothing was done")
        case .passwordTooShort(let count):
            Wording(
                "the password has less than \(count) characters; nothing was done",
                "it is all that protects the key"
            )
        case .fileExists(let file):
            Wording("the file is there already: \(file.printable)", "choose another name; a backup replaces nothing")
        case .cannotWrite(let file): backupPlace(file)
        case .backupNotWritten(let file, let entry):
            backupPlace(file).adding(
                "the key is made and waits for its backup: isignum resume \(entry.argument), or with --backup-key FILE "
                    + "for another place"
            )
        case .backupTaken(let file, let entry):
            Wording(
                "there is another file in the backup's place: \(file.printable)",
                "nothing was written over it; the key is made and waits for its backup: "
                    + "isignum resume \(entry.argument) --backup-key FILE"
            )
        case .backupLost(let file, let entry):
            Wording(
                "the backup of the key was written and is not there any more: \(file.printable)",
                "no other can be written, the key does not leave its store a second time",
                "put the file back, or say where it is: isignum resume \(entry.argument) --backup-key FILE"
            )
            .adding("or remove the key with isignum clean --expert and begin anew")
        case .backupMissing(let file, let entry):
            Wording(
                "the backup of the key is not there: \(file.printable)",
                "say where it is, and the certificate goes in: isignum resume \(entry.argument) --backup-key FILE"
            )
        case .backupChanged(let file, let entry):
            Wording(
                "the file is not the backup that was written, and stays as it is: \(file.printable)",
                "if the backup is elsewhere: isignum resume \(entry.argument) --backup-key FILE"
            )
        case .backupNotOpen(let entry):
            Wording("the request \(entry.handle) has no backup that is still to be written", "leave --backup-key out")
        case .backupRefused(let token):
            Wording(
                "no private key may leave \(token.printable), so there can be no backup",
                "leave --backup-key out, or keep the key in the software store (--software-store)"
            )
        }
    }

    private func backupPlace(_ file: String) -> Wording {
        Wording(
            "cannot be written: \(file.printable)",
            "is its folder there and yours, and is there room on the disk?"
        )
    }

    private func file(_ error: PKCS12Error) -> Wording {
        switch error.code {
        case .tooLarge: Wording("the file is too large for a key and its certificates")
        case .malformed: Wording("the file is no PKCS#12 file (.p12, .pfx), or it is damaged")
        case .passwordWrong: Wording("wrong password of the file, or the file was changed")
        case .keyPasswordDiffers:
            Wording(
                "the password opens the file, and the key in it has another one",
                "export the key anew, with one password for both"
            )
        case .noKey: keyless(error.certificates ?? 0)
        case .severalKeys:
            Wording("the file holds several private keys", "export the one that is meant into its own file")
        case .keyNotSupported:
            Wording("the key in the file is of a kind that is not taken", "taken are RSA 2048 to 4096, P-256 and P-384")
        case .certificateMissing: Wording("the file holds no certificate of its key")
        case .tooCostly: Wording("the file wants so much computing that it cannot be honest")
        case .algorithmUnknown:
            Wording(
                "the file is protected with an algorithm that is not known here",
                "export it anew, with AES-256 and HMAC-SHA-256"
            )
            .quoting(error.detail)
        case .cipherUnavailable:
            Wording(
                "the file is encrypted with an old cipher that this OpenSSL does not have",
                "install the package openssl-provider-legacy, or export the file anew"
            )
        case .failed: Wording("the file could not be processed").quoting(error.detail)
        }
    }

    private func keyless(_ certificates: Int) -> Wording {
        guard certificates > 0 else { return Wording("the file holds neither a private key nor a certificate") }
        return Wording(
            certificates == 1
                ? "the file holds no private key, only a certificate"
                : "the file holds no private key, only \(certificates) certificates",
            "isignum import takes certificates as PEM; to make that of it: openssl pkcs12 -nokeys -in FILE -out certificate.pem"
        )
    }
}
