// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

/// Device profiles: patterns of answers to reset, a user's own file, and what makes a device qualified.
@Suite struct ProfileTests {
    private static let proIDQ: [UInt8] = [
        0x3B, 0x7E, 0x94, 0x00, 0x00, 0x80, 0x25, 0xA0, 0x00, 0x00, 0x00, 0x28, 0x56, 0x80, 0x10, 0x12, 0x00, 0x01,
        0x14,
    ]

    private static func read(_ text: String) throws -> DeviceCatalogue {
        let folder = try TemporaryFolder(named: "profiles")
        try Data(text.utf8).write(to: folder.file("profiles.json"))
        return try DeviceCatalogue.with(folder.file("profiles.json"))
    }

    @Test func `a pattern counts the bits of its mask and no others`() {
        let whole = AnswerToResetPattern(value: "3B 81 01", mask: nil)
        #expect(whole?.fits([0x3B, 0x81, 0x01]) == true)
        #expect(whole?.fits([0x3B, 0x81, 0x02]) == false)
        #expect(whole?.fits([0x3B, 0x81, 0x01, 0x00]) == false)
        let masked = AnswerToResetPattern(value: "3b8107", mask: "FFFF0F")
        #expect(masked?.fits([0x3B, 0x81, 0xF7]) == true)
        #expect(masked?.fits([0x3B, 0x81, 0xF8]) == false)
    }

    @Test(
        arguments: [
            ("", nil), ("3B", nil), ("3B8", nil), ("3BZZ", nil), ("3B81", "FF"), ("3B81", "FFF"), ("3B81", "0000"),
            ("３Ｂ81", nil), (String(repeating: "3B", count: 34), nil),
        ] as [(String, String?)]
    ) func `garbage is no pattern`(value: String, mask: String?) {
        #expect(AnswerToResetPattern(value: value, mask: mask) == nil)
    }

    @Test func `a card is known by its answer to reset, an unknown one and garbage are nothing`() {
        let catalogue = DeviceCatalogue.builtIn
        #expect(catalogue.profile(forCard: Self.proIDQ)?.name == "ProID+Q")
        #expect(catalogue.profile(forCard: Self.proIDQ.dropLast() + [0x15]) == nil)
        #expect(catalogue.profile(forCard: []) == nil)
        #expect(catalogue.profile(forCard: [UInt8](repeating: 0xFF, count: 33)) == nil)
    }

    @Test func `a token that says nothing of itself is told by its card, one that does by itself`() {
        func kind(_ model: String) -> DeviceProfile.Kind {
            let token = TokenIdentity(label: "", serial: "", manufacturer: "", model: model)
            return DeviceCatalogue.builtIn.profile(for: token, moduleFile: "m.so", answerToReset: { Self.proIDQ }).kind
        }
        #expect(kind("strange") == .qualifiedDevice)
        #expect(kind("PKCS#15") == .card)
    }

    @Test func `a user's own profiles go before the built-in ones, and no file adds nothing`() throws {
        let own = try Self.read(
            """
            {"$schema": "x", "profiles": [{"name": "Mine", "kind": "card", "keys": null,
              "match": {"atrs": [{"value": "3B7E94", "mask": "FF7F00"}], "model": "PKCS#15", "source": "mine"}}]}
            """
        )
        let token = TokenIdentity(label: "", serial: "", manufacturer: "", model: "PKCS#15")
        #expect(own.profile(for: token, moduleFile: "").name == "Mine")
        #expect(own.profile(forCard: [0x3B, 0x7E, 0x01])?.name == "Mine")
        #expect(own.profile(forCard: Self.proIDQ)?.name == "ProID+Q")
        let none = try DeviceCatalogue.with(URL(fileURLWithPath: "/nonexistent/profiles.json"))
        #expect(none.own.isEmpty && !none.profiles.isEmpty)
    }

