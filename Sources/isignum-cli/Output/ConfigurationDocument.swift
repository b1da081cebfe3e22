// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// The configuration as `config show --json` gives it.
struct ConfigurationDocument: Encodable {
    /// A CA.
    struct Authority: Encodable {
        let name: String
        let url: String
        /// The file of its trust anchors; absent where the system's store is believed.
        let anchors: String?
        /// Their fingerprints; empty when the file cannot be read.
        let anchorSHA256: [String]
        /// The file of issuers that it does not send along.
        let chain: String?
        /// Where releases of devices go by mail.
        let releaseMail: String?
        let isDefault: Bool
    }

    /// A kind of device.
    struct Device: Encodable {
        let model: String
        let certifiedUntil: Date
    }

    let file: String
    let exists: Bool
    let stateFolder: String
    /// The NSS database that is the software store, whether or not it is there.
    let softwareStore: String
    let cacheFolder: String
    let defaultCA: String?
    /// "cs" or "en"; absent where the locale decides.
    let language: String?
    let expert: Bool
    /// Whether an ID is shown as a QR code too.
    let qrCode: Bool
    let modules: [String]
    /// Whether the modules of p11-kit are used as well.
    let systemModules: Bool
    let authorities: [Authority]
    let devices: [Device]

    init(_ configuration: Configuration, in folders: Folders) {
        file = folders.configurationFile.path(percentEncoded: false)
        exists = FileManager.default.fileExists(atPath: file)
        stateFolder = folders.state.path(percentEncoded: false)
        softwareStore = folders.softwareStore.path(percentEncoded: false).trimmingSlash
        cacheFolder = folders.cache.path(percentEncoded: false)
        defaultCA = configuration.defaultAuthority
        language = configuration.language
        expert = configuration.expert
        qrCode = configuration.qrCode
        modules = configuration.modules
        systemModules = configuration.systemModules ?? configuration.modules.isEmpty
        authorities = configuration.authorities.sorted { $0.key < $1.key }.map { name, authority in
            let isOnly = configuration.authorities.count == 1
            return Authority(
                name: name,
                url: authority.url.absoluteString,
                anchors: authority.anchors,
                anchorSHA256: authority.anchors.map(AnchorFile.fingerprints) ?? [],
                chain: authority.chain,
                releaseMail: authority.releaseMail,
                isDefault: configuration.defaultAuthority.map { $0 == name } ?? isOnly
            )
        }
        devices = configuration.certifiedUntil.sorted { $0.key < $1.key }.map { model, end in
            Device(model: model, certifiedUntil: end)
        }
    }
}

/// A file of trust anchors.
enum AnchorFile {
    /// The anchors in it, DER; all of them, or none: what is left out could not be compared by a person.
    ///
    /// - Throws: `fileUnreadable`; `certificateUnreadable` for a file that holds none, or one that cannot be read.
    static func read(_ path: String) throws -> [[UInt8]] {
        do throws(CAError) {
            let anchors = try TrustAnchors(file: path)
            if let fault = anchors.unreadable.first {
                throw CAError(.anchorsUnusable, detail: path, bundleError: .unreadable(fault))
            }
            return anchors.bundle
        } catch {
            guard let fault = error.bundleError else { throw CommandError(.fileUnreadable, [path]) }
            throw EnrollmentError.tokenWork(.certificateUnreadable(fault))
        }
    }

    /// The SHA-256 of each, lower-case hexadecimal; none when the file cannot be read.
    static func fingerprints(_ path: String) -> [String] {
        ((try? TrustAnchors(file: path))?.bundle ?? []).map { Digests.hexadecimal(Digests.digest($0, .sha256)) }
    }
}

extension ConfigWords {
    /// The configuration for a person.
    func text(of document: ConfigurationDocument) -> String {
        var text = TextTable.lines([
            (file, document.exists ? document.file : "\(document.file) (\(notThere))"),
            (state, document.stateFolder),
            (cache, document.cacheFolder),
            (softwareStore, document.softwareStore),
            (defaultAuthority, document.defaultCA),
            (language, document.language ?? localeDecides),
            (expert, document.expert ? yes : nil),
            (qrCode, document.qrCode ? nil : no),
            (modules, document.modules.isEmpty ? none : document.modules.joined(separator: ", ")),
            (systemModules, document.systemModules ? yes : no),
        ])
        for authority in document.authorities {
            let name = authority.isDefault ? "\(authority.name) (\(isDefault))" : authority.name
            text += "\n\(self.authority) \(name.printable)\n"
            var lines: [(label: String, value: String?)] = [
                (address, authority.url), (anchors, authority.anchors ?? systemStore),
            ]
            lines += authority.anchorSHA256.map { (fingerprint, AuthorityCard.grouped($0)) }
            lines.append((chain, authority.chain))
            lines.append((releaseMail, authority.releaseMail?.printable))
            text += TextTable.lines(lines, indent: 2)
        }
        if !document.devices.isEmpty { text += "\n" }
        for device in document.devices {
            text +=
                "\(self.device) \(device.model.printable): \(certifiedUntil) \(device.certifiedUntil.formatted(.iso8601.year().month().day()))\n"
        }
        return text
    }
}
