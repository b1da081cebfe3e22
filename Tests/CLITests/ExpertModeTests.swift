// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// Experts are told that they are, in red where there are colours; and get the keys that the device has.
@Suite struct ExpertModeTests {
    @Test(
        arguments: [
            (["TERM": "xterm"], true), (["TERM": "xterm", "NO_COLOR": ""], true),
            (["TERM": "xterm", "NO_COLOR": "1"], false),
            (["TERM": "dumb"], false), ([:], false),
        ] as [([String: String], Bool)]
    ) func `the marker is red only where colours are`(
        environment: [String: String],
        isRed: Bool
    ) {
        let text = ExpertMarker.text("one two three", width: 8, environment: environment)
        #expect(text == (isRed ? "\u{1B}[97;41mone two\u{1B}[0m\n\u{1B}[97;41mthree\u{1B}[0m\n" : "one two\nthree\n"))
    }

    @Test func `the configuration can make every run an expert's`() async throws {
        let device = try await SimulatedDevice.provision(keys: .all)
        let program = try Program(on: device)
        let module = try SimulatedDevice.module()
        try program.configure("expert = true\nmodules = [\"\(module)\"]\n[ca.gone]\nurl = \"https://127.0.0.1:1/\"\n")
        let talk = try Conversation(program, ["device", "list", "--lang", "en"], columns: 80, [])
        let outcome = try await talk.run()
        #expect(outcome.status == 0 && outcome.shown.hasPrefix("Expert mode: "))
        #expect(outcome.shown.contains("rsa2048, rsa4096") && !outcome.shown.contains("p256"))
        #expect(try await program.run("device", "list").errorText.isEmpty)
        try program.configure("expert = \"yes\"\n")
        #expect(try await program.run("device", "list", "--json").failure()["code"] == "configuration_bad_value")
    }

    @Test(arguments: ["p256", "rsa3072"]) func `a key beyond profile or mechanism list is refused with what there is`(
        key: String
    ) async throws {
        let ca = try RunningCA("--device", "ProID+Q=2031-12-31")
        let device = try await SimulatedDevice.provision(keys: .all)
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        let pin = "file:\(device.path)/secrets/pin"
        let arguments = ["new", "--type", "commercial", "--json", "--no-input", "--pin-from", pin, "--key", key]
        let refused = try await program.run(arguments + ["--expert"])
        #expect(refused.status == 65)
        let failure = try refused.failure()
        #expect(failure["code"] == "algorithm_not_offered" && failure["hint"]?.contains("rsa2048, rsa4096") == true)
        #expect(try device.count(of: "C_Login") == 0 && device.count(of: "C_GenerateKeyPair") == 0)
        let requests = try await program.run("requests", "--json").document()["requests"] as? [Any]
        #expect(requests?.isEmpty == true)
    }
}
