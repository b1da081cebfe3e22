// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A TPM of software on loopback behind the real tpm2-pkcs11 module (Tests/TPMStack/tpm-stack), with an empty token.
/// Ended with its last owner.
public final class TPMStack: Sendable {
    private let owner: TemporaryFolder

    /// The folder of the stack.
    public var path: String { owner.path }

    /// Starts one with a new token.
    public init() async throws {
        owner = try TemporaryFolder(named: "tpm")
        try await ChildProcess.output(of: Self.script, ["start", owner.path])
    }

    deinit {
        _ = try? RunningProcess(Self.script, ["stop", owner.path]).wait()
    }

    private static var script: String {
        BuildProducts.sources.appendingPathComponent("Tests/TPMStack/tpm-stack").path
    }

    /// What a process needs in its environment to see the TPM of a folder.
    public static func environment(of path: String) throws -> [String: String] {
        try StackEnvironment.read("\(path)/env")
    }

    /// The path of the module.
    public static func module(of path: String) throws -> String {
        try StackEnvironment.value("TPM2_PKCS11_MODULE", in: "\(path)/env")
    }

    /// Stops the TPM of a folder: as near to pulling it out as a chip that is soldered in can come.
    public static func pull(_ path: String) async throws { try await ChildProcess.output(of: script, ["stop", path]) }

    /// Starts it again, at the same address.
    public static func insert(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["start", path])
    }

    /// Frees what a client that died left in the TPM.
    public static func flush(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["flush", path])
    }

    /// Ends the lock-out that follows wrong PINs.
    public static func forgive(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["forgive", path])
    }
}

/// The `env` file of a stack: lines like "export NAME='value'".
enum StackEnvironment {
    struct Missing: Error { let name: String }

    static func read(_ path: String) throws -> [String: String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var environment: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("export ") {
            let parts = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            environment[String(parts[0])] = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "'"))
        }
        return environment
    }

    static func value(_ name: String, in path: String) throws -> String {
        guard let value = try read(path)[name], !value.isEmpty else { throw Missing(name: name) }
        return value
    }
}
