// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// What a certificate of a kind holds (ETSI EN 319 411-1, 411-2, 412-2, 412-3 and 412-5).
struct Profile: Sendable {
    /// The families.
    enum Kind: String, Codable, Sendable { case qualified, commercial }
    /// Whom a certificate is for.
    enum HolderKind: String, Codable, Sendable { case person, seal }

    let kind: Kind
    let holder: HolderKind
    let marked: Bool

    /// One year, or three, with the days that the field gives on top.
    static func days(_ term: Wire.Term) -> Int { term == .oneYear ? 385 : 1_115 }

    /// The extensions of a certificate of this kind.
    func extensions(
        for publicKey: Certificate.PublicKey,
        by issuer: Issuer,
        email: String?,
        status service: URL?
    ) throws -> [Certificate.Extension] {
        guard let service else { return [] }
        let issuerKey = Certificate.PublicKey(issuer.key.publicKey)
        let file = kind == .qualified ? "qualified" : "public"
        var extensions = [
            try Certificate.Extension(usage(of: publicKey), critical: true),
            try Certificate.Extension(
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: issuerKey).keyIdentifier),
                critical: false
            ),
            try Certificate.Extension(SubjectKeyIdentifier(hash: publicKey), critical: false),
            try Self.policies(policies),
            try Self.distributionPoint(service.appending(path: "crl/\(file).crl")),
            try Certificate.Extension(
                AuthorityInformationAccess([
                    .init(
                        method: .ocspServer,
                        location: .uniformResourceIdentifier(service.appending(path: "ocsp/\(file)").absoluteString)
                    ),
                    .init(
                        method: .issuingCA,
                        location: .uniformResourceIdentifier(service.appending(path: "crt/\(file).crt").absoluteString)
                    ),
                ]),
                critical: false
            ),
        ]
        if kind == .qualified { extensions.append(try statements()) }
        if kind == .commercial, holder == .person {
            extensions.append(
                try Certificate.Extension(try ExtendedKeyUsage([.clientAuth, .emailProtection]), critical: false)
            )
        }
        if let email {
            extensions.append(try Certificate.Extension(SubjectAlternativeNames([.rfc822Name(email)]), critical: false))
        }
        return extensions
    }

    private func usage(of publicKey: Certificate.PublicKey) -> KeyUsage {
        let isRSA = publicKey.subjectPublicKeyInfoBytes.count > 200
        return KeyUsage(digitalSignature: true, nonRepudiation: kind == .qualified, keyEncipherment: isRSA)
    }

    /// Our own test policy below the enterprise number for examples (RFC 5612), and the policy of ETSI.
    private var policies: [ASN1ObjectIdentifier] {
        switch (kind, holder, marked) {
        case (.qualified, .person, true): [[1, 3, 6, 1, 4, 1, 32_473, 1, 1], [0, 4, 0, 194_112, 1, 2]]
        case (.qualified, .seal, true): [[1, 3, 6, 1, 4, 1, 32_473, 1, 2], [0, 4, 0, 194_112, 1, 3]]
        case (.qualified, .person, false): [[1, 3, 6, 1, 4, 1, 32_473, 1, 3], [0, 4, 0, 194_112, 1, 0]]
        case (.qualified, .seal, false): [[1, 3, 6, 1, 4, 1, 32_473, 1, 4], [0, 4, 0, 194_112, 1, 1]]
        case (.commercial, _, true): [[1, 3, 6, 1, 4, 1, 32_473, 1, 5], [0, 4, 0, 2_042, 1, 2]]
        case (.commercial, _, false): [[1, 3, 6, 1, 4, 1, 32_473, 1, 6], [0, 4, 0, 2_042, 1, 1]]
        }
    }

    static func policies(_ identifiers: [ASN1ObjectIdentifier]) throws -> Certificate.Extension {
        let value = try der { coder in
            try coder.sequence { coder in
                for identifier in identifiers { try coder.sequence { try $0.serialize(identifier) } }
            }
        }
        return Certificate.Extension(oid: [2, 5, 29, 32], critical: false, value: value[...])
    }

    private static func distributionPoint(_ url: URL) throws -> Certificate.Extension {
        let value = try der { coder in
            coder.sequence { coder in
                coder.sequence { coder in
                    coder.tagged(0) { coder in
                        coder.tagged(0) { coder in coder.primitive(6, Array(url.absoluteString.utf8)) }
                    }
                }
            }
        }
        return Certificate.Extension(oid: [2, 5, 29, 31], critical: false, value: value[...])
    }

    private func statements() throws -> Certificate.Extension {
        let compliance: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 1]
        let device: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 4]
        let disclosure: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 5]
        let type: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 6]
        let purpose: ASN1ObjectIdentifier = holder == .seal ? [0, 4, 0, 1862, 1, 6, 2] : [0, 4, 0, 1862, 1, 6, 1]
        let value = try der { coder in
            try coder.sequence { coder in
                try coder.sequence { try $0.serialize(compliance) }
                if marked { try coder.sequence { try $0.serialize(device) } }
                try coder.sequence { coder in
                    try coder.serialize(disclosure)
                    try coder.sequence { coder in
                        for language in ["en", "cs"] {
                            try coder.sequence { coder in
                                let document = "https://mock-ca.example.com/pds/\(language).pdf"
                                try coder.serialize(ASN1IA5String(document))
                                try coder.serialize(ASN1PrintableString(language))
                            }
                        }
                    }
                }
                try coder.sequence { coder in
                    try coder.serialize(type)
                    try coder.sequence { try $0.serialize(purpose) }
                }
            }
        }
        return Certificate.Extension(oid: [1, 3, 6, 1, 5, 5, 7, 1, 3], critical: false, value: value[...])
    }
}
