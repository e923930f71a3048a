// Compiles profiles to ops: every name becomes a slot, every entity that an event reaches is shared.
// Knows nothing of forms but the one that it is handed.
#include "gen/plan_build.h"

#include "gen/form.h"
#include "gen/skeleton.h"

#include <stdio.h>
#include <string.h>

static void compile_node(struct compile *c, const struct wev_node *n, struct scope s, struct wev_step *op);
static uint16_t slot_of_ref(struct compile *c, const struct wev_ref *r, struct scope s);

static void enter(struct compile *c)
{
    if (++c->depth > WEV_PLAN_DEPTH_MAX) { wev_plan_stop(c, WEV_E_LIMIT, "generators nest deeper than 64"); }
}

static uint16_t local_new(struct compile *c, const void *what)
{
    if (c->local_count == WEV_SLOTS_MAX - WEV_LOCAL) { wev_plan_stop(c, WEV_E_LIMIT, "more than 1024 values"); }
    c->local_what[c->local_count] = what;
    return (uint16_t)(WEV_LOCAL + c->local_count++);
}

static uint16_t local_find(const struct compile *c, const void *what)
{
    for (uint32_t k = 0; k < c->local_count; k++) {
        if (c->local_what[k] == what) { return (uint16_t)(WEV_LOCAL + k); }
    }
    return 0;
}

static struct wev_step *op_of(struct compile *c, uint16_t slot)
{
    return slot < WEV_LOCAL ? &c->shared[slot] : &c->locals[slot - WEV_LOCAL];
}

// What addresses the draws of a let, header or field.
static uint16_t index_of(const struct compile *c, uint8_t each)
{
    if (!c->plan->world) { return WEV_SLOT_UNIT; }
    return each == WEV_EACH_EPISODE ? WEV_SLOT_EPISODE : each == WEV_EACH_RUN ? WEV_SLOT_RUN : WEV_SLOT_UNIT;
}

static struct scope scope_of(const struct compile *c, uint8_t each)
{
    return (struct scope){NULL, NULL, index_of(c, each)};
}

// The shared slot for (what or path) under `index`; *fresh when the caller has to compile it.
static uint16_t shared_slot(struct compile *c, const void *what, uint64_t path, uint16_t index, bool *fresh)
{
    for (uint32_t k = 1; k < c->shared_count; k++) {
        const struct key *key = &c->keys[k];
        if (key->what == what && key->path == path && key->index == index) {
            *fresh = false;
            return key->slot;
        }
    }
    if (c->shared_count == WEV_LOCAL) { wev_plan_stop(c, WEV_E_LIMIT, "more than 1024 entity values"); }
    *fresh = true;
    uint16_t slot = (uint16_t)c->shared_count++;
    c->keys[slot] = (struct key){what, NULL, path, index, slot};
    return slot;
}

static struct wev_step *kids_new(struct compile *c, struct wev_step *op, uint32_t count)
{
    struct wev_step *kids = WEV_NEW_N(c->arena, count, struct wev_step);
    op->kids = kids;
    op->count = count;
    return kids;
}

static void compile_kids(struct compile *c, const struct wev_node *n, struct scope s, struct wev_step *op)
{
    struct wev_step *kids = kids_new(c, op, n->kid_count);
    for (uint32_t k = 0; k < n->kid_count; k++) { compile_node(c, n->kids[k], s, &kids[k]); }
}

// ---- references

// The versions of an event have nodes of their own, but one host: what names none but its entity is one by its place.
static const void *link_what(const struct wev_link *l)
{
    if (!l->index || l->index->gen != WEV_G_AMONG) { return l->index; }
    return (const void *)((uintptr_t)l->index->file + l->index->line);
}

