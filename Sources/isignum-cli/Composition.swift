// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

/// The one place where the real parts are put together: configuration, journal, CA, tokens and the person.
///
/// Each part is made when it is first asked for, so that `status` needs no token and no journal, and `list` no CA.
final class Composition {
    let options: GlobalOptions
    let language: Language
    let stores: OpenStores
    let softwareStore: SoftwareStore
    let console: TerminalConsole

    let folders: Folders
    let configuration: Configuration
    /// Whether and how long a missing device is waited for.
    private(set) lazy var deviceWait = DeviceWait(stores: stores, words: .of(language))

    /// Has this run wait for a device that is missing: as long as a person sits there, or as an option says.
    func waitForDevice(_ options: DeviceWaitOptions) {
        deviceWait.limit =
            options.seconds.map { .seconds($0) } ?? (console.tty == nil ? nil : .seconds(86_400))
        readsTokens = true
    }

    /// Whether a person has seen in this run what the request says: given it to the wizard, or read the certificate.
    var hasShownData = false
    /// Whether the command begins a request: before it has, there is nothing to carry on with.
    var beginsRequest = false
    /// Whether the person agreed beforehand to a holder who is called otherwise than was asked for.
    var acceptsName = false
    /// Whether the command's result names modules that cannot be used.
    var listsModules = false
    private var hasNamedUnreadable = false
    /// Whether this run needs a token anyway, so that what tokens hold may be looked at.
    var readsTokens = false
    /// Issuers that the person named, DER.
    var givenIssuers: [[UInt8]] = []
    private var openJournal: Journal?
    private var contexts: [String: EnrollmentContext] = [:]

    /// Reads the configuration.
    init(_ options: GlobalOptions) throws {
        self.options = options
        folders = Folders()
        configuration = try ConfigurationReader.read(folders.configurationFile)
        language = Self.language(options.lang, configuration)
        softwareStore = SoftwareStore(folder: folders.softwareStore.path(percentEncoded: false).trimmingSlash)
        let catalogue = try DeviceCatalogue.with(folders.profiles)
        stores = OpenStores(
            TokenDirectory(
                modules: Self.modules(options.token, configuration),
                catalogue: catalogue,
                trial: ModuleTrial(program: "/proc/self/exe", cache: folders.moduleVerdicts),
                software: softwareStore
            )
        )
        console = try TerminalConsole(options, language: language)
    }

    /// Puts the parts together, runs a command with them and takes them apart again.
    ///
    /// - Parameter command: gives what is to be said by the exit code; `nil` when everything is done.
    static func run(
        _ options: GlobalOptions,
        _ command: (Composition) async throws -> ExitStatus?
    ) async throws {
        let parts = try Composition(options)
        if parts.isExpert, !options.json { ExpertMarker.show(in: parts.language) }
        let status: ExitStatus?
        do {
            status = try await command(parts)
            await parts.console.progress.finish()
            parts.warnOfModules()
        } catch {
            await parts.console.progress.finish()
            parts.warnOfModules(beside: error)
            let missing = await TokenMissing(error, or: SoftwareStore.isPossible ? parts.softwareStore : nil) {
                await parts.stores.survey()
            }
            await parts.stores.closeAll(within: .seconds(5))
            let isEarly = parts.beginsRequest && parts.openJournal?.isWorkedOn != true
            if isEarly { throw BeforeAnything(cause: missing ?? error) }
            throw missing ?? error
        }
        await parts.stores.closeAll(within: .seconds(5))
        if let status { throw status }
    }

    /// Whether what only experts need is offered.
    var isExpert: Bool { options.expert || configuration.expert }

    /// Names modules that are passed over; the overview of devices has them in its result.
    private func warnOfModules(beside failure: (any Error)? = nil) {
        let named = (failure as? KeyStoreError)?.candidates ?? []
        for trouble in stores.troubles where !listsModules && trouble.candidates != named {
            StandardError.write("isignum: \(explain(trouble, in: language).message)\n")
        }
    }

    /// Where results go.
    var results: Results { Results(json: options.json, words: .of(language)) }

    /// Where the journal is, and what else must survive.
    var stateFolder: URL { folders.state }

    /// A folder for what can be fetched again, for its owner alone.
    func cacheFolder() throws(CommandError) -> URL {
        let path = folders.cache.path(percentEncoded: false)
        guard PrivateFile.makeFolder(path) else { throw CommandError(.cannotWrite, [path]) }
        return folders.cache
    }

    /// This user's requests.
    func journal() throws(JournalError) -> Journal {
        if let openJournal { return openJournal }
        let journal = try Journal(folder: folders.state)
        openJournal = journal
        return journal
    }

