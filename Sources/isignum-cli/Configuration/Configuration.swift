// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What `config.toml` says. Every key is optional, and so is the file:
///
///     default-ca = "demo"
///     language = "cs"
///     expert = true
///     qr-code = false
///     modules = ["/usr/lib/x86_64-linux-gnu/libproidqcm11.so"]
///     system-modules = true
///
///     [ca.demo]
///     url = "https://ca.example/"
///     anchors = "demo-ca.pem"
///     chain = "demo-issuers.pem"
///     protocol = "enrollment-api"
///     release-mail = "ca@example"
///
///     [devices]
///     "ProID+Q" = { certified-until = 2030-12-31 }
struct Configuration: Sendable {
    /// One `[ca.NAME]` table.
    struct Authority: Sendable {
        /// The address as it was written.
        let url: URL
        /// The file of trust anchors, already relative to nothing; `nil` for the system's store.
        let anchors: String?
        /// The file of issuers that the CA does not send along, likewise.
        let chain: String?
        /// Where releases of devices go by mail, when the CA has no service for them.
        let releaseMail: String?
    }

    /// The protocols that `protocol` may name.
    static let protocols = ["enrollment-api"]

    /// The file that this was read from, or would have been.
    let file: String
    /// The CA to use when none is named.
    var defaultAuthority: String?
    /// "cs" or "en".
    var language: String?
    /// Whether every run is one of an expert.
    var expert = false
    /// Whether an ID is shown as a QR code too; to an ear it is noise.
    var qrCode = true
    /// Paths of PKCS#11 modules.
    var modules: [String] = []
    /// Whether modules that the system has registered are used; when nothing is said, they are used if the file names none.
    var systemModules: Bool?
    /// The CAs by name.
    var authorities: [String: Authority] = [:]
    /// Ends of certification by device model.
    var certifiedUntil: [String: Date] = [:]

    /// An empty configuration.
    init(file: String) { self.file = file }
}
