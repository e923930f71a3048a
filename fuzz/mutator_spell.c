// The same value, written otherwise: XML's ways for any value, and each type's own. What changes is the spelling alone, as
// a lenient reader would take it.
#include "fuzz/mutator_run.h"

#include "gen/text.h"

#include <string.h>

static struct wev_span part(struct wev_span s, size_t from, size_t to)
{
    return (struct wev_span){s.p + from, to - from};
}

// One character or reference of s at k: its length.
static size_t step_of(struct wev_span s, size_t k)
{
    size_t n = 1;
    if (s.p[k] == '&') {
        while (k + n < s.n && n < 12 && s.p[k + n] != ';') { n++; }
        return k + n < s.n && s.p[k + n] == ';' ? n + 1 : 1;
    }
    while (k + n < s.n && n < 4 && ((unsigned char)s.p[k + n] & 0xc0) == 0x80) { n++; }
    return n;
}

static uint32_t code_of(struct wev_span c)
{
    static const struct { const char *name; char code; } named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
        {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t k = 0; k < WEV_COUNT(named); k++) {
        if (wev_span_is(c, named[k].name)) { return (unsigned char)named[k].code; }
    }
    unsigned char lead = (unsigned char)c.p[0];
    uint32_t code = c.n == 1 ? lead : c.n < 5 && lead >= 0xc0 ? lead & (0x7fu >> c.n) : '?';
    for (size_t k = 1; k < c.n && lead >= 0xc0; k++) { code = code << 6 | ((unsigned char)c.p[k] & 0x3fu); }
    return code;
}

static void put_reference(struct wev_mutator *m, struct wev_words *w, struct wev_span c)
{
    uint32_t code = code_of(c);
    char hex[32];
    size_t kind = wev_mutator_draw(m, 5);
    if (c.p[0] == '&' && c.n > 2 && c.p[1] == '#') { // a number already: leave it
        wev_words_put(w, c);
        return;
    }
    if (kind < 2) {
        wev_words_text(w, "&#");
        wev_words_many(w, WEV_SPAN("0"), kind ? 1 + wev_mutator_draw(m, 12) : 0);
        wev_words_u64(w, code);
    } else {
        char *end = wev_text_hex(hex, code, kind == 4 ? WEV_TEXT_UPPER : WEV_TEXT_LOWER);
        wev_words_text(w, "&#x");
        wev_words_many(w, WEV_SPAN("0"), kind == 3 ? 1 + wev_mutator_draw(m, 12) : 0);
        wev_words_put(w, (struct wev_span){hex + 2, (size_t)(end - hex - 2)});
    }
    wev_words_byte(w, ';');
}

// References for the first, the last, one, or each character.
static bool as_references(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    size_t kind = wev_mutator_draw(m, 6), at = s.n ? wev_mutator_draw(m, s.n) : 0;
    if (!s.n) { return false; }
    for (size_t k = 0, n; k < s.n; k += n) {
        n = step_of(s, k);
        bool take = kind < 3 ? k == 0 : kind == 3 ? k + n == s.n : kind == 4 ? at >= k && at < k + n : true;
        if (take) { put_reference(m, w, part(s, k, k + n)); } else { wev_words_put(w, part(s, k, k + n)); }
    }
    return true;
}

// A comment, instruction or empty section inside: no reader may see it in the value.
static bool with_nothing(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    static const char *const nothing[] = {"<!---->", "<!-- x -->", "<?a b?>", "<![CDATA[]]>", "<!--'-->", "<!-->-->",
        "<?x?>", "<!-- <Data> -->"};
    size_t at = wev_mutator_chance(m, 3) ? 0 : wev_mutator_chance(m, 3) ? s.n : wev_mutator_draw(m, s.n + 1), k = 0;
    while (k < at) { k += step_of(s, k); }
    if (k > s.n) { k = s.n; }
    wev_words_put(w, part(s, 0, k));
    wev_words_text(w, nothing[wev_mutator_draw(m, WEV_COUNT(nothing))]);
    wev_words_put(w, part(s, k, s.n));
    return true;
}

static bool as_cdata(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    size_t from = 0, to = s.n;
    if (memchr(s.p ? s.p : "", '&', s.n) || memchr(s.p ? s.p : "", '<', s.n)) { return false; }
    if (wev_mutator_chance(m, 2)) {
        from = wev_mutator_draw(m, s.n + 1);
        to = from + wev_mutator_draw(m, s.n - from + 1);
    }
    wev_words_put(w, part(s, 0, from));
    wev_words_text(w, "<![CDATA[");
    wev_words_put(w, part(s, from, to));
    wev_words_text(w, "]]>");
    wev_words_put(w, part(s, to, s.n));
    return true;
}

