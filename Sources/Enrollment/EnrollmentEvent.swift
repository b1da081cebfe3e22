// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import CSRBuilder
public import Credentials
public import OpenSSLKit

/// What happens while a request goes its way; told to the person by whoever holds the terminal.
public enum EnrollmentEvent: Sendable {
    /// The device makes a key pair: the one step that may take minutes.
    case generatingKey(KeyAlgorithm, TokenIdentity)
    /// The key pair is there.
    case keyGenerated(publicKeySHA256: String)
    /// A key pair made by an interrupted run was found on the device and is used.
    case keyFoundAgain(publicKeySHA256: String)
    /// Whether the request asks for its marker, or why not.
    case markerDecided(Marker, MarkerDecision)
    /// The request is being signed by the device.
    case signingRequest
    /// The order is being signed with the key of the certificate that is replaced.
    case signingOrder
    /// A seal is followed by a new request.
    case sealIsRequestedAnew
    /// A renewal that was begun before is gone on with.
    case renewalGoesOn(JournalEntry)
    /// A renewal that was begun on another device is given up there: the CA never took it.
    case renewalGivenUp(JournalEntry)
    /// The order with the term and voucher of before may have reached the CA, so it goes again as it was.
    case orderMayHaveArrived
    /// The request leaves for the CA.
    case submitting(authority: String)
    /// The CA took it.
    case submitted(RequestID)
    /// The CA is asked again after this time.
    case waiting(RequestID, RequestState?, Duration)
    /// The certificate is here.
    case issued(RequestID)
    /// All checks of the certificate passed: what was found right.
    case checked([CheckedFact])
    /// The holder's word is given to the CA.
    case tellingDecision(Decision)
    /// The certificate is being written onto the device.
    case writingCertificate
    /// The new key makes a test signature.
    case testingKey
    /// Everything is done.
    case installed(CertificateDetails)
}

/// The person, as the stories meet them: secrets, one decision, and a place to tell what happens.
public protocol Console: SecretSource {
    /// Tells what happens.
    func report(_ event: EnrollmentEvent) async

    /// Shows an issued certificate that passed its checks and asks for the holder's word. Where it is for another holder
    /// than was asked for, both are shown, and it can be accepted only after a yes to that.
    ///
    /// - Parameters:
    ///   - word: the holder's word, when it was given beforehand; then only what differs is asked about.
    ///   - acceptsDifferences: whether the person agreed to them beforehand.
    /// - Returns: `nil` to leave the decision for another day.
    /// - Throws: `holderDiffers` when nobody can be asked.
    func decide(
        on certificate: IssuedCertificate,
        word: Decision?,
        acceptsDifferences: Bool
    ) async throws(EnrollmentError) -> Decision?
}

/// A certificate that came for a request.
public struct IssuedCertificate: Sendable {
    /// The request.
    public let entry: JournalEntry
    /// The certificate.
    public let certificate: Certificate
    /// What it says.
    public let details: CertificateDetails
    /// Its holder beside the one that was asked for.
    public let comparison: HolderComparison

    /// What was found right in it.
    public var facts: [CheckedFact] { entry.facts(comparison) }
}
