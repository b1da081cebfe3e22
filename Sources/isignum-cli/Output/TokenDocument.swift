// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// A token with what is on it, as `list --json` shows it.
struct TokenDocument: Encodable {
    /// Bytes.
    struct Memory: Encodable {
        let total: Int
        let free: Int
    }

    let label: String
    let serial: String
    let manufacturer: String
    let model: String
    /// The name of the device profile that it matched.
    let profile: String
    /// Whether devices of its kind were certified as qualified.
    let qualified: Bool
    /// Until when it is, and who says so.
    let certification: DeviceDocument.Certification
    let firmware: String?
    let reader: String?
    /// The state of the PIN: `ok`, `low`, `final`, `locked` or `not-initialised`.
    let pin: String
    /// Likewise of the signature PIN; absent where the device has none or does not tell.
    let qpin: String?
    /// The secrets that the token marks as its maker's; absent where it marks none.
    let factorySecrets: [String]?
    let memory: Memory?
    /// How many qualified certificates fit; absent where nobody knows.
    let qualifiedCertificateLimit: Int?
    var certificates: [CertificateDocument]
    /// How many objects on it call themselves certificates and cannot be read.
    let unreadableCertificates: Int

    init(
        _ token: TokenDescription,
        holding stored: [StoredCertificate],
        certified: CertificationKnowledge?,
        imported: Set<String> = [],
        now: Date = Date()
    ) {
        certification = DeviceDocument.Certification(certified, now: now)
        label = token.identity.label
        serial = token.identity.serial
        manufacturer = token.identity.manufacturer
        model = token.identity.model
        profile = token.profileName
        qualified = token.isQualifiedDevice
        firmware = token.firmware
        reader = token.reader
        pin = token.pin.rawValue
        qpin = token.qpin?.rawValue
        factorySecrets = token.factorySecrets.isEmpty ? nil : token.factorySecrets.map(\.rawValue)
        memory = token.memory.map { Memory(total: $0.total, free: $0.free) }
        qualifiedCertificateLimit = token.qualifiedCertificateLimit
        certificates = stored.compactMap { CertificateDocument($0, on: token.identity, imported: imported, now: now) }
        unreadableCertificates = stored.count - certificates.count
    }
}

/// Several tokens.
struct TokensDocument: Encodable {
    let tokens: [TokenDocument]
}

extension CertificateDocument {
    /// - Parameter imported: the fingerprints of keys that came from files.
    /// - Returns: `nil` when what the token holds is no certificate.
    init?(_ stored: StoredCertificate, on token: TokenIdentity, imported: Set<String> = [], now: Date) {
        let key = imported.isEmpty ? nil : (try? Certificate(parsing: stored.der))?.publicKey
        let isImported = (try? key?.fingerprint()).map(imported.contains) ?? false
        let place = Place(
            token: TokenName(token),
            label: stored.label,
            area: stored.area.rawValue,
            keyID: stored.identifier.hexadecimal,
            hasKey: stored.hasKey,
            imported: isImported ? true : nil
        )
        self.init(der: stored.der, place: place, now: now)
    }
}
