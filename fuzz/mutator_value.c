// Operations on values: another value, another spelling, a copy, a repetition, a length. Knows no event by number.
#include "fuzz/mutator_run.h"

#include <string.h>

#define T(literal) {(literal), sizeof(literal) - 1}

// ---- finding one

static const struct wev_doc *doc_of(struct wev_mutator *m)
{
    wev_break_header(m->b, WEV_H_PROVIDER); // lists the spots
    return &m->b->doc;
}

// An attribute's value or a leaf's text, of any element.
static bool any_place(struct wev_mutator *m, struct wev_spot *out)
{
    const struct wev_doc *d = doc_of(m);
    struct wev_attribute a[WEV_DOC_ATTRIBUTES_MAX];
    if (!d->count) { return false; }
    uint32_t k = (uint32_t)wev_mutator_draw(m, d->count);
    const struct wev_element *e = &d->elements[k];
    size_t attributes = wev_doc_attributes(d, e, a, WEV_COUNT(a));
    *out = (struct wev_spot){.element = k, .type = WEV_T_UNICODE_STRING, .lex = WEV_L_TEXT, .header = WEV_H_COUNT};
    if (attributes) {
        size_t at = wev_mutator_draw(m, attributes);
        out->at = a[at].value;
        out->n = a[at].value_n;
        out->attribute = true;
        return true;
    }
    bool leaf = k + 1 >= d->count || d->elements[k + 1].parent != k;
    out->at = e->head_end;
    out->n = e->tail - e->head_end;
    return leaf && !(e->flags & WEV_ELEMENT_EMPTY);
}

static bool ends_token(char c)
{
    return c == '<' || c == '>' || c == '\'' || c == '"' || c == ' ' || c == '=' || c == ',' || c == '\n' || c == '\r' ||
        c == '\t' || c == '{' || c == '}' || c == ';';
}

// Where no element can be followed: a run of bytes between delimiters.
static bool any_token(struct wev_mutator *m, struct wev_spot *out)
{
    const struct wev_break *b = m->b;
    if (!b->size || b->doc.count > 3) { return false; }
    size_t at = wev_mutator_draw(m, b->size), end = at;
    while (at > 0 && !ends_token(b->page[at - 1])) { at--; }
    while (end < b->size && !ends_token(b->page[end])) { end++; }
    *out = (struct wev_spot){.at = (uint32_t)at, .n = (uint32_t)(end - at), .element = WEV_DOC_NONE,
        .type = WEV_T_UNICODE_STRING, .lex = WEV_L_TEXT,
                             .header = WEV_H_COUNT, .attribute = true};
    return true;
}

// One of the values whose form is drawn first, so that the few times and SIDs come as often as the many texts.
static const struct wev_spot *by_form(struct wev_mutator *m)
{
    const struct wev_break *b = m->b;
    uint32_t forms = 0, count = 0;
    for (uint32_t k = 0; k < b->spot_count; k++) { forms |= 1u << b->spots[k].lex; }
    size_t want = wev_mutator_draw(m, (size_t)__builtin_popcount(forms));
    while (want-- > 0) { forms &= forms - 1; }
    uint8_t lex = (uint8_t)__builtin_ctz(forms);
    for (uint32_t k = 0; k < b->spot_count; k++) { count += b->spots[k].lex == lex; }
    want = wev_mutator_draw(m, count);
    for (uint32_t k = 0;; k++) {
        if (b->spots[k].lex == lex && want-- == 0) { return &b->spots[k]; }
    }
}

bool wev_mutator_value(struct wev_mutator *m, struct wev_spot *out)
{
    doc_of(m);
    if (m->b->spot_count && !wev_mutator_chance(m, 6)) {
        *out = wev_mutator_chance(m, 3) ? *by_form(m) : m->b->spots[wev_mutator_draw(m, m->b->spot_count)];
        return true;
    }
    for (unsigned k = 0; k < 6; k++) {
        if (any_place(m, out)) { return true; }
    }
    return any_token(m, out);
}

