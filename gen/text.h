// Values as text: each function writes at p without a bound check and returns the new end; the most that it
// can write is beside it. Write side only; schema/types.c reads these forms with other code.
#ifndef WEV_TEXT_H
#define WEV_TEXT_H

#include "schema/event.h"

#include <endian.h>
#include <string.h>

enum { WEV_TEXT_VALUE_MAX = 224 }; // any value but text and binary

static const char wev_text_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    "5556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
    "99";

static inline char *wev_text_two(char *p, unsigned v) // v below 100
{
    memcpy(p, wev_text_pairs + 2 * v, 2);
    return p + 2;
}

static inline void wev_text_store(char *p, uint64_t word) // the lowest byte first, on any machine
{
    word = htole64(word);
    memcpy(p, &word, sizeof(word));
}

// The four bytes of a word, a 0 behind each: ASCII as UTF-16LE.
static inline uint64_t wev_text_spread(uint32_t v)
{
    uint64_t x = (v | (uint64_t)v << 16) & 0x0000ffff0000ffffu;
    return (x | x << 8) & 0x00ff00ff00ff00ffu;
}

// The bytes of a word, with ASCII's capitals made small.
static inline uint64_t wev_text_lower(uint64_t w)
{
    uint64_t ones = 0x0101010101010101u, low = w & 127 * ones;
    uint64_t from_a = low + (128 - 'A') * ones, past_z = low + (128 - 'Z' - 1) * ones;
    return w | ((from_a & ~past_z & ~w & 128 * ones) >> 2);
}

// The eight digits of v below 10^8, one a byte, the first in the lowest: halves, quarters and eighths of the number side by
// side in one word, divided by multiplying (exact for what each step is given; checked against printf in a test).
static inline uint64_t wev_text_digits(uint32_t v)
{
    uint64_t x = v / 10000u | (uint64_t)(v % 10000u) << 32;
    uint64_t y = x * 10486u >> 20 & 0x0000007f0000007fu; // by 100
    x = y | (x - 100u * y) << 16;
    y = x * 103u >> 10 & 0x000f000f000f000fu; // by 10
    return y | (x - 10u * y) << 8;
}

// Without a branch on the number of digits, which nothing can predict. Writes 8 bytes.
static inline char *wev_text_below_1e8(char *p, uint32_t v)
{
    uint64_t digits = wev_text_digits(v);
    unsigned zeros = (unsigned)__builtin_ctzll(digits | 1ull << 56) & 56u; // bits of leading zeros; the last digit stays
    wev_text_store(p, (digits + 0x3030303030303030u) >> zeros);
    return p + 8 - zeros / 8;
}

static inline char *wev_text_eight(char *p, uint32_t v) // all eight digits of v below 10^8
{
    wev_text_store(p, wev_text_digits(v) + 0x3030303030303030u);
    return p + 8;
}

static inline char *wev_text_u64(char *p, uint64_t v) // 20 bytes
{
    if (v < 100000000u) { return wev_text_below_1e8(p, (uint32_t)v); }
    uint64_t high = v / 100000000u;
    uint32_t low = (uint32_t)(v % 100000000u);
    if (high < 100000000u) { return wev_text_eight(wev_text_below_1e8(p, (uint32_t)high), low); }
    p = wev_text_below_1e8(p, (uint32_t)(high / 100000000u));
    return wev_text_eight(wev_text_eight(p, (uint32_t)(high % 100000000u)), low);
}

