// SPDX-License-Identifier: Apache-2.0
// Calls that Swift's Glibc does not show: they are variadic, or GNU's own.
#pragma once

#include <spawn.h>
#include <sys/prctl.h>

// glibc 2.34 or later.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/// Whether the process may leave a core and be looked into by others of its user (PR_SET_DUMPABLE, prctl(2)).
static inline int isignum_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }
