// SPDX-License-Identifier: Apache-2.0
// The wire between the reader and the card: messages on a unix socket, each a 16-bit big-endian length and that many
// bytes. One byte is a control: 0 power off, 1 power on, 2 reset, 4 asks for the answer to reset. More is an APDU.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LINK_POWER_OFF = 0, LINK_POWER_ON = 1, LINK_RESET = 2, LINK_ATR = 4 };
enum { LINK_MAX_MESSAGE = 65535, LINK_MAX_PATH = 107 };

/// Connects to the card's socket. Returns a descriptor, or -1 when no card listens there.
int link_connect(const char *path);

/// Sends one message. False when the card is gone.
bool link_send(int descriptor, const uint8_t *bytes, size_t length);

/// Receives one message into room for `capacity` bytes. Returns its length, or -1 when the card is gone, sends more
/// than fits, or is silent for longer than a card may be.
ssize_t link_receive(int descriptor, uint8_t *bytes, size_t capacity);
