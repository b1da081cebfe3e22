// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What is around the person: terminal, locale, clipboard, printer, notifications. None of it is needed for the main job.
struct SeatDiagnosis: Sendable {
    let environment: [String: String]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) { self.environment = environment }

    func findings() async -> [Finding] {
        [
            TTY() == nil ? Finding(.note, .terminal(isThere: false)) : Finding(.ok, .terminal(isThere: true)),
            locale, clipboard, await printer(),
            Finding(.note, .notifications(isThere: QuietProgram.find("notify-send") != nil)),
        ].map { finding in
            if case .notifications(true) = finding.kind { return Finding(.ok, finding.kind) }
            return finding
        }
    }

    private var locale: Finding {
        let locale = CharacterLocale(environment)
        return locale.isUTF8
            ? Finding(.ok, .locale(locale.name)) : Finding(.warning, .localeWithoutUTF8(locale.name))
    }

    private var clipboard: Finding {
        let candidates =
            (environment["WAYLAND_DISPLAY"]?.isEmpty == false ? ["wl-copy"] : [])
            + (environment["DISPLAY"]?.isEmpty == false ? ["xclip", "xsel"] : [])
        guard let program = candidates.first(where: { QuietProgram.find($0) != nil }) else {
            return Finding(.note, .noClipboard)
        }
        return Finding(.ok, .clipboard(program))
    }

    private func printer() async -> Finding {
        guard QuietProgram.find("lp") != nil, let program = QuietProgram.find("lpstat") else {
            return Finding(.note, .noPrinter(hasProgram: false))
        }
        // "printer NAME is idle. …", a line each; -e of newer ones gives names alone.
        let answer = await QuietProgram.run(program, ["-e"], within: .seconds(5))
        let names = answer.output.split(whereSeparator: \.isNewline)
        guard answer.succeeded, let first = names.first else { return Finding(.note, .noPrinter(hasProgram: true)) }
        return Finding(.ok, .printer(String(first)))
    }
}
