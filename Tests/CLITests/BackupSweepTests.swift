// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Kills the client before each of its steps on the disk, in journal, store and backup, and lets the user carry on: in
/// the end there is one key, with one good backup that holds it and its certificate.
@Suite(.serialized) struct BackupSweepTests {
    /// Steps after which something is on the disk for good, or called otherwise; mere writes are many more.
    private static let lasting = "sdlru"
    private static let inOneGo = ["--wait=1", "--accept"]

    @Test func `killed while a key is made and backed up, nothing is lost`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let steps = try await self.steps(of: BackupUser(on: ca), [], Self.lasting)
        try await sweep(1...steps.count, of: [], ca)
        print("sweep: \(steps.count) kills of new --backup-key, nothing lost")
    }

    @Test func `killed while the certificate goes into the backup, nothing is lost`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let (new, all) = (
            try await steps(of: BackupUser(on: ca), [], Self.lasting).count,
            try await steps(of: BackupUser(on: ca), Self.inOneGo, Self.lasting).count
        )
        try #require(new < all)
        try await sweep(new + 1...all, of: Self.inOneGo, ca)
        print("sweep: \(all - new) kills of --wait --accept with a backup, nothing lost")
    }

    @Test func `which file is the backup is on the disk before the file is`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let steps = try await self.steps(of: BackupUser(on: ca), [], Self.lasting)
        // The journal is synchronised, then the file, which then gets its name.
        #expect(steps.contains("dsl"), "\(steps)")
    }

    @Test func `a backup that was moved before its request was signed is found where it is said to be`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        // Between the mark on the key and the request nothing is synchronised, only written.
        var moment = try await steps(of: BackupUser(on: ca), [], "w").count
        while moment > 0 {
            let user = try BackupUser(on: ca)
            _ = try await run(user, [], ["SUDDEN_END_STEPS": "w", "SUDDEN_END": "\(moment)"])
            moment -= 1
            guard try await user.requests().first?["status"] as? String == "key-generated" else { continue }
            let moved = user.program.home.file("moved.p12")
            try FileManager.default.moveItem(at: user.backup, to: moved)
            let before = try Data(contentsOf: moved)
            let other = ["resume", "1", "--backup-key", user.program.home.file("pin").path]
            #expect(try await user.program.run(other + user.pin).failure()["code"] == "file_exists")
            // It is the one: no password is needed for it.
            let found = try await user.program.run(["resume", "1", "--backup-key", moved.path] + user.pin)
            #expect(found.status == 75, "\(found.errorText)")
            #expect(try Data(contentsOf: moved) == before)
            #expect((try found.document()["backup"] as? [String: String])?["file"] == moved.path)
            return
        }
        Issue.record("no kill left a key without its request")
    }

    /// As many at a time as a small machine has cores.
    private func sweep(_ moments: ClosedRange<Int>, of options: [String], _ ca: RunningCA) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, moment) in moments.enumerated() {
                if index >= 2 { try await group.next() }
                group.addTask { try await survive(BackupUser(on: ca), options, moment) }
            }
            try await group.waitForAll()
        }
    }

    private func survive(_ user: BackupUser, _ options: [String], _ moment: Int) async throws {
        let end = ["SUDDEN_END_STEPS": Self.lasting, "SUDDEN_END": "\(moment)"]
        let comment: Comment = "\(options) killed before step \(moment)"
        #expect(try await run(user, options, end).wasSignalled, comment)
        if try await user.requests().isEmpty {
            let again = try await user.program.run(user.beginning + ["--key", "p256"])
            #expect(again.status == 0, "\(comment): \(again.errorText)")
        }
        let carried = try await user.program.run(["resume", "1", "--accept"] + user.pin + user.password)
        #expect(carried.status == 0, "\(comment): \(carried.errorText)")
        let requests = try await user.requests()
        let entry = try #require(requests.first)
        #expect(requests.count == 1 && entry["status"] as? String == "installed", comment)
        let backup = entry["backup"] as? [String: String]
        #expect(backup?["content"] == "key-and-certificate", "\(comment): \(carried.errorText)")
        #expect(try await user.fingerprint(of: user.backup) == entry["publicKeySHA256"] as? String, comment)
        // NSS writes the halves of a key one after the other: a lone one is left for `clean`.
        _ = try await user.program.run(
            ["clean", "--expert", "--unpaired-keys", "--yes", "--software-store"] + user.pin
        )
        let keys = try await ChildProcess.output(
            of: "certutil",
            ["-K", "-d", "sql:\(user.program.home.file("nssdb").path)", "-f", user.program.home.file("pin").path]
        )
        #expect(keys.split(separator: "\n").count { $0.hasPrefix("<") } == 1, "\(comment): \(keys)")
        let names = try FileManager.default.contentsOfDirectory(atPath: user.program.home.path)
        // A draft that a kill left behind has a name of its own and is no backup.
        #expect(names.count { $0.hasPrefix("backup.p12") && !$0.hasSuffix(".part") } == 1, comment)
    }

    /// What `new` does on the disk, a letter for each step.
    private func steps(of user: BackupUser, _ options: [String], _ which: String) async throws -> String {
        let log = user.program.home.file("steps")
        let outcome = try await run(user, options, ["SUDDEN_END_STEPS": which, "SUDDEN_END_LOG": log.path])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try String(contentsOf: log, encoding: .utf8)
    }

    private func run(
        _ user: BackupUser,
        _ options: [String],
        _ environment: [String: String]
    ) async throws -> ChildProcess.Outcome {
        var program = user.program
        program.environment = environment
        program.environment["LD_PRELOAD"] = try BuildProducts.file("libSuddenEnd.so").path
        return try await program.run(user.beginning + ["--key", "p256"] + options)
    }
}
