// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// The certificates that a server must lead to, as PEM.
///
/// The file is read once: the very bytes that were checked are the ones that every connection uses.
struct TrustAnchors: Sendable {
    /// The largest file in bytes; a system's whole store has about 200 kB.
    static let largestFile = 4 << 20

    let pem: [UInt8]

    /// - Throws: `anchorsUnusable` when the file is missing, unreadable, too large, or holds no certificate.
    init(file path: String) throws(CAError) {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: Self.largestFile + 1) ?? Data()
        } catch {
            throw CAError(.anchorsUnusable, detail: path)
        }
        guard data.count <= Self.largestFile, let text = String(data: data, encoding: .utf8),
            let blocks = PEM.decode(text, label: "CERTIFICATE"), !blocks.isEmpty
        else { throw CAError(.anchorsUnusable, detail: path) }
        pem = [UInt8](data)
    }
}
