// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// What is read out of certificates that the openssl command made.
@Suite struct CertificateDetailsTests {
    private static let compliance = "3008060604008e460101"
    private static let device = "3008060604008e460104"
    private static let signature = "3013060604008e4601063009060704008e46010601"
    private static let seal = "3013060604008e4601063009060704008e46010602"

    private let laboratory: Laboratory

    init() async throws {
        laboratory = try Laboratory()
        try await laboratory.certificate("root", .authority().with { $0.subject = "/O=Žluťoučký kůň/CN=Kořen" })
    }

    @Test func `a qualified certificate of a person on a device says all of it`() async throws {
        let wish = Laboratory.Wish.leaf(issuer: "root").with {
            $0.subject =
                "/C=CZ/O=Kůň a. s./SN=Čapek/GN=Josef/CN=Josef Čapek/serialNumber=P123456/emailAddress=jc@example.cz"
            $0.serial = "00C0FFEE00112233445566778899AABBCC"
            $0.extensions += [
                "1.3.6.1.5.5.7.1.3=DER:3029\(Self.compliance)\(Self.device)\(Self.signature)",
                "certificatePolicies=2.23.134.1.4.1.17.200,0.4.0.194112.1.2",
                "subjectAltName=email:josef@example.cz,DNS:example.cz,email:capek@example.cz",
            ]
        }
        let (certificate, details) = try await issue(wish)
        #expect(details.subject.commonName == "Josef Čapek")
        #expect(details.subject["O"] == "Kůň a. s.")
        #expect(details.subject["serialNumber"] == "P123456")
        #expect(details.subject["nothing"] == nil)
        #expect(details.subject.attributes.map(\.name) == ["C", "O", "SN", "GN", "CN", "serialNumber", "emailAddress"])
        #expect(details.issuer.text == "CN=Kořen, O=Žluťoučký kůň")
        #expect(details.serialNumberHex == "c0ffee00112233445566778899aabbcc")
        #expect(details.serialNumber == "256540638108418488486419855877425773516")
        #expect(certificate.serialNumber == hexadecimal("021100C0FFEE00112233445566778899AABBCC"))
        #expect(details.notBefore == Date(timeIntervalSince1970: 1_767_225_600))
        #expect(details.notAfter == Date(timeIntervalSince1970: 2_082_758_400))
        #expect(details.policies == ["2.23.134.1.4.1.17.200", "0.4.0.194112.1.2"])
        #expect(details.emailAddresses == ["josef@example.cz", "capek@example.cz", "jc@example.cz"])
        #expect(details.statements.types == [QualifiedStatements.signature])
        #expect(details.markers == [.qescd])
        #expect(details.type == .qualified)
        #expect(details.holder == .person)
        #expect(details.signatureAlgorithm == "ecdsa-with-SHA256")
        #expect(details.weakness == nil)
        let print = try await laboratory.openssl(
            "x509",
            "-in",
            laboratory.path("leaf.crt"),
            "-noout",
            "-fingerprint",
            "-sha256"
        )
        let digits = print.split(separator: "=").last?.filter(\.isHexDigit).lowercased()
        #expect(details.fingerprint == digits)
    }

    @Test func `a qualified seal without a device has no marker`() async throws {
        let (_, details) = try await issue(
            .leaf(issuer: "root").with {
                $0.subject = "/C=CZ/O=Kůň a. s./organizationIdentifier=NTRCZ-12345678/CN=Pečeť"
                $0.extensions += [
                    "1.3.6.1.5.5.7.1.3=DER:301f\(Self.compliance)\(Self.seal)", "certificatePolicies=0.4.0.194112.1.1",
                ]
            }
        )
        #expect(details.type == .qualified && details.holder == .seal)
        #expect(details.markers.isEmpty)
        #expect(details.subject["organizationIdentifier"] == "NTRCZ-12345678")
    }

    /// Policies and subject, and what follows from them.
    struct Commercial: Sendable {
        let policies: String
        let subject: String
        let type: CertificateType?
        let holder: Holder?
        let markers: Set<Marker>

