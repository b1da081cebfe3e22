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
        let running = try program.start(["new", "--wait", "--accept", "--no-input"] + flags)
        var words = ""
        // The ID is told once the CA has the request; then the waiting begins.
        while words.firstMatch(of: /KC\d{10}/) == nil { words += try running.moreErrors() }
        kill(running.process.processIdentifier, signal)
        while let more = try? running.moreErrors() { words += more }
        running.process.waitUntilExit()
        #expect(running.process.terminationReason == .exit)
        #expect(running.process.terminationStatus == 128 + signal)
        #expect(words.contains("isignum: hint: ") && words.contains("resume"))

        let requests = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect(requests?.count == 1)
        #expect(requests?.first?["status"] as? String == "pending")
        #expect(try await program.run("resume", "--json").status == 75)
        #expect(try device.count(of: "C_GenerateKeyPair") == 1)
    }

    @Test func `a full disk behind standard output is an error`() async throws {
        let process = Process()
        process.executableURL = try BuildProducts.file("isignum")
        process.arguments = ["requests"]
        process.environment = ["ISIGNUM_HOME": program.home.path]
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        process.standardError = FileHandle.nullDevice
        try process.startAlone()
        process.waitUntilExit()
        #expect(process.terminationStatus == 73)
    }

    @Test func `a reader that has gone away ends the program quietly`() async throws {
        let process = Process()
        let output = Pipe.alone()
        let errors = Pipe.alone()
        process.executableURL = try BuildProducts.file("isignum")
        process.arguments = ["requests"]
        process.environment = ["ISIGNUM_HOME": program.home.path]
        process.standardOutput = output
        process.standardError = errors
        try output.fileHandleForReading.close()
        try process.startAlone()
        process.waitUntilExit()
        #expect(process.terminationStatus == 141)
        #expect(try errors.fileHandleForReading.readToEnd()?.isEmpty ?? true)
    }
}

/// A program that runs while its test looks on.
struct RunningProgram {
    /// The process.
    let process: Process
    private let errors: Pipe

    /// Thrown when the program has said all that it will.
    struct Ended: Error {}

    init(_ process: Process) throws {
        self.process = process
        errors = Pipe.alone()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.startAlone()
    }

    /// What it says next on standard error.
    func moreErrors() throws -> String {
        let data = errors.fileHandleForReading.availableData
        guard !data.isEmpty else { throw Ended() }
        return String(decoding: data, as: UTF8.self)
    }
}

extension Program {
    /// Starts it and leaves it running.
    func start(_ arguments: [String]) throws -> RunningProgram {
        let process = Process()
        process.executableURL = try BuildProducts.file("isignum")
        process.arguments = arguments
        let own = ["ISIGNUM_HOME": home.path, "LC_ALL": "C.UTF-8"]
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(environment) { $1 }
        return try RunningProgram(process)
    }
}
