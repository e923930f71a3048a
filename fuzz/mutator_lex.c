// Values by their lexical form: boundaries of every type, and numbers near those that are there. Knows no event.
#include "fuzz/mutator_run.h"

#include "gen/text.h"

#include <string.h>

// ---- words

void wev_words_put(struct wev_words *w, struct wev_span s)
{
    size_t n = s.n < sizeof(w->p) - w->n ? s.n : sizeof(w->p) - w->n;
    if (n) { memcpy(w->p + w->n, s.p, n); }
    w->n += n;
}

void wev_words_text(struct wev_words *w, const char *text)
{
    wev_words_put(w, wev_span_of(text));
}

void wev_words_byte(struct wev_words *w, char c)
{
    wev_words_put(w, (struct wev_span){&c, 1});
}

void wev_words_many(struct wev_words *w, struct wev_span s, size_t times)
{
    for (size_t k = 0; k < times && s.n && w->n < sizeof(w->p); k++) { wev_words_put(w, s); }
}

void wev_words_u64(struct wev_words *w, uint64_t v)
{
    char text[32];
    wev_words_put(w, (struct wev_span){text, (size_t)(wev_text_u64(text, v) - text)});
}

void wev_words_hex(struct wev_words *w, uint64_t v, bool upper)
{
    char text[32];
    wev_words_put(w, (struct wev_span){text, (size_t)(wev_text_hex(text, v, upper ? WEV_TEXT_UPPER : WEV_TEXT_LOWER) - text)});
}

void wev_words_padded(struct wev_words *w, uint64_t v, unsigned width)
{
    char text[32];
    size_t n = (size_t)(wev_text_u64(text, v) - text);
    if (n < width) { wev_words_many(w, WEV_SPAN("0"), width - n); }
    wev_words_put(w, (struct wev_span){text, n});
}

// ---- sizes

size_t wev_mutator_size(struct wev_mutator *m)
{
    static const uint32_t edges[] = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    size_t room = m->cap > m->b->size ? m->cap - m->b->size : 0, count = 0;
    while (count < WEV_COUNT(edges) && edges[count] <= room) { count++; }
    size_t at = edges[wev_mutator_draw(m, count)], step = wev_mutator_draw(m, 3);
    return at + step > 0 ? at + step - 1 : 0;
}

size_t wev_mutator_times(struct wev_mutator *m)
{
    static const uint16_t many[] = {15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 1024, 4096};
    switch (wev_mutator_draw(m, 8)) {
    case 0: case 1: case 2: return 1 + wev_mutator_draw(m, 3);
    case 3: case 4: return 3 + wev_mutator_draw(m, 8);
    case 5: return 8 + wev_mutator_draw(m, 32);
    default: return many[wev_mutator_draw(m, WEV_COUNT(many))];
    }
}

// ---- numbers

uint64_t wev_mutator_lex_edge(struct wev_mutator *m)
{
    static const uint8_t bits[] = {0, 4, 7, 8, 15, 16, 16, 24, 31, 31, 32, 32, 32, 48, 53, 63, 63};
    uint64_t v = 1, step = wev_mutator_draw(m, 3);
    if (wev_mutator_chance(m, 4)) {
        for (size_t k = wev_mutator_draw(m, 20); k > 0; k--) { v *= 10; }
    } else if (wev_mutator_chance(m, 6)) {
        v = 0; // and with a step back the largest there is
    } else {
        v <<= bits[wev_mutator_draw(m, WEV_COUNT(bits))];
    }
    return v + step - 1;
}

static void put_integer(struct wev_mutator *m, struct wev_words *w)
{
    static const char *const odd[] = {"", "-0", "+1", "00", "1e9", "0x10", "1.5", "1 2", "-", "+", "18446744073709551616",
        "340282366920938463463374607431768211456", "-9223372036854775809", "4294967296",
        "999999999999999999999"};
    if (wev_mutator_chance(m, 5)) {
        wev_words_text(w, odd[wev_mutator_draw(m, WEV_COUNT(odd))]);
        return;
    }
    if (wev_mutator_chance(m, 6)) { wev_words_byte(w, '-'); }
    if (wev_mutator_chance(m, 10)) { wev_words_many(w, WEV_SPAN("9"), 1 + wev_mutator_draw(m,
        40)); } else { wev_words_u64(w, wev_mutator_lex_edge(m)); }
}

