// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Foundation

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// - Returns: `nil` for anything but a date that begins with the name of a day.
    static func parse(_ text: String) -> Date? {
        guard text.utf8.count <= 40, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
            days.contains(String(text.prefix(3)))
        else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Date(timeIntervalSince1970: TimeInterval(seconds))
    }
}

/// How long to wait before asking again (RFC 9110, section 10.2.3): seconds, or the date when it is worth a try.
enum RetryAfter {
    /// - Parameters:
    ///   - now: the server's own clock where it tells, so that a wrong clock on either side costs nothing.
    ///   - longest: what is believed at most.
    /// - Returns: from zero to `longest`; `nil` when the text is neither form.
    static func parse(_ text: String, relativeTo now: Date, atMost longest: Duration) -> Duration? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : Substring(text)
        if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard !isNegative else { return .zero }
            return bounded(Int64(digits) ?? .max, atMost: longest)
        }
        guard let date = HTTPDate.parse(text) else { return nil }
        return bounded(Int64(date.timeIntervalSince(now).rounded(.up)), atMost: longest)
    }

    /// Seconds as a duration from zero to `longest`.
    static func bounded(_ seconds: Int64, atMost longest: Duration) -> Duration {
        max(.zero, min(.seconds(min(seconds, longest.components.seconds)), longest))
    }
}
