// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Progress, warnings and errors go here. Nothing depends on whether anybody reads them.
enum StandardError {
    /// Writes a text, which should end with a line end.
    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
