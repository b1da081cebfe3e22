// SPDX-License-Identifier: Apache-2.0

/// The words of `register` and `unregister`. A language that misses one does not compile.
struct RegistrationWords: Sendable {
    let dryRun, nothing, sandboxed: String
    let applications: @Sendable (ApplicationPlace.Kind) -> String
    let outcome: @Sendable (RegistrationStep.Outcome, _ detail: String) -> String
    let error: @Sendable (RegistrationError.Code, _ subjects: [String]) -> Wording

    /// The words of a language.
    static func of(_ language: Language) -> RegistrationWords { language == .czech ? czech : english }

    /// What was done, place by place.
    func text(of document: RegistrationDocument) -> String {
        guard !document.places.isEmpty else { return nothing + "\n" }
        var text = document.dryRun ? dryRun + "\n\n" : ""
        var module: String?
        for step in document.places {
            if let name = step.module, name != module { text += "\(name.printable)\n" }
            module = step.module
            text += "  \(applications(step.application)): \(outcome(step.outcome, (step.detail ?? "").printable))\n"
            text += "      \(step.file.printable)\n"
            if step.sandboxed, step.outcome == .registered { text += "      \(sandboxed)\n" }
        }
        return text.wrapped(to: Width.ofStandardOutput, indent: 4)
    }
}
