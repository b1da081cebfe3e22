// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Readers and cards as the real smart-card service and the real OpenSC module show them, together and alone.
@Suite(.serialized) struct DeviceOnCardTests {
    let card: CardStack
    let program: Program

    init() async throws {
        card = try await CardStack()
        var program = try Program()
        program.environment = card.environment
        self.program = program
    }

    private func devices(_ arguments: [String]) async throws -> [[String: Any]] {
        let outcome = try await program.run(arguments + ["--json"])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try #require(try outcome.document()["devices"] as? [[String: Any]])
    }

    @Test func `slot and reader are one device, and no try of a secret is used`() async throws {
        try card.forget()
        let found = try await devices(["device", "list", "--module", try card.module()])
        let device = try #require(found.first)
        #expect(found.count == 1 && (device["profile"] as? [String: Any])?["name"] as? String == "OpenSC card")
        #expect((device["reader"] as? String)?.hasPrefix("Virtual Reader") == true)
        #expect(device["answerToReset"] as? String == "3BF51800008131FE454F7345494492")
        #expect(device["pin"] as? String == "ok" && device["qpin"] as? String == "ok")
        #expect((device["certification"] as? [String: String])?["status"] == "not_qualified")
        #expect(device["triesLeft"] == nil)
        #expect(try card.tries() == 0)
    }

