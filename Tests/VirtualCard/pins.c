// SPDX-License-Identifier: Apache-2.0
#include <openssl/crypto.h>
#include <string.h>

#include "card.h"

static struct pin *find(struct card *card, uint8_t reference) {
    struct pin *pin = reference < MAX_PINS ? &card->pins[reference] : NULL;
    return pin && pin->used ? pin : NULL;
}

static status_word wrong(uint8_t left) { return left ? (status_word)(0x63C0 | left) : SW_BLOCKED; }

// One try: the counter goes down and is on the disk before the answer leaves, so that pulling the card gains nothing.
static status_word try_secret(
    struct card *card, uint8_t reference, const uint8_t *held, uint8_t *left, uint8_t most, const uint8_t *given
) {
    if (!*left) return SW_BLOCKED;
    if (CRYPTO_memcmp(held, given, PIN_LENGTH) == 0) {
        *left = most;
        return card_save(card) ? SW_OK : SW_FAILED;
    }
    --*left;
    card->verified &= (uint16_t)~(1u << reference);
    return card_save(card) ? wrong(*left) : SW_FAILED;
}

status_word verify_pin(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    struct pin *pin = find(card, command->p2);
    if (!pin) return SW_NO_DATA;
    if (!command->length) return card->verified & (1u << command->p2) ? SW_OK : wrong(pin->pin_left);
    if (command->length != PIN_LENGTH) return SW_WRONG_LENGTH;
    status_word result = try_secret(card, command->p2, pin->pin, &pin->pin_left, pin->pin_most, command->data);
    if (result == SW_OK) card->verified |= (uint16_t)(1u << command->p2);
    return result;
}

status_word change_pin(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    struct pin *pin = find(card, command->p2);
    if (!pin) return SW_NO_DATA;
    if (command->length != 2 * PIN_LENGTH) return SW_WRONG_LENGTH;
    status_word result = try_secret(card, command->p2, pin->pin, &pin->pin_left, pin->pin_most, command->data);
    if (result != SW_OK) return result;
    memcpy(pin->pin, command->data + PIN_LENGTH, PIN_LENGTH);
    return card_save(card) ? SW_OK : SW_FAILED;
}

status_word unblock_pin(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    struct pin *pin = find(card, command->p2);
    if (!pin) return SW_NO_DATA;
    if (command->length != PIN_LENGTH && command->length != 2 * PIN_LENGTH) return SW_WRONG_LENGTH;
    status_word result = try_secret(card, command->p2, pin->puk, &pin->puk_left, pin->puk_most, command->data);
    if (result != SW_OK) return result;
    if (command->length == 2 * PIN_LENGTH) memcpy(pin->pin, command->data + PIN_LENGTH, PIN_LENGTH);
    pin->pin_left = pin->pin_most;
    return card_save(card) ? SW_OK : SW_FAILED;
}

status_word forget_pins(struct card *card, const struct command *command, struct answer *answer) {
    (void)answer;
    card->verified = command->p2 ? card->verified & (uint16_t)~(1u << command->p2) : 0;
    return SW_OK;
}

status_word make_pin(struct card *card, const struct command *command) {
    uint8_t reference = command->p2 & 15;
    if (reference >= MAX_PINS || command->length < 2 * PIN_LENGTH + 2) return SW_WRONG_DATA;
    struct pin *pin = &card->pins[reference];
    if (pin->used && card->active) return SW_CONDITIONS;
    *pin = (struct pin){.used = true};
    memcpy(pin->pin, command->data, PIN_LENGTH);
    memcpy(pin->puk, command->data + PIN_LENGTH, PIN_LENGTH);
    pin->pin_left = pin->pin_most = command->data[2 * PIN_LENGTH];
    pin->puk_left = pin->puk_most = command->data[2 * PIN_LENGTH + 1];
    return card_save(card) ? SW_OK : SW_FAILED;
}
