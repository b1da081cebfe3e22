// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal while waiting ends with 128 and its number, and the request can be resumed`(
        signal: Int32
    ) async throws {
        let flags = ["--type", "commercial", "--holder", "person", "--pin-from", "file:\(device.path)/secrets/pin"]
        let running = try await program.start(["new", "--wait", "--accept", "--no-input"] + flags)
        var words = ""
        // The ID is told once the CA has the request; then the waiting begins.
        while words.firstMatch(of: /KC\d{10}/) == nil { words += try await running.moreErrors() }
        running.send(signal)
        while let more = try? await running.moreErrors() { words += more }
        let ending = await running.ended()
        #expect(ending == RunningProcess.Ending(status: 128 + signal, wasSignalled: false))
        #expect(words.contains("isignum: hint: ") && words.contains("resume"))

        let requests = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect(requests?.count == 1)
        #expect(requests?.first?["status"] as? String == "pending")
        #expect(try await program.run("resume", "--json").status == 75)
        #expect(try device.count(of: "C_GenerateKeyPair") == 1)
    }

    @Test func `a full disk behind standard output is an error`() async throws {
        let process = try RunningProcess(
            try BuildProducts.file("isignum").path,
            ["requests"],
            environment: ["ISIGNUM_HOME": program.home.path],
            output: .file("/dev/full")
        )
        #expect(await process.ended().status == 73)
    }

    @Test func `a reader that has gone away ends the program quietly`() async throws {
        let process = try RunningProcess(
            try BuildProducts.file("isignum").path,
            ["requests"],
            environment: ["ISIGNUM_HOME": program.home.path],
            output: .pipe,
            errors: .pipe
        )
        try process.output?.close()
        let ending = await process.ended()
        #expect(ending == RunningProcess.Ending(status: 141, wasSignalled: false))
        #expect(try process.errors?.readToEnd()?.isEmpty ?? true)
    }
}
