// Events in profiles: what one event takes over from another, so that a scenario's step costs what it changes, and a second event
// what is its own.
#include "schema/profile_merge.h"

#include <string.h>

static bool same_let(const struct wev_let *a, const struct wev_let *b)
{
    bool same = wev_span_eq(a->name, b->name) && a->name_count == b->name_count;
    for (uint32_t k = 0; same && k < a->name_count; k++) { same = wev_span_eq(a->names[k], b->names[k]) && a->types[k] == b->types[k]; }
    return same;
}

// Names lead to the same places in both.
static bool same_shape(const struct wev_event_profile *a, const struct wev_event_profile *b)
{
    bool same = a->link_count == b->link_count && a->let_count == b->let_count;
    for (uint32_t k = 0; same && k < a->link_count; k++) {
        same = wev_span_eq(a->links[k].name, b->links[k].name) && a->links[k].entity == b->links[k].entity;
    }
    for (uint32_t k = 0; same && k < a->let_count; k++) { same = same_let(&a->lets[k], &b->lets[k]); }
    return same;
}

static const struct wev_rule *rule_named(const struct wev_event_profile *p, struct wev_span name)
{
    for (uint32_t k = 0; k < p->rule_count; k++) {
        if (wev_span_eq(p->rules[k].name, name)) { return &p->rules[k]; }
    }
    return NULL;
}

// A field of d has a name that elsewhere is that of something else, so that names may mean other things in d.
static bool shadows(const struct wev_event_def *d, const struct wev_event_profile *p)
{
    for (size_t k = 0; k < d->body->field_count; k++) {
        struct wev_span name = d->body->fields[k].name;
        bool hides = memchr(name.p, '.', name.n) || wev_profile_header_index(name) >= 0 || wev_span_is(name, "unit");
        for (uint32_t m = 0; m < p->let_count; m++) { hides |= wev_span_eq(p->lets[m].name, name); }
        if (hides) { return true; }
    }
    return false;
}

static bool has_item(const struct made *x, size_t k, const struct item *i)
{
    return x->profile && k < x->item_count && x->items[k].elem == i->elem && x->items[k].kind == i->kind;
}

// The profile in which item k is what it is in this event; NULL: it has to be read. Of another event's, links, lets and
// headers are so that name no field.
const struct wev_event_profile *wev_share_from(struct merger *l, size_t k)
{
    struct item *i = &l->items[k];
    for (size_t m = 0; m < WEV_COUNT(l->made); m++) {
        if (!has_item(&l->made[m], k, i)) { continue; }
        i->of_fields = l->made[m].items[k].of_fields;
        return l->made[m].profile;
    }
    if (!has_item(&l->other, k, i) || l->other.items[k].of_fields) { return NULL; }
    bool is_header = i->kind == ITEM_HEADER && wev_profile_header_index(i->name) >= 0 && l->other.profile->header[wev_profile_header_index(i->name)];
    return i->kind == ITEM_LET || is_header ? l->other.profile : NULL;
}

// True: the item is as it was in `from`, or did not fit there.
bool wev_share_take(const struct wev_event_profile *from, const struct wev_event_def *d, struct wev_event_profile *p, const struct item *i,
                      const struct wev_node **fields, struct wev_rule *rules)
{
    int index = i->kind == ITEM_FIELD ? wev_profile_field_index(d, i->name) : i->kind == ITEM_HEADER ? wev_profile_header_index(i->name) : -1;
    const struct wev_rule *rule = i->kind == ITEM_RULE ? rule_named(from, i->name) : NULL;
    switch (i->kind) {
    case ITEM_FIELD: if (index >= 0) { fields[index] = from->fields[index]; } return true;
    case ITEM_HEADER: if (index >= 0) { p->header[index] = from->header[index]; } return index >= 0;
    case ITEM_RULE: if (rule) { rules[p->rule_count++] = *rule; } return true;
    case ITEM_LET: case ITEM_REQUIRE: break;
    }
    return false;
}

void wev_share_keep(struct merger *l, const struct wev_event_profile *p)
{
    struct item *items = WEV_NEW_N(l->pl.load->arena, l->item_count + 1, struct item);
    memcpy(items, l->items, l->item_count * sizeof(*items));
    l->kept = (struct made){p, items, l->item_count};
}

// What addresses an entity is a generator of this event alone, since values of this event may be in it.
static struct wev_link own_link(struct merger *l, const struct wev_link *from)
{
    struct wev_link link = *from;
    if (!from->index) { return link; }
    struct wev_node *own = WEV_NEW(l->pl.load->arena, struct wev_node);
    *own = *from->index;
    link.index = own;
    return link;
}

struct wev_link wev_share_link(struct merger *l, const struct wev_event_profile *from, const struct wev_link *link)
{
    return from == l->other.profile ? own_link(l, link) : *link;
}

struct wev_let wev_share_let(struct merger *l, const struct wev_event_profile *from, const struct wev_let *old)
{
    struct wev_let let = *old;
    if (from != l->other.profile) { return let; }
    struct wev_record *records = WEV_NEW_N(l->pl.load->arena, let.record_count, struct wev_record);
    for (uint32_t k = 0; k < let.record_count; k++) {
        records[k] = old->records[k];
        struct wev_link *links = WEV_NEW_N(l->pl.load->arena, records[k].link_count + 1u, struct wev_link);
        for (uint32_t m = 0; m < records[k].link_count; m++) { links[m] = own_link(l, &records[k].links[m]); }
        records[k].links = links;
    }
    let.records = records;
    return let;
}

void wev_share_begin(struct merger *l, const struct wev_event_def *d, const struct wev_event_profile *p)
{
    for (size_t m = 0; m < WEV_COUNT(l->made); m++) {
        if (l->made[m].profile && !same_shape(p, l->made[m].profile)) { l->made[m].profile = NULL; }
    }
    if (l->other.profile && (!same_shape(p, l->other.profile) || shadows(d, p))) { l->other.profile = NULL; }
}
