// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwiftASN1
import X509

/// A document inside CMS SignedData as the API wants it (RFC 5652, section 5): DER, attached, signed once, with the
/// signer's certificate enclosed. Read by other code than the client's; `SignedOrder+Verification.swift` verifies.
struct SignedOrder {
    /// The document.
    let content: [UInt8]
    /// Whom the signature names, taken from the certificates that are enclosed.
    let signer: Certificate
    let digest: DigestName
    let scheme: Scheme
    /// What was signed: the signed attributes as a SET, or the document itself.
    let signed: [UInt8]
    let signature: [UInt8]
    /// The digest of the document as the signed attributes state it.
    let statedDigest: [UInt8]?

    enum DigestName: Equatable { case sha256, sha384, sha512 }
    enum Scheme: Equatable { case pkcs1, pss, ecdsa }

    private static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 2]
    private static let data: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 1]
    private static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 3]
    private static let messageDigest: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 4]

    /// Parses; nothing is verified yet.
    init(_ bytes: [UInt8]) throws(Problem) {
        do {
            self = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
                guard try ASN1ObjectIdentifier(derEncoded: &nodes) == Self.signedData else { throw Unreadable() }
                return try DER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { node in
                    try Self.parse(node)
                }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(400, "request_invalid", "no CMS SignedData in DER as the API wants it: \(error)")
        }
    }

    private struct Unreadable: Error {}

    private init(content: [UInt8], certificates: [Certificate], signerInfo: SignerInfo) throws {
        self.content = content
        guard let signer = certificates.first(where: signerInfo.names) else {
            throw Problem(422, "signature_invalid", "the signer's certificate is not enclosed")
        }
        self.signer = signer
        (digest, scheme) = (signerInfo.digest, signerInfo.scheme)
        signature = signerInfo.signature
        if let attributes = signerInfo.attributes {
            // The signature is over the attributes as what they are, a SET, not as they are tagged here (section 5.4).
            signed = [0x31] + attributes.encoded.dropFirst()
            guard attributes.values[Self.contentType] == [try der { try $0.serialize(Self.data) }],
                let values = attributes.values[Self.messageDigest], values.count == 1, let value = values.first
            else { throw Unreadable() }
            statedDigest = Array(try ASN1OctetString(derEncoded: value).bytes)
        } else {
            signed = content
            statedDigest = nil
        }
    }

    private static func parse(_ node: ASN1Node) throws -> SignedOrder {
        try DER.sequence(node, identifier: .sequence) { nodes in
            guard [1, 3].contains(try Int(derEncoded: &nodes)) else { throw Unreadable() }
            _ = try DER.set(of: Algorithm.self, identifier: .set, nodes: &nodes)
            guard let enclosed = nodes.next() else { throw Unreadable() }
            let content = try DER.sequence(enclosed, identifier: .sequence) { parts in
                guard try ASN1ObjectIdentifier(derEncoded: &parts) == data else { throw Unreadable() }
                return try DER.explicitlyTagged(&parts, tagNumber: 0, tagClass: .contextSpecific) { node in
                    Array(try ASN1OctetString(derEncoded: node).bytes)
                }
            }
            let certificates =
                try DER.optionalImplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { node in
                    try DER.set(of: Certificate.self, identifier: node.identifier, rootNode: node)
                } ?? []
            _ = DER.optionalImplicitlyTagged(&nodes, tagNumber: 1, tagClass: .contextSpecific) { _ in }
            let signers = try DER.set(of: SignerInfo.self, identifier: .set, nodes: &nodes)
            guard signers.count == 1, let signerInfo = signers.first, certificates.count <= 10 else {
                throw Unreadable()
            }
            return try SignedOrder(content: content, certificates: certificates, signerInfo: signerInfo)
        }
    }
}

/// An algorithm with its parameters.
struct Algorithm: DERParseable {
    let identifier: ASN1ObjectIdentifier
    let parameters: ASN1Any?

    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { parts in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &parts)
            return Algorithm(identifier: identifier, parameters: parts.next().map { ASN1Any(derEncoded: $0) })
        }
    }

    private init(identifier: ASN1ObjectIdentifier, parameters: ASN1Any?) {
        (self.identifier, self.parameters) = (identifier, parameters)
    }
}

