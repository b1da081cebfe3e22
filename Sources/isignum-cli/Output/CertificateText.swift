// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

extension ResultWords {
    /// A token with its certificates.
    func overview(of token: TokenDocument) -> String {
        let device = DeviceText(words: devices, results: self)
        var text = "\(token.label), \(serial) \(token.serial) (\(token.profile))".printable + "\n"
        let used = token.certificates.filter { $0.place?.area == KeyArea.qualified.rawValue }.count
        let facts: [(label: String, value: String?)] = [
            (devices.qualified, token.qualified ? device.statement(of: token.certification) : nil),
            (pin, state(token.pin, of: .pin, factory: token.factorySecrets ?? [])),
            (qpin, state(token.qpin, of: .qpin, factory: token.factorySecrets ?? [])),
            (memory, token.memory.map { devices.memory(free: $0.free, total: $0.total) }),
            (qualifiedCertificates, token.qualifiedCertificateLimit.map { "\(used) / \($0)" }),
            (unreadable, token.unreadableCertificates > 0 ? "\(token.unreadableCertificates)" : nil),
        ]
        text += TextTable.lines(facts, indent: 2)
        guard !token.certificates.isEmpty else { return text + "  (\(noCertificates))\n" }
        for certificate in token.certificates { text += "\n" + details(of: certificate, onToken: false, indent: 2) }
        return text
    }

    /// A certificate in a line, to tell it from others: by its serial number, its name, its kind, its end, its token.
    func line(of certificate: CertificateDocument) -> String {
        let facts = [
            certificate.commonName ?? certificate.subject,
            certificate.type.flatMap(CertificateType.init).flatMap { types[$0] },
            day(certificate.notAfter),
            certificate.place.map { "\($0.token.label) (\($0.token.serial))" },
        ]
        return "\(certificate.serialNumberHex)  \(facts.compactMap(\.self).joined(separator: ", "))".printable
    }

    /// A certificate as it is shown before somebody decides on it: what differs from what was asked for comes first.
    func page(of certificate: CertificateDocument, _ differences: [HolderDifference] = []) -> String {
        let sentences = differences.map { (label: certificates.differs, value: certificates.difference($0)) }
        let head = sentences.isEmpty ? "" : TextTable.lines(sentences) + "\n"
        return head + details(of: certificate, withUsage: true)
    }

    /// A certificate with what is said about it.
    ///
    /// - Parameter withUsage: whether what its key is for, and each name that it stands for, is told as well.
    func details(
        of certificate: CertificateDocument,
        onToken: Bool = true,
        indent: Int = 0,
        withUsage: Bool = false
    ) -> String {
        let family = certificate.type.flatMap(CertificateType.init).flatMap { types[$0] }
        let kind = [family, certificate.holder.flatMap(Holder.init).flatMap { holders[$0] }].compactMap(\.self)
        let left = certificate.daysLeft < 0 ? expired : daysLeft(certificate.daysLeft)
        let place = certificate.place
        return TextTable.lines(
            [
                (self.certificate, certificate.commonName ?? certificate.subject),
                (serialNumber, "\(certificate.serialNumber) (0x\(certificate.serialNumberHex))"),
                (subject, certificate.subject),
                (email, withUsage ? Self.list(certificate.emailAddresses) : nil),
                (certificates.otherNames, withUsage ? Self.list(certificate.otherNames) : nil),
                (issuer, certificate.issuer),
                (type, kind.isEmpty ? nil : kind.joined(separator: ", ")),
                (devices.qualified, certificate.malformedStatements == true ? malformedStatements : nil),
                (marker, certificate.markers.isEmpty ? nil : certificate.markers.joined(separator: ", ")),
                (certificates.keyUsage, withUsage ? certificate.keyUsage.flatMap { usage($0) } : nil),
                (certificates.purposes, withUsage ? certificate.extendedKeyUsage.flatMap { purposes($0) } : nil),
                (validFrom, moment(certificate.notBefore)),
                (validUntil, "\(moment(certificate.notAfter)), \(left)"),
                (standing.heading, certificate.online.map { standing.text(of: $0, moment: moment) }),
                (fingerprint, certificate.sha256),
                (token, onToken ? place.map { "\($0.token.label) (\($0.token.serial))" } : nil),
                (area, place.flatMap { KeyArea(rawValue: $0.area) }.flatMap { areas[$0] }),
                (key, place.map { $0.hasKey ? $0.keyID + ($0.imported == true ? ", \(imported)" : "") : withoutKey }),
            ],
            indent: indent
        )
    }

    private static func list(_ texts: [String]) -> String? { texts.isEmpty ? nil : texts.joined(separator: ", ") }

    private func usage(_ names: [String]) -> String? {
        Self.list(names.map { name in CertificateUsage.KeyUsage(rawValue: name).map(certificates.usage) ?? name })
    }

    private func purposes(_ names: [String]) -> String? {
        Self.list(names.map { certificates.purpose(Purpose.named($0)) })
    }
}
