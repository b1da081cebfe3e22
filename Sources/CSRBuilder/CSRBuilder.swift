// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials
internal import OpenSSLKit

/// Builds a certificate request (PKCS#10, RFC 2986) whose signature is made elsewhere: OpenSSL gives the bytes to be
/// signed, a `SigningKey` signs them, OpenSSL checks the result. Next hop: `SigningKey`.
public struct CSRBuilder: Sendable {
    private let subject: SubjectName
    private let type: CertificateType
    private let holder: Holder
    private let onQualifiedDevice: Bool

    /// Says what the request is to ask for.
    ///
    /// - Parameter onQualifiedDevice: whether to ask for the marker of the type; see `MarkerDecision`.
    public init(subject: SubjectName, type: CertificateType, holder: Holder, onQualifiedDevice: Bool) {
        self.subject = subject
        self.type = type
        self.holder = holder
        self.onQualifiedDevice = onQualifiedDevice
    }

    /// Builds the request, has it signed once, and verifies it.
    public func build(
        signingWith key: any SigningKey,
        secrets: any SecretSource
    ) async throws(CSRError) -> CertificateRequest {
        let algorithm = key.publicKey.algorithm ?? .rsa2048
        let draft: RequestDraft
        let content: ContentToSign
        do {
            draft = try RequestDraft(for: key.publicKey, signedWith: algorithm)
            try subject.write(to: draft.pointer)
            let extensions = RequestedExtensions(
                type: type,
                holder: holder,
                onQualifiedDevice: onQualifiedDevice,
                email: subject.email
            )
            try extensions.write(to: draft.pointer)
            content = ContentToSign.hashing(try draft.toBeSigned(), with: algorithm.digest)
        } catch {
            throw CSRError(error)
        }
        let signature: [UInt8]
        do {
            signature = try await key.sign(content, secrets: secrets)
        } catch {
            throw CSRError(.signing, keyStoreError: error)
        }
        do {
            let encoded: [UInt8]
            if let curve = algorithm.curve {
                encoded = try SignatureEncoding.der(fromRaw: signature, curve: curve)
            } else {
                encoded = signature
            }
            guard try draft.finish(with: encoded, verifying: key.publicKey) else { throw CSRError(.selfCheckFailed) }
            return CertificateRequest(der: try draft.der())
        } catch let error as OpenSSLError {
            throw CSRError(error)
        } catch let error as CSRError {
            throw error
        } catch {
            throw CSRError(.failed)
        }
    }
}