static inline char *wev_text_i64(char *p, int64_t v) // 20 bytes
{
    if (v < 0) { *p++ = '-'; }
    return wev_text_u64(p, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static inline char *wev_text_padded(char *p, uint64_t v, unsigned width) // width + 8 bytes, 20 at least
{
    unsigned digits = 1;
    for (uint64_t t = v; t >= 10; t /= 10) { digits++; }
    for (; digits < width; width--) { *p++ = '0'; }
    return wev_text_u64(p, v);
}

#define WEV_TEXT_LOWER "0123456789abcdef"
#define WEV_TEXT_UPPER "0123456789ABCDEF"

// Eight hexadecimal digits in a word, the first in its lowest byte.
static inline uint64_t wev_text_nibbles(uint32_t v, const char *alphabet)
{
    uint64_t x = __builtin_bswap32(v);
    x = (x | x << 16) & 0x0000ffff0000ffffu;
    x = (x | x << 8) & 0x00ff00ff00ff00ffu;
    x = ((x & 0x000f000f000f000fu) << 8) | (x >> 4 & 0x000f000f000f000fu);
    uint64_t letters = (x + 0x0606060606060606u) >> 4 & 0x0101010101010101u;
    return x + 0x3030303030303030u + letters * (uint64_t)(alphabet[10] - '9' - 1);
}

// 0x and no padding: 18 bytes of text, 26 that may be written.
static inline char *wev_text_hex(char *p, uint64_t v, const char *alphabet)
{
    *p++ = '0';
    *p++ = 'x';
    unsigned n = (67 - (unsigned)__builtin_clzll(v | 1)) / 4;
    if (n > 8) {
        unsigned top = n - 8;
        wev_text_store(p, wev_text_nibbles((uint32_t)(v >> 32), alphabet) >> (64 - 8 * top));
        p += top;
        n = 8;
    }
    wev_text_store(p, wev_text_nibbles((uint32_t)v, alphabet) >> (64 - 8 * n));
    return p + n;
}

static inline char *wev_text_bytes(char *p, const uint8_t *b, size_t n, const char *alphabet) // 2 n bytes
{
    for (size_t k = 0; k < n; k++) {
        *p++ = alphabet[b[k] >> 4];
        *p++ = alphabet[b[k] & 15];
    }
    return p;
}

static inline char *wev_text_guid(char *p, const struct wev_guid *g, const char *alphabet) // no braces: 36 bytes
{
    static const uint8_t at[8] = {0, 4, 9, 14, 19, 24, 28, 32}; // of each four digits; '-' is written over
    uint32_t word[4];
    for (unsigned k = 0; k < 4; k++) {
        memcpy(&word[k], g->byte + 4 * k, 4);
        uint64_t digits = wev_text_nibbles(be32toh(word[k]), alphabet);
        uint32_t half[2] = {htole32((uint32_t)digits), htole32((uint32_t)(digits >> 32))};
        memcpy(p + at[2 * k], &half[0], 4);
        memcpy(p + at[2 * k + 1], &half[1], 4);
    }
    p[8] = p[13] = p[18] = p[23] = '-';
    return p + 36;
}

// MS-DTYP 2.4.2.1: an authority of 2^32 and more is 0x and twelve digits. 18 + 15 * 11 = 183 bytes.
static inline char *wev_text_sid(char *p, const struct wev_sid *s)
{
    memcpy(p, "S-1-", 4);
    p += 4;
    if (s->authority >> 32) {
        uint8_t b[6];
        for (unsigned k = 0; k < 6; k++) { b[k] = (uint8_t)(s->authority >> (40 - 8 * k)); }
        memcpy(p, "0x", 2);
        p = wev_text_bytes(p + 2, b, 6, WEV_TEXT_LOWER);
    } else {
        p = wev_text_u64(p, s->authority);
    }
    for (uint32_t k = 0; k < s->count; k++) {
        *p++ = '-';
        p = wev_text_u64(p, s->sub[k]);
    }
    return p;
}

// The date of a day since 1601-01-01, as 2020-09-04; `mark` (U+200E, or "") goes before each number and each '-', as
// rendered messages have it. 11 + 5 * 3 bytes.
static inline char *wev_text_date(char *p, uint64_t day, const char *mark)
{
    size_t m = strlen(mark);
    // Civil date counted in years that begin in March (Hinnant's days algorithm).
    uint64_t z = day + 584694u; // days from 0000-03-01 to 1601-01-01
    uint64_t era = z / 146097u;
    unsigned doe = (unsigned)(z % 146097u);
    unsigned yoe = (doe - doe / 1460u + doe / 36524u - doe / 146096u) / 365u;
    unsigned doy = doe - (365u * yoe + yoe / 4u - yoe / 100u);
    unsigned mp = (5u * doy + 2u) / 153u;
    unsigned dd = doy - (153u * mp + 2u) / 5u + 1u, mm = mp < 10 ? mp + 3u : mp - 9u;
    uint64_t year = era * 400u + yoe + (mm <= 2);
    const unsigned part[2] = {mm, dd};
    memcpy(p, mark, m);
    p += m;
    if (year >= 10000) { *p++ = (char)('0' + year / 10000); year %= 10000; } // a FILETIME ends in 60056
    p = wev_text_two(p, (unsigned)year / 100u);
    p = wev_text_two(p, (unsigned)year % 100u);
    for (int k = 0; k < 2; k++) {
        memcpy(p, mark, m);
        p += m;
        *p++ = '-';
        memcpy(p, mark, m);
        p = wev_text_two(p + m, part[k]);
    }
    return p;
}

// The rest of a FILETIME's text: T07:08:22.5182329Z with 0 to 9 digits. 20 bytes.
static inline char *wev_text_clock(char *p, uint64_t second_of_day, uint64_t fraction_100ns, unsigned digits)
{
    unsigned s = (unsigned)second_of_day;
    *p++ = 'T';
    p = wev_text_two(p, s / 3600u);
    *p++ = ':';
    p = wev_text_two(p, s / 60u % 60u);
    *p++ = ':';
    p = wev_text_two(p, s % 60u);
    if (digits) {
        *p++ = '.';
        wev_text_eight(p, (uint32_t)fraction_100ns * 10u); // seven digits and a 0
        p[8] = '0';
        p += digits > 9 ? 9 : digits;
    }
    *p++ = 'Z';
    return p;
}

static inline char *wev_text_time(char *p, uint64_t t, unsigned digits, const char *mark) // both: 31 + 5 * 3 bytes
{
    uint64_t second = t / 10000000u;
    p = wev_text_date(p, second / 86400u, mark);
    return wev_text_clock(p, second % 86400u, t % 10000000u, digits);
}

#endif
