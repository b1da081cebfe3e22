// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation

/// Tells when a certificate is ready or about to expire: once, and quiet otherwise. No secret is needed. Next hop:
/// `WatchMatter`.
struct Watch: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Tell when a certificate is ready or about to expire.",
                "Upozornit, že certifikát je připraven nebo brzy skončí."
            ),
            discussion: inHelpLanguage(
                "Tells each thing once: a certificate that was issued, a request that was refused, and 30, 14, 7 days "
                    + "and 1 day before a certificate ends. On the desktop through notify-send.",
                "Každou věc řekne jednou: vydaný certifikát, zamítnutou žádost a 30, 14, 7 dní a 1 den před koncem "
                    + "platnosti certifikátu. Na ploše přes notify-send."
            )
        )
    }

    @Flag(
        name: .customLong("install-timer"),
        help: help("Look once an hour (systemd user timer).", "Dívat se každou hodinu (časovač systemd uživatele).")
    )
    var installsTimer = false

    @Flag(name: .customLong("remove-timer"), help: help("Look no more.", "Už se nedívat."))
    var removesTimer = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if installsTimer, removesTimer {
            throw ValidationError(
                inHelpLanguage("--install-timer or --remove-timer", "--install-timer, nebo --remove-timer")
            )
        }
    }

    func run() async throws {
        guard !installsTimer, !removesTimer else { return try await changeTimer() }
        try await Composition.run(options) { parts in
            let words = WatchWords.of(parts.language)
            var watcher = Watcher(parts)
            let document = try await watcher.look(now: Date())
            if options.json {
                try StandardOutput.write(try JSONDocument.text(of: document))
            } else {
                try StandardOutput.write(words.text(of: document, isAsked: StandardOutput.isTerminal))
            }
            for matter in document.matters where matter.isNew {
                let wording = words.matter(matter)
                let isUrgent = matter.kind == .expired || matter.threshold.map { $0 <= 7 } == true
                await DesktopNotification.show(wording.title, wording.body, isUrgent: isUrgent)
            }
            // Written last: whoever was not told is told the next time.
            try watcher.remember(document)
            return document.isComplete ? nil : ExitStatus(code: 69)
        }
    }

    private func changeTimer() async throws {
        let language = Composition.language(
            options.lang,
            try? ConfigurationReader.read(Folders().configurationFile)
        )
        let timer = WatchTimer()
        let report = installsTimer ? try await timer.install() : try await timer.remove()
        let words = WatchWords.of(language)
        try StandardOutput.write(
            options.json ? try JSONDocument.text(of: report) : words.text(of: report, isInstalled: installsTimer)
        )
    }
}

/// What `watch --json` gives.
struct WatchDocument: Encodable {
    /// All that is worth a word now; `isNew` marks what was not told before.
    let matters: [WatchMatter]
    /// How many requests still wait at the CA.
    let pending: Int
    /// How many certificates are known, from the journal and from tokens that are plugged in.
    let certificates: Int
    /// Whether every CA that had to be asked answered.
    let isComplete: Bool

    private enum CodingKeys: String, CodingKey {
        case matters, pending, certificates
        case isComplete = "complete"
    }
}
