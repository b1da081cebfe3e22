// SPDX-License-Identifier: Apache-2.0
// The provider as a whole, and how a key gets into it.
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/provider.h>

#include "external.h"

static const OSSL_ALGORITHM key_kinds[] = {
    { "RSA:rsaEncryption:1.2.840.113549.1.1.1", PROVIDER_QUERY, rsa_key_functions, "RSA key kept elsewhere" },
    { "EC:id-ecPublicKey:1.2.840.10045.2.1", PROVIDER_QUERY, ec_key_functions, "EC key kept elsewhere" },
    { NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM signatures[] = {
    { "RSA:rsaEncryption:1.2.840.113549.1.1.1", PROVIDER_QUERY, signature_functions, "RSA signature made elsewhere" },
    { "ECDSA", PROVIDER_QUERY, signature_functions, "ECDSA signature made elsewhere" },
    { NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache) {
    (void)provider;
    *no_cache = 0;
    if (operation == OSSL_OP_KEYMGMT) return key_kinds;
    return operation == OSSL_OP_SIGNATURE ? signatures : NULL;
}

static void tear_down(void *data) {
    struct provider *provider = data;
    OSSL_LIB_CTX_free(provider->inner);
    OPENSSL_free(provider);
}

static const OSSL_DISPATCH provider_functions[] = {
    FUNCTION(OSSL_FUNC_PROVIDER_TEARDOWN, tear_down),
    FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
    { 0, NULL },
};

static int initialise(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core, const OSSL_DISPATCH **functions,
                      void **context) {
    (void)handle;
    (void)core;
    register_errors();
    struct provider *provider = OPENSSL_zalloc(sizeof *provider);
    // Nothing is loaded into the inner context: the default provider comes by itself.
    if (!provider || !(provider->inner = OSSL_LIB_CTX_new())) {
        OPENSSL_free(provider);
        return 0;
    }
    *context = provider;
    *functions = provider_functions;
    return 1;
}

bool isignum_external_keys_load(struct isignum_external_keys *keys) {
    *keys = (struct isignum_external_keys) { 0 };
    keys->library = OSSL_LIB_CTX_new();
    // The default provider first: once any other is loaded, it does not come by itself any more.
    if (keys->library && (keys->base = OSSL_PROVIDER_load(keys->library, "default")) &&
        OSSL_PROVIDER_add_builtin(keys->library, PROVIDER_NAME, initialise) == 1 &&
        (keys->own = OSSL_PROVIDER_load(keys->library, PROVIDER_NAME))) {
        return true;
    }
    isignum_external_keys_unload(keys);
    return false;
}

void isignum_external_keys_unload(struct isignum_external_keys *keys) {
    if (keys->own) OSSL_PROVIDER_unload(keys->own);
    if (keys->base) OSSL_PROVIDER_unload(keys->base);
    OSSL_LIB_CTX_free(keys->library);
    *keys = (struct isignum_external_keys) { 0 };
}

EVP_PKEY *isignum_external_key(const struct isignum_external_keys *keys, const EVP_PKEY *public_half,
                               struct isignum_signer signer) {
    bool taken = false;
    struct offer offer = { .signer = signer, .taken = &taken };
    OSSL_PARAM private_half[] = { OSSL_PARAM_octet_string(PARAMETER_SIGNER, &offer, sizeof offer), OSSL_PARAM_END };
    OSSL_PARAM *numbers = NULL, *both = NULL;
    EVP_PKEY *key = NULL;
    const char *kind = EVP_PKEY_is_a(public_half, "EC") ? "EC" : "RSA";
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(keys->library, kind, PROVIDER_QUERY);
    bool done = context && EVP_PKEY_todata(public_half, EVP_PKEY_PUBLIC_KEY, &numbers) == 1 &&
                (both = OSSL_PARAM_merge(numbers, private_half)) && EVP_PKEY_fromdata_init(context) == 1 &&
                EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, both) == 1;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(numbers);
    OPENSSL_free(both);
    if (!taken && signer.release) signer.release(signer.context);
    return done ? key : NULL;
}