    @Test(
        arguments: [
            ("{", ProfileError.Code.syntax, nil),
            ("{\"profiles\": [}", .syntax, "line 1, column 15"),
            ("[]", .badValue, nil),
            ("{}", .badValue, "profiles"),
            ("{\"profiles\": [], \"profile\": []}", .unknownKey, "profile"),
            (
                #"{"profiles": [{"kind": "card", "match": {"model": "x", "source": ""}}]}"#, .badValue,
                "profiles[0].name"
            ),
            (#"{"profiles": [{"name": "n", "match": {"model": "x", "source": ""}}]}"#, .badValue, "profiles[0].kind"),
            (
                #"{"profiles": [{"name": "n", "kind": "qualified", "match": {"model": "x", "source": ""}}]}"#,
                .badValue,
                "profiles[0].kind"
            ),
            (
                #"{"profiles": [{"name": "n", "kind": "qualifiedDevice", "match": {"source": "s"}}]}"#, .badValue,
                "profiles[0].match"
            ),
            (
                #"{"profiles": [{"name": "n", "kind": "qualifiedDevice", "match": {"model": "", "source": "s"}}]}"#,
                .badValue, "profiles[0].match.model"
            ),
            (
                #"{"profiles": [{"name": "n", "kind": "card", "match": {"atrs": [{"value": "3B8"}], "source": "s"}}]}"#,
                .badValue, "profiles[0].match.atrs[0]"
            ),
            (
                #"{"profiles": [{"name": "n", "kind": "card", "match": {"model": "x", "Model": "y", "source": "s"}}]}"#,
                .unknownKey, "profiles[0].match.Model"
            ),
            (
                #"{"profiles": [{"name": "n", "kind": "card", "match": {"model": "x", "source": "s"}, "secrets": {"pin": {"shortest": 9, "longest": 4}, "source": "s"}}]}"#,
                .badValue, "profiles[0].secrets.pin"
            ),
            (
                #"{"profiles": [{"name": "n", "kind": "card", "match": {"model": "x", "source": "s"}, "keys": {"algorithms": ["rsa1024"], "source": "s"}}]}"#,
                .badValue, "profiles[0].keys.algorithms[0]"
            ),
        ] as [(String, ProfileError.Code, String?)]
    )
    func `a malformed file names its place and makes nothing qualified`(
        text: String,
        code: ProfileError.Code,
        place: String?
    ) throws {
        let error = #expect(throws: ProfileError.self) { try Self.read(text) }
        #expect(error?.code == code)
        if let place { #expect(error?.place?.hasPrefix(place) == true, "\(error?.place ?? "nil")") }
        #expect(error?.file.hasSuffix("profiles.json") == true)
    }

    @Test func `a mistyped key is named as it stands, and no parser's words are quoted`() throws {
        func error(_ profile: String) throws -> ProfileError {
            try #require(#expect(throws: ProfileError.self) { try Self.read("{\"profiles\": [\(profile)]}") })
        }
        let mistyped = try error(#"{"name": "n", "kind": "card", "matchh": {"model": "x", "source": "s"}}"#)
        #expect(mistyped.code == .unknownKey && mistyped.place == "profiles[0].matchh")
        let kind = try error(#"{"name": "n", "kind": "foo", "match": {"model": "x", "source": "s"}}"#)
        #expect(kind.detail?.contains("\"qualifiedDevice\", \"card\"") == true)
        let number = try error(#"{"name": 7, "kind": "card", "match": {"model": "x", "source": "s"}}"#)
        #expect(number.place == "profiles[0].name" && number.detail == "\"…\"")
        let whole = try #require(#expect(throws: ProfileError.self) { try Self.read("[]") })
        #expect(whole.place == nil && whole.detail == "{\"profiles\": […]}")
        for text in ["", "{", "nonsense", "[]", "{\"profiles\": 1}", "{\"profiles\": [1]}"] {
            let words = (#expect(throws: ProfileError.self) { try Self.read(text) })?.detail ?? ""
            #expect(!words.contains { $0.isASCII && $0.isLetter } || words.contains("profiles"), "\(words)")
        }
    }

    @Test func `a file that is too large or no file is refused`() throws {
        let folder = try TemporaryFolder(named: "profiles")
        let large = folder.file("large.json")
        try Data(repeating: 0x20, count: 1 << 20 + 1).write(to: large)
        for file in [large, folder.url] {
            #expect(throws: ProfileError.self) { try DeviceCatalogue.with(file) }
        }
    }

    @Test func `what is built in fits the published schema, and every fact in it has a source`() async throws {
        let python =
            ProcessInfo.processInfo.environment["ISIGNUM_TOOLS"].map { "\($0)/python3" }
            ?? BuildProducts.sources.appendingPathComponent(".build-tools/venv/bin/python3").path
        let script = """
            import json, sys, jsonschema_rs
            schema, profiles = (json.load(open(path)) for path in sys.argv[1:])
            jsonschema_rs.validator_for(schema).validate(profiles)
            for bad in ({}, {"profiles": [{}]}, {"profiles": [dict(profiles["profiles"][0], kind="qualified")]}):
                assert not jsonschema_rs.validator_for(schema).is_valid(bad)
            """
        let files = ["docs/profiles.schema.json", "Sources/Token/Devices/profiles.json"]
            .map { BuildProducts.sources.appendingPathComponent($0).path }
        try await ChildProcess.output(of: python, ["-c", script] + files)
        let data = try Data(contentsOf: URL(fileURLWithPath: files[1]))
        let profiles = try DeviceCatalogue.profiles(in: data, of: files[1])
        #expect(profiles.count == DeviceCatalogue.builtIn.profiles.count)
        for profile in profiles {
            let summary = try #require(ProfileSummary(profile))
            #expect(summary.sources.values.allSatisfy { !$0.isEmpty } && !summary.sources.isEmpty)
        }
    }

    @Test func `a card that no module serves is named with the module that it wants and the wrong one in use`() throws {
        let reader = CardReader(name: "Reader 00 00", answerToReset: Self.proIDQ, isMute: false)
        let empty = CardReader(name: "Reader 01 00", answerToReset: nil, isMute: false)
        let survey = DeviceSurvey(
            [],
            readers: [reader, empty],
            catalogue: .builtIn,
            modules: ["/opt/libproidcm11.so"],
            troubles: []
        )
        let device = try #require(survey.devices.first)
        #expect(survey.devices.count == 1 && device.token == nil && device.profile?.name == "ProID+Q")
        let missing = try #require(device.missing)
        #expect(missing.files == ["libproidqcm11.so", "libproidproxyp11.so"])
        #expect(missing.confusedWith == ["/opt/libproidcm11.so"] && missing.blind.isEmpty)
        #expect(missing.places.contains { $0.hasPrefix("/usr/lib/") } && missing.places.contains("/etc/pkcs11/modules"))
    }
}
