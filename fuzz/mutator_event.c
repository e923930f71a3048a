// Operations that know what an event is: classes of breaks, the profile's rules, other events and versions of the schema.
#include "fuzz/mutator_run.h"

#include "gen/out.h"
#include "schema/profile.h"

#include <string.h>

static const struct wev_span nothing = {"", 0};

// ---- fresh events

static const struct wev_plan_event *event_of(struct wev_mutator *m, const struct wev_event_def *def)
{
    const struct wev_plan *plan = m->made->plan;
    for (uint32_t g = 0; g < plan->group_count && def; g++) {
        for (uint32_t k = 0; k < plan->groups[g].event_count; k++) {
            if (plan->groups[g].events[k].def == def) { return &plan->groups[g].events[k]; }
        }
    }
    const struct wev_plan_group *group = &plan->groups[wev_mutator_draw(m, plan->group_count)];
    return &group->events[wev_mutator_draw(m, group->event_count)];
}

const struct wev_source_doc *wev_mutator_donor(struct wev_mutator *m, const struct wev_event_def *def)
{
    struct wev_source_doc *o = &m->donor;
    const struct wev_plan_event *e = event_of(m, def);
    wev_values_as(m->st, e, wev_mutator_draw(m, 1u << 24));
    size_t n = e->skeleton ? wev_out_marked(m->st, m->donor_text, sizeof(m->donor_text), m->b->marks) : wev_out_made(m->st,
        m->donor_text, sizeof(m->donor_text));
    if (n > sizeof(m->donor_text)) { return NULL; }
    o->doc.elements = o->elements;
    o->doc.cap = WEV_MUTATOR_ELEMENTS;
    const struct wev_skeleton *s = e->skeleton;
    if (s && s->doc.count <= WEV_MUTATOR_ELEMENTS && s->spot_count <= WEV_MUTATOR_SPOTS) {
        wev_skeleton_doc(s, m->b->marks, m->donor_text, n, &o->doc);
        o->spot_count = wev_skeleton_spots(s, m->b->marks, o->spots);
    } else {
        wev_doc_scan(&o->doc, m->donor_text, n);
        o->spot_count = (uint32_t)wev_doc_spots(&o->doc, e->def, o->spots, WEV_MUTATOR_SPOTS);
    }
    return o;
}

// An edit that outlives the donor, which the next one overwrites.
static bool keep(struct wev_mutator *m, size_t at, size_t cut, struct wev_span text)
{
    struct wev_span copy = wev_break_compose(m->b, &text, 1);
    return copy.p && wev_break_edit(m->b, at, cut, copy);
}

static struct wev_span of(const struct wev_source_doc *o, uint32_t element)
{
    const struct wev_element *e = &o->doc.elements[element];
    return (struct wev_span){o->doc.p + e->at, e->end - e->at};
}

// ---- classes of breaks

static bool class(struct wev_mutator *m)
{
    const struct wev_class *c = wev_class_at(wev_mutator_draw(m, wev_class_count()));
    if (!c->weight && !wev_mutator_chance(m, m->cap < 1 << 16 ? 16 : 4)) { return false; } // the huge ones
    m->b->class = c;
    if (!c->apply(m->b)) { return false; }
    m->class = c;
    return true;
}

// ---- rules: several fields together, as the profile ties them or against it

static const struct wev_spot *spot_of(struct wev_mutator *m, const struct wev_ref *r)
{
    if (r->kind == WEV_R_HEADER) { return wev_break_header(m->b, (enum wev_header)r->slot); }
    if (r->kind != WEV_R_FIELD || r->slot >= m->b->def->body->field_count) { return NULL; }
    return wev_break_field(m->b, m->b->def->body->fields[r->slot].name);
}

// The text of `*` and `?` filled with something.
static void fill_pattern(struct wev_words *w)
{
    struct wev_words filled = {.n = 0};
    for (size_t k = 0; k < w->n; k++) {
        if (w->p[k] == '*') { wev_words_text(&filled, "x1"); } else { wev_words_byte(&filled, w->p[k] == '?' ? 'x' : w->p[k]); }
    }
    *w = filled;
}

