// SPDX-License-Identifier: Apache-2.0
// virtual-card SOCKET STORE [LOG [FAULT]]: a card that waits on a unix socket for its reader.
//
// SIGUSR1 pulls the card, SIGUSR2 pushes it in again, SIGTERM ends it. LOG gets a line for each APDU: its number, the
// first four bytes, the length of its data and the status word; never the data, which may be a PIN. FAULT is a file
// that is read before each APDU and may hold one line:
//   at N ACTION         the N-th APDU since the start
//   ins XX K ACTION     the K-th with that instruction
// The environment may give the card another answer to reset: VIRTUAL_CARD_ATR, in hexadecimal digits.
//
// ACTION: pull-before, pull-after (doing it), status XXXX instead, status-after XXXX, delay MILLISECONDS before, hang
// (nothing ever answers until the card is pulled).
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "link.h"
#include "card.h"

// "OsEID" in the historical bytes makes OpenSC take its MyEID driver.
static uint8_t atr[33] = {0x3B, 0xF5, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x4F, 0x73, 0x45, 0x49, 0x44, 0x92};
static size_t atr_length = 15;

static struct card card;
static unsigned long apdus, by_instruction[256];
static FILE *journal;
static bool pulled;
static const char *fault_path;

struct fault {
    bool hits;
    char action[16];
    unsigned long value;
};

static struct fault fault_for(uint8_t instruction) {
    struct fault fault = {.hits = false};
    FILE *file = fault_path ? fopen(fault_path, "r") : NULL;
    char line[128], value[16] = "";
    unsigned long number;
    unsigned wanted;
    if (!file) return fault;
    if (fgets(line, sizeof line, file)) {
        if (sscanf(line, "at %lu %15s %15s", &number, fault.action, value) >= 2) fault.hits = number == apdus;
        else if (sscanf(line, "ins %x %lu %15s %15s", &wanted, &number, fault.action, value) >= 3)
            fault.hits = wanted == instruction && number == by_instruction[instruction];
    }
    fclose(file);
    fault.value = strtoul(value, NULL, strcmp(fault.action, "status") == 0 ? 16 : 10);
    return fault;
}

// Answers one APDU. False when the card was pulled meanwhile.
static bool answer_apdu(int reader, const uint8_t *apdu, size_t length) {
    static uint8_t answer[MAX_ANSWER];
    uint8_t instruction = length > 1 ? apdu[1] : 0;
    apdus++;
    by_instruction[instruction]++;
    struct fault fault = fault_for(instruction);
    bool pulls_before = fault.hits && strcmp(fault.action, "pull-before") == 0;
    bool pulls_after = fault.hits && strcmp(fault.action, "pull-after") == 0;
    bool hangs = fault.hits && strcmp(fault.action, "hang") == 0;
    if (fault.hits && strcmp(fault.action, "delay") == 0) {
        struct timespec time = {.tv_sec = (time_t)(fault.value / 1000), .tv_nsec = (long)(fault.value % 1000) * 1000000};
        nanosleep(&time, NULL);
    }
    size_t size = 0;
    if (fault.hits && strcmp(fault.action, "status") == 0) {
        answer[size++] = (uint8_t)(fault.value >> 8);
        answer[size++] = (uint8_t)fault.value;
    } else if (!pulls_before && !hangs) {
        size = card_answer(&card, apdu, length, answer, sizeof answer - 2);
    }
    if (fault.hits && strcmp(fault.action, "status-after") == 0) {
        size = 0;
        answer[size++] = (uint8_t)(fault.value >> 8);
        answer[size++] = (uint8_t)fault.value;
    }
    if (journal && length >= 4) {
        unsigned word = size >= 2 ? (unsigned)(answer[size - 2] << 8 | answer[size - 1]) : 0;
        fprintf(journal, "%lu %02X%02X%02X%02X %zu %04X%s\n", apdus, apdu[0], apdu[1], apdu[2], apdu[3], length - 4, word,
                pulls_before || pulls_after ? " PULLED" : hangs ? " HANGS" : "");
        fflush(journal);
    }
    pulled = pulls_before || pulls_after;
    return hangs || (!pulled && link_send(reader, answer, size));
}

static bool serve(int reader) {
    static uint8_t message[LINK_MAX_MESSAGE];
    ssize_t length = link_receive(reader, message, sizeof message);
    if (length <= 0) return false;
    if (length > 1) return answer_apdu(reader, message, (size_t)length);
    if (message[0] == LINK_ATR) return link_send(reader, atr, atr_length);
    card_power(&card);
    return true;
}

static void take_atr(const char *digits) {
    unsigned byte;
    if (!digits) return;
    for (atr_length = 0; atr_length < sizeof atr && sscanf(digits, "%2x", &byte) == 1; digits += 2) {
        atr[atr_length++] = (uint8_t)byte;
        if (!digits[1]) break;
    }
}

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) > LINK_MAX_PATH) return -1;
    strcpy(address.sun_path, path);
    unlink(path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4) != 0)
        return -1;
    return listener;
}

static void shut(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}

// Out of the reader, the card neither listens nor holds a connection.
static void pull(const char *path, int *listener, int *reader) {
    shut(reader);
    shut(listener);
    unlink(path);
    card_power(&card);
}

int main(int count, char **arguments) {
    if (count < 3 || count > 5) {
        fprintf(stderr, "usage: virtual-card SOCKET STORE [LOG [FAULT]]\n");
        return 64;
    }
    const char *path = arguments[1];
    journal = count > 3 ? fopen(arguments[3], "a") : NULL;
    fault_path = count > 4 ? arguments[4] : NULL;
    if (!card_load(&card, arguments[2])) {
        fprintf(stderr, "virtual-card: cannot read %s\n", arguments[2]);
        return 66;
    }
    take_atr(getenv("VIRTUAL_CARD_ATR"));
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGUSR2);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int signal_descriptor = signalfd(-1, &signals, SFD_CLOEXEC);
    int listener = listen_at(path), reader = -1;
    if (listener < 0 || signal_descriptor < 0) {
        fprintf(stderr, "virtual-card: cannot listen at %s: %s\n", path, strerror(errno));
        return 73;
    }
    for (;;) {
        struct pollfd watched[] = {
            {.fd = signal_descriptor, .events = POLLIN},
            {.fd = reader >= 0 ? reader : listener, .events = POLLIN},
        };
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return 71;
        if (watched[0].revents & POLLIN) {
            struct signalfd_siginfo signal;
            if (read(signal_descriptor, &signal, sizeof signal) != sizeof signal) continue;
            if (signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT) break;
            if (signal.ssi_signo == SIGUSR1) pull(path, &listener, &reader);
            if (signal.ssi_signo == SIGUSR2 && listener < 0) listener = listen_at(path);
            continue;
        }
        if (!watched[1].revents) continue;
        if (reader < 0) {
            reader = accept(listener, NULL, NULL);
        } else if (!serve(reader)) {
            // A lost reader may come back; a pulled card stays out until SIGUSR2.
            shut(&reader);
            card_power(&card);
            if (pulled) pull(path, &listener, &reader);
            pulled = false;
        }
    }
    pull(path, &listener, &reader);
    return 0;
}
