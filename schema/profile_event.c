// Events in profiles: merges what the blocks say of each event, and resolves it.
#include "schema/profile_merge.h"

#include <stdlib.h>
#include <string.h>

// A list separated by blanks, or `*`, or nothing.
static bool lists(struct wev_span list, struct wev_span word)
{
    if (wev_profile_any(list)) { return true; }
    while (list.n > 0) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ' ') { n++; }
        if (wev_span_eq((struct wev_span){list.p, n}, word)) { return true; }
        n += n < list.n;
        list.p += n;
        list.n -= n;
    }
    return false;
}

static bool lists_number(struct wev_span list, uint32_t number)
{
    char text[12];
    size_t n = sizeof(text);
    do { text[--n] = (char)('0' + number % 10); } while (number /= 10);
    return lists(list, (struct wev_span){text + n, sizeof(text) - n});
}

// Attributes of <let>, <header>, <field> and <rule>; <require> is a comparison and <let entity> a link.
static void check_spelling(struct merger *l, const struct wev_elem *e, int kind)
{
    static const char *const allowed[][8] = {
        [ITEM_LET] = {"name", "each"}, [ITEM_HEADER] = {"name", "value", "ref", "pattern", "source", "each"},
        [ITEM_FIELD] = {"name", "type", "value", "ref", "pattern", "source", "each"}, [ITEM_RULE] = {"name", "text", "source"}};
    bool other = kind == ITEM_REQUIRE || (kind == ITEM_LET && wev_tree_attr(e, "entity").p);
    if (!other) { wev_tree_only_attrs(l->pl.load, e, allowed[kind]); }
}

static void add_item(struct merger *l, const struct wev_profile_block *b, const struct wev_elem *e, int kind)
{
    struct wev_span name = kind == ITEM_REQUIRE ? wev_tree_attr(e, "ref") : wev_profile_name(&l->pl, e);
    size_t k = 0;
    check_spelling(l, e, kind);
    while (k < l->item_count && !((int)l->items[k].kind == kind && wev_span_eq(l->items[k].name, name))) { k++; }
    if (k == ITEMS_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d settings for one event", (int)ITEMS_MAX); }
    l->items[k].elem = e;
    l->items[k].block = b;
    l->items[k].name = name;
    l->items[k].of_fields = false;
    l->items[k].kind = kind == ITEM_LET ? ITEM_LET : kind == ITEM_HEADER ? ITEM_HEADER : kind == ITEM_FIELD ? ITEM_FIELD
                     : kind == ITEM_RULE ? ITEM_RULE : ITEM_REQUIRE;
    if (k == l->item_count) { l->item_count++; }
}

static void gather(struct merger *l, const struct wev_event_def *d, struct wev_event_profile *p)
{
    static const struct wev_span inside[] = {{"let", 3}, {"header", 6}, {"field", 5}, {"rule", 4}, {"require", 7}};
    l->item_count = 0;
    p->weight = 1;
    for (size_t k = 0; k < l->block_count; k++) {
        struct wev_profile_block *b = &l->blocks[k];
        const struct wev_elem *e = b->elem;
        if (!lists(wev_tree_attr(e, "provider"), d->provider->name) || !lists_number(wev_tree_attr(e, "id"), d->id) ||
            !lists_number(wev_tree_attr(e, "version"), d->version)) {
            continue;
        }
        b->seen++;
        l->pl.load->file = b->file;
        uint64_t weight;
        struct wev_span w = wev_tree_attr(e, "weight");
        if (w.p && (!wev_span_u64(w, &weight) || weight > UINT32_MAX || !weight)) {
            wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "weight \"%.*s\" is not a number of 1 or more", (int)w.n, w.p);
        }
        if (w.p) { p->weight = (uint32_t)weight; }
        for (const struct wev_elem *i = e->kids; i; i = i->next) {
            size_t kind = 0;
            while (kind < WEV_COUNT(inside) && !wev_span_eq(inside[kind], i->name)) { kind++; }
            if (kind == WEV_COUNT(inside)) { wev_profile_unknown(&l->pl, i->line, "element in event", i->name, inside, WEV_COUNT(inside)); }
            add_item(l, b, i, (int)kind);
        }
    }
}

static bool is_record_let(const struct wev_elem *e)
{
    return !wev_tree_attr(e, "entity").p;
}

