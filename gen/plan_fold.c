// What can be known before any event is made: tables of small entities, constants, and choices that an index decides.
#include "gen/plan_build.h"

#include <string.h>

enum { TABLE_MAX = 512, WORLD_TABLE_MAX = 1024 }; // entities up to this count become tables: 8 KiB an attribute

// A value out of scratch, where it would be gone with the next one.
static struct wev_value keep(struct compile *c, struct wev_value v)
{
    if (v.flags & WEV_F_ABSENT) { return v; }
    if (is_text(v.type) || v.type == WEV_T_FLOAT || v.type == WEV_T_DOUBLE || v.type == WEV_T_BINARY) {
        v.is.text = wev_arena_text(c->arena, (struct wev_span){v.is.text, v.n}).p;
    } else if (v.type == WEV_T_GUID) {
        struct wev_guid *g = WEV_NEW(c->arena, struct wev_guid);
        *g = *v.is.guid;
        v.is.guid = g;
    } else if (v.type == WEV_T_SID) {
        struct wev_sid *sid = WEV_NEW(c->arena, struct wev_sid);
        *sid = *v.is.sid;
        v.is.sid = sid;
    }
    return v;
}

// The plan is still ours.
static struct wev_step *kids_of(const struct wev_step *op)
{
    return (struct wev_step *)(uintptr_t)op->kids;
}

static void to_table(struct wev_step *op, uint16_t index, const struct wev_value *values, uint32_t count)
{
    op->gen = WEV_G_TABLE;
    op->slot = index;
    op->count = count;
    op->kids = NULL;
    op->tests = NULL;
    op->is.pool.alias = NULL;
    op->is.pool.values = values;
    op->is.pool.radix = 1;
}

// A reference to what never varies, or to a table, is that itself.
static bool fold_ref(const struct wev_step *to, struct wev_step *op)
{
    if (to->gen == WEV_G_VALUE) {
        op->gen = WEV_G_VALUE;
        op->is.value = to->is.value;
        op->is.value.type = op->type;
        return true;
    }
    if (to->gen != WEV_G_TABLE || to->type != op->type) { return false; }
    to_table(op, to->slot, to->is.pool.values, to->count);
    return true;
}

static bool is_alike(const struct wev_value *a, const struct wev_value *b, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) { // texts and the like by address
        if (a[k].type != b[k].type || a[k].flags != b[k].flags || a[k].digits != b[k].digits || a[k].n != b[k].n || a[k].is.u != b[k].is.u) { return false; }
    }
    return true;
}

// Steps of scenarios come to the same tables again and again: one is kept, and the room of the others, which the arena gave last,
// goes back to it.
static const struct wev_value *share_table(struct compile *c, const struct wev_value *values, uint32_t count, char *before)
{
    for (uint32_t k = 0; k < c->table_count; k++) {
        if (c->tables[k].count != count || !is_alike(c->tables[k].values, values, count)) { continue; }
        c->arena->at = before;
        return c->tables[k].values;
    }
    if (c->table_count < WEV_TABLES_MAX) { c->tables[c->table_count++] = (struct wev_plan_table){values, count}; }
    return values;
}

static bool fold_calc(struct compile *c, const struct wev_step *to, struct wev_step *op)
{
    if (op->slot2 || to->gen != WEV_G_TABLE) { return false; }
    char *before = c->arena->at;
    struct wev_value *values = WEV_NEW_N(c->arena, to->count, struct wev_value);
    for (uint32_t k = 0; k < to->count; k++) {
        uint64_t u = to->is.pool.values[k].is.u * op->is.calc.times + op->is.calc.plus;
        values[k] = (struct wev_value){.type = op->type, .is.u = op->is.calc.modulo ? u % op->is.calc.modulo : u};
    }
    to_table(op, to->slot, share_table(c, values, to->count, before), to->count);
    return true;
}

// NULL: not all kids are constants.
static const struct wev_value *constants(struct compile *c, const struct wev_step *op)
{
    for (uint32_t k = 0; k < op->count; k++) {
        if (op->kids[k].gen != WEV_G_VALUE) { return NULL; }
    }
    struct wev_value *values = WEV_NEW_N(c->arena, op->count, struct wev_value);
    for (uint32_t k = 0; k < op->count; k++) { values[k] = op->kids[k].is.value; }
    return values;
}

