// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Foundation

/// The configuration: where it is, what it says, and changes of it. Next hop: `ConfigurationFile`.
struct Config: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage("Show and change the configuration.", "Ukázat a změnit konfiguraci."),
            subcommands: [ConfigShow.self, ConfigSet.self, ConfigPath.self, ConfigAddAuthority.self],
            defaultSubcommand: ConfigShow.self
        )
    }
}

/// What the configuration says.
struct ConfigShow: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: inHelpLanguage("Show what the configuration says.", "Ukázat, co konfigurace říká.")
        )
    }

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let folders = Folders()
        let configuration = try ConfigurationReader.read(folders.configurationFile)
        let document = ConfigurationDocument(configuration, in: folders)
        try StandardOutput.write(
            options.json
                ? try JSONDocument.text(of: document)
                : ConfigWords.of(Composition.language(options.lang, configuration)).text(of: document)
        )
    }
}

/// Where the configuration is.
struct ConfigPath: AsyncParsableCommand {
    /// The place, for scripts.
    private struct Document: Encodable {
        let file: String
        let exists: Bool
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "path",
            abstract: inHelpLanguage("Tell where the configuration is.", "Říct, kde konfigurace je.")
        )
    }

    @OptionGroup var options: GlobalOptions

    /// Also when the file cannot be used: this is how to find it.
    func run() async throws {
        let file = Folders().configurationFile.path(percentEncoded: false)
        let document = Document(file: file, exists: FileManager.default.fileExists(atPath: file))
        try StandardOutput.write(options.json ? try JSONDocument.text(of: document) : file + "\n")
    }
}

/// Changes one value.
struct ConfigSet: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "set",
            abstract: inHelpLanguage("Change one value of the configuration.", "Změnit jednu hodnotu konfigurace."),
            discussion: inHelpLanguage("Keys: ", "Klíče: ") + ConfigurationKey.forms.joined(separator: ", ")
        )
    }

    @Argument(help: help("What to change, as ca.demo.url.", "Co změnit, např. ca.demo.url.", value: "key"))
    var key: String

    @Argument(help: help("Its new value; modules takes several.", "Nová hodnota; modules jich bere více."))
    var values: [String]

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        guard let meant = ConfigurationKey(key) else { throw ConfigurationChangeError(.keyUnknown, [key]) }
        let folders = Folders()
        var file = try ConfigurationFile(folders.configurationFile)
        try file.set(meant, to: try meant.value(values))
        let saved = try file.save()
        if meant == .modules { warn(of: saved) }
        let document = ConfigurationDocument(saved, in: folders)
        if options.json { try StandardOutput.write(try JSONDocument.text(of: document)) }
    }

    /// What is not there may be installed later.
    private func warn(of configuration: Configuration) {
        let language = Composition.language(options.lang, configuration)
        for path in configuration.modules {
            let error = KeyStoreError(.moduleUnusable, candidates: [path])
            guard [.missing, .folder, .noLibrary].contains(ModuleFault(error)) else { continue }
            FailureReport.aside(error, language: language)
        }
    }
}
