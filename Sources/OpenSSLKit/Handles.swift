// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// An X.509 certificate of OpenSSL.
struct X509Handle: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Parses DER; nothing may follow the certificate, and written again it must be the same bytes.
    init(der: [UInt8]) throws(OpenSSLError) {
        guard der.count <= CertificateBundle.largestCertificate else { throw OpenSSLError(.tooLarge, "certificate") }
        var cursor: UnsafePointer<UInt8>?
        var rest = 0
        let parsed = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            cursor = buffer.baseAddress
            let parsed = d2i_X509(nil, &cursor, buffer.count)
            if let end = cursor, let start = buffer.baseAddress { rest = buffer.count - (end - start) }
            return parsed
        }
        guard let parsed else { throw OpenSSLError(.malformed, "certificate") }
        guard rest == 0 else {
            X509_free(parsed)
            throw OpenSSLError(.malformed, "bytes after the certificate")
        }
        // OpenSSL reads forms that DER does not have, such as a signature with unused bits.
        guard let written = try? encoded({ i2d_X509(parsed, $0) }), written == der else {
            X509_free(parsed)
            throw OpenSSLError(.malformed, "not DER")
        }
        pointer = parsed
    }

    deinit { X509_free(pointer) }
}

/// A public key of OpenSSL.
package struct EVPKeyHandle: ~Copyable {
    package let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }
}

/// Runs an `i2d` function and copies what it wrote.
package func encoded(
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
) throws(OpenSSLError) -> [UInt8] {
    var memory: UnsafeMutablePointer<UInt8>?
    let length = encode(&memory)
    guard length > 0, let memory else { throw OpenSSLError(.failed, "encoding") }
    defer { CRYPTO_free(memory, #file, #line) }
    return Array(UnsafeBufferPointer(start: memory, count: Int(length)))
}
