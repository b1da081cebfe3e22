// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

/// Certificates as files and servers deliver them: DER, PEM, or PKCS#7 without content.
public enum CertificateBundle {
    /// The largest certificate that is read, in bytes.
    public static let largestCertificate = 65_536
    /// The largest bundle that is read, in bytes.
    public static let largestBundle = 1_048_576
    /// The most certificates that are taken from one bundle.
    public static let mostCertificates = 32

    /// Reads a bundle in any of the three forms.
    ///
    /// - Returns: each certificate as DER, in the bundle's order; at least one.
    public static func read(_ bytes: [UInt8]) throws(OpenSSLError) -> [[UInt8]] {
        guard bytes.count <= largestBundle else { throw OpenSSLError(.tooLarge, "bundle") }
        let certificates: [[UInt8]]
        if bytes.first == 0x30 {
            certificates = (try? X509Handle(der: bytes)) != nil ? [bytes] : try pkcs7(bytes)
            ERR_clear_error()
        } else {
            certificates = try pem(bytes)
        }
        guard (1...mostCertificates).contains(certificates.count) else { throw OpenSSLError(.malformed, "bundle") }
        for certificate in certificates { _ = try X509Handle(der: certificate) }
        return certificates
    }

    private static func pem(_ bytes: [UInt8]) throws(OpenSSLError) -> [[UInt8]] {
        let text = String(decoding: bytes, as: UTF8.self)
        if let certificates = PEM.decode(text, label: "CERTIFICATE"), !certificates.isEmpty { return certificates }
        if let message = PEM.decode(text, label: "PKCS7")?.first { return try pkcs7(message) }
        throw OpenSSLError(.malformed, "neither DER, PEM nor PKCS#7")
    }

    /// RFC 2315, section 9.1: signed data that carries certificates alone.
    private static func pkcs7(_ bytes: [UInt8]) throws(OpenSSLError) -> [[UInt8]] {
        var rest = 0
        let message = bytes.withUnsafeBufferPointer { buffer -> UnsafeMutablePointer<PKCS7>? in
            var cursor = buffer.baseAddress
            let message = d2i_PKCS7(nil, &cursor, buffer.count)
            if let end = cursor, let start = buffer.baseAddress { rest = buffer.count - (end - start) }
            return message
        }
        guard let message else { throw OpenSSLError(.malformed, "PKCS#7") }
        defer { PKCS7_free(message) }
        guard rest == 0 else { throw OpenSSLError(.malformed, "bytes after PKCS#7") }
        guard isignum_pkcs7_is_signed(message) == 1, let stack = message.pointee.d.sign?.pointee.cert else {
            throw OpenSSLError(.malformed, "PKCS#7 without certificates")
        }
        var certificates: [[UInt8]] = []
        for index in 0..<min(isignum_x509_count(stack), Int32(mostCertificates) + 1) {
            guard let certificate = isignum_x509_at(stack, index) else { continue }
            certificates.append(try encoded { i2d_X509(certificate, $0) })
        }
        return certificates
    }
}
