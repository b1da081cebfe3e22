// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

/// The bytes of one thing that carries certificates: a certificate, or a message with any number of them.
struct CertificateBytes {
    /// The certificates, DER.
    let certificates: [[UInt8]]
    /// How many bytes it takes.
    let length: Int

    /// What is written behind a certificate by programs that fill a block of fixed size, end a line, or end a file as
    /// DOS did.
    static func isPadding(_ byte: UInt8) -> Bool {
        byte == 0x00 || byte == 0xFF || byte == 0x1A || Base64Text.isWhitespace(byte)
    }

    /// Reads what begins at a place.
    ///
    /// - Throws: `notCertificate`, `tooLarge`.
    init(_ bytes: [UInt8], at start: Int = 0) throws(BundleFault.Reason) {
        defer { ERR_clear_error() }
        guard start < bytes.count, bytes[start] == 0x30, let content = DERElement.content(of: bytes, at: start) else {
            throw .notCertificate(.other)
        }
        if bytes[content] == 0x06 {
            let message = Array(bytes[start...])
            guard let (certificates, length) = Self.message(message), !certificates.isEmpty else {
                throw .notCertificate(.message)
            }
            self.certificates = certificates
            self.length = length
            return
        }
        guard let length = DERElement.length(of: bytes, at: start) else { throw .notCertificate(.other) }
        let der = Array(bytes[start..<start + length])
        do throws(OpenSSLError) {
            _ = try X509Handle(der: der)
        } catch {
            let part = BundlePart(der: der)
            throw error.code == .tooLarge && part == .other ? .tooLarge : .notCertificate(part)
        }
        certificates = [der]
        self.length = length
    }

    /// RFC 2315, section 9.1, and RFC 5652, section 5.1: what is signed, if anything is, does not matter here. The one
    /// reader takes forms of BER that the other does not, which knows newer versions.
    private static func message(_ bytes: [UInt8]) -> (certificates: [[UInt8]], length: Int)? {
        bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return nil }
            var cursor: UnsafePointer<UInt8>? = start
            if let message = d2i_PKCS7(nil, &cursor, buffer.count), let end = cursor {
                defer { PKCS7_free(message) }
                guard isignum_pkcs7_is_signed(message) == 1 else { return sequence(buffer) }
                let certificates = message.pointee.d.sign?.pointee.cert.flatMap(Self.certificates)
                return certificates.map { ($0, end - start) }
            }
            cursor = start
            guard let message = d2i_CMS_ContentInfo(nil, &cursor, buffer.count), let end = cursor else { return nil }
            defer { CMS_ContentInfo_free(message) }
            guard let stack = CMS_get1_certs(message) else { return nil }
            defer { isignum_x509_stack_free(stack) }
            return certificates(stack).map { ($0, end - start) }
        }
    }

    /// The sequence of certificates that Netscape wrote and NSS reads; its outer form is that of a message.
    private static func sequence(_ buffer: UnsafeBufferPointer<UInt8>) -> (certificates: [[UInt8]], length: Int)? {
        guard let start = buffer.baseAddress else { return nil }
        var cursor: UnsafePointer<UInt8>? = start
        guard let sequence = d2i_NETSCAPE_CERT_SEQUENCE(nil, &cursor, buffer.count), let end = cursor else {
            return nil
        }
        defer { NETSCAPE_CERT_SEQUENCE_free(sequence) }
        guard OBJ_obj2nid(sequence.pointee.type) == NID_netscape_cert_sequence,
            let certificates = sequence.pointee.certs.flatMap(certificates)
        else { return nil }
        return (certificates, end - start)
    }

    /// - Returns: `nil` when any of them is no certificate.
    private static func certificates(_ stack: OpaquePointer) -> [[UInt8]]? {
        var certificates: [[UInt8]] = []
        for index in 0..<isignum_x509_count(stack) {
            guard let certificate = isignum_x509_at(stack, index),
                let der = try? encoded({ i2d_X509(certificate, $0) }),
                (try? X509Handle(der: der)) != nil
            else { return nil }
            certificates.append(der)
        }
        return certificates
    }
}