// A value by which the comparison holds (or, hold false, does not); of a range the edge.
static bool satisfy(struct wev_mutator *m, const struct wev_cond *c, bool hold, const struct wev_spot *s, struct wev_words *w)
{
    static const uint8_t opposite[] = {WEV_OP_NE, WEV_OP_EQ, WEV_OP_GE, WEV_OP_GT, WEV_OP_LE, WEV_OP_LT, WEV_OP_NOT_IN,
        WEV_OP_NOT_LIKE, WEV_OP_IN, WEV_OP_LIKE};
    uint8_t op = hold ? c->op : opposite[c->op];
    struct wev_words edge = {.n = 0};
    if (c->right_is_ref) {
        const struct wev_spot *r = spot_of(m, &c->right);
        if (!r) { return false; }
        wev_words_put(&edge, wev_mutator_text(m, r));
    } else {
        if (!c->value_count) { return false; }
        char text[WEV_MUTATOR_WORDS];
        size_t n = wev_out_value(&c->values[wev_mutator_draw(m, c->value_count)], s->lex, text, sizeof(text));
        if (n > sizeof(text)) { return false; }
        wev_words_put(&edge, (struct wev_span){text, n});
    }
    if (op == WEV_OP_LIKE || op == WEV_OP_NOT_LIKE) { fill_pattern(&edge); }
    bool equal = op == WEV_OP_EQ || op == WEV_OP_IN || op == WEV_OP_LIKE || ((op == WEV_OP_LE || op == WEV_OP_GE) &&
        wev_mutator_chance(m, 2));
    if (equal) {
        *w = edge;
        return true;
    }
    if (wev_mutator_chance(m, 2) && wev_mutator_lex_near(m, (struct wev_span){edge.p, edge.n}, w)) { return true; }
    w->n = 0;
    return wev_mutator_other_value(m, s, w);
}

static bool set_all(struct wev_mutator *m, const struct wev_cond *c, size_t count, bool hold)
{
    size_t wrong = hold || !count ? SIZE_MAX : wev_mutator_draw(m, count);
    bool changed = false;
    for (size_t k = 0; k < count; k++) {
        const struct wev_spot *s = spot_of(m, &c[k].left);
        struct wev_words w = {.n = 0};
        if (s && satisfy(m, &c[k], k != wrong, s, &w)) { changed |= wev_mutator_set(m, s, (struct wev_span){w.p, w.n}); }
    }
    return changed;
}

static bool rule(struct wev_mutator *m)
{
    const struct wev_event_profile *p = m->b->def ? m->b->def->profile : NULL;
    if (!p || !p->rule_count) { return false; }
    const struct wev_rule *r = &p->rules[wev_mutator_draw(m, p->rule_count)];
    bool when = !wev_mutator_chance(m, 3), then = wev_mutator_chance(m, 2);
    bool changed = set_all(m, r->when, r->when_count, when);
    changed |= when ? set_all(m, r->then, r->then_count, then) : set_all(m, r->otherwise, r->otherwise_count, then);
    return changed;
}

// A value goes along a rule to a field on its other side: from the condition to the consequence, or back, or both exchange.
static bool along(struct wev_mutator *m, const struct wev_rule *r)
{
    const struct wev_cond *of = r->then_count && wev_mutator_chance(m, 2) ? &r->then[wev_mutator_draw(m, r->then_count)]
                                : r->when_count                           ? &r->when[wev_mutator_draw(m, r->when_count)] : NULL;
    const struct wev_cond *to = r->then_count ? &r->then[wev_mutator_draw(m, r->then_count)] : NULL;
    if (!of) { of = to; }
    const struct wev_spot *a = of ? spot_of(m, &of->left) : NULL;
    const struct wev_spot *b = of && of->right_is_ref && wev_mutator_chance(m, 2) ? spot_of(m, &of->right) : to ? spot_of(m, &to->left) : NULL;
    if (!a || !b || a == b) { return false; }
    bool there = wev_mutator_set(m, b, wev_mutator_text(m, a));
    return wev_mutator_chance(m, 3) ? wev_mutator_set(m, a, wev_mutator_text(m, b)) && there : there;
}

// What a rule ties, from its consequence back: the consequence holds without the condition, or that of the other case with it.
static bool rule_back(struct wev_mutator *m)
{
    const struct wev_event_profile *p = m->b->def ? m->b->def->profile : NULL;
    if (!p || !p->rule_count) { return false; }
    const struct wev_rule *r = &p->rules[wev_mutator_draw(m, p->rule_count)];
    bool with = wev_mutator_chance(m, 2);
    if (wev_mutator_chance(m, 3)) { return along(m, r); }
    bool changed = with ? set_all(m, r->otherwise, r->otherwise_count, true) : set_all(m, r->then, r->then_count, true);
    return set_all(m, r->when, r->when_count, with) || changed;
}

