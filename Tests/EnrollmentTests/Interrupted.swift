// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// One user with one device who is interrupted once and then carries on.
struct Interrupted {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program
    let type: String

    init(with ca: RunningCA, type: String, model: SimulatedDevice.Model) async throws {
        self.ca = ca
        self.type = type
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

    var beginning: [String] { ["new", "--type", type, "--name", "Jan Žižka"] + secrets }

    func installing(_ id: String) -> [String] { ["install", id, "--accept"] + secrets }

    /// Does what a user does after an interruption: carries on, or begins where nothing was begun.
    ///
    /// - Returns: the ID of the one request that there is.
    func carryOn() async throws -> String {
        let known = try await requests()
        if known.isEmpty {
            let begun = try await program.run(beginning)
            #expect(begun.status == 0, "\(begun.outputText) \(begun.errorText)")
        } else {
            let resumed = try await program.run(["resume"] + secrets)
            #expect([0, 75].contains(resumed.status), "\(resumed.outputText) \(resumed.errorText)")
        }
        let requests = try await requests()
        try #require(requests.count == 1)
        return try #require(requests[0]["id"] as? String)
    }

    /// Carries on to the end, after whatever happened: everything must be there once.
    func finish(id: String?, comment: String) async throws {
        let carried = id == nil ? try await carryOn() : id
        let id = try #require(carried)
        if try await requests().first?["status"] as? String == "pending", !(try await ca.isIssued(id)) {
            try await ca.operate("approve", id)
        }
        if try await requests().first?["status"] as? String != "installed" {
            let installed = try await program.run(["resume", id, "--accept"] + secrets)
            #expect(installed.status == 0, "\(comment): \(installed.outputText) \(installed.errorText)")
        }
        try await expectOneOfEach(id)
    }

    /// Begins a request.
    ///
    /// - Returns: its ID.
    func begun() async throws -> String {
        let outcome = try await program.run(beginning)
        return try #require(try outcome.document()["id"] as? String, "\(outcome.errorText)")
    }

    /// How many certificates are on the device.
    func certificates() async throws -> Int {
        let document = try await program.run("list", "--json").document()
        let token = try #require((document["tokens"] as? [[String: Any]])?.first)
        return try #require(token["certificates"] as? [Any]).count
    }

    /// The journal.
    func requests() async throws -> [[String: Any]] {
        let outcome = try await program.run("requests", "--json")
        return try #require(try outcome.document()["requests"] as? [[String: Any]])
    }

    /// Everything that must be true in the end, whatever happened on the way.
    func expectOneOfEach(_ id: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let requests = try await requests()
        #expect(requests.count == 1, sourceLocation: sourceLocation)
        let entry = try #require(requests.first)
        #expect(entry["status"] as? String == "installed", "\(entry)", sourceLocation: sourceLocation)
        let document = try await program.run("list", "--json").document()
        let token = try #require((document["tokens"] as? [[String: Any]])?.first)
        let certificates = try #require(token["certificates"] as? [[String: Any]])
        #expect(certificates.count == 1, "\(certificates)", sourceLocation: sourceLocation)
        #expect(certificates.first?["hasKey"] as? Bool == true, sourceLocation: sourceLocation)
        var keys = try await device.publicKeys(slot: 0)
        if try device.hasSignatureSlot { keys += try await device.publicKeys(slot: 1) }
        #expect(keys == 1, sourceLocation: sourceLocation)
        let hash = try #require(entry["publicKeySHA256"] as? String)
        let list = try await ca.operate("list").split(separator: "\n")
        #expect(list.count { $0.contains(hash) } == 1, sourceLocation: sourceLocation)
        #expect(list.contains { $0.contains(id) && $0.contains("\"accepted\"") }, sourceLocation: sourceLocation)
    }
}

extension SimulatedDevice {
    /// Whether the QPIN has a slot of its own.
    var hasSignatureSlot: Bool {
        get throws {
            let text = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/simulator.conf")),
                as: UTF8.self
            )
            return !text.contains("always-authenticate")
        }
    }
}
