// The lexical form of every inType: text to value, or the reason why not. Shares nothing with gen/text.h.
#include "schema/types.h"

#include <string.h>

// What `i` finding was met first; an `n` one replaces it at once.
struct finding {
    enum wev_verdict code;
    size_t at;
};

static void note(struct finding *f, enum wev_verdict code, size_t at)
{
    if (f->code == WEV_V_OK) { *f = (struct finding){code, at}; }
}

static enum wev_verdict bad(enum wev_verdict code, size_t where, size_t *at)
{
    *at = where;
    return code;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int nibble(char c)
{
    if (is_digit(c)) { return c - '0'; }
    if (c >= 'a' && c <= 'f') { return c - 'a' + 10; }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// ---- SID (MS-DTYP 2.4.2.1)

static bool cut_prefix(struct wev_span *s, const char *text)
{
    size_t n = strlen(text);
    if (s->n < n || memcmp(s->p, text, n) != 0) { return false; }
    s->p += n;
    s->n -= n;
    return true;
}

// Decimal without leading zeros, at most 2^32 - 1.
static bool cut_u32(struct wev_span *s, uint32_t *out)
{
    uint64_t v = 0;
    size_t n = 0;
    while (n < s->n && n < 11 && is_digit(s->p[n])) { v = v * 10 + (uint64_t)(s->p[n++] - '0'); }
    if (n == 0 || v > UINT32_MAX || (n > 1 && s->p[0] == '0')) { return false; }
    *out = (uint32_t)v;
    s->p += n;
    s->n -= n;
    return true;
}

// Decimal below 2^32, or 0x and twelve digits from there up.
static bool cut_authority(struct wev_span *s, uint64_t *out)
{
    uint32_t small;
    if (cut_prefix(s, "0x")) {
        uint64_t v = 0;
        if (s->n < 12) { return false; }
        for (size_t k = 0; k < 12; k++) {
            int d = nibble(s->p[k]);
            if (d < 0) { return false; }
            v = v << 4 | (uint64_t)d;
        }
        s->p += 12;
        s->n -= 12;
        *out = v;
        return v > UINT32_MAX;
    }
    if (!cut_u32(s, &small)) { return false; }
    *out = small;
    return true;
}

static enum wev_verdict parse_sid(struct wev_span s, struct wev_sid *sid, size_t *at)
{
    const char *from = s.p;
    *sid = (struct wev_sid){.count = 0};
    if (!cut_prefix(&s, "S-1-")) { return bad(WEV_V_SID_PREFIX, 0, at); }
    if (!cut_authority(&s, &sid->authority) || (s.n > 0 && *s.p != '-')) { return bad(WEV_V_SID_AUTHORITY, (size_t)(s.p - from), at); }
    while (s.n > 0) {
        if (sid->count == WEV_SID_SUBS_MAX) { return bad(WEV_V_SID_LONG, (size_t)(s.p - from), at); }
        if (!cut_prefix(&s, "-") || !cut_u32(&s, &sid->sub[sid->count]) || (s.n > 0 && *s.p != '-')) {
            return bad(WEV_V_SID_SUB, (size_t)(s.p - from), at);
        }
        sid->count++;
    }
    return sid->count ? WEV_V_OK : bad(WEV_V_SID_SHORT, (size_t)(s.p - from), at);
}

// ---- GUID, binary

static enum wev_verdict parse_guid(struct wev_span s, struct wev_guid *g, size_t *at)
{
    size_t n = 0;
    for (size_t k = 0; k < 38; k++) {
        if (k >= s.n) { return bad(WEV_V_GUID, s.n, at); }
        char c = s.p[k];
        char want = k == 0 ? '{' : k == 37 ? '}' : k == 9 || k == 14 || k == 19 || k == 24 ? '-' : 0;
        if (want ? c != want : nibble(c) < 0) { return bad(WEV_V_GUID, k, at); }
        if (want) { continue; }
        uint8_t d = (uint8_t)nibble(c);
        if (n & 1) { g->byte[n / 2] = (uint8_t)(g->byte[n / 2] | d); } else { g->byte[n / 2] = (uint8_t)(d << 4); }
        n++;
    }
    return s.n == 38 ? WEV_V_OK : bad(WEV_V_GUID, 38, at);
}

static enum wev_verdict parse_binary(struct wev_span s, struct wev_types_room *room, struct wev_value *v, size_t *at)
{
    for (size_t k = 0; k < s.n; k++) {
        int d = nibble(s.p[k]);
        if (d < 0 || k / 2 >= room->bin_cap) { return bad(WEV_V_HEXBIN, k, at); }
        if (k & 1) { room->bin[k / 2] = (uint8_t)(room->bin[k / 2] | d); } else { room->bin[k / 2] = (uint8_t)(d << 4); }
    }
    if (s.n & 1) { return bad(WEV_V_HEXBIN, s.n, at); }
    v->n = (uint32_t)(s.n / 2);
    v->is.bin = room->bin;
    return WEV_V_OK;
}

// ---- time

static bool two(const char *p, unsigned *out)
{
    if (!is_digit(p[0]) || !is_digit(p[1])) { return false; }
    *out = (unsigned)(10 * (p[0] - '0') + (p[1] - '0'));
    return true;
}

// Days before the year and before the month, counted from 1601-01-01, by plain addition.
static bool days_of(uint64_t year, unsigned month, unsigned day, uint64_t *out)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12) { return false; }
    unsigned length = lengths[month - 1] + (month == 2 && leap ? 1u : 0u);
    if (day < 1 || day > length) { return false; }
    uint64_t y = year - 1601, days = 365 * y + y / 4 - y / 100 + y / 400;
    for (unsigned m = 1; m < month; m++) { days += lengths[m - 1] + (m == 2 && leap ? 1u : 0u); }
    *out = days + day - 1;
    return true;
}

