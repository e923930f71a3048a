// Names to references, and the search for circles among them.
#include "schema/profile_load.h"

#include <string.h>

enum { MARKS_MAX = 2048, CHAIN_MAX = 200 };

static int link_index(const struct wev_link *links, uint32_t count, struct wev_span name)
{
    for (uint32_t k = 0; k < count; k++) {
        if (wev_span_eq(links[k].name, name)) { return (int)k; }
    }
    return -1;
}

// The rest of a name inside an entity: links, then an attribute or `index`.
static bool in_entity(struct wev_profile_load *pl, uint32_t entity, struct wev_span rest, struct wev_ref *r)
{
    for (;;) {
        const struct wev_entity *e = &pl->profile->entities[entity];
        struct wev_span head = wev_span_cut(&rest, '.');
        if (!rest.n && wev_span_is(head, "index")) {
            r->kind = WEV_R_INDEX;
            r->type = WEV_T_UINT64;
            return true;
        }
        for (uint32_t k = 0; k < e->attr_count && !rest.n; k++) {
            if (!wev_span_eq(e->attrs[k].name, head)) { continue; }
            r->kind = WEV_R_ATTR;
            r->slot = (uint16_t)k;
            r->type = e->attrs[k].type;
            return true;
        }
        int link = link_index(e->links, e->link_count, head);
        if (link < 0 || !rest.n || r->hop_count == WEV_HOPS_MAX) { return false; }
        r->hop[r->hop_count++] = (uint16_t)link;
        entity = e->links[link].entity;
    }
}

static bool in_record(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span head, struct wev_span rest,
                      struct wev_ref *r)
{
    int own = link_index(at->record->links, at->record->link_count, head);
    if (own >= 0 && rest.n) {
        r->from = 1;
        r->hop[r->hop_count++] = (uint16_t)(at->event->link_count + (uint32_t)own);
        return in_entity(pl, at->record->links[own].entity, rest, r);
    }
    for (uint32_t k = 0; k < at->let->name_count && !rest.n; k++) {
        if (!wev_span_eq(at->let->names[k], head)) { continue; }
        *r = (struct wev_ref){.kind = WEV_R_RECORD, .let = (uint16_t)(at->let - at->event->lets), .slot = (uint16_t)k,
                              .type = at->let->types[k]};
        return true;
    }
    return false;
}

static bool header_named(struct wev_span name, struct wev_ref *r)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        if (!wev_span_is(name, wev_header_names[h])) { continue; }
        *r = (struct wev_ref){.kind = WEV_R_HEADER, .slot = (uint16_t)h, .type = wev_header_types[h]};
        return true;
    }
    return false;
}

static bool in_event(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span name, struct wev_ref *r)
{
    struct wev_span rest = name, head = wev_span_cut(&rest, '.');
    const struct wev_template *body = at->def->body;
    if (name.n > 7 && !memcmp(name.p, "header:", 7)) { return header_named((struct wev_span){name.p + 7, name.n - 7}, r); }
    for (size_t k = 0; k < body->field_count; k++) {
        if (!wev_span_eq(body->fields[k].name, name) || body->fields[k].field_count) { continue; }
        *r = (struct wev_ref){.kind = WEV_R_FIELD, .slot = (uint16_t)k, .type = body->fields[k].type};
        pl->met_field = true;
        return true;
    }
    if (header_named(name, r)) { return true; }
    int link = link_index(at->event->links, at->event->link_count, head);
    if (link >= 0 && rest.n) {
        r->hop[r->hop_count++] = (uint16_t)link;
        return in_entity(pl, at->event->links[link].entity, rest, r);
    }
    for (uint32_t k = 0; k < at->event->let_count; k++) {
        const struct wev_let *let = &at->event->lets[k];
        if (!wev_span_eq(let->name, head)) { continue; }
        r->let = (uint16_t)k;
        if (!rest.n || wev_span_is(rest, "ordinal")) {
            r->kind = WEV_R_ORDINAL;
            r->type = WEV_T_UINT64;
            return true;
        }
        for (uint32_t n = 0; n < let->name_count; n++) {
            if (!wev_span_eq(let->names[n], rest)) { continue; }
            r->kind = WEV_R_RECORD;
            r->slot = (uint16_t)n;
            r->type = let->types[n];
            return true;
        }
        return false;
    }
    static const struct { const char *name; uint8_t kind, type; } frame[] = {
        {"unit", WEV_R_UNIT, WEV_T_UINT64}, {"episode.time", WEV_R_MOMENT, WEV_T_FILETIME},
        {"episode.person", WEV_R_PERSON, WEV_T_UINT64}, {"episode.run", WEV_R_RUN, WEV_T_UINT64}};
    for (size_t k = 0; k < WEV_COUNT(frame); k++) {
        if (!wev_span_is(name, frame[k].name)) { continue; }
        *r = (struct wev_ref){.kind = frame[k].kind, .type = frame[k].type};
        return true;
    }
    return false;
}

