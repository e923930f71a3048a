// Operations on what a value is made of: the numbers of a SID, the groups of a GUID, date and time, the folders of a path,
// the words of a name, the digits of a number. Knows no event.
#include "fuzz/mutator_run.h"

#include <string.h>

enum { PARTS_MAX = 24, REFERENCE_MAX = 12 };

// head, then part 0 and what stands behind it, part 1 … A part may be empty, and so is what stands behind the last.
struct parts {
    struct wev_span head;
    struct {
        struct wev_span text, behind;
    } part[PARTS_MAX];
    size_t count;
};

// How one part is written, after all else.
struct change {
    size_t k, times, fill_n;
    char fill;
};

static bool is_in(const char *set, char c)
{
    return c && strchr(set, c) != NULL;
}

static struct wev_span between(struct wev_span s, size_t from, size_t to)
{
    return (struct wev_span){s.p + from, to - from};
}

// Between separators, one at a time; a character reference is a part's own.
static void split_words(struct parts *p, struct wev_span s, const char *set)
{
    size_t from = 0;
    p->head = between(s, 0, 0);
    p->count = 0;
    for (size_t k = 0; k < s.n && p->count + 1 < PARTS_MAX; k++) {
        const char *end = s.p[k] == '&' ? memchr(s.p + k, ';', s.n - k < REFERENCE_MAX ? s.n - k : REFERENCE_MAX) : NULL;
        if (end) { k = (size_t)(end - s.p); } // its ';' separates nothing
        if (end || !is_in(set, s.p[k])) { continue; }
        p->part[p->count].text = between(s, from, k);
        p->part[p->count++].behind = between(s, k, k + 1);
        from = k + 1;
    }
    p->part[p->count].text = between(s, from, s.n);
    p->part[p->count++].behind = between(s, s.n, s.n);
}

// So many characters a part, behind "0x".
static void split_digits(struct parts *p, struct wev_span s, size_t width)
{
    size_t from = s.n > 2 && s.p[0] == '0' && (s.p[1] | 32) == 'x' ? 2 : 0;
    p->head = between(s, 0, from);
    for (p->count = 0; from < s.n && p->count < PARTS_MAX; p->count++) {
        size_t to = s.n - from > width && p->count + 1 < PARTS_MAX ? from + width : s.n;
        p->part[p->count].text = between(s, from, to);
        p->part[p->count].behind = between(s, to, to);
        from = to;
    }
}

static void split(struct wev_mutator *m, struct parts *p, struct wev_span s, uint8_t lex)
{
    switch ((enum wev_lex)lex) {
    case WEV_L_INT: case WEV_L_UINT: case WEV_L_HEX: case WEV_L_BINARY: split_digits(p, s, 1 + wev_mutator_draw(m, 2)); break;
    case WEV_L_SID: split_words(p, s, "-"); break;
    case WEV_L_GUID: split_words(p, s, "-{}"); break;
    case WEV_L_TIME: split_words(p, s, "-T:.Z+ "); break;
    default: split_words(p, s, wev_mutator_chance(m, 3) ? " " : "-\\/_.:,;|@ =(){}[]~+%$\t\n"); break;
    }
    if (p->count == 1) { split_digits(p, s, 1 + wev_mutator_draw(m, 4)); }
}

// Separators that the value has stay its own: what a repeated last part is kept apart by is that of the part before.
static void put_parts(const struct parts *p, const struct change *c, struct wev_words *w)
{
    wev_words_put(w, p->head);
    for (size_t k = 0; k < p->count; k++) {
        size_t times = k == c->k ? c->times : 1;
        for (size_t t = 0; t < times && w->n < sizeof(w->p); t++) {
            if (t && !p->part[k].behind.n && k) { wev_words_put(w, p->part[k - 1].behind); }
            if (k == c->k) { wev_words_many(w, (struct wev_span){&c->fill, 1}, c->fill_n); }
            wev_words_put(w, p->part[k].text);
            wev_words_put(w, p->part[k].behind);
        }
    }
}

// ---- what becomes of them