static enum wev_verdict parse_zone(struct wev_span s, size_t k, int64_t *minutes, struct finding *f, size_t *at)
{
    unsigned hh, mm;
    *minutes = 0;
    if (k == s.n) {
        note(f, WEV_V_TIME_ZONE, k);
        return WEV_V_OK;
    }
    if (s.p[k] == 'Z') { return k + 1 == s.n ? WEV_V_OK : bad(WEV_V_TIME, k + 1, at); }
    bool shape = s.n - k == 6 && (s.p[k] == '+' || s.p[k] == '-') && two(s.p + k + 1, &hh) && s.p[k + 3] == ':' && two(s.p + k + 4, &mm);
    if (!shape || hh > 14 || mm > 59) { return bad(WEV_V_TIME, k, at); }
    note(f, WEV_V_TIME_ZONE, k);
    *minutes = (int64_t)(60 * hh + mm) * (s.p[k] == '-' ? -1 : 1);
    return WEV_V_OK;
}

static enum wev_verdict parse_time(struct wev_span s, struct wev_value *v, struct finding *f, size_t *at)
{
    uint64_t year = 0, days = 0, fraction = 0, scale = 1000000;
    unsigned month, day, hh, mm, ss, digits = 0;
    size_t y = 0;
    int64_t zone;
    while (y < s.n && y < 6 && is_digit(s.p[y])) { year = 10 * year + (uint64_t)(s.p[y++] - '0'); }
    if (y < 4 || s.n < y + 15 || (y > 4 && s.p[0] == '0')) { return bad(WEV_V_TIME, y < 4 ? y : s.n, at); }
    const char *p = s.p + y;
    if (p[0] != '-' || !two(p + 1, &month) || p[3] != '-' || !two(p + 4, &day)) { return bad(WEV_V_TIME, y, at); }
    if (p[6] == ' ') {
        note(f, WEV_V_TIME_BLANK, y + 6);
    } else if (p[6] != 'T') {
        return bad(WEV_V_TIME, y + 6, at);
    }
    if (!two(p + 7, &hh) || p[9] != ':' || !two(p + 10, &mm) || p[12] != ':' || !two(p + 13, &ss)) { return bad(WEV_V_TIME, y + 7, at); }
    if (hh > 23 || mm > 59 || ss > 59) { return bad(WEV_V_TIME, y + 7, at); }
    size_t k = y + 15;
    if (k < s.n && s.p[k] == '.') {
        size_t from = ++k;
        for (; k < s.n && is_digit(s.p[k]); k++, digits++) {
            fraction += scale * (uint64_t)(s.p[k] - '0'); // digits 8 and 9 are below a FILETIME's unit
            scale /= 10;
        }
        if (digits == 0) { return bad(WEV_V_TIME, from, at); }
        if (digits > 9) { return bad(WEV_V_TIME_DIGITS, from + 9, at); }
    }
    enum wev_verdict code = parse_zone(s, k, &zone, f, at);
    if (code != WEV_V_OK) { return code; }
    if (year < 1601 || year > 30827) { return bad(WEV_V_TIME_RANGE, 0, at); } // SYSTEMTIME's last year
    if (!days_of(year, month, day, &days)) { return bad(WEV_V_TIME, y + 1, at); }
    int64_t minutes = (int64_t)(days * 1440 + hh * 60 + mm) - zone;
    if (minutes < 0) { return bad(WEV_V_TIME_RANGE, 0, at); }
    uint64_t seconds = (uint64_t)minutes * 60 + ss;
    if (seconds > (uint64_t)INT64_MAX / 10000000 - 1) { return bad(WEV_V_TIME_RANGE, 0, at); }
    v->is.u = seconds * 10000000 + fraction;
    v->digits = (uint8_t)digits;
    return WEV_V_OK;
}

