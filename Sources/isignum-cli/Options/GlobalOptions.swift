// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The flags that every command takes, after its own name.
struct GlobalOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: help("One JSON document on standard output.", "Jeden dokument JSON na standardním výstupu.")
    )
    var json = false

    @Flag(
        name: .customLong("no-input"),
        help: help("Never ask; name everything that is missing.", "Na nic se neptat; vypsat vše, co chybí.")
    )
    var noInput = false

    @Option(help: help("Language of messages: cs or en.", "Jazyk zpráv: cs nebo en."))
    var lang: Language?

    @Flag(help: help("Answer confirmations with yes.", "Na potvrzovací otázky odpovědět ano."))
    var yes = false

    @Flag(help: help("Offer what only experts need.", "Nabízet i volby pro odborníky."))
    var expert = false

    @Flag(help: help("Tell more of what happens.", "Vypisovat podrobněji, co se děje."))
    var verbose = false

    @OptionGroup(title: inHelpLanguage("Certification authority", "Certifikační autorita"))
    var authority: AuthorityOptions

    @OptionGroup(title: "Token")
    var token: TokenOptions
}

/// Which certification authority is meant.
struct AuthorityOptions: ParsableArguments {
    @Option(
        name: .customLong("ca"),
        help: help("A CA of the configuration.", "CA z konfigurace.", value: "name")
    )
    var name: String?

    @Option(
        name: .customLong("ca-file"),
        help: help(
            "Certificates that the CA must lead to.",
            "Certifikáty, ke kterým musí CA vést.",
            value: "file"
        ),
        completion: .file()
    )
    var anchors: String?

    @Option(
        name: .customLong("ca-url"),
        help: help(
            "Address of a CA that is not in the configuration.",
            "Adresa CA, která v konfiguraci není.",
            value: "url"
        )
    )
    var url: String?
}

/// Which token is meant, and where its secrets come from.
struct TokenOptions: ParsableArguments {
    @Option(
        name: .customLong("token"),
        help: help(
            "Label, serial number or RFC 7512 URI.",
            "Název, sériové číslo nebo URI podle RFC 7512.",
            value: "selector"
        )
    )
    var selector: String?

    @Flag(
        name: .customLong("software-store"),
        help: help(
            "The NSS database of Chromium and Firefox instead of a token.",
            "Místo tokenu databáze NSS prohlížečů Chromium a Firefox."
        )
    )
    var usesSoftwareStore = false

    @Option(
        name: .customLong("module"),
        help: help(
            "A PKCS#11 module to use instead of the configured ones.",
            "Modul PKCS#11 místo těch z konfigurace.",
            value: "path"
        ),
        completion: .file(extensions: ["so"])
    )
    var modules: [String] = []

    @Option(
        name: .customLong("pin-from"),
        help: help(
            "The PIN from fd:N, file:PATH or pinentry.",
            "PIN z fd:N, file:CESTA nebo pinentry.",
            value: "source"
        )
    )
    var pinFrom: String?

    @Option(
        name: .customLong("qpin-from"),
        help: help("The signature PIN (QPIN), likewise.", "Podpisový PIN (QPIN), stejně.", value: "source")
    )
    var qpinFrom: String?

    @Flag(
        name: .customLong("last-try"),
        help: help(
            "Go on although a wrong PIN would now block it.",
            "Pokračovat, i když by chybný PIN už zablokoval."
        )
    )
    var lastTry = false

    /// Two places are none.
    func validate() throws {
        guard usesSoftwareStore, let selector, selector.lowercased() != "nss" else { return }
        throw ValidationError(
            inHelpLanguage(
                "--software-store and --token name two places: leave one out",
                "--software-store a --token určují dvě místa: jedno vynechte"
            )
        )
    }
}