// The header and the fields of a fresh event of the same kind: all, or some of them, so that what belongs together parts.
static bool fields(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_donor(m, m->b->def);
    if (!o || !m->b->def) { return false; }
    bool changed = false;
    size_t share = 1 + wev_mutator_draw(m, 4);
    wev_break_header(m->b, WEV_H_PROVIDER);
    for (uint32_t k = 0; k < o->spot_count; k++) {
        const struct wev_spot *to = o->spots[k].header != WEV_H_COUNT ? wev_break_header(m->b,
            (enum wev_header)o->spots[k].header)
                                    : o->spots[k].field               ? wev_break_field(m->b, o->spots[k].field->name) : NULL;
        if (!to || wev_mutator_draw(m, 5) >= share) { continue; }
        changed |= wev_mutator_set(m, to, (struct wev_span){o->doc.p + o->spots[k].at, o->spots[k].n});
    }
    return changed;
}

// ---- other events and versions

static bool set_number(struct wev_mutator *m, enum wev_header h, uint64_t v)
{
    struct wev_words w = {.n = 0};
    const struct wev_spot *s = wev_break_header(m->b, h);
    wev_words_u64(&w, v);
    return s && wev_mutator_set(m, s, (struct wev_span){w.p, w.n});
}

// Another event or version: in the header alone, with the body, or the body alone.
static bool event_switch(struct wev_mutator *m)
{
    const struct wev_schema *schema = m->schema;
    const struct wev_event_def *def = &schema->events[wev_mutator_draw(m, schema->event_count)], *old = m->b->def;
    const struct wev_doc *d = wev_break_doc(m->b);
    size_t kind = wev_mutator_draw(m, 6);
    bool changed = false;
    if (old && wev_mutator_chance(m, 2)) { // the same event's versions
        for (size_t k = 0; k < schema->event_count; k++) {
            const struct wev_event_def *o = &schema->events[k];
            if (o != old && o->id == old->id && o->provider == old->provider) { def = o; }
        }
    }
    if (kind == 0) { return set_number(m, WEV_H_VERSION, wev_mutator_chance(m, 2) ? wev_mutator_draw(m,
        4) : wev_mutator_lex_edge(m)); }
    if (kind < 5) {
        changed |= set_number(m, WEV_H_EVENT_ID, def->id);
        if (kind > 1) { changed |= set_number(m, WEV_H_VERSION, def->version); }
        if (kind > 2) { changed |= set_number(m, WEV_H_TASK, def->task); }
    }
    if (kind > 3) {
        const struct wev_source_doc *o = wev_mutator_donor(m, def);
        if (!o || d->body == WEV_DOC_NONE || o->doc.body == WEV_DOC_NONE) { return changed; }
        changed |= keep(m, d->elements[d->body].at, d->elements[d->body].end - d->elements[d->body].at, of(o, o->doc.body));
    }
    return changed;
}

// Elements of a fresh event put in: one, or its System or body as a whole.
static bool insert(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_donor(m, wev_mutator_chance(m, 2) ? NULL : m->b->def);
    const struct wev_doc *d = wev_break_doc(m->b);
    if (!o || !o->doc.count || !d->count) { return false; }
    const struct wev_element *to = &d->elements[wev_mutator_draw(m, d->count)];
    uint32_t k = (uint32_t)wev_mutator_draw(m, o->doc.count);
    if (to->parent == WEV_DOC_NONE && wev_mutator_chance(m, 2)) { return keep(m, to->end, 0, of(o, k)); }
    if (to->parent != WEV_DOC_NONE && wev_mutator_chance(m, 4)) { return keep(m, to->at, to->end - to->at, of(o, k)); }
    return keep(m, wev_mutator_chance(m, 2) ? to->at : to->end, 0, of(o, k));
}

// A whole new event, alone or beside what is there.
static bool fresh(struct wev_mutator *m)
{
    const struct wev_source_doc *o = wev_mutator_donor(m, wev_mutator_chance(m, 3) ? m->b->def : NULL);
    if (!o) { return false; }
    struct wev_span text = {o->doc.p, o->doc.n};
    switch (m->b->size ? wev_mutator_draw(m, 4) : 0) {
    case 0: case 1: return keep(m, 0, m->b->size, text);
    case 2: return keep(m, m->b->size, 0, text);
    default: return keep(m, 0, 0, text);
    }
}