// What the first record of a let declares; the tree of choices above it may be deep.
static const struct wev_elem *first_record(const struct wev_elem *e)
{
    if (wev_span_is(e->name, "record")) { return e; }
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        const struct wev_elem *r = first_record(k);
        if (r) { return r; }
    }
    return NULL;
}

uint8_t wev_profile_each(struct wev_profile_load *pl, const struct wev_elem *e)
{
    static const char *const names[] = {[WEV_EACH_UNIT] = "unit", [WEV_EACH_EPISODE] = "episode", [WEV_EACH_RUN] = "run"};
    struct wev_span s = wev_tree_attr(e, "each");
    uint8_t k = 0;
    while (s.p && k < WEV_COUNT(names) && !wev_span_is(s, names[k])) { k++; }
    if (k == WEV_COUNT(names)) { wev_profile_unknown_word(pl, e->line, "word for each", s, names, WEV_COUNT(names)); }
    return k;
}

static void shape_let(struct merger *l, struct wev_let *let, const struct wev_elem *e)
{
    const struct wev_elem *record = first_record(e);
    size_t n = 0;
    if (!record) { wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "<let> needs an entity or records"); }
    for (const struct wev_elem *k = record->kids; k; k = k->next) { n += wev_span_is(k->name, "attr"); }
    struct wev_span *names = WEV_NEW_N(l->pl.load->arena, n + 1, struct wev_span);
    uint8_t *types = WEV_NEW_N(l->pl.load->arena, n + 1, uint8_t);
    for (const struct wev_elem *k = record->kids; k; k = k->next) {
        if (!wev_span_is(k->name, "attr")) { continue; }
        names[let->name_count] = wev_profile_name(&l->pl, k);
        types[let->name_count++] = wev_profile_type(&l->pl, k);
    }
    let->names = names;
    let->types = types;
    let->name = wev_profile_name(&l->pl, e);
    let->path = wev_profile_path(0, "let", let->name);
    let->each = wev_profile_each(&l->pl, e);
}

static void fill_record(struct merger *l, const struct wev_place *event, struct wev_let *let, struct wev_record *r,
                        const struct wev_elem *e, uint64_t path)
{
    static const struct wev_span inside[] = {{"link", 4}, {"attr", 4}};
    struct wev_place at = *event;
    struct wev_attr *attrs = WEV_NEW_N(l->pl.load->arena, let->name_count + 1u, struct wev_attr);
    size_t count = 1;
    for (const struct wev_elem *k = e->kids; k; k = k->next) { count++; }
    struct wev_link *links = WEV_NEW_N(l->pl.load->arena, count, struct wev_link);
    r->links = links;
    r->attrs = attrs;
    at.let = let;
    at.record = r;
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "link")) { links[r->link_count++] = wev_profile_link(&l->pl, k, path); }
    }
    uint32_t link = 0, found = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "link")) {
            if (wev_profile_holds(k)) { links[link].index = wev_profile_node(&l->pl, &at, k, WEV_T_UINT64, links[link].path); }
            link++;
            continue;
        }
        if (!wev_span_is(k->name, "attr")) { wev_profile_unknown(&l->pl, k->line, "element in record", k->name, inside, WEV_COUNT(inside)); }
        struct wev_attr a = wev_profile_attr(&l->pl, k, path);
        uint32_t n = 0;
        while (n < let->name_count && !wev_span_eq(let->names[n], a.name)) { n++; }
        if (n == let->name_count) { wev_profile_unknown(&l->pl, k->line, "attribute of this let", a.name, let->names, n); }
        if (attrs[n].node) { wev_fail(l->pl.load, WEV_E_SYNTAX, k->line, "<attr> \"%.*s\" twice", (int)a.name.n, a.name.p); }
        if (a.type != let->types[n]) {
            wev_fail(l->pl.load, WEV_E_SYNTAX, k->line, "attribute \"%.*s\" is a %s in the first record of let \"%.*s\", here a %s",
                     (int)a.name.n, a.name.p, wev_type_rows[let->types[n] - 1].name, (int)let->name.n, let->name.p, wev_type_rows[a.type - 1].name);
        }
        a.node = wev_profile_node(&l->pl, &at, k, a.type, a.path);
        attrs[n] = a;
        found++;
    }
    if (found != let->name_count) {
        wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "a record of %u attributes in let \"%.*s\", whose first record has %u", found,
                 (int)let->name.n, let->name.p, let->name_count);
    }
}

