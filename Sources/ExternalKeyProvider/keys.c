// SPDX-License-Identifier: Apache-2.0
// Key management (provider-keymgmt(7)). Two rules carry everything: the private half is never exported, not even as
// "there is one", or libcrypto would move the public half into another provider and try to sign there; and another
// provider's private key is never imported, or libcrypto would bring it here.
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <string.h>

#include "external.h"

static struct key *new_key(const struct provider *provider, enum kind kind) {
    struct key *key = OPENSSL_zalloc(sizeof *key);
    if (!key) return NULL;
    atomic_init(&key->references, 1);
    key->provider = provider;
    key->kind = kind;
    return key;
}

static void *new_rsa_key(void *provider) { return new_key(provider, KIND_RSA); }
static void *new_ec_key(void *provider) { return new_key(provider, KIND_EC); }

struct key *key_retain(struct key *key) {
    atomic_fetch_add(&key->references, 1);
    return key;
}

void key_release(struct key *key) {
    if (!key || atomic_fetch_sub(&key->references, 1) != 1) return;
    if (key->signer.release) key->signer.release(key->signer.context);
    EVP_PKEY_free(key->public_half);
    OPENSSL_free(key);
}

static void free_key(void *key) { key_release(key); }

static void *duplicate_key(const void *key, int selection) {
    (void)selection;
    return key_retain((struct key *)key);
}

static int has(const void *data, int selection) {
    const struct key *key = data;
    if (!key) return 0;
    if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) && !key->signer.sign) return 0;
    bool wants_public = selection & (OSSL_KEYMGMT_SELECT_PUBLIC_KEY | OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS);
    return !wants_public || key->public_half;
}

static int match(const void *left, const void *right, int selection) {
    const struct key *one = left, *other = right;
    (void)selection;
    return one->public_half && other->public_half && EVP_PKEY_eq(one->public_half, other->public_half) == 1;
}

static bool is_supported(const struct key *key) {
    int bits = EVP_PKEY_get_bits(key->public_half);
    return key->kind == KIND_EC ? bits == 256 || bits == 384 : bits >= 2048;
}

static int import(void *data, int selection, const OSSL_PARAM parameters[]) {
    struct key *key = data;
    const OSSL_PARAM *offered = OSSL_PARAM_locate_const(parameters, PARAMETER_SIGNER);
    (void)selection;
    if (key->public_half) return 0;
    if (OSSL_PARAM_locate_const(parameters, OSSL_PKEY_PARAM_RSA_D)) return 0;
    if (OSSL_PARAM_locate_const(parameters, OSSL_PKEY_PARAM_PRIV_KEY)) return 0;
    EVP_PKEY_CTX *context =
        EVP_PKEY_CTX_new_from_name(key->provider->inner, key->kind == KIND_EC ? "EC" : "RSA", NULL);
    bool done = context && EVP_PKEY_fromdata_init(context) == 1 &&
                EVP_PKEY_fromdata(context, &key->public_half, EVP_PKEY_PUBLIC_KEY, (OSSL_PARAM *)parameters) == 1;
    EVP_PKEY_CTX_free(context);
    if (!done) return 0;
    if (!offered) return 1;
    if (!is_supported(key)) return fail(REASON_KEY_SIZE);
    if (offered->data_type != OSSL_PARAM_OCTET_STRING || offered->data_size != sizeof(struct offer)) {
        return fail(REASON_LENGTH);
    }
    struct offer offer;
    memcpy(&offer, offered->data, sizeof offer);
    key->signer = offer.signer;
    *offer.taken = true;
    return 1;
}

static int export(void *data, int selection, OSSL_CALLBACK *take, void *argument) {
    struct key *key = data;
    if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) && key->signer.sign) return 0;
    if (!key->public_half) return 0;
    return EVP_PKEY_export(key->public_half, selection & ~OSSL_KEYMGMT_SELECT_PRIVATE_KEY, take, argument);
}

static int get_parameters(void *data, OSSL_PARAM parameters[]) {
    struct key *key = data;
    return key->public_half && EVP_PKEY_get_params(key->public_half, parameters);
}

static const OSSL_PARAM *rsa_types(int selection) {
    static const OSSL_PARAM types[] = {
        OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),
        OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0),
        OSSL_PARAM_octet_string(PARAMETER_SIGNER, NULL, 0),
        OSSL_PARAM_END,
    };
    (void)selection;
    return types;
}

static const OSSL_PARAM *ec_types(int selection) {
    static const OSSL_PARAM types[] = {
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
        OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
        OSSL_PARAM_octet_string(PARAMETER_SIGNER, NULL, 0),
        OSSL_PARAM_END,
    };
    (void)selection;
    return types;
}

static const OSSL_PARAM *rsa_parameters(void *provider) {
    static const OSSL_PARAM parameters[] = {
        OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
        OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
        OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
        OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),
        OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0),
        OSSL_PARAM_END,
    };
    (void)provider;
    return parameters;
}

static const OSSL_PARAM *ec_parameters(void *provider) {
    static const OSSL_PARAM parameters[] = {
        OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
        OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
        OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_EC_FIELD_TYPE, NULL, 0),
        OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
        OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, NULL, 0),
        OSSL_PARAM_END,
    };
    (void)provider;
    return parameters;
}

static const char *rsa_operation(int operation) {
    (void)operation;
    return "RSA";
}

static const char *ec_operation(int operation) { return operation == OSSL_OP_SIGNATURE ? "ECDSA" : NULL; }

#define KEY_FUNCTIONS(kind)                                                   \
    {                                                                         \
        FUNCTION(OSSL_FUNC_KEYMGMT_NEW, new_##kind##_key),                    \
        FUNCTION(OSSL_FUNC_KEYMGMT_FREE, free_key),                           \
        FUNCTION(OSSL_FUNC_KEYMGMT_DUP, duplicate_key),                       \
        FUNCTION(OSSL_FUNC_KEYMGMT_HAS, has),                                 \
        FUNCTION(OSSL_FUNC_KEYMGMT_MATCH, match),                             \
        FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT, import),                           \
        FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, kind##_types),               \
        FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT, export),                           \
        FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, kind##_types),               \
        FUNCTION(OSSL_FUNC_KEYMGMT_GET_PARAMS, get_parameters),               \
        FUNCTION(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, kind##_parameters),       \
        FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, kind##_operation),   \
        { 0, NULL },                                                          \
    }

const OSSL_DISPATCH rsa_key_functions[] = KEY_FUNCTIONS(rsa);
const OSSL_DISPATCH ec_key_functions[] = KEY_FUNCTIONS(ec);