static bool fold_constants(struct compile *c, struct wev_step *op)
{
    const struct wev_value *values = constants(c, op);
    if (!values) { return false; }
    if (op->gen == WEV_G_LET) {
        to_table(op, op->slot, values, op->count);
        return true;
    }
    const struct wev_alias *alias = op->is.pick.alias;
    op->gen = WEV_G_POOL;
    op->kids = NULL;
    op->is.pool.alias = alias;
    op->is.pool.values = values;
    op->is.pool.radix = 1;
    return true;
}

static bool is_number(uint8_t type)
{
    return (type >= WEV_T_INT8 && type <= WEV_T_UINT64) || type == WEV_T_POINTER || type == WEV_T_HEX_INT32 ||
           type == WEV_T_HEX_INT64;
}

// Comparisons of a table with constants are known for every index: the index alone decides.
static void fold_compares(struct compile *c, const struct wev_plan_event *e, const struct wev_test *test)
{
    for (uint32_t k = 0; k < test->count; k++) {
        struct wev_compare *p = (struct wev_compare *)(uintptr_t)&test->compares[k];
        const struct wev_step *left = step_at(c, e, p->left);
        if (p->right || p->known) { continue; }
        p->number = p->count == 1 && (p->op == WEV_OP_EQ || p->op == WEV_OP_NE) &&
                    (is_number(p->values[0].type) || wev_plan_is_interned(c, e, left, 0)); // one address: one text
        if (left->gen != WEV_G_TABLE) { continue; }
        uint8_t *known = WEV_NEW_N(c->arena, left->count, uint8_t);
        for (uint32_t i = 0; i < left->count; i++) {
            known[i] = wev_compare_holds(p, &left->is.pool.values[i], p->values);
        }
        p->known = known;
        p->known_count = left->count;
        p->right = left->slot;
    }
}

// The slot whose value alone decides every case, 0: there is none.
static uint16_t decider(const struct wev_step *op)
{
    uint16_t index = 0;
    for (uint32_t k = 0; k + 1 < op->count; k++) {
        for (uint32_t m = 0; m < op->tests[k].count; m++) {
            const struct wev_compare *p = &op->tests[k].compares[m];
            if (!p->known || (index && p->right != index)) { return 0; }
            index = p->right;
        }
    }
    return index;
}

static uint32_t kid_for(const struct wev_step *op, uint32_t index)
{
    uint32_t k = 0;
    for (; k + 1 < op->count; k++) {
        const struct wev_test *t = &op->tests[k];
        uint32_t m = 0;
        while (m < t->count && t->compares[m].known[index]) { m++; }
        if (m == t->count) { break; }
    }
    return k;
}

// One number under one test, with two constants.
static bool fold_either(struct wev_step *op)
{
    const struct wev_test *test = &op->tests[0];
    if (op->count != 2 || test->count != 1 || !test->compares[0].number || test->compares[0].known) { return false; }
    if (op->kids[0].gen != WEV_G_VALUE || op->kids[1].gen != WEV_G_VALUE) { return false; }
    if (test->compares[0].op == WEV_OP_NE) {
        struct wev_step *kids = kids_of(op), first = kids[0];
        kids[0] = kids[1];
        kids[1] = first;
    }
    op->gen = WEV_G_EITHER;
    op->slot = test->compares[0].left;
    op->is.number = test->compares[0].values[0].is.u;
    op->tests = NULL;
    return true;
}

// The same slot under one number a case.
static bool fold_match(struct compile *c, struct wev_step *op)
{
    for (uint32_t k = 0; k + 1 < op->count; k++) {
        const struct wev_compare *p = op->tests[k].compares;
        if (op->tests[k].count != 1 || !p->number || p->known || p->op != WEV_OP_EQ || p->left != op->tests[0].compares[0].left) { return false; }
    }
    uint64_t *numbers = WEV_NEW_N(c->arena, op->count, uint64_t);
    for (uint32_t k = 0; k + 1 < op->count; k++) { numbers[k] = op->tests[k].compares[0].values[0].is.u; }
    op->gen = WEV_G_MATCH;
    op->slot = op->tests[0].compares[0].left;
    op->is.numbers = numbers;
    op->tests = NULL;
    return true;
}

// A switch that an index decides looks its case up; with nothing but constants and tables below it is one table.
static bool fold_switch(struct compile *c, const struct wev_plan_event *e, struct wev_step *op)
{
    for (uint32_t k = 0; k < op->count; k++) { fold_compares(c, e, &op->tests[k]); }
    uint16_t index = decider(op);
    if (!index || op->count > UINT8_MAX) { return fold_either(op) || fold_match(c, op); }
    uint32_t count = 0;
    for (uint32_t k = 0; k + 1 < op->count && !count; k++) {
        if (op->tests[k].count) { count = op->tests[k].compares[0].known_count; }
    }
    uint8_t *kid = WEV_NEW_N(c->arena, count, uint8_t);
    for (uint32_t i = 0; i < count; i++) { kid[i] = (uint8_t)kid_for(op, i); }
    op->gen = WEV_G_BRANCH;
    op->slot = index;
    op->tests = NULL;
    op->is.branch.kid = kid;
    op->is.branch.count = count;
    return true;
}

