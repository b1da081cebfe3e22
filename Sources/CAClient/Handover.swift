// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import OpenSSLKit

/// What a revocation orders. The document of it is signed before it leaves (`SignedMessage`).
public struct RevocationOrder: Sendable, Equatable {
    /// The certificate.
    public let certificate: IssuerAndSerial
    /// Why.
    public let reason: RevocationReason

    /// Orders a revocation.
    public init(_ certificate: IssuerAndSerial, reason: RevocationReason) {
        self.certificate = certificate
        self.reason = reason
    }

    /// The document, JSON.
    public func document() throws(CAError) -> [UInt8] { try WireRequest.bytes(WireRequest.RevocationOrder(self)) }
}

/// What a release orders. It names the binding itself, so that an old order releases nothing new.
public struct ReleaseOrder: Sendable, Equatable {
    /// The serial number of the device.
    public let deviceSerial: String
    /// The name of the binding.
    public let binding: String

    /// Orders a release.
    public init(deviceSerial: String, binding: String) {
        self.deviceSerial = deviceSerial
        self.binding = binding
    }

    /// The document, JSON.
    public func document() throws(CAError) -> [UInt8] { try WireRequest.bytes(WireRequest.ReleaseOrder(self)) }
}

/// The CA's word on a revocation.
public struct Revocation: Sendable, Equatable {
    /// Since when the certificate is no longer good.
    public let revokedAt: Date
    /// Why, as the CA wrote it down.
    public let reason: RevocationReason

    /// Puts it together.
    public init(revokedAt: Date, reason: RevocationReason) {
        self.revokedAt = revokedAt
        self.reason = reason
    }
}

/// Whether a device is bound to a holder, and what the CA tells of it. All text is foreign.
public struct DeviceBinding: Sendable, Equatable {
    /// The serial number of the device.
    public let deviceSerial: String
    /// Whether it is bound at all.
    public let isBound: Bool
    /// Names this binding; a later one of the same device is named otherwise.
    public let id: String?
    /// Since when.
    public let since: Date?
    /// The model of the device.
    public let model: String?
    /// To whom, where the CA tells.
    public let holder: BindingHolder?
    /// The holder's certificates on the device; `nil` where the CA does not tell.
    public let certificates: [BoundCertificate]?
    /// Whether nothing stands in the way of a release, where the CA tells.
    public let isReleasable: Bool?

    /// Puts it together.
    public init(
        deviceSerial: String,
        isBound: Bool,
        id: String? = nil,
        since: Date? = nil,
        model: String? = nil,
        holder: BindingHolder? = nil,
        certificates: [BoundCertificate]? = nil,
        isReleasable: Bool? = nil
    ) {
        self.deviceSerial = deviceSerial
        self.isBound = isBound
        self.id = id
        self.since = since
        self.model = model
        self.holder = holder
        self.certificates = certificates
        self.isReleasable = isReleasable
    }
}

/// Whom a device is bound to.
public struct BindingHolder: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The number that the organisation gave.
    public let employeeNumber: String?
    /// The organisation.
    public let organisation: String?

    /// Names a holder.
    public init(name: String, employeeNumber: String? = nil, organisation: String? = nil) {
        self.name = name
        self.employeeNumber = employeeNumber
        self.organisation = organisation
    }
}

/// A certificate on a bound device.
public struct BoundCertificate: Sendable, Equatable {
    /// Whether it stands in the way of a release.
    public enum Status: String, Sendable, Codable {
        /// It does.
        case valid
        /// It was revoked.
        case revoked
        /// It is over.
        case expired
    }

    /// The serial number, hexadecimal.
    public let serial: String
    /// For a person to read.
    public let subject: String
    /// The last moment of its validity.
    public let notAfter: Date
    /// Whether it is still good.
    public let status: Status

    /// Describes a certificate.
    public init(serial: String, subject: String, notAfter: Date, status: Status) {
        self.serial = serial
        self.subject = subject
        self.notAfter = notAfter
        self.status = status
    }
}

/// What an authorised person looks for; everything that is given must fit.
public struct BindingQuery: Sendable, Equatable {
    /// A part of the applicant's name.
    public var name: String?
    /// The employee number.
    public var employeeNumber: String?
    /// The serial number of the device.
    public var deviceSerial: String?

    /// Looks for these.
    public init(name: String? = nil, employeeNumber: String? = nil, deviceSerial: String? = nil) {
        self.name = name
        self.employeeNumber = employeeNumber
        self.deviceSerial = deviceSerial
    }
}

extension CAError {
    /// Whether the CA has no such service, in one of the ways to say so.
    public var meansNoSuchService: Bool {
        switch code {
        case .problem(.serviceNotOffered): true
        case .problem(.other), .serverError: [404, 405, 501].contains(status)
        default: false
        }
    }
}
