// SHA-1 after RFC 3174; Windows makes SIDs of virtual accounts by it, so no better hash will do.
#include "gen/sha1.h"

#include <string.h>

static uint32_t left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void block(uint32_t h[5], const uint8_t *p)
{
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (unsigned t = 0; t < 16; t++, p += 4) { w[t] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]; }
    for (unsigned t = 16; t < 80; t++) { w[t] = left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1); }
    for (unsigned t = 0; t < 80; t++) { // RFC 3174 5: f and K of the four rounds
        uint32_t f = t < 20 ? (b & c) | (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
        uint32_t k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
        uint32_t next = left(a, 5) + f + e + w[t] + k;
        e = d;
        d = c;
        c = left(b, 30);
        b = a;
        a = next;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
}

void wev_sha1(const uint8_t *p, size_t n, uint8_t digest[20])
{
    uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    uint8_t last[128] = {0};
    size_t rest = n % 64, end = rest < 56 ? 64 : 128;
    for (size_t k = 0; k + 64 <= n; k += 64) { block(h, p + k); }
    if (rest) { memcpy(last, p + n - rest, rest); }
    last[rest] = 0x80;
    for (unsigned k = 0; k < 8; k++) { last[end - 1 - k] = (uint8_t)((uint64_t)n * 8 >> (8 * k)); }
    for (size_t k = 0; k < end; k += 64) { block(h, last + k); }
    for (unsigned k = 0; k < 20; k++) { digest[k] = (uint8_t)(h[k / 4] >> (24 - 8 * (k & 3))); }
}
