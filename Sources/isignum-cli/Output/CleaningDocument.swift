// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation

/// Something that may be removed, as `clean --json` shows it.
struct CandidateDocument: Encodable {
    /// `certificate` or `key`.
    let kind: String
    /// `expired`, `revoked`, `replaced`, `current`, `unreadable` or `unpaired`.
    let reason: String
    /// What binds the key to its certificate, lower-case hexadecimal.
    let keyId: String
    let area: String
    let label: String
    /// Of the SubjectPublicKeyInfo; `null` where the numbers are not known.
    let publicKeySHA256: String?
    /// The request that the key was made for, by its ID or number; `null` when the journal knows of none.
    let request: String?
    let requestStatus: String?
    /// Whether a certificate may still come for it.
    let isProtected: Bool
    /// `null` for keys, and for what cannot be read.
    let certificate: CertificateDocument?

    init(_ candidate: CleaningCandidate) {
        kind = candidate.isKey ? "key" : "certificate"
        reason = candidate.reason.rawValue
        keyId = candidate.identifier.hexadecimal
        area = candidate.area.rawValue
        label = candidate.label
        publicKeySHA256 = candidate.publicKeySHA256
        request = candidate.request.map { String($0.drop { $0 == "#" }) }
        requestStatus = candidate.entry?.state.rawValue ?? candidate.unreadable.map { _ in "unreadable" }
        isProtected = candidate.isProtected
        if case .certificate(_, let details?) = candidate.object {
            certificate = CertificateDocument(details, place: nil, now: Date())
        } else {
            certificate = nil
        }
    }

    /// A key in a line, to tell it from others.
    var keyLine: String { "\(keyId)  \(publicKeySHA256?.prefix(16) ?? "")  \(label)" }

    private enum CodingKeys: String, CodingKey {
        case kind, reason, keyId, area, label, publicKeySHA256, request, requestStatus
        case isProtected = "protected"
        case certificate
    }

    /// What is missing is `null`: scripts look for each of these names.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(reason, forKey: .reason)
        try container.encode(keyId, forKey: .keyId)
        try container.encode(area, forKey: .area)
        try container.encode(label, forKey: .label)
        try container.encode(publicKeySHA256, forKey: .publicKeySHA256)
        try container.encode(request, forKey: .request)
        try container.encode(requestStatus, forKey: .requestStatus)
        try container.encode(isProtected, forKey: .isProtected)
        try container.encode(certificate, forKey: .certificate)
    }
}

/// What `clean` found or did.
struct CleaningDocument: Encodable {
    let token: TokenName
    let dryRun: Bool
    /// What may be removed; absent after a removal.
    let candidates: [CandidateDocument]?
    /// What is gone.
    let removed: [CandidateDocument]
    /// What was chosen and left alone, because its request is open.
    let kept: [CandidateDocument]
    /// How many certificates the token does not give, or gives as something that is none; absent where all can be read.
    let unreadableCertificates: Int?

    init(dryRun: Bool, _ token: TokenIdentity, candidates: [CleaningCandidate]) {
        self.token = TokenName(token)
        self.dryRun = dryRun
        self.candidates = candidates.map { CandidateDocument($0) }
        let unreadable = candidates.count { $0.reason == .unreadable }
        unreadableCertificates = unreadable > 0 ? unreadable : nil
        removed = []
        kept = []
    }

    init(_ token: TokenIdentity, removed: [CleaningCandidate], kept: [CleaningCandidate]) {
        self.token = TokenName(token)
        dryRun = false
        candidates = nil
        unreadableCertificates = nil
        self.removed = removed.map { CandidateDocument($0) }
        self.kept = kept.map { CandidateDocument($0) }
    }
}

extension Results {
    /// What `clean` found, or what it removed.
    ///
    /// - Parameter keysStay: whether certificates went whose keys are still there.
    func show(
        _ document: CleaningDocument,
        _ listed: [CleaningCandidate],
        keysStay: Bool = false,
        _ language: Language
    ) throws {
        let words = TokenWorkWords.of(language)
        try write(document) {
            if document.candidates != nil {
                return listed.isEmpty ? words.nothingToClean + "\n" : words.list(listed)
            }
            let count = listed.isEmpty ? words.nothingRemoved : words.removedCount(listed.count)
            return count + "\n" + (keysStay ? words.keysStay + "\n" : "")
        }
    }
}

extension KeyIdentifier {
    /// Lower-case hexadecimal.
    var hexadecimal: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
