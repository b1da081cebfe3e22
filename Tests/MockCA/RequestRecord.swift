// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A request as the CA remembers it.
struct RequestRecord: Codable, Sendable {
    var id: String
    var submission: Wire.Submission
    var state: Wire.State
    var accessToken: String
    var marked: Bool
    var publicKeyHash: String
    var created: Date
    var updated: Date
    var reason: String?
    /// DER of the issued certificate.
    var certificate: Data?
    /// The certificate's serial number, hexadecimal.
    var serialNumber: String?
    var subject: String?
    var notAfter: Date?
    var revoked: Date?
}

/// Everything that survives a restart.
struct Ledger: Codable, Sendable {
    var requests: [String: RequestRecord] = [:]
    /// Request ID by idempotency key.
    var submissions: [String: String] = [:]
    var listNumber = 1

    /// Kept in one file that is replaced as a whole.
    static func load(from file: URL) throws -> Ledger {
        guard FileManager.default.fileExists(atPath: file.path) else { return Ledger() }
        return try JSON.decode(Ledger.self, from: Data(contentsOf: file))
    }

    func save(to file: URL) throws {
        let new = file.appendingPathExtension("new")
        let data = try JSON.encode(self)
        guard FileManager.default.createFile(atPath: new.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        let handle = try FileHandle(forWritingTo: new)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
        guard rename(new.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
