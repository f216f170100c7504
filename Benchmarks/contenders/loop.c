// Usage: loop MESH_URL CONTAINER_URL [blocks]
// The least that the same work takes: the same requests by libcurl's multi interface, 16 in flight, on one thread.
// No signing, no journal, no names but the message ids, no retries, and the first unexpected answer ends it.
//
// With "blocks" it takes one message at a time, in chunks: stream a chunk, with its SHA-256, into blocks of 4 MiB, and
// put each block while the next one fills.
#include "requests.h"

#include <openssl/evp.h>
#include <strings.h>

#define SLOTS 16
#define BLOCKS 6
#define BLOCK_SIZE ((size_t)4 << 20)
#define TEXT 1024

typedef enum { IDLE, GET, PUT, ACKNOWLEDGE } step;

typedef struct {
    CURL *mesh, *storage;
    step step;
    char id[128];
    buffer content;
} slot;

typedef struct {
    CURL *handle;
    int is_busy;
    size_t count;
    char *bytes;
} block;

static const char *mesh_url, *container_url;
static struct curl_slist *mesh_headers, *blob_headers, *block_headers;
static CURLM *multi;

// One request alone, in the same multi handle, whose connections the others use.
static void run(CURL *handle, long low, long high)
{
    int running = 1, left;
    curl_multi_add_handle(multi, handle);
    while (running) {
        curl_multi_perform(multi, &running);
        if (running) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    CURLMsg *message = curl_multi_info_read(multi, &left);
    if (message == NULL) die("multi", "no result");
    CURLcode result = message->data.result;
    curl_multi_remove_handle(multi, handle);
    expect(handle, result, low, high);
}

// Lists the inbox, and ends what it gives with a nul. Acknowledged messages are gone: the first page is the next one.
static void list(CURL *handle, buffer *page)
{
    char url[TEXT];
    page->count = 0;
    snprintf(url, sizeof url, "%s/inbox?max_results=5000", mesh_url);
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, page);
    run(handle, 200, 200);
    append(page, "", 1);
}

// The next id of a page, nul-terminated in place; NULL at its end.
static char *next_id(char **place)
{
    char *start = strchr(*place, '"'), *bracket = strchr(*place, ']');
    if (start == NULL || bracket == NULL || bracket < start) return NULL;
    char *end = strchr(++start, '"');
    if (end == NULL) return NULL;
    *end = 0;
    *place = end + 1;
    return start;
}

