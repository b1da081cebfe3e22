// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate that is no longer good.
struct RevokedCertificate: Sendable {
    let serial: [UInt8]
    let date: Date
    let reason: Wire.Reason?
}

/// A certificate revocation list (RFC 5280, section 5).
enum RevocationList {
    static func make(
        by issuer: Issuer,
        revoked: [RevokedCertificate],
        number: Int,
        now: Date
    ) throws -> [UInt8] {
        let identifier = SubjectKeyIdentifier(hash: Certificate.PublicKey(issuer.key.publicKey)).keyIdentifier
        let signed = try der { coder in
            try coder.sequence { coder in
                try coder.serialize(1)
                try Signatures.algorithm(&coder)
                try coder.serialize(issuer.certificate.subject)
                try coder.serialize(try generalizedTimeOrUTC(now))
                try coder.serialize(try generalizedTimeOrUTC(now + 86_400))
                if !revoked.isEmpty {
                    try coder.sequence { coder in
                        for entry in revoked {
                            try coder.sequence { coder in
                                try coder.serialize(entry.serial[...])
                                try coder.serialize(try generalizedTimeOrUTC(entry.date))
                                try extensions(of: entry, &coder)
                            }
                        }
                    }
                }
                try coder.tagged(0) { coder in
                    try coder.sequence { coder in
                        try coder.sequence { coder in
                            let authorityKey: ASN1ObjectIdentifier = [2, 5, 29, 35]
                            try coder.serialize(authorityKey)
                            let value = try der { $0.sequence { $0.primitive(0, Array(identifier)) } }
                            try coder.serialize(ASN1OctetString(contentBytes: value[...]))
                        }
                        try coder.sequence { coder in
                            let listNumber: ASN1ObjectIdentifier = [2, 5, 29, 20]
                            try coder.serialize(listNumber)
                            let value = try der { try $0.serialize(number) }
                            try coder.serialize(ASN1OctetString(contentBytes: value[...]))
                        }
                    }
                }
            }
        }
        return try Signatures.wrap(signed, by: issuer)
    }

    /// The reason; one that says nothing is left out (RFC 5280, section 5.3.1).
    private static func extensions(of entry: RevokedCertificate, _ coder: inout DER.Serializer) throws {
        guard let reason = entry.reason, reason != .unspecified else { return }
        let reasonCode: ASN1ObjectIdentifier = [2, 5, 29, 21]
        let value = try der { $0.appendPrimitiveNode(identifier: .enumerated) { $0.append(reason.number) } }
        try coder.sequence { coder in
            try coder.sequence { coder in
                try coder.serialize(reasonCode)
                try coder.serialize(ASN1OctetString(contentBytes: value[...]))
            }
        }
    }

    private static func generalizedTimeOrUTC(_ date: Date) throws -> UTCTime {
        let time = try generalizedTime(date)
        return try UTCTime(
            year: time.year,
            month: time.month,
            day: time.day,
            hours: time.hours,
            minutes: time.minutes,
            seconds: time.seconds
        )
    }
}

/// What lists and answers share: the algorithm, and the signature beside what it signs.
enum Signatures {
    static func algorithm(_ coder: inout DER.Serializer) throws {
        let ecdsaWithSHA256: ASN1ObjectIdentifier = [1, 2, 840, 10_045, 4, 3, 2]
        try coder.sequence { try $0.serialize(ecdsaWithSHA256) }
    }

    static func wrap(_ signed: [UInt8], by issuer: Issuer) throws -> [UInt8] {
        let signature = try issuer.sign(signed)
        return try der { coder in
            try coder.sequence { coder in
                try coder.raw(signed)
                try algorithm(&coder)
                try coder.serialize(ASN1BitString(bytes: signature[...]))
            }
        }
    }
}
