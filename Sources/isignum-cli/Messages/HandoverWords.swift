// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The words of revocations, bindings and the mail that releases one. A language that misses one does not compile.
struct HandoverWords: Sendable {
    let revokeQuestion: String
    let revoked: @Sendable (_ subject: String, _ moment: String) -> String
    /// The reasons by their names in RFC 5280.
    let otherReason: @Sendable (_ written: String, _ ordered: String) -> String
    let device, state, since, holder, employeeNumber, organisation, certificates, release: String
    let bound, free, releasable, notReleasable, nothingFound: String
    /// What the CA says of a certificate on a device.
    let statuses: [String: String]
    let letterSubject: String
    /// The lines of the mail: the holder, the device, the serial numbers of the certificates.
    let letter: @Sendable (_ name: String, _ device: String, _ numbers: [String]) -> [String]
    let letterWritten: @Sendable (_ file: String, _ recipient: String) -> String

    static func of(_ language: Language) -> HandoverWords { language == .czech ? czech : english }

    /// A binding with all that the CA tells.
    func text(of binding: BindingDocument, _ words: ResultWords) -> String {
        let certificates = binding.certificates?.map { certificate in
            "\(certificate.serialNumberHex)  \(certificate.subject), \(words.day(certificate.notAfter)), "
                + (statuses[certificate.status] ?? certificate.status)
        }
        var rows: [(label: String, value: String?)] = [
            (
                device,
                [binding.deviceSerial, binding.model.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
            ),
            (state, binding.state == "bound" ? bound : free),
            (since, binding.since.map(words.moment)),
            (holder, binding.holder?.name),
            (employeeNumber, binding.holder?.employeeNumber),
            (organisation, binding.holder?.organisation),
        ]
        for (index, line) in (certificates ?? []).enumerated() {
            rows.append((label: index == 0 ? self.certificates : "", value: Optional(line)))
        }
        rows.append((label: release, value: binding.releasable.map { $0 ? releasable : notReleasable }))
        return TextTable.lines(rows)
    }
}

extension HandoverWords {
    static let english = HandoverWords(
        revokeQuestion: "Revoke this certificate? It cannot be taken back. [y/N]",
        revoked: { "revoked since \($1): \($0)" },
        otherReason: { "the reason that the CA has written down is \($0), not \($1)" },
        device: "Device",
        state: "Binding",
        since: "Since",
        holder: "Holder",
        employeeNumber: "Employee number",
        organisation: "Organisation",
        certificates: "Certificates",
        release: "Release",
        bound: "bound to a person",
        free: "free",
        releasable: "possible",
        notReleasable: "not before its certificates are revoked",
        nothingFound: "Nobody fits.",
        statuses: ["valid": "valid", "revoked": "revoked", "expired": "expired"],
        letterSubject: "Release of the binding between a person and a device",
        letter: { name, device, numbers in
            [
                "Please release the binding between the person and the device named below. The certificates on it have",
                "been revoked or have expired.", "", "Person: \(name)", "Serial number of the device: \(device)",
                "Serial numbers of the certificates on it: "
                    + (numbers.isEmpty ? "none known" : numbers.joined(separator: ", ")),
            ]
        },
        letterWritten: { "the signed mail to \($1) is in \($0): send it as it is, with any mail program" }
    )

    static let czech = HandoverWords(
        revokeQuestion: "Zneplatnit tento certifikát? Nelze to vzít zpět. [a/N]",
        revoked: { "zneplatněn (\($1)): \($0)" },
        otherReason: { "autorita má zapsán důvod \($0), ne \($1)" },
        device: "Prostředek",
        state: "Vazba",
        since: "Od",
        holder: "Držitel",
        employeeNumber: "Číslo zaměstnance",
        organisation: "Organizace",
        certificates: "Certifikáty",
        release: "Zrušení vazby",
        bound: "vázán na osobu",
        free: "volný",
        releasable: "možné",
        notReleasable: "až po zneplatnění jeho certifikátů",
        nothingFound: "Nikdo neodpovídá.",
        statuses: ["valid": "platný", "revoked": "zneplatněný", "expired": "prošlý"],
        letterSubject: "Zrušení vazby osoby na prostředek",
        letter: { name, device, numbers in
            [
                "Prosím o zrušení vazby níže uvedené osoby na prostředek. Certifikáty, které na něm jsou, byly zneplatněny",
                "nebo jejich platnost skončila.", "", "Osoba: \(name)", "Výrobní číslo prostředku: \(device)",
                "Sériová čísla certifikátů na prostředku: "
                    + (numbers.isEmpty ? "nejsou známa" : numbers.joined(separator: ", ")),
            ]
        },
        letterWritten: {
            "podepsaný e-mail pro \($1) je v \($0): odešlete ho tak, jak je, kterýmkoli poštovním programem"
        }
    )
}
