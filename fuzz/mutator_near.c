// Operations on what is nearly the same: a second element or field under nearly the same name; a
// value where another field of its kind has one; a time so long before or after another. Knows no
// event by number.
#include "fuzz/mutator_run.h"

#include "gen/text.h"
#include "schema/types.h"

#include <string.h>

enum { TIMES_MAX = 8 };

// ---- names

// The letters that look like these, of another alphabet (Unicode's confusables.txt).
static const struct {
    char latin;
    const char *other;
} looks[] = {{'a', "\xd0\xb0"}, {'e', "\xd0\xb5"}, {'o', "\xd0\xbe"}, {'p', "\xd1\x80"},
             {'c', "\xd1\x81"}, {'x', "\xd1\x85"}, {'y', "\xd1\x83"}, {'i', "\xd1\x96"},
             {'s', "\xd1\x95"}, {'S', "\xd0\x85"}, {'K', "\xd0\x9a"}, {'T', "\xd0\xa2"},
             {'N', "\xce\x9d"}, {'O', "\xce\x9f"}, {'P', "\xd0\xa0"}, {'C', "\xd0\xa1"},
             {'A', "\xd0\x90"}, {'E', "\xd0\x95"}, {'I', "\xd0\x86"}, {'l', "I"},
             {'0', "O"},        {'1', "l"}};

static bool alike(struct wev_mutator *m, struct wev_span name, struct wev_words *w)
{
    size_t start = wev_mutator_draw(m, name.n);
    for (size_t n = 0; n < name.n; n++) {
        size_t k = (start + n) % name.n;
        for (size_t r = 0; r < WEV_COUNT(looks); r++) {
            if (looks[r].latin != name.p[k]) { continue; }
            wev_words_put(w, (struct wev_span){name.p, k});
            wev_words_text(w, looks[r].other);
            wev_words_put(w, (struct wev_span){name.p + k + 1, name.n - k - 1});
            return true;
        }
    }
    return false;
}

static bool other_case(struct wev_mutator *m, struct wev_span name, struct wev_words *w)
{
    size_t kind = wev_mutator_draw(m, 3), at = wev_mutator_draw(m, name.n);
    bool changed = false;
    for (size_t k = 0; k < name.n; k++) {
        char c = name.p[k];
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        bool turn = kind == 0 ? upper : kind == 1 ? lower : k == at && (upper || lower);
        wev_words_byte(w, turn ? (char)(c ^ 32) : c);
        changed |= turn;
    }
    return changed;
}

// What only an attribute can have comes last.
static bool near_name(struct wev_mutator *m, struct wev_span name, bool attribute,
                      struct wev_words *w)
{
    static const char *const before[] = {"e:",           "_",           "x", "Event.", " ",
                                         "\xe2\x80\x8b", "\xef\xbb\xbf"},
                             *const behind[] = {"2",      "s", "_",  ".",      "-",
                                                "1",      " ", "\t", "&#160;", "\xe2\x80\x8b",
                                                "&#0032;"};
    if (!name.n) { return false; }
    switch (wev_mutator_draw(m, 5)) {
    case 0: return other_case(m, name, w);
    case 1: return alike(m, name, w);
    case 2:
        wev_words_text(w, before[wev_mutator_draw(m, attribute ? WEV_COUNT(before) : 4)]);
        wev_words_put(w, name);
        return true;
    case 3:
        wev_words_put(w, name);
        wev_words_text(w, behind[wev_mutator_draw(m, attribute ? WEV_COUNT(behind) : 6)]);
        return true;
    default: // a letter twice, or missing
        for (size_t k = 0, at = wev_mutator_draw(m, name.n),
                    times = wev_mutator_chance(m, 2) ? 2 : 0;
             k < name.n; k++) {
            wev_words_many(w, (struct wev_span){name.p + k, 1}, k == at ? times : 1);
        }
        return w->n > 0;
    }
}

// The text of the element, or another value of its form.
static bool inside(struct wev_mutator *m, const struct wev_element *e, struct wev_words *w)
{
    struct wev_spot s = {.at = e->head_end,
                         .n = e->tail - e->head_end,
                         .element = WEV_DOC_NONE,
                         .type = WEV_T_UNICODE_STRING,
                         .lex = WEV_L_TEXT,
                         .header = WEV_H_COUNT};
    const struct wev_break *b = m->b;
    wev_break_header(m->b, WEV_H_PROVIDER); // lists the spots
    for (uint32_t k = 0; k < b->spot_count; k++) {
        if (b->spots[k].at == s.at && b->spots[k].n == s.n) { s = b->spots[k]; }
    }
    return !wev_mutator_chance(m, 3) && wev_mutator_other_value(m, &s, w);
}