static void put_hex(struct wev_mutator *m, struct wev_words *w)
{
    static const char *const odd[] = {"", "0x", "0X0", "0x10000000000000000", "0x100000000", "-0x1", "0x0x1", "0xg", "x1",
        "0", "0x 1"};
    static const char digit[] = "f0871F9aA";
    switch (wev_mutator_draw(m, 6)) {
    case 0: wev_words_text(w, odd[wev_mutator_draw(m, WEV_COUNT(odd))]); break;
    case 1: // so many digits
        wev_words_text(w, "0x");
        wev_words_many(w, (struct wev_span){digit + wev_mutator_draw(m, sizeof(digit) - 1), 1}, 1 + wev_mutator_draw(m, 34));
        break;
    case 2: wev_words_u64(w, wev_mutator_lex_edge(m)); break;
    default: wev_words_hex(w, wev_mutator_lex_edge(m), wev_mutator_chance(m, 8)); break;
    }
}

// ---- near

static unsigned digit_of(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : c >= 'A' &&
        c <= 'F' ? (unsigned)(c - 'A' + 10) : 99u;
}

// A run of digits in s, the one that is drawn: [*from, *to).
static bool find_run(struct wev_mutator *m, struct wev_span s, size_t *from, size_t *to, unsigned *base)
{
    size_t start = s.n ? wev_mutator_draw(m, s.n) : 0;
    bool hex = s.n > 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x';
    *base = hex || (s.n > 30 && s.p[0] == '{') ? 16 : 10;
    if (hex && start < 2) { start = 2; }
    for (size_t n = 0; n < s.n; n++) {
        size_t k = (start + n) % s.n;
        if (digit_of(s.p[k]) >= *base) { continue; }
        *from = k;
        *to = k;
        while (*from > (hex ? 2u : 0u) && digit_of(s.p[*from - 1]) < *base) { --*from; }
        while (*to < s.n && digit_of(s.p[*to]) < *base) { ++*to; }
        return true;
    }
    return false;
}

static uint64_t alter(struct wev_mutator *m, uint64_t v)
{
    switch (wev_mutator_draw(m, 10)) {
    case 0: case 1: return v + 1;
    case 2: case 3: return v - 1;
    case 4: return v ^ (1ull << wev_mutator_draw(m, 64));
    case 5: return v * 2;
    case 6: return v / 2;
    case 7: return v + (1ull << (8 * (1 + wev_mutator_draw(m, 7))));
    case 8: return ~v + 1;
    default: return v + wev_mutator_draw(m, 40) - 20;
    }
}

// The digits themselves: one changed, doubled, dropped, or two exchanged.
static void alter_digits(struct wev_mutator *m, struct wev_span run, struct wev_words *w)
{
    size_t k = wev_mutator_draw(m, run.n), o = wev_mutator_draw(m, run.n);
    unsigned kind = (unsigned)wev_mutator_draw(m, 4);
    for (size_t d = 0; d < run.n; d++) {
        char c = kind == 3 && d == k ? run.p[o] : kind == 3 && d == o ? run.p[k] : run.p[d];
        if (d == k && kind == 0) { c = "0123456789"[wev_mutator_draw(m, 10)]; }
        if (d == k && kind == 1) { wev_words_byte(w, c); }
        if (d != k || kind != 2) { wev_words_byte(w, c); }
    }
}

bool wev_mutator_lex_near(struct wev_mutator *m, struct wev_span old, struct wev_words *w)
{
    size_t from, to;
    unsigned base;
    if (!find_run(m, old, &from, &to, &base)) { return false; }
    struct wev_span run = {old.p + from, to - from};
    wev_words_put(w, (struct wev_span){old.p, from});
    if (wev_mutator_chance(m, 4)) {
        alter_digits(m, run, w);
    } else {
        uint64_t v = 0;
        for (size_t k = 0; k < run.n; k++) { v = v * base + digit_of(run.p[k]); }
        v = wev_mutator_chance(m, 5) ? wev_mutator_lex_edge(m) : alter(m, v);
        char text[32], *end = base == 16 ? wev_text_hex(text, v, WEV_TEXT_LOWER) : wev_text_u64(text, v);
        struct wev_span digits = {text + (base == 16 ? 2 : 0), (size_t)(end - text) - (base == 16 ? 2u : 0u)};
        bool keep = *run.p == '0' || (run.n < 8 && run.n > 1 && base == 10 && !wev_mutator_chance(m, 3)); // a width that stays
        if (keep && digits.n < run.n) { wev_words_many(w, WEV_SPAN("0"), run.n - digits.n); }
        wev_words_put(w, digits);
    }
    wev_words_put(w, (struct wev_span){old.p + to, old.n - to});
    return true;
}