static uint16_t link_slot(struct compile *c, const struct wev_link *l, struct scope s)
{
    bool fresh;
    uint16_t slot = shared_slot(c, link_what(l), l->path, s.index, &fresh);
    if (!fresh) { return slot; }
    const struct wev_entity *e = &c->schema->profile->entities[l->entity];
    struct wev_step op = {.gen = WEV_G_LINK, .type = WEV_T_UINT64, .scope = s.index, .path = l->path,
                          .where = wev_choice_where(l->path, 0)};
    op.is.range.steps = wev_world_count(c->plan->world, e);
    if (l->index) { compile_node(c, l->index, s, kids_new(c, &op, 1)); }
    if (!s.entity && op.is.range.steps > c->plan->links_max) { c->plan->links_max = op.is.range.steps; }
    c->shared[slot] = op;
    c->keys[slot].entity = e;
    return slot;
}

static struct scope follow(struct compile *c, struct scope s, uint32_t hop)
{
    const struct wev_event_profile *p = c->def->profile;
    const struct wev_link *l;
    if (s.entity) {
        l = &s.entity->links[hop];
    } else if (hop < p->link_count) {
        l = &p->links[hop];
        s = scope_of(c, l->each);
    } else {
        l = &s.record->links[hop - p->link_count];
    }
    uint16_t index = link_slot(c, l, s);
    return (struct scope){&c->schema->profile->entities[l->entity], NULL, index};
}

static uint16_t attr_slot(struct compile *c, const struct wev_attr *a, struct scope s)
{
    bool fresh;
    uint16_t slot = shared_slot(c, a, a->path, s.index, &fresh);
    if (fresh) {
        struct wev_step op = {.gen = 0};
        compile_node(c, a->node, s, &op);
        c->shared[slot] = op;
    }
    return slot;
}

static uint16_t let_slot(struct compile *c, const struct wev_let *let)
{
    uint16_t slot = local_find(c, let);
    if (slot) { return slot; }
    slot = local_new(c, let);
    struct wev_step op = {.gen = 0};
    compile_node(c, let->pick, scope_of(c, let->each), &op);
    *op_of(c, slot) = op;
    return slot;
}

static uint16_t record_slot(struct compile *c, const struct wev_let *let, uint16_t name)
{
    const void *what = &let->names[name];
    uint16_t slot = local_find(c, what);
    if (slot) { return slot; }
    uint16_t pick = let_slot(c, let);
    slot = local_new(c, what);
    struct wev_step op = {.gen = WEV_G_LET, .type = let->types[name], .slot = pick};
    struct wev_step *kids = kids_new(c, &op, let->record_count);
    for (uint32_t k = 0; k < let->record_count; k++) {
        compile_node(c, let->records[k].attrs[name].node, (struct scope){NULL, &let->records[k], index_of(c, let->each)}, &kids[k]);
    }
    *op_of(c, slot) = op;
    return slot;
}

// A plain reference needs no slot of its own: it is the slot that it names.
static uint16_t node_slot(struct compile *c, const struct wev_node *n)
{
    if (n->gen == WEV_G_REF && n->type == n->ref.type && !n->cardinality && !n->fold) {
        return slot_of_ref(c, &n->ref, (struct scope){NULL, NULL, 0});
    }
    uint16_t slot = local_find(c, n);
    if (slot) { return slot; }
    slot = local_new(c, n);
    struct wev_step op = {.gen = 0};
    compile_node(c, n, scope_of(c, n->each), &op);
    *op_of(c, slot) = op;
    return slot;
}

static uint16_t header_slot(struct compile *c, enum wev_header h)
{
    const struct wev_node *n = c->def->profile->header[h];
    if (n) { return node_slot(c, n); }
    const void *what = (const char *)c->def + h; // an address of its own per header
    uint16_t slot = local_find(c, what);
    if (slot) { return slot; }
    slot = local_new(c, what);
    struct wev_value v = wev_plan_manifest_header(c->def, h);
    *op_of(c, slot) = (struct wev_step){.gen = WEV_G_VALUE, .type = v.type, .is.value = v};
    return slot;
}