struct wev_span wev_mutator_text(const struct wev_mutator *m, const struct wev_spot *s)
{
    return wev_break_slice(m->b, s->at, (size_t)s->at + s->n);
}

uint8_t wev_mutator_lex_of(struct wev_mutator *m, const struct wev_spot *s)
{
    uint8_t seen = wev_mutator_lex_guess(wev_mutator_text(m, s));
    if (s->lex != WEV_L_TEXT) { return wev_mutator_chance(m, 16) ? seen : s->lex; }
    return wev_mutator_chance(m, 4) ? WEV_L_TEXT : seen;
}

bool wev_mutator_set(struct wev_mutator *m, const struct wev_spot *s, struct wev_span text)
{
    if (wev_span_eq(wev_mutator_text(m, s), text)) { return false; }
    struct wev_span copy = wev_break_compose(m->b, &text, 1);
    return copy.p && wev_break_edit(m->b, s->at, s->n, copy);
}

// Another value of the same form, if there is one, else any.
static bool another(struct wev_mutator *m, const struct wev_spot *s, struct wev_spot *out)
{
    for (unsigned k = 0; k < 12; k++) {
        if (!wev_mutator_value(m, out) || out->at == s->at) { continue; }
        if (out->lex == s->lex || k > 8) { return true; }
    }
    return false;
}

static bool same_place(const struct wev_spot *a, const struct wev_spot *b, struct wev_span name_a, struct wev_span name_b)
{
    if (a->header != b->header) { return false; }
    return a->header != WEV_H_COUNT || (a->field && a->field == b->field) || wev_span_eq(name_a, name_b);
}

static struct wev_span name_of(const struct wev_doc *d, const struct wev_spot *s)
{
    struct wev_attribute a;
    if (s->element >= d->count) { return (struct wev_span){NULL, 0}; }
    if (wev_doc_attribute(d, &d->elements[s->element], "Name", &a)) { return (struct wev_span){d->p + a.value, a.value_n}; }
    return wev_doc_name(d, &d->elements[s->element]);
}

// The value that another document has there, or any of its values.
static bool from(struct wev_mutator *m, const struct wev_spot *s, const struct wev_source_doc *o, bool any, struct wev_words *w)
{
    const struct wev_spot *found = NULL;
    if (!o || !o->spot_count) { return false; }
    struct wev_span name = name_of(&m->b->doc, s);
    for (uint32_t k = 0; k < o->spot_count && !any && !found; k++) {
        if (same_place(s, &o->spots[k], name, name_of(&o->doc, &o->spots[k]))) { found = &o->spots[k]; }
    }
    if (!found) { found = &o->spots[wev_mutator_draw(m, o->spot_count)]; }
    wev_words_put(w, (struct wev_span){o->doc.p + found->at, found->n});
    return true;
}

static bool pool_value(struct wev_mutator *m, const struct wev_spot *s, struct wev_words *w)
{
    return from(m, s, wev_mutator_donor(m, wev_mutator_chance(m, 4) ? NULL : m->b->def), wev_mutator_chance(m, 12), w);
}

bool wev_mutator_other_value(struct wev_mutator *m, const struct wev_spot *s, struct wev_words *w)
{
    struct wev_spot o;
    struct wev_span old = wev_mutator_text(m, s);
    switch (wev_mutator_draw(m, 8)) {
    case 0: case 1: return pool_value(m, s, w);
    case 2: return wev_mutator_lex_near(m, old, w);
    case 3: return wev_mutator_spell(m, s, w);
    case 4:
        if (!another(m, s, &o)) { return false; }
        wev_words_put(w, wev_mutator_text(m, &o));
        return true;
    default: wev_mutator_lex_boundary(m, wev_mutator_lex_of(m, s), old, w); return true;
    }
}

// ---- operations

static bool set_words(struct wev_mutator *m, const struct wev_spot *s, const struct wev_words *w)
{
    return wev_mutator_set(m, s, (struct wev_span){w->p, w->n});
}

