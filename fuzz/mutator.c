// The mutator's core: reads an input, draws operations, applies their edits within the size that is allowed. Knows no
// engine and no operation by name.
#include "fuzz/mutator_run.h"

#include "gen/plan.h"
#include "schema/san.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRIES = 12,        // operations drawn until one has a place
    BYTES_ENGINE = 10, // one call in so many is the engine's own
    BYTES_OWN = 30,    // where the engine has stages of its own
    INPUT_MAX = 64 << 20,
};

static const struct {
    const struct wev_mutator_op *rows;
    const size_t *count;
} tables[] = {
    {wev_mutator_value_ops, &wev_mutator_value_op_count},
    {wev_mutator_parts_ops, &wev_mutator_parts_op_count},
    {wev_mutator_near_ops, &wev_mutator_near_op_count},
    {wev_mutator_message_ops, &wev_mutator_message_op_count},
    {wev_mutator_tree_ops, &wev_mutator_tree_op_count},
    {wev_mutator_event_ops, &wev_mutator_event_op_count},
    {wev_mutator_form_ops, &wev_mutator_form_op_count},
    {wev_mutator_cross_ops, &wev_mutator_cross_op_count}, // last: see draw_op
};

size_t wev_mutator_op_count(void)
{
    size_t n = 0;
    for (size_t k = 0; k < WEV_COUNT(tables); k++) { n += *tables[k].count; }
    return n;
}

static const struct wev_mutator_op *op_at(size_t k)
{
    size_t t = 0;
    while (k >= *tables[t].count) { k -= *tables[t++].count; }
    return &tables[t].rows[k];
}

const char *wev_mutator_op_name(size_t k)
{
    return op_at(k)->name;
}

// ---- making one

struct wev_mutator *wev_mutator_new(const struct wev_schema *schema, wev_mutator_bytes bytes, struct wev_error *error)
{
    const struct wev_config config = {.seed = 1, .events = "all", .format = "xml"};
    struct wev_mutator *m = calloc(1, sizeof(*m));
    *error = (struct wev_error){.code = WEV_E_MEMORY, .text = "out of memory for the mutator"};
    if (!m) { return NULL; }
    m->schema = schema;
    m->bytes = bytes;
    m->only = SIZE_MAX;
    assert(wev_mutator_op_count() <= WEV_COUNT(m->until));
    for (size_t k = 0; k < wev_mutator_op_count(); k++) { m->until[k] = (k ? m->until[k - 1] : 0) + op_at(k)->weight; }
    m->b = wev_break_new();
    m->st = malloc(sizeof(*m->st));
    if (m->b && m->st) { m->made = wev_options_new(schema, &config, error->text, sizeof(error->text)); }
    if (!m->made) {
        wev_mutator_free(m);
        return NULL;
    }
    m->b->schema = schema;
    m->b->skeleton = NULL;
    m->b->size = 0;
    wev_break_begin(m->b, 0);
    wev_values_init(m->st, m->made->plan, m->made->seed);
    return m;
}

void wev_mutator_free(struct wev_mutator *m)
{
    if (!m) { return; }
    if (m->b) { ASAN_UNPOISON_MEMORY_REGION(m->b->page, m->b->cap); }
    wev_options_free(m->made);
    wev_break_free(m->b);
    free(m->st);
    free(m);
}

void wev_mutator_only(struct wev_mutator *m, size_t k)
{
    m->only = k;
}

const struct wev_class *wev_mutator_class(const struct wev_mutator *m)
{
    return m->class;
}

const char *wev_mutator_describe(struct wev_mutator *m)
{
    size_t n = (size_t)snprintf(m->said, sizeof(m->said), "%s", m->log_n ? "" : "bytes");
    for (uint32_t k = 0; k < m->log_n && n < sizeof(m->said); k++) {
        n += (size_t)snprintf(m->said + n, sizeof(m->said) - n, "%s%s", k ? "," : "", op_at(m->log[k].op)->name);
    }
    return m->said;
}

// ---- reading an input

static uint8_t width_of(struct wev_span s)
{
    if (s.n < 4) { return WEV_NARROW; }
    const unsigned char *p = (const unsigned char *)s.p;
    if ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == '<' && !p[1])) { return WEV_UTF16_LE; }
    return (p[0] == 0xfe && p[1] == 0xff) || (!p[0] && p[1] == '<') ? WEV_UTF16_BE : WEV_NARROW;
}

