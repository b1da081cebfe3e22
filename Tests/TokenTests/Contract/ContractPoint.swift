// SPDX-License-Identifier: Apache-2.0

import Testing

/// One thing that every device has to do for the client, whatever it is made of.
enum ContractPoint: String, CaseIterable, Codable, CustomTestStringConvertible, Sendable {
    case enumerate
    case logIn = "log in"
    case wrongPIN = "wrong PIN"
    case lockedPIN = "locked PIN"
    case changePIN = "change the PIN"
    case unblockPIN = "unblock the PIN"
    case makeRSA2048 = "generate and sign, RSA-2048"
    case makeRSA4096 = "generate and sign, RSA-4096"
    case makeP256 = "generate and sign, P-256"
    case makeP384 = "generate and sign, P-384"
    case qualifiedArea = "generate and sign in the qualified area"
    case install
    case list
    case remove
    case unplug = "unplug in the middle"
    case replug = "plug in again"

    var testDescription: String { rawValue }
}
