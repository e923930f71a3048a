// Operations on the message of a RenderingInfo: its lines, the values in them, and the Data that
// they render. Knows no event by number.
#include "fuzz/mutator_run.h"

#include "schema/profile.h"

#include <string.h>

enum { LINES_MAX = 64 };

static const struct wev_span nothing = {"", 0};

static struct wev_span between(struct wev_span s, size_t from, size_t to)
{
    return (struct wev_span){s.p + from, to - from};
}

// The Message's text. False: the document has none.
static bool message(struct wev_mutator *m, size_t *at, struct wev_span *text)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    if (d->rendering == WEV_DOC_NONE) { return false; }
    for (uint32_t k = wev_doc_child(d, d->rendering, 0); k != WEV_DOC_NONE;
         k = wev_doc_child(d, d->rendering, k + 1)) {
        const struct wev_element *e = &d->elements[k];
        if (!wev_span_is(wev_doc_name(d, e), "Message")) { continue; }
        *at = e->head_end;
        *text = wev_break_slice(m->b, e->head_end, e->tail);
        return text->n > 0;
    }
    return false;
}

// ---- lines: "\tKey Name:\t\tvalue\r\n"

struct line {
    struct wev_span whole; // with its end
    size_t value, end;     // in it
};

static size_t lines_of(struct wev_span s, struct line *out)
{
    size_t count = 0;
    for (size_t from = 0; from < s.n && count < LINES_MAX;) {
        const char *nl = memchr(s.p + from, '\n', s.n - from);
        size_t to = nl ? (size_t)(nl - s.p) + 1 : s.n;
        struct wev_span l = between(s, from, to);
        struct line *o = &out[count++];
        o->whole = l;
        o->end = l.n;
        while (o->end && (l.p[o->end - 1] == '\n' || l.p[o->end - 1] == '\r')) { o->end--; }
        const char *tab = o->end ? memrchr(l.p, '\t', o->end) : NULL;
        o->value = tab ? (size_t)(tab - l.p) + 1 : o->end;
        from = to;
    }
    return count;
}

static bool set_line(struct wev_mutator *m, const struct line *l, const struct wev_span *parts,
                     size_t count)
{
    struct wev_span text = wev_break_compose(m->b, parts, count);
    return text.p && wev_break_edit(m->b, (size_t)(l->whole.p - m->b->page), l->whole.n, text);
}

static bool exchange(struct wev_mutator *m, const struct line *a, const struct line *b)
{
    if (wev_span_eq(a->whole, b->whole)) { return false; }
    return set_line(m, a, &b->whole, 1) && set_line(m, b, &a->whole, 1);
}

// A line is dropped, repeated, exchanged with another, emptied, written otherwise.
static bool message_line(struct wev_mutator *m)
{
    static const char *const ends[] = {"\n",       "\r", "",           "&#13;&#10;",
                                       "\r\n\r\n", "%n", "&lt;br&gt;", "\xe2\x80\xa8",
                                       "\r\r\n",   " "};
    static const char *const gaps[] = {"",   " ", "\t",   "\t\t\t", ":",    "    ",
                                       "%t", "=", "&#9;", ":\t\t",  "\t-\t"};
    struct line l[LINES_MAX];
    struct wev_span text;
    size_t at;
    if (!message(m, &at, &text)) { return false; }
    size_t count = lines_of(text, l), k = wev_mutator_draw(m, count),
           o = wev_mutator_draw(m, count);
    struct wev_span body = between(l[k].whole, 0, l[k].end),
                    label = between(l[k].whole, 0, l[k].value),
                    v = between(l[k].whole, l[k].value, l[k].end),
                    end = between(l[k].whole, l[k].end, l[k].whole.n);
    switch (wev_mutator_draw(m, 8)) {
    case 0: return set_line(m, &l[k], &nothing, 1);
    case 1:
        return wev_break_fill(m->b, (size_t)(l[k].whole.p - m->b->page), 0, l[k].whole,
                              wev_mutator_times(m));
    case 2: return exchange(m, &l[k], &l[o]);
    case 3: return v.n && set_line(m, &l[k], (struct wev_span[]){label, end}, 2);
    case 4: return label.n && set_line(m, &l[k], (struct wev_span[]){v, end}, 2);
    case 5:
        return set_line(
            m, &l[k],
            (struct wev_span[]){body, wev_span_of(ends[wev_mutator_draw(m, WEV_COUNT(ends))])}, 2);
    case 6:
        while (label.n && label.p[label.n - 1] == '\t') { label.n--; }
        return v.n &&
               set_line(m, &l[k],
                        (struct wev_span[]){
                            label, wev_span_of(gaps[wev_mutator_draw(m, WEV_COUNT(gaps))]), v, end},
                        4);
    default: // the message begins or ends here
        return wev_mutator_chance(m, 2)
                   ? wev_break_edit(m->b, at, (size_t)(l[k].whole.p - text.p) + 1, nothing)
                   : wev_break_edit(m->b, (size_t)(l[k].whole.p - m->b->page),
                                    (size_t)(text.p + text.n - l[k].whole.p), nothing);
    }
}

