// SPDX-License-Identifier: Apache-2.0

internal import Enrollment
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Files of this program: the configuration's rights, the state folder, the journal. Nothing is made or changed.
struct HomeDiagnosis {
    let folders: Folders
    let language: Language

    func findings() -> [Finding] {
        configuration() + [folder()] + journal()
    }

    private func configuration() -> [Finding] {
        let file = folders.configurationFile.path(percentEncoded: false)
        guard let status = Self.status(of: file) else {
            return [Finding(.note, .configurationRead(file: file, exists: false))]
        }
        // Whoever may write it says which CA is believed.
        let isOpen = status.st_mode & 0o022 != 0
        return [
            Finding(.ok, .configurationRead(file: file, exists: true))
        ] + (isOpen ? [Finding(.warning, .configurationOpenToOthers(file: file))] : [])
    }

    private func folder() -> Finding {
        let path = folders.state.path(percentEncoded: false)
        guard let status = Self.status(of: path) else {
            // It will be made: what counts is the nearest folder that is there.
            var parent = folders.state.deletingLastPathComponent()
            while Self.status(of: parent.path(percentEncoded: false)) == nil, parent.path != "/" {
                parent = parent.deletingLastPathComponent()
            }
            let above = parent.path(percentEncoded: false)
            return unsafe access(above, W_OK | X_OK) == 0
                ? Finding(.ok, .folderReady(path: path)) : Self.unwritable(above)
        }
        guard status.st_uid == geteuid() else { return Finding(.problem, .folderForeign(path: path)) }
        guard unsafe access(path, R_OK | W_OK | X_OK) == 0 else {
            return Self.unwritable(path)
        }
        return status.st_mode & 0o077 == 0
            ? Finding(.ok, .folderReady(path: path)) : Finding(.warning, .folderOpenToOthers(path: path))
    }

    private func journal() -> [Finding] {
        do {
            guard let report = try JournalInspection.inspect(folder: folders.state) else {
                return [Finding(.ok, .journalNew)]
            }
            return [Finding(.ok, .journalSound(requests: report.requests))]
                + report.unreadable.map { Finding(.warning, .requestUnreadable(explain($0.error, in: language))) }
        } catch {
            return [Finding(.problem, .journalUnsound(explain(error, in: language)))]
        }
    }

    /// What keeps a folder from being written, and what helps.
    private static func unwritable(_ path: String) -> Finding {
        var volume = statvfs()
        let isReadOnly = unsafe statvfs(path, &volume) == 0 && volume.f_flag & UInt(ST_RDONLY) != 0
        return Finding(.problem, isReadOnly ? .fileSystemReadOnly(path: path) : .folderUnwritable(path: path))
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}
