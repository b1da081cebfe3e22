// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import MockCA

@main
struct MockCACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mock-ca",
        abstract: "A small certification authority for tests and demonstrations, on 127.0.0.1 only.",
        subcommands: [
            Serve.self, Approve.self, Reject.self, Revoke.self, List.self, ShowCertificate.self, Person.self,
            Authorise.self, Voucher.self,
            MultiYear.self, Offer.self, OrderFault.self, ClearFaults.self,
        ],
        defaultSubcommand: Serve.self
    )
}

/// Where the CA keeps what it knows.
struct Folder: ParsableArguments {
    @Option(help: "The CA's folder; MOCK_CA_DIR where it is not given.", completion: .directory)
    var dir: String?

    var url: URL {
        get throws {
            guard let path = dir ?? ProcessInfo.processInfo.environment["MOCK_CA_DIR"] else {
                throw ValidationError("--dir is missing")
            }
            return URL(filePath: path)
        }
    }

    /// Asks the running CA and shows its answer.
    func ask(_ request: OperatorRequest) throws {
        let answer: OperatorAnswer
        do {
            answer = try OperatorSocket(directory: try url).ask(request)
        } catch is POSIXError {
            throw Failure("no CA runs in \(try url.path)")
        }
        if let error = answer.error { throw Failure(error) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        for row in answer.requests { print(String(decoding: try encoder.encode(row), as: UTF8.self)) }
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the CA until it is told to stop.")

    @OptionGroup var folder: Folder

    @Option(help: "The port; 0 takes the one of the last time, or any that is free.")
    var port = 0

    @Option(help: "Issue each request this many seconds after it came in.")
    var autoApprove: Double?

    @Flag(help: "Let renewals wait for an operator too; otherwise they are issued when they are asked about.")
    var renewalsWait = false

    @Option(help: "Take renewals in the last DAYS days of a certificate only.")
    var renewalWindow: Int?

    @Option(help: "The address that certificates name for lists and the responder; by default where they are served.")
    var statusURL: String?

    @Option(help: "A certified device, MODEL=YYYY-MM-DD; may be given several times.")
    var device: [String] = []

    @Option(help: "Something that goes wrong: \"OPERATION:N ACTION [VALUE]\".")
    var fault: [String] = []

    mutating func run() async throws {
        let faults = try fault.map { text in
            guard let fault = Fault(text) else { throw ValidationError("no such fault: \(text)") }
            return fault
        }
        let directory = try folder.url
        var configuration = Server.Configuration(
            directory: directory,
            port: port,
            autoApprove: autoApprove,
            devices: device,
            faults: faults
        )
        configuration.renewalsWait = renewalsWait
        configuration.renewalWindow = renewalWindow
        configuration.statusURL = statusURL.flatMap { URL(string: $0) }
        let server = Server(configuration)
        try await server.run { ready in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try? Data("\(ready.pid)\n".utf8).write(to: directory.appending(path: "ca.pid"))
            guard let line = try? encoder.encode(ready) else { return }
            FileHandle.standardOutput.write(line + Data("\n".utf8))
        }
    }
}

struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Issue the certificate of a request.")

    @Argument(help: "The request.") var id: String
    @Option(help: "The holder's name, as the branch read it.") var name: String?
    @Option(help: "Dated back so far that so many days are left; negative for one that is over.") var daysLeft: Int?
    @OptionGroup var folder: Folder

    func run() throws {
        var request = OperatorRequest(verb: "approve", subject: id, text: name)
        request.daysLeft = daysLeft
        try folder.ask(request)
    }
}

struct Reject: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Refuse a request.")

    @Argument(help: "The request.") var id: String
    @Argument(help: "Why.") var reason: String
    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "reject", subject: id, text: reason)) }
}

struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Revoke a certificate.")

    @Argument(help: "Its serial number, hexadecimal.") var serial: String
    @Option(help: "Why, in the words of RFC 5280: keyCompromise, superseded, …") var reason: String?
    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "revoke", subject: serial, text: reason)) }
}

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show all requests, a line of JSON each.")

    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "list")) }
}

struct ShowCertificate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Show a request with its certificate, DER in base64."
    )

    @Argument(help: "The request.") var id: String
    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "certificate", subject: id)) }
}

struct OrderFault: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault",
        abstract: "Let something go wrong: \"OPERATION:N ACTION [VALUE]\"."
    )

    @Argument(help: "What goes wrong.") var fault: String
    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "fault", subject: fault)) }
}

struct ClearFaults: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "clear-faults", abstract: "Let nothing go wrong.")

    @OptionGroup var folder: Folder

    func run() throws { try folder.ask(OperatorRequest(verb: "clear-faults")) }
}
