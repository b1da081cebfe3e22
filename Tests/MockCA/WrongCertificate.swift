// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import X509

extension Fault.Variation {
    /// The subject of a certificate that is wrong in this way.
    func subject(_ subject: DistinguishedName) -> DistinguishedName {
        var parts = Array(subject)
        switch self {
        case .secondName: parts.append(Self.attribute([2, 5, 4, 3], "Jan Novák"))
        case .otherGivenName:
            parts.removeAll { part in part.contains { $0.type == [2, 5, 4, 42] } }
            parts.append(Self.attribute([2, 5, 4, 42], "Evžen"))
        case .controlCharacters: parts.append(Self.attribute([2, 5, 4, 3], "\u{1B}[2J\u{1B}]0;owned\u{7}"))
        default: break
        }
        return DistinguishedName(parts)
    }

    /// Its extensions.
    func extensions(_ usual: [Certificate.Extension]) throws -> [Certificate.Extension] {
        func with(_ other: Certificate.Extension) -> [Certificate.Extension] {
            usual.filter { $0.oid != other.oid } + [other]
        }
        switch self {
        case .authority:
            let constraints = BasicConstraints.isCertificateAuthority(maxPathLength: nil)
            return with(try Certificate.Extension(constraints, critical: true))
        case .encryption:
            return with(try Certificate.Extension(KeyUsage(keyEncipherment: true), critical: true))
        case .server:
            return with(try Certificate.Extension(try ExtendedKeyUsage([.serverAuth]), critical: false))
        case .secondAddress:
            let names = SubjectAlternativeNames([.rfc822Name("jan@example.cz"), .rfc822Name("evil@example.cz")])
            return with(try Certificate.Extension(names, critical: false))
        case .unknownExtension:
            let critical = Certificate.Extension(oid: [1, 3, 6, 1, 4, 1, 32_473, 9], critical: true, value: [5, 0])
            return with(critical)
        default: return usual
        }
    }

    private static func attribute(_ type: ASN1ObjectIdentifier, _ text: String) -> RelativeDistinguishedName {
        RelativeDistinguishedName(RelativeDistinguishedName.Attribute(type: type, utf8String: text))
    }
}
