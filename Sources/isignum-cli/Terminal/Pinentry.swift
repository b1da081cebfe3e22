// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// Asks for a secret in the desktop's own window or screen (the Assuan protocol, as pinentry programs speak it).
struct Pinentry {
    /// - Returns: `nil` when the person cancelled, or the task was.
    static func ask<Role>(prompt: String, description: String) async throws(SecretSourceError) -> Secret<Role>? {
        guard let program = SpokenProgram("pinentry") else { throw .pinentryFailed }
        let held = HeldSecret<Role>()
        let speaker = program.speaker
        // Its window may stay open for long: waiting for it must not keep an interrupted program.
        let failure = await Input(program.answers).reading { bytes -> SecretSourceError? in
            do throws(SecretSourceError) {
                held.keep(try talk(speaker, AssuanAnswers(bytes), prompt, description))
                return nil
            } catch { return error }
        }
        _ = consume program
        if Task.isCancelled { return nil }
        if let failure { throw failure }
        return held.take()
    }

    private static func talk<Role>(
        _ program: SpokenProgram.Speaker,
        _ answers: AssuanAnswers,
        _ prompt: String,
        _ description: String
    ) throws(SecretSourceError) -> Secret<Role>? {
        guard try answers.isOK() else { throw .pinentryFailed }
        // Windows need none of these; whoever does not know an option says so and goes on.
        for (name, value) in [("ttyname", "/dev/tty"), ("ttytype", variable("TERM")), ("lc-ctype", locale)] {
            guard let value, !value.isEmpty else { continue }
            program.send("OPTION \(name)=\(escape(value))")
            _ = try answers.isOK()
        }
        for command in ["SETPROMPT \(escape(prompt))", "SETDESC \(escape(description))"] {
            program.send(command)
            guard try answers.isOK() else { throw .pinentryFailed }
        }
        program.send("GETPIN")
        var outcome = AssuanAnswers.Outcome.ended
        let secret: Secret<Role>? = unsafe Secret(filling: { buffer in
            outcome = unsafe answers.data(into: buffer)
            guard case .data(let count) = outcome, count > 0 else { return nil }
            return count
        })
        switch outcome {
        case .data:
            guard try answers.isOK() else { throw .pinentryFailed }
            return secret
        case .nothing: return nil
        case .ended: throw .pinentryFailed
        }
    }

    private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    private static var locale: String? { variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") }

    /// Names of tokens are foreign text: nothing in them may end the line.
    private static func escape(_ text: String) -> String { text.printable.replacing("%", with: "%25") }
}
