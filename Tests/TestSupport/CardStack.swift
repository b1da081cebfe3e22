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
        _ = try? RunningProcess(Self.script, ["stop", owner.path]).wait()
    }

    private static var script: String {
        BuildProducts.sources.appendingPathComponent("Tests/VirtualCard/card-stack").path
    }

    /// What a process needs in its environment to see the card.
    public var environment: [String: String] {
        ["PCSCLITE_CSOCK_NAME": "\(path)/pcscd.comm", "OPENSC_CONF": "\(path)/opensc.conf"]
    }

    /// The path of the OpenSC module.
    public func module() throws -> String { try Self.module(of: path) }

    /// The path of the OpenSC module, for the stack of a folder.
    public static func module(of path: String) throws -> String {
        try StackEnvironment.value("OPENSC_MODULE", in: "\(path)/env")
    }

    /// What a process needs in its environment to see the card of a folder.
    public static func environment(of path: String) throws -> [String: String] {
        try StackEnvironment.read("\(path)/env")
    }

    /// The APDUs since the last `forget`, in order.
    public func exchanges() throws -> [Exchange] {
        guard FileManager.default.fileExists(atPath: owner.file("apdu.log").path) else { return [] }
        let text = try String(contentsOf: owner.file("apdu.log"), encoding: .utf8)
        return text.split(separator: "\n").compactMap(Exchange.init)
    }

    /// Has OpenSC as it comes: C_SetPIN changes a PIN and never takes a PUK.
    public func useStockConfiguration() throws {
        let file = owner.file("opensc.conf")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.contains("user_pin_unblock_style") }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    }

    /// The instruction codes of the APDUs since the last `forget`, as "20" for VERIFY.
    public func instructions() throws -> [String] { try exchanges().map(\.instruction) }

    /// Empties the log.
    public func forget() throws { try Data().write(to: owner.file("apdu.log")) }

    /// How many secrets the card was sent: VERIFY with data.
    public func tries() throws -> Int { try exchanges().count(where: \.carriesSecret) }

    /// What the card is to do wrong; see Tests/VirtualCard/main.c. It takes effect with the next APDU.
    public static func setFault(_ fault: String, of path: String) throws {
        try Data((fault + "\n").utf8).write(to: URL(fileURLWithPath: "\(path)/fault"))
    }

    /// Takes the fault back.
    public static func clearFault(of path: String) throws {
        try Data().write(to: URL(fileURLWithPath: "\(path)/fault"))
    }

    /// Restarts the service; whoever talked to it is cut off.
    public static func restartService(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["restart", path])
    }

    /// Takes the reader away, with the card in it.
    public static func pullReader(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["reader-out", path])
    }

    /// Gives the reader back.
    public static func insertReader(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["reader-in", path])
    }

    /// Ends the service of a folder, with its card.
    public static func stop(_ path: String) async throws { try await ChildProcess.output(of: script, ["stop", path]) }

    /// Starts the service of a folder again, with the card that it had.
    public static func start(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["start", path, BuildProducts.folder.path])
    }

    /// A card in a second reader.
    public enum SecondCard: Sendable {
        /// Another card with the same label, the same secrets and a serial number of its own.
        case equal
        /// A copy of the first card, down to its serial number.
        case twin
        /// A card of another kind, known by nothing but its answer to reset (hexadecimal digits).
        case other(String)
    }

    /// Adds a second reader with a card in it; the service is started anew for that.
    public func add(_ card: SecondCard) async throws {
        let kind: [String] =
            switch card {
            case .equal: []
            case .twin: ["twin"]
            case .other(let answer): [answer]
            }
        try await ChildProcess.output(of: Self.script, ["second", path] + kind)
    }

    /// Takes the card of a folder out of its reader.
    public static func pull(_ path: String) async throws { try await ChildProcess.output(of: script, ["pull", path]) }

    /// Pushes the card of a folder in again.
    public static func insert(_ path: String) async throws {
        try await ChildProcess.output(of: script, ["insert", path])
    }
}

extension CardStack {
    /// A command that reached the card, and its answer.
    public struct Exchange: Sendable {
        /// Which APDU it was since the card's process started; faults count so.
        public let number: Int
        /// The instruction code, as "20" for VERIFY.
        public let instruction: String
        /// The status word, as "9000"; "0000" where the card was pulled instead of answering.
        public let status: String
        /// Whether the card was pulled at it by a fault.
        public let pulled: Bool
        /// Whether the card stopped answering at it.
        public let hangs: Bool
        /// Whether it is a VERIFY that carries a secret; without data it only asks for the state.
        public let carriesSecret: Bool

        init?(_ line: Substring) {
            let parts = line.split(separator: " ")
            guard parts.count >= 4, let number = Int(parts[0]), let length = Int(parts[2]), parts[1].count == 8 else {
                return nil
            }
            self.number = number
            instruction = String(parts[1].dropFirst(2).prefix(2))
            status = String(parts[3])
            pulled = parts.last == "PULLED"
            hangs = parts.last == "HANGS"
            carriesSecret = instruction == "20" && length > 1
        }
    }
}
