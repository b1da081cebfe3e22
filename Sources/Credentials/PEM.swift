// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The textual encoding of RFC 7468.
public enum PEM {
    /// Writes bytes as text: lines of 64 characters, and a line end after the last.
    public static func encode(_ der: [UInt8], label: String) -> String {
        let text = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n"
    }

    /// Reads every block with the given label, in order; anything around them is passed over.
    ///
    /// - Returns: `nil` when a block is begun and not ended, or is not base64.
    public static func decode(_ text: String, label: String) -> [[UInt8]]? {
        var blocks: [[UInt8]] = []
        var body: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if body == nil {
                if line == "-----BEGIN \(label)-----" { body = "" }
            } else if line != "-----END \(label)-----" {
                body?.append(line)
            } else {
                guard let data = body.flatMap({ Data(base64Encoded: $0) }), !data.isEmpty else { return nil }
                blocks.append([UInt8](data))
                body = nil
            }
        }
        return body == nil ? blocks : nil
    }
}
