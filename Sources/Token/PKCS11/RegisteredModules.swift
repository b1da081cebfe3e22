// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The modules that p11-kit's module files name (pkcs11.conf(5)): needed before p11-kit loads them, because it loads
/// them all at once.
enum RegisteredModules {
    /// The paths of modules that would be loaded into this program. Stores of trust anchors hold no keys, and a
    /// remote module runs in another process as it is.
    static func paths(in folders: [String] = ModuleSearch.registrations) -> [String] {
        var seen: Set<String> = []
        var paths: [String] = []
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            // A file of the same name in an earlier folder goes before.
            for name in names.sorted() where name.hasSuffix(".module") && seen.insert(name).inserted {
                guard let path = path(in: "\(folder)/\(name)"), !paths.contains(path) else { continue }
                paths.append(path)
            }
        }
        return paths
    }

    private static func path(in file: String) -> String? {
        guard let data = FileManager.default.contents(atPath: file), data.count <= 65_536 else { return nil }
        var values: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) where line.first != "#" {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        func names(_ key: String) -> [Substring]? { values[key]?.split { $0 == "," || $0 == " " } }
        guard let module = values["module"], !module.isEmpty, values["remote"] == nil, values["trust-policy"] != "yes",
            names("enable-in")?.contains("isignum") ?? true, names("disable-in")?.contains("isignum") != true
        else { return nil }
        return module.hasPrefix("/") ? module : "\(ModuleSearch.p11KitFolder)/\(module)"
    }
}
