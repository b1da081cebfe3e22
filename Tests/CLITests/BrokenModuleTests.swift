// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Modules that crash, hang, talk or lack functions are named, and keep nobody from the devices of others.
@Suite struct BrokenModuleTests {
    private static func broken() throws -> String { try BuildProducts.file("libBrokenModules.so").path }

    /// A program with a simulated device and a module that goes wrong.
    private func program(_ way: String, on device: SimulatedDevice) throws -> Program {
        var program = try Program(on: device)
        program.environment["ISIGNUM_BROKEN"] = way
        program.environment["ISIGNUM_BROKEN_BACKEND"] = SoftHSM.bareModule
        try program.configure("modules = [\"\(try Self.broken())\", \"\(try SimulatedDevice.module())\"]\n")
        return program
    }

    @Test(arguments: [
        ("constructor", "module_crashed"), ("function-list", "module_crashed"), ("initialize", "module_crashed"),
        ("exit", "module_crashed"), ("empty-list", "module_crashed"), ("refuse", "module_unusable"),
    ]) func `a module that crashes or refuses is named, the others go on`(way: String, code: String) async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(way, on: device)
        let outcome = try await program.run("device", "list", "--json")
        #expect(outcome.status == 0 && !outcome.wasSignalled, "\(outcome.errorText)")
        let document = try outcome.document()
        let path = try Self.broken()
        let modules = try #require(document["modules"] as? [[String: String]])
        #expect(modules.count == 1 && modules.first?["path"] == path)
        // What p11-kit makes of no list at all is its own matter, as long as it is said.
        if way != "empty-list" { #expect(modules.first?["code"] == code) }
        #expect((document["devices"] as? [[String: Any]])?.first?["label"] as? String == "ProID+Q simulator")
        let listed = try await program.run("list")
        #expect(listed.status == 0 && listed.errorText.contains("libBrokenModules.so"))
        let alone = try await program.run("list", "--json", "--module", try Self.broken())
        #expect(alone.status == 78)
        #expect(try alone.failure()["message"]?.contains("libBrokenModules.so") == true)
    }

    @Test func `each thing that is no module, or does not start, is told apart`() async throws {
        var program = try Program()
        program.environment["ISIGNUM_BROKEN"] = "refuse"
        let text = program.home.file("text.so")
        try Data("no module".utf8).write(to: text)
        let damaged = program.home.file("damaged.so")
        try Data([0x7F, 0x45, 0x4C, 0x46, 0]).write(to: damaged)
        let library = try #require(
            try await ChildProcess.output(of: "sh", ["-c", "ls /lib/*-linux-gnu/libz.so.1"]).split(separator: "\n")
                .first
        )
        for (path, words) in [
            ("/nonexistent/libvendor.so", "there is no PKCS#11 module"), (program.home.path, "is a folder"),
            (text.path, "is no library"), (damaged.path, "cannot be loaded ("),
            (String(library), "has no C_GetFunctionList"), (try Self.broken(), "fails (C_Initialize 0x5)"),
        ] {
            let failure = try await program.run("list", "--json", "--module", path).failure()
            #expect(failure["code"] == "module_unusable")
            #expect(failure["message"]?.contains(words) == true, "\(failure)")
            let listed = try await program.run("device", "list", "--module", path)
            #expect(listed.outputText.components(separatedBy: path).count <= 3 && listed.outputText.contains(words))
            let line = listed.outputText.split(separator: "\n").first { $0.contains(words) }
            #expect(line?.components(separatedBy: "\(path) ").count ?? 0 <= 2, "\(listed.outputText)")
        }
        // A module that is configured before it is installed is written down, with a word about it.
        let set = try await program.run("config", "set", "modules", "/nonexistent/libvendor.so")
        #expect(set.status == 0 && set.errorText.contains("there is no PKCS#11 module /nonexistent/libvendor.so"))
        #expect(try await program.run("config", "show").outputText.contains("/nonexistent/libvendor.so"))
    }

    @Test func `a module that hangs costs its time once, and is tried again when it was changed`() async throws {
        let device = try await SimulatedDevice.provision()
        let own = try TemporaryFolder(named: "module")
        let copy = own.file("libVendor.so")
        try FileManager.default.copyItem(at: URL(fileURLWithPath: try Self.broken()), to: copy)
        var program = try program("hang", on: device)
        try program.configure("modules = [\"\(copy.path)\", \"\(try SimulatedDevice.module())\"]\n")
        func modules() async throws -> [[String: String]] {
            let outcome = try await program.run("device", "list", "--json")
            #expect(outcome.status == 0)
            return try #require(try outcome.document()["modules"] as? [[String: String]])
        }
        let clock = ContinuousClock()
        let first = try await modules()
        #expect(first.first?["code"] == "module_hung")
        let started = clock.now
        let second = try await modules()
        #expect(second.first?["code"] == "module_hung")
        let again = clock.now - started
        #expect(again < .seconds(8))
        program.environment["ISIGNUM_BROKEN"] = ""
        program.environment.merge(SoftHSM.environment(of: device.path)) { old, _ in old }
        #expect(try await modules().first?["code"] == "module_hung")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)],
            ofItemAtPath: copy.path
        )
        #expect(try await modules().isEmpty)
    }

    @Test(arguments: ["gaps", "talk", "hang-at-end"])
    func `a module without some functions, or one that talks or hangs at its end, serves`(way: String) async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        var program = try Program()
        program.environment = SoftHSM.environment(of: hsm.path)
        program.environment["ISIGNUM_BROKEN"] = way
        program.environment["ISIGNUM_BROKEN_BACKEND"] = SoftHSM.bareModule
        let outcome = try await program.run("device", "list", "--json", "--module", try Self.broken())
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        #expect((document["devices"] as? [[String: Any]])?.map { $0["label"] as? String } == ["DEV"])
        #expect((document["modules"] as? [Any])?.isEmpty == true)
        // What a module says for itself is seen, and is no part of the document.
        if way == "talk" { #expect(outcome.errorText.contains("a vendor's module greets you")) }
    }

    @Test func `a module is tried once, in another process, without a login`() async throws {
        let device = try await SimulatedDevice.provision()
        var program = try Program(on: device)
        program.knowsModules = false
        let module = try SimulatedDevice.module()
        for _ in 0..<2 { #expect(try await program.run("device", "list", "--module", module).status == 0) }
        let byProcess = Dictionary(grouping: try device.calls(), by: \.process)
        #expect(byProcess.count == 3)
        let trials = byProcess.values.filter { calls in !calls.contains { $0.function == "C_GetSlotList" } }
        #expect(trials.map { $0.map(\.function) } == [["C_GetFunctionList", "C_Initialize", "C_Finalize"]])
    }
}