// ---- numbers

static unsigned bits_of(uint8_t type)
{
    unsigned bytes = type >= 1 && type < WEV_T_COUNT ? wev_type_rows[type - 1].bytes : 8;
    return bytes ? 8 * bytes : 64;
}

static bool is_signed(uint8_t type)
{
    return type == WEV_T_INT8 || type == WEV_T_INT16 || type == WEV_T_INT32 || type == WEV_T_INT64;
}

static enum wev_verdict parse_hex(struct wev_span s, uint8_t type, struct wev_value *v, struct finding *f, size_t *at)
{
    uint64_t n = 0;
    size_t most = bits_of(type) / 4;
    if (s.n < 2 || s.p[0] != '0' || (s.p[1] != 'x' && s.p[1] != 'X')) { return bad(WEV_V_HEX, 0, at); }
    if (s.n == 2) { return bad(WEV_V_HEX, 2, at); }
    if (s.p[1] == 'X') { note(f, WEV_V_HEX_UPPER, 1); }
    for (size_t k = 2; k < s.n; k++) {
        int d = nibble(s.p[k]);
        if (d < 0) { return bad(WEV_V_HEX, k, at); }
        if (s.p[k] >= 'A' && s.p[k] <= 'F') { note(f, WEV_V_HEX_UPPER, k); }
        if (k - 2 < most) { n = n << 4 | (uint64_t)d; }
    }
    if (s.n - 2 > most) { return bad(WEV_V_HEX_RANGE, 2 + most, at); }
    if (s.n > 3 && s.p[2] == '0') { note(f, WEV_V_HEX_ZEROS, 2); }
    // a signed number is written as its two's complement
    if (is_signed(type) && bits_of(type) < 64 && n >> (bits_of(type) - 1)) { n |= ~0ull << bits_of(type); }
    v->is.u = n;
    return WEV_V_OK;
}

static enum wev_verdict parse_integer(struct wev_span s, uint8_t type, struct wev_value *v, struct finding *f, size_t *at)
{
    size_t k = 0;
    bool minus = s.n > 0 && s.p[0] == '-';
    uint64_t n = 0, top = UINT64_MAX;
    unsigned bits = bits_of(type);
    if (is_signed(type)) {
        top = (1ull << (bits - 1)) - (minus ? 0 : 1);
    } else if (bits < 64) {
        top = (1ull << bits) - 1;
    }
    if (minus) { k++; }
    if (s.n > 0 && s.p[0] == '+') {
        note(f, WEV_V_INT_ZEROS, 0);
        k++;
    }
    if (k == s.n) { return bad(WEV_V_INT, k, at); }
    if (s.n - k > 1 && s.p[k] == '0') { note(f, WEV_V_INT_ZEROS, k); }
    bool over = false;
    for (size_t m = k; m < s.n; m++) {
        if (!is_digit(s.p[m])) { return bad(WEV_V_INT, m, at); }
        uint64_t d = (uint64_t)(s.p[m] - '0');
        if (over || n > (top - d) / 10) { over = true; } else { n = 10 * n + d; }
        if (!over && n > top) { over = true; }
    }
    if (over || (minus && !is_signed(type) && n > 0)) { return bad(WEV_V_INT_RANGE, 0, at); }
    if (minus && n == 0) { note(f, WEV_V_INT_ZEROS, 0); }
    v->is.u = minus ? 0 - n : n;
    return WEV_V_OK;
}