static void fill_let(struct merger *l, const struct wev_place *at, struct wev_let *let, const struct wev_elem *e)
{
    const struct wev_elem **found = l->pl.records;
    if (!e->kids || e->kids->next) { wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "<let> holds one choice, switch or record"); }
    let->pick = wev_profile_pick(&l->pl, at, e->kids, let->path, found, &let->record_count);
    struct wev_record *records = WEV_NEW_N(l->pl.load->arena, let->record_count, struct wev_record);
    let->records = records;
    for (uint32_t k = 0; k < let->record_count; k++) {
        char ordinal[8] = {(char)('a' + k % 26), (char)('a' + k / 26 % 26), (char)('a' + k / 676 % 26), 0};
        fill_record(l, at, let, &records[k], found[k], wev_profile_path(let->path, "record", wev_span_of(ordinal)));
    }
}

int wev_profile_field_index(const struct wev_event_def *d, struct wev_span name)
{
    for (size_t k = 0; k < d->body->field_count; k++) {
        if (wev_span_eq(d->body->fields[k].name, name) && !d->body->fields[k].field_count) { return (int)k; }
    }
    return -1;
}

int wev_profile_header_index(struct wev_span name)
{
    for (int h = 0; h < WEV_H_COUNT; h++) {
        if (wev_span_is(name, wev_header_names[h])) { return h; }
    }
    return -1;
}

static void fill_rule(struct merger *l, const struct wev_place *at, struct wev_rule *r, const struct wev_elem *e)
{
    size_t n[3] = {0, 0, 0}, m[3] = {0, 0, 0};
    struct wev_cond *conds[3];
    static const struct wev_span names[3] = {{"if", 2}, {"then", 4}, {"else", 4}};
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        size_t which = 0;
        while (which < 3 && !wev_span_eq(k->name, names[which])) { which++; }
        if (which == 3) { wev_profile_unknown(&l->pl, k->line, "element in rule", k->name, names, 3); }
        n[which]++;
    }
    if (!n[1]) { wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "<rule> without <then>"); }
    for (size_t k = 0; k < 3; k++) { conds[k] = WEV_NEW_N(l->pl.load->arena, n[k] + 1, struct wev_cond); }
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        size_t which = wev_span_eq(k->name, names[0]) ? 0 : wev_span_eq(k->name, names[1]) ? 1 : 2;
        struct wev_cond c = wev_profile_cond(&l->pl, at, k);
        bool data = (c.left.kind == WEV_R_FIELD || c.left.kind == WEV_R_HEADER) &&
                    (!c.right_is_ref || c.right.kind == WEV_R_FIELD || c.right.kind == WEV_R_HEADER);
        if (!data) { wev_fail(l->pl.load, WEV_E_SYNTAX, k->line, "a rule may name only fields and headers: a reader sees no more"); }
        conds[which][m[which]++] = c;
    }
    *r = (struct wev_rule){.name = wev_profile_name(&l->pl, e), .text = wev_tree_attr(e, "text"), .source = wev_tree_attr(e, "source"),
        .when = conds[0], .then = conds[1], .otherwise = conds[2], .when_count = (uint32_t)n[0], .then_count = (uint32_t)n[1],
        .otherwise_count = (uint32_t)n[2]};
}

// A field that a block for all events names may be missing, or of a type that its generator cannot give.
static bool fits(struct merger *l, const struct item *i, const struct wev_event_def *d, const struct wev_place *at)
{
    int f = i->kind == ITEM_FIELD ? wev_profile_field_index(d, i->name) : 0;
    if (f < 0) { return false; }
    if (!i->block->any) { return true; }
    if (!wev_profile_names(&l->pl, at, i->elem)) { return false; }
    if (i->kind != ITEM_FIELD) { return true; }
    struct wev_span type = wev_tree_attr(i->elem, "type");
    return !type.p || wev_profile_type(&l->pl, i->elem) == d->body->fields[f].type;
}

// The generator of a whole header or field, which may be drawn once for more than the unit.
static const struct wev_node *whole(struct merger *l, const struct wev_place *at, const struct item *i, uint8_t type, const char *kind)
{
    const struct wev_node *n = wev_profile_node(&l->pl, at, i->elem, type, wev_profile_path(0, kind, i->name));
    ((struct wev_node *)(uintptr_t)n)->each = wev_profile_each(&l->pl, i->elem); // nothing else has seen it yet
    return n;
}

