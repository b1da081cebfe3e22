// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The line that says that this run is an expert's and what that changes: red where the terminal has colours, plain
/// where it has none, nothing where nobody looks.
enum ExpertMarker {
    static func show(in language: Language) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        let text = text(DeviceWords.of(language).expertMode, width: Width.of(STDERR_FILENO))
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Every line is coloured by itself, after it was made to fit: codes take no room.
    static func text(
        _ words: String,
        width: Int?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        let lines = words.wrapped(to: width).split(separator: "\n")
        guard hasColour(environment) else { return lines.joined(separator: "\n") + "\n" }
        return lines.map { "\u{1B}[97;41m\($0)\u{1B}[0m" }.joined(separator: "\n") + "\n"
    }

    /// Whether colour is wanted (no-color.org) and the terminal is one that has some.
    static func hasColour(_ environment: [String: String]) -> Bool {
        guard environment["NO_COLOR"]?.isEmpty ?? true, let terminal = environment["TERM"] else { return false }
        return !terminal.isEmpty && terminal != "dumb"
    }
}
