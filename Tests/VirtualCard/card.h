// SPDX-License-Identifier: Apache-2.0
// A card that answers the APDUs OpenSC's MyEID driver sends (ISO 7816-4, -8 and the driver's own data objects):
// files, fourteen PINs each with its PUK and counters, RSA and EC keys that are made and stay here.
#pragma once
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint16_t status_word;

enum {
    SW_OK = 0x9000,
    SW_WRONG_LENGTH = 0x6700,
    SW_SECURITY = 0x6982,
    SW_BLOCKED = 0x6983,
    SW_CONDITIONS = 0x6985,
    SW_NO_FILE_SELECTED = 0x6986,
    SW_FILE_TYPE = 0x6981,
    SW_WRONG_DATA = 0x6A80,
    SW_FILE_NOT_FOUND = 0x6A82,
    SW_NO_MEMORY = 0x6A84,
    SW_WRONG_P1P2 = 0x6A86,
    SW_NO_DATA = 0x6A88,
    SW_FILE_EXISTS = 0x6A89,
    SW_OFFSET = 0x6B00,
    SW_UNKNOWN_INS = 0x6D00,
    SW_FAILED = 0x6F00,
};

enum { TYPE_TRANSPARENT = 0x01, TYPE_RSA = 0x11, TYPE_EC = 0x22, TYPE_FOLDER = 0x38 };
enum { MAX_FILES = 256, MAX_PINS = 15, PIN_LENGTH = 8, MAX_ANSWER = 65536, MEMORY = 32768 };

struct file {
    bool used;
    uint16_t id;
    uint8_t type;
    uint16_t size;        // bytes of a transparent file; bits of a key
    uint8_t access[3];    // nibbles: 0 always, 15 never, n after PIN n
    uint8_t property[2];  // the first nibble of a key's names the PIN that every use wants
    uint8_t name[16];
    uint8_t name_length;
    int parent;           // index of the folder; -1 for the root
    uint8_t *data;        // `size` bytes of a transparent file
    EVP_PKEY *key;        // NULL until generated
};

struct pin {
    bool used;
    uint8_t pin[PIN_LENGTH], puk[PIN_LENGTH];
    uint8_t pin_left, puk_left, pin_most, puk_most;
};

struct card {
    // What survives a power cycle.
    const char *store;
    uint8_t serial[10];
    bool active;  // before, everything is allowed
    uint16_t changes;
    struct pin pins[MAX_PINS];
    struct file files[MAX_FILES];
    // What does not.
    int current, folder;
    uint16_t verified;  // a bit for each PIN
    uint16_t key_reference;
    uint8_t algorithm;
    uint8_t chain[MAX_ANSWER];
    size_t chained;
    uint8_t rest[MAX_ANSWER];
    size_t rest_length, rest_offset;
};

struct command {
    uint8_t class, instruction, p1, p2;
    const uint8_t *data;
    size_t length;
    size_t expected;
};

struct answer {
    uint8_t bytes[MAX_ANSWER];
    size_t length;
};

// store.c: what survives, in a file that is replaced as a whole.
bool card_load(struct card *card, const char *path);
bool card_save(const struct card *card);

// files.c
void card_format(struct card *card, const uint8_t access[6]);
void card_power(struct card *card);
int file_in(const struct card *card, int folder, uint16_t id);
bool allowed(const struct card *card, uint8_t nibble);
size_t memory_used(const struct card *card);
void file_free(struct file *file);
status_word select_file(struct card *, const struct command *, struct answer *);
status_word read_binary(struct card *, const struct command *, struct answer *);
status_word update_binary(struct card *, const struct command *, struct answer *);
status_word create_file(struct card *, const struct command *, struct answer *);
status_word delete_file(struct card *, const struct command *, struct answer *);

// pins.c
status_word verify_pin(struct card *, const struct command *, struct answer *);
status_word change_pin(struct card *, const struct command *, struct answer *);
status_word unblock_pin(struct card *, const struct command *, struct answer *);
status_word forget_pins(struct card *, const struct command *, struct answer *);
status_word make_pin(struct card *, const struct command *);

// keys.c
status_word generate_key(struct card *, const struct command *, struct answer *);
status_word choose_key(struct card *, const struct command *, struct answer *);
status_word use_key(struct card *, const struct command *, struct answer *);
status_word public_part(const struct file *file, uint16_t tag, struct answer *);

// commands.c
size_t card_answer(struct card *card, const uint8_t *apdu, size_t length, uint8_t *answer, size_t room);

// tlv.c: one-byte tags, lengths of up to two bytes.
bool tlv_find(const uint8_t *bytes, size_t length, uint8_t tag, const uint8_t **value, size_t *value_length);
void tlv_append(struct answer *answer, uint8_t tag, const uint8_t *value, size_t length);
void append(struct answer *answer, const void *bytes, size_t length);