static void fill_item(struct merger *l, const struct wev_place *at, struct wev_event_profile *p, const struct item *i,
                      const struct wev_node **fields, struct wev_cond *require, struct wev_rule *rules)
{
    struct wev_place inside = *at;
    l->pl.load->file = i->block->file;
    int index;
    switch (i->kind) {
    case ITEM_LET: break;
    case ITEM_HEADER:
        index = wev_profile_header_index(i->name);
        if (index < 0) {
            struct wev_span names[WEV_H_COUNT];
            for (int h = 0; h < WEV_H_COUNT; h++) { names[h] = wev_span_of(wev_header_names[h]); }
            wev_profile_unknown(&l->pl, i->elem->line, "header", i->name, names, WEV_H_COUNT);
        }
        inside.header = 1 + index;
        p->header[index] = whole(l, &inside, i, wev_header_types[index], "header");
        break;
    case ITEM_FIELD:
        index = wev_profile_field_index(at->def, i->name);
        fields[index] = whole(l, at, i, at->def->body->fields[index].type, "field");
        break;
    case ITEM_RULE: fill_rule(l, at, &rules[p->rule_count++], i->elem); break;
    case ITEM_REQUIRE: require[p->require_count++] = wev_profile_cond(&l->pl, at, i->elem); break;
    }
}

static void fill_lets(struct merger *l, const struct wev_place *at, struct wev_link *links, struct wev_let *lets)
{
    uint32_t link = 0, let = 0;
    for (size_t k = 0; k < l->item_count; k++) {
        struct item *i = &l->items[k];
        const struct wev_event_profile *from = i->kind == ITEM_LET ? wev_share_from(l, k) : NULL;
        if (i->kind != ITEM_LET) { continue; }
        l->pl.load->file = i->block->file;
        l->pl.met_field = false;
        if (is_record_let(i->elem)) {
            if (!from) {
                fill_let(l, at, &lets[let], i->elem);
            } else {
                lets[let] = wev_share_let(l, from, &from->lets[let]);
            }
            let++;
        } else {
            if (from) {
                links[link] = wev_share_link(l, from, &from->links[link]);
            } else if (wev_profile_holds(i->elem)) {
                links[link].index = wev_profile_node(&l->pl, at, i->elem, WEV_T_UINT64, links[link].path);
            }
            link++;
        }
        i->of_fields |= l->pl.met_field;
    }
}

static void fill_event(struct merger *l, struct wev_event_def *d)
{
    struct wev_arena *a = l->pl.load->arena;
    struct wev_event_profile *p = WEV_NEW(a, struct wev_event_profile);
    p->world = l->pl.profile;
    gather(l, d, p);
    struct wev_link *links = WEV_NEW_N(a, l->item_count + 1, struct wev_link);
    struct wev_let *lets = WEV_NEW_N(a, l->item_count + 1, struct wev_let);
    struct wev_rule *rules = WEV_NEW_N(a, l->item_count + 1, struct wev_rule);
    struct wev_cond *require = WEV_NEW_N(a, l->item_count + 1, struct wev_cond);
    const struct wev_node **fields = WEV_NEW_N(a, d->body->field_count + 1, const struct wev_node *);
    struct wev_place at = {.def = d, .event = p};
    p->links = links;
    p->lets = lets;
    p->rules = rules;
    p->require = require;
    p->fields = fields;
    for (size_t k = 0; k < l->item_count; k++) { // names first
        const struct item *i = &l->items[k];
        if (i->kind != ITEM_LET) { continue; }
        l->pl.load->file = i->block->file;
        if (is_record_let(i->elem)) {
            shape_let(l, &lets[p->let_count++], i->elem);
        } else {
            links[p->link_count++] = wev_profile_link(&l->pl, i->elem, 0);
        }
    }
    wev_share_begin(l, d, p);
    fill_lets(l, &at, links, lets);
    for (size_t k = 0; k < l->item_count; k++) {
        struct item *i = &l->items[k];
        const struct wev_event_profile *from = i->kind == ITEM_LET ? NULL : wev_share_from(l, k);
        l->pl.load->file = i->block->file;
        if (i->kind == ITEM_LET || (from && wev_share_take(from, d, p, i, fields, rules))) { continue; }
        l->pl.met_field = false;
        if (fits(l, i, d, &at)) { fill_item(l, &at, p, i, fields, require, rules); }
        i->of_fields = l->pl.met_field;
    }
    for (size_t k = 0; k < d->body->field_count; k++) {
        if (fields[k]) { continue; }
        struct wev_node *n = WEV_NEW(a, struct wev_node);
        n->gen = WEV_G_AUTO;
        n->type = d->body->fields[k].type;
        n->line = d->body->fields[k].line;
        n->path = wev_profile_path(k, "field", d->body->fields[k].name); // wild templates repeat names
        fields[k] = n;
    }
    d->profile = p;
    wev_share_keep(l, p);
}

