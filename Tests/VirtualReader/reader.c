// SPDX-License-Identifier: Apache-2.0
// A PC/SC IFD handler (version 3.0) for tests: its reader is a unix socket, its card whoever listens there. A card is
// present when the connection stands; pulling the card is closing it. No TCP, no root, no hardware.
//
// reader.conf: DEVICENAME unix:/path/of/the/socket (pcscd wants the colon, or it takes the name for a file).
#include <ifdhandler.h>
#include <reader.h>
#include <string.h>
#include <unistd.h>

#include "link.h"

enum { READERS = 16 };

struct reader {
    bool used;
    int descriptor;
    DWORD lun;
    char path[LINK_MAX_PATH + 1];
    UCHAR atr[MAX_ATR_SIZE];
    DWORD atr_length;
};

// pcscd calls every function of one reader from one thread at a time (TAG_IFD_THREAD_SAFE is 0).
static struct reader readers[READERS];

static struct reader *find(DWORD lun) {
    for (int index = 0; index < READERS; index++)
        if (readers[index].used && readers[index].lun == lun) return &readers[index];
    return NULL;
}

static void drop_card(struct reader *reader) {
    if (reader->descriptor >= 0) close(reader->descriptor);
    reader->descriptor = -1;
    reader->atr_length = 0;
}

static bool control(struct reader *reader, uint8_t command) {
    if (reader->descriptor >= 0 && link_send(reader->descriptor, &command, 1)) return true;
    drop_card(reader);
    return false;
}

static bool read_atr(struct reader *reader) {
    ssize_t length = control(reader, LINK_ATR) ? link_receive(reader->descriptor, reader->atr, MAX_ATR_SIZE) : -1;
    if (length <= 0) {
        drop_card(reader);
        return false;
    }
    reader->atr_length = (DWORD)length;
    return true;
}

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name) {
    const char *path = strncmp(name, "unix:", 5) == 0 ? name + 5 : name;
    if (strlen(path) > LINK_MAX_PATH) return IFD_COMMUNICATION_ERROR;
    for (int index = 0; index < READERS; index++) {
        struct reader *reader = &readers[index];
        if (reader->used) continue;
        *reader = (struct reader){.used = true, .descriptor = -1, .lun = lun};
        strcpy(reader->path, path);
        return IFD_SUCCESS;
    }
    return IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) {
    (void)lun, (void)channel;
    return IFD_COMMUNICATION_ERROR;
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
    struct reader *reader = find(lun);
    if (!reader) return IFD_COMMUNICATION_ERROR;
    drop_card(reader);
    reader->used = false;
    return IFD_SUCCESS;
}

static RESPONSECODE one_byte(PUCHAR value, PDWORD length, UCHAR answer) {
    if (*length < 1) return IFD_ERROR_INSUFFICIENT_BUFFER;
    *value = answer;
    *length = 1;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
    struct reader *reader = find(lun);
    switch (tag) {
    case TAG_IFD_ATR:
    case SCARD_ATTR_ATR_STRING:
        if (!reader || reader->descriptor < 0 || *length < reader->atr_length) return IFD_COMMUNICATION_ERROR;
        *length = reader->atr_length;
        memcpy(value, reader->atr, reader->atr_length);
        return IFD_SUCCESS;
    case TAG_IFD_SIMULTANEOUS_ACCESS: return one_byte(value, length, READERS);
    case TAG_IFD_THREAD_SAFE: return one_byte(value, length, 0);
    case TAG_IFD_SLOTS_NUMBER: return one_byte(value, length, 1);
    default: *length = 0; return IFD_ERROR_TAG;
    }
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value) {
    (void)lun, (void)tag, (void)length, (void)value;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3) {
    (void)lun, (void)protocol, (void)flags, (void)pts1, (void)pts2, (void)pts3;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length) {
    struct reader *reader = find(lun);
    DWORD room = *length;
    *length = 0;
    if (!reader) return IFD_COMMUNICATION_ERROR;
    if (action == IFD_POWER_DOWN) return control(reader, LINK_POWER_OFF) ? IFD_SUCCESS : IFD_COMMUNICATION_ERROR;
    if (!control(reader, action == IFD_POWER_UP ? LINK_POWER_ON : LINK_RESET)) return IFD_COMMUNICATION_ERROR;
    if (!read_atr(reader) || reader->atr_length > room) return IFD_COMMUNICATION_ERROR;
    *length = reader->atr_length;
    memcpy(atr, reader->atr, reader->atr_length);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHTransmitToICC(
    DWORD lun, SCARD_IO_HEADER send_pci, PUCHAR command, DWORD command_length, PUCHAR answer, PDWORD answer_length,
    PSCARD_IO_HEADER receive_pci
) {
    struct reader *reader = find(lun);
    DWORD room = *answer_length;
    *answer_length = 0;
    if (!reader || reader->descriptor < 0) return IFD_COMMUNICATION_ERROR;
    ssize_t length = link_send(reader->descriptor, command, command_length)
        ? link_receive(reader->descriptor, answer, room)
        : -1;
    if (length < 2) {
        drop_card(reader);
        return IFD_COMMUNICATION_ERROR;
    }
    *answer_length = (DWORD)length;
    if (receive_pci) receive_pci->Protocol = send_pci.Protocol;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHControl(
    DWORD lun, DWORD code, PUCHAR command, DWORD command_length, PUCHAR answer, DWORD room, LPDWORD answer_length
) {
    (void)lun, (void)code, (void)command, (void)command_length, (void)answer, (void)room;
    *answer_length = 0;
    return IFD_ERROR_NOT_SUPPORTED;
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
    struct reader *reader = find(lun);
    if (!reader) return IFD_COMMUNICATION_ERROR;
    if (reader->descriptor < 0) reader->descriptor = link_connect(reader->path);
    return reader->descriptor >= 0 && read_atr(reader) ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}
