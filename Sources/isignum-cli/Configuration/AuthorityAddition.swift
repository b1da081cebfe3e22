// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// A CA whose anchor a person has confirmed, on its way into the configuration. Its anchors lie beside `config.toml`.
struct AuthorityAddition {
    /// What `config add-ca --json` gives.
    struct Document: Encodable {
        let name: String
        let url: String
        let caName: String
        let versions: [String]
        let anchors: [AuthorityCard.Anchor]
        let anchorFile: String
        /// The file of issuers that it does not send along; absent where there is none.
        let chain: String?
        let isDefault: Bool
        let file: String
    }

    private let card: AuthorityCard
    private let file: URL
    /// Issuers that the CA does not send along, DER; they lie beside `config.toml` too.
    private let issuers: [[UInt8]]

    init(_ card: AuthorityCard, issuers: [[UInt8]] = [], to file: URL) {
        self.card = card
        self.issuers = issuers
        self.file = file
    }

    private var anchorFile: URL { beside("") }
    private var chainFile: URL { beside("-chain") }

    /// Beside the configuration, under a name that is safe whatever the CA is called.
    private func beside(_ end: String) -> URL {
        let name = card.name.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            return isPlain || byte == 0x2d || byte == 0x2e ? String(UnicodeScalar(byte)) : "_" + String(byte, radix: 16)
        }.joined()
        return file.deletingLastPathComponent().appending(path: "ca-\(name)\(end).pem")
    }

    private var pem: [UInt8] { Self.pem(card.anchors) }

    private static func pem(_ certificates: [[UInt8]]) -> [UInt8] {
        Array(certificates.map { PEM.encode($0, label: "CERTIFICATE") }.joined().utf8)
    }

    /// Whether all of it is in the configuration already.
    ///
    /// - Throws: `nameTaken` when another CA has the name and may not be replaced.
    func isKnown(in configuration: Configuration, force: Bool) throws(ConfigurationChangeError) -> Bool {
        guard let known = configuration.authorities[card.name] else { return false }
        if known.url == card.url, let path = known.anchors,
            Set(AnchorFile.fingerprints(path)) == Set(card.shown.map(\.sha256))
        {
            // Issuers that are new are nothing that would have to be forced: the anchors have the last word.
            return issuers.isEmpty || known.chain.flatMap { try? AnchorFile.read($0) } == issuers
        }
        guard force else { throw ConfigurationChangeError(.nameTaken, [card.name]) }
        return false
    }

    /// Asks the CA who it is, over TLS that believes the confirmed anchors alone.
    func meet() async throws -> AuthorityInformation {
        // The client reads its anchors from a file; this one lives as long as the question.
        let draft = FileManager.default.temporaryDirectory.appending(path: "isignum-\(UUID().uuidString).pem")
        let path = draft.path(percentEncoded: false)
        try NewFile.write(pem, to: path, force: false)
        defer { try? FileManager.default.removeItem(at: draft) }
        let profile = try CAProfile(name: card.name, url: card.url, anchorFile: path)
        return try await EnrollmentAPIClient(profile: profile).information()
    }

    /// Writes the anchors, then the configuration that names them.
    func write(into file: inout ConfigurationFile, isFirst: Bool) throws {
        try file.set(.authorityURL(card.name), to: .text(card.url.absoluteString))
        try file.set(.authorityAnchors(card.name), to: .text(anchorFile.lastPathComponent))
        if !issuers.isEmpty {
            try file.set(.authorityChain(card.name), to: .text(chainFile.lastPathComponent))
        }
        if isFirst { try file.set(.defaultAuthority, to: .text(card.name)) }
        try ConfigurationFile.makeFolder(self.file.deletingLastPathComponent())
        try NewFile.write(pem, to: anchorFile.path(percentEncoded: false), force: true)
        if !issuers.isEmpty {
            try NewFile.write(Self.pem(issuers), to: chainFile.path(percentEncoded: false), force: true)
        }
        _ = try file.save()
    }

    /// The result.
    func document(_ information: AuthorityInformation, in configuration: Configuration) -> Document {
        let isOnly = configuration.authorities.count == 1
        return Document(
            name: card.name,
            url: card.url.absoluteString,
            caName: information.name,
            versions: information.versions,
            anchors: card.shown,
            anchorFile: configuration.authorities[card.name]?.anchors ?? anchorFile.path(percentEncoded: false),
            chain: configuration.authorities[card.name]?.chain,
            isDefault: configuration.defaultAuthority.map { $0 == card.name } ?? isOnly,
            file: configuration.file
        )
    }
}

extension ConfigWords {
    /// What a person is to compare.
    func text(of card: AuthorityCard, _ dates: MomentText) -> String {
        TextTable.lines(
            [(server, card.server?.subject.text)]
                + card.shown.flatMap { anchor in
                    [
                        (self.anchor, anchor.subject), (validUntil, dates.day(anchor.notAfter)),
                        (fingerprint, AuthorityCard.grouped(anchor.sha256)),
                    ]
                }
        )
    }

    /// What was added.
    func text(of document: AuthorityAddition.Document, wasKnown: Bool) -> String {
        let name = document.isDefault ? "\(document.name) (\(isDefault))" : document.name
        let head = wasKnown ? isThere(document.name.printable) : added
        return head + "\n"
            + TextTable.lines([
                (authority, name), (authorityName, document.caName), (address, document.url),
                (anchors, document.anchorFile), (chain, document.chain), (file, document.file),
            ])
    }
}
