// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// Answers about certificates one by one (RFC 6960), signed by the issuer itself.
enum OCSPResponder {
    /// A certificate that is asked about: the identifier as it came, and its serial number.
    struct Question {
        let identifier: ASN1Any
        let issuerKeyHash: [UInt8]
        let serial: [UInt8]

        /// The identifier of a certificate that nobody asked about.
        var other: ASN1Any {
            get throws {
                var bytes = try der { try $0.serialize(identifier) }
                bytes[bytes.count - 1] ^= 1
                return try ASN1Any(derEncoded: bytes)
            }
        }
    }

    private static let nonce: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2]

    static func answer(
        _ request: [UInt8],
        by issuer: Issuer,
        standing: (_ serial: [UInt8]) async -> (isKnown: Bool, revoked: RevokedCertificate?)
    ) async throws -> [UInt8] {
        guard let (questions, nonceExtension) = try? parse(request) else { return try refusal(1) }
        let keyHash = Array(SubjectKeyIdentifier(hash: Certificate.PublicKey(issuer.key.publicKey)).keyIdentifier)
        var answers: [[UInt8]] = []
        let lie = Ordered.lie
        let (produced, next) = Self.times(lie)
        let now = try generalizedTime(produced)
        for question in questions {
            guard question.issuerKeyHash == keyHash else { return try refusal(6) }
            let truth = await standing(question.serial)
            let standing = lie == .forged ? (isKnown: true, revoked: nil) : truth
            answers.append(
                try der { coder in
                    try coder.sequence { coder in
                        try coder.serialize(lie == .otherCertificate ? try question.other : question.identifier)
                        switch (standing.isKnown, standing.revoked) {
                        case (true, nil): coder.primitive(0, [])
                        case (_, let revoked?):
                            let time = try generalizedTime(revoked.date)
                            try coder.tagged(1) { coder in
                                try coder.serialize(time)
                                guard let reason = revoked.reason else { return }
                                coder.tagged(0) { coder in
                                    coder.appendPrimitiveNode(identifier: .enumerated) { $0.append(reason.number) }
                                }
                            }
                        case (false, nil): coder.primitive(2, [])
                        }
                        try coder.serialize(now)
                        if let next {
                            let time = try generalizedTime(next)
                            try coder.tagged(0) { try $0.serialize(time) }
                        }
                    }
                }
            )
        }
        let signed = try der { coder in
            try coder.sequence { coder in
                try coder.tagged(2) { try $0.serialize(ASN1OctetString(contentBytes: keyHash[...])) }
                try coder.serialize(now)
                try coder.sequence { coder in for answer in answers { try coder.raw(answer) } }
                if let nonceExtension = try told(nonceExtension, lie) {
                    try coder.tagged(1) { coder in try coder.sequence { try $0.serialize(nonceExtension) } }
                }
            }
        }
        let basic: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 1]
        let response = try Signatures.wrap(
            signed,
            by: lie == .otherSigner || lie == .forged ? issuer.withOtherKey : issuer
        )
        return try der { coder in
            try coder.sequence { coder in
                coder.appendPrimitiveNode(identifier: .enumerated) { $0.append(0) }
                try coder.tagged(0) { coder in
                    try coder.sequence { coder in
                        try coder.serialize(basic)
                        try coder.serialize(ASN1OctetString(contentBytes: response[...]))
                    }
                }
            }
        }
    }

    /// When an answer is from, and until when it stands.
    private static func times(_ lie: Fault.Lie?) -> (Date, next: Date?) {
        let day = 86_400.0
        return switch lie {
        case .old: (Date() - 7 * day, Date() - 6 * day)
        case .future: (Date() + 7 * day, Date() + 8 * day)
        case .stale: (Date() - 365 * day, nil)
        default: (Date(), Date() + day)
        }
    }

    private static func told(_ asked: ASN1Any?, _ lie: Fault.Lie?) throws -> ASN1Any? {
        switch lie {
        case .noNonce: return nil
        case .otherNonce:
            let other = try der { coder in
                try coder.sequence { coder in
                    try coder.serialize(nonce)
                    let value = try der {
                        try $0.serialize(ASN1OctetString(contentBytes: [UInt8](repeating: 7, count: 16)[...]))
                    }
                    try coder.serialize(ASN1OctetString(contentBytes: value[...]))
                }
            }
            return try ASN1Any(derEncoded: other)
        default: return asked
        }
    }

    /// An answer without content: 1 malformed, 6 not ours to answer.
    private static func refusal(_ status: UInt8) throws -> [UInt8] {
        try der { $0.sequence { $0.appendPrimitiveNode(identifier: .enumerated) { $0.append(status) } } }
    }

    private static func parse(_ request: [UInt8]) throws -> ([Question], ASN1Any?) {
        try DER.sequence(try DER.parse(request), identifier: .sequence) { nodes in
            let tbs = try next(&nodes)
            while nodes.next() != nil {}
            return try DER.sequence(tbs, identifier: .sequence) { parts in
                var questions: [Question] = []
                var found: ASN1Any?
                while let part = parts.next() {
                    if part.identifier == .sequence {
                        questions = try DER.sequence(part, identifier: .sequence) { try list(&$0) }
                    } else if part.identifier == ASN1Identifier(tagWithNumber: 2, tagClass: .contextSpecific) {
                        found = try DER.explicitlyTagged(part, tagNumber: 2, tagClass: .contextSpecific) { node in
                            try nonceExtension(in: node)
                        }
                    }
                }
                guard !questions.isEmpty, questions.count <= 100 else { throw CocoaError(.coderInvalidValue) }
                return (questions, found)
            }
        }
    }

    private static func list(_ nodes: inout ASN1NodeCollection.Iterator) throws -> [Question] {
        var questions: [Question] = []
        while let node = nodes.next() {
            try DER.sequence(node, identifier: .sequence) { parts in
                let identifier = try next(&parts)
                while parts.next() != nil {}
                let (keyHash, serial) = try DER.sequence(identifier, identifier: .sequence) { fields in
                    _ = try next(&fields)
                    _ = try ASN1OctetString(derEncoded: &fields)
                    let keyHash = try ASN1OctetString(derEncoded: &fields)
                    let serial = try ArraySlice<UInt8>(derEncoded: &fields)
                    return (Array(keyHash.bytes), Array(serial))
                }
                questions.append(
                    Question(identifier: ASN1Any(derEncoded: identifier), issuerKeyHash: keyHash, serial: serial)
                )
            }
        }
        return questions
    }

    private static func nonceExtension(in node: ASN1Node) throws -> ASN1Any? {
        try DER.sequence(node, identifier: .sequence) { extensions in
            var found: ASN1Any?
            while let node = extensions.next() {
                let identifier = try DER.sequence(node, identifier: .sequence) { parts in
                    let identifier = try ASN1ObjectIdentifier(derEncoded: &parts)
                    while parts.next() != nil {}
                    return identifier
                }
                if identifier == nonce { found = ASN1Any(derEncoded: node) }
            }
            return found
        }
    }

    private static func next(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw CocoaError(.coderInvalidValue) }
        return node
    }
}
