// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Tokens of SoftHSM in a folder of their own, seen through a module that logs every call.
///
/// SoftHSM takes its folder from the environment of the process, and a process starts a module once: a story on a
/// token belongs in a child process (an exit test), which calls `adopt` first.
public struct SoftHSM: Sendable {
    /// A token that is to be made.
    public struct Token: Sendable {
        let label: String
        let pin: String

        /// Names a token and its user PIN.
        public init(label: String, pin: String) {
            self.label = label
            self.pin = pin
        }
    }

    private let owner: TemporaryFolder

    /// The folder of the tokens.
    public var path: String { owner.path }

    /// The module itself.
    public static let bareModule = "/usr/lib/softhsm/libsofthsm2.so"
    /// The module behind OpenSC's spy, which writes down each call.
    public static let loggingModule = "/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so"

    /// Makes tokens.
    public static func provision(_ tokens: [Token]) async throws -> SoftHSM {
        let folder = try TemporaryFolder(named: "softhsm")
        let store = folder.file("tokens")
        try FileManager.default.createDirectory(at: store, withIntermediateDirectories: false)
        let configuration = "directories.tokendir = \(store.path)\nobjectstore.backend = file\nlog.level = ERROR\n"
        try Data(configuration.utf8).write(to: folder.file("softhsm2.conf"))
        for token in tokens {
            try await ChildProcess.output(
                of: "softhsm2-util",
                ["--init-token", "--free", "--label", token.label, "--so-pin", "87654321", "--pin", token.pin],
                environment: environment(of: folder.path)
            )
        }
        return SoftHSM(owner: folder)
    }

    /// Has this process use the tokens of a folder. To be called once, before a module is loaded.
    public static func adopt(_ path: String) {
        for (name, value) in environment(of: path) { setenv(name, value, 1) }
    }

    /// The names of the functions that were called so far, in their order.
    public func calls() throws -> [String] {
        // The spy writes "12: C_Login" before it calls, with the time on a line of its own.
        let text = String(decoding: try Data(contentsOf: owner.file("calls")), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ": ", maxSplits: 1)
            guard parts.count == 2, Int(parts[0]) != nil, parts[1].hasPrefix("C_") else { return nil }
            return String(parts[1])
        }
    }

    /// What a process needs in its environment to see the tokens of a folder.
    public static func environment(of path: String) -> [String: String] {
        [
            "SOFTHSM2_CONF": "\(path)/softhsm2.conf",
            "PKCS11SPY": bareModule,
            "PKCS11SPY_OUTPUT": "\(path)/calls",
        ]
    }
}
