// What a world file fixes: counts and names of entities; and what names a part of an entity. Knows no events.
#include "schema/profile_load.h"

// "1s", "10h36m", "250ms": to 100 ns.
uint64_t wev_profile_duration(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, uint64_t none)
{
    static const struct { const char *unit; uint64_t hundred_ns; } units[] = {
        {"us", 10}, {"ms", 10000}, {"s", 10000000}, {"m", 600000000}, {"h", 36000000000}, {"d", 864000000000}};
    struct wev_span s = wev_tree_attr(e, attr), rest = s;
    uint64_t total = 0;
    if (!s.p) { return none; }
    bool good = s.n > 0;
    while (good && rest.n > 0) {
        size_t n = 0, u = 0, m = 0;
        uint64_t v = 0;
        while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9') { n++; }
        while (n + m < rest.n && rest.p[n + m] >= 'a' && rest.p[n + m] <= 'z') { m++; }
        while (u < WEV_COUNT(units) && !wev_span_is((struct wev_span){rest.p + n, m}, units[u].unit)) { u++; }
        good = n > 0 && u < WEV_COUNT(units) && wev_span_u64((struct wev_span){rest.p, n}, &v) && v < 1000000;
        if (good) { total += v * units[u].hundred_ns; }
        rest.p += n + m;
        rest.n -= n + m;
    }
    if (!good) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is not a duration such as 10h36m", attr, (int)s.n, s.p); }
    return total;
}

static struct wev_attr *find_attr(struct wev_profile_load *pl, const struct wev_entity *entity, const struct wev_elem *e, struct wev_span name)
{
    struct wev_span names[64];
    uint32_t k = 0, m = 0;
    while (k < entity->attr_count && !wev_span_eq(entity->attrs[k].name, name)) { k++; }
    for (; m < entity->attr_count && m < WEV_COUNT(names); m++) { names[m] = entity->attrs[m].name; }
    if (k == entity->attr_count) { wev_profile_unknown(pl, e->line, "attribute", name, names, m); }
    return (struct wev_attr *)(uintptr_t)&entity->attrs[k];
}

// The entity's attributes may not be filled yet: what the name means is found when the plan is made.
void wev_profile_among(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_node *n)
{
    n->entity = (uint16_t)wev_profile_entity(pl, e);
    const struct wev_entity *entity = &pl->profile->entities[n->entity];
    const struct wev_attr *attr = find_attr(pl, entity, e, wev_profile_need(pl, e, "attr"));
    n->attr = (uint16_t)(attr - entity->attrs);
    n->value = wev_pool_literal(pl, wev_profile_need(pl, e, "is"), attr->type, e->line);
}

void wev_profile_count(struct wev_profile_load *pl, const struct wev_elem *e)
{
    static const char *const allowed[] = {"entity", "value", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
    size_t k = wev_profile_entity(pl, e);
    uint64_t n = wev_profile_number(pl, e, "value", 0);
    if (!n) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<count> needs a value of 1 or more"); }
    pl->entities[k].count = n;
}

// The names themselves, each in an element <is>.
static uint32_t pinned_values(struct wev_profile_load *pl, const struct wev_elem *e, uint8_t type, const struct wev_value **out)
{
    uint32_t n = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) { n++; }
    struct wev_value *values = WEV_NEW_N(pl->load->arena, n + 1, struct wev_value);
    n = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (!wev_span_is(k->name, "is")) { wev_profile_unknown_word(pl, k->line, "element in pin", k->name, (const char *const[]){"is"}, 1); }
        values[n++] = wev_pool_literal(pl, wev_span_trim(k->text), type, k->line);
    }
    *out = values;
    return n;
}

// Names of an entity's first ones, or of the first ones that have an attribute's value; the rest stay as they were.
void wev_profile_pin(struct wev_profile_load *pl, const struct wev_elem *e)
{
    static const char *const allowed[] = {"entity", "attr", "value", "file", "column", "where", "is", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
    size_t index = wev_profile_entity(pl, e);
    const struct wev_entity *entity = &pl->entities[index];
    struct wev_attr *attr = find_attr(pl, entity, e, wev_profile_need(pl, e, "attr"));
    struct wev_span value = wev_tree_attr(e, "value"), file = wev_tree_attr(e, "file"), column = wev_tree_attr(e, "column");
    if ((value.p ? 1 : 0) + (file.p ? 1 : 0) + (e->kids ? 1 : 0) != 1) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<pin> needs one of value, file, and <is> inside");
    }
    struct wev_node *n = wev_profile_new(pl, e, WEV_G_PINNED, attr->type, attr->path);
    wev_profile_kids(pl, n, 1)[0] = attr->node;
    n->unique = true; // every value is given
    if (value.p) {
        struct wev_value *one = WEV_NEW(pl->load->arena, struct wev_value);
        *one = wev_pool_literal(pl, value, attr->type, e->line);
        n->values = one;
        n->value_count = 1;
    } else if (file.p) {
        struct wev_pool pool = wev_pool_load(pl, file, column.p ? column : WEV_SPAN("value"), attr->type, false, e->line);
        n->values = pool.values;
        n->value_count = pool.count;
    } else {
        n->value_count = pinned_values(pl, e, attr->type, &n->values);
    }
    struct wev_span where = wev_tree_attr(e, "where");
    n->attr = UINT16_MAX;
    if (where.p) {
        const struct wev_attr *role = find_attr(pl, entity, e, where);
        n->entity = (uint16_t)index;
        n->attr = (uint16_t)(role - entity->attrs);
        n->value = wev_pool_literal(pl, wev_profile_need(pl, e, "is"), role->type, e->line);
        if (role->node->gen != WEV_G_SHARES) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "where names no <shares>"); }
    }
    if (n->value_count > entity->count) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%u names for %llu of the entity \"%.*s\"", n->value_count,
                 (unsigned long long)entity->count, (int)entity->name.n, entity->name.p);
    }
    attr->node = n;
}