// UTF-16 as UTF-8, each unit by itself, so that it goes back exactly, surrogates without their pair too.
static size_t narrow(char *to, struct wev_span s, uint8_t wide)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t n = 0;
    for (size_t k = 0; k + 1 < s.n; k += 2) {
        unsigned unit = wide == WEV_UTF16_LE ? p[k] | (unsigned)p[k + 1] << 8 : p[k + 1] | (unsigned)p[k] << 8;
        if (unit < 0x80) {
            to[n++] = (char)unit;
        } else if (unit < 0x800) {
            to[n++] = (char)(0xc0 | unit >> 6);
            to[n++] = (char)(0x80 | (unit & 63));
        } else {
            to[n++] = (char)(0xe0 | unit >> 12);
            to[n++] = (char)(0x80 | (unit >> 6 & 63));
            to[n++] = (char)(0x80 | (unit & 63));
        }
    }
    return n;
}

static struct wev_span text_of(const struct wev_doc *d, uint32_t k)
{
    const struct wev_element *e = &d->elements[k];
    return wev_span_trim((struct wev_span){d->p + e->head_end, e->tail - e->head_end});
}

// The event that the document says it is; some version of it when that version is unknown; NULL.
static const struct wev_event_def *def_of(const struct wev_schema *schema, const struct wev_doc *d)
{
    uint64_t id = 0, version = 0;
    struct wev_attribute a;
    struct wev_span provider = {NULL, 0};
    const struct wev_event_def *any = NULL;
    if (d->system == WEV_DOC_NONE) { return NULL; }
    for (uint32_t k = wev_doc_child(d, d->system, 0); k != WEV_DOC_NONE; k = wev_doc_child(d, d->system, k + 1)) {
        struct wev_span name = wev_doc_name(d, &d->elements[k]);
        if (wev_span_is(name, "Provider") && wev_doc_attribute(d, &d->elements[k], "Name",
            &a)) { provider = (struct wev_span){d->p + a.value, a.value_n}; }
        if (wev_span_is(name, "EventID") && !wev_span_u64(text_of(d, k), &id)) { id = UINT32_MAX; }
        if (wev_span_is(name, "Version") && !wev_span_u64(text_of(d, k), &version)) { version = UINT32_MAX; }
    }
    const struct wev_event_def *def = id < UINT32_MAX && version < UINT32_MAX ? wev_manifest_find(schema, provider, NULL,
        (uint32_t)id, (uint32_t)version, NULL) : NULL;
    for (size_t k = 0; !def && k < schema->event_count; k++) {
        if (schema->events[k].id == id && (!any || wev_span_eq(schema->events[k].provider->name,
            provider))) { any = &schema->events[k]; }
    }
    return def ? def : any;
}

// The same input as the last time keeps its parts. False: out of memory, or too large to look at.
static bool load(struct wev_mutator *m, struct wev_span input)
{
    struct wev_break *b = m->b;
    uint8_t wide = width_of(input);
    size_t odd = wide ? input.n & 1 : 0, n = input.n;
    bool same = !wide && !m->wide && b->scanned && b->size == n && !b->line_end && (!n || !memcmp(b->page, input.p, n));
    bool listed = same && b->listed;
    uint32_t spots = b->spot_count;
    ASAN_UNPOISON_MEMORY_REGION(b->page, b->cap);
    if (n > INPUT_MAX || !wev_break_room(b, (wide ? n + n / 2 : n) + 16)) { return false; }
    if (wide) { n = narrow(b->page, input, wide); } else if (n && !same) { memcpy(b->page, input.p, n); }
    b->page[n] = 0;
    wev_break_begin(b, n);
    b->size = n;
    b->line_end = 0;
    b->scanned = same;
    b->listed = listed;
    b->spot_count = listed ? spots : 0;
    b->wide = m->wide = wide;
    ASAN_POISON_MEMORY_REGION(b->page + n + 1, b->cap - n - 1);
    if (!same) { b->def = def_of(m->schema, wev_break_doc(b)); }
    if (!odd) { return true; }
    struct wev_span last = {input.p + input.n - 1, 1};
    return wev_break_raw(b, n, wev_break_compose(b, &last, 1));
}

// ---- drawing operations

static size_t draw_op(struct wev_mutator *m, size_t from, size_t to)
{
    size_t below = from ? m->until[from - 1] : 0, want = below + wev_mutator_draw(m, m->until[to - 1] - below), low = from,
        high = to - 1;
    while (low < high) { // the first whose `until` is above
        size_t mid = (low + high) / 2;
        if (m->until[mid] > want) { high = mid; } else { low = mid + 1; }
    }
    return low;
}

