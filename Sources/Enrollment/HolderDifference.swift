// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// One thing in which the holder of a certificate is another than was asked for. The branch reads an identity document
/// and has the last word, so that is no reason to refuse: the person decides. All text is foreign.
public enum HolderDifference: Sendable, Equatable {
    /// A name of the certificate (its CN) is not the one asked for. `issued` is empty when it names nobody;
    /// `isSomebodyElse` where the two have no word in common.
    case name(requested: String, issued: String, isSomebodyElse: Bool)
    /// Another name beside the one asked for: a further CN.
    case furtherName(requested: String, issued: String)
    /// Given name and surname, beside a CN that says something else.
    case personalName(commonName: String, issued: String)
    /// It bears a pseudonym.
    case pseudonym(String)
    /// It is for an organisation that was not asked for.
    case organisation(requested: String, issued: String)
    /// By its subject it is a person's where a seal was asked for, or the other way round.
    case kind(requested: Holder, issued: Holder)
    /// E-mail addresses that were not asked for; `requested` is the one that was.
    case emailAddresses(requested: String, issued: [String])
    /// The e-mail address that was asked for is not in it, nor any other.
    case emailAddressMissing(String)
    /// Accounts of a domain, or hosts, that it also stands for.
    case otherNames([String])
    /// A name that holds characters which steer a terminal or cannot be seen.
    case unprintable(String)

    /// A stable name for scripts.
    public var code: String {
        switch self {
        case .name, .furtherName: "name"
        case .personalName: "personal_name"
        case .pseudonym: "pseudonym"
        case .organisation: "organisation"
        case .kind: "holder_kind"
        case .emailAddresses: "email"
        case .emailAddressMissing: "email_missing"
        case .otherNames: "other_names"
        case .unprintable: "unprintable"
        }
    }

    /// Whether a person has to agree before the certificate is accepted. What is only missing is shown.
    public var needsConsent: Bool {
        if case .emailAddressMissing = self { return false }
        return true
    }
}
