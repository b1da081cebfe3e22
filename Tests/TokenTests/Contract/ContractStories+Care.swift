// SPDX-License-Identifier: Apache-2.0

import Credentials
import TestSupport
import Testing

@testable import Token

/// The points of the contract that change secrets.
extension ContractStories {
    private static let newPIN = "5813064"

    func changePIN() async throws {
        let token = try await directory.open(nil)
        let wrong = TypedSecrets(pin: ["909090"], new: [Self.newPIN])
        let error = try await #require(throws: KeyStoreError.self) { try await token.change(.pin, secrets: wrong) }
        try #require(error.code == .secretWrong, "\(error)")
        try await token.change(.pin, secrets: TypedSecrets(pin: [device.pin], new: [Self.newPIN]))
        try await requirePIN(Self.newPIN)
    }

    func unblockPIN() async throws {
        let wrong = TypedSecrets(pin: Array(repeating: "909090", count: device.tries))
        let token = try await directory.open(nil)
        for _ in 0..<device.tries {
            _ = try await #require(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(), secrets: wrong)
            }
        }
        await token.close()
        let blocked = try await directory.open(nil)
        let secrets = TypedSecrets(puk: [try device.puk()], new: [Self.newPIN])
        try await blocked.unblock(.pin, secrets: secrets)
        try #require(secrets.questions == [.puk])
        try await requirePIN(Self.newPIN)
    }

    private func requirePIN(_ pin: String) async throws {
        let secrets = TypedSecrets(pin: [pin])
        let token = try await directory.open(nil)
        let key = try await token.generateKey(Story.key(), secrets: secrets)
        let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
        try #require(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
        await token.close()
    }
}
