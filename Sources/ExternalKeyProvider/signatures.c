// SPDX-License-Identifier: Apache-2.0
// Signatures (provider-signature(7)): the digest is made here, the signature by the key's owner. Verifying with such a
// key, which libcrypto does with the handle that it signed with, is handed to the inner context.
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "signatures.h"

#define LONGEST_COORDINATE 48

static void *new_signature(void *provider, const char *properties) {
    struct signature *signature = OPENSSL_zalloc(sizeof *signature);
    (void)properties;
    if (signature) signature->provider = provider;
    return signature;
}

static void free_signature(void *data) {
    struct signature *signature = data;
    if (!signature) return;
    EVP_MD_CTX_free(signature->running);
    EVP_MD_free(signature->digest);
    key_release(signature->key);
    OPENSSL_free(signature->message);
    OPENSSL_free(signature);
}

// OpenSSL 3.0 ends every signature on a copy.
static void *duplicate_signature(void *data) {
    struct signature *from = data, *to = OPENSSL_memdup(from, sizeof *from);
    if (!to) return NULL;
    to->running = NULL;
    to->message = NULL;
    if (to->key) key_retain(to->key);
    if (to->digest) EVP_MD_up_ref(to->digest);
    bool done = true;
    if (from->message) done = (to->message = OPENSSL_memdup(from->message, from->message_length));
    if (done && from->running) {
        done = (to->running = EVP_MD_CTX_new()) && EVP_MD_CTX_copy_ex(to->running, from->running) == 1;
    }
    if (done) return to;
    free_signature(to);
    return NULL;
}

// A key may be left out where the one before is meant.
static int use_key(struct signature *signature, struct key *key, bool for_signing) {
    if (key) {
        if (for_signing && !key->signer.sign) return fail(REASON_NO_PRIVATE_KEY);
        key_retain(key);
        key_release(signature->key);
        signature->key = key;
    }
    return signature->key ? 1 : fail(REASON_NO_PRIVATE_KEY);
}

static void forget_message(struct signature *signature) {
    OPENSSL_free(signature->message);
    signature->message = NULL;
    signature->message_length = 0;
    signature->message_too_long = false;
}

static int begin(struct signature *signature, const char *digest, const OSSL_PARAM parameters[]) {
    if (!set_digest(signature, digest && *digest ? digest : "SHA2-256")) return 0;
    if (!set_signature_parameters(signature, parameters)) return 0;
    forget_message(signature);
    if (!signature->running && !(signature->running = EVP_MD_CTX_new())) return 0;
    return EVP_DigestInit_ex2(signature->running, signature->digest, NULL);
}

// Also clears whatever the owner's libraries leave on this thread's queue of errors: SoftHSM does, even on success.
static bool let_sign(const struct signature *signature, const unsigned char *digest, size_t digest_length,
                     unsigned char *block, size_t length) {
    const struct isignum_signer *signer = &signature->key->signer;
    struct isignum_to_sign what = {
        .message = signature->message,
        .message_length = signature->message ? signature->message_length : 0,
        .digest = digest,
        .digest_length = digest_length,
        .pss = signature->pss && signature->key->kind == KIND_RSA,
    };
    ERR_set_mark();
    bool signed_ = signer->sign(signer->context, &what, block, length);
    ERR_pop_to_mark();
    if (!signed_) fail(REASON_SIGNER);
    return signed_;
}

static size_t encode_ecdsa(const unsigned char *halves, size_t coordinate, unsigned char *output) {
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(halves, (int)coordinate, NULL), *s = BN_bin2bn(halves + coordinate, (int)coordinate, NULL);
    if (!pair || !r || !s || !ECDSA_SIG_set0(pair, r, s)) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(pair);
        return 0;
    }
    int length = i2d_ECDSA_SIG(pair, &output);
    ECDSA_SIG_free(pair);
    return length > 0 ? (size_t)length : 0;
}

static int sign_digest(void *data, unsigned char *output, size_t *length, size_t room, const unsigned char *digest,
                       size_t digest_length) {
    struct signature *signature = data;
    if (!signature->key || !signature->key->signer.sign) return fail(REASON_NO_PRIVATE_KEY);
    size_t largest = (size_t)EVP_PKEY_get_size(signature->key->public_half);
    if (!output) {
        *length = largest;
        return 1;
    }
    // Without a digest PKCS#1 would be a bare block, and PSS nothing at all.
    if (!signature->digest) return fail(REASON_DIGEST);
    if (room < largest || digest_length != (size_t)EVP_MD_get_size(signature->digest)) return fail(REASON_LENGTH);
    if (signature->key->kind == KIND_RSA) {
        *length = largest;
        return let_sign(signature, digest, digest_length, output, largest);
    }
    unsigned char halves[2 * LONGEST_COORDINATE];
    size_t coordinate = (size_t)EVP_PKEY_get_bits(signature->key->public_half) / 8;
    if (!let_sign(signature, digest, digest_length, halves, 2 * coordinate)) return 0;
    *length = encode_ecdsa(halves, coordinate, output);
    return *length > 0;
}

