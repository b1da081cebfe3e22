// SPDX-License-Identifier: Apache-2.0
// Counts the steps by which a program changes what is on the disk, over all its threads, and kills it before the one that
// SUDDEN_END names. Each is a letter in the file that SUDDEN_END_LOG names; SUDDEN_END_STEPS says which count, if not all.
#define _GNU_SOURCE
#include "SuddenEnd.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int steps;

static void step(char kind) {
    const char *log = getenv("SUDDEN_END_LOG"), *last = getenv("SUDDEN_END");
    const char *wanted = getenv("SUDDEN_END_STEPS");
    if (wanted != NULL && strchr(wanted, kind) == NULL) return;
    int number = atomic_fetch_add(&steps, 1) + 1;
    if (log != NULL) {
        int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (write(file, &kind, 1) != 1) abort();
        close(file);
    }
    if (last != NULL && atoi(last) == number) raise(SIGKILL);
}

#define NEXT(name, type) ((type)dlsym(RTLD_NEXT, name))

__attribute__((visibility("default"))) int fsync(int file) {
    step('s');
    return NEXT("fsync", int (*)(int))(file);
}

__attribute__((visibility("default"))) int fdatasync(int file) {
    step('d');
    return NEXT("fdatasync", int (*)(int))(file);
}

__attribute__((visibility("default"))) ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
    step('w');
    return NEXT("pwrite64", ssize_t(*)(int, const void *, size_t, off64_t))(file, bytes, count, place);
}

__attribute__((visibility("default"))) ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
    step('w');
    return NEXT("pwrite", ssize_t(*)(int, const void *, size_t, off_t))(file, bytes, count, place);
}

__attribute__((visibility("default"))) int link(const char *from, const char *to) {
    step('l');
    return NEXT("link", int (*)(const char *, const char *))(from, to);
}

__attribute__((visibility("default"))) int rename(const char *from, const char *to) {
    step('r');
    return NEXT("rename", int (*)(const char *, const char *))(from, to);
}

__attribute__((visibility("default"))) int unlink(const char *name) {
    step('u');
    return NEXT("unlink", int (*)(const char *))(name);
}
