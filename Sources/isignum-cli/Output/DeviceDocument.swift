// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

/// A device, or a card without a module, as `device list --json` and `device info --json` show it. What is absent is
/// not known.
struct DeviceDocument: Encodable {
    let label, serial, manufacturer, model, firmware: String?
    let reader: String?
    /// Upper-case hexadecimal.
    let answerToReset: String?
    /// Whether a card is in the reader and does not answer.
    let mute: Bool
    let profile: Profile?
    /// Whether devices of its kind were certified as qualified.
    let qualified: Bool
    var certification: Certification
    /// `ok`, `low`, `final`, `locked` or `not-initialised`.
    let pin, qpin, puk: String?
    /// The secrets (`pin`, `qpin`, `puk`) that the device marks as its maker's; absent where it marks none.
    let factorySecrets: [String]?
    /// How many tries of `pin` and `qpin` are left, where the card tells exactly; in `device info` alone.
    var triesLeft: [String: Int]?
    /// The kinds of key that can be generated, by area.
    var keys: [String: [String]]?
    let memory: TokenDocument.Memory?
    let qualifiedCertificateLimit: Int?
    var certificates: [CertificateDocument]?
    /// How many objects call themselves certificates and cannot be read.
    var unreadableCertificates: Int?
    /// The file of the module that serves it.
    let module: String?
    let missingModule: MissingModuleDocument?
    /// The code of the error with which it could not be read further.
    var problem: String?

    /// What is known of its kind.
    struct Profile: Encodable {
        let name: String
        /// `qualifiedDevice`, `card`, `tpm`, `software` or `unknown`.
        let kind: String
        /// Where each group of facts comes from.
        let sources: [String: String]
    }

    /// Until when it is certified, and who says so.
    struct Certification: Encodable {
        /// What the device may ask a marker on.
        enum Status: String, Encodable { case certified, ended, unknown, notQualified = "not_qualified" }
        /// Who says so; or who could not be asked.
        enum Source: String, Encodable {
            case configuration, authority = "ca", unreachable = "ca_unreachable", nobody = "no_ca"
        }

        let status: Status
        let until: Date?
        let source: Source?
        /// When the CA said so.
        let asOf: Date?

        /// Nobody was asked.
        static let unasked = Certification(status: .unknown, until: nil, source: nil, asOf: nil)

        private init(status: Status, until: Date?, source: Source?, asOf: Date?) {
            (self.status, self.until, self.source, self.asOf) = (status, until, source, asOf)
        }

        /// - Parameter knowledge: `nil` for a device that is not of a qualified kind.
        init(_ knowledge: CertificationKnowledge?, now: Date) {
            until = knowledge?.end
            switch knowledge {
            case nil: (source, asOf) = (nil, nil)
            case .configured: (source, asOf) = (.configuration, nil)
            case .stated(_, let date): (source, asOf) = (.authority, date)
            case .unreachable(let last): (source, asOf) = (.unreachable, last?.asOf)
            case .nobodyToAsk: (source, asOf) = (.nobody, nil)
            }
            guard knowledge != nil else {
                status = .notQualified
                return
            }
            status = until.map { now <= $0 ? .certified : .ended } ?? .unknown
        }
    }

    /// The module that a card wants.
    struct MissingModuleDocument: Encodable {
        let files, found, lookedIn, confusedWith, blind: [String]
    }

    init(_ found: SurveyedDevice) {
        let token = found.token
        label = token?.identity.label
        serial = token?.identity.serial
        manufacturer = token?.identity.manufacturer
        model = token?.identity.model
        firmware = token?.firmware
        reader = found.reader?.name ?? token?.reader
        answerToReset = found.reader?.answerToReset.map { $0.map { String(format: "%02X", $0) }.joined() }
        mute = found.reader?.isMute ?? false
        profile = found.profile.map { Profile(name: $0.name, kind: $0.kind, sources: $0.sources) }
        qualified = token?.isQualifiedDevice ?? found.profile?.isQualifiedDevice ?? false
        // Of a card without a module nobody is asked: no key can be made on it.
        certification = qualified ? .unasked : Certification(nil, now: Date())
        pin = token?.pin.rawValue
        qpin = token?.qpin?.rawValue
        puk = token?.puk?.rawValue
        factorySecrets = token.flatMap { $0.factorySecrets.isEmpty ? nil : $0.factorySecrets.map(\.rawValue) }
        memory = token?.memory.map { TokenDocument.Memory(total: $0.total, free: $0.free) }
        qualifiedCertificateLimit = token?.qualifiedCertificateLimit
        module = found.module
        missingModule = found.missing.map {
            MissingModuleDocument(
                files: $0.files,
                found: $0.found,
                lookedIn: $0.places,
                confusedWith: $0.confusedWith,
                blind: $0.blind
            )
        }
    }

    /// Takes over what is on the device.
    mutating func take(_ stored: [StoredCertificate], on token: TokenIdentity, now: Date = Date()) {
        let readable = stored.compactMap { CertificateDocument($0, on: token, now: now) }
        certificates = readable
        unreadableCertificates = stored.count - readable.count
    }

    /// The device in a line, to tell it from others.
    var line: String {
        guard let label, let serial else { return reader ?? "" }
        return "\(label) (\(serial)\(reader.map { ", \($0)" } ?? ""))"
    }
}

/// Everything that is plugged in.
struct DevicesDocument: Encodable {
    /// A reader, with or without a card.
    struct Reader: Encodable {
        let name: String
        let card: Bool
        let mute: Bool
        let answerToReset: String?
    }

    /// A module that cannot be used.
    struct Module: Encodable {
        let path, code, message: String
    }

    let devices: [DeviceDocument]
    /// Absent when there is no smart-card service to ask.
    let readers: [Reader]?
    let modules: [Module]

    init(devices: [DeviceDocument], survey: DeviceSurvey, language: Language) {
        self.devices = devices
        readers = survey.readers?.map { reader in
            let answer = reader.answerToReset
            return Reader(
                name: reader.name,
                card: answer != nil || reader.isMute,
                mute: reader.isMute,
                answerToReset: answer.map { $0.map { String(format: "%02X", $0) }.joined() }
            )
        }
        modules = survey.troubles.map { trouble in
            let explanation = explain(trouble, in: language)
            return Module(
                path: trouble.candidates.first ?? "",
                code: explanation.code,
                message: explanation.message
            )
        }
    }
}