// XML Schema 2 3.2.4: a decimal with an optional exponent, INF, -INF, NaN.
static enum wev_verdict parse_float(struct wev_span s, struct wev_value *v, size_t *at)
{
    size_t k = 0, digits = 0;
    v->is.text = s.p;
    v->n = (uint32_t)s.n;
    if (wev_span_is(s, "INF") || wev_span_is(s, "-INF") || wev_span_is(s, "NaN")) { return WEV_V_OK; }
    if (k < s.n && (s.p[k] == '-' || s.p[k] == '+')) { k++; }
    for (; k < s.n && is_digit(s.p[k]); k++) { digits++; }
    if (k < s.n && s.p[k] == '.') { k++; }
    for (; k < s.n && is_digit(s.p[k]); k++) { digits++; }
    if (!digits) { return bad(WEV_V_FLOAT, k, at); }
    if (k < s.n && (s.p[k] == 'e' || s.p[k] == 'E')) {
        k++;
        if (k < s.n && (s.p[k] == '-' || s.p[k] == '+')) { k++; }
        if (k == s.n) { return bad(WEV_V_FLOAT, k, at); }
        while (k < s.n && is_digit(s.p[k])) { k++; }
    }
    return k == s.n ? WEV_V_OK : bad(WEV_V_FLOAT, k, at);
}

static enum wev_verdict parse_bool(struct wev_span s, struct wev_value *v, size_t *at)
{
    bool yes = wev_span_is(s, "true") || wev_span_is(s, "1"), no = wev_span_is(s, "false") || wev_span_is(s, "0");
    v->is.u = yes;
    return yes || no ? WEV_V_OK : bad(WEV_V_BOOLEAN, 0, at);
}

// ---- addresses

static bool cut_ipv4(struct wev_span *s, uint64_t *out)
{
    *out = 0;
    for (unsigned k = 0; k < 4; k++) {
        uint32_t part;
        if ((k && !cut_prefix(s, ".")) || !cut_u32(s, &part) || part > 255) { return false; }
        *out = *out << 8 | part;
    }
    return true;
}

static bool cut_group(struct wev_span *s, uint8_t out[2])
{
    unsigned v = 0;
    size_t n = 0;
    while (n < s->n && n < 5 && nibble(s->p[n]) >= 0) { v = v << 4 | (unsigned)nibble(s->p[n++]); }
    if (n == 0 || n > 4) { return false; }
    out[0] = (uint8_t)(v >> 8);
    out[1] = (uint8_t)v;
    s->p += n;
    s->n -= n;
    return true;
}

// RFC 4291 2.2: groups, one gap, and a dotted tail.
static bool cut_ipv6(struct wev_span *s, uint8_t out[16])
{
    uint8_t groups[8][2];
    size_t n = 0, gap = 8;
    if (cut_prefix(s, "::")) { gap = 0; }
    while (n < 8 && s->n > 0 && nibble(s->p[0]) >= 0) {
        struct wev_span tail = *s;
        uint64_t v4;
        if (n <= 6 && (n == 6 || gap < 8) && cut_ipv4(&tail, &v4)) {
            for (size_t k = 0; k < 4; k++) { groups[n + k / 2][k & 1] = (uint8_t)(v4 >> (24 - 8 * k)); }
            n += 2;
            *s = tail;
            break;
        }
        if (!cut_group(s, groups[n++])) { return false; }
        if (gap == 8 && cut_prefix(s, "::")) {
            gap = n;
        } else if (s->n > 1 && s->p[0] == ':' && nibble(s->p[1]) >= 0) {
            cut_prefix(s, ":");
        } else {
            break;
        }
    }
    if (gap == 8 ? n != 8 : n > 7) { return false; }
    memset(out, 0, 16);
    for (size_t k = 0; k < n; k++) { memcpy(out + 2 * (k < gap ? k : 8 - n + k), groups[k], 2); }
    return true;
}

