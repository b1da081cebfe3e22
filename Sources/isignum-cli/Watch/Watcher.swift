// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation

/// Looks at the journal, the CAs of open requests, and the tokens that are plugged in.
struct Watcher {
    private let parts: Composition
    private var memory: WatchMemory

    init(_ parts: Composition) {
        self.parts = parts
        memory = WatchMemory(in: parts.stateFolder)
    }

    /// Looks once.
    func look(now: Date) async throws -> WatchDocument {
        var matters: [WatchMatter] = []
        var pending = 0
        var isComplete = true
        var certificates: [WatchedCertificate] = []
        for entry in try parts.readJournal().entries {
            let current: JournalEntry
            do {
                current = try await asked(entry)
            } catch {
                try Task.checkCancellation()
                FailureReport.inPassing(error, about: entry.handle, language: parts.language)
                current = entry
                isComplete = false
            }
            if current.state == .pending { pending += 1 }
            if let matter = Self.matter(current, changed: current.state != entry.state) { matters.append(matter) }
            if [.installed, .accepted].contains(current.state),
                let document = current.chain.first.flatMap({ CertificateDocument(der: $0, now: now) })
            {
                certificates.append(WatchedCertificate(document))
            }
        }
        certificates += await plugged(now: now)
        matters += WatchedCertificate.matters(certificates, now: now)
        return WatchDocument(
            matters: memory.marking(matters),
            pending: pending,
            certificates: Set(certificates.map(\.sha256)).count,
            isComplete: isComplete
        )
    }

    /// Remembers what was told.
    mutating func remember(_ document: WatchDocument) throws { try memory.keep(document.matters, now: Date()) }

    /// A request that waits is asked for, unless the CA wants to be left alone for now.
    private func asked(_ entry: JournalEntry) async throws -> JournalEntry {
        guard entry.state == .pending else { return entry }
        if let next = entry.nextPoll, next > Date() { return entry }
        return try await Collector(try parts.context(of: entry)).check(entry)
    }

    private static func matter(_ entry: JournalEntry, changed: Bool) -> WatchMatter? {
        let kind: WatchMatter.Kind
        switch entry.state {
        case .issued, .accepted:
            // What the holder rejected is nothing to come for.
            guard !entry.isBeingRejected else { return nil }
            kind = .ready
        // An end that the person has seen is no news.
        case .rejected, .expired, .withdrawn, .revoked:
            guard changed else { return nil }
            kind = .ended
        default: return nil
        }
        return WatchMatter(
            kind: kind,
            subject: entry.handle,
            state: entry.state.rawValue,
            sha256: nil,
            notAfter: nil,
            daysLeft: nil,
            threshold: nil
        )
    }

    /// Tokens that are not there, or do not answer, are no news.
    private func plugged(now: Date) async -> [WatchedCertificate] {
        guard let tokens = try? await parts.tokens() else { return [] }
        return tokens.flatMap { token in
            token.certificates.filter(\.hasKey).compactMap { stored in
                CertificateDocument(der: stored.der, now: now).map(WatchedCertificate.init)
            }
        }
    }
}
