// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation
public import OpenSSLKit

/// What is done before a device goes to somebody else: its certificates are revoked, and it is released from its holder.
///
/// A signed order is written down before it leaves; after an interruption the same message is sent again. Next hops:
/// `SignedMessage`, `CertificateAuthority`, `ReleaseLetter`.
public struct Handover: Sendable {
    let context: EnrollmentContext

    /// Tells stories in a context.
    public init(_ context: EnrollmentContext) { self.context = context }

    /// Revokes a certificate.
    ///
    /// - Parameters:
    ///   - check: asked when the CA says that a certificate was revoked: it does not say which.
    ///   - identity: gives what signs, when a signature is needed: the certificate's own key, or another of the same
    ///     holder.
    /// - Throws: `alreadyRevoked`, `signerRevokedInstead`, `revocationUnclear`, `revocationNotOffered` beside what the
    ///   CA and the token say.
    public func revoke(
        _ certificate: Certificate,
        because reason: RevocationReason,
        asking check: RevocationCheck,
        as identity: () async throws -> SigningIdentity
    ) async throws -> Revocation {
        let subject = Digests.hexadecimal(Digests.digest(certificate.der, .sha256))
        let known = try context.journal.handoverOrder(.revocation, subject, authority: context.profile.name)
        if let done = known?.done { throw EnrollmentError.handover(.alreadyRevoked(done)) }
        let given = known?.reason.flatMap { name in RevocationReason.allCases.first { $0.name == name } }
        let order = RevocationOrder(try IssuerAndSerial(of: certificate), reason: given ?? reason)
        let intent: HandoverOrder
        // Who signed an order of an earlier run is not known any more.
        var signer: Certificate?
        if let known {
            intent = known
        } else {
            let identity = try await identity()
            signer = identity.certificate
            intent = try await sign(try order.document(), .revocation, subject, reason: reason.name, as: identity)
        }
        do {
            let revocation = try await send(intent) { message in
                try await context.authority.revoke(order, signed: message)
            }
            try endRequest(of: certificate, reason: revocation.reason.name)
            return revocation
        } catch let error as CAError where error.code == .problem(.certificateRevoked) {
            throw EnrollmentError.handover(try await refusal(of: intent, about: certificate, signer, check))
        } catch let error as CAError where error.meansNoSuchService {
            throw EnrollmentError.handover(.revocationNotOffered(serialNumber: order.certificate.serial))
        }
    }

    /// A certificate that was waiting to be installed is not any more. Whoever works on its request hears it from the CA.
    private func endRequest(of certificate: Certificate, reason: String) throws {
        let waiting = try context.journal.entries().first { entry in
            entry.state.isOpen && entry.authority == context.profile.name && entry.chain.first == certificate.der
        }
        guard let waiting, let lock = try? context.journal.lock(waiting) else { return }
        defer { withExtendedLifetime(lock) {} }
        var entry = try context.journal.entry(numbered: waiting.id)
        guard entry.state.isOpen else { return }
        (entry.remoteState, entry.reason) = (.revoked, reason)
        try context.record(&entry, as: .revoked)
    }

    /// What the CA tells of a device, as much as one of our requests for a key on it entitles us to.
    public func binding(of deviceSerial: String) async throws -> DeviceBinding {
        let tokens = try context.journal.entries().filter { entry in
            entry.authority == context.profile.name && entry.token.serial == deviceSerial
        }.compactMap(\.accessToken)
        var refusal: CAError?
        // The latest first: an older one may belong to whoever had the device before.
        for token in tokens.prefix(3).map(Optional.init) + [nil] {
            switch await told(of: deviceSerial, accessToken: token) {
            case .success(let binding):
                if binding.holder != nil || token == nil || !binding.isBound { return binding }
            case .failure(let error):
                guard error.status == 403, token != nil else { throw error }
                refusal = error
            }
        }
        throw refusal ?? CAError(.answerInvalid)
    }

    private func told(of deviceSerial: String, accessToken: String?) async -> Result<DeviceBinding, CAError> {
        do {
            return .success(try await context.authority.binding(of: deviceSerial, accessToken: accessToken))
        } catch {
            return .failure(error)
        }
    }

