// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MockCA

struct Person: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say what the CA knows of a person beside the name.")

    @Argument(help: "The name, as certificates have it.") var name: String
    @Option(help: "The number that the organisation gave.") var employeeNumber: String?
    @Option(help: "The organisation that the person belongs to.") var organisation: String?
    @OptionGroup var folder: Folder

    func run() throws {
        var request = OperatorRequest(verb: "person", subject: name)
        request.employeeNumber = employeeNumber
        request.organisation = organisation
        try folder.ask(request)
    }
}

struct Authorise: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let the holder of a certificate act for an organisation; without one, for none any more."
    )

    @Argument(help: "The serial number of the certificate, hexadecimal.") var serial: String
    @Option(help: "The organisation.") var organisation: String?
    @OptionGroup var folder: Folder

    func run() throws {
        var request = OperatorRequest(verb: "authorise", subject: serial)
        request.organisation = organisation
        try folder.ask(request)
    }
}

struct Voucher: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a voucher that is good for one renewal.")

    @Argument(help: "Its code.") var code: String
    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "voucher", subject: code)) }
}

struct MultiYear: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "multi-year",
        abstract: "Enable certificates for several years for a person or an organisation."
    )

    @Argument(help: "The name.") var name: String
    @Flag(help: "Disable them again.") var off = false
    @OptionGroup var folder: Folder

    func run() throws {
        var request = OperatorRequest(verb: "multi-year", subject: name)
        request.isOn = !off
        try folder.ask(request)
    }
}

struct Offer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Offer a service or stop offering it (501)."
    )

    enum Wish: String, ExpressibleByArgument { case on, off }

    @Argument(help: "renewals, revocations, bindings, release or search.") var service: String
    @Argument(help: "on or off.") var wish: Wish
    @OptionGroup var folder: Folder

    func run() throws {
        var request = OperatorRequest(verb: "service", subject: service)
        request.isOn = wish == .on
        try folder.ask(request)
    }
}
