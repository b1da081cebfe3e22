// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Progress, warnings and errors go here. Nothing depends on whether anybody reads them.
enum StandardError {
    /// Writes a text, which should end with a line end; lines are broken to fit a terminal.
    static func write(_ text: String) {
        let fitted = text.wrapped(to: Width.of(STDERR_FILENO), indent: 2)
        try? FileHandle.standardError.write(contentsOf: Data(fitted.utf8))
    }
}
