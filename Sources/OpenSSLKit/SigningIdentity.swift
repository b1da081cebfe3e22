// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// A certificate with its private key, and whom that key asks for its secrets: what signs messages and what a TLS client
/// shows. Next hops: `SignedMessage`, `ExternalKey`.
public struct SigningIdentity: Sendable {
    /// The certificate.
    public let certificate: Certificate
    /// What leads from it to its root, DER, the nearest issuer first; a root may be left out.
    public let chain: [[UInt8]]
    /// The private half.
    public let key: any SigningKey
    /// Whom the key asks.
    public let secrets: any SecretSource

    /// Binds the two together.
    ///
    /// - Throws: `keyNotSupported` when the certificate is for another key.
    public init(
        certificate: Certificate,
        chain: [[UInt8]],
        key: any SigningKey,
        secrets: any SecretSource
    ) throws(OpenSSLError) {
        guard certificate.publicKey == key.publicKey else {
            throw OpenSSLError(.keyNotSupported, "the certificate is for another key")
        }
        self.certificate = certificate
        self.chain = chain
        self.key = key
        self.secrets = secrets
    }

    /// Makes OpenSSL's TLS show this certificate to servers that ask for one, and sign the handshake with its key
    /// (RFC 8446, section 4.4.3).
    ///
    /// Nothing is asked of the key before a server wants it. The handshake must run on a thread that may block.
    ///
    /// - Parameter context: an `SSL_CTX`.
    /// - Returns: where the key's own error is found when the handshake fails.
    package func offer(to context: UnsafeMutableRawPointer) throws(OpenSSLError) -> KeyLoan {
        let context = OpaquePointer(context)
        let leaf = try X509Handle(der: certificate.der)
        let lent = try ExternalKey(key, secrets: secrets).lend()
        guard SSL_CTX_use_certificate(context, leaf.pointer) == 1,
            SSL_CTX_use_PrivateKey(context, lent.handle.pointer) == 1
        else { throw OpenSSLError(.keyNotSupported, "client certificate") }
        for issuer in chain {
            let issuer = try X509Handle(der: issuer)
            guard isignum_add_chain_certificate(context, issuer.pointer) == 1 else {
                throw OpenSSLError(.failed, "chain of the client certificate")
            }
        }
        return lent.loan
    }
}