// ---- values, with the Data or against it

// How the message shows a value: the text of "%%2499", else itself. Hexadecimal digits are upper
// there.
static void rendered(const struct wev_mutator *m, struct wev_span v, struct wev_words *w)
{
    uint64_t id;
    struct wev_span text = {NULL, 0};
    if (v.n > 2 && v.p[0] == '%' && v.p[1] == '%' && wev_span_u64(between(v, 2, v.n), &id)) {
        text = wev_profile_parameter(m->schema->profile, id);
    }
    bool hex = v.n > 2 && v.p[0] == '0' && v.p[1] == 'x';
    wev_words_put(w, text);
    if (text.p) { return; }
    for (size_t k = 0; k < v.n; k++) {
        wev_words_byte(w, hex && k > 1 && v.p[k] >= 'a' && v.p[k] <= 'f' ? (char)(v.p[k] - 32)
                                                                         : v.p[k]);
    }
}

// A field whose value stands at the end of a line, and that line.
static const struct wev_spot *shown(struct wev_mutator *m, const struct line *l, size_t count,
                                    const struct line **line)
{
    const struct wev_break *b = m->b;
    wev_break_header(m->b, WEV_H_PROVIDER); // lists the spots
    size_t start = b->spot_count ? wev_mutator_draw(m, b->spot_count) : 0;
    for (uint32_t n = 0; n < b->spot_count; n++) {
        const struct wev_spot *s = &b->spots[(start + n) % b->spot_count];
        struct wev_words w = {.n = 0};
        if (s->header != WEV_H_COUNT || s->n > sizeof(w.p) || !s->n) { continue; }
        rendered(m, wev_mutator_text(m, s), &w);
        for (size_t k = 0; k < count; k++) {
            *line = &l[k];
            if (wev_span_eq(between(l[k].whole, l[k].value, l[k].end),
                            (struct wev_span){w.p, w.n})) {
                return s;
            }
        }
    }
    return NULL;
}

static bool set_value(struct wev_mutator *m, const struct line *l, struct wev_span v)
{
    struct wev_span parts[] = {between(l->whole, 0, l->value), v,
                               between(l->whole, l->end, l->whole.n)};
    return set_line(m, l, parts, WEV_COUNT(parts));
}

// A value that the message shows changes in both places, in one of them, or to something else in
// each.
static bool message_value(struct wev_mutator *m)
{
    struct line l[LINES_MAX];
    const struct line *line = NULL;
    struct wev_span text;
    struct wev_words w = {.n = 0}, shows = {.n = 0};
    size_t at;
    if (!message(m, &at, &text)) { return false; }
    size_t count = lines_of(text, l);
    const struct wev_spot *s = shown(m, l, count, &line);
    if (!s) { return false; }
    const struct line *o = &l[wev_mutator_draw(m, count)];
    enum { BOTH, DATA, MESSAGE, DIFFERENT, OF_ANOTHER_LINE, AS_DATA, KINDS };
    size_t kind = wev_mutator_draw(m, KINDS);
    if (kind == AS_DATA) { return set_value(m, line, wev_mutator_text(m, s)); } // "%%2499"
    if (kind == OF_ANOTHER_LINE) {
        return o != line && set_value(m, line, between(o->whole, o->value, o->end));
    }
    if (!wev_mutator_other_value(m, s, &w)) { return false; }
    if (kind != MESSAGE && !wev_mutator_set(m, s, (struct wev_span){w.p, w.n})) { return false; }
    if (kind == DATA) { return true; }
    if (kind == DIFFERENT) {
        w.n = 0;
        if (!wev_mutator_other_value(m, s, &w)) { return false; }
    }
    rendered(m, (struct wev_span){w.p, w.n}, &shows);
    return set_value(m, line, (struct wev_span){shows.p, shows.n});
}

// ---- a message from the schema's own text