static bool fold_branch(struct compile *c, struct wev_step *op)
{
    for (uint32_t k = 0; k < op->count; k++) {
        const struct wev_step *kid = &op->kids[k];
        if (kid->gen != WEV_G_VALUE && (kid->gen != WEV_G_TABLE || kid->slot != op->slot)) { return false; }
    }
    uint32_t count = op->is.branch.count;
    char *before = c->arena->at;
    struct wev_value *values = WEV_NEW_N(c->arena, count, struct wev_value);
    for (uint32_t i = 0; i < count; i++) {
        const struct wev_step *kid = &op->kids[op->is.branch.kid[i]];
        values[i] = kid->gen == WEV_G_VALUE ? kid->is.value : kid->is.pool.values[i];
    }
    to_table(op, op->slot, share_table(c, values, count, before), count);
    return true;
}

static bool is_same(const struct wev_value *a, const struct wev_value *b)
{
    if (a->type != b->type || a->flags != b->flags || a->n != b->n) { return false; }
    if (is_text(a->type)) { return !a->n || !memcmp(a->is.text, b->is.text, a->n); }
    if (a->type == WEV_T_GUID) { return !memcmp(a->is.guid, b->is.guid, sizeof(struct wev_guid)); }
    return a->digits == b->digits && a->is.u == b->is.u; // others by address: at worst they stay a table
}

// Whether the version's own condition takes the entity of that number. `slot`: the index that it must be decided by.
static bool takes(const struct wev_test *require, uint16_t slot, uint32_t index)
{
    for (uint32_t m = 0; m < require->count; m++) {
        const struct wev_compare *p = &require->compares[m];
        if (p->known && p->right == slot && !p->known[index]) { return false; }
    }
    return true;
}

// A table that has one value for all entities that this version may happen on.
static bool fold_table(const struct wev_plan_event *e, struct wev_step *op)
{
    const struct wev_value *only = NULL;
    for (uint32_t i = 0; i < op->count; i++) {
        const struct wev_value *v = &op->is.pool.values[i];
        if (!takes(&e->require, op->slot, i)) { continue; }
        if (only && !is_same(only, v)) { return false; }
        only = v;
    }
    if (!only) { return false; }
    struct wev_value value = *only;
    op->gen = WEV_G_VALUE;
    op->is.value = value;
    op->is.value.type = op->type;
    return true;
}

// Replaces an op by a plainer one that gives the same value; true when it did.
static bool fold_step(struct compile *c, const struct wev_plan_event *e, struct wev_step *op)
{
    bool moved = false;
    for (uint32_t k = 0; op->kids && k < op->count; k++) { moved = fold_step(c, e, &kids_of(op)[k]) || moved; }
    switch (op->gen) {
    case WEV_G_REF: return fold_ref(step_at(c, e, op->slot), op) || moved;
    case WEV_G_CALC: return fold_calc(c, step_at(c, e, op->slot), op) || moved;
    case WEV_G_LET: case WEV_G_CHOICE: return fold_constants(c, op) || moved;
    case WEV_G_SWITCH: return fold_switch(c, e, op) || moved;
    case WEV_G_BRANCH: return fold_branch(c, op) || moved;
    case WEV_G_TABLE: return fold_table(e, op) || moved;
    default: return moved;
    }
}

static bool may_be_absent(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op, unsigned depth)
{
    if (depth > WEV_PLAN_DEPTH_MAX) { return true; }
    if (op->gen == WEV_G_VALUE) { return op->is.value.flags & WEV_F_ABSENT; }
    if (op->gen == WEV_G_REF) { return may_be_absent(c, e, step_at(c, e, op->slot), depth + 1); }
    for (uint32_t k = 0; op->kids && k < op->count; k++) {
        if (may_be_absent(c, e, &op->kids[k], depth + 1)) { return true; }
    }
    for (uint32_t k = 0; (op->gen == WEV_G_TABLE || op->gen == WEV_G_POOL) && k < op->count; k++) {
        if (op->is.pool.values[k].flags & WEV_F_ABSENT) { return true; }
    }
    return false;
}

