// SPDX-License-Identifier: Apache-2.0
// What OpenSSL may ask and tell a signature: digest, padding, and the algorithm's identifier. Numbers and texts both
// occur, by the caller's age.
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "signatures.h"

int set_digest(struct signature *signature, const char *name) {
    EVP_MD *digest = EVP_MD_fetch(signature->provider->inner, name, NULL);
    bool is_offered = digest && (EVP_MD_is_a(digest, "SHA2-256") || EVP_MD_is_a(digest, "SHA2-384") ||
                                 EVP_MD_is_a(digest, "SHA2-512"));
    if (!is_offered) {
        EVP_MD_free(digest);
        return fail(REASON_DIGEST);
    }
    EVP_MD_free(signature->digest);
    signature->digest = digest;
    return 1;
}

static bool text(const OSSL_PARAM *parameter, char *buffer, size_t room) {
    return OSSL_PARAM_get_utf8_string(parameter, &buffer, room) == 1;
}

static int set_padding(struct signature *signature, const OSSL_PARAM *parameter) {
    char name[32];
    int number = 0;
    if (parameter->data_type != OSSL_PARAM_UTF8_STRING) {
        if (!OSSL_PARAM_get_int(parameter, &number)) return 0;
    } else if (text(parameter, name, sizeof name)) {
        if (!strcmp(name, OSSL_PKEY_RSA_PAD_MODE_PKCSV15)) number = RSA_PKCS1_PADDING;
        if (!strcmp(name, OSSL_PKEY_RSA_PAD_MODE_PSS)) number = RSA_PKCS1_PSS_PADDING;
    }
    if (number != RSA_PKCS1_PADDING && number != RSA_PKCS1_PSS_PADDING) return fail(REASON_PADDING);
    signature->pss = number == RSA_PKCS1_PSS_PADDING;
    return 1;
}

// A token makes salts as long as the digest and no others. "Automatic" leaves the choice to us.
static int check_salt(const struct signature *signature, const OSSL_PARAM *parameter) {
    char name[32];
    int length = 0;
    if (parameter->data_type != OSSL_PARAM_UTF8_STRING) {
        if (!OSSL_PARAM_get_int(parameter, &length)) return 0;
    } else if (text(parameter, name, sizeof name)) {
        bool is_ours = !strcmp(name, OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST) ||
                       !strcmp(name, OSSL_PKEY_RSA_PSS_SALT_LEN_AUTO) || !strcmp(name, "auto-digestmax");
        length = is_ours ? RSA_PSS_SALTLEN_DIGEST : atoi(name);
    }
    const int automatic_up_to_digest = -4;  // RSA_PSS_SALTLEN_AUTO_DIGEST_MAX, OpenSSL 3.1 and later
    if (length == RSA_PSS_SALTLEN_DIGEST || length == RSA_PSS_SALTLEN_AUTO || length == automatic_up_to_digest) return 1;
    return signature->digest && length == EVP_MD_get_size(signature->digest) ? 1 : fail(REASON_SALT);
}

static int check_mask_digest(const struct signature *signature, const OSSL_PARAM *parameter) {
    char name[32];
    bool is_same = text(parameter, name, sizeof name) && signature->digest && EVP_MD_is_a(signature->digest, name);
    return is_same ? 1 : fail(REASON_DIGEST);
}

int set_signature_parameters(void *data, const OSSL_PARAM parameters[]) {
    struct signature *signature = data;
    const OSSL_PARAM *parameter;
    char name[32];
    if (!parameters) return 1;
    if ((parameter = OSSL_PARAM_locate_const(parameters, OSSL_SIGNATURE_PARAM_DIGEST))) {
        if (!text(parameter, name, sizeof name) || !set_digest(signature, name)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate_const(parameters, OSSL_SIGNATURE_PARAM_PAD_MODE))) {
        if (!set_padding(signature, parameter)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate_const(parameters, OSSL_SIGNATURE_PARAM_PSS_SALTLEN))) {
        if (!check_salt(signature, parameter)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate_const(parameters, OSSL_SIGNATURE_PARAM_MGF1_DIGEST))) {
        if (!check_mask_digest(signature, parameter)) return 0;
    }
    return 1;
}

static int get_identifier(const struct signature *signature, OSSL_PARAM *parameter) {
    unsigned char identifier[ALGORITHM_IDENTIFIER_ROOM];
    if (!signature->key || !signature->digest) return 0;
    size_t length = algorithm_identifier(signature->key->kind, signature->pss,
                                         (size_t)EVP_MD_get_size(signature->digest), identifier);
    return OSSL_PARAM_set_octet_string(parameter, identifier, length);
}

static int get_padding(const struct signature *signature, OSSL_PARAM *parameter) {
    if (parameter->data_type != OSSL_PARAM_UTF8_STRING) {
        return OSSL_PARAM_set_int(parameter, signature->pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
    }
    const char *name = signature->pss ? OSSL_PKEY_RSA_PAD_MODE_PSS : OSSL_PKEY_RSA_PAD_MODE_PKCSV15;
    return OSSL_PARAM_set_utf8_string(parameter, name);
}

static int get_salt(OSSL_PARAM *parameter) {
    if (parameter->data_type != OSSL_PARAM_UTF8_STRING) return OSSL_PARAM_set_int(parameter, RSA_PSS_SALTLEN_DIGEST);
    return OSSL_PARAM_set_utf8_string(parameter, OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST);
}

int get_signature_parameters(void *data, OSSL_PARAM parameters[]) {
    const struct signature *signature = data;
    const char *digest = signature->digest ? EVP_MD_get0_name(signature->digest) : "";
    OSSL_PARAM *parameter;
    if ((parameter = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_ALGORITHM_ID))) {
        if (!get_identifier(signature, parameter)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_DIGEST))) {
        if (!OSSL_PARAM_set_utf8_string(parameter, digest)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_PAD_MODE))) {
        if (!get_padding(signature, parameter)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_PSS_SALTLEN))) {
        if (!get_salt(parameter)) return 0;
    }
    if ((parameter = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_MGF1_DIGEST))) {
        if (!OSSL_PARAM_set_utf8_string(parameter, digest)) return 0;
    }
    return 1;
}

const OSSL_PARAM *gettable_signature_parameters(void *signature, void *provider) {
    static const OSSL_PARAM parameters[] = {
        OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, NULL, 0),
        OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, NULL, 0),
        OSSL_PARAM_END,
    };
    (void)signature;
    (void)provider;
    return parameters;
}

// All but the first, the algorithm's identifier.
const OSSL_PARAM *settable_signature_parameters(void *signature, void *provider) {
    return gettable_signature_parameters(signature, provider) + 1;
}
