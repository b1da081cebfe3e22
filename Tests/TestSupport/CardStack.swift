// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A virtual card in a reader of a private pcscd, served by the real OpenSC module (Tests/VirtualCard/card-stack). Ended
/// with its last owner.
public final class CardStack: Sendable {
    private let owner: TemporaryFolder

    /// The folder of the stack.
    public var path: String { owner.path }

    /// Starts one with a new card.
    public init() async throws {
        // The socket's path has to be short.
        owner = try TemporaryFolder(named: "card")
        try await ChildProcess.output(of: Self.script, ["start", owner.path, BuildProducts.folder.path])
    }

    deinit {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.script)
        process.arguments = ["stop", owner.path]
        try? process.run()
        process.waitUntilExit()
    }

    private static var script: String {
        BuildProducts.sources.appendingPathComponent("Tests/VirtualCard/card-stack").path
    }

    /// What a process needs in its environment to see the card.
    public var environment: [String: String] {
        ["PCSCLITE_CSOCK_NAME": "\(path)/pcscd.comm", "OPENSC_CONF": "\(path)/opensc.conf"]
    }

    /// The path of the OpenSC module.
    public func module() throws -> String {
        let text = try String(contentsOf: owner.file("env"), encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.contains("OPENSC_MODULE") } ?? ""
        return line.split(separator: "'").dropFirst().first.map(String.init) ?? ""
    }

    /// The APDUs since the last `forget`, as "20" for VERIFY: instruction codes in hexadecimal.
    public func instructions() throws -> [String] {
        guard FileManager.default.fileExists(atPath: owner.file("apdu.log").path) else { return [] }
        let text = try String(contentsOf: owner.file("apdu.log"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            return parts.count > 1 ? String(parts[1].dropFirst(2).prefix(2)) : nil
        }
    }

    /// Has OpenSC as it comes: C_SetPIN changes a PIN and never takes a PUK.
    public func useStockConfiguration() throws {
        let file = owner.file("opensc.conf")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.contains("user_pin_unblock_style") }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    }

    /// Empties the log.
    public func forget() throws { try Data().write(to: owner.file("apdu.log")) }

    /// How many secrets the card was sent: VERIFY with data.
    public func tries() throws -> Int {
        let text = try String(contentsOf: owner.file("apdu.log"), encoding: .utf8)
        return text.split(separator: "\n").count { line in
            let parts = line.split(separator: " ")
            return parts.count > 2 && parts[1].hasPrefix("0020") && parts[2] != "0" && parts[2] != "1"
        }
    }

    /// Ends the service of a folder, with its card.
    public static func stop(_ path: String) async throws { try await ChildProcess.output(of: script, ["stop", path]) }

    /// Starts the service of a folder again, with the card that it had.
    public static func start(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["start", path, BuildProducts.folder.path])
    }

    /// Takes the card of a folder out of its reader.
    public static func pull(_ path: String) async throws { try await ChildProcess.output(of: script, ["pull", path]) }

    /// Pushes the card of a folder in again.
    public static func insert(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["insert", path])
    }
}
