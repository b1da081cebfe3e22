// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "card.h"

static const uint8_t application[] = {0xA0, 0x00, 0x00, 0x00, 0x63, 'P', 'K', 'C', 'S', '-', '1', '5'};

void file_free(struct file *file) {
    free(file->data);
    EVP_PKEY_free(file->key);
    *file = (struct file){0};
}

void card_format(struct card *card, const uint8_t access[6]) {
    for (int index = 0; index < MAX_FILES; index++) file_free(&card->files[index]);
    memset(card->pins, 0, sizeof card->pins);
    card->active = false;
    card->changes = 0;
    card->files[0] = (struct file){.used = true, .id = 0x3F00, .type = TYPE_FOLDER, .size = 0xFFFF, .parent = -1};
    card->files[1] = (struct file){.used = true, .id = 0x5015, .type = TYPE_FOLDER, .size = 0xFFFF, .parent = 0};
    memcpy(card->files[0].access, access, 3);
    memcpy(card->files[1].access, access + 3, 3);
    memcpy(card->files[1].name, application, sizeof application);
    card->files[1].name_length = sizeof application;
    card_power(card);
}

void card_power(struct card *card) {
    card->current = card->folder = 0;
    card->verified = 0;
    card->key_reference = 0;
    card->algorithm = 0;
    card->chained = card->rest_length = card->rest_offset = 0;
}

int file_in(const struct card *card, int folder, uint16_t id) {
    for (int index = 0; index < MAX_FILES; index++)
        if (card->files[index].used && card->files[index].parent == folder && card->files[index].id == id) return index;
    return -1;
}

bool allowed(const struct card *card, uint8_t nibble) {
    if (!card->active || nibble == 0) return true;
    return nibble != 15 && (card->verified & (1u << nibble)) != 0;
}

size_t memory_used(const struct card *card) {
    size_t used = 0;
    for (int index = 0; index < MAX_FILES; index++) {
        const struct file *file = &card->files[index];
        if (file->used && file->type == TYPE_TRANSPARENT) used += file->size;
        // A private RSA key takes five halves of its modulus and the modulus, an EC key three coordinates.
        if (file->used && file->type == TYPE_RSA) used += (size_t)file->size / 8 * 7 / 2;
        if (file->used && file->type == TYPE_EC) used += (size_t)(file->size + 7) / 8 * 3;
    }
    return used;
}

static void describe(const struct card *card, const struct file *file, struct answer *answer) {
    struct answer body = {.length = 0};
    uint8_t size[2] = {(uint8_t)(file->size >> 8), (uint8_t)file->size};
    uint8_t id[2] = {(uint8_t)(file->id >> 8), (uint8_t)file->id};
    uint8_t state = card->active ? 7 : 1;
    tlv_append(&body, file->type == TYPE_TRANSPARENT ? 0x80 : 0x81, size, 2);
    tlv_append(&body, 0x82, &file->type, 1);
    tlv_append(&body, 0x83, id, 2);
    tlv_append(&body, 0x86, file->access, 3);
    tlv_append(&body, 0x85, file->property, 2);
    tlv_append(&body, 0x8A, &state, 1);
    if (file->name_length) tlv_append(&body, 0x84, file->name, file->name_length);
    tlv_append(answer, 0x6F, body.bytes, body.length);
}

static int walk(const struct card *card, int from, const uint8_t *path, size_t length) {
    for (size_t at = 0; at + 1 < length && from >= 0; at += 2) {
        uint16_t id = (uint16_t)(path[at] << 8 | path[at + 1]);
        if (id == 0x3F00) from = 0;
        else if (id != 0x3FFF) from = file_in(card, from, id);
    }
    return from;
}

static int find_by_id(const struct card *card, uint16_t id) {
    if (id == 0x3F00) return 0;
    if (card->files[card->folder].id == id) return card->folder;
    int parent = card->files[card->folder].parent;
    int found = file_in(card, card->folder, id);
    if (found < 0 && parent >= 0) found = file_in(card, parent, id);
    return found < 0 ? file_in(card, 0, id) : found;
}

