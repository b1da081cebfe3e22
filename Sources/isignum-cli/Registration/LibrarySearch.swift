// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Which file an application means by the name of a library (dlopen(3)): an absolute path is one, a bare name is looked
/// for where the loader looks, and a relative path depends on where the application was started.
struct LibrarySearch {
    private let folders: [String]
    private let starts: [String]

    /// - Parameter starts: folders in which the application may have been started.
    init(
        startedIn starts: [URL],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        configuration: String = "/etc/ld.so.conf"
    ) {
        self.starts = starts.map { $0.path(percentEncoded: false) }
        let own = environment["LD_LIBRARY_PATH"]?.split(separator: ":").map(String.init) ?? []
        let usual = ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"]
        folders = own + Self.folders(listedIn: configuration) + usual
    }

    /// Whether a library of this name is the module's file, by whatever links.
    func leads(_ library: [UInt8], to module: ModuleFile) -> Bool {
        let name = String(decoding: library, as: UTF8.self)
        if ModuleFile(name) == module, name.hasPrefix("/") { return true }
        guard let wanted = Self.identity(Array(module.path.utf8)) else { return false }
        let prefixes = name.hasPrefix("/") ? [""] : (name.contains("/") ? starts : folders).map { $0 + "/" }
        return prefixes.contains { prefix in
            guard let found = Self.identity(Array(prefix.utf8) + library) else { return false }
            return found == wanted
        }
    }

    /// The file that a path leads to, in whatever encoding it is written: device and inode.
    private static func identity(_ path: [UInt8]) -> [UInt64]? {
        var status = stat()
        let isThere = unsafe (path + [0]).withUnsafeBytes { bytes in
            unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { unsafe stat($0, &status) == 0 } ?? false
        }
        return isThere ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }

    /// The folders of ld.so.conf and of the files that it includes (ldconfig(8)).
    private static func folders(listedIn file: String) -> [String] {
        let files = FileManager.default
        let included = "\(file).d"
        let others = ((try? files.contentsOfDirectory(atPath: included)) ?? []).filter { $0.hasSuffix(".conf") }
            .sorted()
        return ([file] + others.map { "\(included)/\($0)" }).flatMap { path -> [String] in
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.utf8.count < 65_536 else {
                return []
            }
            return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { $0.hasPrefix("/") }
        }
    }
}
