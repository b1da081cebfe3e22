// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <p11-kit/pkcs11.h>

enum { SLOTS = 2, GENERAL = 0, SIGNATURE = 1 };

enum qpin_model { SEPARATE_SLOT, ALWAYS_AUTHENTICATE, PROTECTED_PATH, AT_GENERATION };

// configuration.c: the file named by ISIGNUM_SIMULATOR, read again whenever it changed.
struct configuration {
    char module[512], state[512], log[512], secrets[512], keypad[512], keypad_qpin[512], keypad_puk[512], keypad_new[512];
    char label[64], manufacturer[64], model[32], serial[32], reader[80];
    char unreported[128], reported_false[128];
    char faults[8][160];
    int fault_count;
    enum qpin_model qpin_model;
    int tries[3];  // PIN, QPIN, PUK
    int qualified_limit;
    unsigned long memory;
    bool all_mechanisms, plugged, unblocks_by_set_pin, asks_at_generation, marks_factory;
};
const struct configuration *configuration(void);

// state.c: what survives the process, changed under a lock.
enum secret { SECRET_PIN, SECRET_QPIN, SECRET_PUK };
int tries_left(enum secret secret);
void set_tries_left(enum secret secret, int left);
// Whether a secret no longer has the value that the device came with.
bool was_changed(enum secret secret);
void set_changed(enum secret secret, bool changed);
bool unplugged(void);
void unplug(void);
void lock_state(void);
void unlock_state(void);

// calls.c: the log and the faults.
struct call {
    const char *name;
    unsigned long number;
    const char *note;
    char action[24];
    char value[128];
};
bool call_begins(struct call *call, const char *name, CK_RV *answer);
CK_RV call_ends(struct call *call, CK_RV answer);
void log_function_list(void);

// backend.c: SoftHSM and its two tokens.
extern CK_FUNCTION_LIST *real;
CK_RV backend_load(void);
CK_RV backend_find_tokens(void *arguments);
CK_SLOT_ID backend_slot(int slot);
int slot_of_session(CK_SESSION_HANDLE session);
int visible_slots(void);
bool one_slot(void);
CK_ULONG read_secret(const char *path, CK_UTF8CHAR *secret, size_t room);

// inventory.c: what is stored, seen without a login.
struct inventory {
    unsigned long keys, asking_keys, certificates, bytes;
};
struct inventory take_inventory(int slot);
bool fits(unsigned long bytes);

// slots.c, secrets.c, objects.c: the functions that differ from SoftHSM's.
CK_RV sim_initialize(void *arguments);
CK_RV sim_finalize(void *reserved);
CK_RV sim_slot_list(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count);
CK_RV sim_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info);
CK_RV sim_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info);
CK_RV sim_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count);
CK_RV sim_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info);
CK_RV sim_wait_for_slot_event(CK_FLAGS flags, CK_SLOT_ID *slot, void *reserved);
CK_RV sim_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *session);
CK_RV sim_close_all_sessions(CK_SLOT_ID slot);
CK_RV sim_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length);
CK_RV sim_set_pin(CK_SESSION_HANDLE s, CK_UTF8CHAR *old_pin, CK_ULONG old_length, CK_UTF8CHAR *pin, CK_ULONG length);
CK_RV sim_init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length);
void forget_pin(void);
CK_RV open_qualified_area(void);
CK_RV sim_generate(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_template, CK_ULONG public_count,
                   CK_ATTRIBUTE *private_template, CK_ULONG private_count, CK_OBJECT_HANDLE *public_key,
                   CK_OBJECT_HANDLE *private_key);
CK_RV sim_create(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *object);
CK_RV sim_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count);