static enum wev_verdict parse_sockaddr(struct wev_span s, struct wev_types_room *room, struct wev_value *v, size_t *at)
{
    const char *from = s.p;
    uint64_t v4 = 0;
    uint32_t port;
    uint8_t v6[16];
    bool six = cut_prefix(&s, "[");
    bool good = six ? cut_ipv6(&s, v6) && cut_prefix(&s, "]") : cut_ipv4(&s, &v4);
    if (!good || !cut_prefix(&s, ":") || !cut_u32(&s, &port) || port > 65535 || s.n || room->bin_cap < 28) {
        return bad(WEV_V_ADDRESS, (size_t)(s.p - from), at);
    }
    memset(room->bin, 0, 28);
    room->bin[0] = six ? 23 : 2;
    room->bin[2] = (uint8_t)(port >> 8);
    room->bin[3] = (uint8_t)port;
    for (unsigned k = 0; k < 4 && !six; k++) { room->bin[4 + k] = (uint8_t)(v4 >> (24 - 8 * k)); }
    if (six) { memcpy(room->bin + 8, v6, 16); }
    v->n = six ? 28 : 16;
    v->is.bin = room->bin;
    return WEV_V_OK;
}

static enum wev_verdict parse_address(uint8_t lex, struct wev_span s, struct wev_types_room *room, struct wev_value *v, size_t *at)
{
    const char *from = s.p;
    if (lex == WEV_L_SOCKADDR) { return parse_sockaddr(s, room, v, at); }
    bool good = lex == WEV_L_IPV4 ? cut_ipv4(&s, &v->is.u) : room->bin_cap >= 16 && cut_ipv6(&s, room->bin);
    if (!good || s.n) { return bad(WEV_V_ADDRESS, (size_t)(s.p - from), at); }
    if (lex == WEV_L_IPV6) {
        v->n = 16;
        v->is.bin = room->bin;
    }
    return WEV_V_OK;
}

enum wev_verdict wev_types_parse(uint8_t type, uint8_t lex, struct wev_span s, struct wev_types_room *room, struct wev_value *out,
                                 size_t *at)
{
    struct finding f = {WEV_V_OK, 0};
    enum wev_verdict code = WEV_V_OK;
    size_t shift = 0;
    *out = (struct wev_value){.type = type};
    *at = 0;
    if (lex == WEV_L_TEXT) {
        out->is.text = s.p;
        out->n = (uint32_t)s.n;
        return WEV_V_OK;
    }
    struct wev_span inner = wev_span_trim(s);
    if (inner.n != s.n) { // XML Schema collapses blanks; Windows writes none
        shift = (size_t)(inner.p - s.p);
        note(&f, WEV_V_BLANKS, 0);
        s = inner;
    }
    if (s.n == 0 && lex != WEV_L_BINARY) { return WEV_V_VALUE_EMPTY; }
    switch ((enum wev_lex)lex) {
    case WEV_L_INT: case WEV_L_UINT: code = parse_integer(s, type, out, &f, at); break;
    case WEV_L_HEX: code = parse_hex(s, type, out, &f, at); break;
    case WEV_L_FLOAT: code = parse_float(s, out, at); break;
    case WEV_L_BOOL: code = parse_bool(s, out, at); break;
    case WEV_L_BINARY: code = parse_binary(s, room, out, at); break;
    case WEV_L_GUID:
        code = parse_guid(s, &room->guid, at);
        out->is.guid = &room->guid;
        break;
    case WEV_L_TIME: code = parse_time(s, out, &f, at); break;
    case WEV_L_SID:
        code = parse_sid(s, &room->sid, at);
        out->is.sid = &room->sid;
        break;
    case WEV_L_IPV4: case WEV_L_IPV6: case WEV_L_SOCKADDR: code = parse_address(lex, s, room, out, at); break;
    case WEV_L_TEXT: case WEV_L_COUNT: break;
    }
    if (code == WEV_V_OK) {
        code = f.code;
        *at = f.at;
    }
    *at += code == WEV_V_BLANKS ? 0 : shift;
    return code;
}

static bool holds_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING || type == WEV_T_FLOAT || type == WEV_T_DOUBLE;
}

bool wev_types_equal(const struct wev_value *a, const struct wev_value *b)
{
    if (a->type != b->type) { return false; }
    if (holds_text(a->type) || a->type == WEV_T_BINARY) {
        return a->n == b->n && (a->n == 0 || memcmp(a->is.text, b->is.text, a->n) == 0);
    }
    if (a->type == WEV_T_GUID) { return memcmp(a->is.guid, b->is.guid, sizeof(struct wev_guid)) == 0; }
    if (a->type == WEV_T_SID) {
        const struct wev_sid *x = a->is.sid, *y = b->is.sid;
        return x->authority == y->authority && x->count == y->count && memcmp(x->sub, y->sub, sizeof(x->sub[0]) * x->count) == 0;
    }
    return a->is.u == b->is.u;
}
