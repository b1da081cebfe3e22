// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import OpenSSLKit

/// Why something that happens on tokens alone, without the CA, could not be done.
public enum TokenWorkError: Error, Sendable {
    /// The file gives no certificate, and why.
    case certificateUnreadable(BundleError)
    /// The file holds certificates of CAs alone: the name of the first.
    case authorityCertificate(String)
    /// The certificate's key is of a kind that no token is asked for: which.
    case keyKindNotHeld(String)
    /// The file is a PKCS#12 file: keys are imported in another way.
    case keyFile
    /// The certificate of a file does not pass: what speaks against it, and the request that it would be for.
    case certificateRefused([CertificateFinding], JournalEntry?)
    /// The file holds several certificates that may be meant, each with its key on a token: each as "name (0x0a)".
    case severalCertificates([String])
    /// None of these tokens has the key; where it is a single one, all of its keys were looked at.
    case keyNowhere(tokens: [String])
    /// Each of these tokens has the key.
    case keyOnSeveralTokens([String])
    /// The key has no identifier on this token, so that no program would find the certificate's key.
    case keyWithoutIdentifier(String)
    /// Of the key only the public half is on this token.
    case keyHalfMissing(String)
    /// Several keys on this token bear the identifier, and nothing tells which of them is the certificate's.
    case keysIndistinct(String, KeyIdentifier)
    /// The file that should be PKCS#12 is something else: what it holds, and how many certificates.
    case noKeyFile([BundlePart], certificates: Int)
    /// The person said no. Nothing was changed.
    case declined
    /// A question had to be asked and there was nobody to answer.
    case nobodyToAsk
    /// The PKCS#12 file could not be read or written.
    case file(PKCS12Error)
    /// There is nothing to do it with: the password of the file was not given.
    case passwordNeeded
    /// The two passwords differ.
    case passwordsDiffer
    /// The password is shorter than this many characters.
    case passwordTooShort(Int)
    /// There is a file of this name already.
    case fileExists(String)
    /// The file cannot be written.
    case cannotWrite(String)
    /// The backup of a request's key cannot be written, and the key is made: the file and the request.
    case backupNotWritten(String, JournalEntry)
    /// The backup's name is taken by something else, and the key is made: the file and the request.
    case backupTaken(String, JournalEntry)
    /// The backup was written and is not there any more, and the key stays: the file and the request.
    case backupLost(String, JournalEntry)
    /// The backup is not there to be completed: the file and the request.
    case backupMissing(String, JournalEntry)
    /// The file is not the backup that was written: the file and the request.
    case backupChanged(String, JournalEntry)
    /// No backup is to be written for this request, or none any more.
    case backupNotOpen(JournalEntry)
    /// No private key may leave this token: its name.
    case backupRefused(String)
}

extension EnrollmentError {
    /// Whether the person said no.
    public var isRefusal: Bool {
        if case .tokenWork(.declined) = self { return true }
        return false
    }
}
