// SPDX-License-Identifier: Apache-2.0
// OpenSSL 3.0 or later. Macros that Swift cannot see are given as inline functions here.
#pragma once
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/objects.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static inline int isignum_pkcs7_is_signed(PKCS7 *message) { return PKCS7_type_is_signed(message); }
static inline int isignum_x509_count(const STACK_OF(X509) * stack) { return sk_X509_num(stack); }
static inline X509 *isignum_x509_at(const STACK_OF(X509) * stack, int index) { return sk_X509_value(stack, index); }
static inline STACK_OF(X509) * isignum_x509_stack(void) { return sk_X509_new_null(); }
static inline int isignum_x509_push(STACK_OF(X509) * stack, X509 *certificate) {
    return sk_X509_push(stack, certificate);
}
static inline void isignum_x509_stack_free(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
static inline int isignum_extensions_push(STACK_OF(X509_EXTENSION) * *stack, X509_EXTENSION *extension) {
    return X509v3_add_ext(stack, extension, -1) != NULL;
}
static inline void isignum_extensions_free(STACK_OF(X509_EXTENSION) * stack) {
    sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
static inline int isignum_add_extensions(X509_REQ *request, const STACK_OF(X509_EXTENSION) * stack) {
    return X509_REQ_add_extensions(request, stack);
}
static inline int isignum_general_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *isignum_general_name_at(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}
static inline int isignum_policies_count(const CERTIFICATEPOLICIES *policies) { return sk_POLICYINFO_num(policies); }
static inline POLICYINFO *isignum_policy_at(const CERTIFICATEPOLICIES *policies, int index) {
    return sk_POLICYINFO_value(policies, index);
}
static const int isignum_public_key = EVP_PKEY_PUBLIC_KEY;

// PKCS#12: its stacks are macros.
static inline int isignum_pkcs7_count(const STACK_OF(PKCS7) * stack) { return sk_PKCS7_num(stack); }
static inline PKCS7 *isignum_pkcs7_at(const STACK_OF(PKCS7) * stack, int index) { return sk_PKCS7_value(stack, index); }
static inline void isignum_pkcs7_stack_free(STACK_OF(PKCS7) * stack) { sk_PKCS7_pop_free(stack, PKCS7_free); }
static inline int isignum_pkcs7_nid(const PKCS7 *message) { return OBJ_obj2nid(message->type); }
static inline int isignum_bags_count(const STACK_OF(PKCS12_SAFEBAG) * stack) { return sk_PKCS12_SAFEBAG_num(stack); }
static inline PKCS12_SAFEBAG *isignum_bag_at(const STACK_OF(PKCS12_SAFEBAG) * stack, int index) {
    return sk_PKCS12_SAFEBAG_value(stack, index);
}
static inline void isignum_bags_free(STACK_OF(PKCS12_SAFEBAG) * stack) {
    sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free);
}
static const int isignum_key_pair = EVP_PKEY_KEYPAIR;
// The part of a file (PFX, RFC 7292, section 4) that its check is computed over; OpenSSL keeps it to itself.
static inline PKCS7 *isignum_pfx_content(const unsigned char *bytes, size_t length) {
    ASN1_SEQUENCE_ANY *parts = d2i_ASN1_SEQUENCE_ANY(NULL, &bytes, (long)length);
    const ASN1_TYPE *second = sk_ASN1_TYPE_value(parts, 1);
    PKCS7 *content = NULL;
    if (second != NULL && ASN1_TYPE_get(second) == V_ASN1_SEQUENCE) {
        const unsigned char *cursor = ASN1_STRING_get0_data(second->value.sequence);
        content = d2i_PKCS7(NULL, &cursor, ASN1_STRING_length(second->value.sequence));
    }
    sk_ASN1_TYPE_pop_free(parts, ASN1_TYPE_free);
    return content;
}
static inline const ASN1_OCTET_STRING *isignum_pkcs7_content(const PKCS7 *message) {
    return OBJ_obj2nid(message->type) == NID_pkcs7_data ? message->d.data : NULL;
}

// Addresses in certificates, and answers about revocation: stacks and macros again.
static inline int isignum_access_count(const AUTHORITY_INFO_ACCESS *access) { return sk_ACCESS_DESCRIPTION_num(access); }
static inline ACCESS_DESCRIPTION *isignum_access_at(const AUTHORITY_INFO_ACCESS *access, int index) {
    return sk_ACCESS_DESCRIPTION_value(access, index);
}
static inline int isignum_points_count(const CRL_DIST_POINTS *points) { return sk_DIST_POINT_num(points); }
// The names of a distribution point for all reasons, of the issuer itself; NULL for any other.
static inline const GENERAL_NAMES *isignum_point_names(const CRL_DIST_POINTS *points, int index) {
    const DIST_POINT *point = sk_DIST_POINT_value(points, index);
    if (point == NULL || point->reasons != NULL || point->CRLissuer != NULL || point->distpoint == NULL) return NULL;
    return point->distpoint->type == 0 ? point->distpoint->name.fullname : NULL;
}

// TLS and CMS: likewise.
static inline long isignum_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate);
}
static inline int isignum_cms_signer_count(const STACK_OF(CMS_SignerInfo) * signers) {
    return sk_CMS_SignerInfo_num(signers);
}
static inline CMS_SignerInfo *isignum_cms_signer_at(const STACK_OF(CMS_SignerInfo) * signers, int index) {
    return sk_CMS_SignerInfo_value(signers, index);
}
static inline long isignum_memory_content(BIO *memory, char **bytes) { return BIO_get_mem_data(memory, bytes); }
// For a list whose certificates belong to somebody else.
static inline void isignum_x509_list_free(STACK_OF(X509) * list) { sk_X509_free(list); }

// What a certificate's extensions say: stacks again, and functions that depend on an extension's kind.
static inline int isignum_objects_count(const STACK_OF(ASN1_OBJECT) * objects) { return sk_ASN1_OBJECT_num(objects); }
static inline ASN1_OBJECT *isignum_object_at(const STACK_OF(ASN1_OBJECT) * objects, int index) {
    return sk_ASN1_OBJECT_value(objects, index);
}
// Whether an extension is of the form that its kind has, with nothing behind it: 1, 0, or -1 where the kind is unknown.
static inline int isignum_extension_is_formed(X509_EXTENSION *extension) {
    const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
    const ASN1_OCTET_STRING *data = X509_EXTENSION_get_data(extension);
    if (method == NULL || data == NULL) return -1;
    const unsigned char *start = ASN1_STRING_get0_data(data), *end = start;
    long length = ASN1_STRING_length(data);
    void *value = method->it != NULL ? (void *)ASN1_item_d2i(NULL, &end, length, ASN1_ITEM_ptr(method->it))
                                     : method->d2i(NULL, &end, length);
    if (value == NULL) return 0;
    if (method->it != NULL)
        ASN1_item_free((ASN1_VALUE *)value, ASN1_ITEM_ptr(method->it));
    else
        method->ext_free(value);
    return end - start == length;
}
