// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials
internal import Foundation

/// The NSS database that Chromium and, where it is told to, Firefox use: a PKCS#11 module like any other, for people
/// without a token. Its keys are files under a password; no marker is ever asked for them.
public struct SoftwareStore: Hashable, Sendable {
    /// The folder of the database.
    public let folder: String

    /// Names a folder, whether or not there is a database in it.
    public init(folder: String) { self.folder = folder }

    /// Whether there is a database.
    public var exists: Bool { FileManager.default.fileExists(atPath: folder + "/key4.db") }

    /// Whether a database could be used or made: NSS is installed.
    public static var isPossible: Bool { Module.hasSoftwareToken }

    /// Makes the database, in a folder for its owner alone, and sets its password. It is made beside its place and put
    /// there whole, its keys last: what `exists` can be used, however the process that made it ended.
    ///
    /// - Throws: `writeProtected` when the folder cannot be made; `moduleUnusable` when NSS is not installed.
    public func create(password: borrowing PIN) throws(KeyStoreError) {
        let files = FileManager.default
        let draft = folder + "/.new-" + UUID().uuidString.prefix(8)
        do {
            try files.createDirectory(
                atPath: draft,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw KeyStoreError(.writeProtected)
        }
        defer { try? files.removeItem(atPath: draft) }
        try Self.initialise(draft, password: password)
        for name in ["cert9.db", "key4.db"] {
            // What is there already stays: certificates without keys, or what another process has just made.
            do { try files.moveItem(atPath: "\(draft)/\(name)", toPath: "\(folder)/\(name)") } catch {
                guard files.fileExists(atPath: "\(folder)/\(name)") else { throw KeyStoreError(.writeProtected) }
            }
        }
    }

    private static func initialise(_ folder: String, password: borrowing PIN) throws(KeyStoreError) {
        let module = try Module.loadSoftwareStore(folder: folder)
        defer { module.finalise() }
        for slot in try Slot.identifiers(of: module) {
            let token = try TokenInfo(ofSlot: slot, in: module)
            guard !token.isWriteProtected, token.secretState == .notInitialised else { continue }
            let session = try Session(on: Slot(module: module, id: slot, token: token))
            // A database without a password lets its security officer in with none.
            let none = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
            defer { none.deallocate() }
            try session.logIn(CKU_SO, as: .puk, with: UnsafeRawBufferPointer(rebasing: none[..<0]))
            try password.withBytes { bytes throws(KeyStoreError) in
                try session.initPIN(.pin, to: bytes)
            }
            return
        }
        throw KeyStoreError(.moduleUnusable, candidates: [module.name])
    }
}

extension TokenIdentity {
    /// Whether this is a database of NSS.
    public var isSoftwareStore: Bool { manufacturer == "Mozilla Foundation" && model == "NSS 3" }
}
