// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The clipboard of the desktop, or of the terminal that this runs in.
enum Clipboard {
    /// Who took the text.
    enum Taker: Equatable, Sendable {
        /// The desktop.
        case desktop
        /// The terminal was asked (OSC 52); it does not say what it did.
        case terminal
    }

    /// Copies a text that is no secret.
    ///
    /// - Returns: who took it; `nil` when nobody did.
    static func copy(_ text: String, environment: [String: String]) async -> Taker? {
        for (variable, program, arguments) in [
            ("WAYLAND_DISPLAY", "wl-copy", []), ("DISPLAY", "xclip", ["-selection", "clipboard"]),
            ("DISPLAY", "xsel", ["--clipboard", "--input"]),
        ] where environment[variable]?.isEmpty == false {
            let outcome = await FedProgram.run(
                program,
                arguments,
                input: Array(text.utf8),
                listening: false,
                within: .seconds(5)
            )
            if outcome?.succeeded == true { return .desktop }
        }
        guard !["", "dumb", "linux"].contains(environment["TERM"] ?? ""), let tty = TTY() else { return nil }
        tty.writeAsItIs(request(for: text))
        return .terminal
    }

    /// The control sequence that asks a terminal to put a text into its clipboard (xterm's Operating System Command
    /// 52). The text is in Base64, so that nothing in it can be a command.
    static func request(for text: String) -> String { "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}" }
}
