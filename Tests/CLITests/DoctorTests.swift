// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// `doctor`: each thing that is missing is named with its mend, and nothing is changed.
@Suite struct DoctorTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        var program = try Program(on: device)
        // No service of this machine is to have a say.
        program.environment["PCSCLITE_CSOCK_NAME"] = "/nonexistent/pcscd.comm"
        self.program = program
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    private func findings(_ outcome: ChildProcess.Outcome) throws -> [String: [String: Any]] {
        let list = try outcome.document()["findings"] as? [[String: Any]] ?? []
        return Dictionary(list.map { ($0["code"] as? String ?? "", $0) }) { $1 }
    }

    private func severity(_ code: String, _ outcome: ChildProcess.Outcome) throws -> String? {
        try findings(outcome)[code]?["severity"] as? String
    }

    @Test func `where all is well it says so, asks for no secret and leaves no file`() async throws {
        // What is known of modules is kept in the cache by every command.
        func files() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: program.home.path).filter { !$0.hasPrefix("cache") }
        }
        let before = try files()
        let outcome = try await program.run("doctor", "--json")
        #expect(outcome.status == 0, "\(outcome.outputText)")
        #expect(try outcome.document()["healthy"] as? Bool == true)
        for code in ["configuration", "module", "token", "ca", "clock", "state_folder", "journal", "locale"] {
            #expect(try severity(code, outcome) == "ok", "\(code)")
        }
        // A token without a reader needs no service.
        #expect(try severity("pcscd_missing", outcome) == "note")
        #expect(try device.count(of: "C_Login") == 0)
        #expect(try files() == before)
        let czech = try await program.run("doctor", "--lang", "cs")
        #expect(czech.outputText.contains("Certifikát by teď šlo získat."))
    }

    @Test func `a token whose PIN was never set cannot be used, and the command that sets it is named`() async throws {
        let hsm = try await SoftHSM.provision([])
        let environment = SoftHSM.environment(of: hsm.path)
        try await ChildProcess.output(
            of: "pkcs11-tool",
            [
                "--module", SoftHSM.bareModule, "--init-token", "--slot-index", "0", "--label", "NEW", "--so-pin",
                "87654321",
            ],
            environment: environment
        )
        var program = program
        program.environment.merge(environment) { $1 }
        let outcome = try await program.run("doctor", "--json", "--module", SoftHSM.bareModule)
        #expect(outcome.status == 77, "\(outcome.outputText)")
        #expect(try severity("pin_not_set", outcome) == "problem")
        #expect(try severity("token", outcome) == nil)
        let command = "isignum device unblock pin"
        #expect((try findings(outcome)["pin_not_set"]?["hint"] as? String)?.contains(command) == true)
        let request = ["new", "--type", "commercial", "--name", "Jan", "--yes", "--json", "--no-input"]
        let new = try await program.run(request + ["--module", SoftHSM.bareModule, "--pin-from", "file:/dev/null"])
        #expect(new.status == 77, "\(new.errorText)")
        #expect(try new.failure()["hint"]?.contains(command) == true)
    }

    @Test func `no token, no CA: each is a problem with what to do`() async throws {
        try device.set("plugged", "no")
        ca.stop()
        let outcome = try await program.run("doctor", "--json")
        #expect(outcome.status == 69)
        #expect(try outcome.document()["healthy"] as? Bool == false)
        for code in ["token_none", "ca_unreachable"] {
            #expect(try severity(code, outcome) == "problem", "\(code)")
            #expect(try (findings(outcome)[code]?["hint"] as? String)?.isEmpty == false)
        }
        #expect(try severity("pcscd_missing", outcome) == "warning")
    }

    @Test func `a blocked PIN is what stands in the way, with the command that unblocks it`() async throws {
        try device.set("qpin_tries", "0")
        let commercial = try await program.run("doctor", "--json")
        #expect(commercial.status == 0)
        #expect(try severity("qpin_locked", commercial) == "warning")
        try device.set("pin_tries", "0")
        let blocked = try await program.run("doctor", "--json")
        #expect(blocked.status == 77)
        #expect(try blocked.document()["healthy"] as? Bool == false)
        #expect(try severity("pin_locked", blocked) == "problem")
        #expect(try findings(blocked)["token"] == nil)
        for secret in ["pin", "qpin"] {
            let hint = try findings(blocked)["\(secret)_locked"]?["hint"] as? String
            #expect(hint?.contains("isignum device unblock \(secret)") == true)
        }
        try device.set("puk_tries", "0")
        let lost = try await program.run("doctor", "--lang", "cs")
        #expect(lost.status == 77)
        #expect(lost.outputText.contains("zablokovaný je i PUK") && !lost.outputText.contains("device unblock"))
    }

    @Test func `a module that hangs, crashes, or is none is told apart, and the rest is looked at`() async throws {
        try device.setFault("C_Initialize:1 kill")
        let crashed = try await program.run("doctor", "--json")
        #expect(try severity("module_crashed", crashed) == "problem")
        #expect(try severity("ca", crashed) == "ok")
        try device.clearFaults()
        let text = program.home.file("text.so")
        try Data("no module".utf8).write(to: text)
        let other = try await program.run("doctor", "--json", "--module", text.path, "--module", "/nonexistent.so")
        #expect(other.status == 78)
        #expect(try severity("module_unusable", other) == "problem")
        #expect(try severity("module_missing", other) == "problem")
        try device.setFault("C_Initialize:1 delay 40000")
        let hung = try await program.run("doctor", "--json")
        #expect(try severity("module_hung", hung) == "problem")
    }

    @Test(arguments: [
        (0, "clock", Finding.Severity.ok), (-59, "clock", .ok), (90, "clock_wrong", .warning),
        (7_200, "clock_wrong", .problem), (-7_200, "clock_wrong", .problem),
    ])
    func `a clock that is wrong is told with how much, and which way`(
        skew: Int,
        code: String,
        severity: Finding.Severity
    ) {
        let now = Date()
        let finding = AuthorityDiagnosis.clock(now.addingTimeInterval(-Double(skew)), now: now)
        #expect(finding.kind.code == code && finding.severity == severity)
        let words = DiagnosisWords.of(.english).finding(finding.kind).message
        if abs(skew) == 7_200 { #expect(words.contains("2 h \(skew > 0 ? "ahead" : "behind")")) }
        #expect(AuthorityDiagnosis.clock(nil, now: now).severity == .note)
    }

    @Test func `a damaged journal stays where it is, and rights that are too wide are named`() async throws {
        #expect(try await program.run("requests").status == 0)
        let journal = program.home.file("state/journal.sqlite")
        let damaged = Data(repeating: 0x41, count: 8_192)
        try damaged.write(to: journal)
        chmod(program.home.file("state").path, 0o755)
        chmod(program.home.file("config.toml").path, 0o666)
        let before = try FileManager.default.subpathsOfDirectory(atPath: program.home.path).sorted()
        let outcome = try await program.run("doctor", "--json")
        #expect(outcome.status == 65)
        #expect(try severity("journal_corrupt", outcome) == "problem")
        #expect(try severity("state_folder_open_to_others", outcome) == "warning")
        #expect(try severity("configuration_open_to_others", outcome) == "warning")
        #expect(try Data(contentsOf: journal) == damaged)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: program.home.path).sorted() == before)
    }

    @Test func `killed at any moment it leaves nothing of the journal anywhere`() async throws {
        let new = ["new", "--yes", "--type", "commercial", "--pin-from", "file:\(device.path)/secrets/pin"]
        #expect(try await program.run(new).status == 0)
        let temporary = try TemporaryFolder(named: "tmp")
        var program = program
        program.environment["TMPDIR"] = temporary.path
        let state = program.home.file("state").path
        let before = try FileManager.default.contentsOfDirectory(atPath: state).sorted()
        for moment in stride(from: 4, through: 100, by: 6) {
            let doctor = try await program.start(["doctor", "--json"])
            try await Task.sleep(for: .milliseconds(moment))
            doctor.stop(with: SIGKILL)
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty, "\(moment) ms")
            #expect(try FileManager.default.contentsOfDirectory(atPath: state).sorted() == before, "\(moment) ms")
        }
    }

    @Test func `a log that a killed process left is read with the journal, and nothing is added`() async throws {
        let folder = program.home.file("state")
        let journal = try Journal(folder: folder)
        let token = TokenIdentity(label: "t", serial: "1", manufacturer: "m", model: "ProID+Q")
        let plan = EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(name: "Ada"), locale: "cs")
        for _ in 0..<3 { _ = try journal.begin(plan, authority: "test", token: token) }
        // As it is while it is open: what was written is in the log alone.
        let copy = program.home.file("copy")
        try FileManager.default.copyItem(at: folder, to: copy)
        withExtendedLifetime(journal) {}
        let before = try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted()
        #expect(before.contains("journal.sqlite-wal"))
        #expect(try JournalInspection.inspect(folder: copy)?.requests == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted() == before)
    }

    @Test func `a file system that can only be read is told as that, without chmod`() {
        for language in Language.allCases {
            let words = DiagnosisWords.of(language).finding(.fileSystemReadOnly(path: "/mnt"))
            #expect(words.message.contains("/mnt") && words.hints.allSatisfy { !$0.contains("chmod u") })
        }
        #expect(Finding.Kind.fileSystemReadOnly(path: "/mnt").exitCode == 73)
    }

    @Test func `a journal that another process writes is counted, with what is only in its log`() async throws {
        let arguments = ["new", "--yes", "--type", "commercial", "--pin-from", "file:\(device.path)/secrets/pin"]
        let new = try await program.run(arguments)
        #expect(new.status == 0, "\(new.errorText)")
        let outcome = try await program.run("doctor", "--json")
        #expect(try (findings(outcome)["journal"]?["message"] as? String)?.contains("1 request)") == true)
    }

    @Test func `a broken configuration, or none, is the first thing to mend`() async throws {
        try program.configure("langage = \"cs\"\n")
        let broken = try await program.run("doctor", "--json")
        #expect(broken.status == 78)
        #expect(try severity("configuration_unknown_key", broken) == "problem")
        let fresh = try Program()
        let none = try await fresh.run("doctor", "--json", "--module", "/nonexistent.so")
        #expect(none.status == 78)
        #expect(try severity("configuration", none) == "note")
        #expect(try severity("configuration_authority_unset", none) == "problem")
    }

    @Test func `the wrong one of a vendor's two modules is named, with the right one`() throws {
        let card: [UInt8] = [
            0x3b, 0x7e, 0x94, 0x00, 0x00, 0x80, 0x25, 0xa0, 0x00, 0x00, 0x00, 0x28, 0x56, 0x80, 0x10, 0x12, 0x00, 0x01,
            0x14,
        ]
        func misfit(_ modules: [String]) -> Finding? {
            DeviceDiagnosis.misfit(of: card, among: modules, hasToken: false)
        }
        #expect(misfit(["/usr/lib/x86_64-linux-gnu/libproidqcm11.so"]) == nil)
        let wrong = try #require(misfit(["/usr/lib/opensc-pkcs11.so", "/usr/lib/libproidcm11.so"]))
        #expect(wrong.kind.code == "module_wrong" && wrong.severity == .problem)
        for language in Language.allCases {
            let words = DiagnosisWords.of(language).finding(wrong.kind)
            #expect(words.message.contains("/usr/lib/libproidcm11.so") && words.message.contains("libproidqcm11.so"))
            #expect(!words.hints.isEmpty)
        }
        let both = ["/usr/lib/opensc-pkcs11.so", "/usr/lib/libproidcm11.so"]
        for (modules, stays) in [(both, [both[0]]), ([both[0]], [both[0]])] {
            let found = DeviceDiagnosis.misfit(of: card, among: modules, configured: modules, hasToken: false)
            let hint = try DiagnosisWords.of(.english).finding(#require(found).kind).hints.joined()
            #expect(hint.contains("isignum config set modules \(stays.joined(separator: " ")) PATH"), "\(hint)")
        }
        #expect(misfit(["/usr/lib/opensc-pkcs11.so"])?.kind.code == "module_for_card_missing")
        #expect(DeviceDiagnosis.misfit(of: [0x3b, 0x00], among: [], hasToken: false) == nil)
    }
}
