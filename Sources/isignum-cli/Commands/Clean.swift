// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

/// Makes room on a token. Next hop: `Cleaner`.
struct Clean: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Remove certificates that are no longer needed, and with --expert unpaired keys.",
                "Odstranit nepotřebné certifikáty a s --expert i klíče bez certifikátu."
            ),
            discussion: inHelpLanguage(
                "Shows what is there and asks. With --yes: what is expired, revoked or replaced, and unpaired keys without an open request.",
                "Ukáže, co na tokenu je, a zeptá se. S --yes: prošlé, zneplatněné a nahrazené certifikáty a klíče bez otevřené žádosti."
            )
        )
    }

    @Argument(
        help: help(
            "What is meant: serial number, beginning of a SHA-256, text of the subject, or a request's ID.",
            "O co jde: sériové číslo, začátek SHA-256, text z předmětu nebo ID žádosti."
        )
    )
    var selectors: [String] = []

    @Flag(help: help("Certificates alone.", "Jen certifikáty."))
    var certificates = false

    @Flag(
        name: .customLong("unpaired-keys"),
        help: help("Keys without a certificate; needs --expert.", "Klíče bez certifikátu; jen s --expert.")
    )
    var unpairedKeys = false

    @Flag(name: .customLong("dry-run"), help: help("Show, and remove nothing.", "Jen ukázat, nic neodstranit."))
    var dryRun = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if unpairedKeys, !options.expert {
            throw ValidationError(
                inHelpLanguage("--unpaired-keys needs --expert", "--unpaired-keys potřebuje --expert")
            )
        }
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            let store = try await parts.chosenStore()
            let cleaner = Cleaner(try parts.tokenWork(), on: store)
            let keys = unpairedKeys || options.expert && !certificates
            let token = store.token.identity
            if !dryRun { try await cleaner.settle(keys: keys) }
            let all = try await cleaner.candidates(certificates: certificates || !unpairedKeys, keys: keys)
            let meant = try selectors.isEmpty ? all : CandidateSelector.choose(selectors, among: all)
            if dryRun || meant.isEmpty {
                try parts.results.show(
                    CleaningDocument(dryRun: dryRun, token, candidates: meant),
                    meant,
                    parts.language
                )
                return nil
            }
            let chosen = try await choose(meant, parts)
            if leavesNoSigner(chosen, of: all), try parts.journal().mayBeBound(token) {
                await parts.console.tell(TokenWorkWords.of(parts.language).lastSigner(token.serial.printable))
            }
            var gone = try await cleaner.remove(chosen, isAgreed: options.yes)
            if keys, gone.contains(where: { !$0.isKey }) {
                gone += try await removeKeys(thatLost: gone, cleaner, parts)
            }
            let kept = chosen.filter { one in !gone.contains { $0.id == one.id && $0.isKey == one.isKey } }
            let lostKeys = Set(gone.filter(\.isKey).compactMap(\.publicKeySHA256))
            let keysStay = gone.contains { candidate in
                guard candidate.isCertificateWithKey else { return false }
                return candidate.publicKeySHA256.map { !lostKeys.contains($0) } ?? true
            }
            try parts.results.show(
                CleaningDocument(token, removed: gone, kept: kept),
                gone,
                keysStay: keysStay,
                parts.language
            )
            return nil
        }
    }

    /// Whether nothing is left on the device afterwards that could sign its release.
    private func leavesNoSigner(_ chosen: [CleaningCandidate], of all: [CleaningCandidate]) -> Bool {
        let able = all.filter(\.isCertificateWithKey)
        return !able.isEmpty && able.allSatisfy { one in chosen.contains { $0.id == one.id } }
    }

    /// What is to go: what was named, what still serves nothing, or what the person picks.
    private func choose(_ meant: [CleaningCandidate], _ parts: Composition) async throws -> [CleaningCandidate] {
        if !selectors.isEmpty { return meant }
        if options.yes { return meant.filter(\.isDispensable) }
        guard let tty = parts.console.tty else { throw CommandError(.answersMissing, ["--yes"]) }
        let words = TokenWorkWords.of(parts.language)
        await parts.console.progress.finish()
        tty.write("\n")
        tty.writeAsItIs(words.list(meant))
        while true {
            tty.write("\n" + words.chooseQuestion + " ")
            guard let answer = try await tty.line(), !answer.allSatisfy(\.isWhitespace) else { return [] }
            let numbers = answer.split { $0 == " " || $0 == "," }.map { Int($0) }
            let chosen = meant.filter { numbers.contains($0.id) }
            if !numbers.contains(nil), Set(chosen.map(\.id)).count == Set(numbers).count { return chosen }
            tty.write(words.chooseHelp + "\n")
        }
    }

    /// The key of a certificate that has just gone takes place and serves nothing any more.
    private func removeKeys(
        thatLost gone: [CleaningCandidate],
        _ cleaner: Cleaner,
        _ parts: Composition
    ) async throws -> [CleaningCandidate] {
        let lost = Set(gone.filter { !$0.isKey }.compactMap(\.publicKeySHA256))
        let orphans = try await cleaner.candidates(certificates: false, keys: true).filter { candidate in
            candidate.publicKeySHA256.map(lost.contains) ?? false
        }
        let chosen = options.yes ? orphans.filter(\.isDispensable) : orphans
        do {
            return try await cleaner.remove(chosen, isAgreed: options.yes)
        } catch {
            // The certificates are gone all the same.
            if error.isRefusal { return [] }
            throw error
        }
    }
}

extension CleaningCandidate {
    fileprivate var isCertificateWithKey: Bool {
        if case .certificate(let stored, _) = object { stored.hasKey } else { false }
    }
}

/// How a person names what is to go.
enum CandidateSelector {
    /// - Throws: `certificateNotFound`, `certificateAmbiguous`.
    static func choose(
        _ selectors: [String],
        among candidates: [CleaningCandidate]
    ) throws(CommandError) -> [CleaningCandidate] {
        var chosen: [CleaningCandidate] = []
        for selector in selectors {
            let meant = candidates.filter { fits(selector, $0) }
            guard let one = meant.first else { throw CommandError(.certificateNotFound, [selector]) }
            guard meant.count == 1 else {
                let documents = meant.map(CandidateDocument.init)
                throw CommandError(
                    .certificateAmbiguous,
                    documents.filter { $0.certificate == nil }.map(\.keyLine),
                    among: documents.compactMap(\.certificate)
                )
            }
            if !chosen.contains(where: { $0.id == one.id }) { chosen.append(one) }
        }
        return chosen
    }

    private static func fits(_ selector: String, _ candidate: CleaningCandidate) -> Bool {
        let number = selector.lowercased().filter { $0 != ":" && $0 != " " }
        if let request = candidate.request, selector.uppercased() == request || "#" + selector == request {
            return true
        }
        if case .certificate(_, let details?) = candidate.object {
            let document = CertificateDocument(details, place: nil, now: Date())
            let named = CertificateSelector(selector)
            return named.isSerialNumber(of: document) || named.isMeant(document)
        }
        let document = CandidateDocument(candidate)
        guard number.count >= 4 else { return false }
        return document.keyId.hasPrefix(number) || document.publicKeySHA256?.hasPrefix(number) == true
    }
}
