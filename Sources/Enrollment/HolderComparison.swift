// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation
public import OpenSSLKit

/// The holder of a certificate beside the one that was asked for: compared where there is something to compare.
public struct HolderComparison: Sendable, Equatable {
    /// What is different, the most telling first.
    public private(set) var differences: [HolderDifference] = []
    /// What was compared and is the same.
    public private(set) var agreements: [CheckedFact] = []

    /// Compares.
    public init(_ details: CertificateDetails, with plan: EnrollmentPlan) {
        let subject = details.subject
        compareNames(of: subject, with: plan)
        if plan.holder == .seal { compareOrganisation(of: subject, with: plan) }
        // Where the certificate itself says what it is, that is no matter of comparing.
        if details.statements.types.isEmpty, let holder = details.holder, holder != plan.holder {
            differences.append(.kind(requested: plan.holder, issued: holder))
        }
        compareAddresses(of: details, with: plan)
        let others = details.alternativeNames.accounts.filter { !$0.isSameAddress(as: plan.contact.email) }
        let names = others + details.alternativeNames.hosts
        if !names.isEmpty { differences.append(.otherNames(names)) }
        let texts = subject.attributes.map(\.value) + details.emailAddresses + names
        differences += texts.filter { $0.plainText != $0 }.map { .unprintable($0) }
    }

    /// Leaves out in what a certificate that is replaced differs just so: its holder has it already.
    mutating func allow(_ replaced: HolderComparison) {
        differences.removeAll { replaced.differences.contains($0) }
    }

    /// Whether a person has to agree before the certificate is accepted.
    public var needsConsent: Bool { differences.contains(where: \.needsConsent) }

    private mutating func compareNames(of subject: DistinguishedName, with plan: EnrollmentPlan) {
        let given = subject.values(of: "GN").joined(separator: " ")
        let surname = subject.values(of: "SN").joined(separator: " ")
        let personal = [given, surname].filter { !$0.isEmpty }.joined(separator: " ")
        let common = subject.values(of: "CN")
        var found: [HolderDifference] = []
        if let requested = plan.contact.name {
            let names = common.isEmpty ? [personal] : common
            let isNamed = names.contains { Self.isOf(requested, $0) }
            found += names.filter { !Self.isOf(requested, $0) }.map { issued in
                if isNamed { return .furtherName(requested: requested, issued: issued) }
                let isSomebodyElse = letters(of: requested).isDisjoint(with: letters(of: issued))
                return .name(requested: requested, issued: issued, isSomebodyElse: isSomebodyElse)
            }
        } else if Set(common.map { words(of: $0) }).count > 1 {
            // Nothing was asked for, and the certificate names several people itself.
            found += common.dropFirst().map { .personalName(commonName: common[0], issued: $0) }
        }
        if let first = common.first, !words(of: personal).isSubset(of: words(of: first)) {
            found.append(.personalName(commonName: first, issued: personal))
        }
        let pseudonyms = subject.values(of: "pseudonym").filter { pseudonym in
            plan.contact.name.map { words(of: $0) != words(of: pseudonym) } ?? true
        }
        found += pseudonyms.map { .pseudonym($0) }
        differences += found
        if found.isEmpty, plan.contact.name != nil { agreements.append(.name) }
    }

    private mutating func compareOrganisation(of subject: DistinguishedName, with plan: EnrollmentPlan) {
        guard let requested = plan.contact.name else { return }
        let wanted = words(of: requested)
        let foreign = subject.values(of: "O").filter { organisation in
            let issued = words(of: organisation)
            return !issued.isSubset(of: wanted) && !wanted.isSubset(of: issued)
        }
        // A seal's name is its organisation's as a rule: what was said of the name is not said again.
        let unsaid = foreign.filter { !subject.values(of: "CN").contains($0) }
        differences += unsaid.map { .organisation(requested: requested, issued: $0) }
        if foreign.isEmpty, subject["O"] != nil { agreements.append(.organisation) }
    }

    private mutating func compareAddresses(of details: CertificateDetails, with plan: EnrollmentPlan) {
        guard let requested = plan.contact.email else { return }
        let foreign = details.emailAddresses.filter { !$0.isSameAddress(as: requested) }
        if !foreign.isEmpty {
            differences.append(.emailAddresses(requested: requested, issued: foreign))
        } else if details.emailAddresses.isEmpty {
            differences.append(.emailAddressMissing(requested))
        } else {
            agreements.append(.emailAddress)
        }
    }

    /// Whether a name is the one asked for. A CA adds titles: what it adds beside them is another name.
    static func isOf(_ requested: String, _ issued: String) -> Bool {
        let wanted = words(of: requested)
        let found = words(of: issued)
        return wanted.isSubset(of: found) && found.subtracting(wanted).allSatisfy(AcademicTitle.isOne)
    }
}

/// The words of a name. Comparing Swift strings is comparing canonically equivalent text, so that NFC and NFD agree.
private func words(of name: String) -> Set<String> {
    Set(name.lowercased().split { $0.isWhitespace || $0 == "," }.map(String.init))
}

/// The words of a name as far as they survive other spellings: without diacritics, punctuation and single letters.
private func letters(of name: String) -> Set<String> {
    let plain = name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        .replacing("ß", with: "ss").replacing("ł", with: "l")
    return Set(plain.split { !$0.isLetter && !$0.isNumber }.filter { $0.count > 1 }.map(String.init))
}

extension DistinguishedName {
    /// All values of an attribute.
    func values(of name: String) -> [String] { attributes.filter { $0.name == name }.map(\.value) }
}

extension QualifiedStatements {
    /// Person or seal, where the certificate itself says so; one that says both is for either.
    var holder: Holder? {
        switch (types.contains(Self.signature), types.contains(Self.seal)) {
        case (true, false): .person
        case (false, true): .seal
        default: nil
        }
    }
}

extension String {
    fileprivate func isSameAddress(as other: String?) -> Bool { lowercased() == other?.lowercased() }
}