// An element beside the original, with nearly its name, or, where it has one, nearly its Name.
static bool near_twin(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    struct wev_words name = {.n = 0}, value = {.n = 0};
    struct wev_attribute a;
    if (!d->count) { return false; }
    const struct wev_element *e = &d->elements[wev_mutator_draw(m, d->count)];
    if (e->flags & WEV_ELEMENT_UNCLOSED || e->end - e->at > WEV_MUTATOR_WORDS) { return false; }
    bool attribute = wev_doc_attribute(d, e, "Name", &a) && !wev_mutator_chance(m, 4),
         empty = e->flags & WEV_ELEMENT_EMPTY;
    size_t from = attribute ? a.value : e->at + 1u, n = attribute ? a.value_n : e->name_n;
    if (!near_name(m, wev_break_slice(m->b, from, from + n), attribute, &name)) { return false; }
    bool leaf = !empty && !memchr(d->p + e->head_end, '<', e->tail - e->head_end);
    struct wev_span text = leaf && inside(m, e, &value)
                               ? (struct wev_span){value.p, value.n}
                               : wev_break_slice(m->b, e->head_end, e->tail);
    struct wev_span its = {name.p, name.n};
    struct wev_span parts[] = {wev_break_slice(m->b, e->at, from),
                               its,
                               wev_break_slice(m->b, from + n, e->head_end),
                               empty ? WEV_SPAN("") : text,
                               empty ? WEV_SPAN("") : WEV_SPAN("</"),
                               attribute ? wev_doc_name(d, e) : its,
                               WEV_SPAN(">")};
    struct wev_span twin = wev_break_compose(m->b, parts, empty ? 3 : WEV_COUNT(parts));
    if (!twin.p) { return false; }
    switch (wev_mutator_draw(m, 4)) {
    case 0: return wev_break_edit(m->b, e->at, 0, twin);
    case 1: return wev_break_edit(m->b, e->at, e->end - e->at, twin); // in its stead
    default: return wev_break_edit(m->b, e->end, 0, twin);
    }
}

// ---- values by their outType: how a field is read, whatever it is stored as

static struct wev_span kind_of(const struct wev_spot *s)
{
    static const struct wev_span headers[WEV_H_COUNT] = {
        [WEV_H_GUID] = {"xs:GUID", 7},
        [WEV_H_ACTIVITY] = {"xs:GUID", 7},
        [WEV_H_RELATED] = {"xs:GUID", 7},
        [WEV_H_TIME] = {"xs:dateTime", 11},
        [WEV_H_PROCESS_ID] = {"win:PID", 7},
        [WEV_H_THREAD_ID] = {"win:TID", 7},
        [WEV_H_KEYWORDS] = {"win:HexInt64", 12},
        [WEV_H_RECORD_ID] = {"xs:unsignedLong", 15},
        [WEV_H_EVENT_ID] = {"xs:unsignedShort", 16},
        [WEV_H_TASK] = {"xs:unsignedShort", 16},
        [WEV_H_LEVEL] = {"xs:unsignedByte", 15},
        [WEV_H_OPCODE] = {"xs:unsignedByte", 15},
        [WEV_H_VERSION] = {"xs:unsignedByte", 15},
        [WEV_H_PROVIDER] = {"xs:string", 9},
        [WEV_H_CHANNEL] = {"xs:string", 9},
        [WEV_H_COMPUTER] = {"xs:string", 9},
        [WEV_H_USER_ID] = {"xs:string", 9}};
    if (s->header != WEV_H_COUNT) { return headers[s->header]; }
    return s->field ? s->field->out_name : (struct wev_span){NULL, 0};
}

static bool is_number(uint8_t lex)
{
    return lex == WEV_L_HEX || lex == WEV_L_UINT || lex == WEV_L_INT;
}

// A number as the field writes numbers.
static bool in_form_of(const struct wev_spot *to, struct wev_span text, struct wev_words *w)
{
    uint64_t v;
    if (!wev_span_u64(text, &v) || !is_number(to->lex)) { return false; }
    if (to->lex == WEV_L_HEX) {
        wev_words_hex(w, v, false);
    } else {
        wev_words_u64(w, v);
    }
    return true;
}

// Where no outType is told, what is written alike is alike. loose: any number is.
static bool are_kin(const struct wev_spot *a, const struct wev_spot *b, bool loose)
{
    struct wev_span one = kind_of(a), two = kind_of(b);
    if (loose && is_number(a->lex)) { return is_number(b->lex); }
    return one.n && two.n ? wev_span_eq(one, two) : a->lex == b->lex;
}

// What another place of the same outType holds, whatever either is stored as: as it stands there,
// or in this place's own form.
static bool kin(struct wev_mutator *m)
{
    struct wev_spot s;
    struct wev_words w = {.n = 0};
    uint32_t found = 0, pick = 0;
    if (!wev_mutator_value(m, &s)) { return false; }
    const struct wev_break *b = m->b;
    bool loose = wev_mutator_chance(m, 2);
    for (uint32_t k = 0; k < b->spot_count; k++) {
        if (b->spots[k].at == s.at || !are_kin(&s, &b->spots[k], loose)) { continue; }
        if (wev_mutator_draw(m, ++found) == 0) { pick = k; }
    }
    if (!found) { return false; }
    struct wev_span text = wev_mutator_text(m, &b->spots[pick]);
    bool own = !wev_mutator_chance(m, 3) && in_form_of(&s, text, &w);
    return wev_mutator_set(m, &s, own ? (struct wev_span){w.p, w.n} : text);
}

