// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What gives nothing: said after a moment, given up at once when a person wants that, and bounded where no person thinks.
@Suite struct WaitingTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program
    let folder: TemporaryFolder

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        folder = try TemporaryFolder(named: "waiting")
        var program = try Program(on: device)
        program.environment["PATH"] = "\(folder.path):/usr/bin:/bin"
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        self.program = program
    }

    private let new = ["new", "--type", "commercial", "--name", "Jan", "--no-input", "--json"]

    /// The client with a pipe as descriptor 5, into which a beginning of a secret was written and no end.
    private func waiting(given: String) async throws -> RunningProcess {
        let pipe = folder.file("pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let command = "exec 5<> '\(pipe)'; printf '%s' '\(given)' >&5; exec \"$@\" --pin-from fd:5"
        let client = try BuildProducts.file("isignum").path
        return try RunningProcess(
            "bash",
            ["-c", command, "bash", client] + new,
            environment: ["ISIGNUM_HOME": program.home.path, "LC_ALL": "C.UTF-8"].merging(program.environment) { $1 },
            errors: .pipe
        )
    }

    @Test(arguments: ["", "48"]) func `a descriptor that gives no line is named, and Ctrl-C ends the wait`(
        given: String
    ) async throws {
        let running = try await waiting(given: given)
        var said = ""
        while !said.contains("waiting for the PIN on fd:5") {
            said += String(decoding: try #require(try running.errors?.read(upToCount: 1)), as: UTF8.self)
        }
        let clock = ContinuousClock()
        var ending = RunningProcess.Ending(status: 0, wasSignalled: false)
        let time = await clock.measure {
            running.send(SIGINT)
            ending = await running.ended()
        }
        #expect(ending.status == 130 && !ending.wasSignalled)
        #expect(time < .seconds(8), "\(time)")
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `a list of IDs that never comes is named, and Ctrl-C ends the wait`() async throws {
        let pipe = folder.file("ids").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let running = try await program.start(["status", "--from", pipe])
        let words = "waiting for IDs from \(pipe)"
        let said = try #require(try running.errors?.read(upToCount: words.utf8.count))
        #expect(String(decoding: said, as: UTF8.self) == words)
        running.send(SIGINT)
        #expect(await running.ended().status == 130)
        // A pipe that comes to an end is a list like any other.
        async let outcome = program.run("status", "--from", pipe, "--csv")
        try await ChildProcess.output(of: "sh", ["-c", "echo BP1234567890 > '\(pipe)'"])
        #expect(try await outcome.outputText.contains("BP1234567890"))
    }

    @Test func `a pinentry that says nothing is given up, and said`() async throws {
        try Data("#!/bin/sh\nexec sleep 600\n".utf8).write(to: folder.file("pinentry"))
        chmod(folder.file("pinentry").path, 0o755)
        let outcome = try await program.run(new + ["--pin-from", "pinentry"])
        #expect(outcome.status == 66)
        #expect(outcome.errorText.contains("the pinentry program says nothing"))
        #expect(try device.count(of: "C_Login") == 0)
    }
}
