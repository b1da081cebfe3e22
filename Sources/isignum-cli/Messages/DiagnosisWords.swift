// SPDX-License-Identifier: Apache-2.0

/// The words of `doctor`. A language that misses one does not compile.
struct DiagnosisWords: Sendable {
    let severities: @Sendable (Finding.Severity) -> String
    let healthy, unhealthy: String
    /// Where a token is all that is missing, and the software store could be had.
    let unhealthyWithoutToken: String
    let finding: @Sendable (Finding.Kind) -> Wording

    /// The words of a language.
    static func of(_ language: Language) -> DiagnosisWords { language == .czech ? czech : english }

    /// All findings, each with what to do about it.
    func text(of document: DiagnosisDocument) -> String {
        let column = (Finding.Severity.allCases.map { severities($0).count }.max() ?? 0) + 2
        let margin = String(repeating: " ", count: column)
        let lines = document.findings.map { finding in
            let word = severities(finding.severity)
            let head = word + String(repeating: " ", count: column - word.count)
            return ([head + finding.message] + [finding.hint].compactMap(\.self).map { margin + "→ " + $0 })
                .map { $0.wrapped(to: Width.ofStandardOutput, hanging: column) + "\n" }.joined()
        }
        let needsToken = document.lacksNothingButToken ? unhealthyWithoutToken : unhealthy
        return lines.joined() + "\n" + (document.healthy ? healthy : needsToken) + "\n"
    }
}

extension Wording {
    /// An error's own words as a finding's.
    init(_ explanation: Explanation) {
        self = explanation.hints.reduce(Wording(explanation.message)) { $0.adding($1) }
    }
}

extension Explanation {
    /// Says what an explanation is about.
    static func about(_ name: String, _ why: Explanation) -> Explanation {
        Explanation(
            code: why.code,
            message: "\(name.printable): \(why.message)",
            hints: why.hints,
            exitCode: why.exitCode
        )
    }
}

extension DiagnosisWords {
    /// The command that takes one more module into use and keeps the others: it sets the whole list.
    static func setModules(_ others: [String], _ path: String) -> String {
        (["isignum config set modules"] + others.map(\.printable) + [path]).joined(separator: " ")
    }
}
