// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "card.h"

static const char magic[8] = "VCARD01";

static bool put(FILE *file, const void *bytes, size_t length) { return fwrite(bytes, 1, length, file) == length; }
static bool get(FILE *file, void *bytes, size_t length) { return fread(bytes, 1, length, file) == length; }

static bool put_file(FILE *out, const struct file *file) {
    struct file plain = *file;
    plain.data = NULL;
    plain.key = NULL;
    uint8_t *der = NULL;
    int length = file->key ? i2d_PrivateKey(file->key, &der) : 0;
    bool done = put(out, &plain, sizeof plain) && put(out, &length, sizeof length)
        && put(out, der ? der : (uint8_t *)"", (size_t)length)
        && (!file->data || put(out, file->data, file->size));
    OPENSSL_clear_free(der, (size_t)length);
    return done;
}

static bool get_file(FILE *in, struct file *file) {
    int length;
    uint8_t der[8192];
    if (!get(in, file, sizeof *file) || !get(in, &length, sizeof length)) return false;
    file->data = NULL;
    file->key = NULL;
    if (length < 0 || (size_t)length > sizeof der || !get(in, der, (size_t)length)) return false;
    const uint8_t *at = der;
    if (length) file->key = d2i_AutoPrivateKey(NULL, &at, length);
    OPENSSL_cleanse(der, sizeof der);
    if (length && !file->key) return false;
    if (!file->used || file->type != TYPE_TRANSPARENT) return true;
    file->data = calloc(1, file->size ? file->size : 1);
    return file->data && get(in, file->data, file->size);
}

bool card_save(const struct card *card) {
    char path[512];
    if (!card->store) return true;
    snprintf(path, sizeof path, "%s.new", card->store);
    FILE *out = fopen(path, "wb");
    if (!out) return false;
    bool done = put(out, magic, sizeof magic) && put(out, card->serial, sizeof card->serial)
        && put(out, &card->active, sizeof card->active) && put(out, &card->changes, sizeof card->changes)
        && put(out, card->pins, sizeof card->pins);
    for (int index = 0; done && index < MAX_FILES; index++) done = put_file(out, &card->files[index]);
    done = fclose(out) == 0 && done;
    return done && rename(path, card->store) == 0;
}

bool card_load(struct card *card, const char *path) {
    static const uint8_t open_to_all[6] = {0x00, 0x0F, 0xFF, 0x00, 0x0F, 0xFF};
    char found[sizeof magic];
    card->store = path;
    FILE *in = path ? fopen(path, "rb") : NULL;
    if (!in) {
        RAND_bytes(card->serial, sizeof card->serial);
        card_format(card, open_to_all);
        return card_save(card);
    }
    bool done = get(in, found, sizeof found) && memcmp(found, magic, sizeof magic) == 0
        && get(in, card->serial, sizeof card->serial) && get(in, &card->active, sizeof card->active)
        && get(in, &card->changes, sizeof card->changes) && get(in, card->pins, sizeof card->pins);
    for (int index = 0; done && index < MAX_FILES; index++) done = get_file(in, &card->files[index]);
    fclose(in);
    card_power(card);
    return done;
}
