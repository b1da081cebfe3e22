// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment

/// The command that asks for the same without questions.
enum EquivalentCommand {
    /// A flag with what it says.
    enum Part: Equatable, Sendable {
        /// A flag with a value; without one it is left out.
        case option(String, String?)
        /// A flag that says enough by itself.
        case flag(String, Bool)

        /// The words of a command line, quoted for a POSIX shell.
        fileprivate var words: [String] {
            switch self {
            case .flag(let name, let isGiven): isGiven ? [name] : []
            case .option(_, nil): []
            // Alone, a value that begins with a dash would pass for a flag.
            case .option(let name, let value?):
                value.hasPrefix("-") ? ["\(name)=\(quoted(value))"] : [name, quoted(value)]
            }
        }
    }

    /// - Parameter others: what the command was given beside its answers, and needs again.
    static func text(_ plan: EnrollmentPlan, token: String, others: [Part] = []) -> String {
        let answers: [Part] = [
            .option("--type", plan.type.rawValue), .option("--holder", plan.holder.rawValue),
            .option("--name", plan.contact.name), .option("--email", plan.contact.email),
            .option("--phone", plan.contact.phone),
            .option("--key", plan.algorithm == .rsa2048 ? nil : plan.algorithm.rawValue),
            .option("--backup-key", plan.backupFile), .option("--token", token.printable),
        ]
        return line(["new"], answers + others)
    }

    /// A command that asks nothing.
    static func line(_ command: [String], _ parts: [Part]) -> String {
        (["isignum"] + command + parts.flatMap(\.words) + ["--yes"]).joined(separator: " ")
    }

    /// For a POSIX shell.
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x40...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

extension GlobalOptions {
    /// The flags that say where the CA, the token and the secrets are.
    var placesGiven: [EquivalentCommand.Part] {
        [
            .option("--ca", authority.name), .option("--ca-url", authority.url),
            .option("--ca-file", authority.anchors),
        ]
            + token.modules.map { .option("--module", $0) }
            + [.option("--pin-from", token.pinFrom), .option("--qpin-from", token.qpinFrom)]
    }
}
