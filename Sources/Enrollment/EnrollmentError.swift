// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import CSRBuilder
public import Credentials

/// Why a story could not go on. What is in the journal stays there: the next run carries on.
public enum EnrollmentError: Error, Sendable {
    /// The token could not do it.
    case keyStore(KeyStoreError)
    /// Nothing that this CA issues could be believed: its own certificates, looked at before a key was made.
    case authorityUnsound(String, [AuthorityChain.Fault])
    /// The CA could not be asked, or refused.
    case authority(CAError)
    /// The request could not be built.
    case request(CSRError)
    /// The journal could not be read or written.
    case journal(JournalError)
    /// The issued certificate failed its check and was not installed.
    case certificateRefused([CertificateFinding])
    /// The certificate is for another holder than was asked for, and nobody agreed to that. It is kept.
    case holderDiffers([HolderDifference], JournalEntry?)
    /// The CA refused the request, let it expire or revoked its certificate, or the holder rejected that.
    case requestEnded(JournalEntry)
    /// The holder's acceptance has been heard, so that the certificate can only be revoked any more.
    case acceptedAlready(JournalEntry)
    /// The CA did not take a request that was handed in: ended here where it never will, open where it still may.
    case notTaken(JournalEntry, CAError)
    /// The request is not at the point where this can be done.
    case wrongState(JournalEntry)
    /// The key that the certificate is for is not on the device.
    case keyMissing(TokenIdentity)
    /// A device could not be handed over.
    case handover(HandoverError)
    /// The CA refused a renewal's order, and may take another one with the same key: another day, or with another
    /// voucher or term.
    case orderPutOff(JournalEntry, CAError)
    /// A certificate cannot be renewed.
    case renewal(RenewalRefusal)
    /// Something that happens on tokens alone could not be done.
    case tokenWork(TokenWorkError)
    /// The new key's signature does not fit the new certificate.
    case testSignatureWrong
}
