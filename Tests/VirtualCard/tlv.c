// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "card.h"

void append(struct answer *answer, const void *bytes, size_t length) {
    if (length > sizeof answer->bytes - answer->length) length = sizeof answer->bytes - answer->length;
    memcpy(answer->bytes + answer->length, bytes, length);
    answer->length += length;
}

void tlv_append(struct answer *answer, uint8_t tag, const uint8_t *value, size_t length) {
    uint8_t header[4] = {tag};
    size_t used = 1;
    if (length > 0xFF) {
        header[used++] = 0x82;
        header[used++] = (uint8_t)(length >> 8);
    } else if (length > 0x7F) {
        header[used++] = 0x81;
    }
    header[used++] = (uint8_t)length;
    append(answer, header, used);
    append(answer, value, length);
}

bool tlv_find(const uint8_t *bytes, size_t length, uint8_t tag, const uint8_t **value, size_t *value_length) {
    size_t at = 0;
    while (at + 2 <= length) {
        uint8_t found = bytes[at++];
        size_t size = bytes[at++];
        if (size == 0x81 && at < length) {
            size = bytes[at++];
        } else if (size == 0x82 && at + 1 < length) {
            size = (size_t)bytes[at] << 8 | bytes[at + 1];
            at += 2;
        }
        if (size > length - at) return false;
        if (found == tag) {
            *value = bytes + at;
            *value_length = size;
            return true;
        }
        at += size;
    }
    return false;
}
