// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport

/// SoftHSM behind our simulated device.
struct SimulatorLane: DeviceLane {
    let view: LaneView
    private let device: SimulatedDevice

    static func start() async throws -> SimulatorLane {
        let device = try await SimulatedDevice.provision(keys: .all)
        let view = LaneView(
            lane: .simulator,
            path: device.path,
            environment: device.environment,
            module: try SimulatedDevice.module(),
            pin: try SimulatedDevice.secret("pin", of: device.path),
            qpin: try SimulatedDevice.secret("qpin", of: device.path),
            tries: 3,
            tellsTries: true,
            stateAfterWrong: .low
        )
        return SimulatorLane(view: view, device: device)
    }

    func logins() throws -> Int { try device.count(of: "C_Login") }

    static func unplug(at path: String) throws { try Data().write(to: URL(fileURLWithPath: "\(path)/state/unplugged")) }

    static func plug(at path: String) throws { try FileManager.default.removeItem(atPath: "\(path)/state/unplugged") }

    /// Adds a line to the device's configuration.
    static func set(_ name: String, _ value: String, at path: String) throws {
        let file = URL(fileURLWithPath: "\(path)/simulator.conf")
        let text = try String(contentsOf: file, encoding: .utf8) + "\(name) = \(value)\n"
        try Data(text.utf8).write(to: file, options: .atomic)
    }
}

/// Our virtual card behind a private pcscd and the real OpenSC module.
struct CardLane: DeviceLane {
    let view: LaneView
    let stack: CardStack

    static func start() async throws -> CardLane {
        let stack = try await CardStack()
        let spy = try Spy(on: try stack.module(), named: "opensc-pkcs11.so", in: stack.path)
        let view = LaneView(
            lane: .card,
            path: stack.path,
            environment: stack.environment.merging(spy.environment) { $1 },
            module: spy.module,
            pin: try secret("pin", of: stack.path),
            qpin: try secret("qpin", of: stack.path),
            tries: 3,
            tellsTries: true,
            stateAfterWrong: .ok
        )
        return CardLane(view: view, stack: stack)
    }

    func logins() throws -> Int { try Spy.logins(in: view.path) }
}

/// A TPM of software behind the real tpm2-pkcs11 module.
struct TPMLane: DeviceLane {
    let view: LaneView
    private let stack: TPMStack

    static func start() async throws -> TPMLane {
        let stack = try await TPMStack()
        let module = try TPMStack.module(of: stack.path)
        let spy = try Spy(on: module, named: "libtpm2_pkcs11.so", in: stack.path)
        let view = LaneView(
            lane: .tpm,
            path: stack.path,
            environment: try TPMStack.environment(of: stack.path).merging(spy.environment) { $1 },
            module: spy.module,
            pin: try secret("pin", of: stack.path),
            qpin: nil,
            tries: 3,
            tellsTries: false,
            stateAfterWrong: .ok
        )
        return TPMLane(view: view, stack: stack)
    }

    func logins() throws -> Int { try Spy.logins(in: view.path) }
}

/// OpenSC's spy before a module, under the module's own file name, by which profiles know it.
private struct Spy {
    let module: String
    let environment: [String: String]

    init(on original: String, named name: String, in folder: String) throws {
        module = "\(folder)/\(name)"
        try FileManager.default.createSymbolicLink(atPath: module, withDestinationPath: SoftHSM.loggingModule)
        environment = ["PKCS11SPY": original, "PKCS11SPY_OUTPUT": "\(folder)/calls"]
    }

    static func logins(in folder: String) throws -> Int {
        guard FileManager.default.fileExists(atPath: "\(folder)/calls") else { return 0 }
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/calls")), as: UTF8.self)
        return text.split(separator: "\n").count { $0.hasSuffix(": C_Login") }
    }
}

private func secret(_ name: String, of path: String) throws -> String {
    try String(contentsOfFile: "\(path)/secrets/\(name)", encoding: .utf8)
}
