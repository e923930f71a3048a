// Profiles: reads the files, in order, and resolves the entities; profile_event.c does the events.
#include "schema/profile_load.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_MAX = 4096, ENTITIES_MAX = 256, PARAMETERS_MAX = 65536, STORIES_MAX = 256, PINS_MAX = 1024 };

struct loader {
    struct wev_profile_load pl;
    struct wev_profile_block *blocks;
    size_t block_count;
    const struct wev_elem **entity_elems;
    const char **entity_files;
    struct wev_story_elem *stories, *pins; // in file order
    size_t story_count, pin_count;
};

struct wev_span wev_profile_name(struct wev_profile_load *pl, const struct wev_elem *e)
{
    struct wev_span s = wev_tree_attr(e, "name");
    if (!s.n) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> without a name", (int)e->name.n, e->name.p); }
    return s;
}

// ---- entities

static size_t entity_find(const struct wev_profile_load *pl, struct wev_span name)
{
    size_t k = 0;
    while (k < pl->profile->entity_count && !wev_span_eq(pl->entities[k].name, name)) { k++; }
    return k;
}

size_t wev_profile_entity(struct wev_profile_load *pl, const struct wev_elem *e)
{
    struct wev_span target = wev_profile_need(pl, e, "entity"), names[ENTITIES_MAX];
    size_t k = entity_find(pl, target);
    if (k < pl->profile->entity_count) { return k; }
    for (size_t m = 0; m < k; m++) { names[m] = pl->entities[m].name; }
    wev_profile_unknown(pl, e->line, "entity", target, names, k);
}

