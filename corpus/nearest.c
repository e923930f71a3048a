// The alternatives of a generator as texts, and which of them is nearest to a value. Draws nothing and decides nothing:
// schema/support.c says what fits.
#include "corpus/nearest.h"

#include "gen/out.h"
#include "schema/profile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_CAP = 240, DEPTH_MAX = 8, STEPS_MAX = 4000 };

struct text {
    char p[TEXT_CAP];
    size_t n;
};

struct search {
    const struct wev_event_profile *profile;
    struct wev_span value;
    struct text best;
    size_t best_score;
    unsigned steps;
};

// A generator in the scope of an entity or a record; the scope's attributes are found by reference.
struct at {
    const struct wev_node *node;
    const struct wev_entity *entity;
    const struct wev_record *record;
};

static void add(struct text *t, const char *p, size_t n)
{
    n = n < TEXT_CAP - 1 - t->n ? n : TEXT_CAP - 1 - t->n;
    memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = 0;
}

static void add_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_format(struct text *t, const char *format, ...)
{
    char part[TEXT_CAP];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(part, sizeof(part), format, list);
    va_end(list);
    if (n > 0) { add(t, part, (size_t)n < sizeof(part) ? (size_t)n : sizeof(part) - 1); }
}

static void add_value(struct text *t, const struct wev_value *v)
{
    char spelled[WEV_TEXT_VALUE_MAX];
    if (v->type == WEV_T_UNICODE_STRING || v->type == WEV_T_ANSI_STRING) {
        add(t, v->is.text, v->n);
    } else if (v->type == WEV_T_BINARY || v->type == WEV_T_FLOAT || v->type == WEV_T_DOUBLE) {
        add_format(t, "<%s>", wev_type_rows[v->type - 1].name);
    } else if (v->type != WEV_T_NULL) {
        add(t, spelled, (size_t)(wev_out_spell(spelled, v, wev_type_rows[v->type - 1].lex) - spelled));
    }
}

// ---- one generator in short, for a place inside a pattern

static bool follow(const struct search *s, const struct wev_ref *r, struct at from, struct at *out, struct wev_span *name)
{
    const struct wev_event_profile *p = s->profile;
    const struct wev_entity *e = r->from ? from.entity : NULL;
    for (unsigned k = 0; k < r->hop_count; k++) {
        const struct wev_link *l = e ? &e->links[r->hop[k]]
            : r->hop[k] < p->link_count ? &p->links[r->hop[k]]
            : from.record && r->hop[k] - p->link_count < from.record->link_count ? &from.record->links[r->hop[k] - p->link_count] : NULL;
        if (!l) { return false; }
        e = &p->world->entities[l->entity];
    }
    if (r->kind != WEV_R_ATTR || !e || r->slot >= e->attr_count) { return false; }
    *name = e->attrs[r->slot].name;
    *out = (struct at){e->attrs[r->slot].node, e, NULL};
    return true;
}

static void add_ref(struct search *s, struct text *t, const struct wev_ref *r, struct at from)
{
    struct at to;
    struct wev_span name;
    if (r->kind == WEV_R_RECORD) {
        const struct wev_let *l = &s->profile->lets[r->let];
        add_format(t, "<%.*s.%.*s>", (int)l->name.n, l->name.p, (int)l->names[r->slot].n, l->names[r->slot].p);
    } else if (follow(s, r, from, &to, &name)) {
        add_format(t, "<%.*s.%.*s>", (int)to.entity->name.n, to.entity->name.p, (int)name.n, name.p);
    } else {
        add(t, "<number>", 8);
    }
}

