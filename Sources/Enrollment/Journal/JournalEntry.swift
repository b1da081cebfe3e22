// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation

/// One request from its first intent to its installed certificate.
public struct JournalEntry: Sendable, Equatable, Identifiable {
    /// The journal's own number, counted from one; what people use before the CA has given an ID.
    public let id: Int64
    /// What was wanted.
    public internal(set) var plan: EnrollmentPlan
    /// The name of the CA's profile.
    public let authority: String
    /// The device that holds the key.
    public let token: TokenIdentity
    /// Sent with the request, so that sending it again never makes a second one.
    public var idempotencyKey: String
    /// When the entry was begun.
    public let created: Date

    /// How far it has come.
    public var state: EnrollmentState
    /// The identifier of the key on the device.
    public var keyIdentifier: KeyIdentifier
    /// The DER SubjectPublicKeyInfo, once there is a key.
    public var publicKey: [UInt8]?
    /// The fingerprint of `publicKey`, lower-case hexadecimal.
    public var publicKeySHA256: String?
    /// What the device says of the key.
    public var claims: KeyClaims?
    /// What the CA is told of the device; `nil` for a key that is on no qualified device.
    public var device: DeviceStatement?
    /// The marker that was asked for; `nil` when none was.
    public var marker: Marker?
    /// Why no marker was asked for, as a stable code; `nil` when one was.
    public var markerRefusal: String?
    /// The signed request.
    public var request: CertificateRequest?
    /// The CA's identification.
    public var requestID: RequestID?
    /// What proves to the CA that the request is ours. Never shown.
    public var accessToken: String?
    /// What the CA said last of the request.
    public var remoteState: RequestState?
    /// Before this moment the CA does not want to be asked again.
    public var nextPoll: Date?
    /// The certificate and what leads to its root, DER; empty until it is issued.
    public var chain: [[UInt8]]
    /// How far the CA's clock was ahead of ours when it sent the certificate, in seconds.
    public var serverSkew: Double?
    /// The holder's latest word on the certificate, written down before the CA hears it: the CA may or may not have.
    public var decision: Decision?
    /// The CA's words on a refusal or a revocation, or the holder's.
    public var reason: String?
    /// What kind of refusal it was, where the CA refused the request when it was handed in.
    public var refusal: CAError.Problem?
    /// What a renewal replaces, and how; `nil` for a first request.
    public var renewal: Renewal?
    /// The exact bytes of a renewal's order, written down before they are signed.
    public var renewalOrder: [UInt8]?
    /// The order, signed with the certificate that is replaced (CMS SignedData).
    public var signedOrder: [UInt8]?
    /// What is known of the backup of the key; `nil` before one is written.
    public var backup: BackupNote?
    /// When the entry last changed.
    public var updated: Date
}

/// How far a request has come. Each state is written before or after its side effect, so that the next run can tell.
public enum EnrollmentState: String, Sendable, Codable, CaseIterable {
    /// Written before the key is generated: the key may or may not be on the device.
    case planned
    /// The key is on the device and its public half is known.
    case keyGenerated = "key-generated"
    /// The request is signed; nobody else has seen it.
    case csrSigned = "csr-signed"
    /// Written before the request leaves: the CA may or may not have it.
    case submitted
    /// The CA has it and gave it an ID.
    case pending
    /// The certificate is here, checked or not, and nobody has accepted it yet.
    case issued
    /// Written when the holder has accepted and before the device is changed.
    case accepted
    /// The certificate is beside its key, and the key signed for it.
    case installed
    /// The CA refused the request, or the holder the certificate.
    case rejected
    /// Nobody came in time.
    case expired
    /// The request was taken back.
    case withdrawn
    /// The certificate was issued and revoked before it was installed.
    case revoked

    /// Whether there is something left to do.
    public var isOpen: Bool {
        switch self {
        case .installed, .rejected, .expired, .withdrawn, .revoked: false
        default: true
        }
    }

    /// Whether nothing more can come of it: there is no certificate, or none that is good.
    public var isEnded: Bool { !isOpen && self != .installed }

    /// What the end of a request at the CA is here; `nil` for a state that is none.
    init?(end: RequestState) {
        switch end {
        case .rejected: self = .rejected
        case .expired: self = .expired
        case .withdrawn: self = .withdrawn
        case .revoked: self = .revoked
        case .received, .verifying, .approved, .issued, .accepted, .installed: return nil
        }
    }

    /// Whether the CA cannot have heard of it: nothing has left yet, or what did was refused.
    public var isUnsent: Bool { [.planned, .keyGenerated, .csrSigned].contains(self) }
}

extension JournalEntry {
    /// The word on the certificate that the CA may have heard; `nil` when it cannot have heard any.
    public var wordMayBeKnown: Decision? { decision ?? (state == .accepted ? .accepted : nil) }

    /// Whether the CA refused the order for now: its key is kept for another one.
    public var isPutOff: Bool { state == .csrSigned && (reason != nil || refusal != nil) }

    /// Takes over why the CA refused.
    mutating func note(_ error: CAError) {
        reason = error.detail
        if case .problem(let problem) = error.code { refusal = problem }
    }
}
