#pragma once
#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x075500
#error "libcurl 7.85 or newer is needed"
#endif

// curl_easy_setopt and its siblings are variadic, which Swift cannot call: one inline for each kind of argument.

static inline CURLcode pmi_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode pmi_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode pmi_setopt_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode pmi_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode pmi_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

/// The bytes are not copied: they must stay where they are for as long as the handle has the option.
static inline CURLcode pmi_setopt_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_NOCOPY};
    return curl_easy_setopt(handle, option, &blob);
}

typedef size_t (*pmi_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*pmi_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*pmi_prerequest_callback)(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port);

static inline CURLcode pmi_setopt_data_callback(CURL *handle, CURLoption option, pmi_data_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode pmi_setopt_seek(CURL *handle, pmi_seek_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode pmi_setopt_prerequest(CURL *handle, pmi_prerequest_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode pmi_getinfo_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode pmi_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode pmi_getinfo_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode pmi_multi_setopt_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

#define PMI_TEXT_OF(token) #token
#define PMI_TEXT(token) PMI_TEXT_OF(token)

/// The version of the Swift toolchain, where the build says it, and nothing else.
static inline const char *pmi_swift_toolchain_version(void) {
#ifdef SWIFT_TOOLCHAIN_VERSION
    return PMI_TEXT(SWIFT_TOOLCHAIN_VERSION);
#else
    return NULL;
#endif
}
