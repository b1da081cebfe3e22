// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@testable import Enrollment

/// What an issued certificate must be, what of it is compared with what was asked for, and what is left to the person:
/// a table of certificates of the openssl command.
@Suite struct CertificateRulesTests {
    private let laboratory: Laboratory
    private let journal: Journal
    private let anchors: TrustAnchors

    init() async throws {
        laboratory = try Laboratory()
        journal = try Journal(folder: laboratory.folder.file("state"))
        anchors = try TrustAnchors(bundle: try await laboratory.certificate("root", .authority()))
    }

    private static let name = "Žofie Příšerná"
    private static let right = "/C=CZ/CN=Žofie Příšerná/GN=Žofie/SN=Příšerná"
    private static let ncp = "certificatePolicies=0.4.0.2042.1.1"
    private static let signing = "keyUsage=critical,digitalSignature"

    /// An entry whose certificate has come.
    private func entry(
        subject: String = right,
        _ extensions: [String] = [signing],
        type: CertificateType = .commercial,
        holder: Holder = .person,
        name: String? = name,
        email: String? = nil,
        _ change: (inout Laboratory.Wish) -> Void = { _ in }
    ) async throws -> JournalEntry {
        let usual = extensions.contains { $0.hasPrefix("certificatePolicies") } ? [] : [Self.ncp]
        let wish = Laboratory.Wish(subject: subject, extensions: extensions + usual, issuer: "root").with(change)
        let file = "leaf \(UUID().uuidString)"
        let der = try await laboratory.certificate(file, wish)
        let plan = EnrollmentPlan(
            type: type,
            holder: holder,
            contact: Contact(name: name, email: email),
            locale: "cs"
        )
        let token = TokenIdentity(label: "t", serial: "1", manufacturer: "m", model: "m")
        var entry = try journal.begin(plan, authority: "demo", token: token)
        entry.publicKey = try Certificate(parsing: der).publicKey?.subjectPublicKeyInfo()
        entry.chain = [der]
        return entry
    }

    private func examine(_ entry: JournalEntry) -> Result<IssuedCertificate, CertificateRefusal> {
        IssuedCertificateCheck(anchors: anchors, now: inTheMiddle).examine(entry)
    }

    private func codes(_ entry: JournalEntry) -> [String] {
        if case .failure(let refusal) = examine(entry) { return refusal.findings.map(\.code) }
        return []
    }

    static let refused: [(code: String, extensions: [String])] = [
        ("certificate_is_authority", [signing, "basicConstraints=critical,CA:TRUE"]),
        ("certificate_is_authority", [signing, "basicConstraints=CA:TRUE,pathlen:0"]),
        ("certificate_signs_for_authority", ["keyUsage=critical,digitalSignature,keyCertSign"]),
        ("certificate_signs_for_authority", ["keyUsage=digitalSignature,nonRepudiation,cRLSign"]),
        ("certificate_cannot_sign", ["keyUsage=critical,keyEncipherment"]),
        ("certificate_cannot_sign", ["keyUsage=keyAgreement"]),
        ("certificate_cannot_sign", ["keyUsage=critical,dataEncipherment,keyEncipherment"]),
        ("certificate_extension_malformed", ["keyUsage=DER:030100"]),
        ("certificate_purpose_foreign", ["extendedKeyUsage=serverAuth"]),
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=critical,codeSigning"]),
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=OCSPSigning"]),
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=timeStamping"]),
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=serverAuth,codeSigning,1.2.3.4"]),
        // Whoever holds it answers for the CA, whatever else it is for.
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=clientAuth,emailProtection,OCSPSigning"]),
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=anyExtendedKeyUsage,OCSPSigning"]),
        ("certificate_purpose_foreign", [signing, "extendedKeyUsage=1.3.6.1.4.1.311.20.2.1"]),
        ("certificate_extension_unknown", [signing, "1.2.3.4=critical,DER:0500"]),
        ("certificate_extension_malformed", [signing, "subjectAltName=DER:0500"]),
        ("certificate_extension_malformed", [signing, "extendedKeyUsage=DER:0101FF"]),
        ("certificate_extension_malformed", ["keyUsage=DER:0500"]),
        ("certificate_extension_malformed", [signing, "basicConstraints=DER:0500"]),
        ("certificate_type_differs", [signing, "certificatePolicies=1.2.3.4"]),
    ]

