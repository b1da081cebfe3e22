// SPDX-License-Identifier: Apache-2.0

/// The system's printer: CUPS, or whatever else has an `lp`.
enum Printer {
    /// Prints a PDF document.
    ///
    /// - Throws: `printerUnavailable`, with what the printing system says.
    static func print(_ document: [UInt8], named title: String) async throws(CommandError) {
        guard let outcome = await FedProgram.run("lp", ["-t", title, "-o", "media=A4", "-"], input: document) else {
            throw CommandError(.printerUnavailable)
        }
        guard outcome.succeeded else {
            throw CommandError(.printerUnavailable, [outcome.complaint.printableLines])
        }
    }
}

/// The desktop's program for PDF documents.
enum Viewer {
    /// Shows a file.
    ///
    /// - Throws: `viewerUnavailable`, with the path.
    static func open(_ path: String, environment: [String: String]) async throws(CommandError) {
        let hasDesktop = ["WAYLAND_DISPLAY", "DISPLAY"].contains { environment[$0]?.isEmpty == false }
        guard hasDesktop, let outcome = await FedProgram.run("xdg-open", [path], listening: false),
            outcome.succeeded
        else { throw CommandError(.viewerUnavailable, [path]) }
    }
}

extension String {
    /// What another program said, in one line.
    fileprivate var printableLines: String { split(whereSeparator: \.isNewline).joined(separator: "; ").printable }
}
