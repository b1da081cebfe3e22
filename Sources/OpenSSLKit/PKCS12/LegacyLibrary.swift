// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A library context of its own with the ciphers that old PKCS#12 files need (RC2-40), so that nothing else in the
/// process can come to use them.
struct LegacyLibrary: ~Copyable {
    let context: OpaquePointer
    /// Whether OpenSSL's module with the old ciphers is installed (on Debian 13 a package of its own).
    let hasLegacyCiphers: Bool
    private let providers: [OpaquePointer]

    init() throws(PKCS12Error) {
        guard let context = OSSL_LIB_CTX_new() else { throw PKCS12Error(.failed) }
        guard let usual = OSSL_PROVIDER_load(context, "default") else {
            OSSL_LIB_CTX_free(context)
            throw PKCS12Error(.failed)
        }
        let legacy = OSSL_PROVIDER_load(context, "legacy")
        ERR_clear_error()
        self.context = context
        hasLegacyCiphers = legacy != nil
        providers = [usual] + [legacy].compactMap(\.self)
    }

    deinit {
        for provider in providers.reversed() { OSSL_PROVIDER_unload(provider) }
        OSSL_LIB_CTX_free(context)
    }
}
