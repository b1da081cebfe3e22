// SPDX-License-Identifier: Apache-2.0

internal import Foundation

// Header fields of a foreign server: media types, dates, waits. From the root of the package:
//
//     swiftc -O -sanitize=fuzzer -parse-as-library \
//         -enable-upcoming-feature InternalImportsByDefault -I Sources/CLibraries/CCurl \
//         Fuzz/HTTPFields/HTTPFields.swift \
//         Sources/CAClient/HTTP/{MediaType,RetryAfter}.swift -o .build/fuzz-http-fields
//     .build/fuzz-http-fields -max_len=600 -max_total_time=60 Fuzz/HTTPFields/corpus

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTPFields(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    if let type = MediaType(text) {
        precondition(type.name == type.name.lowercased() && type.name.contains("/"))
        precondition(type.parameters.keys.allSatisfy { !$0.isEmpty })
    }
    let longest = Duration.seconds(86_400)
    let now = HTTPDate.parse(text) ?? Date(timeIntervalSince1970: 1_800_000_000)
    if let wait = RetryAfter.parse(text, relativeTo: now, atMost: longest) {
        precondition((Duration.zero...longest).contains(wait))
    }
    return 0
}
