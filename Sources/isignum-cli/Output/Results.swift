// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment

/// Where commands put their results: one JSON document, or text for people, on standard output.
struct Results: Sendable {
    let json: Bool
    let words: ResultWords

    /// Requests; one that was asked for by name stands alone.
    func show(_ entries: [JournalEntry], alone: Bool) throws {
        if alone, let entry = entries.first, entries.count == 1 { return try show(entry) }
        let nothing = (alone ? words.noRequests : words.noOpenRequests) + "\n"
        try write(RequestsDocument(requests: entries.map { RequestDocument($0) })) {
            guard let only = entries.first else { return nothing }
            return entries.count == 1 ? words.details(of: only) + words.next(after: only) : words.table(of: entries)
        }
    }

    /// The whole journal, also what is finished.
    func showJournal(_ journal: JournalReading) throws {
        try write(RequestsDocument(journal)) {
            journal.entries.isEmpty ? words.noRequests + "\n" : words.table(of: journal.entries)
        }
    }

    /// One request.
    ///
    /// - Parameter known: whether the person has just given or read its data.
    func show(_ entry: JournalEntry, known: Bool = false) throws {
        try write(RequestDocument(entry)) {
            (known ? "\n" + words.news(of: entry) : words.details(of: entry)) + words.next(after: entry)
        }
    }

    /// A request that was just handed in: its ID is what the person takes away, large and as a QR code.
    func showNew(_ entry: JournalEntry, withCode: Bool, known: Bool = false) async throws {
        let waits = entry.state == .pending
        let code = waits && withCode && !json ? await BranchCode.text(of: entry.handle).map { "\($0)\n" } ?? "" : ""
        try write(RequestDocument(entry)) {
            let id = StandardOutput.emphasised(entry.handle)
            let banner = waits ? "\n    \(id)\n\n\(code)\(way(of: entry))\n\n" : ""
            return banner + (known ? words.news(of: entry) : words.details(of: entry)) + words.next(after: entry)
        }
    }

    /// How a request comes to its certificate.
    private func way(of entry: JournalEntry) -> String {
        if entry.plan.holder == .seal { return words.goOnWithSeal }
        return entry.renewal == nil ? words.bringID : words.renewal.noBranch
    }

    /// The certificate request itself.
    ///
    /// - Throws: `requestNotSigned` before there is one.
    func showRequest(of entry: JournalEntry) throws {
        guard let request = entry.request else { throw CommandError(.requestNotSigned, [entry.handle]) }
        try write(RequestDocument(entry, withRequest: true)) { request.pem }
    }

    /// Tokens with their certificates.
    func show(_ tokens: [TokenDocument]) throws {
        try write(TokensDocument(tokens: tokens)) { tokens.map(words.overview).joined(separator: "\n") }
    }

    /// One certificate.
    func show(_ certificate: CertificateDocument) throws {
        try write(certificate) { words.details(of: certificate, withUsage: true) }
    }

    /// Everything that is plugged in.
    func show(_ document: DevicesDocument) throws {
        try write(document) { DeviceText(words: words.devices, results: words).overview(of: document) }
    }

    /// One device.
    func show(_ device: DeviceDocument) throws {
        try write(device) { DeviceText(words: words.devices, results: words).details(of: device) }
    }

    /// A saved issuance protocol.
    func show(_ document: ProtocolDocument) throws {
        try write(document) {
            TextTable.lines([
                (words.file, document.file), (words.size, "\(document.size) B"), (words.fingerprint, document.sha256),
            ])
        }
    }

    /// Where requests stand.
    func show(_ document: StatusDocument, csv: Bool) throws {
        // Values for a program stay as they are on a terminal too.
        guard json || !csv else { return try StandardOutput.write(document.csv) }
        try write(document) {
            let head = [words.request, words.status, words.type, words.updated, words.reason]
            let rows = document.requests.map { line in
                [
                    line.id, words.state(line.status),
                    line.type.flatMap(CertificateType.init).flatMap { words.types[$0] } ?? "",
                    line.updated.map(words.moment) ?? "",
                    line.reason?.inOneLine ?? "",
                ]
            }
            return TextTable.columns(head, rows)
        }
    }

    /// The one way out. Sentences are broken to fit a terminal; what was laid out for it fits already.
    func write(_ document: some Encodable, text: () -> String) throws {
        let width = Width.ofStandardOutput
        try StandardOutput.write(json ? try JSONDocument.text(of: document) : text().wrapped(to: width))
    }
}
