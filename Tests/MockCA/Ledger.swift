// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that survives a restart.
struct Ledger: Codable, Sendable {
    var requests: [String: RequestRecord] = [:]
    /// Request ID by idempotency key.
    var submissions: [String: String] = [:]
    var listNumber = 1
    /// By the serial number of the device.
    var bindings: [String: BindingRecord] = [:]
    /// By the binding's own name.
    var released: [String: BindingRecord] = [:]
    /// By name.
    var people: [String: PersonRecord] = [:]
    /// By code.
    var vouchers: [String: VoucherRecord] = [:]
    /// Persons and organisations by name.
    var multiYear: Set<String> = []
    /// The organisation that the holder of a certificate acts for, by its serial number.
    var authorised: [String: String] = [:]
    /// The services that are not offered.
    var withheld: Set<Service> = []

    init() {}

    /// What an older CA did not know of yet is empty.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        requests = try fields.decode([String: RequestRecord].self, forKey: .requests)
        submissions = try fields.decode([String: String].self, forKey: .submissions)
        listNumber = try fields.decode(Int.self, forKey: .listNumber)
        bindings = try fields.decodeIfPresent([String: BindingRecord].self, forKey: .bindings) ?? [:]
        released = try fields.decodeIfPresent([String: BindingRecord].self, forKey: .released) ?? [:]
        people = try fields.decodeIfPresent([String: PersonRecord].self, forKey: .people) ?? [:]
        vouchers = try fields.decodeIfPresent([String: VoucherRecord].self, forKey: .vouchers) ?? [:]
        multiYear = try fields.decodeIfPresent(Set<String>.self, forKey: .multiYear) ?? []
        authorised = try fields.decodeIfPresent([String: String].self, forKey: .authorised) ?? [:]
        withheld = try fields.decodeIfPresent(Set<Service>.self, forKey: .withheld) ?? []
    }

    /// Kept in one file that is replaced as a whole.
    static func load(from file: URL) throws -> Ledger {
        guard FileManager.default.fileExists(atPath: file.path) else { return Ledger() }
        return try JSON.decode(Ledger.self, from: Data(contentsOf: file))
    }

    func save(to file: URL) throws {
        let new = file.appendingPathExtension("new")
        let data = try JSON.encode(self)
        guard FileManager.default.createFile(atPath: new.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        let handle = try FileHandle(forWritingTo: new)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
        guard rename(new.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}

/// What a CA may offer beside first requests.
public enum Service: String, Codable, Sendable, CaseIterable {
    /// Following certificates.
    case renewals
    /// Revocation by the holder.
    case revocations
    /// Telling about bindings.
    case bindings
    /// Releasing bindings.
    case release
    /// Searching for an authorised person.
    case search
}
