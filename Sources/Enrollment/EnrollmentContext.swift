// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation
public import OpenSSLKit

/// What every story needs: the journal, one CA, and the person.
public struct EnrollmentContext: Sendable {
    let journal: Journal
    let profile: CAProfile
    let authority: any CertificateAuthority
    let anchors: TrustAnchors
    let issuers: [[UInt8]]
    let completion: ChainCompletion
    let certifications: DeviceCertifications
    let console: any Console
    let now: @Sendable () -> Date

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - anchors: what issued certificates must lead to.
    ///   - issuers: DER of the CAs that the profile says issue for it.
    ///   - completion: brings issuers that the CA does not send.
    ///   - now: our clock.
    public init(
        journal: Journal,
        profile: CAProfile,
        authority: any CertificateAuthority,
        anchors: TrustAnchors,
        issuers: [[UInt8]] = [],
        completion: ChainCompletion = ChainCompletion(),
        certifications: DeviceCertifications,
        console: any Console,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.journal = journal
        self.profile = profile
        self.authority = authority
        self.anchors = anchors
        self.issuers = issuers
        self.completion = completion
        self.certifications = certifications
        self.console = console
        self.now = now
    }
}

extension EnrollmentContext {
    /// Writes a step down.
    func record(_ entry: inout JournalEntry, as state: EnrollmentState? = nil) throws(EnrollmentError) {
        do { try journal.record(&entry, as: state) } catch { throw .journal(error) }
    }
}

extension EnrollmentContext {
    /// Learns of the CA which devices are certified, before any is plugged in.
    public func prepareCertifications() async throws(CAError) {
        try await certifications.prepare(asking: authority, now: now())
    }

    /// Until when a device is certified; `nil` for one that is not qualified, and where nobody knows.
    public func certificationEnd(of device: TokenDescription) async throws(CAError) -> Date? {
        guard device.isQualifiedDevice else { return nil }
        return try await certifications.end(for: device.identity, asking: authority, now: now())
    }
}

/// Opens the device on which an entry's key lives, when and if the story comes to need it.
public typealias StoreOpener = @Sendable (TokenIdentity) async throws(KeyStoreError) -> any KeyStore

/// Runs a step and names the layer that an error came from.
func from<Value>(
    keyStore body: () async throws(KeyStoreError) -> Value
) async throws(EnrollmentError) -> Value {
    do { return try await body() } catch { throw .keyStore(error) }
}

/// Runs a step and names the layer that an error came from.
func from<Value>(authority body: () async throws(CAError) -> Value) async throws(EnrollmentError) -> Value {
    do { return try await body() } catch {
        // The token's own words say more than those of the connection that came to nothing.
        if let cause = error.keyStoreError { throw .keyStore(cause) }
        throw .authority(error)
    }
}

/// Runs a step and names the layer that an error came from.
func from<Value>(journal body: () throws(JournalError) -> Value) throws(EnrollmentError) -> Value {
    do { return try body() } catch { throw .journal(error) }
}
