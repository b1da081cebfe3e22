// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

/// The words for what a certificate is for, how its holder differs, and what keeps a chain from being believed. A
/// language that misses one does not compile.
struct CertificateWords: Sendable {
    /// Labels of lines.
    let keyUsage, purposes, otherNames, differs: String
    let holderQuestion: String
    let usage: @Sendable (CertificateUsage.KeyUsage) -> String
    /// Of a dotted identifier.
    let purpose: @Sendable (String) -> String
    let fact: @Sendable (CheckedFact) -> String
    let difference: @Sendable (HolderDifference) -> String
    /// What is wrong with a certificate, as the rest of a sentence that begins with it.
    let predicate: @Sendable (ChainError) -> String
    /// The certificate that a chain's failure is about, as such a beginning; empty where the verb says it.
    let chainSubject: @Sendable (ChainError) -> String
    /// Why no way leads to an anchor.
    let untrusted: @Sendable (ChainError) -> String
    /// Why a certificate of the CA itself is good for nothing.
    let authority: @Sendable (AuthorityChain.Fault) -> String

    static func of(_ language: Language) -> CertificateWords { language == .czech ? czech : english }

    /// Why a chain is not believed, as what is said of the certificate at its end.
    func chain(_ error: ChainError) -> String {
        guard error.code != .untrusted else { return untrusted(error) }
        return [chainSubject(error), predicate(error)].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension ChainError {
    /// The name of whom it is about, ready for a terminal.
    var about: String? { subject.flatMap { $0.isEmpty ? nil : $0.printable } }
}

extension HolderDifference {
    /// Both sides for scripts: what was asked for, where that says something, and what the certificate says.
    var values: (requested: String?, issued: [String]) {
        switch self {
        case .name(let requested, let issued, _): (requested, issued.isEmpty ? [] : [issued])
        case .furtherName(let requested, let issued): (requested, [issued])
        case .personalName(let commonName, let issued): (commonName, [issued])
        case .pseudonym(let issued), .unprintable(let issued): (nil, [issued.printable])
        case .organisation(let requested, let issued): (requested, [issued])
        case .kind(let requested, let issued): (requested.rawValue, [issued.rawValue])
        case .emailAddresses(let requested, let issued): (requested, issued)
        case .emailAddressMissing(let requested): (requested, [])
        case .otherNames(let issued): (nil, issued)
        }
    }
}
