// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Foundation
internal import OpenSSLKit

/// A revocation as `--json` shows it.
struct RevocationDocument: Encodable {
    /// Decimal.
    let serialNumber: String
    let serialNumberHex: String
    let subject: String
    let sha256: String
    /// By its name in RFC 5280.
    let reason: String
    /// What was ordered, where the CA wrote down something else.
    let orderedReason: String?
    let revokedAt: Date

    init(_ certificate: CertificateDocument, _ revocation: Revocation, ordered: RevocationReason) {
        serialNumber = certificate.serialNumber
        serialNumberHex = certificate.serialNumberHex
        subject = certificate.subject
        sha256 = certificate.sha256
        reason = revocation.reason.name
        orderedReason = ordered == revocation.reason ? nil : ordered.name
        revokedAt = revocation.revokedAt
    }
}

/// A binding as `--json` shows it.
struct BindingDocument: Encodable {
    /// To whom.
    struct Holder: Encodable {
        let name: String
        let employeeNumber: String?
        let organisation: String?
    }

    /// A certificate on the device.
    struct Certificate: Encodable {
        let serialNumberHex: String
        let subject: String
        let notAfter: Date
        /// `valid`, `revoked` or `expired`.
        let status: String
    }

    let deviceSerial: String
    /// `free` or `bound`.
    let state: String
    let id: String?
    let since: Date?
    let model: String?
    /// Absent where the CA does not tell us.
    let holder: Holder?
    let certificates: [Certificate]?
    let releasable: Bool?

    init(_ binding: DeviceBinding) {
        deviceSerial = binding.deviceSerial
        state = binding.isBound ? "bound" : "free"
        id = binding.id
        since = binding.since
        model = binding.model
        holder = binding.holder.map {
            Holder(name: $0.name, employeeNumber: $0.employeeNumber, organisation: $0.organisation)
        }
        certificates = binding.certificates?.map {
            Certificate(
                serialNumberHex: $0.serial,
                subject: $0.subject.readableName,
                notAfter: $0.notAfter,
                status: $0.status.rawValue
            )
        }
        releasable = binding.isReleasable
    }
}

/// What a search found.
struct BindingsDocument: Encodable {
    let bindings: [BindingDocument]
}

/// A mail that is ready to send, as `--json` shows it.
struct LetterDocument: Encodable {
    /// The file.
    let mail: String
    let from: String
    let to: String
    let deviceSerial: String

    init(file: String, from: String, to: String, device: String) {
        mail = URL(filePath: file).standardizedFileURL.path(percentEncoded: false)
        (self.from, self.to, deviceSerial) = (from, to, device)
    }
}

extension Results {
    /// A certificate that is no longer good.
    func show(_ document: RevocationDocument) throws {
        try write(document) {
            let revoked = words.handover.revoked(document.subject.printable, words.moment(document.revokedAt))
            let other = document.orderedReason.map { "\n" + words.handover.otherReason(document.reason, $0) }
            return (revoked + (other ?? "") + "\n").wrapped(to: Width.ofStandardOutput, indent: 2)
        }
    }

    /// One binding.
    func show(_ document: BindingDocument) throws { try write(document) { words.handover.text(of: document, words) } }

    /// What a search found.
    func show(_ documents: [BindingDocument]) throws {
        try write(BindingsDocument(bindings: documents)) {
            guard !documents.isEmpty else { return words.handover.nothingFound + "\n" }
            return documents.map { words.handover.text(of: $0, words) }.joined(separator: "\n")
        }
    }

    /// A mail that is ready to send.
    func show(_ document: LetterDocument) throws {
        try write(document) { words.handover.letterWritten(document.mail.printable, document.to.printable) + "\n" }
    }
}
