// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing

/// One contract for three lanes: our simulator, a card behind the real smart-card service and OpenSC, and a TPM behind
/// tpm2-pkcs11. What a lane cannot do is in the table with its reason.
@Suite(.timeLimit(.minutes(2))) struct DeviceContractTests {
    @Test(arguments: ContractPoint.allCases, Lane.allCases)
    func `every lane keeps the contract`(point: ContractPoint, lane: Lane) async throws {
        if let reason = lane.reason(against: point) {
            print("contract: \(point.rawValue) is left out on the \(lane.rawValue): \(reason)")
            ContractTable.shared.record(point, on: lane, as: .left(reason))
            return
        }
        var result = ContractTable.Outcome.broken
        defer { ContractTable.shared.record(point, on: lane, as: result) }
        let device = try await lane.start()
        let outcome = await #expect(processExitsWith: .success) {
            [view = device.view as LaneView, point = point as ContractPoint] in
            do {
                try await ContractStories(adopting: view).keep(point)
            } catch {
                // Of what goes wrong in another process the test otherwise learns the signal alone.
                try Data("\(error)".utf8).write(to: URL(fileURLWithPath: "\(view.path)/broken"))
                throw error
            }
        }
        let wrong = try? String(contentsOfFile: "\(device.view.path)/broken", encoding: .utf8)
        if let wrong { Issue.record("\(point.rawValue), \(lane.rawValue): \(wrong)") }
        let expected = point.logins(tries: device.view.tries, lane: lane)
        let logins = try device.logins()
        #expect(expected == nil || logins == expected, "a secret goes to the module once for each typing")
        if outcome != nil, wrong == nil, expected == nil || logins == expected { result = .kept }
    }
}

extension ContractPoint {
    /// How many secrets are typed in its story; the module must have been given as many.
    fileprivate func logins(tries: Int, lane: Lane) -> Int? {
        switch self {
        case .enumerate: 0
        case .logIn, .makeRSA2048, .makeRSA4096, .makeP256, .makeP384, .install, .list, .unplug: 1
        case .wrongPIN, .replug, .remove: 2
        // The QPIN goes on to serve; where there is none, nothing tells that the PIN is blocked, and it is typed again.
        case .lockedPIN: tries + 1
        // C_SetPIN takes secrets too; the tests of care count them.
        case .changePIN, .unblockPIN: nil
        // OpenSC makes keys in its second slot only when the first is open too.
        case .qualifiedArea: lane == .card ? 2 : 1
        }
    }
}

/// What became of each point on each lane; printed when the last one is known.
final class ContractTable: Sendable {
    static let shared = ContractTable()

    enum Outcome: Sendable {
        case kept
        case left(String)
        case broken
    }

    private struct Entry: Hashable { let point: ContractPoint, lane: Lane }
    private let entries = Mutex<[Entry: Outcome]>([:])

    func record(_ point: ContractPoint, on lane: Lane, as outcome: Outcome) {
        let text = entries.withLock { entries -> String? in
            entries[Entry(point: point, lane: lane)] = outcome
            let isComplete = entries.count == ContractPoint.allCases.count * Lane.allCases.count
            return isComplete ? Self.table(entries) : nil
        }
        guard let text else { return }
        print(text)
    }

    private static func table(_ entries: [Entry: Outcome]) -> String {
        let width = ContractPoint.allCases.map(\.rawValue.count).max() ?? 0
        func row(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { index, cell in
                cell.padding(toLength: index == 0 ? width : 9, withPad: " ", startingAt: 0)
            }
            return "contract: " + padded.joined(separator: "  ")
        }
        var lines = [row(["point"] + Lane.allCases.map(\.rawValue))]
        var notes: [String] = []
        for point in ContractPoint.allCases {
            let cells = Lane.allCases.map { lane -> String in
                switch entries[Entry(point: point, lane: lane)] {
                case .kept: return "kept"
                case .left(let reason):
                    notes.append("contract: \(point.rawValue), \(lane.rawValue): \(reason)")
                    return "left out"
                case .broken, nil: return "BROKEN"
                }
            }
            lines.append(row([point.rawValue] + cells))
        }
        return (lines + notes).joined(separator: "\n")
    }
}
