// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials
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

    /// Its devices that mark secrets as their maker's.
    public let ofFactory: [OfFactory]

    /// A device on which no key is made before its secrets are changed.
    public struct OfFactory: Sendable, Equatable {
        /// What it calls itself.
        public let label: String
        /// The secrets that still have the maker's values.
        public let secrets: [SecretKind]
    }

    private static let prefix = "isignum: devices: "
    private static let factoryPrefix = "isignum: of the factory: "

    /// - Parameter run: `nil` when no process could be had.
    init(_ outcome: TrialRun.Outcome?) {
        let said = outcome?.said ?? ""
        let count = said.split(separator: "\n").last { $0.hasPrefix(Self.prefix) }
            .flatMap { Int($0.dropFirst(Self.prefix.count)) }
        tokens = count ?? 0
        ofFactory = said.split(separator: "\n").filter { $0.hasPrefix(Self.factoryPrefix) }.compactMap { line in
            let parts = line.dropFirst(Self.factoryPrefix.count).split(separator: " ", maxSplits: 1)
            guard let kinds = parts.first?.split(separator: ",").compactMap({ SecretKind(rawValue: String($0)) }),
                !kinds.isEmpty
            else { return nil }
            return OfFactory(label: parts.count > 1 ? String(parts[1]) : "", secrets: kinds)
        }
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
            let devices = Device.devices(in: try Slot.all(of: module))
            let marked = devices.map { $0.description(reader: nil) }.filter { !$0.factorySecrets.isEmpty }.map {
                device in
                let kinds = device.factorySecrets.map(\.rawValue).joined(separator: ",")
                return "\(factoryPrefix)\(kinds) \(device.identity.label)\n"
            }
            return marked.joined() + "\(prefix)\(devices.count)\n"
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
