// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Kills the client before and after every call to the token and every exchange with the CA, and lets the user carry
/// on: there is always one request, one key and one certificate in the end.
@Suite(.serialized) struct KillSweepTests {
    struct Kind: Sendable, CustomStringConvertible {
        let type: String
        let model: SimulatedDevice.Model
        var description: String { "\(type), \(model.rawValue)" }
    }

    static let kinds = [
        Kind(type: "commercial", model: .separateSlot), Kind(type: "qualified", model: .separateSlot),
        Kind(type: "qualified", model: .alwaysAuthenticate),
    ]

    @Test(arguments: kinds) func `killed around every call to the token, nothing is lost`(kind: Kind) async throws {
        let ca = try RunningCA()
        let calls = try await countCalls(kind, ca)
        var moments: [(phase: String, call: Int, fault: String)] = []
        for call in 1...calls.new { for fault in ["kill", "kill-after"] { moments.append(("new", call, fault)) } }
        for call in 1...calls.install {
            for fault in ["kill", "kill-after"] { moments.append(("install", call, fault)) }
        }
        let kills = try await withThrowingTaskGroup(of: Bool.self) { group in
            var kills = 0
            // As many at a time as a small machine has cores.
            for (index, moment) in moments.enumerated() {
                if index >= 2, try await group.next() == true { kills += 1 }
                group.addTask {
                    try await survive(kind, ca, phase: moment.phase, fault: "at:\(moment.call) \(moment.fault)")
                }
            }
            while let killed = try await group.next() { if killed { kills += 1 } }
            return kills
        }
        // The last call of each phase ends the session: a kill after it may come too late to be one.
        #expect(kills >= moments.count - 2)
        print("sweep (\(kind)): \(kills) kills around \(calls.new) + \(calls.install) PKCS#11 calls, nothing lost")
    }

    @Test func `killed around every exchange with the CA, nothing is lost`() async throws {
        let ca = try RunningCA()
        let moments = [
            ("new", "devices"), ("new", "submit"), ("install", "status"), ("install", "certificate"),
            ("install", "decision"),
        ]
        for (phase, operation) in moments {
            for fault in ["hold-before", "hold-after"] {
                try await surviveExchange(ca, phase: phase, fault: "\(operation):1 \(fault)")
            }
        }
        print("sweep: \(moments.count * 2) kills around \(moments.count) HTTP exchanges, nothing lost")
    }

    private func countCalls(_ kind: Kind, _ ca: RunningCA) async throws -> (new: Int, install: Int) {
        let user = try await Interrupted(with: ca, type: kind.type, model: kind.model)
        let begun = try await user.program.run(user.beginning)
        let id = try #require(try begun.document()["id"] as? String)
        let new = try user.device.calls().count - 1
        try await ca.operate("approve", id)
        #expect(try await user.program.run(user.installing(id)).status == 0)
        // Each process asks for the function list once, which is not among the calls that faults count.
        return (new, try user.device.calls().count - 2 - new)
    }

    /// - Returns: whether the client really was killed.
    private func survive(_ kind: Kind, _ ca: RunningCA, phase: String, fault: String) async throws -> Bool {
        let user = try await Interrupted(with: ca, type: kind.type, model: kind.model)
        var id: String?
        var arguments = user.beginning
        if phase == "install" {
            let begun = try await user.program.run(user.beginning)
            let begunID = try #require(try begun.document()["id"] as? String)
            try await ca.operate("approve", begunID)
            arguments = user.installing(begunID)
            id = begunID
        }
        try user.device.setFault(fault)
        let interrupted = try await user.program.run(arguments)
        try user.device.clearFaults()
        try await user.finish(id: id, comment: "\(phase) \(fault)")
        return interrupted.wasSignalled
    }

    private func surviveExchange(_ ca: RunningCA, phase: String, fault: String) async throws {
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        var id: String?
        var arguments = user.beginning
        if phase == "install" {
            let begun = try await user.program.run(user.beginning)
            let begunID = try #require(try begun.document()["id"] as? String)
            try await ca.operate("approve", begunID)
            arguments = user.installing(begunID)
            id = begunID
        }
        let sign = user.program.home.file("the-exchange-hangs")
        try await ca.operate("fault", "\(fault) \(sign.path)")
        let outcome = try await user.program.runAndKill(arguments, when: sign)
        #expect(outcome.wasSignalled, "\(phase) \(fault)")
        try await ca.operate("clear-faults")
        try await user.finish(id: id, comment: "\(phase) \(fault)")
    }
}

extension RunningCA {
    /// Whether a request has its certificate.
    func isIssued(_ id: String) async throws -> Bool {
        try await operate("list").split(separator: "\n").contains { $0.contains(id) && $0.contains("serialNumber") }
    }
}
