// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation
public import OpenSSLKit

/// Why a certificate is not renewed. Nothing has been changed then, on the token or at the CA.
public enum RenewalRefusal: Error, Sendable {
    /// Its time is over: only a new request helps.
    case expired(Date)
    /// Its time has not begun.
    case notYetValid(Date)
    /// It was revoked, as its issuer says: since when.
    case revoked(Date)
    /// It was renewed, or is being: by this entry.
    case alreadyRenewed(JournalEntry)
    /// It does not lead to the CA that was to renew it: the name of that CA's profile.
    case foreign(String)
    /// Its key is not beside it, so that nobody can sign an order with it.
    case withoutKey
    /// It says neither that it is qualified nor that it is commercial.
    case untold
    /// The key of the certificate that is replaced is not on the device any more.
    case oldKeyMissing(TokenIdentity)
    /// A renewal with a key on another device may have reached the CA: this entry.
    case begunElsewhere(JournalEntry)
    /// The qualified area of the device is full (error 622).
    case noRoom(QualifiedAreaUse)
    /// Several years and vouchers are for renewals, and a seal is followed by a new request.
    case notForSeals
    /// The tokens hold nothing that could be renewed.
    case nothingToRenew
}

/// What takes up the room in the qualified area of a device.
public struct QualifiedAreaUse: Sendable {
    /// The device.
    public let token: TokenIdentity
    /// How many qualified certificates fit, as the device's profile says.
    public let limit: Int
    /// How many certificates there are.
    public let certificates: Int
    /// Those of them that may go: not the one whose key has to sign the order. What serves least comes first.
    public let removable: [Removable]
    /// The requests of keys without a certificate, where the journal knows them.
    public let waiting: [JournalEntry]
    /// How many keys without a certificate belong to no request that is open.
    public let unpairedKeys: Int

    /// A certificate that may make room.
    public struct Removable: Sendable {
        /// What it says.
        public let details: CertificateDetails
        /// Whether it still serves.
        public let reason: CleaningCandidate.Reason
    }
}
