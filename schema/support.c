// Matches values against generators, the other way round from gen/values.c and without its code. Must not
// know how a value is drawn, only which ones can be.
#include "schema/support.h"

#include "schema/support_shape.h"
#include "schema/types.h"

#include <string.h>

enum {
    STEPS_MAX = 400000, // nodes visited for one value: what needs more is taken as not matching
    PARSED_MAX = 512,   // longest text of a value that is not text
};

struct match {
    const struct wev_event_def *def;
    const struct wev_event *event;
    uint32_t steps;
    bool nocase; // the text was folded after it was made
    bool closed; // names of the user's own world do not count
};

// Where a generator stands, for references that start there.
struct scope {
    const struct wev_entity *entity;
    const struct wev_record *record;
};

enum truth { NO, MAYBE, YES };

static bool gives(struct match *m, const struct wev_node *n, struct scope s, const struct wev_value *v);
static bool gives_text(struct match *m, const struct wev_node *n, struct scope s, struct wev_span text);

static bool is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING;
}

static bool is_signed(uint8_t type)
{
    return wev_type_rows[type - 1].lex == WEV_L_INT;
}

static struct wev_span text_of(const struct wev_value *v)
{
    return (struct wev_span){v->is.text, v->n};
}

static struct wev_value text_value(struct wev_span s)
{
    return (struct wev_value){.type = WEV_T_UNICODE_STRING, .n = (uint32_t)s.n, .is.text = s.p};
}

static bool same_text(const struct match *m, struct wev_span a, struct wev_span b)
{
    return m->nocase ? wev_span_eq_nocase(a, b) : wev_span_eq(a, b);
}

static bool same(const struct match *m, const struct wev_value *a, const struct wev_value *b)
{
    if (is_text(a->type) && is_text(b->type)) { return same_text(m, text_of(a), text_of(b)); }
    struct wev_value x = *a;
    x.type = b->type; // a reference may change the width of a number
    return is_text(a->type) == is_text(b->type) && wev_types_equal(&x, b);
}

// ---- the event's own values

// NULL: the event does not show it.
static const struct wev_value *shown(const struct match *m, const struct wev_ref *r)
{
    const struct wev_value *v = NULL;
    if (r->kind == WEV_R_FIELD && m->def->body->flat && r->slot < m->event->value_count) { v = &m->event->value[r->slot]; }
    if (r->kind == WEV_R_HEADER) { v = &m->event->header[r->slot]; }
    return v && v->type != WEV_T_NULL && !(v->flags & WEV_F_ABSENT) ? v : NULL;
}

static int order(const struct wev_value *a, const struct wev_value *b)
{
    if (is_text(a->type) && is_text(b->type)) {
        size_t n = a->n < b->n ? a->n : b->n;
        int d = n ? memcmp(a->is.text, b->is.text, n) : 0;
        return d ? d : (a->n > b->n) - (a->n < b->n);
    }
    if (a->type == WEV_T_SID || a->type == WEV_T_GUID) { return !wev_types_equal(a, b); }
    if (is_signed(a->type)) { return (a->is.i > b->is.i) - (a->is.i < b->is.i); }
    return (a->is.u > b->is.u) - (a->is.u < b->is.u);
}

static bool compare(enum wev_op op, const struct wev_value *a, const struct wev_value *b)
{
    switch (op) {
    case WEV_OP_EQ: case WEV_OP_IN: return order(a, b) == 0;
    case WEV_OP_NE: case WEV_OP_NOT_IN: return order(a, b) != 0;
    case WEV_OP_LT: return order(a, b) < 0;
    case WEV_OP_LE: return order(a, b) <= 0;
    case WEV_OP_GT: return order(a, b) > 0;
    case WEV_OP_GE: return order(a, b) >= 0;
    case WEV_OP_LIKE: return wev_shape_like(text_of(a), text_of(b));
    case WEV_OP_NOT_LIKE: return !wev_shape_like(text_of(a), text_of(b));
    }
    return false;
}

static enum truth holds(const struct match *m, const struct wev_cond *c)
{
    const struct wev_value *left = shown(m, &c->left), *right = c->right_is_ref ? shown(m, &c->right) : c->values;
    if (!left || !right) { return MAYBE; }
    enum wev_op op = (enum wev_op)c->op;
    uint32_t count = c->right_is_ref ? 1 : c->value_count;
    bool all = op == WEV_OP_NOT_IN; // one miss decides; else one hit does
    for (uint32_t k = 0; k < count; k++) {
        if (compare(op, left, &right[k]) != all) { return all ? NO : YES; }
    }
    return all ? YES : NO;
}

