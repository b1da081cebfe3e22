// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// The private half of a key pair on a token, as something that can sign.
struct TokenKey: SigningKey {
    let publicKey: PublicKey
    let handle: CK_OBJECT_HANDLE
    let area: KeyArea
    /// Whether it wants its own code for every signature, as far as the token says.
    let alwaysAuthenticate: KeyClaims.Claim
    let token: PKCS11Token

    func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
        try await token.sign(content, with: self, secrets: secrets)
    }
}