// The attribute that shared slot k stands for, by every index of its entity: made once, whichever link leads there.
static const struct wev_value *table_of(struct compile *c, struct wev_state *st, uint32_t k, uint32_t count)
{
    const struct key *key = &c->keys[k];
    for (uint32_t m = 0; m < c->made_count; m++) {
        if (c->made[m].what == key->what) { return c->made[m].values; }
    }
    struct wev_value *values = WEV_NEW_N(c->arena, count, struct wev_value);
    for (uint32_t i = 0; i < count; i++) { values[i] = keep(c, wev_values_shared(st, (uint16_t)k, key->index, i)); }
    if (c->made_count < WEV_MADE_MAX) { c->made[c->made_count++] = (struct made){key->what, values}; }
    return values;
}

// Attributes of one entity are functions of its index: small entities become tables, single ones values.
void wev_plan_tabulate(struct compile *c, struct wev_state *st)
{
    const struct wev_value *made[WEV_LOCAL] = {NULL};
    uint64_t most = c->plan->world ? WORLD_TABLE_MAX : TABLE_MAX;
    for (uint32_t k = WEV_SLOT_FIRST; k < c->shared_count; k++) {
        const struct key *key = &c->keys[k];
        const struct wev_step *link = key->index ? &c->shared[key->index] : NULL;
        if (!link || link->gen != WEV_G_LINK || c->shared[k].gen == WEV_G_LINK || link->is.range.steps > most) { continue; }
        made[k] = table_of(c, st, k, (uint32_t)link->is.range.steps);
    }
    for (uint32_t k = WEV_SLOT_FIRST; k < c->shared_count; k++) {
        if (!made[k]) { continue; }
        const struct wev_step *link = &c->shared[c->keys[k].index];
        struct wev_step op = {.gen = WEV_G_TABLE, .type = c->shared[k].type, .slot = c->keys[k].index};
        op.is.pool.values = made[k];
        op.count = (uint32_t)link->is.range.steps;
        if (op.count == 1) {
            op = (struct wev_step){.gen = WEV_G_VALUE, .type = op.type};
            op.is.value = made[k][0];
        }
        c->shared[k] = op;
    }
}

void wev_plan_fold(struct compile *c, struct wev_plan_event *e)
{
    struct wev_step *locals = (struct wev_step *)(uintptr_t)e->locals;
    bool moved = true;
    fold_compares(c, e, &e->require);
    for (unsigned round = 0; moved && round < WEV_PLAN_DEPTH_MAX; round++) {
        moved = false;
        for (uint32_t k = 0; k < e->local_count; k++) { moved = fold_step(c, e, &locals[k]) || moved; }
    }
}

// What the choice of the version has evaluated is not evaluated again.
static void drop_need(const struct wev_plan_event *e, uint16_t slot)
{
    struct wev_plan_event *event = (struct wev_plan_event *)(uintptr_t)e; // the plan is still ours
    struct wev_need *list = (struct wev_need *)(uintptr_t)e->needed;
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->needed_count; k++) {
        if (list[k].slot != slot) { list[n++] = list[k]; }
    }
    event->needed_count = n;
}

// Which version of a group an entity's index decides.
void wev_plan_decide(struct compile *c, struct wev_plan_group *g)
{
    uint16_t index = 0;
    uint32_t count = 0;
    for (uint32_t k = 0; k < g->event_count; k++) {
        const struct wev_test *t = &g->events[k].require;
        for (uint32_t m = 0; m < t->count; m++) {
            const struct wev_compare *p = &t->compares[m];
            if (!p->known || (index && p->right != index)) { return; }
            index = p->right;
            count = p->known_count;
        }
    }
    if (!index || g->event_count >= UINT8_MAX) { return; }
    uint8_t *version = WEV_NEW_N(c->arena, count, uint8_t);
    for (uint32_t i = 0; i < count; i++) {
        version[i] = UINT8_MAX;
        for (uint32_t k = g->event_count; k-- > 0;) {
            const struct wev_test *t = &g->events[k].require;
            uint32_t m = 0;
            while (m < t->count && t->compares[m].known[i]) { m++; }
            if (m == t->count) { version[i] = (uint8_t)k; }
        }
    }
    g->version = version;
    const struct wev_step *op = step_at(c, g->events, index);
    g->version_need = (struct wev_need){op, index, op->gen};
    for (uint32_t k = 0; k < g->event_count; k++) { drop_need(&g->events[k], index); }
}

bool wev_plan_may_be_absent(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op)
{
    return may_be_absent(c, e, op, 0);
}