static void forget(struct wev_break *b, const struct wev_edit *kept, uint32_t count)
{
    memcpy(b->edits, kept, count * sizeof(kept[0]));
    b->edit_count = count;
}

// The edits that are nobody's are those of this operation.
static void note_op(struct wev_mutator *m, size_t op, bool whole, const struct wev_class *class)
{
    m->log[m->log_n].op = (uint8_t)op;
    m->log[m->log_n].class = class;
    m->log[m->log_n++].whole = whole;
    for (uint32_t k = 0; k < m->b->edit_count; k++) {
        if (!m->b->edits[k].by) { m->b->edits[k].by = (uint8_t)m->log_n; }
    }
}

// Operations from `first` on of which nothing is left are not told. whole: what was done to the document as a whole is left.
static void forget_ops(struct wev_mutator *m, uint32_t first, bool whole)
{
    uint32_t kept = first;
    for (uint32_t k = first; k < m->log_n; k++) {
        bool left = m->log[k].whole && whole;
        for (uint32_t e = 0; e < m->b->edit_count; e++) { left = left || m->b->edits[e].by == k + 1; }
        if (left) { m->log[kept++] = m->log[k]; }
    }
    m->log_n = kept;
    m->class = NULL;
    for (uint32_t k = 0; k < kept; k++) { m->class = m->log[k].class ? m->log[k].class : m->class; }
}

// One operation that has a place in the input. What a failed one did is undone.
static bool operate(struct wev_mutator *m, size_t from, size_t to)
{
    struct wev_break *b = m->b;
    struct wev_edit kept[WEV_EDITS_MAX];
    uint32_t count = b->edit_count, text_n = b->text_n;
    uint8_t wide = b->wide;
    size_t limit = b->limit;
    bool escaped = b->escaped;
    const struct wev_class *class = m->class;
    memcpy(kept, b->edits, count * sizeof(kept[0]));
    for (unsigned k = 0; k < TRIES; k++) {
        size_t op = m->only < wev_mutator_op_count() ? m->only : draw_op(m, from, to);
        if (op_at(op)->run(m)) {
            note_op(m, op, b->wide != wide || b->limit != limit || b->escaped != escaped, m->class != class ? m->class : NULL);
            return true;
        }
        forget(b, kept, count);
        b->text_n = text_n; // no edit that is left has its text behind this
        b->wide = wide;
        b->limit = limit;
        b->escaped = escaped;
        m->class = class;
    }
    return false;
}

// ---- applying them

static size_t growth(const struct wev_edit *e)
{
    size_t one = e->n + (e->numbered ? 8 : 0);
    return one && e->times > SIZE_MAX / 4 / one ? SIZE_MAX / 4 : one * e->times;
}

static size_t estimate(const struct wev_break *b)
{
    size_t n = b->size;
    for (uint32_t k = 0; k < b->edit_count; k++) {
        size_t more = growth(&b->edits[k]);
        n -= b->edits[k].cut;
        n = more > SIZE_MAX / 2 - n ? SIZE_MAX / 2 : n + more;
    }
    return n;
}

static void drop_largest(struct wev_break *b)
{
    uint32_t worst = 0;
    for (uint32_t k = 1; k < b->edit_count; k++) {
        if (growth(&b->edits[k]) > growth(&b->edits[worst])) { worst = k; }
    }
    memmove(b->edits + worst, b->edits + worst + 1, (b->edit_count - worst - 1) * sizeof(b->edits[0]));
    b->edit_count--;
}

// Edits that do not fit are left out, the largest first. Returns the size; cap + 1: even without any it does not fit.
static size_t apply(struct wev_mutator *m, uint8_t *out, size_t cap)
{
    struct wev_break *b = m->b;
    struct wev_broken broken;
    for (;;) {
        size_t most = cap < SIZE_MAX / 4 ? b->wide || b->limit != SIZE_MAX ? 4 * cap : cap : SIZE_MAX;
        while (b->edit_count && estimate(b) > most) { drop_largest(b); }
        size_t n = wev_break_apply(b, (char *)out, cap, &broken);
        if (n <= cap) { return n; }
        if (b->edit_count) {
            drop_largest(b);
        } else if (b->escaped || b->wide != m->wide || b->limit != SIZE_MAX) {
            b->escaped = false;
            b->wide = m->wide;
            b->limit = SIZE_MAX;
        } else {
            return cap + 1;
        }
    }
}