    @Test func `how many tries are left is told where the card tells, without a try and after a wrong one`()
        async throws
    {
        let module = ["--module", try card.module()]
        let info = try await program.run(["device", "info", "--json"] + module).document()
        #expect(info["triesLeft"] as? [String: Int] == ["pin": 3, "qpin": 3])
        #expect(try card.tries() == 0)
        let wrong = program.home.file("wrong")
        try Data("998877".utf8).write(to: wrong)
        let flags = ["--expert", "--unpaired-keys", "--dry-run", "--pin-from", "file:\(wrong.path)"]
        let refused = try await program.run(["clean"] + flags + module)
        #expect(
            refused.status == 77 && refused.errorText.contains("one try was used, 2 are left"),
            "\(refused.errorText)"
        )
        let text = try await program.run(["device", "info"] + module).outputText
        #expect(text.contains(", 2 tries left") && text.contains(", 3 tries left"), "\(text)")
        #expect(try card.tries() == 1)
    }

    @Test func `a card that no module serves is named by its answer to reset, with the module that it wants`()
        async throws
    {
        let mine = """
            {"profiles": [{"name": "Mine", "kind": "qualifiedDevice",
              "match": {"atrs": [{"value": "3BF518000081 31FE454F7345494400", "mask": "FFFFFFFFFFFF FFFFFFFFFFFFFFFF00"}],
                "source": "me"},
              "modules": {"files": ["libnowhere.so"], "oftenConfusedWith": ["libsofthsm2.so"], "source": "me"}}]}
            """
        try Data(mine.utf8).write(to: program.home.file("profiles.json"))
        let other = ["--module", SoftHSM.bareModule]
        let device = try #require(try await devices(["device", "list"] + other).first { $0["label"] == nil })
        #expect((device["profile"] as? [String: Any])?["name"] as? String == "Mine")
        let missing = try #require(device["missingModule"] as? [String: [String]])
        #expect(missing["files"] == ["libnowhere.so"] && missing["confusedWith"] == [SoftHSM.bareModule])
        #expect(missing["lookedIn"]?.contains("/usr/lib/x86_64-linux-gnu") == true)
        let text = try await program.run(["device", "list"] + other).outputText
        #expect(text.contains("A card in Virtual Reader") && text.contains("libsofthsm2.so is in use"))
        // Whoever needs a token is told of the card that could be one.
        for command in [["list"], ["device", "pin", "--no-input"]] {
            let failure = try await program.run(command + other + ["--json"]).failure()
            #expect(failure["code"] == "token_not_found")
            #expect(failure["hint"]?.contains("Virtual Reader") == true, "\(failure)")
            #expect(failure["hint"]?.contains("libnowhere.so") == true)
        }
        // A card of a qualified kind that nothing serves is no qualified device for anybody.
        // Nobody was asked about it, which is not to say that there is nobody.
        #expect(device["certification"] as? [String: String] == ["status": "unknown"])
    }

    @Test func `card and device are told when they are pulled and put back`() async throws {
        let watch = try await Watching(program, ["device", "watch", "--json", "--module", try card.module()])
        #expect(try await watch.event("card_inserted")["present"] as? Bool == true)
        #expect(try await watch.event("device_plugged")["present"] as? Bool == true)
        let clock = ContinuousClock()
        var time = try await clock.measure {
            try await CardStack.pull(card.path)
            _ = try await watch.event("card_removed")
        }
        print("device watch: card_removed after \(time)")
        _ = try await watch.event("device_unplugged")
        time = try await clock.measure {
            try await CardStack.insert(card.path)
            _ = try await watch.event("card_inserted")
        }
        print("device watch: card_inserted after \(time)")
        let back = try await watch.event("device_plugged")
        #expect(back["profile"] as? String == "OpenSC card")
        #expect(await watch.interrupt().status == 130)
        #expect(try card.tries() == 0)
    }

    @Test func `a smart-card service that stops and starts again is told, and the device is back`() async throws {
        let watch = try await Watching(program, ["device", "watch", "--json", "--module", try card.module()])
        _ = try await watch.event("card_inserted")
        _ = try await watch.event("device_plugged")
        for _ in 0..<2 {
            try await CardStack.stop(card.path)
            // The service and the module are asked by themselves: either may be the first to miss the card.
            try await watch.all(of: ["card_service_down", "card_removed", "device_unplugged"])
            try await CardStack.start(card.path)
            _ = try await watch.event("card_service_up")
            _ = try await watch.event("card_inserted")
            _ = try await watch.event("device_plugged")
        }
        #expect(await watch.interrupt().status == 130)
        #expect(try card.tries() == 0)
    }

    @Test func `a module that is not there, be it the only one, hides no reader and no card`() async throws {
        let module = ["--module", "/nonexistent/libvendor.so"]
        let outcome = try await program.run(["device", "list", "--json"] + module)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        #expect((document["readers"] as? [[String: Any]])?.first?["card"] as? Bool == true)
        #expect((document["devices"] as? [[String: Any]])?.first?["answerToReset"] as? String != nil)
        #expect((document["modules"] as? [[String: String]])?.first?["code"] == "module_unusable")
        let text = try await program.run(["device", "info"] + module)
        #expect(text.status == 0 && text.outputText.contains("A card in Virtual Reader"), "\(text.errorText)")
        #expect(text.errorText.contains("/nonexistent/libvendor.so"))
        let watch = try await Watching(program, ["device", "watch", "--json"] + module)
        _ = try await watch.event("card_inserted")
        try await watch.says("/nonexistent/libvendor.so")
        try await CardStack.pull(card.path)
        _ = try await watch.event("card_removed")
        let end = await watch.interrupt()
        #expect(end.status == 130)
        #expect(end.errorText.components(separatedBy: "/nonexistent/libvendor.so").count == 2, "\(end.errorText)")
        // Who needs a token is told why there is none.
        #expect(try await program.run(["list", "--json"] + module).failure()["code"] == "module_unusable")
    }

    @Test(arguments: ["en", "cs"]) func `whoever wants a card while the smart-card service is away is told so`(
        language: String
    ) async throws {
        let ca = try RunningCA()
        var program = try Program()
        program.environment = ["PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm"]
        try program.configure("modules = [\"\(try card.module())\"]\nlanguage = \"\(language)\"\n" + ca.configuration)
        let failed = try await program.run("list", "--json")
        #expect(failed.status == 66)
        #expect(try failed.failure()["hint"]?.contains("pcscd") == true)
        let waiting = try await Watching(
            program,
            ["new", "--type", "commercial", "--no-input", "--pin-from", "file:/dev/null", "--wait-for-device"]
        )
        try await waiting.says("pcscd")
        #expect(await waiting.interrupt().status == 130)
        // Without a module for cards nobody lacks the service.
        let other = try await program.run("list", "--json", "--module", SoftHSM.bareModule)
        #expect(try other.failure()["hint"]?.contains("pcscd") == false)
        #expect(try other.failure()["hint"]?.contains("isignum doctor") == true)
    }

    @Test func `a device whose reader was unplugged is not told again until the reader is back`() async throws {
        let watch = try await Watching(program, ["device", "watch", "--json", "--module", try card.module()])
        _ = try await watch.event("device_plugged")
        try await CardStack.pullReader(card.path)
        _ = try await watch.event("device_unplugged")
        try await CardStack.insertReader(card.path)
        _ = try await watch.event("device_plugged")
        let end = await watch.interrupt()
        let events = try end.output.split(separator: 0x0A).map {
            try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] ?? [:]
        }
        let plugged = events.filter { $0["event"] as? String == "device_plugged" }
        #expect(plugged.count == 2, "\(end.outputText)")
        #expect(plugged.allSatisfy { ($0["reader"] as? String)?.hasPrefix("Virtual Reader") == true })
    }

    @Test(arguments: ["3B021450", "FF00FF00FF"])
    func `a card of which nothing is known, or whose answer to reset is garbage, is there and disturbs nobody`(
        answer: String
    ) async throws {
        try await card.add(.other(answer))
        let found = try await devices(["device", "list", "--module", try card.module()])
        #expect(found.count { $0["label"] as? String == "MyEID" } == 1)
        let other = found.first { $0["label"] == nil || $0["label"] is NSNull }
        // The service does not show what is no answer; where it does, the card has no kind and wants no module.
        if answer == "3B021450" {
            #expect(other?["answerToReset"] as? String == answer)
            #expect((other?["reader"] as? String)?.hasPrefix("Second Reader") == true)
        }
        #expect(other?["profile"] == nil || other?["profile"] is NSNull)
        #expect(other?["missingModule"] == nil || other?["missingModule"] is NSNull)
        let text = try await program.run(["device", "list", "--module", try card.module()])
        #expect(text.status == 0 && text.outputText.contains("MyEID"), "\(text.errorText)")
    }
}
