// Operations on the document as a whole: its encoding, quotes, blanks, prefixes, case. Knows no event.
#include "fuzz/mutator_run.h"

#include <string.h>

void wev_room_put(struct wev_mutator *m, struct wev_span s)
{
    if (s.n > sizeof(m->room) - m->room_n || m->room_n > sizeof(m->room)) {
        m->room_n = sizeof(m->room) + 1;
        return;
    }
    if (s.n) { memcpy(m->room + m->room_n, s.p, s.n); }
    m->room_n += s.n;
}

bool wev_room_begin(struct wev_mutator *m)
{
    m->room_n = 0;
    return m->b->edit_count == 0;
}

bool wev_room_take(struct wev_mutator *m)
{
    struct wev_span all = {m->room, m->room_n};
    if (m->room_n > sizeof(m->room) || wev_span_eq(all, wev_break_slice(m->b, 0, m->b->size))) { return false; }
    return wev_break_edit(m->b, 0, m->b->size, all);
}

static void put(struct wev_mutator *m, const char *text)
{
    wev_room_put(m, wev_span_of(text));
}

static bool begins_name(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

// Every '<' of a tag, with something before it or behind it.
static bool at_tags(struct wev_mutator *m, const char *before, const char *behind)
{
    const char *p = m->b->page;
    size_t from = 0, n = m->b->size;
    if (!wev_room_begin(m)) { return false; }
    for (size_t k = 0; k + 1 < n; k++) {
        bool end = p[k] == '<' && p[k + 1] == '/';
        if (p[k] != '<' || (!end && !begins_name(p[k + 1]))) { continue; }
        wev_room_put(m, (struct wev_span){p + from, k - from});
        put(m, before);
        from = k + 1 + end;
        wev_room_put(m, (struct wev_span){p + k, from - k});
        put(m, behind);
    }
    wev_room_put(m, (struct wev_span){p + from, n - from});
    return wev_room_take(m);
}

static bool blanks(struct wev_mutator *m)
{
    static const char *const rows[] = {"\n", "\r\n", " ", "\n    ", "\t", "<!---->", "- "};
    return at_tags(m, rows[wev_mutator_draw(m, WEV_COUNT(rows))], "");
}

static bool prefix(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    if (!d->count || !at_tags(m, "", "e:")) { return false; }
    m->b->edit_count = 0; // the declaration too, in the room itself
    char *at = memmem(m->room, m->room_n, " xmlns=", 7);
    if (!at || m->room_n + 2 > sizeof(m->room)) { return wev_room_take(m); }
    memmove(at + 8, at + 6, m->room_n - (size_t)(at + 6 - m->room));
    memcpy(at + 6, ":e", 2);
    m->room_n += 2;
    return wev_room_take(m);
}

// All quotes the other way; or every attribute's.
static bool quotes(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    struct wev_attribute a[WEV_DOC_ATTRIBUTES_MAX];
    size_t from = 0;
    if (!wev_room_begin(m)) { return false; }
    for (uint32_t k = 0; k < d->count; k++) {
        size_t count = wev_doc_attributes(d, &d->elements[k], a, WEV_COUNT(a));
        for (size_t n = 0; n < count; n++) {
            const char *other = d->p[a[n].value - 1] == '"' ? "'" : "\"";
            wev_room_put(m, (struct wev_span){d->p + from, a[n].value - 1u - from});
            put(m, other);
            wev_room_put(m, (struct wev_span){d->p + a[n].value, a[n].value_n});
            put(m, other);
            from = a[n].end;
        }
    }
    wev_room_put(m, (struct wev_span){d->p + from, d->n - from});
    return wev_room_take(m);
}

// <x></x> as <x/>, everywhere; or the other way.
static bool empties(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    size_t from = 0;
    bool open = wev_mutator_chance(m, 2);
    if (!wev_room_begin(m)) { return false; }
    for (uint32_t k = 0; k < d->count; k++) {
        const struct wev_element *e = &d->elements[k];
        bool is_empty = e->flags & WEV_ELEMENT_EMPTY, bare = !e->flags && e->tail == e->head_end;
        if ((open ? !is_empty : !bare) || e->head_end < e->at + 3 || e->at < from) { continue; }
        size_t head = e->head_end - (open ? 2u : 1u);
        wev_room_put(m, (struct wev_span){d->p + from, head - from});
        put(m, open ? "></" : "/>");
        if (open) {
            wev_room_put(m, wev_doc_name(d, e));
            put(m, ">");
        }
        from = e->end;
    }
    wev_room_put(m, (struct wev_span){d->p + from, d->n - from});
    return wev_room_take(m);
}

static bool folded(struct wev_mutator *m)
{
    const char *p = m->b->page;
    bool upper = wev_mutator_chance(m, 2), inside = false, quoted = false, everything = wev_mutator_chance(m, 6);
    if (!wev_room_begin(m) || m->b->size > sizeof(m->room)) { return false; }
    for (size_t k = 0; k < m->b->size; k++) {
        char c = p[k];
        if (c == '<') { inside = true; }
        if (c == '>') { inside = quoted = false; }
        if (inside && (c == '\'' || c == '"')) { quoted = !quoted; }
        bool turn = everything || (inside && !quoted);
        m->room[m->room_n++] = turn && upper && c >= 'a' && c <= 'z' ? (char)(c - 32) : turn && !upper && c >= 'A' &&
            c <= 'Z' ? (char)(c + 32) : c;
    }
    return wev_room_take(m);
}

// What the declaration says, whatever the bytes are.
static bool declared(struct wev_mutator *m)
{
    static const char *const names[] = {"utf-8", "UTF-16", "utf-16le", "UTF-16BE", "UTF-32", "iso-8859-1", "windows-1252",
        "us-ascii", "utf-7", "ucs-2", "x", "", "utf8", "cp1252", "shift_jis",
        "UTF-8 ", "EBCDIC-CP-US",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    const char *page = m->b->page;
    const char *end = m->b->size > 5 && !memcmp(page, "<?xml", 5) ? memmem(page, m->b->size, "?>", 2) : NULL;
    struct wev_span parts[] = {WEV_SPAN("<?xml version=\"1.0\" encoding=\""), wev_span_of(names[wev_mutator_draw(m,
        WEV_COUNT(names))]), WEV_SPAN("\"?>")};
    if (wev_mutator_chance(m, 4)) {
        parts[0] = WEV_SPAN("<?xml version='1.0' encoding='");
        parts[2] = WEV_SPAN("' standalone='yes' ?>\n");
    }
    struct wev_span text = wev_break_compose(m->b, parts, 3);
    return text.p && wev_break_edit(m->b, 0, end ? (size_t)(end - page) + 2 : 0, text);
}

// The whole in UTF-16, UTF-32 or ISO-8859-1, with and without its mark.
static bool encoded(struct wev_mutator *m)
{
    static const struct wev_span marks[] = {{"\xff\xfe", sizeof("\xff\xfe") - 1}, {"\xfe\xff", sizeof("\xfe\xff") - 1},
        {"\xff\xfe\0\0", sizeof("\xff\xfe\0\0") - 1}, {"\0\0\xfe\xff", sizeof("\0\0\xfe\xff") - 1}};
    size_t kind = wev_mutator_draw(m, 5);
    bool mark = !wev_mutator_chance(m, 4);
    if (kind < 2) {
        if (m->b->wide) {
            m->b->wide = WEV_NARROW; // and back
            return true;
        }
        if (mark && !wev_break_raw(m->b, 0, marks[kind])) { return false; }
        m->b->wide = kind ? WEV_UTF16_BE : WEV_UTF16_LE;
        return true;
    }
    if (!wev_room_begin(m)) { return false; }
    if (kind == 4) { // one byte a character, as Windows-1252 has it
        for (size_t k = 0; k < m->b->size; k++) {
            unsigned char c = (unsigned char)m->b->page[k], next = k + 1 < m->b->size ? (unsigned char)m->b->page[k + 1] : 0;
            char one = (char)((c & 3) << 6 | (next & 63));
            bool two = c == 0xc2 || c == 0xc3;
            wev_room_put(m, (struct wev_span){two ? &one : m->b->page + k, 1});
            k += two;
        }
        return wev_room_take(m);
    }
    if (m->b->size > sizeof(m->room) / 4) { return false; }
    if (mark) { wev_room_put(m, marks[kind]); }
    for (size_t k = 0; k < m->b->size; k++) {
        char four[4] = {0};
        four[kind == 2 ? 0 : 3] = m->b->page[k];
        wev_room_put(m, (struct wev_span){four, 4});
    }
    return wev_room_take(m);
}

// All references to characters, all characters to references: a value's way, for the whole text.
static bool expanded(struct wev_mutator *m)
{
    static const char *const ways[][2] = {{"&amp;", "&#38;"}, {"&lt;", "&#x3c;"}, {"&gt;", ">"}, {"&quot;", "\""},
        {"&apos;", "'"}};
    const char *p = m->b->page;
    size_t from = 0;
    if (!wev_room_begin(m)) { return false; }
    for (size_t k = 0; k < m->b->size; k++) {
        for (size_t w = 0; p[k] == '&' && w < WEV_COUNT(ways); w++) {
            size_t n = strlen(ways[w][0]);
            if (n > m->b->size - k || memcmp(p + k, ways[w][0], n) != 0) { continue; }
            wev_room_put(m, (struct wev_span){p + from, k - from});
            put(m, ways[w][1]);
            from = k + n;
            k = from - 1;
            break;
        }
    }
    wev_room_put(m, (struct wev_span){p + from, m->b->size - from});
    return wev_room_take(m);
}

const struct wev_mutator_op wev_mutator_form_ops[] = {{"form-blanks", 6, blanks}, {"form-prefix", 4, prefix},
    {"form-quotes", 6, quotes}, {"form-empties", 4, empties}, {"form-case", 3, folded},
    {"form-declared", 10, declared}, {"form-encoded", 10, encoded},
    {"form-expanded", 2, expanded}};
const size_t wev_mutator_form_op_count = WEV_COUNT(wev_mutator_form_ops);
