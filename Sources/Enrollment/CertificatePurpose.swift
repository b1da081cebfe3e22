// SPDX-License-Identifier: Apache-2.0

internal import OpenSSLKit

/// What a certificate for a person or a seal must be for, and must not be for (RFC 5280, sections 4.2.1.3, 4.2.1.9 and
/// 4.2.1.12; RFC 6960, section 4.2.2.2).
enum CertificatePurpose {
    /// What speaks against what a certificate lets its key do.
    static func findings(in details: CertificateDetails) -> [CertificateFinding] {
        let usage = details.usage
        var findings: [CertificateFinding] = []
        if usage.isAuthority { findings.append(.isAuthority) }
        if let keyUsage = usage.keyUsage {
            let ofAuthority = keyUsage.filter { $0 == .keyCertSign || $0 == .cRLSign }
            if !ofAuthority.isEmpty { findings.append(.signsForAuthority(ofAuthority)) }
            // RFC 5280 calls nonRepudiation contentCommitment too: a seal or a qualified signature may have it alone.
            // One without any bit is malformed, and told so.
            if !keyUsage.isEmpty, !keyUsage.contains(where: { $0 == .digitalSignature || $0 == .nonRepudiation }) {
                findings.append(.cannotSign(keyUsage))
            }
        }
        let purposes = usage.purposes ?? []
        let inTheNameOfTheCA = purposes.filter(ofAuthorities.contains)
        let ofService = purposes.contains(where: ofHolders.contains) ? [] : purposes.filter(ofServices.contains)
        // ETSI EN 319 412-5, section 4.2.3: a website's certificate says so.
        let types = details.statements.types
        let ofHolder = [QualifiedStatements.signature, QualifiedStatements.seal]
        let ofWebsite = types.contains(where: ofHolder.contains) ? [] : types
        let foreign = purposes.filter { inTheNameOfTheCA.contains($0) || ofService.contains($0) } + ofWebsite
        if !foreign.isEmpty { findings.append(.purposeForeign(foreign)) }
        return findings
    }

    /// With any of these beside it, a purpose of `ofServices` does no harm.
    static let ofHolders: Set<String> = [
        "1.3.6.1.5.5.7.3.2",  // clientAuth
        "1.3.6.1.5.5.7.3.4",  // emailProtection
        "1.3.6.1.5.5.7.3.36",  // documentSigning (RFC 9336)
        "1.3.6.1.4.1.311.10.3.12",  // document signing of Microsoft
        "1.3.6.1.4.1.311.20.2.2",  // smart-card logon
        "1.2.840.113583.1.1.5",  // authentic documents of Adobe
        "1.3.6.1.5.2.3.4",  // Kerberos client (RFC 4556)
        "2.5.29.37.0",  // any
    ]

    /// What belongs to machines and services: alone it is for neither a person nor a seal.
    static let ofServices: Set<String> = [
        "1.3.6.1.5.5.7.3.1",  // serverAuth
        "1.3.6.1.5.5.7.3.3",  // codeSigning
        "1.3.6.1.5.5.7.3.5", "1.3.6.1.5.5.7.3.6", "1.3.6.1.5.5.7.3.17",  // IPsec
        "1.3.6.1.5.5.7.3.8",  // timeStamping
        "1.3.6.1.5.2.3.5",  // Kerberos key distribution centre
        "1.3.6.1.4.1.311.2.1.21", "1.3.6.1.4.1.311.2.1.22",  // code signing of Microsoft
        "1.3.6.1.4.1.311.10.3.1",  // trust lists of Microsoft
        "1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1",  // server-gated cryptography
        "1.3.6.1.4.1.311.20.2.1",  // enrolment agent: requests in the name of others
    ]

    /// What speaks for the CA. Whoever holds an OCSPSigning certificate answers for every other certificate of the same
    /// issuer, whatever else it is for, so it is refused beside any purpose.
    static let ofAuthorities: Set<String> = [
        "1.3.6.1.5.5.7.3.9",  // OCSPSigning
        "1.3.6.1.5.5.7.3.27", "1.3.6.1.5.5.7.3.28",  // CMC certification and registration authority (RFC 6402)
        "1.3.6.1.4.1.311.21.5",  // exchange of private keys with a CA of Microsoft
    ]
}
