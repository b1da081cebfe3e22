// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "simulator.h"

// One number a file: the tries that are left. A file that is missing means that all are.
static const char *const names[] = {"pin-tries", "qpin-tries", "puk-tries"};
static int lock_descriptor = -1;

static void path_of(const char *name, char path[600]) { snprintf(path, 600, "%s/%s", configuration()->state, name); }

void lock_state(void) {
    char path[600];
    path_of("lock", path);
    lock_descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_descriptor >= 0) flock(lock_descriptor, LOCK_EX);
}

void unlock_state(void) {
    if (lock_descriptor >= 0) close(lock_descriptor);
    lock_descriptor = -1;
}

int tries_left(enum secret secret) {
    char path[600];
    int left = configuration()->tries[secret];
    path_of(names[secret], path);
    FILE *file = fopen(path, "r");
    if (!file) return left;
    if (fscanf(file, "%d", &left) != 1) left = 0;
    fclose(file);
    return left;
}

void set_tries_left(enum secret secret, int left) {
    char path[600], temporary[620];
    path_of(names[secret], path);
    snprintf(temporary, sizeof temporary, "%s.new", path);
    FILE *file = fopen(temporary, "w");
    if (!file) return;
    fprintf(file, "%d\n", left);
    if (fclose(file) == 0) rename(temporary, path);
}

static void make(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0) close(descriptor);
}

static const char *const changes[] = {"pin-changed", "qpin-changed", "puk-changed"};

bool was_changed(enum secret secret) {
    char path[600];
    path_of(changes[secret], path);
    return access(path, F_OK) == 0;
}

void set_changed(enum secret secret, bool changed) {
    char path[600];
    path_of(changes[secret], path);
    if (changed) make(path);
    else unlink(path);
}

bool unplugged(void) {
    char path[600];
    path_of("unplugged", path);
    return !configuration()->plugged || access(path, F_OK) == 0;
}

void unplug(void) {
    char path[600];
    path_of("unplugged", path);
    make(path);
}