status_word select_file(struct card *card, const struct command *command, struct answer *answer) {
    int found = -1;
    switch (command->p1) {
    case 0: found = command->length < 2 ? 0 : find_by_id(card, (uint16_t)(command->data[0] << 8 | command->data[1])); break;
    case 1:
    case 2:
    case 9: found = walk(card, card->folder, command->data, command->length); break;
    case 3: found = card->files[card->folder].parent < 0 ? 0 : card->files[card->folder].parent; break;
    case 4:
        if (command->length && command->length <= sizeof application
            && memcmp(application, command->data, command->length) == 0)
            found = file_in(card, 0, 0x5015);
        break;
    case 8: found = walk(card, 0, command->data, command->length); break;
    default: return SW_WRONG_P1P2;
    }
    if (found < 0) return SW_FILE_NOT_FOUND;
    card->current = found;
    card->folder = card->files[found].type == TYPE_FOLDER ? found : card->files[found].parent;
    if (command->p2 == 0) describe(card, &card->files[found], answer);
    return SW_OK;
}

status_word read_binary(struct card *card, const struct command *command, struct answer *answer) {
    struct file *file = &card->files[card->current];
    size_t offset = (size_t)command->p1 << 8 | command->p2;
    if (file->type != TYPE_TRANSPARENT) return SW_NO_FILE_SELECTED;
    if (!allowed(card, file->access[0] >> 4)) return SW_SECURITY;
    if (offset > file->size) return SW_OFFSET;
    size_t wanted = command->expected ? command->expected : 256;
    append(answer, file->data + offset, wanted < file->size - offset ? wanted : file->size - offset);
    return SW_OK;
}

status_word update_binary(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    struct file *file = &card->files[card->current];
    size_t offset = (size_t)command->p1 << 8 | command->p2;
    if (file->type != TYPE_TRANSPARENT) return SW_NO_FILE_SELECTED;
    if (!allowed(card, file->access[0] & 15)) return SW_SECURITY;
    if (offset + command->length > file->size) return SW_NO_MEMORY;
    memcpy(file->data + offset, command->data, command->length);
    card->changes++;
    return card_save(card) ? SW_OK : SW_FAILED;
}

status_word create_file(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    const uint8_t *body, *value;
    size_t length, size;
    struct file file = {.used = true, .parent = card->folder};
    if (!allowed(card, card->files[card->folder].access[0] & 15)) return SW_SECURITY;
    if (command->length < 2 || !tlv_find(command->data, command->length, command->data[0], &body, &length)
        || !tlv_find(body, length, 0x82, &value, &size) || size < 1)
        return SW_WRONG_DATA;
    file.type = value[0];
    if (!tlv_find(body, length, 0x83, &value, &size) || size != 2) return SW_WRONG_DATA;
    file.id = (uint16_t)(value[0] << 8 | value[1]);
    if ((tlv_find(body, length, 0x80, &value, &size) || tlv_find(body, length, 0x81, &value, &size)) && size == 2)
        file.size = (uint16_t)(value[0] << 8 | value[1]);
    if (tlv_find(body, length, 0x86, &value, &size) && size >= 3) memcpy(file.access, value, 3);
    if (tlv_find(body, length, 0x85, &value, &size) && size >= 2) memcpy(file.property, value, 2);
    if (tlv_find(body, length, 0x84, &value, &size) && size <= sizeof file.name) {
        memcpy(file.name, value, size);
        file.name_length = (uint8_t)size;
    }
    if (file_in(card, card->folder, file.id) >= 0) return SW_FILE_EXISTS;
    for (int index = 0; index < MAX_FILES; index++) {
        if (card->files[index].used) continue;
        card->files[index] = file;
        if (memory_used(card) > MEMORY) {
            card->files[index] = (struct file){0};
            return SW_NO_MEMORY;
        }
        if (file.type == TYPE_TRANSPARENT) card->files[index].data = calloc(1, file.size ? file.size : 1);
        card->current = index;
        if (file.type == TYPE_FOLDER) card->folder = index;
        card->changes++;
        return card_save(card) ? SW_OK : SW_FAILED;
    }
    return SW_NO_MEMORY;
}

status_word delete_file(struct card *card, const struct command *command, struct answer *answer) {
    (void)command, (void)answer;
    struct file *file = &card->files[card->current];
    int parent = file->parent;
    if (!allowed(card, file->access[1] >> 4)) return SW_SECURITY;
    if (parent < 0) return SW_CONDITIONS;
    for (int index = 0; index < MAX_FILES; index++)
        if (card->files[index].used && card->files[index].parent == card->current) return SW_CONDITIONS;
    file_free(file);
    card->current = card->folder = parent;
    card->changes++;
    return card_save(card) ? SW_OK : SW_FAILED;
}
