// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What may be in the place of the journal, and what is never touched.
@Suite struct JournalPlaceTests {
    let home: TemporaryFolder
    let folder: URL

    init() throws {
        home = try TemporaryFolder(named: "journal")
        folder = home.file("state")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    private func rights(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test(arguments: ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "journal.sqlite-journal"])
    func `a link is refused, and its target is left as it is`(name: String) throws {
        let target = home.file("letter.txt").path
        try Data("somebody's letter".utf8).write(to: home.file("letter.txt"))
        chmod(target, 0o666)
        let place = folder.appending(path: name).path
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
        let error = #expect(throws: JournalError(.irregular)) { _ = try Journal(folder: folder) }
        #expect(error?.path == place)
        #expect(try rights(target) == 0o666)
        #expect(try Data(contentsOf: home.file("letter.txt")) == Data("somebody's letter".utf8))
        if name == "journal.sqlite" {
            #expect(throws: JournalError(.irregular)) { _ = try JournalInspection.inspect(folder: folder) }
        }
    }

    @Test func `a link that leads nowhere makes nothing there`() throws {
        let target = home.file("nowhere").path
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "journal.sqlite").path,
            withDestinationPath: target
        )
        #expect(throws: JournalError(.irregular)) { _ = try Journal(folder: folder) }
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test(arguments: ["fifo", "folder", "socket"]) func `what is no file is refused`(kind: String) throws {
        let place = folder.appending(path: "journal.sqlite").path
        switch kind {
        case "fifo": #expect(mkfifo(place, 0o600) == 0)
        case "folder": try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        default: #expect(mknod(place, S_IFSOCK | 0o600, 0) == 0)
        }
        #expect(throws: JournalError(.irregular)) { _ = try Journal(folder: folder) }
        #expect(throws: JournalError(.irregular)) { _ = try JournalInspection.inspect(folder: folder) }
    }

    @Test func `a folder that is a link serves where it is one's own, and its rights are left alone`() throws {
        let elsewhere = home.file("elsewhere")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: false)
        chmod(elsewhere.path, 0o750)
        let link = home.file("link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: elsewhere)
        #expect(try Journal(folder: link).entries().isEmpty)
        #expect(try rights(elsewhere.path) == 0o750)
        // Whoever may write there could put another journal in its place.
        chmod(elsewhere.path, 0o777)
        let error = #expect(throws: JournalError(.cannotWrite)) { _ = try Journal(folder: link) }
        #expect(error?.obstacle == .rights && error?.isBeforeAnything == true)
        #expect(try rights(elsewhere.path) == 0o777)
    }

    @Test func `a file in the place of the folder is said to be one`() throws {
        let file = home.file("file")
        try Data().write(to: file)
        #expect(throws: JournalError(.irregular)) { _ = try Journal(folder: file) }
    }

    @Test func `two requests of one ID, as older versions let in, are told apart`() async throws {
        let token = TokenIdentity(label: "t", serial: "1", manufacturer: "m", model: "ProID+Q")
        let plan = EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(name: "Ada"), locale: "cs")
        do {
            let journal = try Journal(folder: folder)
            for _ in 0..<4 { _ = try journal.begin(plan, authority: "demo", token: token) }
            _ = try journal.begin(plan, authority: "other", token: token)
        }
        // As it was before the index, of which this version's migrations know nothing then.
        try await SQL.run(
            """
            DROP INDEX requestByAuthorityAndID;
            ALTER TABLE request DROP COLUMN decision;
            DELETE FROM grdb_migrations WHERE identifier IN ('the holder''s word', 'an ID is one request''s');
            UPDATE request SET requestID = 'KC0000000001', state = 'pending', accessToken = 'a' || id, request = x'3000';
            UPDATE request SET state = 'installed' WHERE id = 3;
            UPDATE request SET state = 'accepted', chain = '["AAAA"]' WHERE id = 4
            """,
            in: folder
        )
        let journal = try Journal(folder: folder)
        let entries = try journal.entries().reversed().map { $0 }
        #expect(entries.map { $0.requestID?.text } == ["KC0000000001", nil, nil, nil, "KC0000000001"])
        #expect(entries.map(\.state) == [.pending, .submitted, .installed, .submitted, .pending])
        #expect(entries[1].accessToken == nil && entries[1].request != nil)
        #expect(entries[1].reason == "KC0000000001 = #1")
        #expect(try journal.history(of: entries[1]).map(\.state) == [.planned, .submitted])
        #expect(entries[3].chain.isEmpty)
        let id = try #require(RequestID("KC0000000001"))
        #expect(try journal.entries(for: id).map(\.id) == [1, 5])
        var second = entries[1]
        second.requestID = id
        #expect(throws: JournalError(.idTaken)) { try journal.record(&second, as: .pending) }
        #expect(try journal.entry(numbered: 2).state == .submitted)
    }

    @Test func `a page that is damaged while it is read is not said to be put aside`() async throws {
        let token = TokenIdentity(label: "t", serial: "1", manufacturer: "m", model: "ProID+Q")
        let plan = EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(name: "Ada"), locale: "cs")
        do {
            let journal = try Journal(folder: folder)
            for _ in 0..<50 { _ = try journal.begin(plan, authority: "demo", token: token) }
        }
        let path = folder.appending(path: "journal.sqlite")
        var bytes = try Data(contentsOf: path)
        for offset in stride(from: 4_096, to: bytes.count, by: 4_096) {
            bytes.replaceSubrange(offset..<offset + 512, with: Data(repeating: 0xA5, count: 512))
        }
        try bytes.write(to: path)
        let error = #expect(throws: JournalError(.corrupt)) { _ = try JournalInspection.inspect(folder: folder) }
        #expect(error?.isPutAside == false && error?.path == path.path)
        #expect(try Data(contentsOf: path) == bytes)
    }
}
