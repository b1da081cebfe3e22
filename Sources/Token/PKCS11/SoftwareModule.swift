// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials
internal import Foundation

extension Module {
    /// Where Linux distributions put NSS's software token.
    private static var softwareTokens: [String] {
        let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
        return folders.flatMap { ["\($0)/libsoftokn3.so", "\($0)/nss/libsoftokn3.so"] }
    }

    /// Whether NSS is installed.
    static var hasSoftwareToken: Bool { softwareTokens.contains(where: FileManager.default.fileExists(atPath:)) }

    /// Loads NSS's software token over the database of a folder.
    ///
    /// It wants to be told where its database is in a field that the standard does not have: `LibraryParameters`,
    /// which stands where PKCS#11 keeps `pReserved`, and moves that one behind it (NSS, lib/softoken/pkcs11t.h).
    ///
    /// - Throws: `moduleUnusable` when NSS is not installed (`candidates` then names it) or does not start.
    static func loadSoftwareStore(folder: String) throws(KeyStoreError) -> Module {
        p11_kit_be_quiet()
        // A quote would end the value; no folder of ours has one.
        guard !folder.contains("'"), let file = softwareTokens.first(where: FileManager.default.fileExists(atPath:)),
            let functions = p11_kit_module_load(file, 0)
        else { throw KeyStoreError(.moduleUnusable, candidates: ["libsoftokn3.so"]) }
        return try Module(adopting: functions, named: file) {
            let parameters = "configdir='sql:\(folder)' certPrefix='' keyPrefix='' secmod='' flags=noModDB"
            return parameters.withCString { text in
                // The standard's structure and one word more, which is NULL.
                let room = MemoryLayout<CK_C_INITIALIZE_ARGS>.size
                let memory = UnsafeMutableRawPointer.allocate(
                    byteCount: room + MemoryLayout<UInt>.size,
                    alignment: MemoryLayout<UInt>.alignment
                )
                defer { memory.deallocate() }
                memory.initializeMemory(as: UInt8.self, repeating: 0, count: room + MemoryLayout<UInt>.size)
                let arguments = memory.bindMemory(to: CK_C_INITIALIZE_ARGS.self, capacity: 1)
                arguments.pointee.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
                arguments.pointee.pReserved = UnsafeMutableRawPointer(mutating: text)
                return functions.pointee.C_Initialize?(memory) ?? CKR_FUNCTION_NOT_SUPPORTED
            }
        }
    }
}
