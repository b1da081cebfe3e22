// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The card is pulled at every tenth APDU of an enrolment, before and after it does what it was told; afterwards there
/// is always one request, one certificate and its key.
@Suite(.serialized, .timeLimit(.minutes(20))) struct CardSweepTests {
    /// What one run left.
    private struct Outcome { let pulled: Bool, leftovers: CardUser.Leftovers, logins: Int, verifications: Int }

    /// One half of the pulls comes before the card obeys, the other half after it; for the other type the other way
    /// round, so that both happen at each place.
    @Test(arguments: [("commercial", ["pull-before", "pull-after"]), ("qualified", ["pull-after", "pull-before"])])
    func `pulled at every tenth APDU, nothing is lost and nothing doubled`(
        type: String,
        actions: [String]
    ) async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let count = try await apdus(of: type, ca)
        var outcomes: [Outcome] = []
        // As many at a time as a small machine has cores.
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for (index, apdu) in stride(from: 10, through: count, by: 10).enumerated() {
                if index >= 2, let outcome = try await group.next() { outcomes.append(outcome) }
                group.addTask { try await survive(type, ca, at: apdu, actions[index % 2]) }
            }
            for try await outcome in group { outcomes.append(outcome) }
        }
        #expect(outcomes.count == count / 10)
        #expect(outcomes.count(where: \.pulled) == count / 10)
        let sums = [\Outcome.leftovers.privateKeys, \.leftovers.publicKeys, \.logins, \.verifications]
            .map { path in outcomes.reduce(0) { $0 + $1[keyPath: path] } }
        print(
            "card sweep (\(type)): pulled \(outcomes.count) times in \(count) APDUs, nothing lost; left beside the pairs "
                + "in use: \(sums[0]) private, \(sums[1]) public halves; \(sums[2]) typings, as many C_Login, "
                + "\(sums[3]) VERIFY with a secret, none of them refused"
        )
    }

    private func apdus(of type: String, _ ca: RunningCA) async throws -> Int {
        let user = try await CardUser(with: ca, type: type)
        let done = try await user.program.run(user.inOneGo)
        #expect(done.status == 0, "\(done.errorText)")
        return try user.card.exchanges().count
    }

    private func survive(_ type: String, _ ca: RunningCA, at apdu: Int, _ action: String) async throws -> Outcome {
        let user = try await CardUser(with: ca, type: type)
        let comment = "\(type), APDU \(apdu), \(action)"
        try user.setFault(at: apdu, action)
        let interrupted = try await user.program.run(user.inOneGo)
        let pulled = try await user.pushInAgain()
        // A pull during the last calls, which only log out, may go unnoticed.
        #expect([0, 66, 69].contains(interrupted.status), "\(comment): \(interrupted.outputText)")
        let id = try await user.carryOn(comment: comment)
        let verifications = try user.card.exchanges().filter(\.carriesSecret)
        let leftovers = try await user.expectOneOfEach(id, comment: comment)
        // The module repeats a secret from its own memory, but only one that the card has confirmed: no try is at stake.
        #expect(verifications.allSatisfy { $0.status == "9000" || $0.pulled }, "\(comment): \(verifications)")
        // A private half whose numbers nobody wrote down serves nothing, and goes with the next tidying up.
        if leftovers.privateKeys + leftovers.publicKeys > 0 {
            let tidied = try await user.program.run(["clean", "--unpaired-keys", "--expert", "--yes"] + user.secrets)
            #expect(tidied.status == 0, "\(comment): \(tidied.errorText)")
            let left = try await user.leftovers()
            #expect(left.privateKeys == 0 && left.publicKeys == 0, "\(comment): \(left)")
        }
        let tries = try await user.triesLeft()
        #expect(tries == [3, 3], "\(comment)")
        return Outcome(
            pulled: pulled,
            leftovers: leftovers,
            logins: try user.logins(),
            verifications: verifications.count
        )
    }
}
