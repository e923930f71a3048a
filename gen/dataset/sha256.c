// SHA-256 after FIPS 180-4, for the sums of files that others check with sha256sum.
#include "gen/dataset/sha256.h"

#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
// FIPS 180-4 4.2.2: the fractions of the cube roots of the first 64 primes.
const uint32_t wev_sha256_roots[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

// One round: d and h change, and the caller turns the names of the eight words instead of the words.
#define ROUND(a, b, c, d, e, f, g, h, k)                                                                          \
    do {                                                                                                          \
        uint32_t t = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g))) + wev_sha256_roots[k] + w[k]; \
        d += t;                                                                                                   \
        h = t + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) | (c & (a | b)));                             \
    } while (0)

static void block(uint32_t state[8], const uint8_t *p)
{
    uint32_t w[64];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (unsigned k = 0; k < 16; k++) {
        w[k] = (uint32_t)p[4 * k] << 24 | (uint32_t)p[4 * k + 1] << 16 | (uint32_t)p[4 * k + 2] << 8 | p[4 * k + 3];
    }
    for (unsigned k = 16; k < 64; k++) {
        uint32_t x = w[k - 15], y = w[k - 2];
        w[k] = w[k - 16] + (turn(x, 7) ^ turn(x, 18) ^ x >> 3) + w[k - 7] + (turn(y, 17) ^ turn(y, 19) ^ y >> 10);
    }
    for (unsigned k = 0; k < 64; k += 8) {
        ROUND(a, b, c, d, e, f, g, h, k);
        ROUND(h, a, b, c, d, e, f, g, k + 1);
        ROUND(g, h, a, b, c, d, e, f, k + 2);
        ROUND(f, g, h, a, b, c, d, e, k + 3);
        ROUND(e, f, g, h, a, b, c, d, k + 4);
        ROUND(d, e, f, g, h, a, b, c, k + 5);
        ROUND(c, d, e, f, g, h, a, b, k + 6);
        ROUND(b, c, d, e, f, g, h, a, k + 7);
    }
    const uint32_t more[8] = {a, b, c, d, e, f, g, h};
    for (unsigned k = 0; k < 8; k++) { state[k] += more[k]; }
}

static void blocks(uint32_t state[8], const uint8_t *p, size_t n)
{
#if defined(__x86_64__)
    unsigned a, b = 0, c, d; // leaf 7, EBX bit 29: the SHA instructions (not every compiler has a name for them)
    if (__builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && b >> 29 & 1) {
        wev_sha256_ni(state, p, n);
        return;
    }
#endif
    wev_sha256_portable(state, p, n);
}

void wev_sha256_portable(uint32_t state[8], const uint8_t *p, size_t n)
{
    for (; n > 0; n--, p += 64) { block(state, p); }
}

void wev_sha256_start(struct wev_sha256 *s)
{
    memcpy(s->state, start, sizeof(start));
    s->bytes = 0;
}

void wev_sha256_add(struct wev_sha256 *s, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    size_t have = s->bytes % 64, take = 64 - have < n ? 64 - have : n;
    s->bytes += n;
    if (have) {
        memcpy(s->rest + have, p, take);
        if (have + take < 64) { return; }
        blocks(s->state, s->rest, 1);
        p += take;
        n -= take;
    }
    blocks(s->state, p, n / 64);
    if (n % 64) { memcpy(s->rest, p + n / 64 * 64, n % 64); }
}

void wev_sha256_end(struct wev_sha256 *s, char text[65])
{
    static const uint8_t pad[64] = {0x80};
    uint64_t bits = s->bytes * 8;
    size_t have = s->bytes % 64;
    uint8_t length[8];
    for (unsigned k = 0; k < 8; k++) { length[k] = (uint8_t)(bits >> (56 - 8 * k)); }
    wev_sha256_add(s, pad, have < 56 ? 56 - have : 120 - have);
    wev_sha256_add(s, length, sizeof(length));
    for (unsigned k = 0; k < 64; k++) { text[k] = "0123456789abcdef"[s->state[k / 8] >> (28 - 4 * (k % 8)) & 15]; }
    text[64] = 0;
}