    /// Releases a device from its holder.
    ///
    /// - Throws: `certificatesValid` when the CA told of certificates that must be revoked first.
    public func release(
        _ binding: DeviceBinding,
        as identity: () async throws -> SigningIdentity
    ) async throws -> DeviceBinding {
        guard binding.isBound, let id = binding.id else {
            throw EnrollmentError.handover(.notBound(binding.deviceSerial))
        }
        try Self.requireNoneValid(binding.certificates ?? [])
        let subject = "\(binding.deviceSerial)/\(id)"
        let order = ReleaseOrder(deviceSerial: binding.deviceSerial, binding: id)
        let known = try context.journal.handoverOrder(.release, subject, authority: context.profile.name)
        let intent: HandoverOrder
        if let known {
            intent = known
        } else {
            intent = try await sign(try order.document(), .release, subject, reason: nil, as: try await identity())
        }
        do {
            return try await send(intent) { message in
                try await context.authority.releaseBinding(order, signed: message)
            }
        } catch let error as CAError where error.code == .problem(.bindingCertificatesValid) {
            guard !error.certificates.isEmpty else { throw error }
            throw EnrollmentError.handover(.certificatesValid(error.certificates))
        } catch let error as CAError where error.code == .problem(.certificateRevoked) {
            throw EnrollmentError.handover(.signerRevoked)
        }
    }

    /// That nothing stands in the way of a release.
    public static func requireNoneValid(_ certificates: [BoundCertificate]) throws(EnrollmentError) {
        let valid = certificates.filter { $0.status == .valid }
        guard valid.isEmpty else { throw .handover(.certificatesValid(valid)) }
    }

    private func sign(
        _ document: [UInt8],
        _ kind: HandoverOrder.Kind,
        _ subject: String,
        reason: String?,
        as identity: SigningIdentity
    ) async throws -> HandoverOrder {
        var intent = HandoverOrder(
            id: nil,
            kind: kind,
            subject: subject,
            authority: context.profile.name,
            reason: reason,
            message: Data(try await identity.signing(document, .enclosing)),
            begun: context.now(),
            done: nil
        )
        try context.journal.begin(&intent)
        return intent
    }

    private func send<Answer>(
        _ intent: HandoverOrder,
        _ exchange: ([UInt8]) async throws -> Answer
    ) async throws -> Answer {
        do {
            let answer = try await exchange([UInt8](intent.message))
            try context.journal.finish(intent, at: context.now())
            return answer
        } catch let error as CAError {
            // What the CA refused is over; whatever else happened, the order may have arrived.
            if case .problem = error.code, !error.isPassing { try context.journal.forget(intent) }
            if error.meansNoSuchService { try context.journal.forget(intent) }
            throw error
        }
    }
}

extension SigningIdentity {
    /// Signs, and names the layer that an error came from.
    func signing(_ content: [UInt8], _ form: SignedMessage.Form) async throws -> [UInt8] {
        do { return try await SignedMessage.sign(content, as: self, form: form) } catch {
            switch error {
            case .key(let cause): throw EnrollmentError.keyStore(cause)
            case .library(let cause): throw cause
            }
        }
    }
}

/// Why a device could not be handed over.
public enum HandoverError: Error, Sendable {
    /// The certificate was revoked before: when, as far as that is known.
    case alreadyRevoked(Date?)
    /// The CA takes nothing that this certificate signs: it was revoked.
    case signerRevoked
    /// Not the certificate that was to be revoked was revoked before, but the one that signed; whether the other is
    /// known to be good.
    case signerRevokedInstead(isGood: Bool)
    /// One of the two was revoked before, and nobody could be asked which.
    case revocationUnclear
    /// The CA revokes in another way: the serial number to tell it.
    case revocationNotOffered(serialNumber: String)
    /// These certificates must be revoked first.
    case certificatesValid([BoundCertificate])
    /// The device is not bound: its serial number.
    case notBound(String)
    /// No certificate is there to sign with.
    case noSigner
    /// No certificate of the holder is there to sign with; for a release, the serial number of the device.
    case noSignerOfHolder(device: String?)
    /// The CA takes releases by mail, and nobody said where: the name of its profile.
    case noRecipient(String)
    /// The text is no address for a mail.
    case addressInvalid(String)
}
