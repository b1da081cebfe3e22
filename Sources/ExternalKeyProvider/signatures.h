// SPDX-License-Identifier: Apache-2.0
// One signature, made or verified.
#pragma once
#include "external.h"

// Messages up to this length are kept until they are signed, for tokens that insist on hashing themselves: what CMS and
// TLS sign (signed attributes, a handshake's transcript) is far shorter.
#define KEPT_MESSAGE 65536

struct signature {
    const struct provider *provider;
    struct key *key;
    EVP_MD *digest;
    EVP_MD_CTX *running;
    unsigned char *message;  // NULL once it became too long
    size_t message_length;
    bool message_too_long;
    bool pss;
};

// SHA-256, SHA-384 or SHA-512, by any of their names.
int set_digest(struct signature *signature, const char *name);
int set_signature_parameters(void *data, const OSSL_PARAM parameters[]);
int get_signature_parameters(void *data, OSSL_PARAM parameters[]);
const OSSL_PARAM *gettable_signature_parameters(void *signature, void *provider);
const OSSL_PARAM *settable_signature_parameters(void *signature, void *provider);
