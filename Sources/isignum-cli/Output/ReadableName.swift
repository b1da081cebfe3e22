// SPDX-License-Identifier: Apache-2.0

extension String {
    /// A distinguished name as a CA writes it (RFC 4514), as people read it: attributes for which the RFC has only a
    /// number get their short name, and a blank follows each comma. What is no such name stays as it is.
    var readableName: String {
        var parts = [""]
        var isEscaped = false
        for character in self {
            if character == ",", !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts.map { part in
            let part = part.drop { $0 == " " }
            guard let sign = part.firstIndex(of: "="), let name = Self.attributes[String(part[..<sign])] else {
                return String(part)
            }
            return name + part[sign...]
        }.joined(separator: ", ")
    }

    /// X.520 attributes that certificates of people and organisations have, beyond those of RFC 4514's table.
    private static let attributes = [
        "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.12": "title", "2.5.4.42": "GN",
        "2.5.4.97": "organizationIdentifier",
    ]
}
