// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials
internal import Foundation

/// A loaded and started PKCS#11 module; stopped when the last session and the last directory have let go of it.
final class Module: @unchecked Sendable {
    // @unchecked: the pointer never changes, and p11-kit starts modules with OS locking.
    let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>

    /// Loads a module by path.
    convenience init(path: String) throws(KeyStoreError) {
        // Unmanaged: p11-kit counts starts and stops and adds no calls of its own.
        guard let functions = p11_kit_module_load(path, Int32(P11_KIT_MODULE_UNMANAGED)) else {
            throw KeyStoreError(.moduleUnusable, function: "C_GetFunctionList", candidates: [path])
        }
        try self.init(functions, name: path)
    }

    private init(_ functions: UnsafeMutablePointer<CK_FUNCTION_LIST>, name: String) throws(KeyStoreError) {
        self.functions = functions
        let result = p11_kit_module_initialize(functions)
        guard result == CKR_OK || result == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
            p11_kit_module_release(functions)
            throw KeyStoreError(.moduleUnusable, function: "C_Initialize", returnValue: result, candidates: [name])
        }
    }

    deinit {
        p11_kit_module_finalize(functions)
        p11_kit_module_release(functions)
    }

    /// The modules that the system's and the user's p11-kit configuration names. One that does not start is passed
    /// over: it must not keep the others from working.
    static func registered() -> [Module] {
        guard let list = p11_kit_modules_load(nil, Int32(P11_KIT_MODULE_UNMANAGED)) else { return [] }
        defer { free(list) }
        var modules: [Module] = []
        var index = 0
        while let functions = list[index] {
            index += 1
            // The store of trust anchors holds no keys.
            guard !isTrustModule(functions), let module = try? Module(functions, name: "") else { continue }
            modules.append(module)
        }
        return modules
    }

    private static func isTrustModule(_ functions: UnsafeMutablePointer<CK_FUNCTION_LIST>) -> Bool {
        guard let policy = p11_kit_config_option(functions, "trust-policy") else { return false }
        defer { free(policy) }
        return String(cString: policy) == "yes"
    }
}
