// SPDX-License-Identifier: Apache-2.0
#include <openssl/rand.h>
#include <string.h>

#include "card.h"

static bool parse(const uint8_t *apdu, size_t length, struct command *command) {
    if (length < 4) return false;
    *command = (struct command){.class = apdu[0], .instruction = apdu[1], .p1 = apdu[2], .p2 = apdu[3]};
    const uint8_t *body = apdu + 4;
    size_t rest = length - 4, size;
    if (rest == 0) return true;
    if (rest == 1) {
        command->expected = body[0] ? body[0] : 256;
        return true;
    }
    bool extended = body[0] == 0 && rest >= 3;
    if (extended && rest == 3) {
        command->expected = (size_t)body[1] << 8 | body[2];
        if (!command->expected) command->expected = 65536;
        return true;
    }
    size = extended ? (size_t)body[1] << 8 | body[2] : body[0];
    size_t header = extended ? 3 : 1;
    if (size > rest - header) return false;
    command->data = body + header;
    command->length = size;
    rest -= header + size;
    if (rest == 1) command->expected = command->data[size] ? command->data[size] : 256;
    if (rest == 2) command->expected = (size_t)command->data[size] << 8 | command->data[size + 1];
    return true;
}

static status_word get_data(struct card *card, const struct command *command, struct answer *answer) {
    uint16_t tag = (uint16_t)(command->p1 << 8 | command->p2);
    if (tag == 0x01A0) {  // name, version, serial, counter of changes
        static const uint8_t name[] = {'M', 'y', 'E', 'I', 'D', 4, 5, 0};
        uint8_t changes[2] = {(uint8_t)(card->changes >> 8), (uint8_t)card->changes};
        append(answer, name, sizeof name);
        append(answer, card->serial, sizeof card->serial);
        append(answer, changes, sizeof changes);
        return SW_OK;
    }
    if (tag == 0x01AA) {  // what the card can: RSA up to 4,096 bits, curves up to 521
        static const uint8_t capabilities[] = {1, 0x00, 0x09, 0x10, 0x00, 0, 0, 0, 0, 0x02, 0x09};
        append(answer, capabilities, sizeof capabilities);
        return SW_OK;
    }
    if (tag == 0x01A1) {  // the files of the folder
        for (int index = 0; index < MAX_FILES; index++) {
            const struct file *file = &card->files[index];
            uint8_t id[2] = {(uint8_t)(file->id >> 8), (uint8_t)file->id};
            if (file->used && file->parent == card->folder) append(answer, id, sizeof id);
        }
        return SW_OK;
    }
    if (tag >= 0x01B0 && tag <= 0x01BE) return SW_OK;
    return public_part(&card->files[card->current], tag, answer);
}

static status_word put_data(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    uint16_t tag = (uint16_t)(command->p1 << 8 | command->p2);
    if (tag == 0x01E0) {
        if (command->length < 8) return SW_WRONG_DATA;
        if (!allowed(card, card->files[0].access[1] >> 4)) return SW_SECURITY;
        card_format(card, command->data + 2);
        return card_save(card) ? SW_OK : SW_FAILED;
    }
    if (tag >= 0x0101 && tag <= 0x010E) return make_pin(card, command);
    return SW_NO_DATA;  // keys cannot be brought from outside
}

static status_word activate(struct card *card, const struct command *command, struct answer *answer) {
    (void)command, (void)answer;
    card->active = true;
    card->verified = 0;
    return card_save(card) ? SW_OK : SW_FAILED;
}

static status_word challenge(struct card *card, const struct command *command, struct answer *answer) {
    (void)card;
    uint8_t bytes[256];
    size_t length = command->expected && command->expected <= sizeof bytes ? command->expected : 8;
    if (RAND_bytes(bytes, (int)length) != 1) return SW_FAILED;
    append(answer, bytes, length);
    return SW_OK;
}

static status_word dispatch(struct card *card, const struct command *command, struct answer *answer) {
    switch (command->instruction) {
    case 0x20: return verify_pin(card, command, answer);
    case 0x22: return choose_key(card, command, answer);
    case 0x24: return change_pin(card, command, answer);
    case 0x2A: return use_key(card, command, answer);
    case 0x2C: return unblock_pin(card, command, answer);
    case 0x2E: return forget_pins(card, command, answer);
    case 0x44: return activate(card, command, answer);
    case 0x46: return generate_key(card, command, answer);
    case 0x84: return challenge(card, command, answer);
    case 0xA4: return select_file(card, command, answer);
    case 0xB0: return read_binary(card, command, answer);
    case 0xCA: return get_data(card, command, answer);
    case 0xD6: return update_binary(card, command, answer);
    case 0xDA: return put_data(card, command, answer);
    case 0xE0: return create_file(card, command, answer);
    case 0xE4: return delete_file(card, command, answer);
    default: return SW_UNKNOWN_INS;
    }
}

// What does not fit into the expected length waits for GET RESPONSE (ISO 7816-3, section 12.2.4).
static size_t give(struct card *card, size_t expected, uint8_t *answer, size_t room) {
    size_t left = card->rest_length - card->rest_offset;
    size_t now = left < expected ? left : expected;
    if (now > room - 2) now = room - 2;
    memcpy(answer, card->rest + card->rest_offset, now);
    card->rest_offset += now;
    left -= now;
    answer[now] = left ? 0x61 : 0x90;
    answer[now + 1] = (uint8_t)(left > 255 ? 0 : left);
    return now + 2;
}

static size_t status(status_word word, uint8_t *answer) {
    answer[0] = (uint8_t)(word >> 8);
    answer[1] = (uint8_t)word;
    return 2;
}

size_t card_answer(struct card *card, const uint8_t *apdu, size_t length, uint8_t *bytes, size_t room) {
    static struct answer answer;
    struct command command;
    if (!parse(apdu, length, &command)) return status(SW_WRONG_LENGTH, bytes);
    size_t expected = command.expected ? command.expected : 256;
    if (command.instruction == 0xC0) return give(card, expected, bytes, room);
    card->rest_length = card->rest_offset = 0;
    if (command.length > sizeof card->chain - card->chained) return status(SW_WRONG_LENGTH, bytes);
    if (command.length) memcpy(card->chain + card->chained, command.data, command.length);
    card->chained += command.length;
    if (command.class & 0x10) return status(SW_OK, bytes);
    command.data = card->chain;
    command.length = card->chained;
    card->chained = 0;
    answer.length = 0;
    status_word word = dispatch(card, &command, &answer);
    OPENSSL_cleanse(card->chain, command.length);
    if (word != SW_OK) return status(word, bytes);
    memcpy(card->rest, answer.bytes, answer.length);
    card->rest_length = answer.length;
    return give(card, expected, bytes, room);
}