// A block that names its events must meet one, and each field that it names must be in one of them.
static bool is_listed(const struct wev_event_def *d, struct wev_span provider, struct wev_span id, struct wev_span version)
{
    return lists(provider, d->provider->name) && lists_number(id, d->id) && lists_number(version, d->version);
}

static struct wev_span nearest_field(const struct wev_event_def *d, struct wev_span name)
{
    struct wev_span near = {NULL, 0};
    for (size_t f = 0; f < d->body->field_count && !near.p; f++) { near = wev_nearest(name, &d->body->fields[f].name, 1); }
    return near;
}

static void check_block(struct merger *l, const struct wev_profile_block *b, const struct wev_event_def *events, size_t count)
{
    struct wev_span provider = wev_tree_attr(b->elem, "provider"), id = wev_tree_attr(b->elem, "id"), version = wev_tree_attr(b->elem, "version");
    if (b->any) { return; }
    l->pl.load->file = b->file;
    if (!b->seen) {
        wev_fail(l->pl.load, WEV_E_SYNTAX, b->elem->line, "no loaded manifest has event \"%.*s\" of provider \"%.*s\"", (int)id.n,
                 id.n ? id.p : "", (int)provider.n, provider.n ? provider.p : "");
    }
    for (const struct wev_elem *e = b->elem->kids; e; e = e->next) {
        if (!wev_span_is(e->name, "field")) { continue; }
        struct wev_span name = wev_profile_name(&l->pl, e), near = {NULL, 0};
        bool found = false;
        for (size_t k = 0; k < count && !found; k++) {
            found = is_listed(&events[k], provider, id, version) && wev_profile_field_index(&events[k], name) >= 0;
        }
        if (found) { continue; }
        for (size_t k = 0; k < count && !near.p; k++) {
            if (is_listed(&events[k], provider, id, version)) { near = nearest_field(&events[k], name); }
        }
        wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "no such event has a field \"%.*s\"%s%.*s%s", (int)name.n, name.p,
                 near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
    }
}

void wev_profile_variant(struct wev_profile_load *pl, struct wev_profile_block *blocks, size_t block_count,
                         size_t event, struct wev_event_def *def)
{
    struct merger l = {.pl = *pl, .blocks = blocks, .block_count = block_count, .items = pl->items};
    struct made *made = pl->made;
    l.made[0] = made[2 * event];
    l.made[1] = made[2 * event + 1];
    fill_event(&l, def);
    made[2 * event + 1] = l.kept;
    wev_profile_check_recursion(&l.pl, def);
}

void wev_profile_events(struct wev_profile_load *pl, struct wev_profile_block *blocks, size_t block_count,
                        struct wev_event_def *events, size_t event_count)
{
    pl->items = WEV_NEW_N(pl->load->arena, ITEMS_MAX + 1, struct item);
    pl->records = WEV_NEW_N(pl->load->arena, RECORDS_MAX, const struct wev_elem *);
    struct merger l = {.pl = *pl, .blocks = blocks, .block_count = block_count, .items = pl->items};
    struct made *made = WEV_NEW_N(pl->load->arena, 2 * event_count + 1, struct made);
    pl->made = made;
    for (size_t k = 0; k < event_count; k++) {
        fill_event(&l, &events[k]);
        made[2 * k] = l.other = l.kept;
        wev_profile_check_recursion(&l.pl, &events[k]);
    }
    for (size_t k = 0; k < block_count; k++) { check_block(&l, &blocks[k], events, event_count); }
}
