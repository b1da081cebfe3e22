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

// Where the QPIN opens the qualified area for one key: whether it did.
static bool area_is_open;

static const char *keypad_of(enum secret secret) {
    const struct configuration *it = configuration();
    return secret == SECRET_PUK ? it->keypad_puk : secret == SECRET_QPIN ? it->keypad_qpin : it->keypad;
}

static CK_RV ask_qpin(CK_UTF8CHAR *qpin, CK_ULONG length) {
    if (tries_left(SECRET_QPIN) <= 0) return CKR_PIN_LOCKED;
    return count_try(SECRET_QPIN, check_qpin(qpin, length));
}

// A key of the qualified area is about to be generated: the QPIN was given before, or the device asks now.
CK_RV open_qualified_area(void) {
    CK_UTF8CHAR typed[64];
    pthread_mutex_lock(&mutex);
    lock_state();
    CK_RV result = area_is_open ? CKR_OK : CKR_USER_NOT_LOGGED_IN;
    if (!area_is_open && configuration()->asks_at_generation)
        result = ask_qpin(typed, read_secret(keypad_of(SECRET_QPIN), typed, sizeof typed));
    area_is_open = false;
    unlock_state();
    pthread_mutex_unlock(&mutex);
    explicit_bzero(typed, sizeof typed);
    return result;
}

static CK_RV log_in_for_one_use(CK_SESSION_HANDLE session, CK_UTF8CHAR *qpin, CK_ULONG length) {
    CK_RV result = ask_qpin(qpin, length);
    if (result != CKR_OK) return result;
    result = real->C_Login(session, CKU_CONTEXT_SPECIFIC, held.bytes, held.length);
    if (configuration()->qpin_model != AT_GENERATION || result != CKR_OPERATION_NOT_INITIALIZED) return result;
    area_is_open = true;
    return CKR_OK;
}

static enum secret secret_of(CK_SESSION_HANDLE session, CK_USER_TYPE user) {
    if (user == CKU_SO) return SECRET_PUK;
    if (user == CKU_CONTEXT_SPECIFIC && one_slot()) return SECRET_QPIN;
    return slot_of_session(session) == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
}

static CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length) {
    enum secret secret = secret_of(session, user);
    if (tries_left(secret) <= 0) return CKR_PIN_LOCKED;
    if (user == CKU_CONTEXT_SPECIFIC && one_slot()) return log_in_for_one_use(session, pin, length);
    CK_RV result = count_try(secret, real->C_Login(session, user, pin, length));
    if (result == CKR_OK && secret == SECRET_PIN) hold_pin(pin, length);
    return result;
}

// Whether a secret is asked for by the device itself: then, and only then, NULL stands for it.
static bool on_keypad(enum secret secret) {
    const struct configuration *it = configuration();
    return it->qpin_model == PROTECTED_PATH || (secret == SECRET_QPIN && it->asks_at_generation);
}