static void start_get(slot *slot, const char *id)
{
    char url[TEXT];
    snprintf(slot->id, sizeof slot->id, "%s", id);
    snprintf(url, sizeof url, "%s/inbox/%s", mesh_url, id);
    slot->content.count = 0;
    slot->step = GET;
    curl_easy_setopt(slot->mesh, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(slot->mesh, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(slot->mesh, CURLOPT_URL, url);
    curl_easy_setopt(slot->mesh, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(slot->mesh, CURLOPT_WRITEDATA, &slot->content);
    curl_multi_add_handle(multi, slot->mesh);
}

static void advance(slot *slot, CURL *handle, CURLcode result, char **place)
{
    char url[TEXT];
    curl_multi_remove_handle(multi, handle);
    expect(handle, result, slot->step == PUT ? 201 : 200, slot->step == PUT ? 201 : 200);
    switch (slot->step) {
    case GET:
        snprintf(url, sizeof url, "%s/messages/%s.dat", container_url, slot->id);
        set_put(slot->storage, url, slot->content.bytes, slot->content.count);
        slot->step = PUT;
        curl_multi_add_handle(multi, slot->storage);
        break;
    case PUT:
        snprintf(url, sizeof url, "%s/inbox/%s/status/acknowledged", mesh_url, slot->id);
        set_put(slot->mesh, url, "", 0);
        slot->step = ACKNOWLEDGE;
        curl_multi_add_handle(multi, slot->mesh);
        break;
    case ACKNOWLEDGE:
    case IDLE: {
        char *id = next_id(place);
        slot->step = IDLE;
        if (id != NULL) start_get(slot, id);
    }
    }
}

static void move_page(char *place, slot *slots)
{
    int running, has_advanced, left;
    for (int index = 0; index < SLOTS; index++) {
        char *id = next_id(&place);
        if (id != NULL) start_get(&slots[index], id);
    }
    do {
        curl_multi_perform(multi, &running);
        has_advanced = 0;
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
            slot *slot;
            CURL *handle = message->easy_handle;
            CURLcode result = message->data.result;
            curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&slot);
            advance(slot, handle, result, &place);
            has_advanced = 1;
        }
        if (running && !has_advanced) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    } while (running || has_advanced);
}

// What a chunk's download fills.
static struct {
    block blocks[BLOCKS];
    block *filling;
    EVP_MD_CTX *digest;
    char id[128], range[64];
    int is_paused, count;
    size_t total;
    buffer list;
} stream;

static void start_block(void)
{
    char url[TEXT];
    block *full = stream.filling;
    stream.filling = NULL;
    char entry[64];
    // Base64 that is of one length for all blocks.
    snprintf(url, sizeof url, "%s/messages/%s.dat?comp=block&blockid=%08dAA%%3D%%3D", container_url, stream.id,
             stream.count);
    snprintf(entry, sizeof entry, "<Latest>%08dAA==</Latest>", stream.count++);
    append(&stream.list, entry, strlen(entry));
    set_put(full->handle, url, full->bytes, full->count);
    full->is_busy = 1;
    curl_multi_add_handle(multi, full->handle);
}

static block *free_block(void)
{
    for (int index = 0; index < BLOCKS; index++) {
        block *candidate = &stream.blocks[index];
        if (candidate->is_busy || candidate == stream.filling) continue;
        if (candidate->bytes == NULL) candidate->bytes = malloc(BLOCK_SIZE);
        candidate->count = 0;
        return candidate;
    }
    return NULL;
}

// Full blocks wait to be started until the callback is over: libcurl forbids adding handles in it.
static block *waiting[BLOCKS];
static int waiting_count;

static size_t fill(char *bytes, size_t size, size_t count, void *unused)
{
    (void)unused;
    size_t length = size * count, offset = 0;
    block *next = NULL;
    if (stream.filling == NULL && (stream.filling = free_block()) == NULL) goto pause;
    if (stream.filling->count + length > BLOCK_SIZE && (next = free_block()) == NULL) goto pause;
    EVP_DigestUpdate(stream.digest, bytes, length);
    while (offset < length) {
        size_t part = BLOCK_SIZE - stream.filling->count;
        if (part > length - offset) part = length - offset;
        memcpy(stream.filling->bytes + stream.filling->count, bytes + offset, part);
        stream.filling->count += part;
        offset += part;
        if (stream.filling->count == BLOCK_SIZE) {
            stream.filling->is_busy = 1;
            waiting[waiting_count++] = stream.filling;
            stream.filling = next;
            next = NULL;
        }
    }
    stream.total += length;
    return length;
pause:
    stream.is_paused = 1;
    return CURL_WRITEFUNC_PAUSE;
}

static size_t note_range(char *line, size_t size, size_t count, void *unused)
{
    (void)unused;
    size_t length = size * count;
    if (length > 17 && strncasecmp(line, "Mex-Chunk-Range: ", 17) == 0)
        snprintf(stream.range, sizeof stream.range, "%.*s", (int)(length - 17), line + 17);
    return length;
}

static void start_waiting(void)
{
    block *filling = stream.filling;
    for (int index = 0; index < waiting_count; index++) {
        stream.filling = waiting[index];
        start_block();
    }
    stream.filling = filling;
    waiting_count = 0;
}

// Runs until the given download has ended, or, without one, until no block is on its way.
static void pump(CURL *download)
{
    int running, left, is_over = 0;
    while (!is_over) {
        curl_multi_perform(multi, &running);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
            CURL *handle = message->easy_handle;
            CURLcode result = message->data.result;
            curl_multi_remove_handle(multi, handle);
            if (handle == download) {
                expect(handle, result, 200, 206);
                is_over = 1;
                continue;
            }
            expect(handle, result, 201, 201);
            for (int index = 0; index < BLOCKS; index++)
                if (stream.blocks[index].handle == handle) stream.blocks[index].is_busy = 0;
            if (stream.is_paused && download != NULL) {
                stream.is_paused = 0;
                curl_easy_pause(download, CURLPAUSE_CONT);
            }
        }
        // Those that were filled in a callback, be it of the download or of the call that let it go on.
        start_waiting();
        if (download == NULL) {
            is_over = 1;
            for (int index = 0; index < BLOCKS; index++) is_over &= !stream.blocks[index].is_busy;
        }
        if (!is_over) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}

static void move_in_blocks(CURL *mesh, const char *id)
{
    char url[TEXT];
    int chunk = 1, chunks = 1;
    CURL *download = new_handle(mesh_headers);
    curl_easy_setopt(download, CURLOPT_WRITEFUNCTION, fill);
    curl_easy_setopt(download, CURLOPT_HEADERFUNCTION, note_range);
    curl_easy_setopt(download, CURLOPT_BUFFERSIZE, 262144L);
    snprintf(stream.id, sizeof stream.id, "%s", id);
    stream.count = 0, stream.list.count = 0;
    append(&stream.list, "<BlockList>", 11);
    EVP_DigestInit_ex(stream.digest, EVP_sha256(), NULL);
    do {
        if (chunk == 1) snprintf(url, sizeof url, "%s/inbox/%s", mesh_url, id);
        else snprintf(url, sizeof url, "%s/inbox/%s/%d", mesh_url, id, chunk);
        curl_easy_setopt(download, CURLOPT_URL, url);
        curl_multi_add_handle(multi, download);
        pump(download);
        if (sscanf(stream.range, "%d:%d", &chunk, &chunks) != 2) die(url, "no chunk range");
    } while (chunk++ < chunks);
    if (stream.filling != NULL && stream.filling->count > 0) start_block();
    pump(NULL);
    append(&stream.list, "</BlockList>", 12);
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_DigestFinal_ex(stream.digest, digest, NULL);
    CURL *storage = new_handle(blob_headers);
    snprintf(url, sizeof url, "%s/messages/%s.dat?comp=blocklist", container_url, id);
    set_put(storage, url, stream.list.bytes, stream.list.count);
    run(storage, 201, 201);
    snprintf(url, sizeof url, "%s/inbox/%s/status/acknowledged", mesh_url, id);
    curl_easy_setopt(mesh, CURLOPT_WRITEFUNCTION, drop);
    set_put(mesh, url, "", 0);
    run(mesh, 200, 200);
    curl_easy_cleanup(storage);
    curl_easy_cleanup(download);
}

int main(int count, char **arguments)
{
    static slot slots[SLOTS];
    if (count < 3) return 64;
    mesh_url = arguments[1], container_url = arguments[2];
    int is_in_blocks = count > 3;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 2L * SLOTS + BLOCKS + 4);
    mesh_headers = curl_slist_append(NULL, "Accept: application/vnd.mesh.v2+json");
    mesh_headers = curl_slist_append(mesh_headers, "Authorization: NHSMESH X26ABC1:none:0:0:0");
    mesh_headers = curl_slist_append(mesh_headers, "Mex-ClientVersion: loop");
    mesh_headers = curl_slist_append(mesh_headers, "Content-Type:");
    mesh_headers = curl_slist_append(mesh_headers, "Expect:");
    blob_headers = curl_slist_append(NULL, "x-ms-blob-type: BlockBlob");
    blob_headers = curl_slist_append(blob_headers, "If-None-Match: *");
    blob_headers = curl_slist_append(blob_headers, "Content-Type: application/octet-stream");
    blob_headers = curl_slist_append(blob_headers, "Expect:");
    block_headers = curl_slist_append(NULL, "Content-Type: application/octet-stream");
    block_headers = curl_slist_append(block_headers, "Expect:");

    CURL *mesh = new_handle(mesh_headers);
    buffer page = {0};
    set_put(mesh, mesh_url, "", 0);
    curl_easy_setopt(mesh, CURLOPT_CUSTOMREQUEST, "POST");
    run(mesh, 200, 200);
    list(mesh, &page);
    char *place = strchr(page.bytes, '[');
    if (place == NULL || place[1] == ']') return 0;

    CURL *storage = new_handle(blob_headers);
    char url[TEXT];
    snprintf(url, sizeof url, "%s?restype=container", container_url);
    set_put(storage, url, "", 0);
    run(storage, 201, 409);
    stream.digest = EVP_MD_CTX_new();
    for (int index = 0; index < BLOCKS; index++) {
        stream.blocks[index].handle = new_handle(block_headers);
        curl_easy_setopt(stream.blocks[index].handle, CURLOPT_UPLOAD_BUFFERSIZE, 262144L);
    }
    for (int index = 0; index < SLOTS; index++) {
        slots[index].mesh = new_handle(mesh_headers);
        slots[index].storage = new_handle(blob_headers);
        curl_easy_setopt(slots[index].mesh, CURLOPT_PRIVATE, &slots[index]);
        curl_easy_setopt(slots[index].storage, CURLOPT_PRIVATE, &slots[index]);
    }
    while (place != NULL && place[1] != ']') {
        if (is_in_blocks) {
            for (char *id; (id = next_id(&place)) != NULL;) move_in_blocks(mesh, id);
        } else {
            move_page(place, slots);
        }
        list(mesh, &page);
        place = strchr(page.bytes, '[');
    }
    return 0;
}
