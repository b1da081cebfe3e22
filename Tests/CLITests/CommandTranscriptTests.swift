// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// What a person sees of the commands beside the wizard, on a real pseudo-terminal.
@Suite struct CommandTranscriptTests {
    private typealias Screen = TranscriptTests.Screen
    private typealias Step = Conversation.Step

    /// A talk in the language and width of a screen, without the programs that a machine may have or lack.
    private struct Desk {
        let program: Program
        let screen: Screen
        let secrets: [String]

        init(_ program: Program, _ screen: Screen, secrets: [String] = []) {
            var program = program
            program.environment.merge(["PATH": "/nonexistent", "PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm"]) { $1 }
            self.program = program
            self.screen = screen
            self.secrets = secrets
        }

        func talk(_ name: String?, _ arguments: [String], _ steps: [Step] = [], status: Int32 = 0) async throws {
            let talk = try Conversation(
                program,
                arguments + ["--lang", screen.language],
                columns: screen.columns,
                steps: steps
            )
            let outcome = try await talk.run()
            #expect(outcome.status == status, "\(arguments): \(outcome.shown)")
            guard let name else { return }
            // What p11-kit reads is another thing for root.
            let shown = outcome.shown.replacing(/[ ]+p11-kit:[^\n]*\n( {6,}[^\n]*\n)+/, with: "")
            let file = "\(name).\(screen.language).\(screen.columns)"
            try Transcript.check(shown, file, hiding: secrets, reflowing: true)
        }
    }

    @Test(arguments: TranscriptTests.screens) func `a CA is added, and doctor says what is missing`(
        screen: TranscriptTests.Screen
    ) async throws {
        let ca = try RunningCA("--device", "ProID+Q=2031-12-31")
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n")
        let desk = Desk(program, screen)
        try await desk.talk("doctor-without-ca", ["doctor"], status: 78)
        try await desk.talk(
            "add-ca",
            ["config", "add-ca", "\(ca.url)", "--name", "demo"],
            [Step(expect: "N]", send: "?\n"), Step(expect: "N]", send: screen.isCzech ? "a\n" : "y\n")]
        )
        try await desk.talk("config", ["config"])
        try await desk.talk("doctor", ["doctor"])
    }

    @Test(arguments: TranscriptTests.screens) func `a certificate from its arrival to the next person's turn`(
        screen: TranscriptTests.Screen
    ) async throws {
        let user = try await TokenUser(approvedAtOnce: false)
        let secrets = try ["pin", "qpin", "puk"].map { name in
            try SimulatedDevice.secret(name, of: user.device.path).trimmingCharacters(in: .newlines)
        }
        let desk = Desk(user.program, screen, secrets: secrets)
        let (yes, no) = screen.isCzech ? ("a\n", "n\n") : ("y\n", "n\n")
        let pin = Step(expect: "PIN,", send: secrets[0] + "\n")
        let id = try await user.request("commercial", name: "Jan Žižka")

        try await desk.talk("watch", ["watch"])
        try await user.ca.operate("approve", id)
        try await desk.talk("check", ["check"])
        try await desk.talk(
            "import",
            ["import", try file(of: id, user)],
            [Step(expect: "N]", send: "?\n"), Step(expect: "N]", send: yes), pin]
        )
        try await desk.talk("list", ["list"])
        try await desk.talk("binding-bound", ["binding", "show"])
        try await desk.talk("binding-valid", ["binding", "release"], status: 1)
        try await desk.talk("revoke-not", ["revoke", "Žižka"], [Step(expect: "N]", send: no)], status: 75)
        try await desk.talk("revoke", ["revoke", "Žižka"], [Step(expect: "N]", send: yes), pin])
        try await desk.talk("binding-release", ["binding", "release"], [pin])
        try await desk.talk(
            "clean",
            ["clean", "--certificates"],
            [
                Step(expect: screen.isCzech ? "Čísla," : "Numbers,", send: "x\n"),
                Step(expect: screen.isCzech ? "Čísla," : "Numbers,", send: "1\n"), Step(expect: "N]", send: yes), pin,
            ]
        )
    }

    /// The certificate of a request, fetched and not installed.
    private func file(of id: String, _ user: TokenUser) throws -> String {
        let journal = try Journal(folder: user.program.home.file("state"))
        let identifier = try #require(RequestID(id))
        let chain = try #require(try journal.entries(for: identifier).first).chain
        let file = user.program.home.file("certificate.pem")
        try Data(PEM.encode(try #require(chain.first), label: "CERTIFICATE").utf8).write(to: file)
        return file.path
    }

    @Test(arguments: TranscriptTests.screens)
    func `other programs are told of the token, and told again that it is gone`(
        screen: TranscriptTests.Screen
    ) async throws {
        let device = try await SimulatedDevice.provision()
        let home = try TemporaryFolder(named: "user")
        var program = try Program(on: device)
        program.environment["HOME"] = home.path
        program.environment["XDG_CONFIG_HOME"] = ""
        program.environment["XDG_DATA_HOME"] = ""
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n")
        let database = home.file(".local/share/pki/nssdb")
        try FileManager.default.createDirectory(at: database, withIntermediateDirectories: true)
        try await ChildProcess.output(of: "certutil", ["-N", "-d", "sql:\(database.path)", "--empty-password"])
        let desk = Desk(program, screen)
        try await desk.talk("register-dry", ["register", "--dry-run"])
        try await desk.talk("register", ["register"])
        try await desk.talk("register-again", ["register"])
        try await desk.talk("unregister", ["unregister"])
    }
}
