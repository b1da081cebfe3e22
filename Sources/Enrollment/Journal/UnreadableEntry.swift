// SPDX-License-Identifier: Apache-2.0

internal import CAClient
public import Credentials
internal import Foundation
internal import GRDB

/// A row of the journal that this version cannot read: damaged, or of a later version. It stays as it is and costs
/// nothing but itself; what can be read of it keeps its key from being removed.
public struct UnreadableEntry: Sendable, Equatable, Identifiable {
    /// The journal's own number.
    public let id: Int64
    /// The name of a column that cannot be read; never what it holds.
    public let column: String?
    /// The CA's identification.
    public let requestID: RequestID?
    /// The name of the CA's profile.
    public let authority: String?
    /// The device that holds the key.
    public let token: TokenIdentity?
    /// The identifier of the key on the device.
    public let keyIdentifier: KeyIdentifier?
    /// The DER SubjectPublicKeyInfo.
    public let publicKey: [UInt8]?

    /// What its use by name ends with.
    public var error: JournalError { JournalError(.unreadable, detail: column, entry: id) }
}

extension UnreadableEntry {
    init(_ row: Row) {
        func text(_ column: String) -> String? { String.fromDatabaseValue(row[column]) }
        func bytes(_ column: String) -> [UInt8]? {
            Data.fromDatabaseValue(row[column]).flatMap { $0.isEmpty ? nil : [UInt8]($0) }
        }
        id = Int64.fromDatabaseValue(row["id"]) ?? 0
        column = JournalRow.unreadableColumn(of: row)
        requestID = text("requestID").flatMap { RequestID($0) }
        authority = text("authority")
        token = text("token").flatMap { try? JSONDecoder().decode(TokenIdentity.self, from: Data($0.utf8)) }
        keyIdentifier = bytes("keyIdentifier").map { KeyIdentifier(bytes: $0) }
        publicKey = bytes("publicKey")
    }

    /// Whether a key may be the one that was made for this request: by its numbers, or by its identifier where they are
    /// not known. Where neither can be read, any key may be.
    func mayHaveMade(_ pair: StoredKeyPair, _ publicKey: [UInt8]?, on device: TokenIdentity) -> Bool {
        if let token, token != device { return false }
        if let own = self.publicKey, own == publicKey { return true }
        guard let keyIdentifier else { return self.publicKey == nil || publicKey == nil }
        return keyIdentifier == pair.identifier
    }
}

extension JournalRow {
    /// The first column that this version cannot read. GRDB knows it too, and tells it with the whole row.
    static func unreadableColumn(of row: Row) -> String? {
        func json<Value: Decodable>(_ type: Value.Type) -> (DatabaseValue) -> Bool {
            { value in
                guard let text = String.fromDatabaseValue(value) else { return false }
                return (try? JSONDecoder().decode(type, from: Data(text.utf8))) != nil
            }
        }
        func known<Value: DatabaseValueConvertible>(_ type: Value.Type) -> (DatabaseValue) -> Bool {
            { Value.fromDatabaseValue($0) != nil }
        }
        let columns: [(name: String, isOptional: Bool, isReadable: (DatabaseValue) -> Bool)] = [
            ("state", false, { String.fromDatabaseValue($0).flatMap(EnrollmentState.init(rawValue:)) != nil }),
            ("plan", false, json(EnrollmentPlan.self)), ("token", false, json(TokenIdentity.self)),
            ("chain", false, json([Data].self)), ("created", false, known(Date.self)),
            ("updated", false, known(Date.self)), ("keyIdentifier", false, known(Data.self)),
            ("authority", false, known(String.self)), ("idempotencyKey", false, known(String.self)),
            ("claims", true, json(KeyClaims.self)), ("device", true, json(DeviceStatement.self)),
            ("renewal", true, json(Renewal.self)), ("decision", true, json(HolderWord.self)),
            ("nextPoll", true, known(Date.self)), ("serverSkew", true, known(Double.self)),
            ("publicKey", true, known(Data.self)), ("request", true, known(Data.self)),
            ("marker", true, { String.fromDatabaseValue($0).flatMap(Marker.init(rawValue:)) != nil }),
            ("requestID", true, { String.fromDatabaseValue($0).flatMap { RequestID($0) } != nil }),
        ]
        return columns.first { column in
            let value: DatabaseValue = row[column.name] ?? .null
            return value.isNull ? !column.isOptional : !column.isReadable(value)
        }?.name
    }
}
