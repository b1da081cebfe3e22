// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials
internal import Foundation

/// How a module does, and how many devices it shows: found out in a process of its own and kept nowhere.
public struct ModuleReport: Sendable, Equatable {
    /// How it does.
    public enum State: Sendable {
        /// It starts, and lists what it has.
        case usable
        /// It is no module, or refuses to start or to list.
        case unusable
        /// It ended its process.
        case crashed
        /// It did not come to an end in time.
        case hung
    }

    /// How it does.
    public let state: State
    /// How many devices it shows; none unless it is usable.
    public let tokens: Int

    private static let prefix = "isignum: devices: "

    /// - Parameter run: `nil` when no process could be had.
    init(_ outcome: TrialRun.Outcome?) {
        let said = outcome?.said ?? ""
        let count = said.split(separator: "\n").last { $0.hasPrefix(Self.prefix) }
            .flatMap { Int($0.dropFirst(Self.prefix.count)) }
        tokens = count ?? 0
        if count != nil {
            state = .usable
        } else if outcome == nil || said.contains(ModuleTrial.refusal) {
            state = .unusable
        } else {
            state = outcome?.isTimedOut == true ? .hung : .crashed
        }
    }

    /// What the process that tries a module, which it has started, says of its devices.
    static func count(of functions: UnsafeMutablePointer<CK_FUNCTION_LIST>, named path: String) -> String {
        do throws(KeyStoreError) {
            let module = try Module(adopting: functions, named: path) { CKR_CRYPTOKI_ALREADY_INITIALIZED }
            // It is given back by whoever started it.
            _ = Unmanaged.passRetained(module)
            return "\(prefix)\(Device.devices(in: try Slot.all(of: module)).count)\n"
        } catch {
            return ModuleTrial.refusal
        }
    }
}

extension ModuleTrial {
    /// Reports on modules, all at once; for as long as a slow card takes to be read, and some more. Blocks.
    ///
    /// - Parameter program: as for a trial.
    public static func reports(on paths: [String], by program: String) -> [String: ModuleReport] {
        let runs = paths.map { TrialRun(program, [countingArgument, $0]) }
        let deadline = Date().addingTimeInterval(limit * 1.5)
        let reports = zip(paths, runs).map { ($0, ModuleReport($1?.outcome(before: deadline))) }
        return Dictionary(reports) { first, _ in first }
    }
}
