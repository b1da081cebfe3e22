// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <string.h>

#include "card.h"

static const char *curve(uint16_t bits) {
    switch (bits) {
    case 256: return "P-256";
    case 384: return "P-384";
    case 521: return "P-521";
    default: return NULL;
    }
}

status_word generate_key(struct card *card, const struct command *command, struct answer *answer) {
    (void)command, (void)answer;
    struct file *file = &card->files[card->current];
    if (file->type != TYPE_RSA && file->type != TYPE_EC) return SW_FILE_TYPE;
    if (!allowed(card, file->access[1] & 15)) return SW_SECURITY;
    EVP_PKEY *key = NULL;
    if (file->type == TYPE_RSA) key = EVP_RSA_gen(file->size);
    else if (curve(file->size)) key = EVP_EC_gen(curve(file->size));
    if (!key) return SW_WRONG_DATA;
    EVP_PKEY_free(file->key);
    file->key = key;
    card->changes++;
    return card_save(card) ? SW_OK : SW_FAILED;
}

status_word public_part(const struct file *file, uint16_t tag, struct answer *answer) {
    if (!file->key) return SW_NO_DATA;
    if (file->type == TYPE_RSA && (tag == 0x0101 || tag == 0x0102)) {
        uint8_t bytes[1024];
        BIGNUM *number = NULL;
        EVP_PKEY_get_bn_param(file->key, tag == 0x0101 ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_RSA_E, &number);
        if (!number) return SW_FAILED;
        append(answer, bytes, (size_t)BN_bn2bin(number, bytes));
        BN_free(number);
        return SW_OK;
    }
    if (file->type == TYPE_EC && tag == 0x0186) {
        uint8_t point[256];
        size_t length = 0;
        if (!EVP_PKEY_get_octet_string_param(file->key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length))
            return SW_FAILED;
        tlv_append(answer, 0x86, point, length);
        return SW_OK;
    }
    return SW_NO_DATA;
}

status_word choose_key(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    const uint8_t *value;
    size_t length;
    card->key_reference = 0;
    card->algorithm = 0;
    if (tlv_find(command->data, command->length, 0x81, &value, &length) && length >= 2)
        card->key_reference = (uint16_t)(value[length - 2] << 8 | value[length - 1]);
    if (tlv_find(command->data, command->length, 0x80, &value, &length) && length >= 1) card->algorithm = value[0];
    return SW_OK;
}

static status_word private_operation(
    const struct card *card, const struct file *file, bool decrypts, const uint8_t *input, size_t length,
    struct answer *answer
) {
    status_word result = SW_WRONG_DATA;
    size_t room = sizeof answer->bytes;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(file->key, NULL);
    int padding = card->algorithm & 2 ? RSA_PKCS1_PADDING : RSA_NO_PADDING;
    bool rsa = file->type == TYPE_RSA;
    if (decrypts) {
        if (rsa && EVP_PKEY_decrypt_init(context) > 0 && EVP_PKEY_CTX_set_rsa_padding(context, padding) > 0
            && EVP_PKEY_decrypt(context, answer->bytes, &room, input, length) > 0)
            result = SW_OK;
    } else if (EVP_PKEY_sign_init(context) > 0 && (!rsa || EVP_PKEY_CTX_set_rsa_padding(context, padding) > 0)
               && EVP_PKEY_sign(context, answer->bytes, &room, input, length) > 0) {
        result = SW_OK;
    }
    answer->length = result == SW_OK ? room : 0;
    EVP_PKEY_CTX_free(context);
    return result;
}

status_word use_key(struct card *card, const struct command *command, struct answer *answer) {
    int found = file_in(card, card->folder, card->key_reference);
    if (found < 0) found = file_in(card, 1, card->key_reference);
    struct file *file = found < 0 ? NULL : &card->files[found];
    if (!file || !file->key) return SW_NO_DATA;
    if (!allowed(card, file->access[0] >> 4)) return SW_SECURITY;
    // A PIN named by the key itself is good for one use.
    uint8_t consent = file->property[0] >> 4;
    if (consent && !(card->verified & (1u << consent))) return SW_SECURITY;
    status_word result = SW_WRONG_P1P2;
    if (command->p1 == 0x9E && command->p2 == 0x9A)
        result = private_operation(card, file, false, command->data, command->length, answer);
    else if (command->p1 == 0x80 && command->p2 == 0x86 && command->length > 1)
        result = private_operation(card, file, true, command->data + 1, command->length - 1, answer);
    if (consent) card->verified &= (uint16_t)~(1u << consent);
    return result;
}