    @Test(arguments: refused.indices) func `what nobody should take is refused by name`(row: Int) async throws {
        let (code, extensions) = Self.refused[row]
        let entry = try await entry(extensions)
        #expect(codes(entry) == [code], "\(extensions)")
    }

    @Test func `an extension that is there twice is refused by name`() async throws {
        var entry = try await entry([Self.signing, "1.2.3.4=DER:0500", "1.2.3.5=DER:0500"])
        var der = entry.chain[0]
        let other = try #require(Data(der).range(of: Data([0x06, 0x03, 0x2A, 0x03, 0x05])))
        der[other.upperBound - 1] = 0x04
        entry.chain = [der]
        let findings = codes(entry)
        // The signature does not fit any more, of course; one cause is told.
        #expect(findings == ["certificate_extension_twice"])
    }

    @Test(arguments: [
        [signing], ["keyUsage=nonRepudiation"], ["keyUsage=critical,digitalSignature,keyEncipherment"], [],
        ["basicConstraints=critical,CA:FALSE", signing],
        [signing, "extendedKeyUsage=clientAuth,emailProtection"],
        [signing, "extendedKeyUsage=serverAuth,clientAuth"], [signing, "extendedKeyUsage=codeSigning,emailProtection"],
        [signing, "extendedKeyUsage=1.3.6.1.4.1.311.10.3.12"], [signing, "extendedKeyUsage=1.3.6.1.5.5.7.3.36"],
        [signing, "extendedKeyUsage=1.2.840.113583.1.1.5"], [signing, "extendedKeyUsage=1.3.6.1.4.1.311.20.2.2"],
        [signing, "extendedKeyUsage=anyExtendedKeyUsage"], [signing, "extendedKeyUsage=1.2.3.4"],
        [signing, "1.2.3.4=DER:0500"], [signing, "authorityInfoAccess=DER:0500"],
    ])
    func `what people and organisations have is taken`(extensions: [String]) async throws {
        #expect(codes(try await entry(extensions)) == [], "\(extensions)")
    }

    @Test func `what comes too late, too weak, for another key or after a revocation is refused`() async throws {
        var other = try await entry()
        other.publicKey = [1]
        #expect(codes(other) == ["certificate_key_differs"])
        var revoked = try await entry()
        revoked.remoteState = .revoked
        #expect(codes(revoked) == ["certificate_revoked"])
        #expect(codes(try await entry { $0.validity.1 = "20270101000000Z" }) == ["certificate_expired"])
        #expect(codes(try await entry { $0.validity.0 = "20340101000000Z" }) == ["certificate_not_yet_valid"])
        #expect(codes(try await entry { $0.kind = "rsa:1024" }) == ["certificate_weak"])
        #expect(codes(try await entry { $0.digest = "sha1" }) == ["certificate_weak"])
        var marked = try await entry()
        marked.marker = .ncpPlus
        #expect(codes(marked) == ["certificate_marker_missing"])
    }

    static let statements = "1.3.6.1.5.5.7.1.3=DER:"
    /// QcCompliance, and QcType with one purpose.
    static func qualified(_ purpose: String) -> String {
        "\(statements)301F300806060400 8E460101 301306060400 8E460106 300906070400 8E4601060\(purpose)"
            .replacing(" ", with: "")
    }