static bool other_case(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    size_t kind = wev_mutator_draw(m, 3), at = s.n ? wev_mutator_draw(m, s.n) : 0;
    bool changed = false;
    for (size_t k = 0; k < s.n; k++) {
        char c = s.p[k];
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        bool turn = kind == 0 ? lower : kind == 1 ? upper : k == at && (lower || upper);
        wev_words_byte(w, turn ? (char)(c ^ 32) : c);
        changed = changed || turn;
    }
    return changed;
}

static bool with_blanks(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    static const char *const blanks[] = {" ", "\n", "\t", "\r\n", "  ", "&#32;", "&#9;", "&#xA0;", "\xc2\xa0", "\n    "};
    size_t kind = wev_mutator_draw(m, 3);
    if (kind != 1) { wev_words_text(w, blanks[wev_mutator_draw(m, WEV_COUNT(blanks))]); }
    wev_words_put(w, s);
    if (kind != 0) { wev_words_text(w, blanks[wev_mutator_draw(m, WEV_COUNT(blanks))]); }
    return true;
}

// ---- by type

static bool spell_number(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    uint64_t v;
    if (!wev_span_u64(s, &v)) { return false; }
    bool hex = s.n > 1 && (s.p[1] | 32) == 'x';
    switch (wev_mutator_draw(m, 7)) {
    case 0: if (hex) { wev_words_u64(w, v); } else { wev_words_hex(w, v, false); } break;
    case 1: wev_words_hex(w, v, true); break;
    case 2: wev_words_text(w, "0X"); wev_words_put(w, part(s, hex ? 2 : 0, s.n)); break;
    case 3: // leading zeros
        wev_words_put(w, part(s, 0, hex ? 2 : 0));
        wev_words_many(w, WEV_SPAN("0"), 1 + wev_mutator_draw(m, 3) * wev_mutator_draw(m, 12));
        wev_words_put(w, part(s, hex ? 2 : 0, s.n));
        break;
    case 4: wev_words_text(w, wev_mutator_chance(m, 2) ? "+" : "-"); wev_words_put(w, s); break;
    case 5: wev_words_put(w, s); wev_words_text(w, wev_mutator_chance(m, 2) ? ".0" : "u"); break;
    default: // to a full width
        wev_words_text(w, "0x");
        for (unsigned k = wev_mutator_chance(m, 2) ? 8 : 16; k > 0; k--) { wev_words_byte(w,
            WEV_TEXT_LOWER[v >> (4 * (k - 1)) & 15]); }
        break;
    }
    return true;
}

static bool spell_guid(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    struct wev_span inner = s.n > 2 && s.p[0] == '{' ? part(s, 1, s.n - 1) : s;
    switch (wev_mutator_draw(m, 5)) {
    case 0: wev_words_put(w, inner); break;
    case 1: wev_words_text(w, "("); wev_words_put(w, inner); wev_words_text(w, ")"); break;
    case 2: wev_words_text(w, "urn:uuid:"); wev_words_put(w, inner); break;
    case 3:
        for (size_t k = 0; k < s.n; k++) {
            if (s.p[k] != '-') { wev_words_byte(w, s.p[k]); }
        }
        break;
    default: return other_case(m, s, w);
    }
    return true;
}

static bool spell_sid(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    static const char *const names[][2] = {{"S-1-5-18", "SY"}, {"S-1-5-19", "LS"}, {"S-1-5-20", "NS"}, {"S-1-1-0", "WD"}};
    size_t k = 4;
    if (s.n < 6 || memcmp(s.p, "S-1-", 4) != 0) { return false; }
    while (k < s.n && s.p[k] != '-') { k++; }
    switch (wev_mutator_draw(m, 5)) {
    case 0: wev_words_byte(w, 's'); wev_words_put(w, part(s, 1, s.n)); break;
    case 1: wev_words_text(w, "S-1-0x00000000000"); wev_words_put(w, part(s, 4, s.n)); break;
    case 2: wev_words_text(w, "S-1-0x"); wev_words_put(w, part(s, 4, s.n)); break;
    case 3: // zeros before a sub-authority
        wev_words_put(w, part(s, 0, k + (k < s.n)));
        wev_words_many(w, WEV_SPAN("0"), 1 + wev_mutator_draw(m, 10));
        wev_words_put(w, part(s, k + (k < s.n), s.n));
        break;
    default:
        for (size_t r = 0; r < WEV_COUNT(names); r++) {
            if (wev_span_is(s, names[r][0])) { wev_words_text(w, names[r][1]); }
        }
        return w->n > 0;
    }
    return true;
}

