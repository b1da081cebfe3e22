// SPDX-License-Identifier: Apache-2.0
// An OpenSSL provider (provider(7), OpenSSL 3.0 or later) whose private keys are somewhere else: its only private
// operation is a function of its caller. RSA with PKCS#1 v1.5 and PSS, ECDSA on P-256 and P-384, over SHA-2.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct evp_pkey_st;
struct ossl_lib_ctx_st;
struct ossl_provider_st;

// What is to be signed, as modules that hash and modules that do not may want it.
struct isignum_to_sign {
    const unsigned char *message;  // NULL where OpenSSL gave the digest alone, or more than is kept
    size_t message_length;
    const unsigned char *digest;
    size_t digest_length;  // 32, 48 or 64: SHA-256, SHA-384, SHA-512
    bool pss;              // RSASSA-PSS, MGF1 over the same digest, salt as long as the digest; else PKCS#1 v1.5
};

struct isignum_signer {
    void *context;
    // Fills all `length` bytes of `signature`: an RSA block, or r and s, each padded to the length of a coordinate.
    // Called on whichever thread called OpenSSL, on several at once if several do. False: it could not.
    bool (*sign)(void *context, const struct isignum_to_sign *what, unsigned char *signature, size_t length);
    // Called once, when the last user of the key is gone: on any thread, and later than its maker may think.
    void (*release)(void *context);
};

// A library context of its own, with the provider in it. Its keys work in calls of other contexts all the same.
struct isignum_external_keys {
    struct ossl_lib_ctx_st *library;
    struct ossl_provider_st *base;
    struct ossl_provider_st *own;
};

bool isignum_external_keys_load(struct isignum_external_keys *keys);

// To be called after the last key is gone.
void isignum_external_keys_unload(struct isignum_external_keys *keys);

// A key whose public half is `public_half` and whose private half is `signer`, which is released in any case.
// NULL: OpenSSL's queue of errors says why.
struct evp_pkey_st *isignum_external_key(const struct isignum_external_keys *keys,
                                         const struct evp_pkey_st *public_half, struct isignum_signer signer);