    @Test func `a qualified certificate says itself whether it is a seal's or a website's`() async throws {
        let person = try await entry([Self.signing, Self.qualified("1")], type: .qualified)
        #expect(codes(person) == [])
        let seal = try await entry([Self.signing, Self.qualified("2")], type: .qualified)
        #expect(codes(seal) == ["certificate_holder_kind_differs"])
        let website = try await entry([Self.signing, Self.qualified("3")], type: .qualified)
        #expect(codes(website) == ["certificate_purpose_foreign"])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var subject = CertificateRulesTests.right
        var alternative: String?
        var name: String? = CertificateRulesTests.name
        var email: String?
        var holder = Holder.person
        /// What differs, by its codes.
        let differences: [String]
        /// What is called checked beside what always is.
        let facts: [CheckedFact]
        var testDescription: String { "\(subject) \(alternative ?? "") \(name ?? "-") \(email ?? "-")" }
    }

    static let rows = [
        Row(differences: [], facts: [.name]),
        Row(subject: "/CN=ing. žofie PŘÍŠERNÁ, Ph.D./GN=Žofie/SN=Příšerná", differences: [], facts: [.name]),
        Row(subject: "/CN=Příšerná Žofie MBA", differences: [], facts: [.name]),
        Row(subject: "/CN=Žofie Příšerná/CN=Žofie Příšerná", differences: [], facts: [.name]),
        Row(subject: "/CN=Žofie Příšerná/CN=Jan Novák", differences: ["name"], facts: []),
        Row(subject: "/CN=Jan Novák/CN=Žofie Příšerná", differences: ["name"], facts: []),
        Row(subject: "/CN=Žofie Příšerná/GN=Jan/SN=Novák", differences: ["personal_name"], facts: []),
        Row(subject: "/CN=Žofie Příšerná/GN=Žofie/SN=Nováková", differences: ["personal_name"], facts: []),
        Row(subject: "/GN=Žofie/SN=Příšerná", differences: [], facts: [.name]),
        Row(subject: "/C=CZ", differences: ["name"], facts: []),
        Row(subject: "/CN=Zofie Priserna", differences: ["name"], facts: []),
        Row(subject: "/CN=Žofie Příšerná Novák", differences: ["name"], facts: []),
        Row(subject: "/CN=Žofie K. Příšerná", differences: ["name"], facts: []),
        Row(subject: "/CN=Jan Vzorek", name: "Ing. Jan Vzorek", differences: ["name"], facts: []),
        Row(subject: "/CN=Žofie Příšerná/pseudonym=Maringotka", differences: ["pseudonym"], facts: []),
        Row(subject: "/CN=Kdokoli", name: nil, differences: [], facts: []),
        Row(subject: "/CN=Jan Novák/GN=Petr/SN=Malý", name: nil, differences: ["personal_name"], facts: []),
        Row(subject: "/CN=Jan Novák/CN=Petr Malý", name: nil, differences: ["personal_name"], facts: []),
        Row(
            alternative: "email:zofie@example.cz",
            email: "zofie@example.cz",
            differences: [],
            facts: [.name, .emailAddress]
        ),
        Row(
            alternative: "email:Zofie@Example.CZ",
            email: "zofie@example.cz",
            differences: [],
            facts: [.name, .emailAddress]
        ),
        Row(
            alternative: "email:zofie@example.cz,email:evil@example.cz",
            email: "zofie@example.cz",
            differences: ["email"],
            facts: [.name]
        ),
        Row(
            subject: right + "/emailAddress=evil@example.cz",
            alternative: "email:zofie@example.cz",
            email: "zofie@example.cz",
            differences: ["email"],
            facts: [.name]
        ),
        Row(
            alternative: "email:zofie@example.cz,otherName:1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:zlá@example.cz",
            email: "zofie@example.cz",
            differences: ["email"],
            facts: [.name]
        ),
        Row(alternative: "email:evil@example.cz", differences: [], facts: [.name]),
        Row(email: "zofie@example.cz", differences: ["email_missing"], facts: [.name]),
        Row(
            alternative: "email:zofie@example.cz,otherName:msUPN;UTF8:zofie@example.cz",
            email: "zofie@example.cz",
            differences: [],
            facts: [.name, .emailAddress]
        ),
        Row(
            alternative: "email:zofie@example.cz,otherName:msUPN;UTF8:administrator@example.cz",
            email: "zofie@example.cz",
            differences: ["other_names"],
            facts: [.name, .emailAddress]
        ),
        Row(alternative: "DNS:www.example.cz", differences: ["other_names"], facts: [.name]),
        Row(
            subject: "/O=Příklad, a.s./organizationIdentifier=NTRCZ-1/CN=Příklad, a.s.",
            name: "Příklad, a.s.",
            holder: .seal,
            differences: [],
            facts: [.name, .organisation]
        ),
        Row(
            subject: "/O=Jiná firma/organizationIdentifier=NTRCZ-1/CN=Příklad, a.s.",
            name: "Příklad, a.s.",
            holder: .seal,
            differences: ["organisation"],
            facts: [.name]
        ),
        Row(
            subject: "/O=Priklad a. s./organizationIdentifier=NTRCZ-1/CN=Priklad a. s.",
            name: "Příklad, a.s.",
            holder: .seal,
            differences: ["name"],
            facts: []
        ),
        Row(
            subject: "/O=Příklad/organizationIdentifier=NTRCZ-1/CN=Žofie Příšerná",
            differences: ["holder_kind"],
            facts: [.name]
        ),
        Row(subject: "/CN=Žofie Příšerná/CN=\u{7F}Žofie Příšerná", differences: ["name", "unprintable"], facts: []),
    ]

