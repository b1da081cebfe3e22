// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftASN1
import X509

/// DER of one element.
func der(_ build: (inout DER.Serializer) throws -> Void) throws -> [UInt8] {
    var serializer = DER.Serializer()
    try build(&serializer)
    return serializer.serializedBytes
}

extension DER.Serializer {
    /// A SEQUENCE.
    mutating func sequence(_ build: (inout DER.Serializer) throws -> Void) rethrows {
        try appendConstructedNode(identifier: .sequence, build)
    }

    /// An explicit context tag.
    mutating func tagged(_ number: UInt, _ build: (inout DER.Serializer) throws -> Void) rethrows {
        try appendConstructedNode(identifier: ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific), build)
    }

    /// A primitive with an implicit context tag.
    mutating func primitive(_ number: UInt, _ bytes: [UInt8]) {
        appendPrimitiveNode(identifier: ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)) {
            $0.append(contentsOf: bytes)
        }
    }

    /// Bytes that are DER already.
    mutating func raw(_ bytes: [UInt8]) throws { try serialize(ASN1Any(derEncoded: bytes)) }
}

/// A time as certificates write it (RFC 5280, section 4.1.2.5.2).
func generalizedTime(_ date: Date) throws -> GeneralizedTime {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    return try GeneralizedTime(
        year: parts.year ?? 0,
        month: parts.month ?? 1,
        day: parts.day ?? 1,
        hours: parts.hour ?? 0,
        minutes: parts.minute ?? 0,
        seconds: parts.second ?? 0,
        fractionalSeconds: 0
    )
}

/// Lower-case hexadecimal.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension Certificate {
    /// The whole certificate, DER.
    var der: [UInt8] { get throws { try MockCA.der { try $0.serialize(self) } } }
}
