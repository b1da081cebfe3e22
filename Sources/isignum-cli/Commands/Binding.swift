// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

/// The bindings between persons and devices. Next hop: `Handover`.
struct Binding: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "See, find and release what binds a device to a person.",
                "Vazba prostředku na osobu: zjistit, najít, zrušit."
            ),
            subcommands: [Show.self, Find.self, Release.self]
        )
    }

    /// Whether a device is bound, and to whom.
    struct Show: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: inHelpLanguage(
                    "Whether a device is bound, and to whom.",
                    "Zda a na koho je prostředek vázán."
                )
            )
        }

        @OptionGroup var device: DeviceOption
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Composition.run(options) { parts in
                let serial = try await device.serial(parts)
                let handover = Handover(try parts.context(try parts.profile()))
                try parts.results.show(BindingDocument(try await handover.binding(of: serial)))
                return nil
            }
        }
    }

    /// What an organisation's authorised person may see.
    struct Find: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                abstract: inHelpLanguage(
                    "Find applicants of your organisation, as its authorised person.",
                    "Najít žadatele své organizace, jako její pověřená osoba."
                )
            )
        }

        @Option(help: help("A part of the name.", "Část jména.")) var name: String?
        @Option(
            name: .customLong("employee-number"),
            help: help("The employee number.", "Číslo zaměstnance.", value: "number")
        )
        var employeeNumber: String?
        @Option(help: help("The serial number of the device.", "Výrobní číslo prostředku.", value: "serial"))
        var device: String?
        @OptionGroup var signer: SignerOption
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard [name, employeeNumber, device].allSatisfy({ $0?.isEmpty ?? true }) else { return }
            throw ValidationError(
                inHelpLanguage(
                    "whom? Give --name, --employee-number or --device",
                    "koho? Zadejte --name, --employee-number nebo --device"
                )
            )
        }

        func run() async throws {
            try await Composition.run(options) { parts in
                let officer = try await parts.signer(named: signer.selector) {
                    $0.document.type == CertificateType.commercial.rawValue
                }
                let identity = try await parts.identity(of: officer)
                let authority = try EnrollmentAPIClient(profile: try parts.profile(), identity: identity)
                let query = BindingQuery(name: name, employeeNumber: employeeNumber, deviceSerial: device)
                try parts.results.show(try await authority.findBindings(query).map(BindingDocument.init))
                return nil
            }
        }
    }
}

/// Which device is meant.
struct DeviceOption: ParsableArguments {
    @Option(
        help: help(
            "The serial number of the device; the token's if left out.",
            "Výrobní číslo prostředku; jinak to z tokenu.",
            value: "serial"
        )
    )
    var device: String?

    func serial(_ parts: Composition) async throws -> String {
        if let device { return device }
        return try await parts.chosenStore().token.identity.serial
    }
}
