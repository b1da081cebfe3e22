// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A file that we changed, compared with what we left: taken back as a whole where nobody has touched it since, and
/// entry by entry where somebody has.
struct ChangedFile {
    private let record: RegistrationRecord
    /// What it holds now; `nil` when it is gone.
    private let now: Data?
    let url: URL

    init(_ record: RegistrationRecord) {
        self.record = record
        url = URL(filePath: record.file)
        now = try? Data(contentsOf: url)
    }

    /// Whether it is as we left it.
    var isAsWritten: Bool { now == record.written }

    /// Whether it can be made, or is already, what it was before.
    var canBeRestored: Bool { isAsWritten && isCreatedUntouched || now == record.original }

    /// Whether what was made for it is as it was made.
    private var isCreatedUntouched: Bool {
        record.created.allSatisfy { created in
            created.sha256.map { Self.fingerprint(URL(filePath: created.path)) == $0 } ?? true
        }
    }

    /// What it holds now, without our entries.
    func without(_ names: [String]) -> Data {
        var list = SecurityModules([UInt8](now ?? Data()))
        // The one that was added last stands behind the others.
        for name in names.reversed() { list.remove(name, added: record.added?[name].map { [UInt8]($0) }) }
        return Data(list.bytes)
    }

    /// Takes everything of ours out.
    func restore() throws {
        if now != record.original {
            if canBeRestored, let original = record.original {
                try Self.write(original, to: url, mode: record.mode)
            } else if canBeRestored || record.kind == .p11kit {
                if now != nil { try FileManager.default.removeItem(at: url) }
            } else if now != nil {
                // The database has come to be used: it stays.
                return try Self.write(without(record.names), to: url, mode: record.mode)
            }
        }
        for created in record.created.reversed() {
            if created.sha256 != nil {
                try? FileManager.default.removeItem(atPath: created.path)
            } else {
                // A folder that holds anything stays.
                unsafe rmdir(created.path)
            }
        }
    }

    /// The SHA-256 of a file; empty when it cannot be read.
    static func fingerprint(_ file: URL) -> String {
        (try? Data(contentsOf: file)).map { Digests.hexadecimal(Digests.digest([UInt8]($0), .sha256)) } ?? ""
    }

    /// The access rights of a file.
    static func mode(of file: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: file.resolvingSymlinksInPath().path(percentEncoded: false)
        )
        return attributes?[.posixPermissions] as? Int
    }

    /// Puts a file in place whole, with the rights that it had; a link stays one.
    static func write(_ data: Data, to file: URL, mode: Int?) throws {
        let real = file.resolvingSymlinksInPath()
        try ConfigurationFile.makeFolder(real.deletingLastPathComponent())
        let path = real.path(percentEncoded: false)
        try NewFile.write([UInt8](data), to: path, force: true)
        if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
    }
}
