// Hashes a virtual account's name as Windows does. Knows no profile.
#include "gen/virtual_sid.h"

#include "gen/sha1.h"

enum { UNITS_MAX = 512 };

// Capitals of these ranges have their small letters `apart` behind them.
static const struct { uint16_t first, last, apart; } capitals[] = {
    {'A', 'Z', 32}, {0xc0, 0xd6, 32}, {0xd8, 0xde, 32}, {0x391, 0x3a1, 32}, {0x3a3, 0x3a9, 32}, {0x400, 0x40f, 80}, {0x410, 0x42f, 32},
};

static uint32_t cased(uint32_t c, bool upper)
{
    for (size_t k = 0; k < WEV_COUNT(capitals); k++) {
        uint32_t first = capitals[k].first + (upper ? capitals[k].apart : 0u), last = capitals[k].last + (upper ? capitals[k].apart : 0u);
        if (c >= first && c <= last) { return upper ? c - capitals[k].apart : c + capitals[k].apart; }
    }
    return c;
}

// The next character of UTF-8 that is known to be right.
static uint32_t next(struct wev_span *s)
{
    uint8_t lead = (uint8_t)*s->p;
    size_t more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3, k = 1;
    uint32_t c = more ? lead & (0x3fu >> more) : lead;
    for (; k <= more && k < s->n; k++) { c = c << 6 | ((uint8_t)s->p[k] & 0x3f); }
    s->p += k;
    s->n -= k;
    return c;
}

void wev_virtual_sid(struct wev_span name, bool upper, uint32_t subs[WEV_VIRTUAL_SUBS])
{
    uint8_t wide[2 * UNITS_MAX + 2], digest[20];
    size_t n = 0;
    while (name.n > 0 && n < 2 * UNITS_MAX) {
        uint32_t c = cased(next(&name), upper), high = 0;
        if (c >= 0x10000) { // a pair of surrogates
            high = 0xd800 + ((c - 0x10000) >> 10);
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
            wide[n++] = (uint8_t)high;
            wide[n++] = (uint8_t)(high >> 8);
        }
        if (n == 2 * UNITS_MAX) { break; }
        wide[n++] = (uint8_t)c;
        wide[n++] = (uint8_t)(c >> 8);
    }
    wev_sha1(wide, n, digest);
    for (unsigned k = 0; k < WEV_VIRTUAL_SUBS; k++) {
        const uint8_t *p = digest + 4 * k;
        subs[k] = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    }
}
