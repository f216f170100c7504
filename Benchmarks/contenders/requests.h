// What every request of the C loop is made with: buffers, handles, and the end at the first unexpected answer.
#ifndef REQUESTS_H
#define REQUESTS_H
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { char *bytes; size_t count, capacity; } buffer;

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s\n", what, detail);
    exit(1);
}

static void append(buffer *to, const char *bytes, size_t count)
{
    if (to->count + count > to->capacity) {
        to->capacity = (to->count + count) * 2;
        to->bytes = realloc(to->bytes, to->capacity);
        if (to->bytes == NULL) die("realloc", "no memory");
    }
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
}

static size_t receive(char *bytes, size_t size, size_t count, void *to)
{
    append(to, bytes, size * count);
    return size * count;
}

static size_t drop(char *bytes, size_t size, size_t count, void *to)
{
    (void)bytes, (void)to;
    return size * count;
}

static CURL *new_handle(struct curl_slist *headers)
{
    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    if (getenv("BENCH_CA")) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, getenv("BENCH_CA"));
        curl_easy_setopt(handle, CURLOPT_SSLCERT, getenv("BENCH_CERTIFICATE"));
        curl_easy_setopt(handle, CURLOPT_SSLKEY, getenv("BENCH_KEY"));
    }
    return handle;
}

static void set_put(CURL *handle, const char *url, const char *bytes, size_t count)
{
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, bytes);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "PUT");
}

static void expect(CURL *handle, CURLcode result, long low, long high)
{
    long status = 0;
    char *url = "";
    curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
    if (result != CURLE_OK) die(url, curl_easy_strerror(result));
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (status < low || status > high) die(url, "unexpected status");
}

#endif
