// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Where PKCS#11 modules lie on Linux.
enum ModuleSearch {
    /// p11-kit's folder: a `module:` line without a path means a file in here (pkg-config's p11_module_path).
    static var p11KitFolder: String { "/usr/lib/\(multiarch)/pkcs11" }

    /// The folders in which a vendor's package may put its module, the likeliest first.
    static var folders: [String] {
        ["/usr/lib/\(multiarch)", p11KitFolder, "/usr/lib64", "/usr/lib64/pkcs11", "/usr/lib", "/usr/lib/pkcs11"]
            + ["/usr/local/lib", "/usr/local/lib/pkcs11"]
    }

    /// The folders of p11-kit's module files; a user's own go before (p11-kit's pkcs11.conf(5)).
    static var registrations: [String] {
        let home = ProcessInfo.processInfo.environment["HOME"].map { ["\($0)/.config/pkcs11/modules"] } ?? []
        return home + ["/etc/pkcs11/modules", "/usr/share/p11-kit/modules"]
    }

    /// The files of these names that are there.
    static func found(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return folders.flatMap { folder in names.map { "\(folder)/\($0)" } }.filter { path in
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            return FileManager.default.fileExists(atPath: path) && seen.insert(file).inserted
        }
    }

    /// Debian's name of the architecture, as in /usr/lib/x86_64-linux-gnu.
    private static var multiarch: String {
        #if arch(x86_64)
            "x86_64-linux-gnu"
        #elseif arch(arm64)
            "aarch64-linux-gnu"
        #elseif arch(arm)
            "arm-linux-gnueabihf"
        #elseif arch(riscv64)
            "riscv64-linux-gnu"
        #else
            "i386-linux-gnu"
        #endif
    }
}