/// Who signed, how, and what beside the document (RFC 5652, section 5.3).
private struct SignerInfo: DERParseable {
    let issuer: DistinguishedName?
    let serialNumber: [UInt8]
    let keyIdentifier: [UInt8]?
    let digest: SignedOrder.DigestName
    let scheme: SignedOrder.Scheme
    let attributes: (encoded: [UInt8], values: [ASN1ObjectIdentifier: [[UInt8]]])?
    let signature: [UInt8]

    private struct Unsupported: Error { let algorithm: ASN1ObjectIdentifier }
    private struct Repeated: Error {}

    private static let digests: [ASN1ObjectIdentifier: SignedOrder.DigestName] = [
        [2, 16, 840, 1, 101, 3, 4, 2, 1]: .sha256, [2, 16, 840, 1, 101, 3, 4, 2, 2]: .sha384,
        [2, 16, 840, 1, 101, 3, 4, 2, 3]: .sha512,
    ]

    /// Signature algorithms; those that name a digest must name that of the signer.
    private static let schemes: [ASN1ObjectIdentifier: (SignedOrder.Scheme, SignedOrder.DigestName?)] = [
        [1, 2, 840, 113_549, 1, 1, 1]: (.pkcs1, nil), [1, 2, 840, 113_549, 1, 1, 10]: (.pss, nil),
        [1, 2, 840, 113_549, 1, 1, 11]: (.pkcs1, .sha256), [1, 2, 840, 113_549, 1, 1, 12]: (.pkcs1, .sha384),
        [1, 2, 840, 113_549, 1, 1, 13]: (.pkcs1, .sha512), [1, 2, 840, 10_045, 4, 3, 2]: (.ecdsa, .sha256),
        [1, 2, 840, 10_045, 4, 3, 3]: (.ecdsa, .sha384), [1, 2, 840, 10_045, 4, 3, 4]: (.ecdsa, .sha512),
    ]

    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { try Self(&$0) }
    }

    private init(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        _ = try Int(derEncoded: &nodes)
        let keyIdentifier = try DER.optionalImplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { node in
            Array(try ASN1OctetString(derEncoded: node, withIdentifier: node.identifier).bytes)
        }
        self.keyIdentifier = keyIdentifier
        if keyIdentifier == nil, let name = nodes.next() {
            (issuer, serialNumber) = try DER.sequence(name, identifier: .sequence) { parts in
                (
                    try parts.next().map { try DistinguishedName(derEncoded: $0) },
                    Array(try ArraySlice<UInt8>(derEncoded: &parts))
                )
            }
        } else {
            (issuer, serialNumber) = (nil, [])
        }
        let digestAlgorithm = try Algorithm(derEncoded: &nodes)
        guard let digest = Self.digests[digestAlgorithm.identifier] else {
            throw Unsupported(algorithm: digestAlgorithm.identifier)
        }
        self.digest = digest
        attributes = try DER.optionalImplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { node in
            (Array(node.encodedBytes), try Self.attributes(node))
        }
        let algorithm = try Algorithm(derEncoded: &nodes)
        guard let (scheme, named) = Self.schemes[algorithm.identifier], named == nil || named == digest else {
            throw Unsupported(algorithm: algorithm.identifier)
        }
        self.scheme = scheme
        signature = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
        // Attributes that nobody signed are of no interest here.
        _ = DER.optionalImplicitlyTagged(&nodes, tagNumber: 1, tagClass: .contextSpecific) { _ in }
    }

    private static func attributes(_ node: ASN1Node) throws -> [ASN1ObjectIdentifier: [[UInt8]]] {
        var found: [ASN1ObjectIdentifier: [[UInt8]]] = [:]
        try DER.set(node, identifier: node.identifier) { nodes in
            while let attribute = nodes.next() {
                try DER.sequence(attribute, identifier: .sequence) { parts in
                    let type = try ASN1ObjectIdentifier(derEncoded: &parts)
                    let values = try DER.set(of: ASN1Any.self, identifier: .set, nodes: &parts)
                    guard found[type] == nil else { throw Repeated() }
                    found[type] = try values.map { value in try der { try $0.serialize(value) } }
                }
            }
        }
        return found
    }

    func names(_ certificate: Certificate) -> Bool {
        guard let keyIdentifier else {
            return certificate.issuer == issuer && Array(certificate.serialNumber.bytes) == serialNumber
        }
        return (try? certificate.extensions.subjectKeyIdentifier)?.keyIdentifier == keyIdentifier[...]
    }
}
