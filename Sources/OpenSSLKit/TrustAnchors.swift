// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// Certificates that are believed without proof.
public struct TrustAnchors: Sendable, Equatable {
    let certificates: [[UInt8]]
    /// The same as PEM and nothing besides, for libraries with readers of their own; empty for the system's store.
    public let pem: [UInt8]
    /// What the file holds besides, each kind once. Nothing of it is believed.
    public let passedOver: [BundlePart]
    /// Certificates of the file that OpenSSL cannot read. They are not believed, so that leaving them out is safe.
    public let unreadable: [BundleFault]

    /// The anchors of a bundle. What it marks as distrusted is none.
    public init(reading bundle: [UInt8]) throws(BundleError) {
        let read = try CertificateBundle(bundle, leavingOutUnreadable: true)
        var seen = read.distrusted
        certificates = read.certificates.filter { seen.insert($0).inserted }
        let distrusted: [BundlePart] = read.distrusted.isEmpty ? [] : [.distrustedCertificate]
        guard !certificates.isEmpty else { throw .noCertificate(distrusted + read.passedOver) }
        pem = Array(certificates.map { PEM.encode($0, label: "CERTIFICATE") }.joined().utf8)
        passedOver = distrusted + read.passedOver
        unreadable = read.unreadable
    }

    /// The anchors of a bundle.
    public init(bundle: [UInt8]) throws(OpenSSLError) {
        do throws(BundleError) { try self.init(reading: bundle) } catch { throw error.asOpenSSLError }
    }

    /// The system's own store.
    public static let system = TrustAnchors()

    private init() { (certificates, pem, passedOver, unreadable) = ([], [], [], []) }

    /// The anchors themselves, DER; empty for the system's store.
    public var bundle: [[UInt8]] { certificates }
}
