// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Credentials
@testable import isignum_cli

/// What the wizard says of a qualified device whose certification is over or unknown, before a key is spent on it; and
/// what it offers to experts.
@Suite struct CertificationTranscriptTests {
    /// A device and a CA that knows devices of its kind.
    private struct Lane {
        let ca: RunningCA
        let device: SimulatedDevice
        let program: Program

        init(certified: String = "ProID+Q=2031-12-31", keys: SimulatedDevice.Keys = .rsa2048) async throws {
            ca = try RunningCA("--device", certified)
            device = try await SimulatedDevice.provision(keys: keys)
            program = try Program(on: device)
            try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        }

        /// Nothing was made on the device. Asked at the end, it keeps device and CA alive until then.
        func isUntouched() throws -> Bool { try device.count(of: "C_GenerateKeyPair") == 0 }
    }

    /// Says no at the end.
    private func talk(
        _ program: Program,
        _ flags: [String],
        _ screen: TranscriptTests.Screen,
        _ steps: [(String, String)] = []
    ) async throws -> String {
        let given = ["new", "--holder", "person", "--name", "Jan", "--email", "jan@example.cz", "--phone", "601234567"]
        let send = screen.isCzech ? "odeslat žádost? [A/n]" : "send the request? [Y/n]"
        let talk = try Conversation(
            program,
            given + ["--lang", screen.language] + flags,
            columns: screen.columns,
            steps + [(send, "n\n")]
        )
        let outcome = try await talk.run()
        #expect(outcome.status == 75)
        return outcome.shown
    }

    @Test(arguments: TranscriptTests.screens) func `a certification that is over or unknown is told first`(
        screen: TranscriptTests.Screen
    ) async throws {
        for (name, device) in [("ended", "ProID+Q=2020-12-31"), ("unknown", "ProID+Q=")] {
            let lane = try await Lane(certified: device)
            let shown = try await talk(lane.program, ["--type", "qualified"], screen)
            try Transcript.check(shown, "certification-\(name).\(screen.language).\(screen.columns)", hiding: [])
            #expect(try lane.isUntouched())
        }
    }

    @Test(arguments: TranscriptTests.screens) func `experts choose among the keys that the device has`(
        screen: TranscriptTests.Screen
    ) async throws {
        let question = screen.isCzech ? "Druh klíče [1]" : "Kind of key [1]"
        let flags = ["--expert", "--type", "commercial"]
        let all = try await Lane(keys: .all)
        let steps = [("Token [1]", "\n"), (question, "?\n"), (question, "3\n"), (question, "2\n")]
        let shown = try await talk(all.program, flags, screen, steps)
        try Transcript.check(shown, "expert.\(screen.language).\(screen.columns)", hiding: [])
        let few = try await Lane()
        let less = try await talk(
            few.program,
            flags,
            screen,
            [("Token [1]", "\n"), (question, "2\n"), (question, "\n")]
        )
        #expect(!less.contains("rsa4096") && !less.contains("p256"))
        #expect(try all.isUntouched() && few.isUntouched())
    }

    @Test func `a CA that cannot be reached is met before the first question`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try program.configure(
            "modules = [\"\(try SimulatedDevice.module())\"]\n[ca.gone]\nurl = \"https://127.0.0.1:1/\"\n"
        )
        let outcome = try await Conversation(program, ["new", "--lang", "en"], columns: 100, []).run()
        #expect(outcome.status == 69)
        #expect(!outcome.shown.contains("[1]") && outcome.shown.contains("cannot be reached"))
    }

    @Test func `the day of its end is the device's last`() {
        let end = Date(timeIntervalSince1970: 1_900_000_000)
        func standing(qualified: Bool, _ end: Date?, at now: Date) -> DeviceStanding {
            let token = TokenDescription(
                identity: TokenIdentity(label: "l", serial: "s", manufacturer: "m", model: "o"),
                profileName: "p",
                isQualifiedDevice: qualified,
                firmware: nil,
                reader: nil,
                pin: .ok,
                qpin: nil,
                qualifiedCertificateLimit: nil,
                memory: nil
            )
            return DeviceStanding(token, certifiedUntil: end, now: now)
        }
        #expect(standing(qualified: true, end, at: end) == .certified(until: end))
        #expect(standing(qualified: true, end, at: end + 1) == .ended(end))
        #expect(standing(qualified: true, nil, at: end) == .unknown)
        #expect(standing(qualified: false, end, at: end) == .notQualified)
    }
}