bool wev_profile_find(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span name, struct wev_ref *out)
{
    struct wev_span rest = name, head = wev_span_cut(&rest, '.');
    *out = (struct wev_ref){.kind = 0};
    if (at->entity) {
        out->from = 1;
        return in_entity(pl, (uint32_t)(at->entity - pl->profile->entities), name, out);
    }
    if (at->record && in_record(pl, at, head, rest, out)) { return true; }
    *out = (struct wev_ref){.kind = 0};
    return in_event(pl, at, name, out);
}

// Every name that could have been meant by the first part of a wrong one.
static size_t candidates(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span *list, size_t cap)
{
    size_t n = 0;
    if (at->entity) {
        for (uint32_t k = 0; k < at->entity->attr_count && n < cap; k++) { list[n++] = at->entity->attrs[k].name; }
        for (uint32_t k = 0; k < at->entity->link_count && n < cap; k++) { list[n++] = at->entity->links[k].name; }
        return n;
    }
    for (size_t k = 0; k < at->def->body->field_count && n < cap; k++) { list[n++] = at->def->body->fields[k].name; }
    for (unsigned h = 0; h < WEV_H_COUNT && n < cap; h++) { list[n++] = wev_span_of(wev_header_names[h]); }
    for (uint32_t k = 0; k < at->event->let_count; k++) {
        const struct wev_let *let = &at->event->lets[k];
        for (uint32_t m = 0; m < let->name_count && n < cap; m++) {
            char text[256];
            size_t a = let->name.n < 120 ? let->name.n : 120, b = let->names[m].n < 120 ? let->names[m].n : 120;
            memcpy(text, let->name.p, a);
            text[a] = '.';
            memcpy(text + a + 1, let->names[m].p, b);
            list[n++] = wev_arena_text(pl->load->arena, (struct wev_span){text, a + 1 + b});
        }
    }
    for (uint32_t k = 0; k < at->event->link_count; k++) {
        const struct wev_entity *e = &pl->profile->entities[at->event->links[k].entity];
        for (uint32_t m = 0; m < e->attr_count && n < cap; m++) {
            char text[256];
            struct wev_span l = at->event->links[k].name;
            size_t a = l.n < 120 ? l.n : 120, b = e->attrs[m].name.n < 120 ? e->attrs[m].name.n : 120;
            memcpy(text, l.p, a);
            text[a] = '.';
            memcpy(text + a + 1, e->attrs[m].name.p, b);
            list[n++] = wev_arena_text(pl->load->arena, (struct wev_span){text, a + 1 + b});
        }
    }
    return n;
}

struct wev_ref wev_profile_ref(struct wev_profile_load *pl, const struct wev_place *at, struct wev_span name, unsigned line)
{
    struct wev_ref r;
    struct wev_span list[512];
    if (wev_profile_find(pl, at, name, &r)) { return r; }
    struct wev_span near = wev_nearest(name, list, candidates(pl, at, list, WEV_COUNT(list)));
    wev_fail(pl->load, WEV_E_SYNTAX, line, "nothing is called \"%.*s\" here%s%.*s%s", (int)(name.n > 100 ? 100 : name.n), name.p,
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

// <sid prefix="S-1-5-82" name="name" case="lower"/>: nothing else can stand beside the name.
bool wev_profile_sid_name(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    struct wev_span name = wev_tree_attr(e, "name"), letters = wev_tree_attr(e, "case");
    bool upper = wev_span_is(letters, "upper");
    if (!name.p && !letters.p) { return false; }
    if (!name.p || (!upper && !wev_span_is(letters, "lower")) || wev_tree_attr(e, "parent").p || n->random || e->kids ||
        n->value.is.sid->count + 5 > WEV_SID_SUBS_MAX) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<sid> of a name has a prefix, the name, case=\"upper\" or \"lower\", and nothing else");
    }
    n->ref = wev_profile_ref(pl, at, name, e->line);
    if (!wev_profile_is_text(n->ref.type)) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "\"%.*s\" is not a text", (int)name.n, name.p); }
    n->wide = true;
    n->fold = upper ? WEV_FOLD_UPPER : WEV_FOLD_LOWER;
    return true;
}

