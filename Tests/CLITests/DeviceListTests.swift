// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `device list` and `device info` on the simulated device, with and without a CA.
@Suite struct DeviceListTests {
    private func program(on device: SimulatedDevice, _ configuration: String = "") throws -> Program {
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + configuration)
        return program
    }

    private func devices(_ outcome: ChildProcess.Outcome) throws -> [[String: Any]] {
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try #require(try outcome.document()["devices"] as? [[String: Any]])
    }

    private func certification(_ device: [String: Any]) -> [String: String] {
        device["certification"] as? [String: String] ?? [:]
    }

    @Test func `a device is listed with its states, keys, space and certification, and no secret is asked for`()
        async throws
    {
        let ca = try RunningCA("--device", "ProID+Q=2031-12-31")
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device, ca.configuration)
        let found = try #require(try devices(try await program.run("device", "list", "--json")).first)
        #expect(found["label"] as? String == "ProID+Q simulator")
        #expect(found["reader"] as? String == "Simulated Reader 00 00")
        #expect((found["profile"] as? [String: Any])?["name"] as? String == "ProID+Q")
        for secret in ["pin", "qpin", "puk"] { #expect(found[secret] as? String == "ok") }
        #expect(found["keys"] as? [String: [String]] == ["general": ["rsa2048"], "qualified": ["rsa2048"]])
        #expect((found["memory"] as? [String: Int])?["total"] == 32_768)
        #expect((found["certificates"] as? [Any])?.isEmpty == true)
        #expect(certification(found)["status"] == "certified" && certification(found)["source"] == "ca")
        #expect(certification(found)["until"]?.hasPrefix("2031-12-31") == true)
        let text = try await program.run("device", "info", "--lang", "en").outputText
        #expect(text.contains("yes, certified until 31") && text.contains("0 of 32 KB (0%)"))
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test(arguments: ["cs", "en"]) func `an ended and an unknown certification are said, with what they mean`(
        language: String
    ) async throws {
        let device = try await SimulatedDevice.provision()
        let noMarker = language == "cs" ? "bez příznaku" : "no marker"
        let endedWords = language == "cs" ? "certifikace skončila" : "its certification ended"
        let ended = try RunningCA("--device", "ProID+Q=2020-12-31")
        let unknown = try RunningCA("--device", "ProID+Q=")
        for (ca, status) in [(ended, "ended"), (unknown, "unknown")] {
            let program = try program(on: device, ca.configuration)
            let found = try #require(try devices(try await program.run("device", "list", "--json")).first)
            #expect(certification(found)["status"] == status)
            for command in [["device", "list"], ["device", "info"], ["list"]] {
                let text = try await program.run(command + ["--lang", language]).outputText
                #expect(text.contains(noMarker), "\(text)")
                if status == "ended" { #expect(text.contains(endedWords), "\(text)") }
            }
        }
    }

    @Test func `a CA that is away is no error, and what it said last stands with its date`() async throws {
        let device = try await SimulatedDevice.provision()
        let gone = try program(on: device, "[ca.gone]\nurl = \"https://127.0.0.1:1/\"\n")
        let found = try #require(try devices(try await gone.run("device", "list", "--json")).first)
        #expect(certification(found) == ["status": "unknown", "source": "ca_unreachable"])
        let text = try await gone.run("device", "list").outputText
        #expect(text.contains("unknown until when (the CA could not be asked)"))
        let cache = gone.home.file("cache/devices-gone.json")
        try FileManager.default.createDirectory(at: gone.home.file("cache"), withIntermediateDirectories: true)
        let list = #"{"devices":[{"model":"ProID+Q","name":"x","certifiedUntil":946684800}],"fetched":700000000}"#
        // What another CA said under the same name is not this one's.
        try Data("{\"address\":\"https://127.0.0.1:2/\",\"list\":\(list)}".utf8).write(to: cache)
        let other = try #require(try devices(try await gone.run("device", "list", "--json")).first)
        #expect(certification(other) == ["status": "unknown", "source": "ca_unreachable"])
        try Data("{\"address\":\"https://127.0.0.1:1/\",\"list\":\(list)}".utf8).write(to: cache)
        let again = try #require(try devices(try await gone.run("device", "list", "--json")).first)
        #expect(certification(again)["status"] == "certified" && certification(again)["source"] == "ca_unreachable")
        #expect(certification(again)["asOf"]?.hasPrefix("2023-03-08") == true)
    }

    @Test func `the configuration's word goes before the CA's, and no CA is needed for it`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device, "[devices.\"ProID+Q\"]\ncertified-until = 2020-12-31\n")
        let found = try #require(try devices(try await program.run("device", "list", "--json")).first)
        #expect(certification(found)["status"] == "ended" && certification(found)["source"] == "configuration")
    }

    @Test func `nothing plugged in is an empty list, a device that was asked for is exit 66`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device)
        try device.set("plugged", "no")
        #expect(try devices(try await program.run("device", "list", "--json")).isEmpty)
        #expect(try await program.run("device", "list").outputText.contains("No device is plugged in."))
        for command in [["device", "info"], ["device", "list", "--token", "x"], ["device", "info", "x"]] {
            #expect(try await program.run(command + ["--json"]).failure()["code"] == "token_not_found")
        }
    }

    @Test func `one broken module keeps nobody from the devices of another`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try program.configure("modules = [\"/etc/passwd\", \"\(try SimulatedDevice.module())\"]\n")
        let outcome = try await program.run("device", "list", "--json")
        #expect(try devices(outcome).count == 1)
        let modules = try #require(try outcome.document()["modules"] as? [[String: String]])
        #expect(modules.first?["path"] == "/etc/passwd" && modules.first?["code"] == "module_unusable")
        #expect(try await program.run("device", "list").outputText.contains("/etc/passwd"))
    }

    @Test func `a label with control characters and broken UTF-8 moves no cursor`() async throws {
        let device = try await SimulatedDevice.provision()
        try device.set("label", "a\u{1B}[31mb\u{202E}c")
        let program = try program(on: device)
        for command in [["device", "list"], ["device", "info"], ["list"]] {
            let outcome = try await program.run(command)
            #expect(outcome.status == 0)
            #expect(!outcome.outputText.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        }
    }

    @Test func `a user's file of profiles names a device, and a malformed one is exit 78 with its place`() async throws
    {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device)
        let file = program.home.file("profiles.json")
        let mine = #"{"profiles": [{"name": "Mine", "kind": "card", "match": {"model": "ProID+Q", "source": "me"}}]}"#
        try Data(mine.utf8).write(to: file)
        let found = try #require(try devices(try await program.run("device", "list", "--json")).first)
        #expect((found["profile"] as? [String: Any])?["name"] as? String == "Mine")
        #expect(found["qualified"] as? Bool == false && certification(found)["status"] == "not_qualified")
        try Data(mine.replacing("card", with: "qualified").utf8).write(to: file)
        let outcome = try await program.run("device", "list", "--json")
        #expect(outcome.status == 78)
        let failure = try outcome.failure()
        #expect(failure["code"] == "device_profiles_bad_value")
        #expect(failure["message"]?.contains("profiles.json: profiles[0].kind") == true)
    }
}
