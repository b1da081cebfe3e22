// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import Paper

extension Page {
    /// The summary of a request: what its holder takes to the branch.
    static func summary(of entry: JournalEntry, in language: Language) -> Page {
        let words = SummaryWords.of(language)
        let results = ResultWords.of(language)
        let contact = entry.plan.contact
        var facts = [
            Fact(results.type, results.types[entry.plan.type] ?? entry.plan.type.rawValue),
            Fact(results.holder, results.holders[entry.plan.holder] ?? entry.plan.holder.rawValue),
        ]
        for (name, value) in [(results.name, contact.name), (results.email, contact.email)] {
            if let value { facts.append(Fact(name, value.printable)) }
        }
        if let phone = contact.phone { facts.append(Fact(results.phone, phone.printable)) }
        facts += [
            Fact(words.device, entry.token.label.printable),
            Fact(results.serialNumber, entry.token.serial.printable, isCode: true),
            Fact(words.fingerprint, entry.publicKeySHA256 ?? "–", isCode: true),
        ]
        if let marker = entry.marker { facts.append(Fact(results.marker, marker.rawValue)) }
        // Qualified seals are not issued at a branch, and no person shows an identity document for one there.
        let isSeal = entry.plan.holder == .seal
        return Page(
            title: words.title,
            code: entry.handle,
            facts: facts,
            steps: [
                Steps(
                    isSeal ? words.sealHeading : words.bringHeading,
                    [words.bringPage, isSeal ? words.bringAuthority : words.bringIdentity]
                ),
                Steps(
                    words.nextHeading,
                    [
                        isSeal ? words.goOnWithSeal : words.goToBranch, "\(words.askCA) \(entry.handle)",
                        "\(words.install) \(entry.handle)",
                        words.keepDevice,
                    ]
                ),
            ],
            footer: words.footer(entry.authority.printable, results.moment(entry.created))
        )
    }

    /// The page as a PDF document, drawn by the program that comes with this one.
    ///
    /// - Throws: `pageNotDrawn`, `fontsMissing`.
    func drawn() async throws(CommandError) -> [UInt8] {
        guard let program = DrawingProgram.path, let input = try? JSONEncoder().encode(self),
            let outcome = await FedProgram.run(program, input: [UInt8](input))
        else { throw CommandError(.pageNotDrawn, [DrawingProgram.name]) }
        if outcome.status == DrawingFailure.fontsMissing.rawValue { throw CommandError(.fontsMissing) }
        guard outcome.succeeded, outcome.output.starts(with: Array("%PDF-".utf8)) else {
            throw CommandError(
                .pageNotDrawn,
                [DrawingProgram.name, outcome.complaint.trimmingCharacters(in: .whitespacesAndNewlines)]
            )
        }
        return outcome.output
    }
}

/// Where the program that draws is: beside this one, as built, or in the place for programs of programs, as installed.
/// The search path is not asked: what it finds could be anybody's.
enum DrawingProgram {
    static let name = "isignum-paper"

    static var path: String? {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        let folder = URL(filePath: own).deletingLastPathComponent()
        let places = [
            folder.appending(path: name), folder.appending(path: "../libexec/isignum/\(name)").standardizedFileURL,
        ]
        return places.map { $0.path(percentEncoded: false) }.first(where: FileManager.default.isExecutableFile)
    }
}
