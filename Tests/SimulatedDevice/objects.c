// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "simulator.h"

static const CK_ATTRIBUTE *find(const CK_ATTRIBUTE *template, CK_ULONG count, CK_ATTRIBUTE_TYPE type) {
    for (CK_ULONG index = 0; index < count; index++)
        if (template[index].type == type) return &template[index];
    return NULL;
}

static bool is_true(const CK_ATTRIBUTE *attribute) {
    return attribute && attribute->ulValueLen == sizeof(CK_BBOOL) && *(CK_BBOOL *)attribute->pValue;
}

// The qualified area is the second slot, or, where there is none, the keys that always ask.
static bool qualified_area_is_full(int slot, bool asks) {
    unsigned long limit = (unsigned long)configuration()->qualified_limit;
    if (one_slot()) return asks && take_inventory(GENERAL).asking_keys >= limit;
    return slot == SIGNATURE && take_inventory(SIGNATURE).keys >= limit;
}

CK_RV sim_generate(
    CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_template, CK_ULONG public_count,
    CK_ATTRIBUTE *private_template, CK_ULONG private_count, CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key
) {
    int slot = slot_of_session(session);
    const CK_ATTRIBUTE *bits = find(public_template, public_count, CKA_MODULUS_BITS);
    CK_ULONG size = bits && bits->ulValueLen == sizeof(CK_ULONG) ? *(CK_ULONG *)bits->pValue : 0;
    bool asks = is_true(find(private_template, private_count, CKA_ALWAYS_AUTHENTICATE));
    if (slot < 0) return CKR_SESSION_HANDLE_INVALID;
    if (!configuration()->all_mechanisms) {
        if (mechanism->mechanism != CKM_RSA_PKCS_KEY_PAIR_GEN) return CKR_MECHANISM_INVALID;
        if (size != 2048) return CKR_KEY_SIZE_RANGE;
    } else if (mechanism->mechanism == CKM_RSA_PKCS_KEY_PAIR_GEN && (size < 2048 || size > 4096)) {
        return CKR_KEY_SIZE_RANGE;
    }
    if (qualified_area_is_full(slot, asks) || !fits(size ? size / 8 * 7 / 2 + 200 : 500)) return CKR_DEVICE_MEMORY;
    if (asks && configuration()->qpin_model == AT_GENERATION) {
        CK_RV opened = open_qualified_area();
        if (opened != CKR_OK) return opened;
    }
    return real->C_GenerateKeyPair(session, mechanism, public_template, public_count, private_template, private_count,
                                   public_key, private_key);
}

CK_RV sim_create(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count, CK_OBJECT_HANDLE *object) {
    int slot = slot_of_session(session);
    const CK_ATTRIBUTE *class = find(template, count, CKA_CLASS), *value = find(template, count, CKA_VALUE);
    if (slot < 0) return CKR_SESSION_HANDLE_INVALID;
    bool certificate = class && *(CK_OBJECT_CLASS *)class->pValue == CKO_CERTIFICATE;
    if (certificate && slot == SIGNATURE
        && take_inventory(SIGNATURE).certificates >= (unsigned long)configuration()->qualified_limit)
        return CKR_DEVICE_MEMORY;
    if (!fits(value ? value->ulValueLen + 100 : 500)) return CKR_DEVICE_MEMORY;
    return real->C_CreateObject(session, template, count, object);
}

static const struct { const char *name; CK_ATTRIBUTE_TYPE type; } claims[] = {
    {"local", CKA_LOCAL},
    {"sensitive", CKA_SENSITIVE},
    {"always-sensitive", CKA_ALWAYS_SENSITIVE},
    {"never-extractable", CKA_NEVER_EXTRACTABLE},
    {"always-authenticate", CKA_ALWAYS_AUTHENTICATE},
};

static bool listed(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += length) {
        bool begins = at == list || at[-1] == ',', ends = at[length] == 0 || at[length] == ',';
        if (begins && ends) return true;
    }
    return false;
}

// Modules of real devices leave claims out, or deny what they did: here on order, for private keys.
CK_RV sim_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *template, CK_ULONG count) {
    const struct configuration *it = configuration();
    CK_OBJECT_CLASS class = 0;
    CK_ATTRIBUTE what = {CKA_CLASS, &class, sizeof class};
    CK_RV result = real->C_GetAttributeValue(session, object, template, count);
    if (!*it->unreported && !*it->reported_false) return result;
    if (real->C_GetAttributeValue(session, object, &what, 1) != CKR_OK || class != CKO_PRIVATE_KEY) return result;
    for (CK_ULONG index = 0; index < count; index++) {
        for (size_t claim = 0; claim < sizeof claims / sizeof *claims; claim++) {
            if (template[index].type != claims[claim].type) continue;
            if (listed(it->unreported, claims[claim].name)) {
                template[index].ulValueLen = (CK_ULONG)-1;
                result = CKR_ATTRIBUTE_TYPE_INVALID;
            } else if (listed(it->reported_false, claims[claim].name) && template[index].pValue) {
                *(CK_BBOOL *)template[index].pValue = CK_FALSE;
            }
        }
    }
    return result;
}
