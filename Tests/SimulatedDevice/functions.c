// SPDX-License-Identifier: Apache-2.0
// The function list: every call is counted, logged and open to faults; a session with a pulled device is none.
#include "simulator.h"

#define U CK_ULONG
#define S CK_SESSION_HANDLE s
#define H CK_OBJECT_HANDLE
#define BYTES CK_BYTE *a, U b
#define OUT CK_BYTE *c, U *d
#define CRYPT S, BYTES, OUT
#define INIT S, CK_MECHANISM *m, H key

static bool alive(CK_SESSION_HANDLE session) {
    if (!unplugged()) return true;
    int slot = slot_of_session(session);
    if (slot >= 0) real->C_CloseAllSessions(backend_slot(slot));
    forget_pin();
    return false;
}

#define FUNCTION(name, parameters, expression)                       \
    static CK_RV counted_##name parameters {                         \
        struct call call;                                            \
        CK_RV answer;                                                \
        if (call_begins(&call, #name, &answer)) answer = expression; \
        return call_ends(&call, answer);                             \
    }
// With a session: whatever SoftHSM says, as long as the device is there.
#define SESSION(name, parameters, expression) \
    FUNCTION(name, parameters, alive(s) ? expression : CKR_SESSION_HANDLE_INVALID)
#define FORWARD(name, parameters, arguments) SESSION(name, parameters, real->name arguments)

FUNCTION(C_Initialize, (void *arguments), sim_initialize(arguments))
FUNCTION(C_Finalize, (void *reserved), sim_finalize(reserved))
FUNCTION(C_GetInfo, (CK_INFO * info), real->C_GetInfo(info))
FUNCTION(C_GetSlotList, (CK_BBOOL present, CK_SLOT_ID *list, U *n), sim_slot_list(present, list, n))
FUNCTION(C_GetSlotInfo, (CK_SLOT_ID slot, CK_SLOT_INFO *info), sim_slot_info(slot, info))
FUNCTION(C_GetTokenInfo, (CK_SLOT_ID slot, CK_TOKEN_INFO *info), sim_token_info(slot, info))
FUNCTION(C_WaitForSlotEvent, (CK_FLAGS f, CK_SLOT_ID *slot, void *r), sim_wait_for_slot_event(f, slot, r))
FUNCTION(C_GetMechanismList, (CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, U *n), sim_mechanism_list(slot, list, n))
FUNCTION(C_GetMechanismInfo, (CK_SLOT_ID slot, CK_MECHANISM_TYPE t, CK_MECHANISM_INFO *i), sim_mechanism_info(slot, t, i))
FUNCTION(C_InitToken, (CK_SLOT_ID slot, CK_UTF8CHAR *pin, U n, CK_UTF8CHAR *label),
         real->C_InitToken(backend_slot((int)slot), pin, n, label))
SESSION(C_InitPIN, (S, CK_UTF8CHAR *pin, U n), sim_init_pin(s, pin, n))
SESSION(C_SetPIN, (S, CK_UTF8CHAR *old, U o, CK_UTF8CHAR *pin, U n), sim_set_pin(s, old, o, pin, n))
FUNCTION(C_OpenSession, (CK_SLOT_ID slot, CK_FLAGS f, void *a, CK_NOTIFY n, CK_SESSION_HANDLE *s),
         sim_open_session(slot, f, a, n, s))
FORWARD(C_CloseSession, (S), (s))
FUNCTION(C_CloseAllSessions, (CK_SLOT_ID slot), sim_close_all_sessions(slot))
FORWARD(C_GetSessionInfo, (S, CK_SESSION_INFO *info), (s, info))
FORWARD(C_GetOperationState, (S, CK_BYTE *a, U *b), (s, a, b))
FORWARD(C_SetOperationState, (S, BYTES, H k1, H k2), (s, a, b, k1, k2))

// The log tells who logged in, and nothing of the secret.
static CK_RV counted_C_Login(S, CK_USER_TYPE user, CK_UTF8CHAR *pin, U n) {
    static const char *const users[] = {"so", "user", "context"};
    struct call call;
    CK_RV answer;
    bool runs = call_begins(&call, "C_Login", &answer);
    call.note = user <= CKU_CONTEXT_SPECIFIC ? users[user] : "other";
    if (runs) answer = alive(s) ? sim_login(s, user, pin, n) : CKR_SESSION_HANDLE_INVALID;
    return call_ends(&call, answer);
}

static CK_RV log_out(CK_SESSION_HANDLE session) {
    forget_pin();
    return real->C_Logout(session);
}

SESSION(C_Logout, (S), log_out(s))
SESSION(C_CreateObject, (S, CK_ATTRIBUTE *t, U n, H *object), sim_create(s, t, n, object))
FORWARD(C_CopyObject, (S, H object, CK_ATTRIBUTE *t, U n, H *copy), (s, object, t, n, copy))
FORWARD(C_DestroyObject, (S, H object), (s, object))
FORWARD(C_GetObjectSize, (S, H object, U *size), (s, object, size))
SESSION(C_GetAttributeValue, (S, H object, CK_ATTRIBUTE *t, U n), sim_attributes(s, object, t, n))
FORWARD(C_SetAttributeValue, (S, H object, CK_ATTRIBUTE *t, U n), (s, object, t, n))
FORWARD(C_FindObjectsInit, (S, CK_ATTRIBUTE *t, U n), (s, t, n))
FORWARD(C_FindObjects, (S, H *objects, U most, U *n), (s, objects, most, n))
FORWARD(C_FindObjectsFinal, (S), (s))
FORWARD(C_EncryptInit, (INIT), (s, m, key))
FORWARD(C_Encrypt, (CRYPT), (s, a, b, c, d))
FORWARD(C_EncryptUpdate, (CRYPT), (s, a, b, c, d))
FORWARD(C_EncryptFinal, (S, OUT), (s, c, d))
FORWARD(C_DecryptInit, (INIT), (s, m, key))
FORWARD(C_Decrypt, (CRYPT), (s, a, b, c, d))
FORWARD(C_DecryptUpdate, (CRYPT), (s, a, b, c, d))
FORWARD(C_DecryptFinal, (S, OUT), (s, c, d))
FORWARD(C_DigestInit, (S, CK_MECHANISM *m), (s, m))
FORWARD(C_Digest, (CRYPT), (s, a, b, c, d))
FORWARD(C_DigestUpdate, (S, BYTES), (s, a, b))
FORWARD(C_DigestKey, (S, H key), (s, key))
FORWARD(C_DigestFinal, (S, OUT), (s, c, d))
FORWARD(C_SignInit, (INIT), (s, m, key))
FORWARD(C_Sign, (CRYPT), (s, a, b, c, d))
FORWARD(C_SignUpdate, (S, BYTES), (s, a, b))
FORWARD(C_SignFinal, (S, OUT), (s, c, d))
FORWARD(C_SignRecoverInit, (INIT), (s, m, key))
FORWARD(C_SignRecover, (CRYPT), (s, a, b, c, d))
FORWARD(C_VerifyInit, (INIT), (s, m, key))
FORWARD(C_Verify, (S, BYTES, CK_BYTE *c, U d), (s, a, b, c, d))
FORWARD(C_VerifyUpdate, (S, BYTES), (s, a, b))
FORWARD(C_VerifyFinal, (S, BYTES), (s, a, b))
FORWARD(C_VerifyRecoverInit, (INIT), (s, m, key))
FORWARD(C_VerifyRecover, (CRYPT), (s, a, b, c, d))
FORWARD(C_DigestEncryptUpdate, (CRYPT), (s, a, b, c, d))
FORWARD(C_DecryptDigestUpdate, (CRYPT), (s, a, b, c, d))
FORWARD(C_SignEncryptUpdate, (CRYPT), (s, a, b, c, d))
FORWARD(C_DecryptVerifyUpdate, (CRYPT), (s, a, b, c, d))
FORWARD(C_GenerateKey, (S, CK_MECHANISM *m, CK_ATTRIBUTE *t, U n, H *key), (s, m, t, n, key))
SESSION(C_GenerateKeyPair, (S, CK_MECHANISM *m, CK_ATTRIBUTE *p, U pn, CK_ATTRIBUTE *q, U qn, H *pk, H *sk),
        sim_generate(s, m, p, pn, q, qn, pk, sk))
FORWARD(C_WrapKey, (S, CK_MECHANISM *m, H wrapping, H key, OUT), (s, m, wrapping, key, c, d))
FORWARD(C_UnwrapKey, (S, CK_MECHANISM *m, H wrapping, BYTES, CK_ATTRIBUTE *t, U n, H *key), (s, m, wrapping, a, b, t, n, key))
FORWARD(C_DeriveKey, (S, CK_MECHANISM *m, H base, CK_ATTRIBUTE *t, U n, H *key), (s, m, base, t, n, key))
FORWARD(C_SeedRandom, (S, BYTES), (s, a, b))
FORWARD(C_GenerateRandom, (S, BYTES), (s, a, b))
FORWARD(C_GetFunctionStatus, (S), (s))
FORWARD(C_CancelFunction, (S), (s))

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static CK_FUNCTION_LIST functions = {
    {2, 40}, counted_C_Initialize, counted_C_Finalize, counted_C_GetInfo, C_GetFunctionList, counted_C_GetSlotList,
    counted_C_GetSlotInfo, counted_C_GetTokenInfo, counted_C_GetMechanismList, counted_C_GetMechanismInfo,
    counted_C_InitToken, counted_C_InitPIN, counted_C_SetPIN, counted_C_OpenSession, counted_C_CloseSession,
    counted_C_CloseAllSessions, counted_C_GetSessionInfo, counted_C_GetOperationState, counted_C_SetOperationState,
    counted_C_Login, counted_C_Logout, counted_C_CreateObject, counted_C_CopyObject, counted_C_DestroyObject,
    counted_C_GetObjectSize, counted_C_GetAttributeValue, counted_C_SetAttributeValue, counted_C_FindObjectsInit,
    counted_C_FindObjects, counted_C_FindObjectsFinal, counted_C_EncryptInit, counted_C_Encrypt,
    counted_C_EncryptUpdate, counted_C_EncryptFinal, counted_C_DecryptInit, counted_C_Decrypt,
    counted_C_DecryptUpdate, counted_C_DecryptFinal, counted_C_DigestInit, counted_C_Digest, counted_C_DigestUpdate,
    counted_C_DigestKey, counted_C_DigestFinal, counted_C_SignInit, counted_C_Sign, counted_C_SignUpdate,
    counted_C_SignFinal, counted_C_SignRecoverInit, counted_C_SignRecover, counted_C_VerifyInit, counted_C_Verify,
    counted_C_VerifyUpdate, counted_C_VerifyFinal, counted_C_VerifyRecoverInit, counted_C_VerifyRecover,
    counted_C_DigestEncryptUpdate, counted_C_DecryptDigestUpdate, counted_C_SignEncryptUpdate,
    counted_C_DecryptVerifyUpdate, counted_C_GenerateKey, counted_C_GenerateKeyPair, counted_C_WrapKey,
    counted_C_UnwrapKey, counted_C_DeriveKey, counted_C_SeedRandom, counted_C_GenerateRandom,
    counted_C_GetFunctionStatus, counted_C_CancelFunction, counted_C_WaitForSlotEvent,
};

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
    if (!list) return CKR_ARGUMENTS_BAD;
    log_function_list();
    *list = &functions;
    return CKR_OK;
}
