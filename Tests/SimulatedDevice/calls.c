// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "simulator.h"

enum { FUNCTIONS = 80 };

static atomic_ulong total;
static struct { const char *name; atomic_ulong count; } by_name[FUNCTIONS];

static unsigned long count(const char *name) {
    for (int index = 0; index < FUNCTIONS; index++) {
        if (!by_name[index].name) by_name[index].name = name;
        if (strcmp(by_name[index].name, name) == 0) return atomic_fetch_add(&by_name[index].count, 1) + 1;
    }
    return 0;
}

// One write a line: lines of two processes never mix.
static void write_line(const char *line, int length) {
    int descriptor = open(configuration()->log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return;
    if (write(descriptor, line, (size_t)length) != length) fprintf(stderr, "simulator: cannot write the call log\n");
    close(descriptor);
}

static void log_call(const struct call *call, const char *outcome) {
    char line[256];
    const char *note = call->note ? call->note : "";
    int length = snprintf(line, sizeof line, "%lu %d %s %s%s%s\n", call->number, (int)getpid(), call->name, outcome,
                          *note ? " " : "", note);
    write_line(line, length);
}

void log_function_list(void) {
    struct call call = {.name = "C_GetFunctionList"};
    log_call(&call, "0x0");
}

// "at:N ACTION [VALUE]" or "C_Name:K ACTION [VALUE]".
static bool hits(const char *fault, struct call *call, unsigned long of_name) {
    char which[64];
    unsigned long wanted;
    call->action[0] = call->value[0] = 0;
    if (sscanf(fault, "%63[^:]:%lu %23s %127s", which, &wanted, call->action, call->value) < 3) return false;
    if (strcmp(which, "at") == 0) return wanted == call->number;
    return strcmp(which, call->name) == 0 && wanted == of_name;
}

static bool is(const struct call *call, const char *action) { return strcmp(call->action, action) == 0; }

static void die(const struct call *call) {
    log_call(call, call->action);
    raise(SIGKILL);
}

bool call_begins(struct call *call, const char *name, CK_RV *answer) {
    *call = (struct call){.name = name, .number = atomic_fetch_add(&total, 1) + 1};
    unsigned long of_name = count(name);
    const struct configuration *it = configuration();
    bool hit = false;
    for (int index = 0; index < it->fault_count && !hit; index++) hit = hits(it->faults[index], call, of_name);
    if (!hit) call->action[0] = 0;
    if (is(call, "kill")) die(call);
    if (is(call, "delay")) {
        long milliseconds = atol(call->value);
        struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
        nanosleep(&time, NULL);
    }
    if (is(call, "touch")) {
        int descriptor = open(call->value, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor >= 0) close(descriptor);
    }
    if (is(call, "unplug")) unplug();
    if (is(call, "return")) {
        *answer = strtoul(call->value, NULL, 16);
        return false;
    }
    return true;
}

CK_RV call_ends(struct call *call, CK_RV answer) {
    char outcome[32];
    if (is(call, "kill-after")) die(call);
    if (is(call, "unplug-after")) unplug();
    if (is(call, "return-after")) answer = strtoul(call->value, NULL, 16);
    snprintf(outcome, sizeof outcome, "0x%lx", answer);
    log_call(call, outcome);
    return answer;
}
