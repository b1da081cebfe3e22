// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What stands under a file's name (inode(7)). Regular files are replaced where that is asked for; everything else is
/// somebody's arrangement and left as it is.
enum FileKind: String, CaseIterable {
    case regular, link, folder, device, pipe, socket
    /// Something that this system has and we do not know.
    case other

    /// - Returns: `nil` when there is nothing of this name. A link is one wherever it leads.
    init?(of path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFLNK: .link
            case S_IFDIR: .folder
            case S_IFCHR, S_IFBLK: .device
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            default: .other
            }
    }

    /// The kind that an error names.
    init(named name: String?) { self = name.flatMap(FileKind.init(rawValue:)) ?? .other }

    var english: String {
        switch self {
        case .regular: "a file"
        case .link: "a link"
        case .folder: "a folder"
        case .device: "a device"
        case .pipe: "a pipe"
        case .socket: "a socket"
        case .other: "something else"
        }
    }

    var czech: String {
        switch self {
        case .regular: "soubor"
        case .link: "odkaz"
        case .folder: "složka"
        case .device: "zařízení"
        case .pipe: "roura"
        case .socket: "soket"
        case .other: "něco jiného"
        }
    }
}