// ---- times against each other

#define SECOND 10000000ull
#define DAY (86400 * SECOND)
static const uint64_t steps[] = {0,
                                 1,
                                 10,
                                 10000,
                                 SECOND - 1,
                                 SECOND,
                                 SECOND + 1,
                                 59 * SECOND,
                                 60 * SECOND,
                                 1ull << 32,
                                 1800 * SECOND,
                                 3600 * SECOND,
                                 2 * 3600 * SECOND,
                                 12 * 3600 * SECOND,
                                 14 * 3600 * SECOND,
                                 DAY - SECOND,
                                 DAY - 1,
                                 DAY,
                                 DAY + 1,
                                 7 * DAY,
                                 28 * DAY,
                                 29 * DAY,
                                 30 * DAY,
                                 31 * DAY,
                                 364 * DAY,
                                 365 * DAY,
                                 366 * DAY,
                                 1461 * DAY,
                                 36524 * DAY,
                                 36525 * DAY,
                                 146097 * DAY,
                                 15 * 60 * SECOND,
                                 (1ull << 31) * SECOND,
                                 (1ull << 32) * SECOND,
                                 (1ull << 32) * 10000,
                                 9223372036854775807ull};
// Where calendars and clocks change: the epochs, leap days and where none is, ends of months and
// years, the hours that summer time skips and repeats (Europe, then the USA; in UTC and on the
// local clock), the end of 31 bits.
static const char *const moments[] = {
    "1601-01-01T00:00:00Z", "1601-01-02T00:00:00Z", "1970-01-01T00:00:00Z",
    "1900-03-01T00:00:00Z", "2000-02-29T00:00:00Z", "2023-03-01T00:00:00Z",
    "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", "2100-03-01T00:00:00Z",
    "2024-02-01T00:00:00Z", "2024-05-01T00:00:00Z", "2025-01-01T00:00:00Z",
    "2024-03-31T01:00:00Z", "2024-03-31T02:00:00Z", "2024-10-27T01:00:00Z",
    "2024-10-27T03:00:00Z", "2024-03-10T07:00:00Z", "2024-03-10T02:00:00Z",
    "2024-11-03T06:00:00Z", "2024-11-03T01:00:00Z", "2038-01-19T03:14:08Z",
    "2106-02-07T06:28:16Z", "9999-12-31T23:59:59Z", "30827-12-31T23:59:59Z"};

static bool read_time(struct wev_span text, struct wev_value *v)
{
    struct wev_types_room room;
    size_t at;
    room.bin = NULL;
    room.bin_cap = 0;
    return wev_verdict_rows[wev_types_parse(WEV_T_FILETIME, WEV_L_TIME, text, &room, v, &at)]
               .verdict != 'n';
}

static bool write_time(struct wev_mutator *m, const struct wev_spot *s, uint64_t t, unsigned digits)
{
    char text[WEV_TEXT_VALUE_MAX];
    return wev_mutator_set(
        m, s, (struct wev_span){text, (size_t)(wev_text_time(text, t, digits, "") - text)});
}

// One time is so far from another, or both are, to either side of a moment at which calendars and
// clocks change.
static bool step(struct wev_mutator *m)
{
    const struct wev_spot *times[TIMES_MAX];
    size_t count = 0;
    const struct wev_break *b = m->b;
    wev_break_header(m->b, WEV_H_PROVIDER); // lists the spots
    for (uint32_t k = 0; k < b->spot_count && count < TIMES_MAX; k++) {
        if (b->spots[k].lex == WEV_L_TIME) { times[count++] = &b->spots[k]; }
    }
    if (!count) { return false; }
    const struct wev_spot *to = times[wev_mutator_draw(m, count)],
                          *of = times[wev_mutator_draw(m, count)];
    struct wev_value v, own;
    bool anchored = wev_mutator_chance(m, 3) || !read_time(wev_mutator_text(m, of), &v),
         changed = false;
    if (anchored) {
        struct wev_words edge = {.n = 0};
        if (wev_mutator_chance(m, 2)) { wev_mutator_time_edge(m, wev_mutator_text(m, of), &edge); }
        if (!read_time((struct wev_span){edge.p, edge.n}, &v) &&
            !read_time(wev_span_of(moments[wev_mutator_draw(m, WEV_COUNT(moments))]), &v)) {
            return false;
        }
        changed = of != to && !wev_mutator_chance(m, 4) && write_time(m, of, v.is.u, 7);
    }
    uint64_t by = steps[wev_mutator_draw(m, WEV_COUNT(steps))];
    bool back = wev_mutator_chance(m, 2) && by <= v.is.u;
    unsigned digits = read_time(wev_mutator_text(m, to), &own) ? own.digits : 7;
    return write_time(m, to, back ? v.is.u - by : v.is.u + by, digits) || changed;
}

const struct wev_mutator_op wev_mutator_near_ops[] = {
    {"tree-near", 35, near_twin}, {"value-kin", 25, kin}, {"time-step", 35, step}};
const size_t wev_mutator_near_op_count = WEV_COUNT(wev_mutator_near_ops);
