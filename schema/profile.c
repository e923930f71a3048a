// Profiles: reads the files, merges what they say of each event, and resolves it.
#include "schema/profile_load.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_MAX = 4096, ENTITIES_MAX = 256, ITEMS_MAX = 2048, RECORDS_MAX = 4096, PARAMETERS_MAX = 65536 };

struct block {
    const struct wev_elem *elem;
    const char *file;
    bool any;     // every event of every provider: what an event lacks is passed over
    size_t seen;  // events it matched
};

// One thing that a block says, under its name; a later block of the same event replaces it.
struct item {
    const struct wev_elem *elem;
    const struct block *block;
    struct wev_span name;
    enum { ITEM_LET, ITEM_HEADER, ITEM_FIELD, ITEM_RULE, ITEM_REQUIRE } kind;
};

struct loader {
    struct wev_profile_load pl;
    struct block *blocks;
    size_t block_count;
    const struct wev_elem **entity_elems;
    const char **entity_files;
    struct item *items; // of the event in work
    size_t item_count;
};

_Noreturn static void unknown(struct loader *l, unsigned line, const char *what, struct wev_span word, const struct wev_span *list,
                              size_t count)
{
    struct wev_span near = wev_nearest(word, list, count);
    wev_fail(l->pl.load, WEV_E_SYNTAX, line, "unknown %s \"%.*s\"%s%.*s%s", what, (int)(word.n > 100 ? 100 : word.n), word.p,
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

static struct wev_span name_of(struct loader *l, const struct wev_elem *e)
{
    struct wev_span s = wev_tree_attr(e, "name");
    if (!s.n) { wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "<%.*s> without a name", (int)e->name.n, e->name.p); }
    return s;
}

// ---- entities

static size_t entity_find(const struct loader *l, struct wev_span name)
{
    size_t k = 0;
    while (k < l->pl.profile->entity_count && !wev_span_eq(l->pl.entities[k].name, name)) { k++; }
    return k;
}

static void read_entity(struct loader *l, const struct wev_elem *e)
{
    static const char *const attrs[] = {"name", "count", NULL};
    wev_tree_only_attrs(l->pl.load, e, attrs);
    struct wev_span name = name_of(l, e), count = wev_tree_attr(e, "count");
    size_t k = entity_find(l, name);
    uint64_t n = 1;
    if (k == ENTITIES_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d entities", (int)ENTITIES_MAX); }
    if (count.p && (!wev_span_u64(count, &n) || !n)) {
        wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "count \"%.*s\" is not a number of 1 or more", (int)count.n, count.p);
    }
    l->pl.entities[k] = (struct wev_entity){.name = name, .count = n};
    l->entity_elems[k] = e;
    l->entity_files[k] = l->pl.load->file;
    if (k == l->pl.profile->entity_count) { l->pl.profile->entity_count++; }
}

static struct wev_link link_of(struct loader *l, const struct wev_elem *e, uint64_t parent)
{
    struct wev_span target = wev_tree_attr(e, "entity");
    size_t k = entity_find(l, target);
    if (k == l->pl.profile->entity_count) {
        struct wev_span names[ENTITIES_MAX];
        for (size_t m = 0; m < k; m++) { names[m] = l->pl.entities[m].name; }
        unknown(l, e->line, "entity", target.p ? target : WEV_SPAN(""), names, k);
    }
    struct wev_span name = name_of(l, e);
    return (struct wev_link){.name = name, .entity = (uint16_t)k, .path = wev_profile_path(parent, "link", name)};
}

static bool holds_generator(const struct wev_elem *e)
{
    return e->kids || wev_tree_attr(e, "ref").p || wev_tree_attr(e, "value").p;
}

// Names and types of links and attributes first: generators refer to each other in any order.
static void shape_entity(struct loader *l, size_t index)
{
    struct wev_entity *entity = &l->pl.entities[index];
    uint64_t parent = wev_profile_path(0, "entity", entity->name);
    size_t n = 1;
    for (const struct wev_elem *k = l->entity_elems[index]->kids; k; k = k->next) { n++; }
    struct wev_link *links = WEV_NEW_N(l->pl.load->arena, n, struct wev_link);
    struct wev_attr *attrs = WEV_NEW_N(l->pl.load->arena, n, struct wev_attr);
    l->pl.load->file = l->entity_files[index];
    for (const struct wev_elem *k = l->entity_elems[index]->kids; k; k = k->next) {
        if (wev_span_is(k->name, "link")) {
            links[entity->link_count++] = link_of(l, k, parent);
        } else if (wev_span_is(k->name, "attr")) {
            static const char *const allowed[] = {"name", "type", "open", "value", "ref", "pattern", "source", NULL};
            wev_tree_only_attrs(l->pl.load, k, allowed);
            struct wev_span name = name_of(l, k);
            attrs[entity->attr_count++] = (struct wev_attr){.name = name, .path = wev_profile_path(parent, "attr", name),
                .type = wev_profile_type(&l->pl, k), .open = wev_span_is(wev_tree_attr(k, "open"), "yes")};
        } else {
            unknown(l, k->line, "element in entity", k->name, (const struct wev_span[]){WEV_SPAN("link"), WEV_SPAN("attr")}, 2);
        }
    }
    entity->links = links;
    entity->attrs = attrs;
}

// Unique pools of one attribute share its index: each takes the digits that the ones before it left.
static uint64_t set_radix(const struct wev_node *n, uint64_t radix)
{
    struct wev_node *own = (struct wev_node *)(uintptr_t)n; // still ours: nothing else has seen it yet
    if (n->gen == WEV_G_POOL && n->unique) {
        own->radix = radix;
        radix *= n->value_count;
    }
    for (uint32_t k = 0; k < n->kid_count; k++) { radix = set_radix(n->kids[k], radix); }
    return radix;
}

static void fill_entity(struct loader *l, size_t index)
{
    struct wev_entity *entity = &l->pl.entities[index];
    struct wev_link *links = (struct wev_link *)(uintptr_t)entity->links;
    struct wev_attr *attrs = (struct wev_attr *)(uintptr_t)entity->attrs;
    struct wev_place at = {.entity = entity};
    size_t link = 0, attr = 0;
    l->pl.load->file = l->entity_files[index];
    for (const struct wev_elem *k = l->entity_elems[index]->kids; k; k = k->next) {
        if (wev_span_is(k->name, "link")) {
            if (holds_generator(k)) { links[link].index = wev_profile_node(&l->pl, &at, k, WEV_T_UINT64, links[link].path); }
            link++;
        } else {
            attrs[attr].node = wev_profile_node(&l->pl, &at, k, attrs[attr].type, attrs[attr].path);
            set_radix(attrs[attr].node, 1);
            attr++;
        }
    }
}

// ---- files

static int by_id(const void *a, const void *b)
{
    const struct wev_parameter *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static void read_parameters(struct loader *l, const struct wev_elem *e)
{
    struct wev_profile *p = l->pl.profile;
    struct wev_pool pool = wev_pool_load(&l->pl, wev_tree_attr(e, "file"), WEV_SPAN("value"), WEV_T_UNICODE_STRING, true, e->line);
    size_t count = p->parameter_count + pool.count;
    if (count > PARAMETERS_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d parameters", (int)PARAMETERS_MAX); }
    struct wev_parameter *all = WEV_NEW_N(l->pl.load->arena, count, struct wev_parameter);
    if (p->parameter_count) { memcpy(all, p->parameters, p->parameter_count * sizeof(*all)); }
    for (uint32_t k = 0; k < pool.count; k++) {
        all[p->parameter_count + k] = (struct wev_parameter){(uint32_t)pool.ids[k], {pool.values[k].is.text, pool.values[k].n}};
    }
    qsort(all, count, sizeof(*all), by_id);
    p->parameters = all;
    p->parameter_count = (uint32_t)count;
}

static bool is_any(struct wev_span s)
{
    return !s.p || wev_span_is(s, "*");
}

static void read_file(struct loader *l, const struct wev_source *source)
{
    static const struct wev_span inside[] = {{"parameters", 10}, {"entity", 6}, {"event", 5}};
    const struct wev_elem *root = wev_tree_load(l->pl.load, source);
    if (!wev_span_is(root->name, "profile")) {
        wev_fail(l->pl.load, WEV_E_SYNTAX, root->line, "the root is \"%.*s\", not profile", (int)root->name.n, root->name.p);
    }
    for (const struct wev_elem *e = root->kids; e; e = e->next) {
        if (wev_span_is(e->name, "parameters")) {
            read_parameters(l, e);
        } else if (wev_span_is(e->name, "entity")) {
            read_entity(l, e);
        } else if (wev_span_is(e->name, "event")) {
            static const char *const allowed[] = {"provider", "id", "version", "weight", NULL};
            wev_tree_only_attrs(l->pl.load, e, allowed);
            if (l->block_count == BLOCKS_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d event blocks", (int)BLOCKS_MAX); }
            bool any = is_any(wev_tree_attr(e, "provider")) && is_any(wev_tree_attr(e, "id"));
            l->blocks[l->block_count++] = (struct block){e, l->pl.load->file, any, 0};
        } else {
            unknown(l, e->line, "element in profile", e->name, inside, WEV_COUNT(inside));
        }
    }
}

// ---- events

// A list separated by blanks, or `*`, or nothing.
static bool lists(struct wev_span list, struct wev_span word)
{
    if (is_any(list)) { return true; }
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

static void add_item(struct loader *l, const struct block *b, const struct wev_elem *e, int kind)
{
    struct wev_span name = kind == ITEM_REQUIRE ? wev_tree_attr(e, "ref") : name_of(l, e);
    size_t k = 0;
    while (k < l->item_count && !((int)l->items[k].kind == kind && wev_span_eq(l->items[k].name, name))) { k++; }
    if (k == ITEMS_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d settings for one event", (int)ITEMS_MAX); }
    l->items[k].elem = e;
    l->items[k].block = b;
    l->items[k].name = name;
    l->items[k].kind = kind == ITEM_LET ? ITEM_LET : kind == ITEM_HEADER ? ITEM_HEADER : kind == ITEM_FIELD ? ITEM_FIELD
                     : kind == ITEM_RULE ? ITEM_RULE : ITEM_REQUIRE;
    if (k == l->item_count) { l->item_count++; }
}

static void gather(struct loader *l, const struct wev_event_def *d, struct wev_event_profile *p)
{
    static const struct wev_span inside[] = {{"let", 3}, {"header", 6}, {"field", 5}, {"rule", 4}, {"require", 7}};
    l->item_count = 0;
    p->weight = 1;
    for (size_t k = 0; k < l->block_count; k++) {
        struct block *b = &l->blocks[k];
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
            if (kind == WEV_COUNT(inside)) { unknown(l, i->line, "element in event", i->name, inside, WEV_COUNT(inside)); }
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

static void shape_let(struct loader *l, struct wev_let *let, const struct wev_elem *e)
{
    const struct wev_elem *record = first_record(e);
    size_t n = 0;
    if (!record) { wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "<let> needs an entity or records"); }
    for (const struct wev_elem *k = record->kids; k; k = k->next) { n += wev_span_is(k->name, "attr"); }
    struct wev_span *names = WEV_NEW_N(l->pl.load->arena, n + 1, struct wev_span);
    uint8_t *types = WEV_NEW_N(l->pl.load->arena, n + 1, uint8_t);
    for (const struct wev_elem *k = record->kids; k; k = k->next) {
        if (!wev_span_is(k->name, "attr")) { continue; }
        names[let->name_count] = name_of(l, k);
        types[let->name_count++] = wev_profile_type(&l->pl, k);
    }
    let->names = names;
    let->types = types;
    let->name = name_of(l, e);
    let->path = wev_profile_path(0, "let", let->name);
}

static void fill_record(struct loader *l, const struct wev_place *event, struct wev_let *let, struct wev_record *r,
                        const struct wev_elem *e, uint64_t path)
{
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
        if (wev_span_is(k->name, "link")) { links[r->link_count++] = link_of(l, k, path); }
    }
    uint32_t link = 0, found = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "link")) {
            if (holds_generator(k)) { links[link].index = wev_profile_node(&l->pl, &at, k, WEV_T_UINT64, links[link].path); }
            link++;
            continue;
        }
        struct wev_span name = wev_span_is(k->name, "attr") ? name_of(l, k) : k->name;
        uint32_t n = 0;
        while (n < let->name_count && !wev_span_eq(let->names[n], name)) { n++; }
        if (n == let->name_count || attrs[n].node) { unknown(l, k->line, "attribute of this let", name, let->names, let->name_count); }
        uint64_t own = wev_profile_path(path, "attr", name);
        attrs[n] = (struct wev_attr){.name = name, .path = own, .type = let->types[n],
            .open = wev_span_is(wev_tree_attr(k, "open"), "yes"), .node = wev_profile_node(&l->pl, &at, k, let->types[n], own)};
        found++;
    }
    if (found != let->name_count) {
        wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "a record of %u attributes in let \"%.*s\", whose first record has %u", found,
                 (int)let->name.n, let->name.p, let->name_count);
    }
}

static void fill_let(struct loader *l, const struct wev_place *at, struct wev_let *let, const struct wev_elem *e)
{
    const struct wev_elem **found = WEV_NEW_N(l->pl.load->arena, RECORDS_MAX, const struct wev_elem *);
    if (!e->kids || e->kids->next) { wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "<let> holds one choice, switch or record"); }
    let->pick = wev_profile_pick(&l->pl, at, e->kids, let->path, found, &let->record_count);
    struct wev_record *records = WEV_NEW_N(l->pl.load->arena, let->record_count, struct wev_record);
    let->records = records;
    for (uint32_t k = 0; k < let->record_count; k++) {
        char ordinal[8] = {(char)('a' + k % 26), (char)('a' + k / 26 % 26), (char)('a' + k / 676 % 26), 0};
        fill_record(l, at, let, &records[k], found[k], wev_profile_path(let->path, "record", wev_span_of(ordinal)));
    }
}

static int field_index(const struct wev_event_def *d, struct wev_span name)
{
    for (size_t k = 0; k < d->body->field_count; k++) {
        if (wev_span_eq(d->body->fields[k].name, name) && !d->body->fields[k].field_count) { return (int)k; }
    }
    return -1;
}

static int header_index(struct wev_span name)
{
    for (int h = 0; h < WEV_H_COUNT; h++) {
        if (wev_span_is(name, wev_header_names[h])) { return h; }
    }
    return -1;
}

static void fill_rule(struct loader *l, const struct wev_place *at, struct wev_rule *r, const struct wev_elem *e)
{
    size_t n[3] = {0, 0, 0}, m[3] = {0, 0, 0};
    struct wev_cond *conds[3];
    static const struct wev_span names[3] = {{"if", 2}, {"then", 4}, {"else", 4}};
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        size_t which = 0;
        while (which < 3 && !wev_span_eq(k->name, names[which])) { which++; }
        if (which == 3) { unknown(l, k->line, "element in rule", k->name, names, 3); }
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
    *r = (struct wev_rule){.name = name_of(l, e), .text = wev_tree_attr(e, "text"), .source = wev_tree_attr(e, "source"),
        .when = conds[0], .then = conds[1], .otherwise = conds[2], .when_count = (uint32_t)n[0], .then_count = (uint32_t)n[1],
        .otherwise_count = (uint32_t)n[2]};
}

// A field that a block for all events names may be missing, or of a type that its generator cannot give.
static bool fits(struct loader *l, const struct item *i, const struct wev_event_def *d, const struct wev_place *at)
{
    int f = i->kind == ITEM_FIELD ? field_index(d, i->name) : 0;
    if (f < 0) { return false; }
    if (!i->block->any) { return true; }
    if (!wev_profile_names(&l->pl, at, i->elem)) { return false; }
    if (i->kind != ITEM_FIELD) { return true; }
    struct wev_span type = wev_tree_attr(i->elem, "type");
    return !type.p || wev_profile_type(&l->pl, i->elem) == d->body->fields[f].type;
}

static void fill_item(struct loader *l, const struct wev_place *at, struct wev_event_profile *p, const struct item *i,
                      const struct wev_node **fields, struct wev_cond *require, struct wev_rule *rules)
{
    l->pl.load->file = i->block->file;
    int index;
    switch (i->kind) {
    case ITEM_LET: break;
    case ITEM_HEADER:
        index = header_index(i->name);
        if (index < 0) {
            struct wev_span names[WEV_H_COUNT];
            for (int h = 0; h < WEV_H_COUNT; h++) { names[h] = wev_span_of(wev_header_names[h]); }
            unknown(l, i->elem->line, "header", i->name, names, WEV_H_COUNT);
        }
        p->header[index] = wev_profile_node(&l->pl, at, i->elem, wev_header_types[index], wev_profile_path(0, "header", i->name));
        break;
    case ITEM_FIELD:
        index = field_index(at->def, i->name);
        fields[index] = wev_profile_node(&l->pl, at, i->elem, at->def->body->fields[index].type, wev_profile_path(0, "field", i->name));
        break;
    case ITEM_RULE: fill_rule(l, at, &rules[p->rule_count++], i->elem); break;
    case ITEM_REQUIRE: require[p->require_count++] = wev_profile_cond(&l->pl, at, i->elem); break;
    }
}

static void fill_event(struct loader *l, struct wev_event_def *d)
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
            links[p->link_count++] = link_of(l, i->elem, 0);
        }
    }
    uint32_t link = 0, let = 0;
    for (size_t k = 0; k < l->item_count; k++) {
        const struct item *i = &l->items[k];
        if (i->kind != ITEM_LET) { continue; }
        l->pl.load->file = i->block->file;
        if (is_record_let(i->elem)) {
            fill_let(l, &at, &lets[let++], i->elem);
        } else {
            if (holds_generator(i->elem)) { links[link].index = wev_profile_node(&l->pl, &at, i->elem, WEV_T_UINT64, links[link].path); }
            link++;
        }
    }
    for (size_t k = 0; k < l->item_count; k++) {
        l->pl.load->file = l->items[k].block->file;
        if (l->items[k].kind != ITEM_LET && fits(l, &l->items[k], d, &at)) { fill_item(l, &at, p, &l->items[k], fields, require, rules); }
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
}

