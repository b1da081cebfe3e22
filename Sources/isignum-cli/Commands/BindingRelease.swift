// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

extension Binding {
    /// Releases a device through the CA, or writes the mail that asks for it where the CA has no such service. Next
    /// hops: `Handover`, `ReleaseLetter`.
    struct Release: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: inHelpLanguage(
                    "Release a device from its holder, before it is handed over.",
                    "Zrušit vazbu prostředku na držitele, než se předá dál."
                )
            )
        }

        @OptionGroup var device: DeviceOption
        @OptionGroup var signer: SignerOption

        @Option(
            name: .customLong("mail"),
            help: help(
                "Write a signed mail instead of asking the CA.",
                "Místo dotazu autoritě napsat podepsaný e-mail.",
                value: "file"
            ),
            completion: .file()
        )
        var mail: String?

        @Option(
            name: .customLong("mail-to"),
            help: help("Where the mail goes.", "Komu e-mail půjde.", value: "address")
        )
        var recipient: String?

        @Option(
            name: .customLong("mail-from"),
            help: help(
                "Whose mail it is; the certificate's address if left out.",
                "Čí e-mail to je; jinak adresa z certifikátu.",
                value: "address"
            )
        )
        var sender: String?

        @Flag(help: help("Overwrite a mail that exists.", "Přepsat existující e-mail.")) var force = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Composition.run(options) { parts in
                let serial = try await device.serial(parts)
                let handover = Handover(try parts.context(try parts.profile()))
                var binding: DeviceBinding?
                do {
                    let told = try await handover.binding(of: serial)
                    guard told.isBound else { throw EnrollmentError.handover(.notBound(serial)) }
                    binding = told
                    if mail == nil {
                        let released = try await handover.release(told) {
                            try await parts.identity(of: try await chosen(parts, serial))
                        }
                        try parts.results.show(BindingDocument(released))
                        return nil
                    }
                } catch let error as CAError where error.meansNoSuchService {
                    // Then by mail.
                } catch EnrollmentError.authority(let error) where error.meansNoSuchService {}
                try await write(binding, of: serial, parts)
                return mail == nil ? .notYet : nil
            }
        }

        /// What is on the device signs, or on the token that the person names, or the certificate.
        private func chosen(_ parts: Composition, _ serial: String) async throws -> HeldCertificate {
            let isNamed = try parts.chosenToken() != nil
            return try await parts.signer(
                named: signer.selector,
                on: serial,
                otherwise: .noSignerOfHolder(device: serial)
            ) {
                isNamed || $0.store.token.identity.serial == serial
            }
        }

        private func write(_ binding: DeviceBinding?, of serial: String, _ parts: Composition) async throws {
            try Handover.requireNoneValid(binding?.certificates ?? [])
            let profile = try parts.profile()
            let file = mail ?? "release-\(serial.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }).eml"
            try NewFile.requireFree(file, force: force)
            guard let to = recipient ?? parts.configuration.authorities[profile.name]?.releaseMail else {
                throw EnrollmentError.handover(.noRecipient(profile.name))
            }
            let held = try await parts.heldCertificates()
            let onDevice = held.filter { $0.store.token.identity.serial == serial }
            if binding?.certificates == nil { try await requireNoneGood(onDevice, parts) }
            let signing = try await chosen(parts, serial)
            guard let from = sender ?? signing.document.emailAddresses.first else {
                throw CommandError(.answersMissing, ["--mail-from"])
            }
            let name = binding?.holder?.name ?? signing.document.commonName ?? signing.document.subject
            let numbers = binding?.certificates?.map(\.serial) ?? onDevice.map(\.document.serialNumberHex)
            let words = HandoverWords.of(parts.language)
            let letter = try ReleaseLetter(
                from: from,
                to: to,
                subject: words.letterSubject,
                lines: words.letter(name.printable, serial.printable, numbers.map(\.printable))
            )
            let message = try await letter.signed(as: try await parts.identity(of: signing), at: Date())
            try NewFile.write(message, to: file, force: force)
            try parts.results.show(LetterDocument(file: file, from: from, to: to, device: serial))
        }

        /// Where the CA tells nothing of the binding, responders and lists tell what is still good.
        private func requireNoneGood(_ held: [HeldCertificate], _ parts: Composition) async throws {
            let documents = held.map(\.document).filter { $0.daysLeft >= 0 }
            guard !documents.isEmpty else { return }
            let standings = try await parts.standings(
                of: documents,
                among: held.map {
                    Composition.HeldCertificates(description: $0.store.token, certificates: [$0.stored])
                }
            )
            try Handover.requireNoneValid(
                documents.filter { standings[$0.sha256]?.status == "good" }.map { document in
                    BoundCertificate(
                        serial: document.serialNumberHex,
                        subject: document.subject,
                        notAfter: document.notAfter,
                        status: .valid
                    )
                }
            )
        }
    }
}