static void drop(struct parts *p, size_t k)
{
    if (k && k + 1 == p->count) { p->part[k - 1].behind = p->part[k].behind; } // no separator stays at the end
    memmove(p->part + k, p->part + k + 1, (p->count - k - 1) * sizeof(p->part[0]));
    p->count--;
}

static void exchange(struct parts *p, size_t a, size_t b)
{
    struct wev_span t = p->part[a].text;
    p->part[a].text = p->part[b].text;
    p->part[b].text = t;
}

// Backwards, turned by some, or in any order; separators stay where they are.
static void reorder(struct wev_mutator *m, struct parts *p)
{
    size_t kind = wev_mutator_draw(m, 3), n = p->count;
    struct wev_span first = p->part[0].text;
    for (size_t k = 0; kind == 0 && k < n / 2; k++) { exchange(p, k, n - 1 - k); }
    for (size_t k = 0; kind == 1 && k + 1 < n; k++) { p->part[k].text = p->part[k + 1].text; }
    if (kind == 1) { p->part[n - 1].text = first; }
    for (size_t k = n - 1; kind == 2 && k > 0; k--) { exchange(p, k, wev_mutator_draw(m, k + 1)); }
}

// Another separator at one place or at all; none, or two.
static void separate(struct wev_mutator *m, struct parts *p, size_t k)
{
    static const char *const rows[] = {"-", "", "--", ".", ":", "\\", "\\\\", "/", " ", ",", "_", ";", "T", "0"};
    struct wev_span text = wev_span_of(rows[wev_mutator_draw(m, WEV_COUNT(rows))]);
    bool all = wev_mutator_chance(m, 3);
    for (size_t o = 0; o + 1 < p->count; o++) {
        if (all ? p->part[o].behind.n > 0 : o == k) { p->part[o].behind = text; }
    }
}

// The same part of another value that is made of parts, of the same form first.
static void borrow(struct wev_mutator *m, struct parts *p, size_t k, const struct wev_spot *s)
{
    struct wev_spot o;
    struct parts other;
    for (unsigned t = 0; t < 6; t++) {
        if (!wev_mutator_value(m, &o) || o.at == s->at || !o.n || (o.lex != s->lex && t < 4)) { continue; }
        split(m, &other, wev_mutator_text(m, &o), o.lex);
        p->part[k].text = other.part[k < other.count ? k : other.count - 1].text;
        return;
    }
}

static bool parts(struct wev_mutator *m)
{
    struct wev_spot s;
    struct parts p;
    struct wev_words w = {.n = 0};
    if (!wev_mutator_value(m, &s) || !s.n || s.n > sizeof(w.p) / 2) { return false; }
    split(m, &p, wev_mutator_text(m, &s), wev_mutator_lex_of(m, &s));
    if (p.count < 2) { return false; }
    struct change c = {.k = wev_mutator_draw(m, p.count), .times = 1};
    size_t o = wev_mutator_draw(m, p.count);
    switch (wev_mutator_draw(m, 10)) {
    case 0: drop(&p, c.k); break;
    case 1: p.part[c.k].text.n = 0; break;
    case 2: c.times = 1 + wev_mutator_times(m); break;
    case 3: exchange(&p, c.k, o); break;
    case 4: reorder(m, &p); break;
    case 5: // overlong
        c.fill = "00A9f "[wev_mutator_draw(m, 6)];
        c.fill_n = wev_mutator_times(m);
        break;
    case 6: separate(m, &p, c.k); break;
    case 7: // the first ones alone, or the last
        if (wev_mutator_chance(m, 2)) { p.count = c.k + 1; } else { while (c.k-- > 0) { drop(&p, 0); } }
        break;
    case 8: p.part[c.k].text = p.part[o].text; break;
    default: borrow(m, &p, c.k, &s); break;
    }
    put_parts(&p, &c, &w);
    return wev_mutator_set(m, &s, (struct wev_span){w.p, w.n});
}

const struct wev_mutator_op wev_mutator_parts_ops[] = {{"value-parts", 70, parts}};
const size_t wev_mutator_parts_op_count = WEV_COUNT(wev_mutator_parts_ops);
