// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A folder of mode 0700 that goes away with its last owner.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// The path as a string.
    public var path: String { url.path }

    /// Makes an empty folder under the system's temporary one.
    public init(named name: String = "isignum-test") throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The address of a file in it.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
