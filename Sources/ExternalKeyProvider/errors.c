// SPDX-License-Identifier: Apache-2.0
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "external.h"

static int library;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

static ERR_STRING_DATA reasons[] = {
    { ERR_PACK(0, 0, REASON_SIGNER), "the key did not sign" },
    { ERR_PACK(0, 0, REASON_DIGEST), "digest not supported" },
    { ERR_PACK(0, 0, REASON_PADDING), "padding not supported" },
    { ERR_PACK(0, 0, REASON_SALT), "PSS salt length not supported" },
    { ERR_PACK(0, 0, REASON_LENGTH), "wrong length" },
    { ERR_PACK(0, 0, REASON_NO_PRIVATE_KEY), "no private key" },
    { ERR_PACK(0, 0, REASON_KEY_SIZE), "key size not supported" },
    { 0, NULL },
};

static ERR_STRING_DATA name[] = { { 0, PROVIDER_NAME }, { 0, NULL } };

static void take_library_number(void) {
    library = ERR_get_next_error_library();
    ERR_load_strings(library, reasons);
    name[0].error = ERR_PACK(library, 0, 0);
    ERR_load_strings(0, name);
}

void register_errors(void) { CRYPTO_THREAD_run_once(&once, take_library_number); }

int fail(enum reason reason) {
    ERR_raise(library, reason);
    return 0;
}
