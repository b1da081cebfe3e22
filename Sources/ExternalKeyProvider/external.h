// SPDX-License-Identifier: Apache-2.0
// What the files of the provider share.
#pragma once
#include <openssl/core.h>
#include <openssl/evp.h>
#include <stdatomic.h>

#include "ExternalKeyProvider.h"

#define PROVIDER_NAME "isignum-external-key"
#define PROVIDER_QUERY "provider=" PROVIDER_NAME
// The parameter by which a new key gets its `struct offer`.
#define PARAMETER_SIGNER "isignum-signer"

// A signer on its way to its key, which releases it from the moment when it was taken.
struct offer {
    struct isignum_signer signer;
    bool *taken;
};

// One line of a dispatch table (provider-base(7)).
#define FUNCTION(number, function) { number, (void (*)(void))(function) }

struct provider {
    // Digests and public halves live in a context in which nobody else loads anything: no recursion into ourselves.
    OSSL_LIB_CTX *inner;
};

enum kind { KIND_RSA, KIND_EC };

// A key: never changed once it is imported, so that it can be shared instead of copied.
struct key {
    atomic_int references;
    const struct provider *provider;
    enum kind kind;
    EVP_PKEY *public_half;         // in the inner context
    struct isignum_signer signer;  // without a function for a public key alone
};

struct key *key_retain(struct key *key);
void key_release(struct key *key);

enum reason {
    REASON_SIGNER = 100,
    REASON_DIGEST,
    REASON_PADDING,
    REASON_SALT,
    REASON_LENGTH,
    REASON_NO_PRIVATE_KEY,
    REASON_KEY_SIZE,
};

void register_errors(void);
// Puts a reason on OpenSSL's queue of errors; always 0, which is how its functions fail.
int fail(enum reason reason);

// The DER AlgorithmIdentifier of a signature (RFC 4055, RFC 5758). `digest_length` is 32, 48 or 64.
#define ALGORITHM_IDENTIFIER_ROOM 80
size_t algorithm_identifier(enum kind kind, bool pss, size_t digest_length, unsigned char *output);

extern const OSSL_DISPATCH rsa_key_functions[];
extern const OSSL_DISPATCH ec_key_functions[];
extern const OSSL_DISPATCH signature_functions[];
