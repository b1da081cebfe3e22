// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Enrollment
internal import Foundation

/// What is known of a request so far, from flags or from the wizard. Everything that is in it was checked.
struct Answers: Equatable, Sendable {
    var type: CertificateType?
    var holder: Holder?
    var contact = Contact()
    var algorithm: KeyAlgorithm?
    /// The file for a backup of the key, absolute.
    var backupFile: String?

    init() {}

    /// Takes flags over.
    ///
    /// - Throws: `RequestProblem` for a name, an address or a number that cannot be used.
    init(_ flags: NewOptions) throws(RequestProblem) {
        type = flags.type
        holder = flags.holder
        algorithm = flags.key
        backupFile = flags.backupKey.map(NewFile.absolute)
        if let name = flags.name { try set(name: name) }
        if let email = flags.email { try set(email: email) }
        if let phone = flags.phone { try set(phone: phone) }
    }

    /// Blanks around a name and between its words mean nothing.
    mutating func set(name: String) throws(RequestProblem) {
        let name = name.split(separator: " ").joined(separator: " ")
        // What was not UTF-8 has become this mark, and would be certified as such.
        guard !name.unicodeScalars.contains("\u{FFFD}") else { throw .nameInvalid }
        do { _ = try SubjectName(name: name, email: nil) } catch { throw RequestProblem(error) }
        contact.name = name
    }

    mutating func set(email: String) throws(RequestProblem) {
        do { _ = try SubjectName(name: nil, email: email) } catch { throw RequestProblem(error) }
        contact.email = email
    }

    mutating func set(phone: String) throws(RequestProblem) {
        guard let number = PhoneNumber(phone) else { throw .phoneInvalid }
        contact.phone = number.text
    }

    /// The plan; `nil` while the type is open.
    func plan(locale: String) -> EnrollmentPlan? {
        type.map { type in
            EnrollmentPlan(
                type: type,
                holder: holder ?? .person,
                contact: contact,
                algorithm: algorithm ?? .rsa2048,
                locale: locale,
                backupFile: backupFile
            )
        }
    }
}
