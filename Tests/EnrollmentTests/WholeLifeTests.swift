// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A device's whole life with one holder and the beginning of the next: first certificate, renewal with the old key, the
/// old one revoked and cleaned away, the new one exported, revoked, the device released, and somebody else's first
/// certificate. On our simulator, on a card behind the real smart-card service and OpenSC, and on a TPM.
@Suite(.timeLimit(.minutes(3))) struct WholeLifeTests {
    enum Lane: String, CaseIterable, CustomTestStringConvertible, Sendable {
        case simulator, card
        case tpm = "TPM"

        var testDescription: String { rawValue }

        /// A token of tpm2-pkcs11 has no area for another PIN.
        var type: String { self == .tpm ? "commercial" : "qualified" }
        /// The CA binds devices that it knows as qualified ones.
        var isBound: Bool { self == .simulator }
    }

    /// The device of a lane as a process sees it, with whatever has to outlive the test.
    private struct Owner {
        let path: String
        let module: String
        let environment: [String: String]
        let stack: any Sendable

        init(_ lane: Lane) async throws {
            switch lane {
            case .simulator:
                let device = try await SimulatedDevice.provision()
                (path, environment, stack) = (device.path, device.environment, device)
                module = try SimulatedDevice.module()
            case .card:
                let card = try await CardStack()
                (path, environment, stack) = (card.path, card.environment, card)
                module = try card.module()
            case .tpm:
                let tpm = try await TPMStack()
                (path, environment, stack) = (tpm.path, try TPMStack.environment(of: tpm.path), tpm)
                module = try TPMStack.module(of: tpm.path)
            }
        }
    }

    @Test(arguments: Lane.allCases) func `from the first certificate to the next holder`(lane: Lane) async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let owner = try await Owner(lane)
        defer { withExtendedLifetime(owner) {} }
        var program = try Program()
        program.environment = owner.environment
        try program.configure("modules = [\"\(owner.module)\"]\n" + ca.configuration)
        let secrets = [
            "--json", "--no-input", "--pin-from", "file:\(owner.path)/secrets/pin", "--qpin-from",
            "file:\(owner.path)/secrets/qpin",
        ]
        func run(_ arguments: String..., status: Int32 = 0) async throws -> ChildProcess.Outcome {
            let outcome = try await program.run(arguments + secrets)
            try #require(outcome.status == status, "\(arguments): \(outcome.outputText) \(outcome.errorText)")
            return outcome
        }
        func certificates() async throws -> [[String: Any]] {
            let tokens = try await program.run("list", "--json").document()["tokens"] as? [[String: Any]] ?? []
            return tokens.flatMap { $0["certificates"] as? [[String: Any]] ?? [] }
        }
        func installed(_ outcome: ChildProcess.Outcome) throws -> String {
            let document = try outcome.document()
            try #require(document["status"] as? String == "installed", "\(document)")
            let certificate = try #require(document["certificate"] as? [String: Any])
            return try #require(certificate["serialNumber"] as? String)
        }

        func renewed() async throws -> ChildProcess.Outcome {
            guard lane == .tpm else { return try await run("renew", "--wait=1", "--accept") }
            // A TPM without a resource manager has room for one loaded key of tpm2-pkcs11: the next process signs.
            _ = try await run("renew", "--wait=1", "--accept", status: 69)
            try await TPMStack.flush(owner.path)
            return try await run("resume", "2", "--accept")
        }

        let first = ["new", "--type", lane.type, "--wait=1", "--accept", "--name"]
        let old = try installed(try await program.run(first + ["Jan Žižka"] + secrets))
        let new = try installed(try await renewed())
        #expect(try await certificates().compactMap { $0["serialNumber"] as? String }.sorted() == [old, new].sorted())

        _ = try await run("revoke", old, "--reason", "superseded", "--yes")
        for (number, status) in [(old, "revoked"), (new, "good")] {
            let online = try await run("show", number, "--online").document()["online"] as? [String: Any]
            #expect(online?["status"] as? String == status)
        }
        let file = program.home.file("new.pem").path
        _ = try await run("export", new, "-o", file)
        let key = try await ChildProcess.output(of: "openssl", ["x509", "-in", file, "-noout", "-pubkey"])
        #expect(try await program.run("export", new, "--public-key").outputText == key)

        _ = try await run("clean", "--expert", old, "--yes")
        #expect(try await certificates().compactMap { $0["serialNumber"] as? String } == [new])
        let left = try await run("clean", "--expert", "--unpaired-keys", "--dry-run").document()
        #expect((left["candidates"] as? [Any])?.isEmpty == true, "\(left)")

        _ = try await run("revoke", new, "--yes")
        if lane.isBound {
            #expect(try await run("binding", "release").document()["state"] as? String == "free")
        } else {
            _ = try await run("binding", "release", status: 66)
        }
        let heir = try installed(try await program.run(first + ["Eva Nová"] + secrets))
        let subjects = try await certificates().filter { $0["serialNumber"] as? String == heir }
        #expect((subjects.first?["subject"] as? String)?.contains("Eva") == true)
        #expect(subjects.first?["hasKey"] as? Bool == true)
        print("whole life: kept on the \(lane.rawValue), \(lane.type)")
    }
}
