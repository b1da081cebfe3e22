// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Somebody who holds a certificate and renews it.
struct Renewing {
    let ca: RunningCA
    let user: Interrupted
    /// The first certificate, as `list` shows it.
    let first: [String: Any]

    init(
        type: String = "commercial",
        model: SimulatedDevice.Model = .separateSlot,
        with ca: RunningCA? = nil,
        holder: String = "person"
    ) async throws {
        let ca = try ca ?? RunningCA("--auto-approve", "0")
        self.ca = ca
        user = try await Interrupted(with: ca, type: type, model: model)
        let done = try await user.program.run(user.beginning + ["--holder", holder, "--wait=1", "--accept"])
        try #require(done.status == 0, "\(done.outputText) \(done.errorText)")
        first = try #require(try done.document()["certificate"] as? [String: Any])
    }

    var device: SimulatedDevice { user.device }
    var serialNumber: String { first["serialNumber"] as? String ?? "" }

    var serialNumberHex: String { first["serialNumberHex"] as? String ?? "" }

    /// `isignum renew`, without anybody to ask.
    func renew(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await user.program.run(["renew"] + arguments + user.secrets)
    }

    /// Any other command.
    func run(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await user.program.run(arguments + user.secrets)
    }

    func certificates() async throws -> [[String: Any]] {
        let document = try await user.program.run("list", "--json").document()
        return (document["tokens"] as? [[String: Any]] ?? []).flatMap {
            $0["certificates"] as? [[String: Any]] ?? []
        }
    }

    /// The journal's number of the latest request.
    func number() async throws -> String {
        "\(try #require(try await user.requests().first?["number"] as? Int))"
    }

    /// How many keys there are, in both areas.
    func keys() async throws -> Int {
        var keys = try await device.publicKeys(slot: 0)
        if try device.hasSignatureSlot { keys += try await device.publicKeys(slot: 1) }
        return keys
    }

    /// The exchanges about renewals, answered or not.
    func orders() throws -> [String] { try ca.exchanges().filter { $0.contains("/v1/renewals") } }
}

@Suite struct RenewalStoryTests {
    static let kinds = KillSweepTests.kinds

    @Test(arguments: kinds)
    func `a certificate is followed by another, ordered with the old key`(kind: KillSweepTests.Kind) async throws {
        let it = try await Renewing(type: kind.type, model: kind.model)
        let done = try await it.renew("--wait=1", "--accept")
        #expect(done.status == 0, "\(done.outputText) \(done.errorText)")
        let document = try done.document()
        #expect(document["status"] as? String == "installed")
        #expect(document["type"] as? String == kind.type)
        #expect(document["name"] as? String == "Jan Žižka")
        #expect(document["markers"] as? [String] == (kind.type == "qualified" ? ["QESCD"] : ["NCP+"]))
        let renewal = try #require(document["renewal"] as? [String: Any])
        #expect(renewal["term"] as? String == "one-year")
        #expect((renewal["replaces"] as? [String: Any])?["serialNumber"] as? String == it.serialNumber)
        let certificates = try await it.certificates()
        #expect(certificates.count == 2)
        #expect(certificates.allSatisfy { $0["hasKey"] as? Bool == true })
        #expect(Set(certificates.compactMap { $0["subject"] as? String }).count == 1)
        #expect(try await it.keys() == 2)
        #expect(try it.orders() == ["POST /v1/renewals 201"])

        let again = try await it.renew(it.serialNumber)
        #expect(again.status == 65)
        #expect(try again.failure()["code"] == "already_renewed")
    }
}
