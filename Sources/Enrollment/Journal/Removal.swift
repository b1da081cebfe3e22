// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation
internal import OpenSSLKit

/// How far the removal of an object has come.
public enum RemovalState: String, Sendable, Codable {
    /// Written before the device is told: the object may or may not be gone.
    case begun
    /// It is gone; the device was asked.
    case removed
    /// It is still there.
    case failed
}

/// One object that was taken off a token, or was to be. A certificate is kept here as it was: it can be written back.
public struct Removal: Sendable, Identifiable {
    /// The journal's own number; 0 before it is written down.
    public let id: Int64
    /// The device.
    public let token: TokenIdentity
    /// Where on the device.
    public let area: KeyArea
    /// What bound it to its other half.
    public let identifier: KeyIdentifier
    /// The label, foreign text.
    public let label: String
    /// The DER SubjectPublicKeyInfo of a key; `nil` for certificates and where the numbers were not known.
    public let publicKey: [UInt8]?
    /// The certificate, DER; `nil` for keys.
    public let certificate: [UInt8]?
    /// The journal's number of the request that the key was made for.
    public let request: Int64?
    /// When it was begun.
    public let begun: Date
    /// How far it has come.
    public var state: RemovalState
    /// Why it failed, for logs.
    public var reason: String?
    /// When it ended.
    public var ended: Date?
}

extension Removal {
    init(_ candidate: CleaningCandidate, from token: TokenIdentity, at begun: Date) {
        var publicKey: [UInt8]?
        var certificate: [UInt8]?
        switch candidate.object {
        case .certificate(let stored, _): certificate = stored.der
        case .key(let pair): publicKey = try? pair.publicKey?.subjectPublicKeyInfo()
        }
        self.init(
            id: 0,
            token: token,
            area: candidate.area,
            identifier: candidate.identifier,
            label: candidate.label,
            publicKey: publicKey,
            certificate: certificate,
            request: candidate.entry?.id,
            begun: begun,
            state: .begun,
            reason: nil,
            ended: nil
        )
    }
}