// ---- references

// The entity that the hops of a reference end in; NULL: it has none.
static const struct wev_entity *follow(const struct match *m, const struct wev_ref *r, struct scope s)
{
    const struct wev_event_profile *p = m->def->profile;
    const struct wev_entity *at = r->from ? s.entity : NULL;
    for (unsigned k = 0; k < r->hop_count; k++) {
        uint16_t hop = r->hop[k];
        const struct wev_link *l = at ? &at->links[hop]
            : hop < p->link_count ? &p->links[hop] : &s.record->links[hop - p->link_count];
        at = &p->world->entities[l->entity];
    }
    return at;
}

static bool attr_gives(struct match *m, const struct wev_attr *a, struct scope s, const struct wev_value *v)
{
    bool own = a->open && !m->closed;
    if (own && !is_text(v->type)) { return true; }
    if (own && v->n > 0 && (!a->like.p || wev_shape_like_any(text_of(v), a->like))) { return true; }
    return gives(m, a->node, s, v);
}

static bool record_gives(struct match *m, const struct wev_record *record, uint16_t slot, const struct wev_value *v)
{
    return attr_gives(m, &record->attrs[slot], (struct scope){NULL, record}, v);
}

// Whether the record gives what the event shows of it besides `slot`: fields that are an attribute of that let and no more.
static bool is_beside(struct match *m, const struct wev_ref *r, const struct wev_record *record)
{
    for (uint32_t k = 0; m->def->body->flat && k < m->def->body->field_count && k < m->event->value_count; k++) {
        const struct wev_node *n = m->def->profile->fields[k];
        const struct wev_value *v = &m->event->value[k];
        bool tied = n->gen == WEV_G_REF && n->ref.kind == WEV_R_RECORD && n->ref.let == r->let && n->ref.slot != r->slot;
        if (!tied || v->type == WEV_T_NULL || is_text(v->type) != is_text(n->ref.type)) { continue; }
        struct wev_value x = *v;
        x.type = n->ref.type;
        if (!record_gives(m, record, n->ref.slot, &x)) { return false; }
    }
    return true;
}

// A name of the user's own counts only where the record that it stands in gives the other fields, too.
static bool let_gives(struct match *m, const struct wev_ref *r, const struct wev_value *v)
{
    const struct wev_let *let = &m->def->profile->lets[r->let];
    bool closed = m->closed, found = false;
    for (uint32_t k = 0; k < let->record_count && !found; k++) {
        m->closed = true;
        found = record_gives(m, &let->records[k], r->slot, v);
        m->closed = closed;
        found = found || (!closed && record_gives(m, &let->records[k], r->slot, v) && is_beside(m, r, &let->records[k]));
    }
    return found;
}

// v is of the reference's own type.
static bool source_gives(struct match *m, const struct wev_ref *r, struct scope s, const struct wev_value *v)
{
    const struct wev_value *other = shown(m, r);
    switch ((enum wev_ref_kind)r->kind) {
    case WEV_R_FIELD: case WEV_R_HEADER: return !other || same(m, v, other);
    case WEV_R_INDEX: case WEV_R_ORDINAL: case WEV_R_UNIT: case WEV_R_MOMENT: case WEV_R_PERSON: case WEV_R_RUN: return true;
    case WEV_R_ATTR: {
        const struct wev_entity *e = follow(m, r, s);
        return attr_gives(m, &e->attrs[r->slot], (struct scope){e, NULL}, v);
    }
    case WEV_R_RECORD: return let_gives(m, r, v);
    }
    return false;
}

// ---- text of values that are not text

static void upper_copy(char *to, struct wev_span s)
{
    for (size_t k = 0; k < s.n; k++) { to[k] = s.p[k] >= 'a' && s.p[k] <= 'z' ? (char)(s.p[k] & ~0x20) : s.p[k]; }
}

