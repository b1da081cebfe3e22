// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Days, moments and lengths of time as people write them in a language.
struct MomentText: Sendable {
    private let language: Language

    init(_ language: Language) { self.language = language }

    private var locale: Locale { Locale(identifier: language == .czech ? "cs_CZ" : "en_GB") }

    /// "24. 11. 2026", "24 Nov 2026".
    func day(_ date: Date) -> String { ResultWords.of(language).day(date) }

    /// Likewise, never broken over two lines.
    func wholeDay(_ date: Date) -> String { day(date).replacing(" ", with: "\u{A0}") }

    /// The day and the time.
    func moment(_ date: Date) -> String { ResultWords.of(language).moment(date) }

    /// The largest unit that says enough: "40 s", "3 min", "2 h", and days in words.
    func duration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        switch seconds {
        case ..<90: return "\(seconds) s"
        case ..<5_400: return "\((seconds + 30) / 60) min"
        case ..<172_800: return "\((seconds + 1_800) / 3_600) h"
        default: return days(Int(seconds / 86_400))
        }
    }

    /// "1 den", "2 dny", "5 dní"; "1 day", "2 days".
    func days(_ count: Int) -> String {
        switch (language, count) {
        case (.english, 1): "1 day"
        case (.english, _): "\(count) days"
        case (.czech, 1): "1 den"
        case (.czech, 2...4): "\(count) dny"
        case (.czech, _): "\(count) dní"
        }
    }
}