static uint16_t slot_of_ref(struct compile *c, const struct wev_ref *r, struct scope s)
{
    const struct wev_event_profile *p = c->def->profile;
    struct scope at = r->from ? s : (struct scope){NULL, NULL, 0};
    switch (r->kind) {
    case WEV_R_UNIT: return WEV_SLOT_UNIT;
    case WEV_R_MOMENT: return WEV_SLOT_MOMENT;
    case WEV_R_PERSON: return WEV_SLOT_PERSON;
    case WEV_R_RUN: return WEV_SLOT_RUN;
    case WEV_R_FIELD: return node_slot(c, p->fields[r->slot]);
    case WEV_R_HEADER: return header_slot(c, (enum wev_header)r->slot);
    case WEV_R_RECORD: return record_slot(c, &p->lets[r->let], r->slot);
    case WEV_R_ORDINAL: return let_slot(c, &p->lets[r->let]);
    default: break;
    }
    for (unsigned k = 0; k < r->hop_count; k++) { at = follow(c, at, r->hop[k]); }
    if (r->kind == WEV_R_INDEX) { return at.index; }
    if (at.record) { return 0; }
    return attr_slot(c, &at.entity->attrs[r->slot], at);
}

static void compile_tests(struct compile *c, const struct wev_cond *conds, uint32_t count, struct scope s,
                          struct wev_test *out)
{
    struct wev_compare *compares = WEV_NEW_N(c->arena, count ? count : 1, struct wev_compare);
    for (uint32_t k = 0; k < count; k++) {
        struct wev_value *one = NULL;
        if (conds[k].value_count == 1 && !conds[k].right_is_ref) {
            one = WEV_NEW(c->arena, struct wev_value);
            *one = wev_plan_intern(c, conds[k].values[0]);
        }
        compares[k] = (struct wev_compare){
            .left = slot_of_ref(c, &conds[k].left, s), .op = conds[k].op, .count = conds[k].value_count,
            .values = one ? one : conds[k].values,
            .right = conds[k].right_is_ref ? slot_of_ref(c, &conds[k].right, s) : (uint16_t)0};
    }
    out->compares = compares;
    out->count = count;
}

static void compile_ref(struct compile *c, const struct wev_node *n, struct scope s, struct wev_step *op)
{
    op->slot = slot_of_ref(c, &n->ref, s);
    if (n->plus_ref.type != WEV_T_NULL) { op->slot2 = slot_of_ref(c, &n->plus_ref, s); }
    if (op->gen == WEV_G_REF && is_text(n->type) && !is_text(n->ref.type)) { op->gen = WEV_G_TO_TEXT; }
}

static void compile_range(const struct wev_node *n, struct wev_step *op)
{
    uint64_t step = n->step ? n->step : 1;
    op->is.range.min = n->min;
    op->is.range.step = step;
    op->is.range.steps = (n->max - n->min) / step;
}

// A slot of its own gives k of `cardinality`; everything below is addressed by it.
static uint16_t number_of_few(struct compile *c, const struct wev_node *n, struct scope s)
{
    bool fresh;
    uint64_t path = n->path ^ 0x63617264u; // "card"
    uint16_t slot = shared_slot(c, n, n->path, s.index, &fresh);
    c->shared[slot] = (struct wev_step){.gen = WEV_G_INT, .type = WEV_T_UINT64, .scope = s.index, .path = path,
                                        .where = wev_choice_where(path, 0), .is.range = {0, n->cardinality - 1, 1}};
    return slot;
}

static void compile_switch(struct compile *c, const struct wev_node *n, struct scope s, struct wev_step *op)
{
    compile_kids(c, n, s, op);
    struct wev_test *tests = WEV_NEW_N(c->arena, n->kid_count, struct wev_test);
    for (uint32_t k = 0; k < n->kid_count; k++) {
        compile_tests(c, n->cases[k].conds, n->cases[k].cond_count, s, &tests[k]);
    }
    op->tests = tests;
}