// The exact spelling of a value of `type` as a pattern writes it. `room` holds what *v points to.
static bool parse(const struct match *m, uint8_t type, struct wev_span s, struct wev_types_room *room, struct wev_value *v)
{
    char text[PARSED_MAX + 2];
    size_t at;
    uint8_t lex = wev_type_rows[type - 1].lex;
    if (s.n == 0 || s.n > PARSED_MAX) { return false; }
    if (type == WEV_T_GUID) { // written bare in a pattern
        text[0] = '{';
        memcpy(text + 1, s.p, s.n);
        text[s.n + 1] = '}';
        s = (struct wev_span){text, s.n + 2};
    } else if (m->nocase && (lex == WEV_L_SID || lex == WEV_L_TIME)) {
        upper_copy(text, s);
        s.p = text;
    }
    enum wev_verdict code = wev_types_parse(type, lex, s, room, v, &at);
    return code == WEV_V_OK || (m->nocase && wev_verdict_rows[code].verdict == 'i');
}

// Zeros up to the width are the pattern's; more or fewer digits than it would write do not match.
static bool cut_zeros(struct wev_span *s, uint8_t width)
{
    if (s->n < width) { return false; }
    if (s->n > width) { return s->p[0] != '0'; }
    while (s->n > 1 && s->p[0] == '0') {
        s->p++;
        s->n--;
    }
    return true;
}

// A text from a generator of another type.
static bool spelled_by(struct match *m, const struct wev_node *n, struct scope s, struct wev_span text)
{
    uint8_t bytes[PARSED_MAX];
    struct wev_types_room room = {.bin = bytes, .bin_cap = sizeof(bytes)};
    struct wev_value v;
    if (n->width && !cut_zeros(&text, n->width)) { return false; }
    return parse(m, n->type, text, &room, &v) && gives(m, n, s, &v);
}

static bool ref_gives(struct match *m, const struct wev_ref *r, struct scope s, const struct wev_value *v)
{
    if (is_text(v->type) == is_text(r->type)) {
        struct wev_value x = *v;
        x.type = r->type;
        return source_gives(m, r, s, &x);
    }
    uint8_t bytes[PARSED_MAX];
    struct wev_types_room room = {.bin = bytes, .bin_cap = sizeof(bytes)};
    struct wev_value x;
    return is_text(v->type) && parse(m, r->type, text_of(v), &room, &x) && source_gives(m, r, s, &x);
}

// ---- patterns

