// MD5 after RFC 1321; Windows names key container files by it, so no better hash will do.
#include "gen/md5.h"

#include <string.h>

// RFC 1321 3.4: T[i] = floor(2^32 * abs(sin(i + 1))).
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint32_t turn(uint32_t a, uint32_t b, uint32_t f, uint32_t x, uint32_t sine, unsigned r)
{
    uint32_t sum = a + f + x + sine;
    return b + (sum << r | sum >> (32 - r));
}

// RFC 1321 3.4: F, G, H, I.
static inline uint32_t f1(uint32_t x, uint32_t y, uint32_t z) { return z ^ (x & (y ^ z)); }
static inline uint32_t f2(uint32_t x, uint32_t y, uint32_t z) { return f1(z, x, y); }
static inline uint32_t f3(uint32_t x, uint32_t y, uint32_t z) { return x ^ y ^ z; }
static inline uint32_t f4(uint32_t x, uint32_t y, uint32_t z) { return y ^ (x | ~z); }

// Sixteen steps of one function: which word of the block goes in, and by how much it is turned.
static inline __attribute__((always_inline)) void steps(uint32_t s[4], const uint32_t x[16], const uint32_t *sine,
                                                        uint32_t (*f)(uint32_t, uint32_t, uint32_t), unsigned from, unsigned by,
                                                        unsigned r0, unsigned r1, unsigned r2, unsigned r3)
{
    for (unsigned k = 0; k < 16; k += 4) {
        unsigned g = from + by * k;
        s[0] = turn(s[0], s[1], f(s[1], s[2], s[3]), x[g & 15], sine[k], r0);
        s[3] = turn(s[3], s[0], f(s[0], s[1], s[2]), x[(g + by) & 15], sine[k + 1], r1);
        s[2] = turn(s[2], s[3], f(s[3], s[0], s[1]), x[(g + 2 * by) & 15], sine[k + 2], r2);
        s[1] = turn(s[1], s[2], f(s[2], s[3], s[0]), x[(g + 3 * by) & 15], sine[k + 3], r3);
    }
}

static void block(uint32_t s[4], const uint8_t *p)
{
    uint32_t t[4] = {s[0], s[1], s[2], s[3]}, x[16];
    for (unsigned k = 0; k < 16; k++) { x[k] = read32(p + 4 * k); }
    steps(t, x, sines, f1, 0, 1, 7, 12, 17, 22);
    steps(t, x, sines + 16, f2, 1, 5, 5, 9, 14, 20);
    steps(t, x, sines + 32, f3, 5, 3, 4, 11, 16, 23);
    steps(t, x, sines + 48, f4, 0, 7, 6, 10, 15, 21);
    for (unsigned k = 0; k < 4; k++) { s[k] += t[k]; }
}

void wev_md5(const uint8_t *p, size_t n, uint8_t digest[16])
{
    uint32_t s[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    uint8_t last[128] = {0};
    uint64_t bits = (uint64_t)n * 8;
    size_t rest = n % 64, end = rest < 56 ? 64 : 128;
    for (size_t k = 0; k + 64 <= n; k += 64) { block(s, p + k); }
    if (rest) { memcpy(last, p + n - rest, rest); }
    last[rest] = 0x80;
    for (unsigned k = 0; k < 8; k++) { last[end - 8 + k] = (uint8_t)(bits >> (8 * k)); }
    for (size_t k = 0; k < end; k += 64) { block(s, last + k); }
    for (unsigned k = 0; k < 16; k++) { digest[k] = (uint8_t)(s[k / 4] >> (8 * (k & 3))); }
}
