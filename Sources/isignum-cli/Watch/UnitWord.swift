// SPDX-License-Identifier: Apache-2.0

/// Words of systemd's unit files: quoted, with C escapes (systemd.syntax(7)). Which of its own characters systemd looks
/// for depends on where a word stands.
enum UnitWord {
    /// A value of `Environment=`: specifiers are replaced there, variables are not (systemd.exec(5)).
    static func setting(_ name: String, _ value: String) -> String { quoted("\(name)=\(value)", ["%": "%%"]) }

    /// An argument of `ExecStart=`, where both are (systemd.service(5), "Command lines").
    static func argument(_ text: String) -> String { quoted(text, ["%": "%%", "$": "$$"]) }

    /// The program of `ExecStart=`. In its path a dollar sign is itself; systemd refuses one with quotes or backslashes,
    /// which env(1) then takes as an argument.
    static func program(_ path: String) -> String {
        guard path.contains(where: { "\"'\\".contains($0) || $0.isNewline }) else { return quoted(path, ["%": "%%"]) }
        return "/usr/bin/env \(argument(path))"
    }

    private static func quoted(_ text: String, _ doubled: [Unicode.Scalar: String]) -> String {
        var word = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": word += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                word += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: word += doubled[scalar] ?? String(scalar)
            }
        }
        return "\"\(word)\""
    }
}
