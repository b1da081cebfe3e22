// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import Testing

@Suite struct JournalTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "isignum-journal-\(UUID().uuidString)")
    let plan = EnrollmentPlan(
        type: .commercial,
        holder: .person,
        contact: Contact(name: "Žofie Příšerná", email: "zofie@example.cz", phone: "+420601234567"),
        locale: "cs"
    )
    let token = TokenIdentity(label: "Můj token", serial: "C6B67B431DB714B4", manufacturer: "maker", model: "ProID+Q")

    private func withJournal(_ body: (Journal) throws -> Void) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(try Journal(folder: folder))
    }

    @Test func `an entry comes back as it was written, by another opening of the file`() throws {
        try withJournal { journal in
            var entry = try journal.begin(plan, authority: "demo", token: token)
            #expect(entry.state == .planned)
            #expect(entry.keyIdentifier.bytes.count == 16)
            entry.publicKey = [1, 2, 3]
            entry.claims = KeyClaims(
                local: .yes,
                sensitive: .yes,
                neverExtractable: .no,
                alwaysAuthenticate: .unreported
            )
            entry.requestID = RequestID("KC5765039450")
            entry.chain = [[4, 5], [6]]
            try journal.record(&entry, as: .issued)
            let other = try Journal(folder: folder)
            #expect(try other.entries() == [entry])
            let id = try #require(RequestID("KC5765039450"))
            #expect(try other.entries(for: id) == [entry])
            #expect(try other.history(of: entry).map(\.state) == [.planned, .issued])
        }
    }

    @Test func `nobody but the owner can read it`() throws {
        try withJournal { journal in
            _ = try journal.begin(plan, authority: "demo", token: token)
            let files = FileManager.default
            let folderRights = try files.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
            #expect(folderRights == 0o700)
            for name in try files.contentsOfDirectory(atPath: folder.path) {
                let path = folder.appending(path: name).path
                let rights = try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(rights == 0o600, "\(name)")
            }
        }
    }

    @Test func `a step over a step of somebody else is refused`() throws {
        try withJournal { journal in
            var mine = try journal.begin(plan, authority: "demo", token: token)
            var theirs = try Journal(folder: folder).entry(numbered: mine.id)
            try journal.record(&mine, as: .keyGenerated)
            #expect(throws: JournalError(.busy)) { try journal.record(&theirs, as: .csrSigned) }
            #expect(try journal.entry(numbered: mine.id).state == .keyGenerated)
        }
    }

    @Test func `a locked entry is busy until the lock ends`() throws {
        try withJournal { journal in
            let entry = try journal.begin(plan, authority: "demo", token: token)
            do {
                let lock = try journal.lock(entry)
                #expect(throws: JournalError(.busy)) { _ = try journal.lock(entry) }
                withExtendedLifetime(lock) {}
            }
            _ = try journal.lock(entry)
        }
    }

    @Test func `a damaged file is put aside, said, and never overwritten`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let damaged = Data("this is no database, but somebody may need it".utf8) + Data(count: 4096)
        try damaged.write(to: folder.appending(path: "journal.sqlite"))
        let error = #expect(throws: JournalError(.corrupt)) { _ = try Journal(folder: folder) }
        let aside = try #require(error?.path)
        #expect(aside.contains("journal-damaged-"))
        #expect(try Data(contentsOf: URL(filePath: aside)) == damaged)
        #expect(try Journal(folder: folder).entries().isEmpty)
    }

    @Test func `a damaged page inside a journal with entries is noticed`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let journal = try Journal(folder: folder)
            for _ in 0..<200 { _ = try journal.begin(plan, authority: "demo", token: token) }
        }
        let file = folder.appending(path: "journal.sqlite")
        let handle = try FileHandle(forUpdating: file)
        let size = try handle.seekToEnd()
        for offset in stride(from: UInt64(4096), to: size, by: 4096) {
            try handle.seek(toOffset: offset)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 512))
        }
        try handle.close()
        #expect(throws: JournalError(.corrupt)) { _ = try Journal(folder: folder) }
    }

    @Test func `two openings write at the same time and lose nothing`() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try Journal(folder: folder)
        let second = try Journal(folder: folder)
        let (plan, token) = (plan, token)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for journal in [first, second] {
                group.addTask {
                    for _ in 0..<50 { _ = try journal.begin(plan, authority: "demo", token: token) }
                }
            }
            try await group.waitForAll()
        }
        let entries = try first.entries()
        #expect(entries.count == 100)
        #expect(Set(entries.map(\.idempotencyKey)).count == 100)
        #expect(Set(entries.map(\.keyIdentifier)).count == 100)
    }
}
