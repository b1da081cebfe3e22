// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials
internal import Foundation

/// How a module does, how many devices it shows, and which of their secrets are blocked or were never set: found out in a process of its own and kept nowhere.
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

    /// Why it is unusable, where that was said.
    public let failure: KeyStoreError?
    /// The devices with a secret that is blocked.
    public let blocked: [BlockedDevice]
    /// The devices with a secret that was never set.
    public let unset: [BlockedDevice]
    /// Its devices that mark secrets as their maker's.
    public let ofFactory: [OfFactory]

    /// A device on which no key is made before its secrets are changed.
    public struct OfFactory: Sendable, Equatable {
        /// What it calls itself.
        public let label: String
        /// The secrets that still have the maker's values.
        public let secrets: [SecretKind]
    }

    /// A device that does not take a secret, any more or yet.
    public struct BlockedDevice: Sendable, Equatable {
        /// What it calls itself, as "label (serial)".
        public let name: String
        /// Which of PIN, QPIN and PUK are meant.
        public let secrets: [SecretKind]
        /// Those for which a way is known to set them anew with the PUK.
        public let mendable: [SecretKind]
    }

    private static let prefix = "isignum: devices: "
    private static let factoryPrefix = "isignum: of the factory: "
    private static let blockedPrefix = "isignum: blocked: "
    private static let unsetPrefix = "isignum: never set: "

    /// - Parameter outcome: `nil` when no process could be had.
    init(_ outcome: TrialRun.Outcome?, path: String) {
        let said = outcome?.said ?? ""
        let lines = said.split(separator: "\n")
        let count = lines.last { $0.hasPrefix(Self.prefix) }.flatMap { Int($0.dropFirst(Self.prefix.count)) }
        tokens = count ?? 0
        ofFactory = said.split(separator: "\n").filter { $0.hasPrefix(Self.factoryPrefix) }.compactMap { line in
            let parts = line.dropFirst(Self.factoryPrefix.count).split(separator: " ", maxSplits: 1)
            guard let kinds = parts.first?.split(separator: ",").compactMap({ SecretKind(rawValue: String($0)) }),
                !kinds.isEmpty
            else { return nil }
            return OfFactory(label: parts.count > 1 ? String(parts[1]) : "", secrets: kinds)
        }
        failure = count == nil ? ModuleRefusal(said: said)?.error(about: path) : nil
        blocked = lines.compactMap { BlockedDevice($0, after: Self.blockedPrefix) }
        unset = lines.compactMap { BlockedDevice($0, after: Self.unsetPrefix) }
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
            let blocked =
                devices.compactMap { line(of: $0, secrets: .locked, after: blockedPrefix) }
                + devices.compactMap { line(of: $0, secrets: .notInitialised, after: unsetPrefix) }
            return marked.joined() + blocked.joined() + "\(prefix)\(devices.count)\n"
        } catch {
            return ModuleTrial.refusal + ModuleRefusal(error).line
        }
    }

    /// - Returns: `nil` for a device without a secret in that state.
    private static func line(of device: Device, secrets state: SecretState, after prefix: String) -> String? {
        let known = device.description(reader: nil)
        let states: [(SecretKind, SecretState?)] = [(.pin, known.pin), (.qpin, known.qpin), (.puk, known.puk)]
        let meant = states.filter { $0.1 == state }.map { "\($0.0.rawValue)\(device.canUnblock($0.0) ? "+" : "")" }
        guard !meant.isEmpty else { return nil }
        return "\(prefix)\(meant.joined(separator: ",")) \(known.identity.label) (\(known.identity.serial))\n"
    }
}

extension ModuleReport.BlockedDevice {
    /// Reads what the other process says of a device.
    fileprivate init?(_ line: Substring, after prefix: String) {
        guard line.hasPrefix(prefix) else { return nil }
        let words = line.dropFirst(prefix.count).split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        let names = words[0].split(separator: ",")
        secrets = names.compactMap { SecretKind(rawValue: String($0.prefix { $0 != "+" })) }
        mendable = names.filter { $0.hasSuffix("+") }.compactMap { SecretKind(rawValue: String($0.dropLast())) }
        name = String(words[1])
    }
}

extension ModuleTrial {
    /// Reports on modules, all at once; for as long as a slow card takes to be read, and some more. Blocks.
    ///
    /// - Parameter program: as for a trial.
    public static func reports(on paths: [String], by program: String) -> [String: ModuleReport] {
        let runs = paths.map { TrialRun(program, [countingArgument, $0]) }
        let deadline = Date().addingTimeInterval(limit * 1.5)
        let reports = zip(paths, runs).map { ($0, ModuleReport($1?.outcome(before: deadline), path: $0)) }
        return Dictionary(reports) { first, _ in first }
    }
}