        static let all = [
            Commercial("0.4.0.2042.1.2", "/CN=x/SN=Čapek", .commercial, .person, [.ncpPlus]),
            Commercial("0.4.0.2042.1.1", "/CN=x/GN=Josef", .commercial, .person, []),
            Commercial("0.4.0.2042.1.1", "/CN=x/organizationIdentifier=NTRCZ-1", .commercial, .seal, []),
            Commercial("0.4.0.2042.1.2,1.2.3", "/SN=x/organizationIdentifier=y", .commercial, .person, [.ncpPlus]),
            Commercial("1.2.3.4", "/CN=x", nil, nil, []),
            Commercial("0.4.0.2042.1.22", "/CN=0.4.0.2042.1.2", nil, nil, []),
        ]

        private init(
            _ policies: String,
            _ subject: String,
            _ type: CertificateType?,
            _ holder: Holder?,
            _ markers: Set<Marker>
        ) {
            self.policies = policies
            self.subject = subject
            self.type = type
            self.holder = holder
            self.markers = markers
        }
    }

    @Test(arguments: Commercial.all)
    func `a commercial certificate is known by its policy`(_ expected: Commercial) async throws {
        let (_, details) = try await issue(
            .leaf(issuer: "root").with {
                $0.subject = expected.subject
                $0.extensions.append("certificatePolicies=\(expected.policies)")
            }
        )
        #expect(details.type == expected.type)
        #expect(details.holder == expected.holder)
        #expect(details.markers == expected.markers)
    }

    @Test(
        arguments: [
            ("rsa:1024", "sha256", "1024-bit key"), ("rsa:2048", "sha256", nil), ("ec:P-192", "sha256", "192-bit key"),
            ("ec:P-256", "sha1", "ecdsa-with-SHA1"), ("ec:P-384", "sha512", nil),
        ] as [(String, String, String?)]
    )
    func `what is weak is named`(_ kind: String, _ digest: String, _ weakness: String?) async throws {
        let (_, details) = try await issue(
            .leaf(issuer: "root").with {
                $0.kind = kind
                $0.digest = digest
            }
        )
        #expect(details.weakness == weakness)
    }

    @Test func `a certificate that says nothing is read as saying nothing`() async throws {
        let (_, details) = try await issue(.leaf(issuer: "root").with { $0.validity.1 = "99991231235959Z" })
        #expect(details.policies.isEmpty && details.emailAddresses.isEmpty && details.markers.isEmpty)
        #expect(details.type == nil && details.holder == nil)
        #expect(details.statements == QualifiedStatements())
        #expect(details.notAfter == Date(timeIntervalSince1970: 253_402_300_799))
    }

    @Test(arguments: [
        "1.3.6.1.5.5.7.1.3=DER:0500", "1.3.6.1.5.5.7.1.3=DER:3008\(device)", "1.3.6.1.5.5.7.1.3=DER:300a\(device)00",
    ])
    func `a certificate with statements that make no sense is read, and called nothing`(_ line: String) async throws {
        let der = try await laboratory.certificate("leaf", .leaf(issuer: "root").with { $0.extensions.append(line) })
        let certificate = try Certificate(parsing: der)
        let details = try CertificateDetails(of: certificate)
        #expect(details.statements.isMalformed && !details.statements.isQualified && details.markers.isEmpty)
        #expect(details.type == nil && details.subject.commonName == "leaf")
    }

    @Test func `of an extension that is there twice nothing counts, for nobody knows which of them does`() async throws
    {
        // openssl.cnf(5) takes a name twice when something before a dot tells the lines apart.
        let lines = ["1.3.6.1.5.5.7.1.3=DER:300a\(Self.compliance)", "1.3.6.1.5.5.7.1.4=DER:300a\(Self.device)"]
        let wish = Laboratory.Wish.leaf(issuer: "root").with { $0.extensions += lines }
        var der = try await laboratory.certificate("leaf", wish)
        let other = try #require(Data(der).range(of: Data(hexadecimal("06082B06010505070104"))))
        der[other.upperBound - 1] = 0x03
        let details = try CertificateDetails(of: try Certificate(parsing: der))
        #expect(details.statements.isMalformed && !details.statements.isQualified)
        #expect(details.type == nil && details.markers.isEmpty)
    }

    private func issue(_ wish: Laboratory.Wish) async throws -> (Certificate, CertificateDetails) {
        let certificate = try Certificate(parsing: try await laboratory.certificate("leaf", wish))
        return (certificate, try CertificateDetails(of: certificate))
    }
}
