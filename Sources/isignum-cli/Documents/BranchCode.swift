// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Paper

/// The QR code of an ID on the terminal, for the branch's camera or a telephone.
///
/// It is made by `isignum-paper`: libqrencode in the client itself would be one more library of every start.
enum BranchCode {
    /// The code, ready to be written on standard output; `nil` where nobody would see it as one: no terminal, one without
    /// control over its characters, a locale without block characters, too little room. It is never missed: the ID
    /// stands above it.
    static func text(
        of handle: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async -> String? {
        guard StandardOutput.isTerminal, hasBlocks(environment), let program = DrawingProgram.path,
            let outcome = await FedProgram.run(
                program,
                [Symbol.argument],
                input: Array(handle.utf8),
                within: .seconds(5)
            ),
            outcome.succeeded, let symbol = Symbol(text: String(decoding: outcome.output, as: UTF8.self))
        else { return nil }
        let blocks = HalfBlocks(symbol, ink: HalfBlocks.Ink(environment: environment))
        return Width.ofStandardOutput.map { blocks.columns <= $0 } ?? false ? blocks.text : nil
    }

    /// Whether the terminal shows block characters where they belong.
    static func hasBlocks(_ environment: [String: String]) -> Bool {
        let terminal = environment["TERM"] ?? ""
        return !["", "dumb"].contains(terminal) && CharacterLocale(environment).isUTF8
    }
}