static void read_entity(struct loader *l, const struct wev_elem *e)
{
    static const char *const attrs[] = {"name", "count", NULL};
    wev_tree_only_attrs(l->pl.load, e, attrs);
    struct wev_span name = wev_profile_name(&l->pl, e), count = wev_tree_attr(e, "count");
    size_t k = entity_find(&l->pl, name);
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

struct wev_link wev_profile_link(struct wev_profile_load *pl, const struct wev_elem *e, uint64_t parent)
{
    static const char *const allowed[] = {"name", "entity", "value", "ref", "source", "each", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
    size_t k = wev_profile_entity(pl, e);
    struct wev_span name = wev_profile_name(pl, e);
    return (struct wev_link){.name = name, .entity = (uint16_t)k, .path = wev_profile_path(parent, "link", name),
                             .each = wev_profile_each(pl, e)};
}

bool wev_profile_holds(const struct wev_elem *e)
{
    return e->kids || wev_tree_attr(e, "ref").p || wev_tree_attr(e, "value").p;
}

struct wev_attr wev_profile_attr(struct wev_profile_load *pl, const struct wev_elem *e, uint64_t parent)
{
    static const char *const allowed[] = {"name", "type", "open", "like", "value", "ref", "pattern", "source", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
    struct wev_span name = wev_profile_name(pl, e), like = wev_tree_attr(e, "like");
    bool open = wev_profile_flag(pl, e, "open", "yes", "no");
    if (like.p && !open) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "like=\"%.*s\" without open=\"yes\"", (int)(like.n > 100 ? 100 : like.n), like.p); }
    return (struct wev_attr){.name = name, .path = wev_profile_path(parent, "attr", name), .type = wev_profile_type(pl, e),
                             .open = open, .like = like};
}

_Noreturn static void twice(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_span name)
{
    wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> \"%.*s\" twice", (int)e->name.n, e->name.p, (int)name.n, name.p);
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
            links[entity->link_count++] = wev_profile_link(&l->pl, k, parent);
        } else if (wev_span_is(k->name, "attr")) {
            struct wev_attr a = wev_profile_attr(&l->pl, k, parent);
            for (uint32_t m = 0; m < entity->attr_count; m++) {
                if (wev_span_eq(attrs[m].name, a.name)) { twice(&l->pl, k, a.name); }
            }
            attrs[entity->attr_count++] = a;
        } else {
            wev_profile_unknown(&l->pl, k->line, "element in entity", k->name, (const struct wev_span[]){WEV_SPAN("link"), WEV_SPAN("attr")}, 2);
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
            if (wev_profile_holds(k)) { links[link].index = wev_profile_node(&l->pl, &at, k, WEV_T_UINT64, links[link].path); }
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
    static const char *const allowed[] = {"file", NULL};
    wev_tree_only_attrs(l->pl.load, e, allowed);
    struct wev_profile *p = l->pl.profile;
    struct wev_pool pool = wev_pool_load(&l->pl, wev_profile_need(&l->pl, e, "file"), WEV_SPAN("value"), WEV_T_UNICODE_STRING, true, e->line);
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

bool wev_profile_any(struct wev_span s)
{
    return !s.p || wev_span_is(s, "*");
}

// A scenario of an earlier one's name replaces it.
static void read_story(struct loader *l, const struct wev_elem *e)
{
    struct wev_span name = wev_profile_name(&l->pl, e);
    size_t k = 0;
    while (k < l->story_count && !wev_span_eq(wev_tree_attr(l->stories[k].elem, "name"), name)) { k++; }
    if (k == STORIES_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d scenarios", (int)STORIES_MAX); }
    l->stories[k] = (struct wev_story_elem){e, l->pl.load->file};
    l->story_count += k == l->story_count;
}

static void read_pin(struct loader *l, const struct wev_elem *e)
{
    if (l->pin_count == PINS_MAX) { wev_fail(l->pl.load, WEV_E_LIMIT, e->line, "more than %d pins", (int)PINS_MAX); }
    l->pins[l->pin_count++] = (struct wev_story_elem){e, l->pl.load->file};
}

static void read_file(struct loader *l, const struct wev_source *source)
{
    static const struct wev_span inside[] = {{"parameters", 10}, {"entity", 6}, {"event", 5}, {"scenario", 8}, {"calendar", 8},
                                             {"count", 5}, {"pin", 3}};
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
            bool any = wev_profile_any(wev_tree_attr(e, "provider")) && wev_profile_any(wev_tree_attr(e, "id"));
            l->blocks[l->block_count++] = (struct wev_profile_block){e, l->pl.load->file, any, 0};
        } else if (wev_span_is(e->name, "scenario")) {
            read_story(l, e);
        } else if (wev_span_is(e->name, "calendar")) {
            l->pl.profile->calendar = wev_profile_calendar(&l->pl, e);
        } else if (wev_span_is(e->name, "count")) {
            wev_profile_count(&l->pl, e);
        } else if (wev_span_is(e->name, "pin")) {
            read_pin(l, e);
        } else {
            wev_profile_unknown(&l->pl, e->line, "element in profile", e->name, inside, WEV_COUNT(inside));
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
    l.blocks = WEV_NEW_N(a, BLOCKS_MAX, struct wev_profile_block);
    l.stories = WEV_NEW_N(a, STORIES_MAX + 1, struct wev_story_elem);
    l.pins = WEV_NEW_N(a, PINS_MAX, struct wev_story_elem);
    for (size_t k = 0; k < profile_count; k++) {
        struct wev_source own = profiles[k];
        own.name = wev_arena_text(a, wev_span_of(own.name)).p; // messages name it after the caller's copy is gone
        read_file(&l, &own);
    }
    for (size_t k = 0; k < l.pl.profile->entity_count; k++) { shape_entity(&l, k); }
    for (size_t k = 0; k < l.pl.profile->entity_count; k++) { fill_entity(&l, k); }
    for (size_t k = 0; k < l.pin_count; k++) {
        load->file = l.pins[k].file;
        wev_profile_pin(&l.pl, l.pins[k].elem);
    }
    wev_profile_check_recursion(&l.pl, NULL);
    wev_profile_events(&l.pl, l.blocks, l.block_count, events, event_count);
    wev_profile_stories(&l.pl, l.stories, l.story_count, l.blocks, l.block_count, events, event_count);
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
