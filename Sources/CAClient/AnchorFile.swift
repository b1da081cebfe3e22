// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import OpenSSLKit

extension TrustAnchors {
    /// The anchors of a file, in any form in which certificates come.
    ///
    /// - Throws: `anchorsUnusable` when the file is missing, none of the regular ones, too large, or holds no
    ///   certificate that can be read; `bundleError` says why, where the file itself could be read.
    public init(file path: String) throws(CAError) {
        guard let bytes = Self.read(path) else { throw CAError(.anchorsUnusable, detail: path) }
        do throws(BundleError) {
            try self.init(reading: bytes)
        } catch {
            throw CAError(.anchorsUnusable, detail: path, bundleError: error)
        }
    }

    /// - Returns: at most one byte more than any bundle may have, for which it is then refused.
    private static func read(_ path: String) -> [UInt8]? {
        // A pipe that nobody writes to must not be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        do { return [UInt8](try handle.read(upToCount: CertificateBundle.largestBundle + 1) ?? Data()) } catch {
            return nil
        }
    }
}

extension CAProfile {
    /// What the server and every issued certificate must lead to: the one reading serves both.
    public func trustAnchors() throws(CAError) -> TrustAnchors {
        guard let anchorFile else { return .system }
        return try TrustAnchors(file: anchorFile)
    }
}
