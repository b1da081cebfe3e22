// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What the package builds beside the tests: `isignum`, `mock-ca`, `libSimulatedDevice.so`.
public enum BuildProducts {
    /// The folder of the running test executable, which is the folder of all products.
    public static var folder: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// The root of the sources, for scripts that tests run as they are.
    public static var sources: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// A product by its file name.
    ///
    /// - Throws: `Missing`, which says what to build.
    public static func file(_ name: String) throws -> URL {
        let url = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: url.path) else { throw Missing(file: url.path) }
        return url
    }

    /// A product that was not built.
    public struct Missing: Error, CustomStringConvertible {
        /// Where it was looked for.
        public let file: String
        /// What to do about it.
        public var description: String { "\(file) is not there: run `swift build --build-tests` first" }
    }
}
