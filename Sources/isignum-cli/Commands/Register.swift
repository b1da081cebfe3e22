// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation

/// Shows the tokens to Chromium, Firefox, Thunderbird and what goes through p11-kit. Next hop: `Registrar`.
struct Register: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Make the tokens known to browsers, mail programs and p11-kit.",
                "Dát o tokenech vědět prohlížečům, poště a p11-kit."
            ),
            discussion: inHelpLanguage(
                "Takes the modules of --module, or those of the configuration. What is registered already is left "
                    + "alone, so that no token shows twice. isignum unregister takes everything back.",
                "Bere moduly z --module, jinak z konfigurace. Co už je zaregistrováno, nechává být, aby se žádný token "
                    + "neukazoval dvakrát. isignum unregister vše vrátí zpět."
            )
        )
    }

    @Flag(name: .customLong("dry-run"), help: help("Only say what would be done.", "Jen říct, co by se stalo."))
    var isDryRun = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let desk = try RegistrationDesk(options, isDryRun: isDryRun)
        var registrar = desk.registrar
        var steps: [RegistrationStep] = []
        for module in try desk.modules() { steps += await registrar.register(module) }
        try desk.show(steps)
    }
}

/// Takes back what `register` did. Next hop: `Registrar`.
struct Unregister: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage("Take back what register did.", "Vrátit, co udělal register."),
            discussion: inHelpLanguage(
                "Every file becomes what it was before; from one that was changed since, our entry alone is taken out.",
                "Každý soubor bude jako předtím; z toho, který se mezitím změnil, se odebere jen náš záznam."
            )
        )
    }

    @Flag(name: .customLong("dry-run"), help: help("Only say what would be done.", "Jen říct, co by se stalo."))
    var isDryRun = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let desk = try RegistrationDesk(options, isDryRun: isDryRun)
        var registrar = desk.registrar
        let modules = options.token.modules.map(ModuleFile.init)
        try desk.show(registrar.unregister(modules.isEmpty ? nil : modules))
    }
}

/// What both commands need: the places, the modules, the words.
struct RegistrationDesk {
    let registrar: Registrar
    private let options: GlobalOptions
    private let configuration: Configuration
    private let isDryRun: Bool

    init(_ options: GlobalOptions, isDryRun: Bool) throws {
        self.options = options
        self.isDryRun = isDryRun
        let folders = Folders()
        configuration = try ConfigurationReader.read(folders.configurationFile)
        let environment = ProcessInfo.processInfo.environment
        let named = environment["HOME"].flatMap {
            $0.hasPrefix("/") ? URL(filePath: $0, directoryHint: .isDirectory) : nil
        }
        let home = named ?? FileManager.default.homeDirectoryForCurrentUser
        registrar = try Registrar(
            places: ApplicationPlace.all(home: home, environment: environment),
            home: home,
            state: folders.state,
            isDryRun: isDryRun
        )
    }

    /// The modules that are meant, each once.
    ///
    /// - Throws: `moduleUnset`, `moduleMissing`.
    func modules() throws(RegistrationError) -> [ModuleFile] {
        let paths = options.token.modules.isEmpty ? configuration.modules : options.token.modules
        guard !paths.isEmpty else { throw RegistrationError(.moduleUnset) }
        var modules: [ModuleFile] = []
        for path in paths {
            let module = ModuleFile(path)
            guard Registrar.exists(URL(filePath: module.path)), !module.path.contains(where: \.isNewline) else {
                throw RegistrationError(.moduleMissing, [path])
            }
            if !modules.contains(module) { modules.append(module) }
        }
        return modules
    }

    /// Says what was done.
    func show(_ steps: [RegistrationStep]) throws {
        let words = RegistrationWords.of(Composition.language(options.lang, configuration))
        let document = RegistrationDocument(dryRun: isDryRun, places: steps)
        try StandardOutput.write(options.json ? try JSONDocument.text(of: document) : words.text(of: document))
        if steps.contains(where: { $0.outcome == .failed }) { throw ExitStatus(code: 73) }
        if steps.contains(where: \.outcome.isPassing) { throw ExitStatus.notYet }
    }
}
