// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "simulator.h"

// A device keeps five halves of a modulus for each private RSA key, and its public half; a little for the directory.
static unsigned long size_of_key(unsigned long modulus) { return modulus ? modulus * 7 / 2 + 200 : 500; }

static void add_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, struct inventory *inventory) {
    CK_OBJECT_CLASS class = 0;
    CK_ATTRIBUTE what = {CKA_CLASS, &class, sizeof class};
    if (real->C_GetAttributeValue(session, object, &what, 1) != CKR_OK) return;
    CK_ATTRIBUTE size = {class == CKO_CERTIFICATE ? CKA_VALUE : CKA_MODULUS, NULL, 0};
    CK_RV result = real->C_GetAttributeValue(session, object, &size, 1);
    CK_ULONG length = result == CKR_OK && size.ulValueLen != (CK_ULONG)-1 ? size.ulValueLen : 0;
    if (class == CKO_CERTIFICATE) {
        inventory->certificates++;
        inventory->bytes += length + 100;
    }
    // Each key pair shows its public half to everybody.
    if (class == CKO_PUBLIC_KEY) {
        inventory->keys++;
        inventory->bytes += size_of_key(length);
    }
    if (class == CKO_PRIVATE_KEY) {
        CK_BBOOL asks = CK_FALSE;
        CK_ATTRIBUTE attribute = {CKA_ALWAYS_AUTHENTICATE, &asks, sizeof asks};
        if (real->C_GetAttributeValue(session, object, &attribute, 1) == CKR_OK && asks) inventory->asking_keys++;
    }
}

struct inventory take_inventory(int slot) {
    struct inventory inventory = {0};
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE objects[256];
    CK_ULONG count = 0;
    if (real->C_OpenSession(backend_slot(slot), CKF_SERIAL_SESSION, NULL, NULL, &session) != CKR_OK) return inventory;
    if (real->C_FindObjectsInit(session, NULL, 0) == CKR_OK) {
        real->C_FindObjects(session, objects, 256, &count);
        real->C_FindObjectsFinal(session);
    }
    for (CK_ULONG index = 0; index < count; index++) add_object(session, objects[index], &inventory);
    real->C_CloseSession(session);
    return inventory;
}

bool fits(unsigned long bytes) {
    return take_inventory(GENERAL).bytes + take_inventory(SIGNATURE).bytes + bytes <= configuration()->memory;
}
