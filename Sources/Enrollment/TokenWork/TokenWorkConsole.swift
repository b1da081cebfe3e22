// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import OpenSSLKit

/// What happens on tokens without the CA; told to the person by whoever holds the terminal.
public enum TokenWorkEvent: Sendable {
    /// What else the file holds, which is left alone.
    case passedOver([BundlePart])
    /// The key of a certificate was found on a token.
    case keyFound(TokenIdentity)
    /// The certificate is on the token already.
    case alreadyThere
    /// Something speaks against the certificate of a key that is imported all the same.
    case doubted(CertificateFinding)
    /// The certificate is being written.
    case writingCertificate
    /// The private key is being written.
    case writingKey
    /// The key makes a test signature.
    case testingKey
    /// An object is being removed: the one step that may take minutes.
    case removing(CleaningCandidate)
    /// It is gone, and the token was asked whether it is.
    case removed(CleaningCandidate)
    /// A key was left alone: its request is open.
    case protected(CleaningCandidate)
    /// A removal that an earlier run had begun: what is left of it now.
    case removalInterrupted(Removal, RemovalState)
    /// The password of a file had to be taken in a form that only old programs give it.
    case oldPasswordForm(String)
    /// The backup of a key is being encrypted and written.
    case writingBackup(String)
    /// The certificate is being written into the backup of its key, for which its password is needed.
    case completingBackup(String)
}

/// What a person has to agree to.
public enum TokenWorkQuestion: Sendable {
    /// A certificate is written beside its key; whether the person has just been shown it.
    case install(CertificateDetails, TokenIdentity, isShown: Bool)
    /// A certificate is for another holder than was asked for.
    case holder(CertificateDetails, [HolderDifference])
    /// A key from a file is written; what speaks against its certificate.
    case importKey(CertificateDetails?, TokenIdentity, [CertificateFinding])
    /// These objects are removed.
    case remove([CleaningCandidate])
    /// Keys are among them: asked a second time.
    case removeKeys([CleaningCandidate])
    /// The key of an open request is removed; the answer has to be typed as the request is called.
    case removeProtectedKey(CleaningCandidate)
}

/// The person, as stories without a CA meet them.
public protocol TokenWorkConsole: SecretSource {
    /// Tells what happens.
    func report(_ event: TokenWorkEvent) async

    /// Asks for a yes.
    ///
    /// - Throws: `TokenWorkError.nobodyToAsk`.
    func agrees(to question: TokenWorkQuestion) async throws(EnrollmentError) -> Bool

    /// Asks for the password of a file.
    ///
    /// - Parameter isNew: whether it is made up now, and therefore typed twice.
    func password(of file: String, isNew: Bool) async throws(EnrollmentError) -> FilePassword
}
