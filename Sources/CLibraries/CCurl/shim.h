// SPDX-License-Identifier: Apache-2.0
// libcurl 7.88 or later. curl_easy_setopt and its kin are variadic: one inline function for each type of value.
#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

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
// Whether an address is good for one link alone (RFC 3927, RFC 4291 section 2.5.6), also written as IPv4 in IPv6.
static inline int isignum_is_link_local(const struct sockaddr *address) {
    const unsigned char *bytes;
    if (address->sa_family == AF_INET) {
        bytes = (const unsigned char *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
        return bytes[0] == 169 && bytes[1] == 254;
    }
    if (address->sa_family != AF_INET6) return 0;
    bytes = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(bytes, mapped, sizeof mapped) == 0) return bytes[12] == 169 && bytes[13] == 254;
    return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}
static inline curl_socket_t isignum_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
    if (isignum_is_link_local(&address->addr)) return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
// Of an address that a certificate names: whatever its name leads to, it is no neighbour on the link.
static inline CURLcode isignum_setopt_beyond_link(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, isignum_open_socket);
}
static inline CURLSHcode isignum_share(CURLSH *share, curl_lock_data what) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, what);
}
