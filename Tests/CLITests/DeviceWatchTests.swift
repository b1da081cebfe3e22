// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What is plugged in and out is told within half a second, and waited for by those who need it.
@Suite struct DeviceWatchTests {
    private func program(on device: SimulatedDevice, _ configuration: String = "") throws -> Program {
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + configuration)
        return program
    }

    @Test func `plug and unplug are a JSON line each within half a second, and Ctrl-C is the quiet end`() async throws {
        let device = try await SimulatedDevice.provision()
        let watch = try await Watching(try program(on: device), ["device", "watch", "--json"])
        let first = try await watch.event("device_plugged")
        #expect(first["present"] as? Bool == true && first["label"] as? String == "ProID+Q simulator")
        let clock = ContinuousClock()
        for (plugged, name) in [("no", "device_unplugged"), ("yes", "device_plugged"), ("no", "device_unplugged")] {
            try device.set("plugged", plugged)
            var event: [String: Any] = [:]
            let time = try await clock.measure { event = try await watch.event(name) }
            #expect(event["present"] as? Bool == false && event["qualified"] as? Bool == true)
            // The machine of a test does other things too; the program itself asks every 0.3 s.
            #expect(time < .seconds(2), "\(time)")
            print("device watch: \(name) after \(time)")
        }
        let end = await watch.interrupt()
        #expect(end.status == 130 && end.errorText.isEmpty, "\(end.errorText)")
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `new waits for the device that it lacks, and goes on when it is plugged in`() async throws {
        let ca = try RunningCA("--device", "ProID+Q=2031-12-31")
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device, ca.configuration)
        try device.set("plugged", "no")
        let pin = "file:\(device.path)/secrets/pin"
        let arguments = ["new", "--type", "commercial", "--json", "--no-input", "--pin-from", pin]
        let failed = try await program.run(arguments)
        #expect(failed.status == 66 && !failed.errorText.contains("plug in a token …"))
        let inVain = try await program.run(arguments + ["--wait-for-device=1"])
        #expect(inVain.status == 66)
        #expect(try inVain.failure()["code"] == "token_not_found")
        let waiting = try await Watching(program, arguments + ["--wait-for-device"])
        try await waiting.says("plug in a token")
        try device.set("plugged", "yes")
        let done = await waiting.end()
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try done.document()["status"] as? String == "pending")
    }

    @Test func `giving up while waiting leaves nothing behind`() async throws {
        let ca = try RunningCA()
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device, ca.configuration)
        try device.set("plugged", "no")
        let pin = "file:\(device.path)/secrets/pin"
        let waiting = try await Watching(
            program,
            ["new", "--type", "commercial", "--json", "--no-input", "--pin-from", pin, "--wait-for-device"]
        )
        try await waiting.says("plug in a token")
        let end = await waiting.interrupt()
        #expect(end.status == 130)
        #expect(try end.failure()["code"] == "interrupted")
        let requests = try await program.run("requests", "--json").document()["requests"] as? [Any]
        #expect(requests?.isEmpty == true)
    }

    @Test func `install waits for the one device that has the key, by its name`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--device", "ProID+Q=2031-12-31")
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device, ca.configuration)
        let secrets = ["--json", "--no-input", "--pin-from", "file:\(device.path)/secrets/pin"]
        #expect(try await program.run(["new", "--type", "commercial"] + secrets).status == 0)
        try device.set("plugged", "no")
        let waiting = try await Watching(program, ["install", "--accept", "--wait-for-device"] + secrets)
        try await waiting.says("plug in the token ProID+Q simulator (")
        try device.set("plugged", "yes")
        let done = await waiting.end()
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try done.document()["status"] as? String == "installed")
        #expect(try device.count(of: "C_Login") == 2)
    }

    @Test func `a token that SoftHSM shows only after a new start is waited for too`() async throws {
        let hsm = try await SoftHSM.provision([])
        var program = try Program()
        program.environment = SoftHSM.environment(of: hsm.path)
        let watch = try await Watching(program, ["device", "watch", "--json", "--module", SoftHSM.bareModule])
        try await ChildProcess.output(
            of: "softhsm2-util",
            ["--init-token", "--free", "--label", "LATE", "--so-pin", "87654321", "--pin", "123456"],
            environment: SoftHSM.environment(of: hsm.path)
        )
        #expect(try await watch.event("device_plugged")["label"] as? String == "LATE")
        #expect(await watch.interrupt().status == 130)
    }
}
