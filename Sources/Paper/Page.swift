// SPDX-License-Identifier: Apache-2.0

/// One page for a person to take along, in words that are ready: what is to be drawn, and nothing of how.
///
/// It goes to `isignum-paper` as JSON on standard input and comes back as a PDF document on standard output.
public struct Page: Codable, Equatable, Sendable {
    /// A line with its name.
    public struct Fact: Codable, Equatable, Sendable {
        /// What it is.
        public let name: String
        /// What it says.
        public let value: String
        /// Whether letters and digits must be told apart: serial numbers, fingerprints.
        public let isCode: Bool

        /// Names a line.
        public init(_ name: String, _ value: String, isCode: Bool = false) {
            self.name = name
            self.value = value
            self.isCode = isCode
        }
    }

    /// Steps under a heading.
    public struct Steps: Codable, Equatable, Sendable {
        /// What they are for.
        public let heading: String
        /// One after the other.
        public let lines: [String]

        /// Puts steps under a heading.
        public init(_ heading: String, _ lines: [String]) {
            self.heading = heading
            self.lines = lines
        }
    }

    /// The most bytes of JSON that are taken for a page.
    public static let largestSize = 65_536

    /// What the page is.
    public let title: String
    /// What the person is asked for: large, and as a QR code.
    public let code: String
    /// The facts, in their order.
    public let facts: [Fact]
    /// What to bring, what comes next.
    public let steps: [Steps]
    /// The small print.
    public let footer: String

    /// Puts a page together.
    public init(title: String, code: String, facts: [Fact], steps: [Steps], footer: String) {
        self.title = title
        self.code = code
        self.facts = facts
        self.steps = steps
        self.footer = footer
    }
}

/// Why a page was not drawn, as the exit code of `isignum-paper`.
public enum DrawingFailure: Int32, Error, Sendable {
    /// What came is no page.
    case notAPage = 65
    /// The system has no fonts, or none with the letters of the page.
    case fontsMissing = 72
    /// The library failed.
    case failed = 70
}
