// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials
public import Foundation

/// What a certificate says, for people and for checks. All text in it is foreign: not yet safe for a terminal.
public struct CertificateDetails: Sendable, Equatable {
    /// Whom it is for.
    public let subject: DistinguishedName
    /// Who issued it.
    public let issuer: DistinguishedName
    /// The serial number, decimal.
    public let serialNumber: String
    /// The serial number, lower-case hexadecimal.
    public let serialNumberHex: String
    /// The first moment of its validity.
    public let notBefore: Date
    /// The last moment of its validity.
    public let notAfter: Date
    /// The SHA-256 of the certificate, lower-case hexadecimal.
    public let fingerprint: String
    /// The object identifiers of its policies.
    public let policies: [String]
    /// What it says of being qualified.
    public let statements: QualifiedStatements
    /// The e-mail addresses in its alternative names and its subject.
    public let emailAddresses: [String]
    /// The names that it is good for beside its subject.
    public let alternativeNames: AlternativeNames
    /// What its key may be used for.
    public let usage: CertificateUsage
    /// The extensions that keep it from being understood.
    public let extensionFaults: [ExtensionFault]
    /// The name of the algorithm that signed it.
    public let signatureAlgorithm: String
    /// What is weak about its key or its signature; `nil` when nothing is.
    public let weakness: String?

    /// Reads everything out of a certificate.
    public init(of certificate: Certificate) throws(OpenSSLError) {
        let handle = try X509Handle(der: certificate.der)
        let x509 = handle.pointer
        guard let subjectName = X509_get_subject_name(x509), let issuerName = X509_get_issuer_name(x509),
            let notBefore = date(X509_get0_notBefore(x509)), let notAfter = date(X509_get0_notAfter(x509)),
            let serial = X509_get0_serialNumber(x509), let number = ASN1_INTEGER_to_BN(serial, nil)
        else { throw OpenSSLError(.malformed, "certificate") }
        defer { BN_free(number) }
        subject = DistinguishedName(subjectName)
        issuer = DistinguishedName(issuerName)
        serialNumber = text(BN_bn2dec(number))
        serialNumberHex = text(BN_bn2hex(number)).lowercased()
        self.notBefore = notBefore
        self.notAfter = notAfter
        fingerprint = Digests.hexadecimal(Digests.digest(certificate.der, .sha256))
        policies = Self.policies(of: x509)
        statements = Self.statements(of: x509)
        let inSubject = subject.attributes.filter { $0.name == "emailAddress" }.map(\.value)
        alternativeNames = AlternativeNames(of: x509)
        emailAddresses = alternativeNames.emailAddresses + inSubject
        usage = CertificateUsage(of: x509)
        extensionFaults = ExtensionFault.all(of: x509)
        let algorithm = X509_get_signature_nid(x509)
        signatureAlgorithm = OBJ_nid2ln(algorithm).map { String(cString: $0) } ?? "unknown"
        weakness = Self.weakness(of: x509, signedBy: algorithm)
        ERR_clear_error()
    }

    /// The markers that it carries.
    public var markers: Set<Marker> {
        var markers: Set<Marker> = []
        if statements.isOnQualifiedDevice { markers.insert(.qescd) }
        if policies.contains(Policy.ncpPlus) { markers.insert(.ncpPlus) }
        return markers
    }

    /// The family; `nil` when it says nothing of it.
    public var type: CertificateType? {
        if statements.isQualified { return .qualified }
        return policies.contains(Policy.ncp) || policies.contains(Policy.ncpPlus) ? .commercial : nil
    }

    /// Person or seal; `nil` when it says nothing of it.
    public var holder: Holder? {
        if statements.types.contains(QualifiedStatements.seal) { return .seal }
        if statements.types.contains(QualifiedStatements.signature) { return .person }
        if subject["organizationIdentifier"] != nil, subject["SN"] == nil, subject["GN"] == nil { return .seal }
        return subject["SN"] != nil || subject["GN"] != nil ? .person : nil
    }

    private static func policies(of x509: OpaquePointer) -> [String] {
        guard let found = X509_get_ext_d2i(x509, NID_certificate_policies, nil, nil) else { return [] }
        let policies = OpaquePointer(found)
        defer { CERTIFICATEPOLICIES_free(policies) }
        return (0..<isignum_policies_count(policies)).compactMap { index in
            isignum_policy_at(policies, index)?.pointee.policyid.map { objectText($0) }
        }
    }

    /// A certificate with statements that cannot be read is a certificate all the same (RFC 5280, section 4.2: an extension
    /// that is not critical), and is not called qualified.
    private static func statements(of x509: OpaquePointer) -> QualifiedStatements {
        let index = X509_get_ext_by_NID(x509, NID_qcStatements, -1)
        guard index >= 0, let found = X509_get_ext(x509, index), let data = X509_EXTENSION_get_data(found) else {
            return QualifiedStatements()
        }
        // RFC 5280, section 4.2: no extension is there twice.
        guard X509_get_ext_by_NID(x509, NID_qcStatements, index) < 0 else { return .malformed }
        let bytes = UnsafeBufferPointer(start: ASN1_STRING_get0_data(data), count: Int(ASN1_STRING_length(data)))
        return (try? QualifiedStatements(der: Array(bytes))) ?? .malformed
    }

    private static func weakness(of x509: OpaquePointer, signedBy algorithm: Int32) -> String? {
        var digest = Int32(NID_undef)
        var bits = Int32(0)
        var flags = UInt32(0)
        guard X509_get_signature_info(x509, &digest, nil, &bits, &flags) == 1, bits >= 112 else {
            return OBJ_nid2ln(algorithm).map { String(cString: $0) } ?? "signature"
        }
        guard let key = X509_get0_pubkey(x509) else { return "public key" }
        guard EVP_PKEY_get_security_bits(key) >= 112 else { return "\(EVP_PKEY_get_bits(key))-bit key" }
        return nil
    }
}

/// The policies by which certificates are told apart.
enum Policy {
    static let ncp = "0.4.0.2042.1.1"
    static let ncpPlus = "0.4.0.2042.1.2"
}

private func date(_ time: UnsafePointer<ASN1_TIME>?) -> Date? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(timegm(&parts)))
}

private func text(_ memory: UnsafeMutablePointer<CChar>?) -> String {
    guard let memory else { return "" }
    defer { CRYPTO_free(memory, #file, #line) }
    return String(cString: memory)
}
