// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation

/// A first request, as it is handed in.
public struct Submission: Sendable, Equatable {
    /// Qualified or commercial.
    public var type: CertificateType
    /// Person or seal.
    public var holder: Holder
    /// The signed request.
    public var request: CertificateRequest
    /// How the CA can reach the applicant; every part may be missing.
    public var contact: Contact
    /// The device that holds the key; `nil` for a key kept elsewhere.
    public var device: DeviceStatement?
    /// The language of the CA's letters: "cs" or "en".
    public var locale: String

    /// Puts a submission together.
    public init(
        type: CertificateType,
        holder: Holder,
        request: CertificateRequest,
        contact: Contact,
        device: DeviceStatement?,
        locale: String
    ) {
        self.type = type
        self.holder = holder
        self.request = request
        self.contact = contact
        self.device = device
        self.locale = locale
    }
}

/// How the CA can reach the applicant.
public struct Contact: Sendable, Equatable, Codable {
    /// Name as the applicant wrote it.
    public var name: String?
    /// E-mail address.
    public var email: String?
    /// Telephone number (E.164: a plus sign and at most 15 digits).
    public var phone: String?

    /// Puts the parts together.
    public init(name: String? = nil, email: String? = nil, phone: String? = nil) {
        self.name = name
        self.email = email
        self.phone = phone
    }
}

/// What the client says of the device that holds the key.
public struct DeviceStatement: Sendable, Equatable, Codable {
    /// The model.
    public var model: String
    /// The serial number.
    public var serial: String
    /// The firmware's version.
    public var firmware: String?
    /// What the device says of the key.
    public var claims: KeyClaims

    /// Makes a statement.
    public init(model: String, serial: String, firmware: String?, claims: KeyClaims) {
        self.model = model
        self.serial = serial
        self.firmware = firmware
        self.claims = claims
    }
}

/// The CA's answer to a submission.
public struct SubmissionReceipt: Sendable {
    /// The CA's identification of the request.
    public let id: RequestID
    /// Where the request stands.
    public let state: RequestState
    /// What proves in later exchanges that the request is ours. It never leaves the journal.
    public let accessToken: String?
    /// How long the CA asks to wait before the first question.
    public let retryAfter: Duration?

    /// Puts a receipt together.
    public init(id: RequestID, state: RequestState, accessToken: String?, retryAfter: Duration?) {
        self.id = id
        self.state = state
        self.accessToken = accessToken
        self.retryAfter = retryAfter
    }
}

/// What the CA says of a request.
public struct RequestStatus: Sendable {
    /// The request.
    public let id: RequestID
    /// Where it stands; `nil` when the CA does not know the request.
    public let state: RequestState?
    /// Qualified or commercial, where the CA tells.
    public let type: CertificateType?
    /// When it came to stand there, where the CA tells.
    public let updated: Date?
    /// How long the CA asks to wait before the next question.
    public let retryAfter: Duration?
    /// The CA's words on a rejection.
    public let reason: String?
    /// The CA's clock when it answered (the Date header), where it tells.
    public let serverTime: Date?

    /// Puts an answer together.
    public init(
        id: RequestID,
        state: RequestState?,
        type: CertificateType? = nil,
        updated: Date? = nil,
        retryAfter: Duration? = nil,
        reason: String? = nil,
        serverTime: Date? = nil
    ) {
        self.id = id
        self.state = state
        self.type = type
        self.updated = updated
        self.retryAfter = retryAfter
        self.reason = reason
        self.serverTime = serverTime
    }
}

/// The states of a request at the CA.
public enum RequestState: String, Codable, Sendable, CaseIterable {
    /// Handed in; a first request waits here for the branch.
    case received
    /// The person is being verified.
    case verifying
    /// Verified; the certificate is being made.
    case approved
    /// The certificate is there.
    case issued
    /// The holder accepted it.
    case accepted
    /// The holder has it on the device.
    case installed
    /// The CA refused.
    case rejected
    /// Nobody came in time.
    case expired
    /// The applicant took it back.
    case withdrawn
    /// The certificate was revoked.
    case revoked

    /// Whether a certificate exists or did.
    public var hasCertificate: Bool { [.issued, .accepted, .installed, .revoked].contains(self) }
    /// Whether the CA has heard that the holder accepts.
    public var isConfirmed: Bool { [.accepted, .installed].contains(self) }
    /// Whether the request is over: no certificate comes, or none that is good.
    public var isEnd: Bool { [.rejected, .expired, .withdrawn, .revoked].contains(self) }
}

/// A certificate with the certificates that lead to its root, as the CA sent them.
public struct IssuedChain: Sendable {
    /// DER, the holder's own certificate first.
    public let certificates: [[UInt8]]
    /// The CA's clock when it answered (the Date header), where it tells.
    public let serverTime: Date?

    /// Puts a chain together; `certificates` must not be empty.
    public init(certificates: [[UInt8]], serverTime: Date?) {
        self.certificates = certificates
        self.serverTime = serverTime
    }
}

/// The CA's list of qualified devices.
public struct CertifiedDevices: Sendable, Codable, Equatable {
    /// The devices.
    public var devices: [CertifiedDevice]
    /// The entity tag to ask with next time.
    public var tag: String?
    /// When the list was fetched.
    public var fetched: Date

    /// Puts a list together.
    public init(devices: [CertifiedDevice], tag: String?, fetched: Date) {
        self.devices = devices
        self.tag = tag
        self.fetched = fetched
    }
}

/// One kind of qualified device.
public struct CertifiedDevice: Sendable, Codable, Equatable {
    /// The model as the device itself states it.
    public var model: String
    /// The manufacturer as the device itself states it; `nil` for any.
    public var manufacturer: String?
    /// The name for a person.
    public var name: String
    /// The last moment of the certification; `nil` where the CA states none.
    public var certifiedUntil: Date?

    /// Describes a kind of device.
    public init(model: String, manufacturer: String?, name: String, certifiedUntil: Date?) {
        self.model = model
        self.manufacturer = manufacturer
        self.name = name
        self.certifiedUntil = certifiedUntil
    }
}