// ---- the other forms

static void put_sid(struct wev_mutator *m, struct wev_span old, struct wev_words *w)
{
    static const char *const known[] = {"S-1-0-0", "S-1-1-0", "S-1-5-7", "S-1-5-18", "S-1-5-19", "S-1-5-20",
        "S-1-5-32-544", "S-1-16-12288", "S-1-5",
        "S-1-5-21-0-0-0-500", "S-1-15-2-1", "S-1-5-80-1-2-3-4-5", "S-1-0x1000000000000-1",
        "S-1-0x5-18", "S-2-5-18",
        "S-1--5-18", "S-1-5-", "S-", "S-1-5-18-", "S-0-5-18", "S-1-281474976710655-1",
        "SYSTEM", "-", "S-1-5-5-0-999"};
    static const uint8_t subs[] = {0, 1, 2, 4, 5, 6, 8, 10, 14, 15, 16, 17, 18, 20, 31, 32, 33, 64, 65, 100};
    if (wev_mutator_chance(m, 2)) {
        wev_words_text(w, known[wev_mutator_draw(m, WEV_COUNT(known))]);
        return;
    }
    size_t count = subs[wev_mutator_draw(m, WEV_COUNT(subs))];
    size_t dashes = 0, keep = 0;
    while (keep < old.n && dashes < 3) { dashes += old.p[keep++] == '-'; }
    if (wev_mutator_chance(m, 2) || dashes < 3) { wev_words_text(w, "S-1-5"); } else { wev_words_put(w,
        (struct wev_span){old.p, keep - 1}); }
    uint64_t same = wev_mutator_chance(m, 2) ? wev_mutator_lex_edge(m) : 21;
    for (size_t k = 0; k < count; k++) {
        wev_words_byte(w, '-');
        wev_words_u64(w, wev_mutator_chance(m, 8) ? wev_mutator_lex_edge(m) : (uint32_t)same);
    }
}

static void put_guid(struct wev_mutator *m, struct wev_span old, struct wev_words *w)
{
    static const char *const known[] = {
        "{00000000-0000-0000-0000-000000000000}", "{ffffffff-ffff-ffff-ffff-ffffffffffff}",
        "{FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF}", "{}", "",
        "00000000-0000-0000-0000-000000000000", "{00000000000000000000000000000000}", "{54849625-5478-4994-a5ba-3e3b0328c30d",
        "54849625-5478-4994-a5ba-3e3b0328c30d}", "(54849625-5478-4994-a5ba-3e3b0328c30d)",
        "{54849625-5478-4994-a5ba-3e3b0328c30g}",
        "{5484962-55478-4994-a5ba-3e3b0328c30d}", "{{54849625-5478-4994-a5ba-3e3b0328c30d}}",
        "{54849625-5478-4994-a5ba-3e3b0328c30d}{54849625-5478-4994-a5ba-3e3b0328c30d}",
        "{54849625-5478-4994-a5ba-3e3b0328c30d00}", "{54849625--5478-4994-a5ba-3e3b0328c30d}", "{54849625}"};
    if (old.n < 8 || wev_mutator_chance(m, 2)) {
        wev_words_text(w, known[wev_mutator_draw(m, WEV_COUNT(known))]);
        return;
    }
    size_t k = wev_mutator_draw(m, old.n), cut = wev_mutator_draw(m, 3); // a byte more, less or another
    wev_words_put(w, (struct wev_span){old.p, k});
    wev_words_many(w, WEV_SPAN("0"), cut ? 1 + (cut == 1) : 0);
    wev_words_put(w, (struct wev_span){old.p + k + 1, old.n - k - 1});
}

static void put_row(struct wev_mutator *m, const char *const *rows, size_t count, struct wev_words *w)
{
    wev_words_text(w, rows[wev_mutator_draw(m, count)]);
}