static bool boundary(struct wev_mutator *m)
{
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    if (!wev_mutator_value(m, &s)) { return false; }
    wev_mutator_lex_boundary(m, wev_mutator_lex_of(m, &s), wev_mutator_text(m, &s), &w);
    return set_words(m, &s, &w);
}

static bool pool(struct wev_mutator *m)
{
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    return wev_mutator_value(m, &s) && pool_value(m, &s, &w) && set_words(m, &s, &w);
}

static bool near(struct wev_mutator *m)
{
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    return wev_mutator_value(m, &s) && wev_mutator_lex_near(m, wev_mutator_text(m, &s), &w) && set_words(m, &s, &w);
}

static bool spell(struct wev_mutator *m)
{
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    return wev_mutator_value(m, &s) && wev_mutator_spell(m, &s, &w) && set_words(m, &s, &w);
}

// Several values at once, each in a spelling of its own: they are the same to who reads right, so that none hides another.
static bool respell(struct wev_mutator *m)
{
    size_t count = 3 + wev_mutator_draw(m, 8), done = 0;
    for (size_t k = 0; k < count; k++) {
        struct wev_spot s;
        struct wev_words w = {.n = 0};
        if (wev_mutator_value(m, &s) && wev_mutator_respell(m, &s, &w)) { done += set_words(m, &s, &w); }
    }
    return done > 0;
}

static bool is_part_end(char c)
{
    return !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (unsigned char)c >= 0x80);
}

// A part of the value to say again: a component with its separator, the whole, a reference, one character, any slice.
static struct wev_span a_part(struct wev_mutator *m, struct wev_span v, size_t *behind)
{
    size_t low = 0, high = v.n;
    switch (wev_mutator_draw(m, 6)) {
    case 0: case 1: // the last component
        for (low = v.n - 1; low > 0 && !is_part_end(v.p[low]); low--) {}
        break;
    case 2: // an inner one: from separator to separator
        for (low = wev_mutator_draw(m, v.n); low > 0 && !is_part_end(v.p[low]); low--) {}
        for (high = low + 1; high < v.n && !is_part_end(v.p[high]); high++) {}
        break;
    case 3:
        low = wev_mutator_draw(m, v.n);
        high = low + 1;
        break;
    case 4:
        low = wev_mutator_draw(m, v.n);
        high = low + 1 + wev_mutator_draw(m, v.n - low);
        break;
    default: break;
    }
    *behind = high;
    return (struct wev_span){v.p + low, high - low};
}

// What repeats inside of a value: with what is there already, or with a separator or piece of markup.
static bool repeat(struct wev_mutator *m)
{
    static const char *const pieces[] = {"&amp;", "&lt;", "&#65;", "&quot;", "%%2499", "%%", "%1", "\\", "/", "../",
        "..\\", "-1", "-", ".", ",a", ";a", " a", ":", "\"", "'", "=", "<!---->",
        "<![CDATA[a]]>", "<?a?>", "&#x10FFFF;", "<![CDATA[]]]]><![CDATA[>]]>",
        "\xf0\x9f\x94\x91", "\xe2\x80\x8e", "\n", "0", "A", "\t", "]", "|x", "{}",
        "(", "%%2464 ", "&#0065;"};
    struct wev_spot s;
    size_t times = wev_mutator_times(m), behind;
    struct wev_words w = {.n = 0};
    if (!wev_mutator_value(m, &s)) { return false; }
    struct wev_span v = wev_mutator_text(m, &s), piece;
    if (!v.n || wev_mutator_chance(m, 3)) {
        piece = wev_span_of(pieces[wev_mutator_draw(m, WEV_COUNT(pieces))]);
        behind = wev_mutator_chance(m, 3) ? 0 : v.n;
        if (s.attribute && piece.p[0] == '<') { return false; }
    } else {
        piece = a_part(m, v, &behind);
        if (wev_mutator_chance(m, 5)) { // the whole again, with something between
            wev_words_byte(&w, " ,;|\n:\\-"[wev_mutator_draw(m, 8)]);
            wev_words_put(&w, v);
            piece = wev_break_compose(m->b, &(struct wev_span){w.p, w.n}, 1);
            behind = v.n;
        }
    }
    size_t room = m->cap > m->b->size ? m->cap - m->b->size : 0;
    if (!piece.p || !piece.n) { return false; }
    if (times > room / piece.n) { times = room / piece.n; }
    return times && wev_break_fill(m->b, s.at + behind, 0, piece, times);
}