CK_RV sim_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length) {
    CK_UTF8CHAR typed[64];
    if (slot_of_session(session) < 0) return CKR_SESSION_HANDLE_INVALID;
    enum secret secret = secret_of(session, user);
    if (on_keypad(secret) != (pin == NULL)) return CKR_ARGUMENTS_BAD;
    if (!pin) {
        length = read_secret(keypad_of(secret), typed, sizeof typed);
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

static bool good_length(enum secret secret, CK_ULONG length) {
    return length >= (secret == SECRET_PUK ? 8 : secret == SECRET_QPIN ? 5 : 4) && length <= 15;
}

// Whether a secret is as the device came: known from where it had it from.
static void note_change(enum secret secret, const CK_UTF8CHAR *value, CK_ULONG length) {
    static const char *const files[] = {"pin", "qpin", "puk"};
    CK_UTF8CHAR first[64];
    char path[600];
    snprintf(path, sizeof path, "%s/%s", configuration()->secrets, files[secret]);
    CK_ULONG first_length = read_secret(path, first, sizeof first);
    set_changed(secret, first_length != length || memcmp(first, value, length) != 0);
    explicit_bzero(first, sizeof first);
}

// One PUK serves both slots: SoftHSM has one for each of its tokens.
static CK_RV change_puk(int slot, CK_UTF8CHAR *old_puk, CK_ULONG old_length, CK_UTF8CHAR *puk, CK_ULONG length) {
    CK_SESSION_HANDLE session;
    CK_RV result = real->C_OpenSession(backend_slot(slot), CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session);
    if (result != CKR_OK) return result;
    result = real->C_Login(session, CKU_SO, old_puk, old_length);
    if (result == CKR_OK) result = real->C_SetPIN(session, old_puk, old_length, puk, length);
    real->C_CloseSession(session);
    return result;
}

static CK_RV unblock(
    CK_SESSION_HANDLE session, enum secret secret, CK_UTF8CHAR *puk, CK_ULONG puk_length, CK_UTF8CHAR *pin, CK_ULONG length
) {
    if (tries_left(SECRET_PUK) <= 0) return CKR_PIN_LOCKED;
    CK_RV result = count_try(SECRET_PUK, real->C_Login(session, CKU_SO, puk, puk_length));
    if (result != CKR_OK) return result;
    result = real->C_InitPIN(session, pin, length);
    real->C_Logout(session);
    if (result == CKR_OK) set_tries_left(secret, configuration()->tries[secret]);
    return result;
}

static CK_RV set_pin(
    CK_SESSION_HANDLE session, CK_STATE state, CK_UTF8CHAR *old_pin, CK_ULONG old_length, CK_UTF8CHAR *pin, CK_ULONG length
) {
    int slot = slot_of_session(session);
    enum secret secret = state == CKS_RW_SO_FUNCTIONS ? SECRET_PUK : slot == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
    if (!good_length(secret, length)) return CKR_PIN_LEN_RANGE;
    CK_RV result;
    // As OpenSC does when it is told so: while nobody is logged in, the old value is the PUK.
    if (configuration()->unblocks_by_set_pin && state == CKS_RW_PUBLIC_SESSION) {
        result = unblock(session, secret, old_pin, old_length, pin, length);
    } else if (tries_left(secret) <= 0) {
        return CKR_PIN_LOCKED;
    } else {
        result = count_try(secret, real->C_SetPIN(session, old_pin, old_length, pin, length));
        if (result == CKR_OK && secret == SECRET_PUK)
            result = change_puk(slot == GENERAL ? SIGNATURE : GENERAL, old_pin, old_length, pin, length);
        if (result == CKR_OK && secret == SECRET_PIN && held.length) hold_pin(pin, length);
    }
    if (result == CKR_OK) note_change(secret, pin, length);
    return result;
}

CK_RV sim_set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *old_pin, CK_ULONG old_length, CK_UTF8CHAR *pin, CK_ULONG length) {
    CK_UTF8CHAR typed[64], chosen[64];
    CK_SESSION_INFO info;
    if (slot_of_session(session) < 0 || real->C_GetSessionInfo(session, &info) != CKR_OK) return CKR_SESSION_HANDLE_INVALID;
    if (!(info.flags & CKF_RW_SESSION)) return CKR_SESSION_READ_ONLY;
    bool keypad = configuration()->qpin_model == PROTECTED_PATH;
    if (keypad != (old_pin == NULL) || keypad != (pin == NULL)) return CKR_ARGUMENTS_BAD;
    if (keypad) {
        enum secret secret = secret_of(session, info.state == CKS_RW_SO_FUNCTIONS ? CKU_SO : CKU_USER);
        old_length = read_secret(keypad_of(secret), old_pin = typed, sizeof typed);
        length = read_secret(configuration()->keypad_new, pin = chosen, sizeof chosen);
    }
    pthread_mutex_lock(&mutex);
    lock_state();
    CK_RV result = set_pin(session, info.state, old_pin, old_length, pin, length);
    unlock_state();
    pthread_mutex_unlock(&mutex);
    explicit_bzero(typed, sizeof typed);
    explicit_bzero(chosen, sizeof chosen);
    return result;
}

// With the PUK logged in, a new secret also ends the blocking of the old one.
CK_RV sim_init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length) {
    CK_UTF8CHAR chosen[64];
    int slot = slot_of_session(session);
    if (slot < 0) return CKR_SESSION_HANDLE_INVALID;
    if ((configuration()->qpin_model == PROTECTED_PATH) != (pin == NULL)) return CKR_ARGUMENTS_BAD;
    if (!pin) length = read_secret(configuration()->keypad_new, pin = chosen, sizeof chosen);
    enum secret secret = slot == SIGNATURE ? SECRET_QPIN : SECRET_PIN;
    if (!good_length(secret, length)) return CKR_PIN_LEN_RANGE;
    lock_state();
    CK_RV result = real->C_InitPIN(session, pin, length);
    if (result == CKR_OK) {
        set_tries_left(secret, configuration()->tries[secret]);
        note_change(secret, pin, length);
    }
    unlock_state();
    explicit_bzero(chosen, sizeof chosen);
    return result;
}
