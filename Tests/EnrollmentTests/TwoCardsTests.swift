// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Two cards of one kind at once: what tells them apart, and what happens when nothing does.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TwoCardsTests {
    let ca: RunningCA
    let user: CardUser

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        user = try await CardUser(with: ca)
    }

    private func devices() async throws -> [[String: Any]] {
        let document = try await user.program.run("device", "list", "--json").document()
        return try #require(document["devices"] as? [[String: Any]])
    }

    @Test func `cards with the same label are told apart by their serial numbers`() async throws {
        try await user.card.add(.equal)
        let found = try await devices()
        let serials = found.compactMap { $0["serial"] as? String }
        #expect(found.map { $0["label"] as? String } == ["MyEID", "MyEID"] && Set(serials).count == 2)
        #expect(Set(found.compactMap { $0["reader"] as? String }).count == 2)
        for selector in [[], ["--token", "MyEID"]] {
            let which = try await user.program.run(user.inOneGo + selector)
            #expect(which.status == 64)
            #expect(try which.failure()["code"] == "token_ambiguous")
            #expect(try serials.allSatisfy { try which.failure()["message"]?.contains($0) == true })
        }
        #expect(try user.typings() == 0)
        let serial = try #require(serials.last)
        let info = try await user.program.run("device", "info", "--json").failure()
        for device in found {
            let name = "\(device["serial"] ?? ""), \(device["reader"] ?? ""))"
            #expect(info["message"]?.contains(name) == true, "\(info)")
        }
        // The name of a reader tells them apart as well; a token that is not there is told with those that are.
        let reader = try #require(found.last?["reader"] as? String)
        let named = try await user.program.run("list", "--json", "--token", reader).document()["tokens"]
        #expect((named as? [[String: Any]])?.compactMap { $0["serial"] as? String } == [serial])
        let care = ["device", "pin", "--json", "--no-input", "--token"]
        #expect(try await user.program.run(care + [reader]).failure()["code"] == "answers_missing")
        let missing = try await user.program.run(care + ["Third Reader"]).failure()
        #expect(missing["code"] == "token_not_found" && missing["hint"]?.contains(serial) == true)
        let done = try await user.program.run(user.inOneGo + ["--token", serial])
        #expect(done.status == 0, "\(done.errorText)")
        let tokens = try await user.program.run("list", "--json").document()["tokens"] as? [[String: Any]] ?? []
        for token in tokens {
            let certificates = token["certificates"] as? [Any]
            #expect(certificates?.count == (token["serial"] as? String == serial ? 1 : 0))
        }
    }

    @Test func `cards that say the same of themselves are listed with their readers, and used one at a time`()
        async throws
    {
        let begun = try await user.program.run(user.beginning)
        let id = try #require(try begun.document()["id"] as? String)
        try await user.card.add(.twin)
        let found = try await devices()
        #expect(found.count == 2 && Set(found.compactMap { $0["serial"] as? String }).count == 1)
        let readers = found.compactMap { $0["reader"] as? String }
        #expect(Set(readers).count == 2)
        let typings = try user.typings()
        for arguments in [user.inOneGo, user.installing(id), ["device", "info", "--json"]] {
            let refused = try await user.program.run(arguments)
            #expect(refused.status == 69, "\(refused.outputText)")
            #expect(try refused.failure()["code"] == "tokens_alike")
            #expect(try readers.allSatisfy { try refused.failure()["message"]?.contains($0) == true })
        }
        let czech = try await user.program.run(user.installing(id).filter { $0 != "--json" } + ["--lang", "cs"])
        #expect(czech.errorText.contains("nechte připojený jen ten"), "\(czech.errorText)")
        #expect(try user.typings() == typings)
        #expect(try await user.requests().count == 1)
    }
}
