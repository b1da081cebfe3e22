// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwiftASN1
import X509

/// Names of holders and authorities (ETSI EN 319 412-2, section 4.2, and -3, section 4.2).
enum Subject {
    private static let surname: ASN1ObjectIdentifier = [2, 5, 4, 4]
    private static let serialNumber: ASN1ObjectIdentifier = [2, 5, 4, 5]
    private static let givenName: ASN1ObjectIdentifier = [2, 5, 4, 42]
    private static let organizationIdentifier: ASN1ObjectIdentifier = [2, 5, 4, 97]

    private static func attribute(_ type: ASN1ObjectIdentifier, _ text: String) -> RelativeDistinguishedName {
        RelativeDistinguishedName(RelativeDistinguishedName.Attribute(type: type, utf8String: text))
    }

    private static func printable(_ type: ASN1ObjectIdentifier, _ text: String) throws -> RelativeDistinguishedName {
        RelativeDistinguishedName(try RelativeDistinguishedName.Attribute(type: type, printableString: text))
    }

    private static let country: ASN1ObjectIdentifier = [2, 5, 4, 6]
    private static let organization: ASN1ObjectIdentifier = [2, 5, 4, 10]
    private static let commonName: ASN1ObjectIdentifier = [2, 5, 4, 3]

    static func authority(_ name: String) throws -> DistinguishedName {
        DistinguishedName([
            try printable(country, "CZ"),
            attribute(organization, "Mock CA for tests"),
            attribute(organizationIdentifier, "NTRCZ-00000019"),
            attribute(commonName, name),
        ])
    }

    /// A person: the last word is the surname, as the branch would read it off an identity card.
    static func person(_ name: String) throws -> DistinguishedName {
        let words = name.split(separator: " ")
        let given = words.count > 1 ? words.dropLast().joined(separator: " ") : name
        return DistinguishedName([
            try printable(country, "CZ"),
            attribute(commonName, name),
            attribute(givenName, given),
            attribute(surname, String(words.last ?? "")),
            try printable(serialNumber, "P\(number(of: name))"),
        ])
    }

    static func seal(_ name: String) throws -> DistinguishedName {
        DistinguishedName([
            try printable(country, "CZ"),
            attribute(organization, name),
            attribute(organizationIdentifier, "NTRCZ-00000027"),
            attribute(commonName, name),
            try printable(serialNumber, "S\(number(of: name))"),
        ])
    }

    /// The number that tells holders of the same name apart elsewhere; the same one each time for the same holder.
    private static func number(of name: String) -> Int {
        100_000 + SHA256.hash(data: Array(name.utf8)).prefix(4).reduce(0) { $0 << 8 | Int($1) } % 900_000
    }
}