    @Test(arguments: rows) func `the holder is compared where there is something to compare`(row: Row) async throws {
        let extensions = [Self.signing] + (row.alternative.map { ["subjectAltName=\($0)"] } ?? [])
        let entry = try await entry(
            subject: row.subject,
            extensions,
            holder: row.holder,
            name: row.name,
            email: row.email
        ) { wish in
            wish.extensions = wish.extensions.map { $0.replacing("FORMAT:UTF8,", with: "") }
        }
        let issued = try examine(entry).get()
        #expect(issued.comparison.differences.map(\.code) == row.differences)
        let always: [CheckedFact] = [.key, .chain, .validity, .strength, .usage, .type]
        #expect(issued.facts == always + row.facts)
        let isOnlyMissing = row.differences == ["email_missing"]
        #expect(issued.comparison.needsConsent == (!row.differences.isEmpty && !isOnlyMissing))
    }

    @Test func `a wholly different person is told from another spelling`() async throws {
        let other = try await entry(subject: "/CN=Jan Novák")
        let spelling = try await entry(subject: "/CN=ZOFIE PRISERNA")
        #expect(
            other.comparison?.differences == [
                .name(requested: Self.name, issued: "Jan Novák", isSomebodyElse: true)
            ]
        )
        #expect(
            spelling.comparison?.differences == [
                .name(requested: Self.name, issued: "ZOFIE PRISERNA", isSomebodyElse: false)
            ]
        )
    }

    @Test func `what the certificate had that is renewed is nothing new`() async throws {
        let alternative = "subjectAltName=email:zofie@example.cz,email:info@example.cz"
        var old = try await entry([Self.signing, alternative], email: "zofie@example.cz")
        #expect(old.comparison?.needsConsent == true)
        old.renewal = Renewal(
            certificate: old.chain[0],
            keyIdentifier: old.keyIdentifier,
            area: .general,
            token: old.token,
            term: .oneYear,
            voucher: nil
        )
        #expect(old.comparison?.differences == [])
        let other = try await entry(subject: "/CN=Jan Novák", [Self.signing, alternative], email: "zofie@example.cz")
        old.chain = other.chain
        #expect(old.comparison?.differences.map(\.code) == ["name"])
    }

    @Test func `what keeps the chain from being believed is told from what is wrong with the certificate`() async throws
    {
        let entry = try await entry()
        let other = try TrustAnchors(bundle: try await laboratory.certificate("other", .authority()))
        guard case .failure(let refusal) = IssuedCertificateCheck(anchors: other, now: inTheMiddle).examine(entry)
        else { throw CancellationError() }
        #expect(refusal.findings == [.issuerMissing(name: "CN=root", addresses: [])])
        #expect(refusal.findings[0].isAboutChainAlone)
        // With its root at hand nothing is missing: that is another one than the CA's.
        var whole = entry
        whole.chain.append(try laboratory.bytes("root.der"))
        guard case .failure(let refused) = IssuedCertificateCheck(anchors: other, now: inTheMiddle).examine(whole),
            case .chainRefused(let error) = refused.findings.first
        else { throw CancellationError() }
        #expect(refused.findings.count == 1 && refused.findings[0].isAboutChainAlone)
        #expect(error.reason == .rootNotTrusted && error.subject == "CN=root")
        #expect(!CertificateFinding.keyDiffers.isAboutChainAlone)
        #expect(!CertificateFinding.chainRefused(ChainError(.badSignature, isAboutLeaf: true)).isAboutChainAlone)
    }

    @Test func `what signed for itself is refused for that alone, unless a person named it as the anchor`() async throws
    {
        let authority = [Self.signing, "basicConstraints=critical,CA:TRUE"]
        let entry = try await entry(authority) { $0.issuer = nil }
        #expect(codes(entry) == ["certificate_chain_refused"])
        let named = try TrustAnchors(bundle: entry.chain[0])
        let check = IssuedCertificateCheck(anchors: named, now: inTheMiddle)
        #expect(throws: Never.self) { try check.examine(entry).get() }
        // The name of its issuer alone makes it no root.
        let likeRoot = try await self.entry(subject: "/CN=root", authority, name: nil)
        #expect(codes(likeRoot) == ["certificate_is_authority"])
    }

    @Test func `a CA whose certificates would be refused is known before a key is made`() async throws {
        let root = try laboratory.bytes("root.der")
        let weak = try await laboratory.certificate("weak", .authority(issuer: "root").with { $0.kind = "rsa:1024" })
        let good = try await laboratory.certificate("good", .authority(issuer: "root"))
        let old = try await laboratory.certificate(
            "old",
            .authority().with { $0.validity = ("20200101000000Z", "20210101000000Z") }
        )
        func chain(_ anchors: [[UInt8]], issuers: [[UInt8]] = [], seen: [[UInt8]] = []) throws -> AuthorityChain {
            let text = anchors.map { PEM.encode($0, label: "CERTIFICATE") }.joined()
            let anchors = try TrustAnchors(bundle: Array(text.utf8))
            return AuthorityChain(anchors: anchors, issuers: issuers, seen: seen, at: inTheMiddle)
        }
        #expect(try chain([root]).faults.isEmpty)
        #expect(try !chain([root]).isHopeless)
        #expect(try chain([root], issuers: [good]).faults.isEmpty)
        let hopeless = try chain([old])
        #expect(hopeless.isHopeless && hopeless.faults.map(\.error.reason) == [.expired])
        #expect(hopeless.faults.map(\.isAnchor) == [true] && hopeless.faults.map(\.subject) == ["CN=old"])
        let mixed = try chain([old, root])
        #expect(!mixed.isHopeless && mixed.faults.count == 1)
        let middle = try chain([good])
        #expect(middle.isHopeless && middle.faults.map(\.error.reason) == [.issuerMissing])
        #expect(try chain([good, root]).faults.isEmpty)
        let issuers = try chain([root], issuers: [weak])
        #expect(issuers.isHopeless && issuers.faults.map(\.error.reason) == [.keyTooSmall])
        #expect(try !chain([root], issuers: [weak, good]).isHopeless)
        // Another may have taken the place of one that was seen.
        let seen = try chain([root], seen: [weak])
        #expect(!seen.isHopeless && seen.faults.count == 1)
        #expect(!AuthorityChain(anchors: .system, at: inTheMiddle).isHopeless)
    }
}
