// SPDX-License-Identifier: Apache-2.0
#include "link.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

// A key pair of 4,096 bits may take a slow machine a while; a dead card must still end pcscd's wait.
static const struct timeval silence = {.tv_sec = 60};

int link_connect(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) > LINK_MAX_PATH) return -1;
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0
        || setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

bool link_send(int descriptor, const uint8_t *bytes, size_t length) {
    // Length and bytes leave in one piece: two would wait for each other.
    uint8_t message[2 + LINK_MAX_MESSAGE];
    if (length > LINK_MAX_MESSAGE) return false;
    message[0] = (uint8_t)(length >> 8);
    message[1] = (uint8_t)length;
    memcpy(message + 2, bytes, length);
    return send(descriptor, message, length + 2, MSG_NOSIGNAL) == (ssize_t)(length + 2);
}

static bool receive_exactly(int descriptor, void *bytes, size_t length) {
    return length == 0 || recv(descriptor, bytes, length, MSG_WAITALL) == (ssize_t)length;
}

ssize_t link_receive(int descriptor, uint8_t *bytes, size_t capacity) {
    uint8_t header[2];
    if (!receive_exactly(descriptor, header, sizeof header)) return -1;
    size_t length = (size_t)header[0] << 8 | header[1];
    if (length > capacity || !receive_exactly(descriptor, bytes, length)) return -1;
    return (ssize_t)length;
}
