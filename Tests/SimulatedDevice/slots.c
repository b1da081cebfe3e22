// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "simulator.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool seen_unplugged;

CK_RV sim_initialize(void *arguments) {
    CK_RV result = backend_load();
    if (result == CKR_OK) result = real->C_Initialize(arguments);
    if (result == CKR_OK) result = backend_find_tokens(arguments);
    seen_unplugged = unplugged();
    return result;
}

CK_RV sim_finalize(void *reserved) {
    forget_pin();
    return real->C_Finalize(reserved);
}

static bool known(CK_SLOT_ID slot) { return slot < (CK_SLOT_ID)visible_slots(); }

CK_RV sim_slot_list(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count) {
    CK_ULONG slots = present && unplugged() ? 0 : (CK_ULONG)visible_slots();
    if (!count) return CKR_ARGUMENTS_BAD;
    CK_ULONG room = *count;
    *count = slots;
    if (!list) return CKR_OK;
    if (room < slots) return CKR_BUFFER_TOO_SMALL;
    for (CK_ULONG slot = 0; slot < slots; slot++) list[slot] = slot;
    return CKR_OK;
}

static void pad(CK_UTF8CHAR *field, size_t length, const char *text) {
    size_t used = strlen(text) < length ? strlen(text) : length;
    memset(field, ' ', length);
    memcpy(field, text, used);
}

CK_RV sim_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    const struct configuration *it = configuration();
    if (!known(slot)) return CKR_SLOT_ID_INVALID;
    memset(info, 0, sizeof *info);
    pad(info->slotDescription, sizeof info->slotDescription, it->reader);
    pad(info->manufacturerID, sizeof info->manufacturerID, it->manufacturer);
    info->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | (unplugged() ? 0 : CKF_TOKEN_PRESENT);
    info->firmwareVersion = info->hardwareVersion = (CK_VERSION){1, 0};
    return CKR_OK;
}

static CK_FLAGS flags_of(int left, int most, CK_FLAGS low, CK_FLAGS final, CK_FLAGS locked) {
    if (left <= 0) return locked;
    if (left == 1) return final | low;
    return left < most ? low : 0;
}

CK_RV sim_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    const struct configuration *it = configuration();
    char label[80];
    enum secret secret = slot == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
    if (!known(slot)) return CKR_SLOT_ID_INVALID;
    if (unplugged()) return CKR_TOKEN_NOT_PRESENT;
    CK_RV result = real->C_GetTokenInfo(backend_slot((int)slot), info);
    if (result != CKR_OK) return result;
    snprintf(label, sizeof label, "%s%s", it->label, slot == SIGNATURE ? " (QPIN)" : "");
    pad(info->label, sizeof info->label, label);
    pad(info->manufacturerID, sizeof info->manufacturerID, it->manufacturer);
    pad(info->model, sizeof info->model, it->model);
    pad((CK_UTF8CHAR *)info->serialNumber, sizeof info->serialNumber, it->serial);
    info->hardwareVersion = (CK_VERSION){1, 0};
    info->firmwareVersion = (CK_VERSION){2, 1};
    info->ulMinPinLen = slot == SIGNATURE ? 5 : 4;
    info->ulMaxPinLen = 15;
    info->flags &= ~(CK_FLAGS)(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED
                               | CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED);
    info->flags |= flags_of(tries_left(secret), it->tries[secret], CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY,
                            CKF_USER_PIN_LOCKED);
    info->flags |= flags_of(tries_left(SECRET_PUK), it->tries[SECRET_PUK], CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY,
                            CKF_SO_PIN_LOCKED);
    info->flags &= ~(CK_FLAGS)(CKF_USER_PIN_TO_BE_CHANGED | CKF_SO_PIN_TO_BE_CHANGED);
    if (it->marks_factory && !was_changed(secret)) info->flags |= CKF_USER_PIN_TO_BE_CHANGED;
    if (it->marks_factory && !was_changed(SECRET_PUK)) info->flags |= CKF_SO_PIN_TO_BE_CHANGED;
    if (it->qpin_model == PROTECTED_PATH) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    unsigned long used = take_inventory(GENERAL).bytes + take_inventory(SIGNATURE).bytes;
    info->ulTotalPublicMemory = info->ulTotalPrivateMemory = it->memory;
    info->ulFreePublicMemory = info->ulFreePrivateMemory = used < it->memory ? it->memory - used : 0;
    return CKR_OK;
}

static const CK_MECHANISM_TYPE small[] = {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS};

CK_RV sim_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count) {
    CK_ULONG all = sizeof small / sizeof *small;
    if (!known(slot)) return CKR_SLOT_ID_INVALID;
    if (unplugged()) return CKR_TOKEN_NOT_PRESENT;
    if (configuration()->all_mechanisms) return real->C_GetMechanismList(backend_slot((int)slot), list, count);
    CK_ULONG room = *count;
    *count = all;
    if (!list) return CKR_OK;
    if (room < all) return CKR_BUFFER_TOO_SMALL;
    memcpy(list, small, sizeof small);
    return CKR_OK;
}

CK_RV sim_mechanism_info(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info) {
    bool all = configuration()->all_mechanisms, offered = all;
    if (!known(slot)) return CKR_SLOT_ID_INVALID;
    if (unplugged()) return CKR_TOKEN_NOT_PRESENT;
    for (size_t index = 0; index < sizeof small / sizeof *small; index++) offered = offered || small[index] == type;
    if (!offered) return CKR_MECHANISM_INVALID;
    CK_RV result = real->C_GetMechanismInfo(backend_slot((int)slot), type, info);
    if (result == CKR_OK && type == CKM_RSA_PKCS_KEY_PAIR_GEN) {
        info->ulMinKeySize = 2048;
        info->ulMaxKeySize = all ? 4096 : 2048;
    }
    return result;
}

// Like most modules: it can be asked, and it cannot be waited for.
CK_RV sim_wait_for_slot_event(CK_FLAGS flags, CK_SLOT_ID *slot, void *reserved) {
    (void)reserved;
    if (!(flags & CKF_DONT_BLOCK)) return CKR_FUNCTION_NOT_SUPPORTED;
    pthread_mutex_lock(&mutex);
    bool now = unplugged(), changed = now != seen_unplugged;
    seen_unplugged = now;
    pthread_mutex_unlock(&mutex);
    if (!changed) return CKR_NO_EVENT;
    *slot = GENERAL;
    return CKR_OK;
}

CK_RV sim_open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify, CK_SESSION_HANDLE *session) {
    if (!known(slot)) return CKR_SLOT_ID_INVALID;
    if (unplugged()) return CKR_TOKEN_NOT_PRESENT;
    return real->C_OpenSession(backend_slot((int)slot), flags, application, notify, session);
}

CK_RV sim_close_all_sessions(CK_SLOT_ID slot) {
    if (!known(slot)) return CKR_SLOT_ID_INVALID;
    return real->C_CloseAllSessions(backend_slot((int)slot));
}
