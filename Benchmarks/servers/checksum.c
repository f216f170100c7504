// CRC-64/NVME, as Azure Blob Storage answers it to Put Block, and the bytes that messages are made of.
// Built by Benchmarks/servers/start as a shared library for nginx's LuaJIT.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define POLYNOMIAL 0x9a6c9329ac4bc9b5u // reflected

static uint64_t table[8][256];

__attribute__((constructor)) static void make_table(void)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint64_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
        table[0][byte] = crc;
    }
    for (int slice = 1; slice < 8; slice++)
        for (unsigned byte = 0; byte < 256; byte++) {
            uint64_t crc = table[slice - 1][byte];
            table[slice][byte] = (crc >> 8) ^ table[0][crc & 255];
        }
}

static uint64_t update_by_table(uint64_t crc, const uint8_t *bytes, size_t count)
{
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        crc ^= word;
        uint64_t next = 0;
        for (int slice = 0; slice < 8; slice++) next ^= table[7 - slice][(crc >> (8 * slice)) & 255];
        crc = next;
    }
    for (; count > 0; bytes++, count--) crc = (crc >> 8) ^ table[0][(crc ^ *bytes) & 255];
    return crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

// The reflected x^exponent modulo the polynomial.
static uint64_t power(unsigned exponent)
{
    uint64_t value = (uint64_t)1 << 63;
    while (exponent-- > 0) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    return value;
}

__attribute__((target("pclmul,sse4.1"))) static __m128i fold(__m128i state, __m128i keys, __m128i data)
{
    __m128i low = _mm_clmulepi64_si128(state, keys, 0x00);
    __m128i high = _mm_clmulepi64_si128(state, keys, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), data);
}

__attribute__((target("pclmul,sse4.1"))) static uint64_t
update_by_folding(uint64_t crc, const uint8_t *bytes, size_t count)
{
    static uint64_t by512[2], by128[2];
    if (by512[1] == 0) {
        by128[0] = power(128 + 64 - 1), by128[1] = power(128 - 1);
        by512[0] = power(512 + 64 - 1), by512[1] = power(512 - 1);
    }
    const __m128i *blocks = (const __m128i *)bytes;
    __m128i keys = _mm_loadu_si128((const __m128i *)by512), state[4];
    for (int lane = 0; lane < 4; lane++) state[lane] = _mm_loadu_si128(blocks + lane);
    state[0] = _mm_xor_si128(state[0], _mm_cvtsi64_si128((long long)crc));
    for (blocks += 4, count -= 64; count >= 64; blocks += 4, count -= 64)
        for (int lane = 0; lane < 4; lane++) state[lane] = fold(state[lane], keys, _mm_loadu_si128(blocks + lane));
    keys = _mm_loadu_si128((const __m128i *)by128);
    __m128i rest = state[0];
    for (int lane = 1; lane < 4; lane++) rest = fold(rest, keys, state[lane]);
    uint8_t last[16];
    _mm_storeu_si128((__m128i *)last, rest);
    return update_by_table(update_by_table(0, last, 16), (const uint8_t *)blocks, count);
}
#endif

// Starts with ~0; the checksum is the complement of what the last call gives.
uint64_t crc64_update(uint64_t crc, const uint8_t *bytes, size_t count)
{
#if defined(__x86_64__)
    if (count >= 128 && __builtin_cpu_supports("pclmul")) return update_by_folding(crc, bytes, count);
#endif
    return update_by_table(crc, bytes, count);
}

// Bytes that don't compress, the same for each seed.
void fill(uint8_t *bytes, size_t count, uint64_t seed)
{
    uint64_t state = seed * 2654435769u + 1;
    for (size_t index = 0; index < count; index++) {
        if (index % 8 == 0) state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        bytes[index] = (uint8_t)(state >> (8 * (index % 8)));
    }
}

#ifdef SELF_TEST
#include <stdio.h>
int main(void)
{
    static uint8_t bytes[5000];
    fill(bytes, sizeof bytes, 1);
    int failures = ~crc64_update(~0ull, (const uint8_t *)"123456789", 9) != 0xae8b14860a799888u;
    for (size_t count = 0; count < sizeof bytes; count++)
        failures += crc64_update(~0ull, bytes, count) != update_by_table(~0ull, bytes, count);
    printf("%d failures\n", failures);
    return failures != 0;
}
#endif
