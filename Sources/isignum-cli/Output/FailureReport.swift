// SPDX-License-Identifier: Apache-2.0

/// Says why a command failed: to the person on standard error, and with `--json` as the one document on standard output.
enum FailureReport {
    /// - Parameter carryingOn: how a person goes on after what broke off.
    /// - Returns: the exit code.
    static func write(
        _ error: any Error,
        json: Bool,
        language: Language,
        carryingOn: CarryingOn = .resume
    ) -> Int32 {
        if let error = error as? CommandError, error.code == .outputClosed { return 141 }
        let explanation = explain(error, in: language, carryingOn: carryingOn)
        StandardError.write("isignum: \(language == .czech ? "chyba" : "error"): \(explanation.message)\n")
        tell(explanation.hints, in: language)
        if json {
            if let text = try? JSONDocument.text(of: ErrorDocument(explanation)) { try? StandardOutput.write(text) }
        }
        return explanation.exitCode
    }

    /// Says what could not be done besides what a command was for, and what to do about it.
    static func aside(_ error: any Error, language: Language) {
        let explanation = explain(error, in: language)
        StandardError.write("isignum: \(explanation.message)\n")
        tell(explanation.hints, in: language)
    }

    private static func tell(_ hints: [String], in language: Language) {
        for hint in hints { StandardError.write("isignum: \(language == .czech ? "rada" : "hint"): \(hint)\n") }
    }

    /// Says that one of several requests could not be gone on with; the others are.
    static func inPassing(_ error: any Error, about request: String, language: Language) {
        StandardError.write("isignum: \(request): \(explain(error, in: language).message)\n")
    }
}