// The value in so many bytes: filled up, or cut.
static bool length(struct wev_mutator *m)
{
    static const char fill[] = "A0 -\\%.9a\x7f";
    struct wev_spot s;
    size_t want = wev_mutator_size(m);
    if (!wev_mutator_value(m, &s) || want == s.n) { return false; }
    if (want < s.n) { return wev_break_edit(m->b, s.at + want, s.n - want, (struct wev_span){"", 0}); }
    size_t at = s.n && wev_mutator_chance(m, 3) ? 0 : s.n;
    struct wev_span one = {fill + wev_mutator_draw(m, sizeof(fill) - 1), 1};
    if (s.n && wev_mutator_chance(m, 2)) { one.p = m->b->page + s.at + (at ? at - 1 : 0); }
    return wev_break_fill(m->b, s.at + at, 0, one, want - s.n);
}

// The value of one place in another as well; with a step beside it.
static bool copy(struct wev_mutator *m)
{
    struct wev_spot s, o;
    struct wev_words w = {.n = 0};
    if (!wev_mutator_value(m, &s) || !another(m, &s, &o)) { return false; }
    struct wev_span text = wev_mutator_text(m, &o);
    if (!wev_mutator_chance(m, 4) || !wev_mutator_lex_near(m, text, &w)) { return wev_mutator_set(m, &s, text); }
    return set_words(m, &s, &w);
}

static bool swap(struct wev_mutator *m)
{
    struct wev_spot s, o;
    return wev_mutator_value(m, &s) && another(m, &s, &o) && wev_mutator_set(m, &s, wev_mutator_text(m, &o)) &&
           wev_mutator_set(m, &o, wev_mutator_text(m, &s));
}

// The values of neighbours one place on, as when a reader counts fields wrong.
static bool shift(struct wev_mutator *m)
{
    const struct wev_break *b = m->b;
    doc_of(m);
    if (b->spot_count < 2) { return false; }
    size_t count = 2 + wev_mutator_draw(m, b->spot_count < 6 ? b->spot_count - 1 : 5);
    if (count > b->spot_count) { count = b->spot_count; }
    size_t first = wev_mutator_draw(m, b->spot_count - count + 1), by = 1 + wev_mutator_draw(m, count - 1);
    bool changed = false;
    for (size_t k = 0; k < count; k++) {
        changed |= wev_mutator_set(m, &b->spots[first + k], wev_mutator_text(m, &b->spots[first + (k + by) % count]));
    }
    return changed;
}

