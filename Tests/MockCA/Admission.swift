// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509
import _CryptoExtras

/// What a certificate request asks for, read by other code than the client's.
struct ReadRequest: Sendable {
    let publicKey: Certificate.PublicKey
    let commonName: String?
    let email: String?
    let asksForQescd: Bool
    let asksForNcpPlus: Bool

    /// The SHA-256 of the SubjectPublicKeyInfo, as the client calls keys too.
    var publicKeyHash: String {
        get throws { hexadecimal(SHA256.hash(data: try der { try $0.serialize(publicKey) })) }
    }

    /// Parses and verifies a request: PEM, or base64 of DER.
    init(_ text: String) throws(Problem) {
        let request: CertificateSigningRequest
        do {
            if text.contains("-----BEGIN") {
                request = try CertificateSigningRequest(pemEncoded: text)
            } else {
                guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
                    throw Problem(422, "csr_invalid", "neither PEM nor base64")
                }
                request = try CertificateSigningRequest(derEncoded: [UInt8](data))
            }
        } catch let problem as Problem {
            throw problem
        } catch CryptoKitError.incorrectParameterSize {
            throw Problem(422, "key_weak", "the key is shorter than any that is certified")
        } catch {
            throw Problem(422, "csr_invalid", "\(error)")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw Problem(422, "csr_invalid", "the signature does not verify")
        }
        publicKey = request.publicKey
        try Self.requireStrength(of: request.publicKey)
        let name: ASN1ObjectIdentifier = [2, 5, 4, 3]
        commonName = request.subject.joined().first { $0.type == name }.flatMap { String($0.value) }
        let extensions: Certificate.Extensions
        do {
            let attribute = request.attributes.first { $0.oid == [1, 2, 840, 113_549, 1, 9, 14] }
            extensions = try attribute.map { try ExtensionRequest($0).extensions } ?? Certificate.Extensions([])
            email = try extensions.subjectAlternativeNames?.lazy.compactMap { name in
                if case .rfc822Name(let address) = name { address } else { nil }
            }.first
            asksForQescd = try Self.statements(in: extensions).contains([0, 4, 0, 1862, 1, 4])
            asksForNcpPlus = try Self.policies(in: extensions).contains([0, 4, 0, 2042, 1, 2])
        } catch {
            throw Problem(422, "csr_invalid", "extensions: \(error)")
        }
    }

    private static func requireStrength(of key: Certificate.PublicKey) throws(Problem) {
        if let rsa = _RSA.Signing.PublicKey(key) {
            guard rsa.keySizeInBits >= 2_048 else {
                throw Problem(422, "key_weak", "an RSA key needs 2,048 bits, this one has \(rsa.keySizeInBits)")
            }
        } else if P256.Signing.PublicKey(key) == nil, P384.Signing.PublicKey(key) == nil {
            throw Problem(422, "key_weak", "only RSA, P-256 and P-384 are certified")
        }
    }

    private static func identifiers(in value: ArraySlice<UInt8>) throws -> [ASN1ObjectIdentifier] {
        try DER.sequence(try DER.parse(value), identifier: .sequence) { nodes in
            var identifiers: [ASN1ObjectIdentifier] = []
            while let node = nodes.next() {
                let identifier = try DER.sequence(node, identifier: .sequence) { parts in
                    let identifier = try ASN1ObjectIdentifier(derEncoded: &parts)
                    while parts.next() != nil {}
                    return identifier
                }
                identifiers.append(identifier)
            }
            return identifiers
        }
    }

    private static func statements(in extensions: Certificate.Extensions) throws -> [ASN1ObjectIdentifier] {
        try extensions[oid: [1, 3, 6, 1, 5, 5, 7, 1, 3]].map { try identifiers(in: $0.value) } ?? []
    }

    private static func policies(in extensions: Certificate.Extensions) throws -> [ASN1ObjectIdentifier] {
        try extensions[oid: [2, 5, 29, 32]].map { try identifiers(in: $0.value) } ?? []
    }
}

/// A kind of device that was certified, and until when.
struct CertifiedModel: Sendable {
    let model: String
    let until: Date?

    /// "MODEL=2031-12-31", or "MODEL=" for one without an end that is known.
    init?(_ text: String) {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        model = String(text[..<equals])
        let date = text[text.index(after: equals)...]
        until = date.isEmpty ? nil : try? Date("\(date)T23:59:59Z", strategy: .iso8601)
        if !date.isEmpty, until == nil { return nil }
    }

    static let usual = [CertifiedModel("ProID+Q=2031-12-31"), CertifiedModel("ProID+Q Client=2030-06-30")].compactMap(
        \.self
    )
}

extension Wire.Submission {
    /// Whether the marker that the request asks for can be granted.
    ///
    /// - Returns: whether one was asked for.
    func grantsMarker(_ request: ReadRequest, devices: [CertifiedModel], now: Date) throws(Problem) -> Bool {
        let asks = profile == .qualified ? request.asksForQescd : request.asksForNcpPlus
        let asksForOther = profile == .qualified ? request.asksForNcpPlus : request.asksForQescd
        guard !asksForOther else { throw Problem(422, "marker_not_allowed", "the marker is for the other profile") }
        guard asks else { return false }
        guard let device else { throw Problem(422, "marker_not_allowed", "no device was named") }
        guard let known = devices.first(where: { $0.model == device.model }) else {
            throw Problem(422, "device_unknown", device.model)
        }
        guard let until = known.until else { throw Problem(422, "marker_not_allowed", "no certification is known") }
        guard now <= until else { throw Problem(422, "device_certification_ended", until.formatted(.iso8601)) }
        let claims = [device.keyClaims.local, device.keyClaims.sensitive, device.keyClaims.neverExtractable]
        guard !claims.contains(.no) else { throw Problem(422, "marker_not_allowed", "the device denies it") }
        return true
    }
}
