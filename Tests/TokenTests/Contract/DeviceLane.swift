// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

/// A device with everything behind it, in a state of its own.
///
/// The test process owns it; a story runs in a child process that adopts it by its folder, because modules and the
/// smart-card library remember their environment.
protocol DeviceLane: Sendable {
    /// Makes a new device.
    static func start() async throws -> Self

    /// What the client calls it and what it takes to see it.
    var view: LaneView { get }

    /// How often a secret was given to the module so far, by any process: calls of C_Login.
    func logins() throws -> Int
}

/// The lanes, as arguments of a test.
enum Lane: String, CaseIterable, Codable, CustomTestStringConvertible, Sendable {
    case simulator, card
    case tpm = "TPM"

    var testDescription: String { rawValue }

    func start() async throws -> any DeviceLane {
        switch self {
        case .simulator: try await SimulatorLane.start()
        case .card: try await CardLane.start()
        case .tpm: try await TPMLane.start()
        }
    }

    /// Why the lane cannot keep a point; `nil` when it has to.
    func reason(against point: ContractPoint) -> String? {
        switch (self, point) {
        case (.tpm, .qualifiedArea): "a token of tpm2-pkcs11 has one PIN and no area for another"
        case (.tpm, .unblockPIN):
            "a TPM that is locked after wrong PINs is locked for everybody until its owner forgives (tpm2_dictionarylockout)"
        case (.simulator, .makeP256), (.simulator, .makeP384):
            "its profile is that of ProID+Q, which makes RSA keys alone"
        case (.tpm, .makeRSA4096): "the TPM makes RSA keys of up to 3072 bits"
        default: nil
        }
    }
}

/// A lane as the process of a story sees it; it travels there as it is.
struct LaneView: Codable, Sendable {
    let lane: Lane
    /// The folder of the device.
    let path: String
    let environment: [String: String]
    /// The module; where the lane has no log of its own, behind a spy that writes its calls down.
    let module: String
    let pin: String
    let qpin: String?
    /// How many wrong PINs block it.
    let tries: Int
    /// Whether the token tells how near to its blocking a secret is.
    let tellsTries: Bool
    /// What it tells after one wrong PIN.
    let stateAfterWrong: SecretState

    /// The PUK of the PIN.
    func puk() throws -> String {
        let name = lane == .card ? "pin-puk" : "puk"
        return try String(contentsOfFile: "\(path)/secrets/\(name)", encoding: .utf8)
    }

    /// Pulls the device out.
    func unplug() async throws {
        switch lane {
        case .simulator: try SimulatorLane.unplug(at: path)
        case .card: try await CardStack.pull(path)
        case .tpm: try await TPMStack.pull(path)
        }
    }

    /// Has the device pulled out while it makes its next key pair. Where nothing can do that, the test pulls it before
    /// the next call.
    ///
    /// - Returns: whether it can be done.
    func unplugDuringGeneration() async throws -> Bool {
        switch lane {
        case .simulator: try SimulatorLane.set("fault", "C_GenerateKeyPair:2 unplug-after", at: path)
        case .card: try CardStack.setFault("ins 46 2 pull-after", of: path)
        case .tpm: return false
        }
        return true
    }

    /// Pushes the device in again.
    func plug() async throws {
        switch lane {
        case .simulator: try SimulatorLane.plug(at: path)
        case .card: try await CardStack.insert(path)
        case .tpm: try await TPMStack.insert(path)
        }
    }
}