// Something at the value's start, its end or inside. The kind is drawn first: there are more references than there are ways to be
// no UTF-8, and none is worth more than another.
static bool put(struct wev_mutator *m)
{
    static const struct wev_span pieces[] = {
        T("\0"), T("\0"), T("\x01"), T("\x1f"), T("\x7f"), T("\xc2\x85"),                         // characters that are none
        T("\xc0\x80"), T("\xc0\xaf"), T("\xe0\x80\xaf"), T("\xed\xa0\x80"), T("\xed\xa0\x80"), T("\xf4\x90\x80\x80"), // no UTF-8
        T("\x80"), T("\xbf"), T("\xa0"), T("\xff"), T("\xf8\x88\x80\x80\x80"), T("\xef\xbf\xbf"), // no start of one
        T("\xf0\x9f"), T("\xe2\x82"), T("\xc3"), T("\xe2"), T("\xf0\x9f\x94"), T("\xc2"),         // a start alone
        T("\xef\xbb\xbf"), T("\xfe\xff"), T("\xff\xfe"), T("\xe2\x80\x8e"), T("\xf0\x9f\x94\x91"), T("\xcc\x81"),
        T("&amp;"), T("&lt;"), T("&gt;"), T("&quot;"), T("&apos;"), T("&#38;"),
        T("&#65;"), T("&#x41;"), T("&#0065;"), T("&#x1F511;"), T("&#x10FFFF;"), T("&#128;"),
        T("&#13;"), T("&#10;"), T("&#9;"), T("&#32;"), T("&#xA0;"), T("&#x0A;"),
        T("&#0;"), T("&#0;"), T("&#xD800;"), T("&#x110000;"), T("&#4294967361;"), T("&#xFFFE;"),
        T("&#x;"), T("&#;"), T("&#x41g;"), T("&#-1;"), T("&#x"), T("&#"),
        T("&nbsp;"), T("&x;"), T("&;"), T("&nbsp;"), T("&AMP;"), T("&lt"),
        T("&"), T("&"), T("& "), T("&amp"), T("&am"), T("&&"),
        T("%%"), T("%"), T("%1"), T("%s"), T("%%%"), T("%20"),
        T(" "), T("\n"), T("\r\n"), T("\t"), T("\r"), T("  "),
        T("\\"), T("\\"), T("\\n"), T("\""), T("'"), T("\\\""),
        T("<"), T("<"), T(">"), T("</"), T("<!"), T("]]>"),
        T("<![CDATA["), T("<!--"), T("-->"), T("<?a?>"), T("<!---->"), T("<?a b?>"),
        T("<b/>"), T("<b>x</b>"), T("<Data>x</Data>"), T("</Data>"), T("<Data/>"), T("<Data Name='x'>y</Data>"),
        T("-"), T("+"), T("0"), T("0x"), T("."), T("_"),
        T("x"), T("$"), T("{"), T("}"), T("("), T("\xd0\xb0")};
    enum { OF_A_KIND = 6 };
    size_t kind = wev_mutator_draw(m, WEV_COUNT(pieces) / OF_A_KIND), where = wev_mutator_draw(m, 5), done = 0;
    struct wev_span piece = pieces[OF_A_KIND * kind + wev_mutator_draw(m, OF_A_KIND)];
    // who trips over it in one field alone is met sooner when more have it
    for (size_t left = wev_mutator_chance(m, 2) ? 1 : 2 + wev_mutator_draw(m, 8); left > 0; left--) {
        struct wev_spot s;
        if (!wev_mutator_value(m, &s)) { continue; }
        done += wev_break_edit(m->b, where < 2 ? s.at : where < 4 ? s.at + s.n : wev_break_inside(m->b, &s), 0, piece);
    }
    return done > 0;
}

// Two values in one.
static bool join(struct wev_mutator *m)
{
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    if (!wev_mutator_value(m, &s)) { return false; }
    bool front = wev_mutator_chance(m, 2), with = wev_mutator_chance(m, 2);
    char between = " ,;|\n:\\-/%"[wev_mutator_draw(m, 10)];
    if (!front && with) { wev_words_byte(&w, between); }
    if (!wev_mutator_other_value(m, &s, &w) || !w.n) { return false; }
    if (front && with) { wev_words_byte(&w, between); }
    struct wev_span text = {w.p, w.n};
    text = wev_break_compose(m->b, &text, 1);
    return text.p && wev_break_edit(m->b, s.at + (front ? 0 : s.n), 0, text);
}

