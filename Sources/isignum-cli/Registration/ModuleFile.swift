// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A PKCS#11 module by its file, whatever links lead to it.
struct ModuleFile: Hashable, Sendable {
    /// The absolute path as it was named, links and all: links of packages survive updates, their targets do not.
    let path: String
    /// The file itself.
    let identity: String

    init(_ path: String) {
        let url = URL(filePath: path).standardizedFileURL
        self.path = url.path(percentEncoded: false)
        identity = url.resolvingSymlinksInPath().path(percentEncoded: false)
    }

    /// What applications list it under: "isignum-proidqcm11" for libproidqcm11.so.
    var listName: String {
        var stem = path.split(separator: "/").last.map(String.init) ?? "module"
        if let end = stem.range(of: ".so") { stem = String(stem[..<end.lowerBound]) }
        if stem.hasPrefix("lib") { stem = String(stem.dropFirst(3)) }
        let plain = stem.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) || scalar == "-"
                ? Character(scalar) : "-"
        }
        return "isignum-" + String(plain)
    }

    /// The first of "isignum-opensc-pkcs11", "isignum-opensc-pkcs11-2", … that no other module has: files of several
    /// makers, or of several versions, may be called the same.
    func listName(unless isTaken: (String) -> Bool) -> String {
        var name = listName
        var number = 2
        while isTaken(name) {
            name = "\(listName)-\(number)"
            number += 1
        }
        return name
    }

    static func == (left: Self, right: Self) -> Bool { left.identity == right.identity }

    func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}

/// The `.module` files of p11-kit (pkcs11.conf(5)).
struct ModuleConfigurations: Sendable {
    /// One file.
    struct Entry: Sendable {
        /// The `.module` file.
        let file: String
        /// The module that it names.
        let module: ModuleFile
        /// Whether it is a store of trust anchors, which holds no keys.
        let isTrustPolicy: Bool
    }

    /// Where the system keeps them.
    static let systemFolders = [
        "/usr/share/p11-kit/modules", "/usr/local/share/p11-kit/modules", "/etc/pkcs11/modules",
    ]

    /// The files of a folder that name a module that is there.
    static func entries(in folder: String) -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            guard name.hasSuffix(".module"),
                let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8), text.utf8.count < 65_536
            else { return nil }
            func value(_ key: String) -> String? {
                text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(key):") }
                    .map { $0.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces) }
            }
            guard let path = value("module"), !path.isEmpty, let module = module(path) else { return nil }
            let isTrustPolicy = value("trust-policy") == "yes"
            return Entry(file: "\(folder)/\(name)", module: module, isTrustPolicy: isTrustPolicy)
        }
    }

    /// A bare name is looked for in p11-kit's own folder.
    private static func module(_ value: String) -> ModuleFile? {
        guard !value.hasPrefix("/") else { return ModuleFile(value) }
        let machine = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        let folders = machine.filter { $0.contains("-linux-") }.sorted().map { "/usr/lib/\($0)/pkcs11" }
        return (folders + ["/usr/lib64/pkcs11", "/usr/lib/pkcs11"]).map { "\($0)/\(value)" }
            .first { FileManager.default.fileExists(atPath: $0) }.map(ModuleFile.init)
    }
}
