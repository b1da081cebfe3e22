// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "simulator.h"

static struct configuration current;
static struct timespec read_at;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static const struct configuration defaults = {
    .label = "ProID+Q simulator",
    .manufacturer = "isignum simulator",
    .model = "ProID+Q",
    .serial = "C6B67B431DB714B4",
    .reader = "Simulated Reader 00 00",
    .qpin_model = SEPARATE_SLOT,
    .tries = {3, 3, 5},
    .qualified_limit = 2,
    .memory = 32768,
    .plugged = true,
};

static void copy(char *to, size_t room, const char *value) { snprintf(to, room, "%s", value); }

static bool yes(const char *value) { return strcmp(value, "yes") == 0; }

static void set(struct configuration *it, const char *key, const char *value) {
    struct { const char *key; char *to; size_t room; } texts[] = {
        {"module", it->module, sizeof it->module},
        {"state", it->state, sizeof it->state},
        {"log", it->log, sizeof it->log},
        {"secrets", it->secrets, sizeof it->secrets},
        {"keypad", it->keypad, sizeof it->keypad},
        {"keypad_qpin", it->keypad_qpin, sizeof it->keypad_qpin},
        {"keypad_puk", it->keypad_puk, sizeof it->keypad_puk},
        {"keypad_new", it->keypad_new, sizeof it->keypad_new},
        {"label", it->label, sizeof it->label},
        {"manufacturer", it->manufacturer, sizeof it->manufacturer},
        {"model", it->model, sizeof it->model},
        {"serial", it->serial, sizeof it->serial},
        {"reader", it->reader, sizeof it->reader},
        {"unreported", it->unreported, sizeof it->unreported},
        {"reported_false", it->reported_false, sizeof it->reported_false},
    };
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
        if (strcmp(key, texts[index].key) == 0) copy(texts[index].to, texts[index].room, value);
    if (strcmp(key, "qpin_model") == 0)
        it->qpin_model = strcmp(value, "always-authenticate") == 0 ? ALWAYS_AUTHENTICATE
            : strcmp(value, "protected-path") == 0 ? PROTECTED_PATH
            : strcmp(value, "at-generation") == 0 ? AT_GENERATION : SEPARATE_SLOT;
    if (strcmp(key, "pin_tries") == 0) it->tries[SECRET_PIN] = atoi(value);
    if (strcmp(key, "qpin_tries") == 0) it->tries[SECRET_QPIN] = atoi(value);
    if (strcmp(key, "puk_tries") == 0) it->tries[SECRET_PUK] = atoi(value);
    if (strcmp(key, "qualified_limit") == 0) it->qualified_limit = atoi(value);
    if (strcmp(key, "memory") == 0) it->memory = strtoul(value, NULL, 10);
    if (strcmp(key, "mechanisms") == 0) it->all_mechanisms = strcmp(value, "all") == 0;
    if (strcmp(key, "plugged") == 0) it->plugged = yes(value);
    if (strcmp(key, "asks_at_generation") == 0) it->asks_at_generation = yes(value);
    if (strcmp(key, "marks_factory") == 0) it->marks_factory = yes(value);
    if (strcmp(key, "unblock_style") == 0) it->unblocks_by_set_pin = strcmp(value, "set-pin") == 0;
    if (strcmp(key, "fault") == 0 && it->fault_count < 8) copy(it->faults[it->fault_count++], sizeof *it->faults, value);
}

static void read_file(FILE *file) {
    char line[1024];
    current = defaults;
    while (fgets(line, sizeof line, file)) {
        char *equals = strchr(line, '=');
        if (line[0] == '#' || !equals) continue;
        char *end = equals;
        while (end > line && end[-1] == ' ') end--;
        *end = 0;
        char *value = equals + 1;
        while (*value == ' ') value++;
        value[strcspn(value, "\n")] = 0;
        set(&current, line, value);
    }
}

const struct configuration *configuration(void) {
    const char *path = getenv("ISIGNUM_SIMULATOR");
    struct stat status;
    pthread_mutex_lock(&mutex);
    if (path && stat(path, &status) == 0
        && (status.st_mtim.tv_sec != read_at.tv_sec || status.st_mtim.tv_nsec != read_at.tv_nsec)) {
        FILE *file = fopen(path, "r");
        if (file) {
            read_file(file);
            fclose(file);
            read_at = status.st_mtim;
        }
    }
    pthread_mutex_unlock(&mutex);
    return &current;
}
