// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit
internal import Token

/// One thing that `doctor` found. Words are in `Messages/`.
struct Finding: Sendable {
    /// How much it matters.
    enum Severity: String, Encodable, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// Good to know.
        case note
        /// Something will not work, but a certificate can be had.
        case warning
        /// A certificate cannot be had before this is mended.
        case problem
    }

    /// What helps where a secret is blocked.
    enum Mend: Sendable { case puk, makersSoftware, issuer }

    /// What it is.
    enum Kind: Sendable {
        case configurationRead(file: String, exists: Bool)
        case configurationWrong(Explanation)
        case configurationOpenToOthers(file: String)
        case serviceRuns
        case serviceMissing(isInstalled: Bool)
        case serviceSilent
        case serviceFailed(code: UInt)
        case noReader
        case reader(name: String)
        case card(reader: String)
        case cardMute(reader: String)
        case noModule
        case moduleMissing(path: String, others: [String])
        case moduleLoads(path: String, tokens: Int)
        case moduleUnusable(KeyStoreError)
        case moduleCrashed(path: String)
        case moduleHung(path: String)
        /// With the modules that are to stay beside the right one.
        case moduleWrong(device: String, used: String, wanted: String, others: [String])
        case moduleForCard(device: String, wanted: String, others: [String])
        case noToken
        case tokens(Int)
        case softwareStore(SoftwareStore)
        case databaseHidden(used: String, hidden: String)
        case secretsOfFactory(device: String, secrets: [SecretKind])
        case pinBlocked(token: String, Mend)
        case qpinBlocked(token: String, Mend)
        case pukBlocked(token: String)
        /// PIN or QPIN.
        case secretUnset(token: String, SecretKind, Mend)
        case authorityUnset(Explanation)
        case authorityAnswers(name: String, address: String, calls: String)
        case authorityFails(name: String, Explanation)
        /// Certificates of the file of anchors that are left out.
        case anchorsPartly(name: String, [BundleFault])
        case authoritySound(name: String)
        case authorityUnsound(name: String, [AuthorityChain.Fault])
        case clockRight
        case clockUnknown
        case clockWrong(seconds: Int)
        case folderReady(path: String)
        case folderUnwritable(path: String)
        case fileSystemReadOnly(path: String)
        case folderForeign(path: String)
        case folderOpenToOthers(path: String)
        case journalSound(requests: Int)
        case journalNew
        case journalUnsound(Explanation)
        case requestUnreadable(Explanation)
        case terminal(isThere: Bool)
        case localeWithoutUTF8(String)
        case locale(String)
        case clipboard(String)
        case noClipboard
        case printer(String)
        case noPrinter(hasProgram: Bool)
        case notifications(isThere: Bool)
    }

    let kind: Kind
    let severity: Severity

    init(_ severity: Severity, _ kind: Kind) {
        self.severity = severity
        self.kind = kind
    }
}

extension Finding.Kind {
    /// A stable name in snake case.
    var code: String {
        switch self {
        case .configurationRead: "configuration"
        case .configurationWrong(let why), .authorityUnset(let why), .authorityFails(_, let why),
            .journalUnsound(let why), .requestUnreadable(let why):
            why.code
        case .configurationOpenToOthers: "configuration_open_to_others"
        case .serviceRuns: "pcscd"
        case .serviceMissing: "pcscd_missing"
        case .serviceSilent: "pcscd_silent"
        case .serviceFailed: "pcscd_failed"
        case .noReader: "reader_none"
        case .reader: "reader"
        case .card: "card"
        case .cardMute: "card_mute"
        case .noModule: "module_none"
        case .moduleMissing: "module_missing"
        case .moduleLoads: "module"
        case .moduleUnusable: "module_unusable"
        case .moduleCrashed: "module_crashed"
        case .moduleHung: "module_hung"
        case .moduleWrong: "module_wrong"
        case .moduleForCard: "module_for_card_missing"
        case .noToken: "token_none"
        case .tokens: "token"
        case .softwareStore: "software_store"
        case .databaseHidden: "browser_database_hidden"
        case .secretsOfFactory: "secrets_of_factory"
        case .pinBlocked: "pin_locked"
        case .qpinBlocked: "qpin_locked"
        case .pukBlocked: "puk_locked"
        case .secretUnset(_, let secret, _): "\(secret.rawValue)_not_set"
        case .anchorsPartly: "ca_anchors_partly"
        case .authorityAnswers: "ca"
        case .authoritySound: "ca_chain"
        case .authorityUnsound: "ca_chain_refused"
        case .clockRight: "clock"
        case .clockUnknown: "clock_unknown"
        case .clockWrong: "clock_wrong"
        case .folderReady: "state_folder"
        case .folderUnwritable: "state_folder_unwritable"
        case .fileSystemReadOnly: "file_system_read_only"
        case .folderForeign: "state_folder_foreign"
        case .folderOpenToOthers: "state_folder_open_to_others"
        case .journalSound, .journalNew: "journal"
        case .terminal: "terminal"
        case .localeWithoutUTF8: "locale_without_utf8"
        case .locale: "locale"
        case .clipboard: "clipboard"
        case .noClipboard: "clipboard_none"
        case .printer: "printer"
        case .noPrinter: "printer_none"
        case .notifications: "notifications"
        }
    }

    /// The exit code when nothing worse was found before it.
    var exitCode: Int32 {
        switch self {
        case .configurationWrong(let why), .authorityUnset(let why), .authorityFails(_, let why),
            .journalUnsound(let why), .requestUnreadable(let why):
            why.exitCode
        case .moduleMissing, .moduleUnusable, .moduleWrong, .moduleForCard, .noModule, .authorityUnsound: 78
        case .folderUnwritable, .fileSystemReadOnly, .folderForeign: 73
        case .secretsOfFactory, .pinBlocked, .qpinBlocked, .pukBlocked, .secretUnset: 77
        default: 69
        }
    }
}
