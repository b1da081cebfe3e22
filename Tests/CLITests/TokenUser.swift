// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Somebody with a simulated device, a small CA, and the real program.
struct TokenUser {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    /// - Parameter approvedAtOnce: whether the CA issues without an operator.
    init(model: SimulatedDevice.Model = .separateSlot, approvedAtOnce: Bool = true) async throws {
        try await self.init(model: model, ca: try approvedAtOnce ? RunningCA("--auto-approve", "0") : RunningCA())
    }

    /// - Parameter ca: one that a test has started in its own way.
    init(model: SimulatedDevice.Model = .separateSlot, ca: RunningCA) async throws {
        self.ca = ca
        device = try await SimulatedDevice.provision(model: model)
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    var secrets: [String] {
        [
            "--json", "--no-input", "--pin-from", "file:\(device.path)/secrets/pin", "--qpin-from",
            "file:\(device.path)/secrets/qpin",
        ]
    }

    /// Runs a command with the secrets.
    func run(_ arguments: String...) async throws -> ChildProcess.Outcome { try await program.run(arguments + secrets) }

    /// A request that was handed in.
    func request(_ type: String = "commercial", name: String = "Jan Žižka") async throws -> String {
        let outcome = try await run("new", "--type", type, "--name", name)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try #require(try outcome.document()["id"] as? String)
    }

    /// A certificate on the device.
    @discardableResult
    func installed(_ type: String = "commercial", name: String = "Jan Žižka") async throws -> String {
        let id = try await request(type, name: name)
        let outcome = try await run("install", id, "--accept")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return id
    }

    /// The certificates that `list` shows.
    func certificates() async throws -> [[String: Any]] {
        let document = try await program.run("list", "--json").document()
        return (document["tokens"] as? [[String: Any]] ?? []).flatMap {
            $0["certificates"] as? [[String: Any]] ?? []
        }
    }

    /// The candidates of a dry run.
    func candidates(_ arguments: String...) async throws -> [[String: Any]] {
        let outcome = try await program.run(["clean", "--dry-run"] + arguments + secrets)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try #require(try outcome.document()["candidates"] as? [[String: Any]])
    }

    /// A file of this user.
    func file(_ name: String) -> String { program.home.file(name).path }
}
