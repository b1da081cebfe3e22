// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

extension ProfileError {
    /// The place of what could not be read, and what belongs there. A required key that is missing beside one that is
    /// nearly the same was mistyped.
    ///
    /// - Parameter tree: the file as JSON.
    init(_ error: DecodingError, in file: String, reading tree: Any) {
        switch error {
        case .keyNotFound(let key, let context):
            let path = context.codingPath
            if let mistyped = Self.key(like: key.stringValue, in: Self.value(at: path, in: tree)) {
                self.init(.unknownKey, file: file, place: Self.place(path, mistyped))
            } else {
                let place = Self.place(path, key.stringValue)
                self.init(.badValue, file: file, place: place, detail: Self.form(of: key.stringValue))
            }
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            let place = Self.place(context.codingPath)
            let form = Self.form(of: context.codingPath.lastName) ?? Self.form(of: type)
            self.init(.badValue, file: file, place: place, detail: place == nil ? "{\"profiles\": […]}" : form)
        case .dataCorrupted(let context):
            let form = Self.form(of: context.codingPath.lastName)
            self.init(.badValue, file: file, place: Self.place(context.codingPath), detail: form)
        @unknown default: self.init(.badValue, file: file)
        }
    }

    /// - Returns: `nil` for the whole file.
    private static func place(_ path: [any CodingKey], _ key: String? = nil) -> String? {
        let place = path.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
        guard let key else { return place.isEmpty ? nil : place }
        return place.isEmpty ? key : "\(place).\(key)"
    }

    private static func value(at path: [any CodingKey], in tree: Any) -> Any? {
        path.reduce(Optional(tree)) { value, key in
            if let index = key.intValue {
                let list = value as? [Any] ?? []
                return list.indices.contains(index) ? list[index] : nil
            }
            return (value as? [String: Any])?[key.stringValue]
        }
    }

    private static func key(like name: String, in value: Any?) -> String? {
        let keys = (value as? [String: Any])?.keys.sorted() ?? []
        return keys.first { $0 != name && distance($0.lowercased(), name.lowercased()) <= min(2, name.count / 3) }
    }

    /// How many characters have to be put in, left out or changed to get from one word to the other.
    private static func distance(_ one: String, _ other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (line, character) in one.enumerated() {
            var corner = row[0]
            row[0] = line + 1
            for (column, counterpart) in other.enumerated() {
                let changed = corner + (character == counterpart ? 0 : 1)
                corner = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, corner + 1)
            }
        }
        return row[other.count]
    }

    /// What a key takes, where it takes one of a few words or has parts of its own.
    private static func form(of key: String?) -> String? {
        func list<Value: CaseIterable & RawRepresentable>(_: Value.Type) -> String where Value.RawValue == String {
            Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        }
        return switch key {
        case "kind": list(DeviceProfile.Kind.self)
        case "qpinModel": list(DeviceProfile.QPINModel.self)
        case "algorithms": list(KeyAlgorithm.self)
        case "mechanism": list(DeviceProfile.KeyBackup.Mechanism.self)
        case "misreported": list(DeviceProfile.Claims.Name.self)
        case "change": list(DeviceCareFacts.Change.self)
        case "unblock": list(DeviceCareFacts.Unblock.self)
        case "contextLogin", "protectedPath": "\"pin\", \"qpin\", \"puk\""
        case "match": "{manufacturer, model, moduleFile, atrs, source}"
        case "padding": "0 … 255"
        case "name", "source", "value": "\"…\""
        default: nil
        }
    }

    private static func form(of type: any Any.Type) -> String? {
        switch type {
        case is String.Type: "\"…\""
        case is Bool.Type: "true, false"
        case is any FixedWidthInteger.Type: "1, 2, …"
        case is any ExpressibleByArrayLiteral.Type: "[…]"
        case is any ExpressibleByDictionaryLiteral.Type: "{…}"
        default: nil
        }
    }
}

extension [any CodingKey] {
    /// The last key that is no number of a list.
    fileprivate var lastName: String? { last { $0.intValue == nil }?.stringValue }
}