static void put_escaped(struct wev_mutator *m, struct wev_span s)
{
    size_t from = 0;
    for (size_t k = 0; k < s.n; k++) {
        const char *way = s.p[k] == '&'   ? "&amp;"
                          : s.p[k] == '<' ? "&lt;"
                          : s.p[k] == '>' ? "&gt;"
                                          : NULL;
        if (!way) { continue; }
        wev_room_put(m, between(s, from, k));
        wev_room_put(m, wev_span_of(way));
        from = k + 1;
    }
    wev_room_put(m, between(s, from, s.n));
}

// Insert k, counted from 1, of the fields that the document has, in its own order.
static void put_insert(struct wev_mutator *m, uint64_t k)
{
    const struct wev_break *b = m->b;
    uint64_t n = 0;
    for (uint32_t i = 0; i < b->spot_count; i++) {
        struct wev_words w = {.n = 0};
        if (b->spots[i].header != WEV_H_COUNT || ++n != k) { continue; }
        if (b->spots[i].n > sizeof(w.p)) { return; }
        rendered(m, wev_mutator_text(m, &b->spots[i]), &w);
        wev_room_put(m, (struct wev_span){w.p, w.n});
        return;
    }
}

// An insert that no value fills is written as it stands: one of the message's own numbers, or one
// at which counting ends.
static uint64_t number_of_insert(struct wev_mutator *m, size_t fields)
{
    switch (wev_mutator_draw(m, 6)) {
    case 0: return 0;
    case 1: return fields + 1;
    case 2: return 99 + wev_mutator_draw(m, 2); // FormatMessage takes 1 to 99
    case 3: return wev_mutator_lex_edge(m);
    default: return 1 + wev_mutator_draw(m, fields + 1);
    }
}

static void put_message(struct wev_mutator *m, const struct wev_event_def *def, size_t skip,
                        size_t wrong)
{
    struct wev_span s = def->message;
    size_t inserts = 0;
    for (size_t k = 0, from = 0; k <= s.n; k++) {
        if (k < s.n && s.p[k] != '%') { continue; }
        put_escaped(m, between(s, from, k));
        if (k >= s.n) { return; }
        size_t to = k + 1;
        uint64_t number = 0;
        while (to < s.n && to < k + 3 && s.p[to] >= '0' && s.p[to] <= '9') {
            number = number * 10 + (uint64_t)(s.p[to++] - '0');
        }
        if (to > k + 1) {
            inserts++;
            struct wev_words w = {.n = 0};
            wev_words_byte(&w, '%');
            wev_words_u64(&w, number_of_insert(m, def->body->field_count));
            if (inserts == wrong) {
                wev_room_put(m, (struct wev_span){w.p, w.n});
            } else if (inserts != skip) {
                put_insert(m, number);
            }
        } else if (to < s.n) {
            char c = s.p[to++];
            wev_room_put(m, c == 'n'   ? WEV_SPAN("\r\n")
                            : c == 't' ? WEV_SPAN("\t")
                            : c == '%' ? WEV_SPAN("%")
                                       : between(s, k, to));
        }
        from = to;
        k = to - 1;
    }
}

// A RenderingInfo whose message is the schema's, filled from this document's Data: right, or with
// one insert left out or unfilled.
static bool message_made(struct wev_mutator *m)
{
    const struct wev_doc *d = wev_break_doc(m->b);
    const struct wev_event_def *def = m->b->def;
    if (d->event == WEV_DOC_NONE || !def || !def->message.n || !wev_room_begin(m)) { return false; }
    wev_break_header(m->b, WEV_H_PROVIDER); // lists the spots
    size_t fields = def->body->field_count, kind = wev_mutator_draw(m, 3),
           which = 1 + wev_mutator_draw(m, fields + 1);
    wev_room_put(m, WEV_SPAN("<RenderingInfo Culture='en-US'><Message>"));
    put_message(m, def, kind == 1 ? which : 0, kind == 2 ? which : 0);
    wev_room_put(m, WEV_SPAN("</Message></RenderingInfo>"));
    if (m->room_n > sizeof(m->room)) { return false; }
    struct wev_span text = {m->room, m->room_n};
    if (d->rendering == WEV_DOC_NONE) {
        return wev_break_edit(m->b, d->elements[d->event].tail, 0, text);
    }
    const struct wev_element *e = &d->elements[d->rendering];
    return wev_break_edit(m->b, e->at, e->end - e->at, text);
}

const struct wev_mutator_op wev_mutator_message_ops[] = {{"message-line", 20, message_line},
                                                         {"message-value", 20, message_value},
                                                         {"message-made", 12, message_made}};
const size_t wev_mutator_message_op_count = WEV_COUNT(wev_mutator_message_ops);