static int verify_digest(void *data, const unsigned char *block, size_t length, const unsigned char *digest,
                         size_t digest_length) {
    struct signature *signature = data;
    if (!signature->digest || !signature->key) return fail(REASON_DIGEST);
    EVP_PKEY_CTX *context =
        EVP_PKEY_CTX_new_from_pkey(signature->provider->inner, signature->key->public_half, NULL);
    bool with_pss = signature->pss && signature->key->kind == KIND_RSA;
    bool verified = context && EVP_PKEY_verify_init(context) == 1 &&
                    (!with_pss || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1) &&
                    EVP_PKEY_CTX_set_signature_md(context, signature->digest) == 1 &&
                    EVP_PKEY_verify(context, block, length, digest, digest_length) == 1;
    EVP_PKEY_CTX_free(context);
    return verified;
}

static int begin_signing_digest(void *signature, void *key, const OSSL_PARAM parameters[]) {
    forget_message(signature);
    return use_key(signature, key, true) && set_signature_parameters(signature, parameters);
}

static int begin_verifying_digest(void *signature, void *key, const OSSL_PARAM parameters[]) {
    return use_key(signature, key, false) && set_signature_parameters(signature, parameters);
}

static int begin_signing(void *signature, const char *digest, void *key, const OSSL_PARAM parameters[]) {
    return use_key(signature, key, true) && begin(signature, digest, parameters);
}

static int begin_verifying(void *signature, const char *digest, void *key, const OSSL_PARAM parameters[]) {
    return use_key(signature, key, false) && begin(signature, digest, parameters);
}

static int update(void *data, const unsigned char *bytes, size_t count) {
    struct signature *signature = data;
    if (!signature->running) return fail(REASON_DIGEST);
    return EVP_DigestUpdate(signature->running, bytes, count);
}

static void keep(struct signature *signature, const unsigned char *bytes, size_t count) {
    if (signature->message_too_long || count == 0) return;
    unsigned char *longer = NULL;
    if (count <= KEPT_MESSAGE - signature->message_length) {
        longer = OPENSSL_realloc(signature->message, signature->message_length + count);
    }
    if (!longer) {
        OPENSSL_free(signature->message);
        signature->message = NULL;
        signature->message_too_long = true;
        return;
    }
    memcpy(longer + signature->message_length, bytes, count);
    signature->message = longer;
    signature->message_length += count;
}

static int update_signing(void *data, const unsigned char *bytes, size_t count) {
    keep(data, bytes, count);
    return update(data, bytes, count);
}

static int finish_signing(void *data, unsigned char *output, size_t *length, size_t room) {
    struct signature *signature = data;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_length = 0;
    if (!signature->running) return fail(REASON_DIGEST);
    if (output && !EVP_DigestFinal_ex(signature->running, digest, &digest_length)) return 0;
    return sign_digest(signature, output, length, room, digest, digest_length);
}

static int finish_verifying(void *data, const unsigned char *block, size_t length) {
    struct signature *signature = data;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int digest_length = 0;
    if (!signature->running) return fail(REASON_DIGEST);
    return EVP_DigestFinal_ex(signature->running, digest, &digest_length) &&
           verify_digest(signature, block, length, digest, digest_length);
}

const OSSL_DISPATCH signature_functions[] = {
    FUNCTION(OSSL_FUNC_SIGNATURE_NEWCTX, new_signature),
    FUNCTION(OSSL_FUNC_SIGNATURE_FREECTX, free_signature),
    FUNCTION(OSSL_FUNC_SIGNATURE_DUPCTX, duplicate_signature),
    FUNCTION(OSSL_FUNC_SIGNATURE_SIGN_INIT, begin_signing_digest),
    FUNCTION(OSSL_FUNC_SIGNATURE_SIGN, sign_digest),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, begin_signing),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, update_signing),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, finish_signing),
    FUNCTION(OSSL_FUNC_SIGNATURE_VERIFY_INIT, begin_verifying_digest),
    FUNCTION(OSSL_FUNC_SIGNATURE_VERIFY, verify_digest),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_INIT, begin_verifying),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_UPDATE, update),
    FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_FINAL, finish_verifying),
    FUNCTION(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, get_signature_parameters),
    FUNCTION(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, gettable_signature_parameters),
    FUNCTION(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, set_signature_parameters),
    FUNCTION(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, settable_signature_parameters),
    { 0, NULL },
};