// ---- circles

struct mark {
    const void *what;
    struct wev_span name;
    bool done;
};

struct walk {
    struct wev_profile_load *pl;
    const struct wev_event_def *def;       // NULL: only entities are reached
    const struct wev_event_profile *event; // of def
    struct mark *marks;
    size_t count;
    uint16_t table[2 * MARKS_MAX]; // 1 + the mark, by where `what` lies
    const struct mark *chain[CHAIN_MAX];
    size_t depth;
};

static void walk_node(struct walk *w, const struct wev_node *n, const struct wev_entity *entity, const struct wev_record *record);

_Noreturn static void circle(struct walk *w, const struct mark *m, unsigned line)
{
    char text[300];
    size_t n = 0, k = 0;
    while (k < w->depth && w->chain[k] != m) { k++; }
    for (; k <= w->depth && n < sizeof(text) - 100; k++) {
        struct wev_span s = k < w->depth ? w->chain[k]->name : m->name;
        size_t len = s.n < 80 ? s.n : 80;
        memcpy(text + n, s.p, len);
        n += len;
        if (k < w->depth) { memcpy(text + n, " -> ", 4); n += 4; }
    }
    wev_fail(w->pl->load, WEV_E_SYNTAX, line, "recursion: %.*s", (int)n, text);
}

// True: go in, and leave() afterwards.
static bool enter(struct walk *w, const void *what, struct wev_span name, unsigned line)
{
    size_t at = ((uintptr_t)what >> 3) % (2 * MARKS_MAX);
    while (w->table[at] && w->marks[w->table[at] - 1].what != what) { at = (at + 1) % (2 * MARKS_MAX); }
    if (w->table[at] && w->marks[w->table[at] - 1].done) { return false; }
    if (w->table[at]) { circle(w, &w->marks[w->table[at] - 1], line); }
    if (w->count == MARKS_MAX || w->depth == CHAIN_MAX) { wev_fail(w->pl->load, WEV_E_LIMIT, line, "more names depend on each other than the limit"); }
    w->marks[w->count] = (struct mark){what, name, false};
    w->table[at] = (uint16_t)(w->count + 1);
    w->chain[w->depth++] = &w->marks[w->count++];
    return true;
}

static void leave(struct walk *w)
{
    struct mark *m = (struct mark *)(uintptr_t)w->chain[--w->depth];
    m->done = true;
}

static bool may_be_absent(const struct wev_node *n)
{
    bool absent = n->gen == WEV_G_ABSENT;
    bool forks = n->gen == WEV_G_CHOICE || n->gen == WEV_G_SWITCH;
    for (uint32_t k = 0; forks && k < n->kid_count && !absent; k++) { absent = may_be_absent(n->kids[k]); }
    return absent;
}

// A generator must not build on a header that has no value.
static void check_present(struct walk *w, unsigned header, unsigned line)
{
    static const uint32_t given = 1u << WEV_H_PROVIDER | 1u << WEV_H_GUID | 1u << WEV_H_EVENT_ID | 1u << WEV_H_VERSION |
                                  1u << WEV_H_LEVEL | 1u << WEV_H_TASK | 1u << WEV_H_OPCODE | 1u << WEV_H_KEYWORDS;
    const struct wev_node *n = w->event->header[header];
    bool absent = n ? may_be_absent(n) : header == WEV_H_CHANNEL ? !w->def->channel.n : !(given >> header & 1);
    if (absent) {
        wev_fail(w->pl->load, WEV_E_SYNTAX, line, "the header %s may be absent: nothing can be made of it", wev_header_names[header]);
    }
}