static size_t first_of(struct wev_span input, uint8_t *out, size_t cap)
{
    size_t n = input.n < cap ? input.n : cap;
    if (n) { memmove(out, input.p, n); }
    return n;
}

static size_t by_bytes(struct wev_mutator *m, struct wev_span input, uint8_t *out, size_t cap)
{
    size_t n = first_of(input, out, cap);
    m->log_n = 0;
    m->class = NULL;
    if (m->bytes && n) {
        size_t k = m->bytes(out, n, cap);
        return k < cap ? k : cap;
    }
    return wev_mutator_own_bytes(m, out, n, cap);
}

static bool whole_is_changed(const struct wev_mutator *m)
{
    return m->b->wide != m->wide || m->b->escaped || m->b->limit != SIZE_MAX;
}

// Operations on one reading of the input. SIZE_MAX: nothing came of it.
static size_t turn(struct wev_mutator *m, struct wev_span input, bool cross, uint8_t *out, size_t cap)
{
    size_t all = wev_mutator_op_count(), alone = all - wev_mutator_cross_op_count, n = SIZE_MAX;
    uint32_t draws = m->b->draws, first = m->log_n;
    const struct wev_break *b = m->b;
    if (!load(m, input)) { return SIZE_MAX; }
    m->b->draws = draws; // go on in the stream of the call
    for (uint32_t k = 0; k < b->edit_count; k++) { m->b->edits[k].by = UINT8_MAX; } // those of reading it
    bool done = cross && operate(m, alone, all);
    while ((!done || (m->only == SIZE_MAX && wev_mutator_draw(m, 5) < 2)) && m->log_n < WEV_MUTATOR_OPS) {
        if (!operate(m, 0, alone)) { break; }
        done = true;
    }
    if (done) {
        bool whole = whole_is_changed(m);
        n = apply(m, out, cap);
        forget_ops(m, first, whole && whole_is_changed(m));
    }
    bool same = n <= cap && !b->wide && !m->wide && n == b->size && !memcmp(out, b->page, n);
    if (same || n > cap) {
        m->b->edit_count = 0;
        forget_ops(m, first, false);
    }
    return m->log_n == first ? SIZE_MAX : n;
}

size_t wev_mutator_run(struct wev_mutator *m, struct wev_span input, struct wev_span other, uint64_t seed, uint8_t *out,
    size_t cap)
{
    m->b->choice = (struct wev_choice){.seed = seed};
    m->b->unit = 0;
    m->b->draws = 0;
    m->cap = cap;
    m->other_input = other;
    m->other_scanned = false;
    m->log_n = 0;
    m->class = NULL;
    if (cap == 0) { return 0; }
    if (m->only == SIZE_MAX && wev_mutator_chance(m, m->bytes ? BYTES_ENGINE : BYTES_OWN)) { return by_bytes(m, input, out,
        cap); }
    size_t rounds = wev_mutator_chance(m, 5) && m->only == SIZE_MAX ? 2 : 1, n = SIZE_MAX;
    uint64_t was = rounds > 1 ? XXH3_64bits(input.n ? input.p : "", input.n) : 0; // out may be the input's own place
    for (size_t k = 0; k < rounds; k++) { // the second reads what the first one wrote
        size_t made = turn(m, n == SIZE_MAX ? input : (struct wev_span){(const char *)out, n}, other.p && k == 0, out, cap);
        if (made == SIZE_MAX) { break; }
        n = made;
    }
    if (rounds > 1 && n == input.n && XXH3_64bits(out, n) == was) { return by_bytes(m, (struct wev_span){(const char *)out, n}, out, cap); }
    if (n == SIZE_MAX) { return m->only == SIZE_MAX ? by_bytes(m, input, out, cap) : first_of(input, out, cap); }
    return n;
}

// ---- trimming

size_t wev_mutator_elements(struct wev_mutator *m, struct wev_span input)
{
    if (width_of(input) || !load(m, input)) { return 0; }
    return m->b->doc.count;
}

bool wev_mutator_element(const struct wev_mutator *m, size_t k, size_t *at, size_t *end)
{
    const struct wev_doc *d = &m->b->doc;
    if (k >= d->count) { return false; }
    *at = d->elements[d->count - 1 - k].at;
    *end = d->elements[d->count - 1 - k].end;
    return *end > *at;
}