static bool wrap(struct wev_mutator *m)
{
    static const char *const rows[][2] = {
        {"<Events>", "</Events>"}, {"<Events xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>", "</Events>"},
        {"<?xml version=\"1.0\"?>", ""}, {"<?xml version='1.0' encoding='UTF-8'?>\r\n", "\r\n"},
        {"<13>Mar  4 08:00:02 host.local MSWinEventLog ", ""}, {"<14>1 2024-03-04T08:00:02Z host app - - - ", "\n"},
        {"- ", ""}, {"{\"event\":\"", "\"}"}, {"<![CDATA[", "]]>"}, {"\xef\xbb\xbf", ""}, {" ", " "},
        {"\n", "\n"}, {"", "\n\n"}, {"", " x"}, {"", "<a/>"}, {"x", ""}, {"<!---->", ""}, {"", "<!---->"},
        {"<?a b?>", "<?c d?>"}, {"<!DOCTYPE Event>", ""}, {"<Event>", "</Event>"}, {"<?xml version='1.1'?>", ""},
        {"&lt;", "&gt;"}, {"", "]]>"}, {"\"", "\""}};
    size_t row = wev_mutator_draw(m, WEV_COUNT(rows));
    return wev_break_edit(m->b, 0, 0, wev_span_of(rows[row][0])) && wev_break_edit(m->b, m->b->size, 0,
        wev_span_of(rows[row][1]));
}

static bool rendering(struct wev_mutator *m)
{
    static const char *const rows[] = {
        "<RenderingInfo Culture='en-US'><Message>x</Message><Level>Information</Level><Task>Other</Task><Opcode>Info</Opcode><Provider>p</Provider><Keywords><Keyword>Audit Success</Keyword></Keywords></RenderingInfo>",
        "<RenderingInfo><Message></Message></RenderingInfo>", "<RenderingInfo Culture=''/>",
        "<UserData><x xmlns='urn:x'><y>1</y></x></UserData>", "<EventData/>", "<EventData></EventData>",
        "<ProcessingErrorData><ErrorCode>15005</ErrorCode><DataItemName>x</DataItemName><EventPayload>00</EventPayload></ProcessingErrorData>", "<BinaryEventData>00</BinaryEventData>",
        "<DebugData><SequenceNumber>1</SequenceNumber></DebugData>", "<EventData><Data>x</Data></EventData>",
        "<EventData><Data>a</Data><Data>b</Data><Binary>00FF</Binary></EventData>"};
    const struct wev_doc *d = wev_break_doc(m->b);
    if (d->event == WEV_DOC_NONE) { return false; }
    size_t at = wev_mutator_chance(m, 3) ? d->elements[d->event].head_end : d->elements[d->event].tail;
    if (d->body != WEV_DOC_NONE && wev_mutator_chance(m, 3)) {
        const struct wev_element *body = &d->elements[d->body];
        return wev_break_edit(m->b, body->at, body->end - body->at, wev_span_of(rows[wev_mutator_draw(m, WEV_COUNT(rows))]));
    }
    return wev_break_edit(m->b, at, 0, wev_span_of(rows[wev_mutator_draw(m, WEV_COUNT(rows))]));
}

// The document ends or begins early: within a value, a tag, anywhere.
static bool truncate(struct wev_mutator *m)
{
    static const char *const ends[] = {"&", "&#", "&#x", "&#6", "&am", "&amp", "<", "</", "<D", "</D", "<!", "<!-", "<!--",
        "<!--x--", "<?", "<![CDATA[", "<![CDATA[x]]",
        "<a b", "<a b=", "<a b='", "<a b='&", "\xe2", "\xf0\x9f", "%", "\\", "<a/", "</a", "]]", "'", "0x"};
    size_t n = m->b->size;
    if (n < 2) { return false; }
    size_t at = 1 + wev_mutator_draw(m, n - 1);
    if (wev_mutator_chance(m, 2)) { // in the middle of something
        return wev_break_edit(m->b, at, n - at, wev_span_of(ends[wev_mutator_draw(m, WEV_COUNT(ends))]));
    }
    return wev_mutator_chance(m, 4) ? wev_break_edit(m->b, 0, at, nothing) : wev_break_edit(m->b, at, n - at, nothing);
}

const struct wev_mutator_op wev_mutator_event_ops[] = {
    {"event-class", 110, class}, {"event-rule", 40, rule}, {"event-rule-back", 25, rule_back}, {"event-fields", 25, fields},
    {"event-switch", 30, event_switch}, {"event-insert", 30, insert}, {"event-fresh", 10, fresh},
    {"event-wrap", 20, wrap}, {"event-rendering", 15, rendering}, {"event-truncate", 14, truncate},
};
const size_t wev_mutator_event_op_count = WEV_COUNT(wev_mutator_event_ops);
