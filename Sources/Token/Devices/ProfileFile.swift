// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A file of device profiles (docs/profiles.schema.json).
struct ProfileFile: Codable {
    let profiles: [DeviceProfile]
}

/// Why a user's file of device profiles cannot be used. Nothing of such a file is used: half a profile could make a
/// device seem qualified that is not.
public struct ProfileError: Error, Equatable, Sendable {
    /// The kinds of trouble.
    public enum Code: String, Sendable {
        /// The file is there and cannot be read, or is larger than a mebibyte.
        case unreadable
        /// It is no JSON; `place` says where that showed.
        case syntax
        /// A key that means nothing.
        case unknownKey
        /// A value that is missing, of the wrong kind or without sense.
        case badValue
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The file.
    public let file: String
    /// Where in it: "profiles[1].secrets.pin.shortest", or "line 3, column 7" of what is no JSON; `nil` where unknown.
    public let place: String?
    /// What belongs there, as it would stand in the file; `nil` where that is not known.
    public let detail: String?

    /// Makes an error.
    public init(_ code: Code, file: String, place: String? = nil, detail: String? = nil) {
        self.code = code
        self.file = file
        self.place = place
        self.detail = detail
    }
}

extension DeviceCatalogue {
    /// The largest file in bytes.
    private static let largestFile = 1 << 20

    /// The built-in profiles under those of a user's file; a file that is not there adds nothing.
    public static func with(_ file: URL) throws(ProfileError) -> DeviceCatalogue {
        let path = file.path
        guard FileManager.default.fileExists(atPath: path) else { return .builtIn }
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            data = try handle.read(upToCount: largestFile + 1) ?? Data()
        } catch {
            throw ProfileError(.unreadable, file: path)
        }
        guard data.count <= largestFile else { throw ProfileError(.unreadable, file: path, detail: "> 1 MiB") }
        var catalogue = builtIn
        catalogue.own = try profiles(in: data, of: path)
        return catalogue
    }

    /// Reads strictly: whatever was written must have been understood.
    static func profiles(in data: Data, of path: String) throws(ProfileError) -> [DeviceProfile] {
        let tree: Any
        do {
            tree = try JSONSerialization.jsonObject(with: data)
        } catch {
            throw syntaxError(error, in: path, of: data)
        }
        let file: ProfileFile
        let understood: Any
        do {
            file = try JSONDecoder().decode(ProfileFile.self, from: data)
            understood = try JSONSerialization.jsonObject(with: JSONEncoder().encode(file))
        } catch let error as DecodingError {
            throw ProfileError(error, in: path, reading: tree)
        } catch {
            throw ProfileError(.badValue, file: path)
        }
        if let place = firstKey(in: tree, missingFrom: understood, at: "") {
            throw ProfileError(.unknownKey, file: path, place: place)
        }
        for (index, profile) in file.profiles.enumerated() {
            if let (place, wanted) = profile.nonsense {
                throw ProfileError(.badValue, file: path, place: "profiles[\(index)].\(place)", detail: wanted)
            }
        }
        return file.profiles
    }

    /// The first key of a tree that the other, which was made of what was understood, does not have.
    private static func firstKey(in tree: Any, missingFrom other: Any?, at place: String) -> String? {
        if let tree = tree as? [String: Any] {
            let other = other as? [String: Any] ?? [:]
            for (key, value) in tree.sorted(by: { $0.key < $1.key }) {
                // A value that is null says no more than none.
                if value is NSNull || place.isEmpty && key == "$schema" { continue }
                let inner = place.isEmpty ? key : "\(place).\(key)"
                guard let known = other[key] else { return inner }
                if let found = firstKey(in: value, missingFrom: known, at: inner) { return found }
            }
        } else if let tree = tree as? [Any], let other = other as? [Any] {
            for (index, pair) in zip(tree, other).enumerated() {
                if let found = firstKey(in: pair.0, missingFrom: pair.1, at: "\(place)[\(index)]") { return found }
            }
        }
        return nil
    }

    // The parser counts bytes, or says nothing: people count lines.
    private static func syntaxError(_ error: any Error, in path: String, of data: Data) -> ProfileError {
        let words = ((error as NSError).userInfo["NSDebugDescription"] as? String) ?? ""
        let offset = words.firstRange(of: /character [0-9]+/).flatMap { Int(words[$0].dropFirst(10)) }
        let place = offset.map { offset in
            let before = data.prefix(offset)
            let column = before.reversed().prefix { $0 != 0x0A }.count
            return "line \(before.count { $0 == 0x0A } + 1), column \(column + 1)"
        }
        return ProfileError(.syntax, file: path, place: place)
    }
}

extension DeviceProfile {
    /// The first value that has the right form and makes no sense, and what belongs there.
    fileprivate var nonsense: (place: String, wanted: String)? {
        if name.trimmingCharacters(in: .whitespaces).isEmpty { return ("name", "\"…\"") }
        if match.manufacturer == nil, match.model == nil, match.moduleFile == nil, match.atrs?.isEmpty ?? true {
            return ("match", "manufacturer, model, moduleFile, atrs")
        }
        for (field, text) in [
            ("manufacturer", match.manufacturer), ("model", match.model), ("moduleFile", match.moduleFile),
        ] where text?.isEmpty == true { return ("match.\(field)", "\"…\"") }
        for (index, atr) in (match.atrs ?? []).enumerated() where atr.pattern == nil {
            return ("match.atrs[\(index)]", "\"3B…\"; value and mask of the same length, 2 to 33 bytes")
        }
        for (field, lengths) in [("pin", secrets?.pin), ("qpin", secrets?.qpin), ("puk", secrets?.puk)] {
            guard let lengths, lengths.range == nil || lengths.longest > 255 else { continue }
            return ("secrets.\(field)", "1 <= shortest <= longest <= 255")
        }
        for (index, card) in (care?.cards ?? []).enumerated() {
            if card.atrs.contains(where: { $0.pattern == nil }) { return ("care.cards[\(index)].atrs", "\"3B…\"") }
            if !(1...255).contains(card.paddedLength) { return ("care.cards[\(index)].paddedLength", "1 … 255") }
            guard card.application.map({ hexadecimal($0) == nil }) ?? false else { continue }
            return ("care.cards[\(index)].application", "\"A0…\"")
        }
        if let limit = qualifiedCertificates?.limit, limit < 1 { return ("qualifiedCertificates.limit", "1 …") }
        if let files = modules?.files, files.isEmpty || files.contains(where: { $0.isEmpty || $0.contains("/") }) {
            return ("modules.files", "[\"libname.so\"]")
        }
        return nil
    }
}
