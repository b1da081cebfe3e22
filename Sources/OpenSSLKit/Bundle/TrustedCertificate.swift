// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

/// A certificate with what OpenSSL appends to it: for which uses it is trusted or not (openssl-x509(1), "Trust
/// Settings"). Only a "not" is kept: it must not become an anchor by being cut off.
struct TrustedCertificate {
    let der: [UInt8]
    let isDistrusted: Bool

    /// Reads a block's content.
    init(_ bytes: [UInt8]) throws(BundleFault.Reason) {
        let certificate = try CertificateBytes(bytes)
        guard certificate.certificates.count == 1 else { throw .notCertificate(.other) }
        der = certificate.certificates[0]
        defer { ERR_clear_error() }
        let read = bytes.withUnsafeBufferPointer { buffer -> (rejects: Bool, rest: Int)? in
            guard let start = buffer.baseAddress else { return nil }
            var cursor: UnsafePointer<UInt8>? = start
            guard let parsed = d2i_X509_AUX(nil, &cursor, buffer.count), let end = cursor else { return nil }
            defer { X509_free(parsed) }
            let rejected = X509_get0_reject_objects(parsed)
            return (rejected.map { OPENSSL_sk_num($0) > 0 } ?? false, end - start)
        }
        guard let read, bytes[read.rest...].allSatisfy(CertificateBytes.isPadding) else { throw .followed }
        isDistrusted = read.rejects
    }
}
