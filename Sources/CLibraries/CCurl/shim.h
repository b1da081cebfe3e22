// SPDX-License-Identifier: Apache-2.0
// libcurl 7.88 or later. curl_easy_setopt and its kin are variadic: one inline function for each type of value.
#pragma once
#include <curl/curl.h>

static inline CURLcode isignum_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}
static inline CURLcode isignum_setopt_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode isignum_setopt_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode isignum_setopt_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode isignum_setopt_write(CURL *easy, CURLoption option,
                                            size_t (*value)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(easy, option, value);
}
// Called before each TLS handshake with the SSL_CTX of OpenSSL.
static inline CURLcode isignum_setopt_tls(CURL *easy, CURLcode (*value)(CURL *, void *, void *), void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, context);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, value);
}
// The bytes are copied.
static inline CURLcode isignum_setopt_blob(CURL *easy, CURLoption option, const void *data, size_t length) {
    struct curl_blob blob = {.data = (void *)data, .len = length, .flags = CURL_BLOB_COPY};
    return curl_easy_setopt(easy, option, &blob);
}
// A body of a known length that is read once: without CURLOPT_SEEKFUNCTION there is no second reading.
static inline CURLcode isignum_setopt_body(CURL *easy, size_t length, size_t (*value)(char *, size_t, size_t, void *),
                                           void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, value);
    return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_READDATA, context);
}
static inline CURLcode isignum_getinfo_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode isignum_getinfo_microseconds(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode isignum_getinfo_string(CURL *easy, CURLINFO info, const char **value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode isignum_setopt_progress(CURL *easy, int (*value)(void *, curl_off_t, curl_off_t, curl_off_t,
                                                                        curl_off_t)) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, value);
}
// The certificates with which the server presented itself; they live as long as the handle.
static inline CURLcode isignum_getinfo_certificates(CURL *easy, struct curl_certinfo **value) {
    return curl_easy_getinfo(easy, CURLINFO_CERTINFO, value);
}
static inline CURLSHcode isignum_share(CURLSH *share, curl_lock_data what) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, what);
}
