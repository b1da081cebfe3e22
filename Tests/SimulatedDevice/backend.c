// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "simulator.h"

CK_FUNCTION_LIST *real;

static CK_SLOT_ID slots[SLOTS];
static const char *const labels[SLOTS] = {"general", "signature"};
static const char *const files[SLOTS] = {"pin", "qpin"};

CK_RV backend_load(void) {
    if (real) return CKR_OK;
    void *library = dlopen(configuration()->module, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
    if (!get) {
        fprintf(stderr, "simulator: cannot load %s\n", configuration()->module);
        return CKR_GENERAL_ERROR;
    }
    return get(&real);
}

static bool labelled(const CK_UTF8CHAR label[32], const char *name) {
    size_t length = strlen(name);
    return memcmp(label, name, length) == 0 && label[length] == ' ';
}

static CK_RV look(bool found[SLOTS], CK_SLOT_ID *free_slot) {
    CK_SLOT_ID list[64];
    CK_ULONG count;
    // Asked for the number alone, SoftHSM also puts a new empty token beside the ones that it has.
    CK_RV result = real->C_GetSlotList(CK_TRUE, NULL, &count);
    count = sizeof list / sizeof *list;
    if (result == CKR_OK) result = real->C_GetSlotList(CK_TRUE, list, &count);
    for (CK_ULONG index = 0; result == CKR_OK && index < count; index++) {
        CK_TOKEN_INFO info;
        if (real->C_GetTokenInfo(list[index], &info) != CKR_OK) continue;
        if (!(info.flags & CKF_TOKEN_INITIALIZED)) *free_slot = list[index];
        for (int slot = 0; slot < SLOTS; slot++) {
            if (!(info.flags & CKF_TOKEN_INITIALIZED) || !labelled(info.label, labels[slot])) continue;
            slots[slot] = list[index];
            found[slot] = true;
        }
    }
    return result;
}

CK_ULONG read_secret(const char *path, CK_UTF8CHAR *secret, size_t room) {
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t length = fread(secret, 1, room, file);
    fclose(file);
    while (length && secret[length - 1] == '\n') length--;
    return length;
}

static CK_ULONG first_secret(const char *name, CK_UTF8CHAR *secret, size_t room) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", configuration()->secrets, name);
    return read_secret(path, secret, room);
}

// A device comes from its maker with its secrets set; here they come from files, once.
static CK_RV personalise(CK_SLOT_ID slot, int which) {
    CK_UTF8CHAR puk[64], pin[64], label[32];
    CK_ULONG puk_length = first_secret("puk", puk, sizeof puk), pin_length = first_secret(files[which], pin, sizeof pin);
    CK_SESSION_HANDLE session;
    memset(label, ' ', sizeof label);
    memcpy(label, labels[which], strlen(labels[which]));
    CK_RV result = real->C_InitToken(slot, puk, puk_length, label);
    bool found[SLOTS] = {false};
    CK_SLOT_ID free_slot;
    if (result == CKR_OK) result = look(found, &free_slot);
    if (result == CKR_OK)
        result = real->C_OpenSession(slots[which], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session);
    if (result == CKR_OK) {
        result = real->C_Login(session, CKU_SO, puk, puk_length);
        if (result == CKR_OK) result = real->C_InitPIN(session, pin, pin_length);
        real->C_CloseSession(session);
    }
    memset(puk, 0, sizeof puk);
    memset(pin, 0, sizeof pin);
    return result;
}

CK_RV backend_find_tokens(void *arguments) {
    bool found[SLOTS] = {false}, fresh = false;
    CK_SLOT_ID free_slot = 0;
    lock_state();
    CK_RV result = look(found, &free_slot);
    for (int slot = 0; slot < SLOTS && result == CKR_OK; slot++) {
        if (found[slot]) continue;
        fresh = true;
        result = personalise(free_slot, slot);
        if (result == CKR_OK) result = look(found, &free_slot);
    }
    // SoftHSM takes a new user PIN from a token that it has open only after it was started again.
    if (fresh && result == CKR_OK) result = real->C_Finalize(NULL);
    if (fresh && result == CKR_OK) result = real->C_Initialize(arguments);
    if (fresh && result == CKR_OK) result = look(found, &free_slot);
    unlock_state();
    return result;
}

CK_SLOT_ID backend_slot(int slot) { return slots[slot]; }

int slot_of_session(CK_SESSION_HANDLE session) {
    CK_SESSION_INFO info;
    if (real->C_GetSessionInfo(session, &info) != CKR_OK) return -1;
    return info.slotID == slots[SIGNATURE] ? SIGNATURE : GENERAL;
}

bool one_slot(void) {
    return configuration()->qpin_model == ALWAYS_AUTHENTICATE || configuration()->qpin_model == AT_GENERATION;
}

int visible_slots(void) { return one_slot() ? 1 : SLOTS; }