static void add_brief(struct search *s, struct text *t, struct at a)
{
    const struct wev_node *n = a.node;
    switch ((enum wev_gen)n->gen) {
    case WEV_G_VALUE: add_value(t, &n->value); break;
    case WEV_G_INT: add_format(t, n->type == WEV_T_HEX_INT32 || n->type == WEV_T_HEX_INT64 ? "<0x%llx to 0x%llx>" : "<%llu to %llu>",
                               (unsigned long long)n->min, (unsigned long long)n->max); break;
    case WEV_G_TEXT: add_format(t, "<%llu of %.*s>", (unsigned long long)n->max, (int)(n->value.n < 40 ? n->value.n : 40), n->value.is.text); break;
    case WEV_G_GUID: add_format(t, n->braces ? "{<%s>}" : "<%s>", n->fold == WEV_FOLD_UPPER ? "GUID" : "guid"); break;
    case WEV_G_POOL: add_format(t, "<one of %u>", n->value_count); break;
    case WEV_G_KEYFILE: add(t, "<key file>", 10); break;
    case WEV_G_TIME: add(t, "<time>", 6); break;
    case WEV_G_CLOCK: add_format(t, "<time of %u digits>", n->digits); break;
    case WEV_G_REF: case WEV_G_CALC: add_ref(s, t, &n->ref, a); break;
    case WEV_G_SID: add(t, "<SID>", 5); break;
    case WEV_G_PATTERN: for (uint32_t k = 0; k < n->kid_count && t->n < TEXT_CAP - 1; k++) { add_brief(s, t, (struct at){n->kids[k], a.entity, a.record}); } break;
    case WEV_G_CHOICE: case WEV_G_SWITCH:
        add(t, "<", 1);
        for (uint32_t k = 0; k < n->kid_count && k < 3; k++) {
            if (k) { add(t, " or ", 4); }
            add_brief(s, t, (struct at){n->kids[k], a.entity, a.record});
        }
        add(t, n->kid_count > 3 ? " …>" : ">", n->kid_count > 3 ? 5 : 1);
        break;
    default: add(t, "<any>", 5); break;
    }
}

// ---- alternatives

// How much of the value an alternative says, letter for letter, from either end.
static size_t score(const struct text *t, struct wev_span v)
{
    size_t head = 0, tail = 0;
    while (head < v.n && head < t->n && t->p[head] == v.p[head] && t->p[head] != '<') { head++; }
    while (tail < v.n - head && tail < t->n - head && t->p[t->n - 1 - tail] == v.p[v.n - 1 - tail] && t->p[t->n - 1 - tail] != '>') { tail++; }
    return 2 * (head + tail);
}

static void consider(struct search *s, const struct text *t)
{
    size_t points = score(t, s->value) + 1;
    if (points <= s->best_score) { return; }
    s->best = *t;
    s->best_score = points;
}

static void visit(struct search *s, struct at a, unsigned depth);

static void visit_ref(struct search *s, const struct wev_ref *r, struct at a, unsigned depth)
{
    struct at to;
    struct wev_span name;
    if (r->kind == WEV_R_RECORD) {
        const struct wev_let *l = &s->profile->lets[r->let];
        for (uint32_t k = 0; k < l->record_count; k++) {
            const struct wev_record *record = &l->records[k];
            visit(s, (struct at){record->attrs[r->slot].node, NULL, record}, depth + 1);
        }
    } else if (follow(s, r, a, &to, &name)) {
        visit(s, to, depth + 1);
    }
}

static void visit(struct search *s, struct at a, unsigned depth)
{
    struct text t = {.n = 0};
    const struct wev_node *n = a.node;
    if (depth > DEPTH_MAX || s->steps++ > STEPS_MAX) { return; }
    switch ((enum wev_gen)n->gen) {
    case WEV_G_CHOICE: case WEV_G_SWITCH:
        for (uint32_t k = 0; k < n->kid_count; k++) { visit(s, (struct at){n->kids[k], a.entity, a.record}, depth + 1); }
        return;
    case WEV_G_POOL:
        for (uint32_t k = 0; k < n->value_count; k++) {
            t.n = 0;
            add_value(&t, &n->values[k]);
            consider(s, &t);
        }
        return;
    case WEV_G_REF: case WEV_G_CALC: visit_ref(s, &n->ref, a, depth); return;
    default:
        add_brief(s, &t, a);
        consider(s, &t);
    }
}

const char *wev_nearest_pattern(const struct wev_event_profile *profile, const struct wev_node *node, struct wev_span value,
                                char *out, size_t cap)
{
    struct search s = {.profile = profile, .value = value};
    if (node) { visit(&s, (struct at){node, NULL, NULL}, 0); }
    snprintf(out, cap, "%s", s.best.p);
    return out;
}
