// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials

/// Everything that a first request needs to know: the same value whether flags or the wizard made it.
public struct EnrollmentPlan: Sendable, Equatable, Codable {
    /// Qualified or commercial.
    public var type: CertificateType
    /// Person or seal.
    public var holder: Holder
    /// Name, e-mail and telephone number; each may be missing.
    public var contact: Contact
    /// Algorithm and size of the key.
    public var algorithm: KeyAlgorithm
    /// The file for a backup of the key; `nil` when none is wished for.
    public var backupFile: String?
    /// The language of the CA's letters: "cs" or "en".
    public var locale: String

    /// Puts a plan together.
    public init(
        type: CertificateType,
        holder: Holder,
        contact: Contact,
        algorithm: KeyAlgorithm = .rsa2048,
        locale: String,
        backupFile: String? = nil
    ) {
        self.backupFile = backupFile
        self.type = type
        self.holder = holder
        self.contact = contact
        self.algorithm = algorithm
        self.locale = locale
    }
}
