// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "simulator.h"

// SoftHSM wants its user PIN again for every key that always asks, where our device wants the QPIN: the PIN of this
// login is kept until its end.
static struct { CK_UTF8CHAR bytes[64]; CK_ULONG length; } held;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void forget_pin(void) { explicit_bzero(&held, sizeof held); }

static void hold_pin(const CK_UTF8CHAR *pin, CK_ULONG length) {
    if (length > sizeof held.bytes) return;
    mlock(&held, sizeof held);
    memcpy(held.bytes, pin, length);
    held.length = length;
}

// One try. SoftHSM says whether the secret was right; the counter is ours.
static CK_RV count_try(enum secret secret, CK_RV result) {
    int left = tries_left(secret);
    if (result == CKR_OK) {
        if (left != configuration()->tries[secret]) set_tries_left(secret, configuration()->tries[secret]);
        return CKR_OK;
    }
    if (result != CKR_PIN_INCORRECT) return result;
    set_tries_left(secret, left - 1);
    return left <= 1 ? CKR_PIN_LOCKED : CKR_PIN_INCORRECT;
}

// The token behind the second slot knows the QPIN, whether the slot is shown or not.
static CK_RV check_qpin(CK_UTF8CHAR *qpin, CK_ULONG length) {
    CK_SESSION_HANDLE session;
    CK_RV result = real->C_OpenSession(backend_slot(SIGNATURE), CKF_SERIAL_SESSION, NULL, NULL, &session);
    if (result != CKR_OK) return result;
    result = real->C_Login(session, CKU_USER, qpin, length);
    real->C_CloseSession(session);
    return result == CKR_PIN_LEN_RANGE ? CKR_PIN_INCORRECT : result;
}

// The keypad of a device that asks by itself is a file: what would be typed.
static CK_ULONG read_keypad(CK_UTF8CHAR *pin, size_t room) {
    FILE *file = fopen(configuration()->keypad, "r");
    if (!file) return 0;
    size_t length = fread(pin, 1, room, file);
    fclose(file);
    while (length && pin[length - 1] == '\n') length--;
    return length;
}

static CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length) {
    int slot = slot_of_session(session);
    bool asks_qpin = user == CKU_CONTEXT_SPECIFIC && configuration()->qpin_model == ALWAYS_AUTHENTICATE;
    enum secret secret = user == CKU_SO ? SECRET_PUK : asks_qpin || slot == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
    if (slot < 0) return CKR_SESSION_HANDLE_INVALID;
    if (tries_left(secret) <= 0) return CKR_PIN_LOCKED;
    if (asks_qpin) {
        CK_RV result = count_try(secret, check_qpin(pin, length));
        return result == CKR_OK ? real->C_Login(session, user, held.bytes, held.length) : result;
    }
    CK_RV result = count_try(secret, real->C_Login(session, user, pin, length));
    if (result == CKR_OK && user == CKU_USER && slot == GENERAL) hold_pin(pin, length);
    return result;
}

CK_RV sim_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length) {
    CK_UTF8CHAR typed[64];
    bool keypad = configuration()->qpin_model == PROTECTED_PATH;
    if (keypad != (pin == NULL)) return CKR_ARGUMENTS_BAD;
    if (keypad) {
        length = read_keypad(typed, sizeof typed);
        pin = typed;
    }
    pthread_mutex_lock(&mutex);
    lock_state();
    CK_RV result = log_in(session, user, pin, length);
    unlock_state();
    pthread_mutex_unlock(&mutex);
    explicit_bzero(typed, sizeof typed);
    return result;
}

// A change is a try of the old value. Where the device unblocks by C_SetPIN, the PUK stands for the old value of a
// secret that is blocked.
CK_RV sim_set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *old_pin, CK_ULONG old_length, CK_UTF8CHAR *pin, CK_ULONG length) {
    int slot = slot_of_session(session);
    CK_SESSION_INFO info;
    if (slot < 0 || real->C_GetSessionInfo(session, &info) != CKR_OK) return CKR_SESSION_HANDLE_INVALID;
    enum secret secret = slot == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
    if (info.state == CKS_RW_SO_FUNCTIONS) secret = SECRET_PUK;
    if (length < (secret == SECRET_PUK ? 8 : slot == SIGNATURE ? 5 : 4) || length > 15) return CKR_PIN_LEN_RANGE;
    pthread_mutex_lock(&mutex);
    lock_state();
    CK_RV result = CKR_PIN_LOCKED;
    if (tries_left(secret) > 0) {
        result = count_try(secret, real->C_SetPIN(session, old_pin, old_length, pin, length));
        if (result == CKR_OK && secret == SECRET_PIN && held.length) hold_pin(pin, length);
    } else if (configuration()->unblocks_by_set_pin && secret != SECRET_PUK && tries_left(SECRET_PUK) > 0) {
        result = count_try(SECRET_PUK, real->C_Login(session, CKU_SO, old_pin, old_length));
        if (result == CKR_OK) {
            result = real->C_InitPIN(session, pin, length);
            real->C_Logout(session);
            if (result == CKR_OK) set_tries_left(secret, configuration()->tries[secret]);
        }
    }
    unlock_state();
    pthread_mutex_unlock(&mutex);
    return result;
}

// With the PUK logged in, a new secret also ends the blocking of the old one.
CK_RV sim_init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length) {
    int slot = slot_of_session(session);
    if (slot < 0) return CKR_SESSION_HANDLE_INVALID;
    if (length < (slot == SIGNATURE ? 5 : 4) || length > 15) return CKR_PIN_LEN_RANGE;
    enum secret secret = slot == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
    lock_state();
    CK_RV result = real->C_InitPIN(session, pin, length);
    if (result == CKR_OK) set_tries_left(secret, configuration()->tries[secret]);
    unlock_state();
    return result;
}