static void compile_node(struct compile *c, const struct wev_node *n, struct scope s, struct wev_step *op)
{
    enter(c);
    if (n->cardinality) { s.index = number_of_few(c, n, s); }
    *op = (struct wev_step){.gen = n->gen, .type = n->type, .fold = n->fold, .width = n->width, .digits = n->digits,
                          .log = n->log, .braces = n->braces, .wide = n->wide, .scope = s.index, .path = n->path,
                            .where = wev_choice_where(n->path, 0)};
    switch ((enum wev_gen)n->gen) {
    case WEV_G_VALUE: op->is.value = wev_plan_intern(c, n->value); break;
    case WEV_G_ABSENT:
        op->gen = WEV_G_VALUE;
        op->is.value = (struct wev_value){.type = n->type, .flags = WEV_F_ABSENT};
        break;
    case WEV_G_RECORD:
        op->gen = WEV_G_VALUE;
        op->is.value = number(WEV_T_UINT64, n->ordinal);
        break;
    case WEV_G_CHOICE:
        compile_kids(c, n, s, op);
        op->is.pick.alias = n->alias;
        break;
    case WEV_G_PATTERN: compile_kids(c, n, s, op); break;
    case WEV_G_POOL:
        op->count = n->value_count;
        op->is.pool.alias = n->alias;
        op->is.pool.values = n->values;
        op->is.pool.radix = n->radix ? n->radix : 1;
        if (n->unique) { op->gen = WEV_G_NTH; }
        break;
    case WEV_G_TEXT: op->text = n->value; compile_range(n, op); break;
    case WEV_G_INT: compile_range(n, op); break;
    case WEV_G_TIME: compile_range(n, op); compile_ref(c, n, s, op); break;
    case WEV_G_SID:
        compile_kids(c, n, s, op);
        op->is.pick.random = n->random;
        op->text = n->value;
        if (n->ref.type != WEV_T_NULL) { op->slot = slot_of_ref(c, &n->ref, s); }
        break;
    case WEV_G_REF: case WEV_G_KEYFILE: case WEV_G_SEQUENCE: compile_ref(c, n, s, op); break;
    case WEV_G_CALC:
        compile_ref(c, n, s, op);
        op->is.calc.times = n->times;
        op->is.calc.plus = n->plus;
        op->is.calc.modulo = n->modulo;
        break;
    case WEV_G_SWITCH: compile_switch(c, n, s, op); break;
    case WEV_G_SHARES: wev_plan_shares(c, n, s.entity, op); break;
    case WEV_G_AMONG: wev_plan_among(c, n, op); break;
    case WEV_G_PINNED:
        compile_kids(c, n, s, op);
        wev_plan_pinned(c, n, s.entity, op);
        break;
    case WEV_G_PERIOD: case WEV_G_SINCE:
        compile_ref(c, n, s, op);
        op->is.period.step = n->step;
        break;
    case WEV_G_GUID: case WEV_G_AUTO: case WEV_G_CLOCK: break;
    }
    c->depth--;
}

// ---- events

// A field's slot; AUTO needs the field itself for its map, length and count.
static uint16_t field_slot(struct compile *c, uint32_t k)
{
    const struct wev_node *n = c->def->profile->fields[k];
    uint16_t slot = node_slot(c, n);
    struct wev_step *op = op_of(c, slot);
    const struct wev_field *f = &c->def->body->fields[k];
    if (op->gen == WEV_G_AUTO) {
        op->is.field = f;
        if (f->length.kind == WEV_X_FIELD) { op->slot = node_slot(c, c->def->profile->fields[f->length.n]); }
    }
    return slot;
}

