// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials
internal import Foundation
internal import Synchronization

/// A loaded and initialised PKCS#11 module; finalised when its last user lets go.
///
/// p11-kit does the loading. Its managed modules count who initialised what in this process, so that a second
/// user never meets a second C_Initialize, and survive a fork; they add no call of their own.
final class Module: @unchecked Sendable {
    // @unchecked: the function table is constant, and modules are initialised for use by several threads.
    private let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>

    /// The file that the module was loaded from, or its name in p11-kit's configuration.
    let name: String

    /// The file itself, whatever path it was named by.
    var fileIdentity: String { URL(fileURLWithPath: name).resolvingSymlinksInPath().path }

    private let isInitialised = Mutex(false)

    /// Takes over a reference that p11-kit gave, and initialises the module.
    ///
    /// - Parameter initialise: how, where the usual way will not do.
    init(
        adopting functions: UnsafeMutablePointer<CK_FUNCTION_LIST>,
        named name: String,
        initialise: (() -> CK_RV)? = nil
    ) throws(KeyStoreError) {
        self.functions = functions
        self.name = name
        let value = initialise?() ?? p11_kit_module_initialize(functions)
        guard value == CKR_OK || value == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
            throw KeyStoreError(
                .moduleUnusable,
                function: "C_Initialize",
                returnValue: UInt(value),
                candidates: [name]
            )
        }
        isInitialised.withLock { $0 = value == CKR_OK }
    }

    deinit {
        finalise()
        p11_kit_module_release(functions)
    }

    /// Loads the module at a path.
    ///
    /// - Throws: `moduleUnusable` when there is no such file or it is no module.
    static func load(path: String) throws(KeyStoreError) -> Module {
        // A bare name would be looked for in p11-kit's own folder; a person who names a file means that file.
        let file = URL(fileURLWithPath: path).path
        p11_kit_be_quiet()
        guard let functions = p11_kit_module_load(file, 0) else {
            throw KeyStoreError(.moduleUnusable, candidates: [path])
        }
        return try Module(adopting: functions, named: path)
    }

    /// Loads the modules that are registered on this system. One that does not start is left out: it may belong to a
    /// device that is not there. Stores of trust anchors hold no keys and are left out too.
    static func loadRegistered() -> [Module] {
        p11_kit_be_quiet()
        guard let list = p11_kit_modules_load(nil, 0) else { return [] }
        defer { free(list) }
        var modules: [Module] = []
        var next = list
        while let functions = next.pointee {
            next += 1
            if Int(p11_kit_module_get_flags(functions)) & Int(P11_KIT_MODULE_TRUSTED) != 0 {
                p11_kit_module_release(functions)
            } else if let module = try? Module(adopting: functions, named: Self.name(of: functions)) {
                modules.append(module)
            }
        }
        return modules
    }

    /// Calls one function of the module and checks its answer.
    ///
    /// - Parameter body: gives `nil` when the module's table has no such function.
    func call(
        _ function: String,
        secret: SecretKind? = nil,
        _ body: (UnsafeMutablePointer<CK_FUNCTION_LIST>) -> CK_RV?
    ) throws(KeyStoreError) {
        try check(body(functions) ?? CKR_FUNCTION_NOT_SUPPORTED, function, secret: secret)
    }

    /// Ends the module's work. Sessions that are still open are closed with it; later calls fail.
    func finalise() {
        let wasInitialised = isInitialised.withLock { value in
            defer { value = false }
            return value
        }
        if wasInitialised { _ = p11_kit_module_finalize(functions) }
    }

    private static func name(of functions: UnsafeMutablePointer<CK_FUNCTION_LIST>) -> String {
        guard let text = p11_kit_module_get_filename(functions) ?? p11_kit_module_get_name(functions) else { return "" }
        defer { free(text) }
        return String(cString: text)
    }
}
