// SPDX-License-Identifier: Apache-2.0

extension EnglishErrorWords {
    func command(_ error: CommandError) -> Wording {
        let subjects = error.subjects.map(\.printable)
        let all = subjects.joined(separator: ", ")
        let first = subjects.first ?? ""
        switch error.code {
        case .usage: return Wording(first, "isignum help shows commands and options")
        case .answersMissing:
            return Wording(
                "answers are missing: \(all)",
                "give them as flags, or answer on a terminal, without --no-input"
            )
        case .requestIDInvalid:
            return Wording("no request ID: \(all)", "an ID is BP or KC and ten digits, or ten digits")
        case .requestNotFound:
            return Wording("there is no request \(all) in the journal", "isignum requests shows them all")
        case .requestAmbiguous:
            return Wording("several requests could be meant: \(all)", "name one of them, or its CA with --ca")
        case .nothingToInstall:
            return Wording("no request waits for its certificate", "isignum requests shows them all")
        case .certificateNotFound:
            return Wording("no certificate on the tokens fits \(first)", "isignum list shows them all")
        case .certificateAmbiguous:
            let lines = error.certificates.map(ResultWords.english.line) + subjects
            return Wording(
                "several certificates fit:\n  \(lines.joined(separator: "\n  "))",
                error.option.map { "choose one of them: \($0) SERIAL-NUMBER" }
                    ?? "give the serial number, or the beginning of the SHA-256"
            )
        case .requestNotSigned:
            return Wording("the request \(first) has no CSR yet", "isignum resume carries on with it")
        case .requestNotSent:
            return Wording("the CA has given the request \(first) no ID yet", "isignum resume carries on with it")
        case .authorityDiffers:
            return Wording(
                "the request \(first) belongs to the CA \(subjects.dropFirst().first ?? "")",
                "leave --ca out"
            )
        case .serialDiffers:
            return Wording(
                "that is not the serial number of the device (\(first)); nothing was done",
                "is it the right device?"
            )
        case .fileExists:
            return Wording("the file is there already: \(first)", "choose another name, or overwrite it with --force")
        case .notRegularFile:
            return Wording(
                "\(first) is no ordinary file but \(FileKind(named: error.subjects.last).english)",
                "it is neither followed nor replaced; name another file"
            )
        case .fileUnreadable: return Wording("the file cannot be read: \(first)")
        case .fileTooLarge: return Wording("the file is too large to be what was meant: \(first)")
        case .fileUnusable:
            return Wording(
                "the file is no text with request IDs: \(first)",
                "one ID in a line; tables saved as CSV are read too"
            )
        case .cannotWrite: return Wording("cannot be written: \(first)", "is the disk full, or the folder not yours?")
        case .pageNotDrawn:
            return Wording(
                "the page could not be drawn by \(first)",
                "it needs libpangocairo-1.0-0 and libqrencode4, and its place beside isignum"
            )
            .quoting(subjects.dropFirst().first)
        case .fontsMissing:
            return Wording("there is no font with the letters of the page", "install one, as fonts-dejavu-core")
        case .printerUnavailable:
            return Wording("nothing could be printed", "is there a printer? lpstat -p shows them; or save it to a file")
                .quoting(subjects.first)
        case .viewerUnavailable:
            return Wording("there is nothing here to show a document with", "it is saved as \(first)")
        case .outputClosed: return Wording("nobody reads the output any more")
        case .interrupted:
            return Wording(
                "interrupted (\(first))",
                carryingOn == .resume
                    ? "nothing is lost; isignum requests shows what is open, isignum resume carries on with it"
                    : "nothing is lost; \(carryOn)"
            )
        }
    }

    func configuration(_ error: ConfigurationError) -> Wording {
        let key = (error.key ?? "").printable
        let names = error.candidates.map(\.printable).joined(separator: ", ")
        switch error.code {
        case .unreadable: return Wording("the configuration cannot be read: \(error.file.printable)")
        case .syntax: return Wording("\(error.place.printable): this is no TOML").quoting(error.detail)
        case .tooIntricate:
            return Wording(
                "\(error.place.printable): the line is too long, or nested too deep",
                "a line has at most \(TOMLBounds.longestLine) bytes, brackets and dotted names go \(TOMLBounds.deepest) deep"
            )
        case .unknownKey: return Wording("\(error.place.printable): \(key) means nothing here")
        case .badValue:
            return Wording("\(error.place.printable): the value of \(key) cannot be used").quoting(error.detail)
        case .authorityUnset where names.isEmpty:
            return Wording(
                "no CA is configured",
                "isignum config add-ca URL adds one",
                "or add to \(error.file.printable): ca.NAME = { url = \"https://…\", anchors = \"ca.pem\" }",
                "or give --ca-url and --ca-file"
            )
        case .authorityUnset:
            return Wording(
                "several CAs are configured: \(names)",
                "choose one with --ca, or set default-ca in \(error.file.printable)"
            )
        case .authorityUnknown:
            return Wording(
                "there is no CA \(key) in \(error.place.printable)",
                names.isEmpty ? "add it as [ca.\"\(key)\"], or give --ca-url" : "there are: \(names)"
            )
        }
    }

    func secretSource(_ error: SecretSourceError) -> Wording {
        switch error {
        case .malformed:
            Wording(
                "the source of the secret cannot be used",
                "write fd:N, file:PATH or pinentry; never the secret itself"
            )
        case .unreadable(let path): Wording("the secret cannot be read from \(path.printable)")
        case .tooLong(let path): Wording("what \(path.printable) holds is too long for a secret")
        case .flawed(let path, let flaw): SecretFlawWords.english(flaw, path.printable, "secret", isPassword: true)
        case .pinentryFailed: Wording("the pinentry program is missing or failed")
        case .pinentrySilent: Wording("the pinentry program says nothing")
        }
    }
}