static void compile_values(struct compile *c, const struct wev_event_def *def, struct wev_plan_event *out)
{
    c->def = def;
    c->local_count = 0;
    c->depth = 0;
    memset(c->locals, 0, c->locals_used * sizeof(*c->locals));
    out->def = def;
    out->plan = c->plan;
    for (int h = 0; h < WEV_H_COUNT; h++) { out->header[h] = header_slot(c, (enum wev_header)h); }
    uint16_t *fields = WEV_NEW_N(c->arena, def->body->field_count + 1, uint16_t);
    for (uint32_t k = 0; k < def->body->field_count; k++) { fields[k] = field_slot(c, k); }
    out->field = fields;
    compile_tests(c, def->profile->require, def->profile->require_count, (struct scope){NULL, NULL, 0}, &out->require);
    for (uint32_t k = 0; k < out->require.count; k++) {
        if (out->require.compares[k].left >= WEV_LOCAL) { wev_plan_stop(c, WEV_E_SYNTAX, "require may name only entities"); }
    }
    struct wev_step *locals = WEV_NEW_N(c->arena, c->local_count + 1, struct wev_step);
    memcpy(locals, c->locals, c->local_count * sizeof(*locals));
    out->locals = locals;
    out->local_count = c->local_count;
    if (c->locals_used < c->local_count) { c->locals_used = c->local_count; }
}

static void compile_form(struct compile *c, const struct wev_form *form, struct wev_plan_event *out)
{
    struct wev_form_build b = {.arena = c->arena, .schema = c->schema, .event = out};
    c->def = out->def;
    wev_plan_fold(c, out);
    for (int h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_step *op = step_at(c, out, out->header[h]);
        b.present[h] = !wev_plan_may_be_absent(c, out, op);
        if (op->gen == WEV_G_VALUE) {
            out->fixed[h] = op->is.value;
            b.fixed[h] = &out->fixed[h];
        }
    }
    form->compile(&b);
    wev_form_finish(&b);
    if (form->xml) { b.event->skeleton = wev_skeleton_make(b.arena, b.event); }
    wev_plan_segments(c, out);
    wev_plan_check_scratch(c, out);
}

// Events whose values are compiled, and whose shared slots are those of c.
static void finish(struct compile *c, const struct wev_form *form, struct wev_state *st, struct wev_plan_event *events, size_t total)
{
    c->def = NULL;
    st->base[0] = st->base[1] = c->shared;
    wev_plan_tabulate(c, st);
    for (size_t e = 0; e < total; e++) {
        events[e].shared = c->shared;
        compile_form(c, form, &events[e]);
    }
}

static void compile_groups(struct compile *c, const struct wev_form *form, struct wev_state *st, const bool *chosen, size_t total)
{
    const struct wev_schema *s = c->schema;
    struct wev_plan_group *groups = WEV_NEW_N(c->arena, total, struct wev_plan_group);
    struct wev_plan_event *events = WEV_NEW_N(c->arena, total, struct wev_plan_event);
    struct wev_plan_group *g = groups - 1;
    const struct wev_event_def *before = NULL;
    for (size_t k = 0, e = 0; k < s->event_count; k++) {
        if (!chosen[k]) { continue; }
        const struct wev_event_def *d = &s->events[k];
        compile_values(c, d, &events[e]);
        if (!before || before->id != d->id || before->provider != d->provider) {
            g++;
            g->events = &events[e];
            c->plan->weight += d->profile->weight ? d->profile->weight : 1;
            g->until = c->plan->weight;
        }
        g->event_count++;
        before = d;
        e++;
    }
    c->plan->groups = groups;
    c->plan->group_count = (uint32_t)(g - groups + 1);
    finish(c, form, st, events, total);
    for (uint32_t k = 0; k < c->plan->group_count; k++) { wev_plan_decide(c, &groups[k]); }
}

