// SPDX-License-Identifier: Apache-2.0

/// The PKCS#11 modules that serve a kind of card, as its answer to reset tells it.
public struct ExpectedModules: Sendable, Equatable {
    /// The name of the kind of device.
    public let device: String
    /// The file names of its modules, the usual one first.
    public let files: [String]

    /// - Parameter answerToReset: of a card (ISO 7816-3, section 8.2).
    /// - Returns: `nil` for a card of which nothing is known.
    public init?(of answerToReset: [UInt8]) {
        let profile = DeviceCatalogue.builtIn.profiles.first { profile in
            profile.match.atrs?.contains { Self.fits(answerToReset, $0.value, $0.mask) } == true
        }
        guard let profile, let modules = profile.modules, !modules.files.isEmpty else { return nil }
        device = profile.name
        files = modules.files
    }

    /// Whether a module is one of these; versions may follow the name.
    public func contains(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return files.contains { name.hasPrefix($0) }
    }

    private static func fits(_ answer: [UInt8], _ value: String, _ mask: String?) -> Bool {
        let value = bytes(value)
        let mask = mask.map(bytes) ?? [UInt8](repeating: 0xFF, count: value.count)
        guard value.count == answer.count, mask.count == answer.count else { return false }
        return zip(answer, zip(value, mask)).allSatisfy { $0 & $1.1 == $1.0 & $1.1 }
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = Array(digits.filter(\.isHexDigit))
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
