// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A simulated device in a folder of its own (Tests/SimulatedDevice/README.md); the folder goes with its last owner.
///
/// The module takes the folder from the environment of its process and is started once in it: stories belong in a
/// child process, either the client's own (`environment`) or an exit test that calls `adopt` first.
public struct SimulatedDevice: Sendable {
    /// How the QPIN shows.
    public enum Model: String, Sendable {
        /// In a slot of its own.
        case separateSlot = "separate-slot"
        /// At each signature of a key in the qualified area.
        case alwaysAuthenticate = "always-authenticate"
        /// Typed on the device.
        case protectedPath = "protected-path"
        /// Before a key of the qualified area is generated, and at each of its signatures.
        case atGeneration = "at-generation"
    }

    /// Which keys it offers.
    public enum Keys: String, Sendable {
        /// RSA of 2,048 bits alone.
        case rsa2048
        /// All that SoftHSM has.
        case all
    }

    /// One line of the log.
    public struct Call: Sendable {
        /// The process that called.
        public let process: Int
        /// The function.
        public let function: String
        /// What it returned, as "0x0"; or the fault that ended the process.
        public let outcome: String
    }

    private let owner: TemporaryFolder

    /// The folder of the device.
    public var path: String { owner.path }

    /// What a process needs in its environment to see the device.
    public var environment: [String: String] { Self.environment(of: path) }

    /// Makes a device with made-up secrets, or with those of the factory.
    public static func provision(
        model: Model = .separateSlot,
        keys: Keys = .rsa2048,
        factory: Bool = false
    ) async throws -> SimulatedDevice {
        let folder = try TemporaryFolder(named: "device")
        let script = BuildProducts.sources.appendingPathComponent("Tests/SimulatedDevice/provision").path
        try await ChildProcess.output(
            of: script,
            [folder.path, "--model", model.rawValue, "--keys", keys.rawValue] + (factory ? ["--factory"] : [])
        )
        // The first process that sees a device makes its tokens; stories begin with one that is made, and an empty log.
        try await ChildProcess.output(
            of: "pkcs11-tool",
            ["--module", try module(), "--list-slots"],
            environment: environment(of: folder.path)
        )
        try FileManager.default.removeItem(at: folder.file("calls.log"))
        return SimulatedDevice(owner: folder)
    }

    /// The path of the module.
    ///
    /// - Throws: `BuildProducts.Missing` when it was not built.
    public static func module() throws -> String { try BuildProducts.file("libSimulatedDevice.so").path }

    /// Has this process see the device of a folder. To be called once, before a module is loaded.
    public static func adopt(_ path: String) {
        for (name, value) in environment(of: path) { setenv(name, value, 1) }
    }

    /// A secret of the device of a folder: "pin", "qpin" or "puk".
    public static func secret(_ name: String, of path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/secrets/\(name)")), as: UTF8.self)
    }

    /// The calls so far, C_GetFunctionList among them.
    public func calls() throws -> [Call] {
        // No log is no calls.
        let log = owner.file("calls.log")
        guard FileManager.default.fileExists(atPath: log.path) else { return [] }
        let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count >= 4, let process = Int(parts[1]) else { return nil }
            return Call(process: process, function: String(parts[2]), outcome: String(parts[3]))
        }
    }

    /// How often a function was called.
    public func count(of function: String) throws -> Int { try calls().filter { $0.function == function }.count }

    /// Adds a fault, as "C_Sign:1 return 0x5". It takes effect at once, also in a process that runs.
    public func setFault(_ fault: String) throws { try set("fault", fault) }

    /// Takes all faults back.
    public func clearFaults() throws {
        let file = owner.file("simulator.conf")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("fault") }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file, options: .atomic)
    }

    /// How many public keys a slot shows to everybody.
    public func publicKeys(slot: Int) async throws -> Int {
        let arguments = ["--module", try Self.module(), "--slot", "\(slot)", "--list-objects", "--type", "pubkey"]
        let text = try await ChildProcess.output(of: "pkcs11-tool", arguments, environment: environment)
        return text.split(separator: "\n").count { $0.hasPrefix("Public Key Object") }
    }

    /// Gives the device the PIN of the factory, which no client of ours would take for a new one.
    public func giveFactoryPIN() async throws {
        try await ChildProcess.output(
            of: "pkcs11-tool",
            ["--module", try Self.module(), "--slot", "0", "--change-pin", "--pin", "env:OLD", "--new-pin", "env:NEW"],
            environment: environment.merging(
                ["OLD": try Self.secret("pin", of: path), "NEW": "12345678"],
                uniquingKeysWith: { $1 }
            )
        )
    }

    /// Adds a line to the device's configuration; a later line of the same name wins.
    public func set(_ name: String, _ value: String) throws {
        let file = owner.file("simulator.conf")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self) + "\(name) = \(value)\n"
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    private static func environment(of path: String) -> [String: String] {
        ["SOFTHSM2_CONF": "\(path)/softhsm2.conf", "ISIGNUM_SIMULATOR": "\(path)/simulator.conf"]
    }
}
