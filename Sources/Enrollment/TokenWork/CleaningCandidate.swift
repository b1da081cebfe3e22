// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import OpenSSLKit

/// Something on a token that may be removed.
public struct CleaningCandidate: Sendable, Identifiable {
    /// What it is.
    public enum Object: Sendable {
        /// A certificate; `nil` details when it cannot be read.
        case certificate(StoredCertificate, CertificateDetails?)
        /// A key pair without a certificate, or a half of one.
        case key(StoredKeyPair)
    }

    /// Why it is listed.
    public enum Reason: String, Sendable {
        /// Its time is over.
        case expired
        /// It was revoked by an order of ours. What others revoked is asked of the CA by `RevocationCheck`, not here.
        case revoked
        /// It was renewed, and the following certificate is installed, on whatever token.
        case replaced
        /// It is good; removing it is hardly what is wanted.
        case current
        /// It calls itself a certificate and is none.
        case unreadable
        /// No certificate on the token is for this key.
        case unpaired
    }

    /// Its number in the list, from one.
    public let id: Int
    /// What it is.
    public let object: Object
    /// Why it is listed.
    public let reason: Reason
    /// The request that its key was made for; `nil` when the journal knows of none.
    public let entry: JournalEntry?
    /// A row of the journal that cannot be read and may be the request of this key.
    public let unreadable: UnreadableEntry?
    /// The fingerprint of its public key, lower-case hexadecimal; `nil` where the numbers are not known.
    public let publicKeySHA256: String?

    /// Whether a certificate may still come for this key: it goes only with the request's name typed.
    public var isProtected: Bool {
        guard case .key(let pair) = object, pair.hasPrivateHalf else { return false }
        return entry?.state.isOpen == true || unreadable != nil
    }

    /// How the request of its key is named, if there may be one.
    public var request: String? {
        let (number, id) = (entry?.id ?? unreadable?.id, entry?.requestID ?? unreadable?.requestID)
        return id?.text ?? number.map { "#\($0)" }
    }

    /// Whether it can be removed without asking which: nothing that still serves, nor what the device does not show.
    public var isDispensable: Bool { reason != .current && !isProtected && !isHidden }

    /// Whether the device does not give the certificate, so that it cannot be told from others there.
    public var isHidden: Bool {
        if case .certificate(let certificate, _) = object { certificate.value.isEmpty } else { false }
    }

    /// What binds it to its other half or its certificate.
    public var identifier: KeyIdentifier {
        switch object {
        case .certificate(let certificate, _): certificate.identifier
        case .key(let pair): pair.identifier
        }
    }

    /// Where it lives.
    public var area: KeyArea {
        switch object {
        case .certificate(let certificate, _): certificate.area
        case .key(let pair): pair.area
        }
    }

    /// The label under which programs list it, foreign text.
    public var label: String {
        switch object {
        case .certificate(let certificate, _): certificate.label
        case .key(let pair): pair.label
        }
    }

    /// Whether it is a key.
    public var isKey: Bool {
        if case .key = object { return true }
        return false
    }

    func numbered(_ id: Int) -> CleaningCandidate {
        CleaningCandidate(
            id: id,
            object: object,
            reason: reason,
            entry: entry,
            unreadable: unreadable,
            publicKeySHA256: publicKeySHA256
        )
    }
}
