// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// One thing that goes wrong: how it comes about, what a user then does, and what it must end with.
struct Trouble: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int32
    /// Brings it about; gives the command that meets it.
    let prepare: @Sendable (TroubledUser) async throws -> [String]
    var testDescription: String { name }

    init(_ name: String, _ status: Int32, _ prepare: @escaping @Sendable (TroubledUser) async throws -> [String]) {
        self.name = name
        self.status = status
        self.prepare = prepare
    }
}

/// A user with a device and a CA of his own.
struct TroubledUser: Sendable {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try configure(ca.configuration)
    }

    func configure(_ authority: String) throws {
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + authority)
    }

    var secrets: [String] {
        [
            "--no-input", "--pin-from", "file:\(device.path)/secrets/pin", "--qpin-from",
            "file:\(device.path)/secrets/qpin",
        ]
    }

    func asking(_ type: String = "commercial") -> [String] { ["new", "--type", type, "--name", "Jan Žižka"] + secrets }

    /// Asks for a certificate.
    ///
    /// - Returns: the ID of the request.
    func request() async throws -> String {
        let begun = try await program.run(asking() + ["--json"])
        return try #require(try begun.document()["id"] as? String, "\(begun.errorText)")
    }

    /// Runs a command in a mount namespace of its own, after the shell has done something to its files.
    func run(_ arguments: [String], after preparation: String?) async throws -> ChildProcess.Outcome {
        guard let preparation else { return try await program.run(arguments) }
        let shell = ["--map-root-user", "--mount", "sh", "-c", "\(preparation) && exec \"$@\"", "sh"]
        return try await ChildProcess.run(
            "unshare",
            shell + [try BuildProducts.file("isignum").path] + arguments,
            environment: device.environment.merging(["ISIGNUM_HOME": program.home.path, "LC_ALL": "C.UTF-8"]) { $1 }
        )
    }

    /// Where the journal is.
    var state: String { program.home.file("state").path }

    /// What is there afterwards, in one line: nothing may be lost, and nothing may be there twice.
    func remains() async throws -> String {
        let journal = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        let states = try #require(journal).map { $0["status"] as? String ?? "?" }
        try device.set("plugged", "yes")
        let keys = try await device.publicKeys(slot: 0) + device.publicKeys(slot: 1)
        let logins = try device.count(of: "C_Login")
        let submissions = try ca.exchanges().count { $0.hasPrefix("POST /v1/requests 201") }
        return "journal: \(states.isEmpty ? "nothing" : states.joined(separator: ", ")) · "
            + "device: keys \(keys), logins \(logins) · CA: requests \(submissions)"
    }
}