// A block that names its events must meet one, and each field that it names must be in one of them.
static void check_block(struct loader *l, const struct block *b, const struct wev_event_def *events, size_t count)
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
        struct wev_span name = name_of(l, e), near = {NULL, 0};
        bool found = false;
        for (size_t k = 0; k < count && !found; k++) {
            const struct wev_event_def *d = &events[k];
            if (!lists(provider, d->provider->name) || !lists_number(id, d->id) || !lists_number(version, d->version)) { continue; }
            found = field_index(d, name) >= 0;
            for (size_t f = 0; f < d->body->field_count && !near.p; f++) { near = wev_nearest(name, &d->body->fields[f].name, 1); }
        }
        if (!found) {
            wev_fail(l->pl.load, WEV_E_SYNTAX, e->line, "no such event has a field \"%.*s\"%s%.*s%s", (int)name.n, name.p,
                     near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
        }
    }
}

struct wev_profile *wev_profile_load(struct wev_load *load, const struct wev_source *profiles, size_t profile_count,
                                     struct wev_event_def *events, size_t event_count)
{
    struct wev_arena *a = load->arena;
    struct loader l = {.pl = {.load = load}};
    l.pl.profile = WEV_NEW(a, struct wev_profile);
    l.pl.entities = WEV_NEW_N(a, ENTITIES_MAX + 1, struct wev_entity);
    l.pl.profile->entities = l.pl.entities;
    l.entity_elems = WEV_NEW_N(a, ENTITIES_MAX + 1, const struct wev_elem *);
    l.entity_files = WEV_NEW_N(a, ENTITIES_MAX + 1, const char *);
    l.blocks = WEV_NEW_N(a, BLOCKS_MAX, struct block);
    l.items = WEV_NEW_N(a, ITEMS_MAX + 1, struct item);
    for (size_t k = 0; k < profile_count; k++) {
        struct wev_source own = profiles[k];
        own.name = wev_arena_text(a, wev_span_of(own.name)).p; // messages name it after the caller's copy is gone
        read_file(&l, &own);
    }
    for (size_t k = 0; k < l.pl.profile->entity_count; k++) { shape_entity(&l, k); }
    for (size_t k = 0; k < l.pl.profile->entity_count; k++) { fill_entity(&l, k); }
    wev_profile_check_recursion(&l.pl, NULL);
    for (size_t k = 0; k < event_count; k++) {
        fill_event(&l, &events[k]);
        wev_profile_check_recursion(&l.pl, &events[k]);
    }
    for (size_t k = 0; k < l.block_count; k++) { check_block(&l, &l.blocks[k], events, event_count); }
    return l.pl.profile;
}

struct wev_span wev_profile_parameter(const struct wev_profile *p, uint64_t id)
{
    size_t low = 0, high = p->parameter_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (p->parameters[mid].id < id) { low = mid + 1; } else { high = mid; }
    }
    return low < p->parameter_count && p->parameters[low].id == id ? p->parameters[low].text : (struct wev_span){NULL, 0};
}