static void walk_ref(struct walk *w, const struct wev_ref *r, const struct wev_entity *entity, const struct wev_record *record,
                     unsigned line)
{
    const struct wev_entity *at = r->from ? entity : NULL;
    const struct wev_record *rec = r->from ? record : NULL;
    for (unsigned k = 0; k < r->hop_count; k++) {
        const struct wev_link *l = at ? &at->links[r->hop[k]]
            : r->hop[k] < w->event->link_count ? &w->event->links[r->hop[k]] : &rec->links[r->hop[k] - w->event->link_count];
        if (l->index && enter(w, l, l->name, line)) {
            walk_node(w, l->index, at, at ? NULL : rec);
            leave(w);
        }
        at = &w->pl->profile->entities[l->entity];
    }
    switch ((enum wev_ref_kind)r->kind) {
    case WEV_R_ATTR:
        if (enter(w, &at->attrs[r->slot], at->attrs[r->slot].name, line)) {
            walk_node(w, at->attrs[r->slot].node, at, NULL);
            leave(w);
        }
        break;
    case WEV_R_FIELD:
        if (enter(w, w->event->fields[r->slot], w->def->body->fields[r->slot].name, line)) {
            walk_node(w, w->event->fields[r->slot], NULL, NULL);
            leave(w);
        }
        break;
    case WEV_R_HEADER:
        check_present(w, r->slot, line);
        if (w->event->header[r->slot] && enter(w, w->event->header[r->slot], wev_span_of(wev_header_names[r->slot]), line)) {
            walk_node(w, w->event->header[r->slot], NULL, NULL);
            leave(w);
        }
        break;
    case WEV_R_RECORD: case WEV_R_ORDINAL: {
        const struct wev_let *let = &w->event->lets[r->let];
        if (enter(w, let, let->name, line)) {
            walk_node(w, let->pick, NULL, NULL);
            leave(w);
        }
        if (r->kind == WEV_R_RECORD && enter(w, &let->names[r->slot], let->names[r->slot], line)) {
            for (uint32_t k = 0; k < let->record_count; k++) {
                walk_node(w, let->records[k].attrs[r->slot].node, NULL, &let->records[k]);
            }
            leave(w);
        }
        break;
    }
    case WEV_R_INDEX: case WEV_R_UNIT: case WEV_R_MOMENT: case WEV_R_PERSON: case WEV_R_RUN: break;
    }
}

static void walk_node(struct walk *w, const struct wev_node *n, const struct wev_entity *entity, const struct wev_record *record)
{
    const char *outer = w->pl->load->file;
    if (n->file) { w->pl->load->file = n->file; } // what it refers to may stand in another
    if (n->ref.type != WEV_T_NULL) { walk_ref(w, &n->ref, entity, record, n->line); }
    if (n->plus_ref.type != WEV_T_NULL) { walk_ref(w, &n->plus_ref, entity, record, n->line); }
    for (uint32_t k = 0; k < n->kid_count; k++) {
        for (uint32_t m = 0; n->cases && m < n->cases[k].cond_count; m++) {
            const struct wev_cond *c = &n->cases[k].conds[m];
            walk_ref(w, &c->left, entity, record, c->line);
            if (c->right_is_ref) { walk_ref(w, &c->right, entity, record, c->line); }
        }
        walk_node(w, n->kids[k], entity, record);
    }
    w->pl->load->file = outer;
}

void wev_profile_check_recursion(struct wev_profile_load *pl, const struct wev_event_def *def)
{
    struct wev_arena scratch = *pl->load->arena;
    struct walk w = {.pl = pl, .def = def, .event = def ? def->profile : NULL};
    w.marks = WEV_NEW_N(&scratch, MARKS_MAX, struct mark);
    for (uint32_t e = 0; !def && e < pl->profile->entity_count; e++) {
        const struct wev_entity *entity = &pl->profile->entities[e];
        for (uint32_t k = 0; k < entity->attr_count; k++) {
            if (!enter(&w, &entity->attrs[k], entity->attrs[k].name, entity->attrs[k].node->line)) { continue; }
            walk_node(&w, entity->attrs[k].node, entity, NULL);
            leave(&w);
        }
    }
    if (!def) { return; }
    for (size_t k = 0; k < def->body->field_count; k++) {
        const struct wev_node *n = def->profile->fields[k];
        if (n->gen == WEV_G_AUTO || !enter(&w, n, def->body->fields[k].name, n->line)) { continue; }
        walk_node(&w, n, NULL, NULL);
        leave(&w);
    }
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_node *n = def->profile->header[h];
        if (!n || !enter(&w, n, wev_span_of(wev_header_names[h]), n->line)) { continue; }
        walk_node(&w, n, NULL, NULL);
        leave(&w);
    }
}