// A step's versions, with shared slots of their own: what a scenario says of a host is its own host's.
static void compile_step(struct compile *c, const struct wev_form *form, struct wev_state *st, const struct wev_story_step *step,
                         struct wev_plan_group *g)
{
    struct wev_plan_event *events = WEV_NEW_N(c->arena, step->def_count, struct wev_plan_event);
    struct wev_step *room = c->shared;
    c->shared_count = WEV_SLOT_FIRST;
    memset(room + WEV_SLOT_FIRST, 0, (WEV_LOCAL - WEV_SLOT_FIRST) * sizeof(*room));
    for (size_t d = 0; d < step->def_count; d++) { compile_values(c, &step->defs[d], &events[d]); }
    c->shared = WEV_NEW_N(c->arena, c->shared_count, struct wev_step);
    memcpy(c->shared, room, c->shared_count * sizeof(*room));
    finish(c, form, st, events, step->def_count);
    g->events = events;
    g->event_count = (uint32_t)step->def_count;
    g->until = c->plan->weight += 1;
    wev_plan_decide(c, g);
    c->shared = room;
}

// A world's groups: one for each step of its stories.
static void compile_stories(struct compile *c, const struct wev_form *form, struct wev_state *st, struct wev_world *w)
{
    for (uint32_t k = 0; k < w->count; k++) {
        struct wev_world_act *acts = (struct wev_world_act *)(uintptr_t)w->stories[k].acts; // the world is still ours
        for (uint32_t a = 0; a < w->stories[k].story->act_count; a++) {
            const struct wev_act *act = acts[a].act;
            if (a && act->steps == acts[a - 1].act->steps) { // the same once more
                acts[a].groups = acts[a - 1].groups;
                continue;
            }
            struct wev_plan_group *groups = WEV_NEW_N(c->arena, act->step_count, struct wev_plan_group);
            acts[a].groups = groups;
            for (uint32_t m = 0; m < act->step_count; m++) { compile_step(c, form, st, &act->steps[m], &groups[m]); }
        }
    }
}

const struct wev_plan *wev_plan_make(struct wev_arena *arena, const struct wev_schema *schema, const char *list,
                                     const struct wev_form *form, uint64_t seed, uint64_t start_100ns,
                                     struct wev_world *world, struct wev_error *error)
{
    struct compile c = {.arena = arena, .error = error, .schema = schema, .shared_count = WEV_SLOT_FIRST};
    jmp_buf full;
    arena->full = &full;
    if (setjmp(full)) {
        error->code = WEV_E_MEMORY;
        snprintf(error->text, sizeof(error->text), "the plan for these events does not fit into memory");
        return NULL;
    }
    if (setjmp(c.out)) { return NULL; }
    c.plan = WEV_NEW(arena, struct wev_plan);
    c.plan->schema = schema;
    c.plan->start_100ns = start_100ns;
    c.plan->world = world;
    c.keys = WEV_NEW_N(arena, WEV_LOCAL, struct key);
    c.shared = WEV_NEW_N(arena, WEV_LOCAL, struct wev_step);
    c.locals = WEV_NEW_N(arena, WEV_SLOTS_MAX - WEV_LOCAL, struct wev_step);
    c.local_what = WEV_NEW_N(arena, WEV_SLOTS_MAX - WEV_LOCAL, const void *);
    c.made = WEV_NEW_N(arena, WEV_MADE_MAX, struct made);
    c.texts = WEV_NEW_N(arena, WEV_TEXTS_MAX, struct wev_span);
    c.needs = WEV_NEW_N(arena, WEV_SLOTS_MAX, struct wev_need);
    c.plan->slots = c.shared;
    wev_plan_frame(&c);
    struct wev_state *st = WEV_NEW(arena, struct wev_state); // too large for the stack of a caller's thread
    wev_values_init(st, c.plan, seed);
    if (world) {
        compile_stories(&c, form, st, world);
    } else {
        bool *chosen = WEV_NEW_N(arena, schema->event_count + 1, bool);
        size_t total = wev_plan_pick(&c, list, chosen);
        compile_groups(&c, form, st, chosen, total);
    }
    wev_plan_cells(&c);
    return c.plan;
}