    /// The requests that a person means; none named means all that are open, of the CA that `--ca` names if it names
    /// one, the oldest first.
    func entries(named texts: [String]) throws -> [JournalEntry] {
        var seen: Set<Int64> = []
        guard texts.isEmpty else {
            return try texts.map { try entry(named: $0) }.filter { seen.insert($0.id).inserted }
        }
        let authority = options.authority.name
        return try readJournal().entries.filter { $0.state.isOpen && $0.authority == authority ?? $0.authority }
            .reversed()
    }

    /// The request that a person means, of the CA that `--ca` names if it names one.
    func entry(named text: String) throws -> JournalEntry {
        try journal().entry(named: text, of: options.authority.name)
    }

    /// The whole journal. What cannot be read of it is named once, in passing.
    func readJournal() throws(JournalError) -> JournalReading {
        let reading = try journal().reading()
        if !hasNamedUnreadable {
            for row in reading.unreadable {
                FailureReport.inPassing(row.error, about: "#\(row.id)", language: language)
            }
        }
        hasNamedUnreadable = true
        return reading
    }

    /// The CA that flags and configuration choose.
    func profile() throws -> CAProfile { try configuration.profile(options.authority, ofRequest: nil) }

    /// The CA of a request.
    func profile(of entry: JournalEntry) throws -> CAProfile {
        try configuration.profile(options.authority, ofRequest: entry)
    }

    /// What the stories need to talk to a CA; one for each CA, so that its connections are kept.
    func context(_ profile: CAProfile) throws -> EnrollmentContext {
        if let context = contexts[profile.name] { return context }
        let client = try EnrollmentAPIClient(profile: profile)
        let context = EnrollmentContext(
            journal: try journal(),
            profile: profile,
            authority: client,
            // The very anchors that the server is believed for.
            anchors: client.anchors,
            issuers: try profile.issuers(),
            completion: try issuerSources.completion(profile),
            certifications: DeviceCertifications(
                cacheFile: folders.deviceList(of: profile.name),
                of: profile.url,
                configured: configuration.certifiedUntil
            ),
            console: console
        )
        contexts[profile.name] = context
        return context
    }

    /// What is known of a device's certification, whether or not the CA can be asked; `nil` for one that is not of a
    /// qualified kind. An overview waits for nobody long.
    func certification(of token: TokenDescription) async -> CertificationKnowledge? {
        guard token.isQualifiedDevice else { return nil }
        let profile = try? profile()
        var limits = TransportLimits()
        limits.connecting = .seconds(5)
        limits.whole = .seconds(10)
        let certifications = DeviceCertifications(
            cacheFile: profile.map { folders.deviceList(of: $0.name) },
            of: profile?.url,
            configured: configuration.certifiedUntil
        )
        let authority = profile.flatMap { try? EnrollmentAPIClient(profile: $0, limits: limits) }
        return await certifications.knowledge(of: token.identity, asking: authority, now: Date())
    }

    /// What the stories need to go on with a request.
    func context(of entry: JournalEntry) throws -> EnrollmentContext { try context(try profile(of: entry)) }

    /// The token that `--token` means, or the only one.
    func chosenStore() async throws(KeyStoreError) -> PKCS11Token {
        let selector = try chosenToken()
        return try await deviceWait.device(selector?.text) { () async throws(KeyStoreError) in
            try await stores.store(selector)
        }
    }

    /// `--token` as a selector.
    func chosenToken() throws(KeyStoreError) -> TokenSelector? {
        if options.token.usesSoftwareStore { return try TokenSelector(parsing: "nss") }
        guard let text = options.token.selector else { return nil }
        return try TokenSelector(parsing: text)
    }

    /// Opens a request's token when the story comes to need it.
    var opener: StoreOpener {
        let stores = stores
        let deviceWait = deviceWait
        return { (identity: TokenIdentity) async throws(KeyStoreError) -> any KeyStore in
            try await deviceWait.device("\(identity.label) (\(identity.serial))") { () async throws(KeyStoreError) in
                try await stores.store(identity)
            }
        }
    }

    /// The language in which a failure is explained, whether or not it came to reading the configuration.
    static var languageOfFailures: Language {
        guard Language.ofCommandLine == nil else { return .ofHelp }
        return language(nil, try? ConfigurationReader.read(Folders().configurationFile))
    }

    static func language(_ flag: Language?, _ configuration: Configuration?) -> Language {
        flag ?? configuration?.language.flatMap(Language.init(rawValue:)) ?? .ofLocale()
    }

    /// Named modules stand alone unless the configuration says otherwise: every further module costs time and may ask
    /// for attention.
    private static func modules(_ options: TokenOptions, _ configuration: Configuration) -> ModuleSelection {
        if !options.modules.isEmpty { return .files(options.modules) }
        let includesRegistered = configuration.systemModules ?? configuration.modules.isEmpty
        return ModuleSelection(files: configuration.modules, includesRegistered: includesRegistered)
    }
}
