// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials
internal import ExternalKeyProvider

/// The library context in which external keys live, apart from everybody else's: a provider in the default context would
/// change which one serves the rest of the process. Made at the first key and kept to the end of the process.
final class ProviderLibrary: @unchecked Sendable {
    // @unchecked: written once, before anybody sees it; OpenSSL's contexts may be used by several threads.
    private var keys = isignum_external_keys()
    private let isLoaded: Bool

    static let shared = ProviderLibrary()

    private init() { isLoaded = isignum_external_keys_load(&keys) }

    /// A private key of OpenSSL whose signatures are made by a loan, which it keeps for as long as it lives.
    func key(signingWith loan: KeyLoan) throws(OpenSSLError) -> EVPKeyHandle {
        guard isLoaded else { throw OpenSSLError(.failed, "external keys") }
        let publicHalf = try loan.key.publicKey.handle()
        let signer = isignum_signer(
            context: Unmanaged.passRetained(loan).toOpaque(),
            sign: signWithLoan,
            release: releaseLoan
        )
        guard let key = isignum_external_key(&keys, publicHalf.pointer, signer) else {
            throw OpenSSLError(.keyNotSupported, "external key")
        }
        return EVPKeyHandle(key)
    }
}