static bool spell_time(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    static const char *const zones[] = {"z", "+00:00", "-00:00", "+0000", " Z", "", "+00"};
    const char *point = s.n ? memchr(s.p, '.', s.n) : NULL;
    size_t whole = s.n && s.p[s.n - 1] == 'Z' ? s.n - 1 : s.n, dot = point ? (size_t)(point - s.p) : whole;
    if (s.n < 12) { return false; }
    switch (wev_mutator_draw(m, 5)) {
    case 0: wev_words_put(w, part(s, 0, whole)); wev_words_text(w, zones[wev_mutator_draw(m, WEV_COUNT(zones))]); break;
    case 1: wev_words_put(w, part(s, 0, dot)); wev_words_put(w, part(s, whole, s.n)); break;
    case 2: // more digits
        wev_words_put(w, part(s, 0, whole));
        if (dot == whole) { wev_words_byte(w, '.'); }
        wev_words_many(w, WEV_SPAN("0"), 1 + wev_mutator_draw(m, 24));
        wev_words_put(w, part(s, whole, s.n));
        break;
    case 3: wev_words_put(w, part(s, 0, 10)); wev_words_byte(w, wev_mutator_chance(m, 2) ? ' ' : 't'); wev_words_put(w,
        part(s, 11, s.n)); break;
    default:
        wev_words_put(w, part(s, 0, dot));
        wev_words_byte(w, ',');
        if (dot < s.n) { wev_words_put(w, part(s, dot + 1, s.n)); }
        break;
    }
    return true;
}

static bool spell_text(struct wev_mutator *m, struct wev_span s, struct wev_words *w)
{
    uint64_t id;
    if (s.n > 2 && s.p[0] == '%' && s.p[1] == '%' && wev_span_u64(part(s, 2, s.n), &id)) {
        struct wev_span text = wev_profile_parameter(m->schema->profile, id);
        if (text.p && wev_mutator_chance(m, 2)) {
            wev_words_put(w, text);
        } else {
            wev_words_text(w, wev_mutator_chance(m, 2) ? "%%0" : "%");
            wev_words_put(w, part(s, 2, s.n));
        }
        return true;
    }
    return other_case(m, s, w);
}

static bool by_type(struct wev_mutator *m, const struct wev_spot *spot, struct wev_span s, struct wev_words *w)
{
    switch ((enum wev_lex)wev_mutator_lex_of(m, spot)) {
    case WEV_L_INT: case WEV_L_UINT: case WEV_L_HEX: return spell_number(m, s, w);
    case WEV_L_GUID: return spell_guid(m, s, w);
    case WEV_L_SID: return spell_sid(m, s, w);
    case WEV_L_TIME: return spell_time(m, s, w);
    case WEV_L_BOOL: wev_words_text(w, wev_span_is(s, "true") ? "1" : "0"); return true;
    default: return spell_text(m, s, w);
    }
}

// The spellings that any XML reader takes for the same value.
bool wev_mutator_respell(struct wev_mutator *m, const struct wev_spot *spot, struct wev_words *w)
{
    struct wev_span s = wev_mutator_text(m, spot);
    if (s.n > sizeof(w->p) / 16) { return false; } // each character may become a reference
    switch (spot->attribute ? 0 : wev_mutator_draw(m, 6)) {
    case 0: case 1: case 2: case 3: return as_references(m, s, w);
    case 4: return as_cdata(m, s, w);
    default: return with_nothing(m, s, w);
    }
}

bool wev_mutator_spell(struct wev_mutator *m, const struct wev_spot *spot, struct wev_words *w)
{
    struct wev_span s = wev_mutator_text(m, spot);
    if (s.n > sizeof(w->p) / 16) { return false; } // as above
    switch (wev_mutator_draw(m, 10)) {
    case 0: return as_references(m, s, w);
    case 1: return !spot->attribute && with_nothing(m, s, w);
    case 2: return !spot->attribute && as_cdata(m, s, w);
    case 3: case 4: return with_blanks(m, s, w);
    case 5: return other_case(m, s, w);
    default: return by_type(m, spot, s, w);
    }
}
