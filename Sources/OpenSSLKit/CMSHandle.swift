// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

/// A CMS message of OpenSSL.
struct CMSHandle: ~Copyable {
    private let pointer: OpaquePointer

    /// Begins a message that has no signer yet.
    init(signing form: SignedMessage.Form) throws(OpenSSLError) {
        guard let message = CMS_sign(nil, nil, nil, nil, UInt32(CMS_PARTIAL) | form.flags) else {
            throw OpenSSLError(.failed, "CMS")
        }
        pointer = message
    }

    /// Parses DER; nothing may follow the message.
    init(der: [UInt8]) throws(OpenSSLError) {
        var rest = 0
        let parsed = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            let parsed = d2i_CMS_ContentInfo(nil, &cursor, buffer.count)
            if let end = cursor, let start = buffer.baseAddress { rest = buffer.count - (end - start) }
            return parsed
        }
        guard let parsed else { throw OpenSSLError(.malformed, "CMS") }
        guard rest == 0, OBJ_obj2nid(CMS_get0_type(parsed)) == NID_pkcs7_signed else {
            CMS_ContentInfo_free(parsed)
            throw OpenSSLError(.malformed, rest == 0 ? "CMS of another type" : "bytes after CMS")
        }
        pointer = parsed
    }

    deinit { CMS_ContentInfo_free(pointer) }

    borrowing func add(chain: [[UInt8]]) throws(OpenSSLError) {
        for certificate in chain {
            let certificate = try X509Handle(der: certificate)
            guard CMS_add1_cert(pointer, certificate.pointer) == 1 else { throw OpenSSLError(.failed, "chain") }
        }
    }

    /// Names the signer; nothing is signed before `finish`.
    borrowing func addSigner(
        _ certificate: [UInt8],
        _ key: borrowing EVPKeyHandle,
        digest: DigestAlgorithm,
        padding: RSAPadding
    ) throws(OpenSSLError) {
        let certificate = try X509Handle(der: certificate)
        let flags = UInt32(CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP)
        let withParameters = padding == .pss ? UInt32(CMS_KEY_PARAM) : 0
        let signer = CMS_add1_signer(
            pointer,
            certificate.pointer,
            key.pointer,
            digest.method,
            flags | withParameters
        )
        guard let signer else { throw OpenSSLError(.failed, "signer") }
        guard padding == .pss, EVP_PKEY_is_a(key.pointer, "RSA") == 1 else { return }
        guard let context = CMS_SignerInfo_get0_pkey_ctx(signer),
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
        else { throw OpenSSLError(.failed, "RSA-PSS") }
    }

    /// Signs.
    borrowing func finish(over content: [UInt8], form: SignedMessage.Form) throws(OpenSSLError) {
        let source = try MemoryBIO(content)
        guard CMS_final(pointer, source.pointer, nil, form.flags) == 1 else { throw OpenSSLError(.failed, "signing") }
    }

    borrowing func der() throws(OpenSSLError) -> [UInt8] { try encoded { i2d_CMS_ContentInfo(pointer, $0) } }

    /// Verifies the one signature against the certificate that came with it.
    ///
    /// - Returns: what was signed.
    borrowing func verifiedContent(beside content: [UInt8]?) throws(OpenSSLError) -> [UInt8] {
        guard let signers = CMS_get0_SignerInfos(pointer), isignum_cms_signer_count(signers) == 1,
            let signer = isignum_cms_signer_at(signers, 0)
        else { throw OpenSSLError(.malformed, "not exactly one signer") }
        var digest: UnsafeMutablePointer<X509_ALGOR>?
        CMS_SignerInfo_get0_algs(signer, nil, nil, &digest, nil)
        var identifier: OpaquePointer?
        X509_ALGOR_get0(&identifier, nil, nil, digest)
        guard [NID_sha256, NID_sha384, NID_sha512].contains(OBJ_obj2nid(identifier)) else {
            throw OpenSSLError(.malformed, "digest is not SHA-2")
        }
        let signed = try MemoryBIO([])
        let beside = try MemoryBIO(content ?? [])
        // The chain is not judged here, and nothing is looked for outside the message.
        let flags = UInt32(CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY)
        guard CMS_verify(pointer, nil, nil, content == nil ? nil : beside.pointer, signed.pointer, flags) == 1 else {
            throw OpenSSLError(.failed, "signature")
        }
        return signed.content
    }

    /// The signer's certificate, DER; to be asked after `verifiedContent`.
    borrowing func signer() throws(OpenSSLError) -> [UInt8] {
        guard let signers = CMS_get0_signers(pointer) else { throw OpenSSLError(.malformed, "no signer") }
        defer { isignum_x509_list_free(signers) }
        guard isignum_x509_count(signers) == 1, let signer = isignum_x509_at(signers, 0) else {
            throw OpenSSLError(.malformed, "not exactly one signer")
        }
        return try encoded { i2d_X509(signer, $0) }
    }

    borrowing func certificates() throws(OpenSSLError) -> [[UInt8]] {
        guard let stack = CMS_get1_certs(pointer) else { return [] }
        defer { isignum_x509_stack_free(stack) }
        guard isignum_x509_count(stack) <= CertificateBundle.mostCertificates else {
            throw OpenSSLError(.tooLarge, "certificates")
        }
        var certificates: [[UInt8]] = []
        for index in 0..<isignum_x509_count(stack) {
            guard let certificate = isignum_x509_at(stack, index) else { continue }
            certificates.append(try encoded { i2d_X509(certificate, $0) })
        }
        return certificates
    }
}

extension SignedMessage.Form {
    fileprivate var flags: UInt32 { UInt32(self == .detached ? CMS_BINARY | CMS_DETACHED : CMS_BINARY) }
}

/// Memory as OpenSSL reads and writes it.
private struct MemoryBIO: ~Copyable {
    let pointer: OpaquePointer

    init(_ content: [UInt8]) throws(OpenSSLError) {
        guard let memory = BIO_new(BIO_s_mem()) else { throw OpenSSLError(.failed) }
        guard content.isEmpty || BIO_write(memory, content, Int32(content.count)) == content.count else {
            BIO_free(memory)
            throw OpenSSLError(.failed)
        }
        // Nothing left to read is the end, not a reason to come back later.
        BIO_ctrl(memory, BIO_C_SET_BUF_MEM_EOF_RETURN, 0, nil)
        pointer = memory
    }

    deinit { BIO_free(pointer) }

    var content: [UInt8] {
        var bytes: UnsafeMutablePointer<CChar>?
        let count = isignum_memory_content(pointer, &bytes)
        guard let bytes, count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }
}
