// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// `config.toml` on its way from one version to the next: changed in memory, checked, then put in place whole.
struct ConfigurationFile {
    private let file: URL
    /// What was read; `nil` when there was no file.
    private let found: String?
    private var editor: TOMLEditor

    /// Reads the file and checks it: what is wrong already is said before anything is changed.
    init(_ file: URL) throws(ConfigurationError) {
        // A link to a file that is kept elsewhere stays a link.
        self.file = file.resolvingSymlinksInPath()
        found = try ConfigurationReader.text(of: file)
        editor = TOMLEditor(found ?? "")
        _ = try ConfigurationReader.parse(editor.text, of: file)
    }

    /// Sets a key.
    mutating func set(_ key: ConfigurationKey, to value: TOMLEditor.Value) throws(ConfigurationChangeError) {
        guard editor.set(key.path, to: value) else {
            throw ConfigurationChangeError(.cannotFollow, [key.text, file.path(percentEncoded: false)])
        }
    }

    /// Checks the new text and writes it, for its owner alone (0600).
    ///
    /// - Returns: what it now says.
    /// - Throws: `ConfigurationError` when it would be refused, `ConfigurationChangeError` when somebody else changed
    ///   the file meanwhile, `CommandError` with `cannotWrite`.
    func save() throws -> Configuration {
        let configuration = try ConfigurationReader.parse(editor.text, of: file)
        let path = file.path(percentEncoded: false)
        guard try ConfigurationReader.text(of: file) == found else {
            throw ConfigurationChangeError(.changedMeanwhile, [path])
        }
        try Self.makeFolder(file.deletingLastPathComponent())
        try NewFile.write(Array(editor.text.utf8), to: path, force: found != nil)
        return configuration
    }

    /// Makes the folder of the configuration when it is missing.
    static func makeFolder(_ folder: URL) throws(CommandError) {
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandError(.cannotWrite, [folder.path(percentEncoded: false)])
        }
    }
}
