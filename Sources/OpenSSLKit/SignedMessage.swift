// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// Messages signed with a certificate (CMS SignedData, RFC 5652), with the chain in them.
///
/// The signature covers the type and the digest of the content, the time, and the signer's certificate (RFC 5035): the
/// signed attributes of CAdES-BES (ETSI EN 319 122-1, section 5.2). Next hop: `ExternalKey`.
public enum SignedMessage {
    /// The largest content that is signed or verified, in bytes.
    public static let largestContent = 20 << 20

    /// Where the content is.
    public enum Form: Sendable {
        /// In the message.
        case enclosing
        /// Beside it.
        case detached
    }

    /// Signs once.
    ///
    /// - Parameters:
    ///   - content: taken as it is, byte by byte.
    ///   - padding: of RSA signatures; PKCS#1 v1.5 is what everybody can verify.
    /// - Returns: the message, DER, verified against the certificate.
    /// - Throws: the key's own error when it did not sign.
    public static func sign(
        _ content: [UInt8],
        as identity: SigningIdentity,
        form: Form = .enclosing,
        padding: RSAPadding = .pkcs1
    ) async throws(ExternalKeyError) -> [UInt8] {
        let certificate = identity.certificate.der
        let chain = identity.chain
        let digest = identity.key.publicKey.algorithm?.digest ?? .sha256
        return try await ExternalKey(identity.key, secrets: identity.secrets).use { key throws(OpenSSLError) in
            guard content.count <= largestContent else { throw OpenSSLError(.tooLarge, "content") }
            let message = try CMSHandle(signing: form)
            try message.add(chain: chain)
            try message.addSigner(certificate, key, digest: digest, padding: padding)
            try message.finish(over: content, form: form)
            let der = try message.der()
            // What a broken token or driver signed must not leave this place.
            let check = form == .detached ? content : nil
            guard try CMSHandle(der: der).verifiedContent(beside: check) == content else {
                throw OpenSSLError(.failed, "the message does not verify against its own certificate")
            }
            return der
        }
    }

    /// A message whose signature is right. Whether its signer is to be believed is another question: see
    /// `ChainVerification`.
    public struct Verified: Sendable {
        /// What was signed.
        public let content: [UInt8]
        /// The signer's certificate, as the message brought it.
        public let signer: Certificate
        /// All certificates of the message, DER, in its order.
        public let certificates: [[UInt8]]
    }

    /// Verifies the signature of a message that has exactly one signer, whose certificate it brings, over SHA-2.
    ///
    /// - Parameters:
    ///   - message: DER, with nothing after it.
    ///   - content: what was signed, where it is not in the message.
    /// - Throws: `malformed` or `tooLarge` for what is no such message, `failed` when the signature is wrong.
    public static func verify(_ message: [UInt8], content: [UInt8]? = nil) throws(OpenSSLError) -> Verified {
        guard message.count <= largestContent * 2, content?.count ?? 0 <= largestContent else {
            throw OpenSSLError(.tooLarge, "message")
        }
        let handle = try CMSHandle(der: message)
        let signed = try handle.verifiedContent(beside: content)
        return Verified(
            content: signed,
            signer: try Certificate(parsing: try handle.signer()),
            certificates: try handle.certificates()
        )
    }
}
