// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The sweep of a renewal: from the first call to the installed certificate in one process, killed at every third or
/// fifth call and around the exchanges that a first request does not have. Part of the suite that runs alone.
extension KillSweepTests {
    static let renewals = [
        Kind(type: "commercial", model: .separateSlot), Kind(type: "qualified", model: .alwaysAuthenticate),
    ]

    @Test(arguments: renewals)
    func `killed in the middle of a renewal, it ends with one order, one new key and one certificate`(
        kind: Kind
    ) async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let whole = try await Renewing(type: kind.type, model: kind.model, with: ca)
        let before = try whole.device.calls().count
        #expect(try await whole.renew("--wait=1", "--accept").status == 0)
        let calls = try whole.device.calls().count - before - 1
        // A renewal of a qualified one has half as many calls again, and is as long to sweep.
        let moments = stride(from: 1, through: calls, by: kind.type == "qualified" ? 5 : 3).map { call in
            "at:\(call) \(call.isMultiple(of: 2) ? "kill" : "kill-after")"
        }
        let kills = try await withThrowingTaskGroup(of: Bool.self) { group in
            var kills = 0
            for (index, moment) in moments.enumerated() {
                if index >= 2, try await group.next() == true { kills += 1 }
                group.addTask {
                    let it = try await Renewing(type: kind.type, model: kind.model, with: ca)
                    try it.device.setFault(moment)
                    let interrupted = try await it.renew("--wait=1", "--accept")
                    try it.device.clearFaults()
                    try await it.finish(comment: moment)
                    return interrupted.wasSignalled
                }
            }
            while let killed = try await group.next() { if killed { kills += 1 } }
            return kills
        }
        #expect(kills >= moments.count - 1)
        print("sweep (renewal, \(kind)): \(kills) kills around \(calls) PKCS#11 calls, nothing lost")
    }

    @Test(arguments: ["renewal:1 hold-before", "renewal:1 hold-after"])
    func `killed while the CA has a renewal's exchange, it ends likewise`(fault: String) async throws {
        let it = try await Renewing()
        let sign = it.user.program.home.file("the-exchange-hangs")
        try await it.ca.operate("fault", "\(fault) \(sign.path)")
        let renewing = ["renew", "--wait=1", "--accept"] + it.user.secrets
        let outcome = try await it.user.program.runAndKill(renewing, when: sign)
        #expect(outcome.wasSignalled)
        try await it.ca.operate("clear-faults")
        try await it.finish(comment: fault)
    }
}

extension Renewing {
    /// The user carries on to the end, and everything must be there once.
    func finish(comment: String) async throws {
        for _ in 0..<2 where try await user.requests().first?["renewal"] == nil {
            // Nothing was written down: the user simply begins again.
            _ = try await renew(serialNumber)
        }
        let known = try await user.requests()
        try #require(known.count == 2, "\(comment)")
        if known[0]["status"] as? String != "installed" {
            let resumed = try await run("resume", try await number(), "--accept")
            #expect(resumed.status == 0, "\(comment): \(resumed.outputText) \(resumed.errorText)")
        }
        let requests = try await user.requests()
        #expect(requests.allSatisfy { $0["status"] as? String == "installed" }, "\(comment): \(requests)")
        #expect(try await certificates().count { $0["hasKey"] as? Bool == true } == 2, "\(comment)")
        #expect(try await keys() == 2, "\(comment)")
        let hash = try #require(requests[0]["publicKeySHA256"] as? String)
        let list = try await ca.operate("list").split(separator: "\n")
        #expect(list.count { $0.contains(hash) && $0.contains("\"accepted\"") } == 1, "\(comment)")
        let mine = requests.compactMap { $0["publicKeySHA256"] as? String }
        #expect(list.count { line in mine.contains { line.contains($0) } } == 2, "\(comment)")
    }
}