static bool is_folded(struct wev_span s, uint8_t fold)
{
    for (size_t k = 0; k < s.n; k++) {
        char c = s.p[k];
        if (fold == WEV_FOLD_LOWER ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z') { return false; }
    }
    return true;
}

static bool kid_gives(struct match *m, const struct wev_node *n, struct scope s, struct wev_span text)
{
    bool before = m->nocase;
    if (n->fold != WEV_FOLD_NONE && !before && !is_folded(text, n->fold)) { return false; }
    if (n->fold != WEV_FOLD_NONE) { m->nocase = true; }
    bool found = is_text(n->type) ? gives_text(m, n, s, text) : spelled_by(m, n, s, text);
    m->nocase = before;
    return found;
}

// Looks one kid ahead, which is cheaper than to try this one.
static bool may_start(const struct match *m, const struct wev_node *n, struct wev_span text)
{
    if (n->gen != WEV_G_VALUE || !is_text(n->type) || n->fold != WEV_FOLD_NONE) { return true; }
    return text.n >= n->value.n && same_text(m, (struct wev_span){text.p, n->value.n}, text_of(&n->value));
}

// Kid `k` takes every length that leaves the rest to the kids after it; the last one takes all.
static bool kids_give(struct match *m, const struct wev_node *n, struct scope s, uint32_t k, struct wev_span text)
{
    if (k == n->kid_count) { return text.n == 0; }
    const struct wev_node *kid = n->kids[k];
    size_t least = 0, most = text.n;
    if (k + 1 == n->kid_count) { least = text.n; }
    if (kid->gen == WEV_G_VALUE && is_text(kid->type)) {
        if (kid->value.n > text.n) { return false; }
        least = most = kid->value.n;
    }
    for (size_t take = least; take <= most && m->steps < STEPS_MAX; take++) {
        struct wev_span rest = {text.p + take, text.n - take};
        if (k + 1 < n->kid_count && !may_start(m, n->kids[k + 1], rest)) { continue; }
        if (kid_gives(m, kid, s, (struct wev_span){text.p, take}) && kids_give(m, n, s, k + 1, rest)) { return true; }
    }
    return false;
}

// ---- numbers and what is made of them

static bool range_gives(const struct wev_node *n, const struct wev_value *v)
{
    bool outside = is_signed(n->type) ? v->is.i < (int64_t)n->min || v->is.i > (int64_t)n->max : v->is.u < n->min || v->is.u > n->max;
    return !outside && (v->is.u - n->min) % (n->step ? n->step : 1) == 0;
}

static bool time_gives(const struct match *m, const struct wev_node *n, const struct wev_value *v)
{
    const struct wev_value *before = shown(m, &n->ref);
    if (!before) { return true; }
    if (n->plus_ref.type != WEV_T_NULL) { return v->is.u <= before->is.u; } // by how much it does not show
    return v->is.u <= before->is.u && before->is.u - v->is.u >= n->min && before->is.u - v->is.u <= n->max;
}

static bool sid_gives(struct match *m, const struct wev_node *n, struct scope s, const struct wev_value *v)
{
    const struct wev_sid *sid = v->is.sid;
    uint32_t own = n->wide ? 5 : n->random + n->kid_count; // which five a name has is not asked
    if (sid->count < own) { return false; }
    struct wev_sid base = {.authority = sid->authority, .count = sid->count - own};
    memcpy(base.sub, sid->sub, base.count * sizeof(base.sub[0]));
    struct wev_value parent = {.type = WEV_T_SID, .is.sid = &base};
    bool known = n->ref.type != WEV_T_NULL && !n->wide ? ref_gives(m, &n->ref, s, &parent) : wev_types_equal(&parent, &n->value);
    for (uint32_t k = 0; k < n->kid_count && known; k++) {
        struct wev_value sub = {.type = WEV_T_UINT32, .is.u = sid->sub[base.count + n->random + k]};
        known = gives(m, n->kids[k], s, &sub);
    }
    return known;
}

// The one value that would have given this result, where there is one.
static bool calc_gives(struct match *m, const struct wev_node *n, struct scope s, const struct wev_value *v)
{
    const struct wev_value *a = shown(m, &n->ref), *b = n->plus_ref.type != WEV_T_NULL ? shown(m, &n->plus_ref) : NULL;
    bool one = n->plus_ref.type == WEV_T_NULL;
    if (a && (one || b)) {
        uint64_t u = a->is.u * n->times + n->plus + (b ? b->is.u : 0);
        return v->is.u == (n->modulo ? u % n->modulo : u);
    }
    if (n->modulo) { return v->is.u < n->modulo; }
    if (!one || n->times == 0) { return v->is.u >= n->plus; }
    if (v->is.u < n->plus || (v->is.u - n->plus) % n->times != 0) { return false; }
    struct wev_value source = {.type = n->ref.type, .is.u = (v->is.u - n->plus) / n->times};
    return ref_gives(m, &n->ref, s, &source);
}

// ---- generators

// A weight of 0 is never drawn: its column keeps nothing and no other column leads to it.
static bool is_drawn(const struct wev_alias *alias, uint32_t count, uint32_t k)
{
    bool drawn = alias[k].keep > 0;
    for (uint32_t c = 0; c < count && !drawn; c++) { drawn = alias[c].other == k && alias[c].keep != UINT32_MAX; }
    return drawn;
}

static bool pool_gives(const struct match *m, const struct wev_node *n, const struct wev_value *v)
{
    for (uint32_t k = 0; k < n->value_count; k++) {
        if (same(m, v, &n->values[k]) && (n->unique || is_drawn(n->alias, n->value_count, k))) { return true; }
    }
    return false;
}

static bool choice_gives(struct match *m, const struct wev_node *n, struct scope s, const struct wev_value *v)
{
    for (uint32_t k = 0; k < n->kid_count; k++) {
        if (is_drawn(n->alias, n->kid_count, k) && gives(m, n->kids[k], s, v)) { return true; }
    }
    return false;
}

// A case that surely holds ends the search, as it ends the generator's.
static bool switch_gives(struct match *m, const struct wev_node *n, struct scope s, const struct wev_value *v)
{
    for (uint32_t k = 0; k < n->kid_count; k++) {
        enum truth all = YES;
        for (uint32_t c = 0; c < n->cases[k].cond_count; c++) {
            enum truth one = holds(m, &n->cases[k].conds[c]);
            all = one < all ? one : all;
        }
        if (all != NO && gives(m, n->kids[k], s, v)) { return true; }
        if (all == YES) { return false; }
    }
    return false;
}

static bool gives_text(struct match *m, const struct wev_node *n, struct scope s, struct wev_span text)
{
    struct wev_value v = text_value(text);
    return gives(m, n, s, &v);
}

static bool gives(struct match *m, const struct wev_node *n, struct scope s, const struct wev_value *v)
{
    if (m->steps++ >= STEPS_MAX) { return false; }
    bool absent = v->flags & WEV_F_ABSENT;
    if (absent && n->gen != WEV_G_ABSENT && n->gen != WEV_G_CHOICE && n->gen != WEV_G_SWITCH) { return false; }
    switch ((enum wev_gen)n->gen) {
    case WEV_G_AUTO: case WEV_G_SEQUENCE: case WEV_G_AMONG: case WEV_G_PERIOD: case WEV_G_SINCE: return true;
    case WEV_G_VALUE: return same(m, v, &n->value);
    case WEV_G_CHOICE: case WEV_G_SHARES: return choice_gives(m, n, s, v);
    case WEV_G_PINNED: return pool_gives(m, n, v) || gives(m, n->kids[0], s, v);
    case WEV_G_POOL: return pool_gives(m, n, v);
    case WEV_G_PATTERN: return is_text(v->type) && kids_give(m, n, s, 0, text_of(v));
    case WEV_G_INT: return range_gives(n, v);
    case WEV_G_TEXT: return wev_shape_chars(n, v, m->nocase);
    case WEV_G_GUID: return wev_shape_guid(n, v, m->nocase);
    case WEV_G_SID: return sid_gives(m, n, s, v);
    case WEV_G_TIME: return time_gives(m, n, v);
    case WEV_G_REF: return ref_gives(m, &n->ref, s, v);
    case WEV_G_SWITCH: return switch_gives(m, n, s, v);
    case WEV_G_CALC: return calc_gives(m, n, s, v);
    case WEV_G_CLOCK: return v->digits == n->digits;
    case WEV_G_KEYFILE: return wev_shape_keyfile(v, m->nocase);
    case WEV_G_ABSENT: return absent;
    case WEV_G_RECORD: break;
    }
    return false;
}

// ---- one value of an event

static bool manifest_gives(const struct wev_event_def *d, enum wev_header h, const struct wev_value *v)
{
    const struct wev_span *text = h == WEV_H_PROVIDER ? &d->provider->name : h == WEV_H_CHANNEL ? &d->channel : NULL;
    bool absent = v->flags & WEV_F_ABSENT;
    if (text) { return absent ? text->n == 0 : text->n > 0 && wev_span_eq(text_of(v), *text); }
    switch (h) {
    case WEV_H_GUID: return !absent && memcmp(v->is.guid, &d->provider->guid, sizeof(*v->is.guid)) == 0;
    case WEV_H_EVENT_ID: return !absent && v->is.u == d->id;
    case WEV_H_VERSION: return !absent && v->is.u == d->version;
    case WEV_H_LEVEL: return !absent && v->is.u == d->level;
    case WEV_H_TASK: return !absent && v->is.u == d->task;
    case WEV_H_OPCODE: return !absent && v->is.u == d->opcode;
    case WEV_H_KEYWORDS: return !absent && v->is.u == d->keywords;
    default: return absent;
    }
}

bool wev_support_field(const struct wev_event_def *def, size_t field, const struct wev_event *event, bool closed)
{
    if (!def->body->flat) { return true; }
    if (field >= event->value_count || event->value[field].type == WEV_T_NULL) { return false; }
    struct match m = {.def = def, .event = event, .closed = closed};
    return gives(&m, def->profile->fields[field], (struct scope){NULL, NULL}, &event->value[field]);
}

bool wev_support_header(const struct wev_event_def *def, enum wev_header h, const struct wev_event *event)
{
    const struct wev_node *n = def->profile->header[h];
    struct match m = {.def = def, .event = event};
    return n ? gives(&m, n, (struct scope){NULL, NULL}, &event->header[h]) : manifest_gives(def, h, &event->header[h]);
}
