// What depends on how many there are of an entity, and on whether there is a world at all.
#include "gen/plan_build.h"

#include <inttypes.h>
#include <stdio.h>

// Index from which on kid k+1 follows. With as many indices as kids, each kid has one.
static uint64_t until(const struct wev_node *n, uint64_t count, uint32_t k, uint64_t before)
{
    uint64_t total = 0, sum = 0;
    for (uint32_t m = 0; m < n->kid_count; m++) {
        total += n->weights[m];
        sum += m <= k ? n->weights[m] : 0;
    }
    uint64_t at = (uint64_t)((wev_u128)count * sum / total);
    if (count < n->kid_count) { return at; }
    uint64_t last = count - (n->kid_count - 1 - k);
    at = at > before ? at : before + 1;
    return at < last ? at : last;
}

void wev_plan_shares(struct compile *c, const struct wev_node *n, const struct wev_entity *entity, struct wev_step *op)
{
    uint64_t count = wev_world_count(c->plan->world, entity), before = 0;
    uint64_t *bounds = WEV_NEW_N(c->arena, n->kid_count, uint64_t);
    struct wev_value *values = WEV_NEW_N(c->arena, n->kid_count, struct wev_value);
    for (uint32_t k = 0; k < n->kid_count; k++) {
        bounds[k] = before = until(n, count, k, before);
        values[k] = wev_plan_intern(c, n->kids[k]->value);
    }
    op->count = n->kid_count;
    op->is.shares.until = bounds;
    op->is.shares.values = values;
}

// The indices [low, high) whose attribute gives `wanted`.
static void part_of(struct compile *c, const struct wev_entity *entity, uint16_t attr, const struct wev_value *wanted, uint64_t *low,
                    uint64_t *high)
{
    const struct wev_node *n = entity->attrs[attr].node;
    const struct wev_compare same = {.op = WEV_OP_EQ};
    uint64_t count = wev_world_count(c->plan->world, entity), at = 0;
    char what[300];
    if (n->gen != WEV_G_SHARES) { wev_plan_stop(c, WEV_E_SYNTAX, "<among> names an attribute that is not <shares>"); }
    for (uint32_t k = 0; k < n->kid_count; k++) {
        *low = at;
        *high = at = until(n, count, k, at);
        if (*high > *low && wev_compare_holds(&same, &n->kids[k]->value, wanted)) { return; }
    }
    snprintf(what, sizeof(what), "none of the %" PRIu64 " of the entity \"%.*s\" has %.*s \"%.*s\"", count,
             (int)(entity->name.n < 60 ? entity->name.n : 60), entity->name.p, (int)(entity->attrs[attr].name.n < 60 ? entity->attrs[attr].name.n : 60),
             entity->attrs[attr].name.p, is_text(wanted->type) ? (int)(wanted->n < 60 ? wanted->n : 60) : 1, is_text(wanted->type) ? wanted->is.text : "?");
    wev_plan_stop(c, WEV_E_ARGUMENT, what);
}

void wev_plan_among(struct compile *c, const struct wev_node *n, struct wev_step *op)
{
    uint64_t low, high;
    part_of(c, &c->schema->profile->entities[n->entity], n->attr, &n->value, &low, &high);
    op->gen = WEV_G_INT;
    op->is.range.min = low;
    op->is.range.steps = high - low - 1;
    op->is.range.step = 1;
}

void wev_plan_pinned(struct compile *c, const struct wev_node *n, const struct wev_entity *entity, struct wev_step *op)
{
    op->is.pinned.low = 0;
    op->is.pinned.high = wev_world_count(c->plan->world, entity);
    if (n->attr != UINT16_MAX) { part_of(c, entity, n->attr, &n->value, &op->is.pinned.low, &op->is.pinned.high); }
    op->is.pinned.values = n->values;
    op->is.pinned.count = n->value_count;
}

void wev_plan_frame(struct compile *c)
{
    bool world = c->plan->world;
    for (unsigned k = 0; k < WEV_SLOT_FIRST; k++) {
        bool clock = k == WEV_SLOT_MOMENT && !world;
        c->shared[k] = (struct wev_step){.gen = clock ? WEV_G_CLOCK : world ? WEV_G_FRAME : WEV_G_VALUE,
                                         .type = k == WEV_SLOT_MOMENT ? WEV_T_FILETIME : WEV_T_UINT64};
        if (!world && !clock) { c->shared[k].is.value = number(WEV_T_UINT64, 0); }
    }
}