static bool cut(struct wev_mutator *m)
{
    struct wev_spot s;
    if (!wev_mutator_value(m, &s) || !s.n) { return false; }
    size_t k = wev_mutator_draw(m, s.n), n = 1 + wev_mutator_draw(m, s.n - k);
    switch (wev_mutator_draw(m, 5)) {
    case 0: return wev_break_edit(m->b, s.at, s.n, (struct wev_span){"", 0});
    case 1: return wev_break_edit(m->b, s.at + k, s.n - k, (struct wev_span){"", 0});
    case 2: return wev_break_edit(m->b, s.at, k + 1, (struct wev_span){"", 0});
    case 3: return wev_break_edit(m->b, s.at + k, 1, (struct wev_span){"", 0});
    default: return wev_break_edit(m->b, s.at + k, n, (struct wev_span){"", 0});
    }
}

// Several at once: each another value, or all the same.
static bool several(struct wev_mutator *m)
{
    size_t count = 2 + wev_mutator_draw(m, 5), done = 0;
    bool equal = wev_mutator_chance(m, 3);
    struct wev_words w = {.n = 0};
    for (size_t k = 0; k < count; k++) {
        struct wev_spot s;
        if (!wev_mutator_value(m, &s)) { return false; }
        if (!equal || k == 0) {
            w.n = 0;
            if (!wev_mutator_other_value(m, &s, &w)) { continue; }
        }
        done += set_words(m, &s, &w);
    }
    return done > 0;
}

// Bytes of one value by the engine's own mutator: what it learnt from comparisons goes where it was compared.
static bool bytes(struct wev_mutator *m)
{
    struct wev_spot s;
    uint8_t p[WEV_MUTATOR_WORDS];
    if (!wev_mutator_value(m, &s) || s.n > sizeof(p) / 2) { return false; }
    struct wev_span v = wev_mutator_text(m, &s);
    size_t cap = v.n + 64;
    if (v.n) { memcpy(p, v.p, v.n); }
    size_t n = m->bytes && v.n ? m->bytes(p, v.n, cap) : wev_mutator_own_bytes(m, p, v.n, cap);
    return wev_mutator_set(m, &s, (struct wev_span){(const char *)p, n <= cap ? n : cap});
}

size_t wev_mutator_own_bytes(struct wev_mutator *m, uint8_t *p, size_t n, size_t cap)
{
    static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0xff, ' ', '&', '<', '>', '\'', '"', '%', '\\', '-', '/', ';', '0',
        '9', 'A', '\n'};
    size_t at = n ? wev_mutator_draw(m, n) : 0, k = n ? wev_mutator_draw(m, n) : 0;
    uint8_t c = odd[wev_mutator_draw(m, sizeof(odd))];
    size_t kind = n ? wev_mutator_draw(m, 7) : 5;
    if (kind >= 5 && n == cap) { kind = 0; }
    switch (kind) {
    case 0: p[at] = c; break;
    case 1: p[at] = (uint8_t)(p[at] ^ 1u << wev_mutator_draw(m, 8)); break;
    case 2: p[at] = (uint8_t)(p[at] + wev_mutator_draw(m, 17) - 8); break;
    case 3: p[at] = p[k]; break;
    case 4:
        memmove(p + at, p + at + 1, n - at - 1);
        return n - 1;
    default:
        if (n > at) { memmove(p + at + 1, p + at, n - at); }
        if (cap) { p[at] = kind == 5 ? c : (uint8_t)wev_mutator_draw(m, 256); }
        return cap ? n + 1 : 0;
    }
    return n;
}

const struct wev_mutator_op wev_mutator_value_ops[] = {
    {"value-boundary", 110, boundary}, {"value-pool", 60, pool},   {"value-near", 50, near}, {"value-spell", 110, spell},
    {"value-respell", 70, respell},
    {"value-repeat", 80, repeat}, {"value-length", 40, length},
    {"value-copy", 60, copy},          {"value-swap", 15, swap},
    {"value-shift", 20, shift},   {"value-put", 150, put},   {"value-join", 20, join},
    {"value-cut", 25, cut},       {"value-several", 60, several},
    {"value-bytes", 50, bytes},
};
const size_t wev_mutator_value_op_count = WEV_COUNT(wev_mutator_value_ops);
