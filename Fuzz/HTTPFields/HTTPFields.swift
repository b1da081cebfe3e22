// SPDX-License-Identifier: Apache-2.0

internal import Foundation

// Header fields of a foreign server: media types, dates, waits.

func feedHTTPFields(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let type = MediaType(text) {
        precondition(type.name == type.name.lowercased() && type.name.contains("/"))
        precondition(type.parameters.keys.allSatisfy { !$0.isEmpty })
    }
    let longest = Duration.seconds(86_400)
    let now = HTTPDate.parse(text) ?? Date(timeIntervalSince1970: 1_800_000_000)
    if let wait = RetryAfter.parse(text, relativeTo: now, atMost: longest) {
        precondition((Duration.zero...longest).contains(wait))
    }
}