static void put_text(struct wev_mutator *m, struct wev_words *w)
{
    static const char *const rows[] = {
        "", "-", " ", "\t", "\r\n", "(NULL)", "%%", "%%%", "%1", "%%1", "%%2499", "%%4294967296", "%%99999",
        "%%2499%%2500", "%%-1", "%s%n", "\\", "\\\\",
        "..\\..\\", "C:\\", "C:\\a\\", "\\\\host\\share\\x", "\\??\\C:\\x", "SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE",
        "ANONYMOUS LOGON", "NT AUTHORITY", "$",
        "HOST$", "a$", "@", "user@domain.local", "DOMAIN\\user", "\xe2\x80\x8e", "\xe2\x80\xaexyz", "\xf0\x9f\x94\x91",
        "\xf4\x8f\xbf\xbd", "\xc3\xa9",
        "\xef\xbb\xbf", "\x7f", "&lt;/Data&gt;", "&lt;Data Name='x'&gt;", "&amp;amp;", "&quot;}", "\"}", "&#13;&#10;",
        "]]&gt;", "<![CDATA[]]>", "&#x1F511;",
        "te-{54849625-5478-4994-a5ba-3e3b0328c30d}", "0", "1", "null", "true", "a,b", "a;b", "a|b", "key=value",
        "{\"a\":1}", "ECDH\\_P521", "RSA", "UNKNOWN",
        "http://x/", "S-1-5-18", "0x0", "2024-02-29T00:00:00Z", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    put_row(m, rows, WEV_COUNT(rows), w);
}

// What any field may hold for none, or for one that its reader takes for none.
static void put_none(struct wev_mutator *m, struct wev_words *w)
{
    static const char *const rows[] = {"", "", "-", "-", " ", "0", "(NULL)", "\\", "%", "null", "N/A"};
    put_row(m, rows, WEV_COUNT(rows), w);
}

void wev_mutator_lex_boundary(struct wev_mutator *m, uint8_t lex, struct wev_span old, struct wev_words *w)
{
    static const char *const floats[] = {"0", "-0.0", "1e308", "1e-400", "NaN", "INF", "-INF", "1.", ".5", "1e", "0x1p3",
        "1,5", "3.4028236e38"};
    static const char *const bools[] = {"true", "false", "1", "0", "True", "TRUE", "yes", "2", "-1", "", " true"};
    static const char *const bins[] = {"", "0", "00", "FF", "ff", "0G", "0x00", "00 00", "000", "AAAA=", "DEADBEEF"};
    static const char *const ips[] = {"0.0.0.0", "255.255.255.255", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4",
        "0x7f.1", "127.0.0.1", "::", "::1", "::ffff:1.2.3.4",
        "1::2::3", "fe80::1%3", "1:2:3:4:5:6:7:8:9", "-", "[::1]:443", "10.0.0.1:65536",
        "10.0.0.1:", "12345::"};
    if (wev_mutator_chance(m, 6)) {
        put_none(m, w);
        return;
    }
    switch ((enum wev_lex)lex) {
    case WEV_L_INT: case WEV_L_UINT: put_integer(m, w); break;
    case WEV_L_HEX: put_hex(m, w); break;
    case WEV_L_TIME: wev_mutator_time(m, old, w); break;
    case WEV_L_SID: put_sid(m, old, w); break;
    case WEV_L_GUID: put_guid(m, old, w); break;
    case WEV_L_FLOAT: put_row(m, floats, WEV_COUNT(floats), w); break;
    case WEV_L_BOOL: put_row(m, bools, WEV_COUNT(bools), w); break;
    case WEV_L_BINARY: put_row(m, bins, WEV_COUNT(bins), w); break;
    case WEV_L_IPV4: case WEV_L_IPV6: case WEV_L_SOCKADDR: put_row(m, ips, WEV_COUNT(ips), w); break;
    case WEV_L_TEXT: case WEV_L_COUNT: put_text(m, w); break;
    }
}

uint8_t wev_mutator_lex_guess(struct wev_span s)
{
    size_t digits = 0, hex = 0, dots = 0, dashes = 0;
    if (!s.n) { return WEV_L_TEXT; }
    for (size_t k = 0; k < s.n && k < 64; k++) {
        digits += s.p[k] >= '0' && s.p[k] <= '9';
        hex += digit_of(s.p[k]) < 16;
        dots += s.p[k] == '.';
        dashes += s.p[k] == '-';
    }
    if (s.n > 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x') { return WEV_L_HEX; }
    if (s.n > 4 && !memcmp(s.p, "S-1-", 4)) { return WEV_L_SID; }
    if (s.n >= 36 && s.n <= 38 && dashes == 4 && hex == 32) { return WEV_L_GUID; }
    if (s.n >= 10 && s.p[4] == '-' && s.p[7] == '-') { return WEV_L_TIME; }
    if (digits && digits + (s.p[0] == '-') == s.n) { return WEV_L_INT; }
    if (dots == 3 && digits + dots == s.n) { return WEV_L_IPV4; }
    if (wev_span_is(s, "true") || wev_span_is(s, "false")) { return WEV_L_BOOL; }
    return WEV_L_TEXT;
}
