// Scenarios: acts and steps, each step an event under a profile of its own.
#include "schema/profile_load.h"

#include <string.h>

enum { ACTS_MAX = 512, STEPS_MAX = 64, REPEAT_MAX = 256 };

struct teller {
    struct wev_profile_load *pl;
    struct wev_profile_block *blocks; // the profile's, then the scenario's, the act's and the step's
    size_t block_count;
    const struct wev_event_def *events;
    size_t event_count;
};

static const char *const inside_scenario[] = {"let", "field", "header", "act", "fact", "judgement"};

static bool is_setting(const struct wev_elem *e)
{
    return wev_span_is(e->name, "let") || wev_span_is(e->name, "field") || wev_span_is(e->name, "header");
}

// The settings among an element's kids, as if they stood in a block of their own.
static struct wev_elem *settings(struct teller *t, const struct wev_elem *e, const char *const *others, size_t other_count)
{
    struct wev_elem *block = WEV_NEW(t->pl->load->arena, struct wev_elem), **end = &block->kids;
    block->line = e->line;
    block->name = WEV_SPAN("event");
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        size_t m = 0;
        while (m < other_count && !wev_span_is(k->name, others[m])) { m++; }
        if (m == other_count) { wev_profile_unknown_word(t->pl, k->line, "element in scenario", k->name, others, other_count); }
        if (!is_setting(k)) { continue; }
        *end = WEV_NEW(t->pl->load->arena, struct wev_elem);
        **end = *k;
        (*end)->next = NULL;
        end = &(*end)->next;
    }
    return block;
}

static void push(struct teller *t, const struct wev_elem *block, bool any)
{
    t->blocks[t->block_count++] = (struct wev_profile_block){block, t->pl->load->file, any, 0};
}

static size_t count_named(const struct wev_elem *e, const char *name)
{
    size_t n = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) { n += wev_span_is(k->name, name); }
    return n;
}

static bool is_meant(const struct wev_event_def *d, uint64_t id, struct wev_span provider)
{
    return d->id == id && (!provider.p || wev_span_eq(provider, d->provider->name));
}

// A field of the step must be in one of the event's versions.
static void check_fields(struct teller *t, const struct wev_elem *e, const struct wev_story_step *step)
{
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (!wev_span_is(k->name, "field")) { continue; }
        struct wev_span name = wev_profile_name(t->pl, k);
        bool found = false;
        for (size_t d = 0; d < step->def_count && !found; d++) {
            const struct wev_template *body = step->defs[d].body;
            for (size_t f = 0; f < body->field_count && !found; f++) { found = wev_span_eq(body->fields[f].name, name); }
        }
        if (!found) {
            wev_fail(t->pl->load, WEV_E_SYNTAX, k->line, "event %u has no field \"%.*s\"", step->defs[0].id, (int)name.n, name.p);
        }
    }
}

static struct wev_story_step read_step(struct teller *t, const struct wev_elem *e)
{
    static const char *const allowed[] = {"event", "provider", "after", "source", NULL}, *const inside[] = {"let", "field", "header"};
    wev_tree_only_attrs(t->pl->load, e, allowed);
    struct wev_span provider = wev_tree_attr(e, "provider");
    const char *file = t->pl->load->file;
    uint64_t id = wev_profile_number(t->pl, e, "event", UINT64_MAX);
    size_t count = 0, before = t->block_count;
    for (size_t k = 0; k < t->event_count; k++) { count += is_meant(&t->events[k], id, provider); }
    if (!count) {
        struct wev_span text = wev_profile_need(t->pl, e, "event");
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "no loaded manifest has event \"%.*s\"", (int)text.n, text.p);
    }
    struct wev_event_def *defs = WEV_NEW_N(t->pl->load->arena, count, struct wev_event_def);
    struct wev_story_step step = {.defs = defs, .after_100ns = wev_profile_duration(t->pl, e, "after", 30000)};
    push(t, settings(t, e, inside, 3), false);
    for (size_t k = 0; k < t->event_count; k++) {
        if (!is_meant(&t->events[k], id, provider)) { continue; }
        defs[step.def_count] = t->events[k];
        wev_profile_variant(t->pl, t->blocks, t->block_count, k, &defs[step.def_count++]);
        t->pl->load->file = file;
    }
    t->block_count = before;
    check_fields(t, e, &step);
    return step;
}

static struct wev_act read_act(struct teller *t, const struct wev_elem *e)
{
    static const char *const allowed[] = {"after", "repeat", "times", NULL}, *const inside[] = {"let", "field", "header", "step"};
    wev_tree_only_attrs(t->pl->load, e, allowed);
    size_t count = count_named(e, "step"), before = t->block_count;
    uint64_t repeat = wev_profile_number(t->pl, e, "repeat", 1);
    if (!count || count > STEPS_MAX || !repeat || repeat > REPEAT_MAX) {
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "an act of %zu steps %llu times: 1 to %d, 1 to %d times", count,
                 (unsigned long long)repeat, (int)STEPS_MAX, (int)REPEAT_MAX);
    }
    struct wev_story_step *steps = WEV_NEW_N(t->pl->load->arena, count, struct wev_story_step);
    struct wev_act act = {.steps = steps, .repeat = (uint32_t)repeat, .after_100ns = wev_profile_duration(t->pl, e, "after", 0)};
    push(t, settings(t, e, inside, 4), true);
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "step")) { steps[act.step_count++] = read_step(t, k); }
    }
    t->block_count = before;
    return act;
}

static bool is_technique(struct wev_span s)
{
    for (size_t k = 0; k < s.n; k++) {
        char c = s.p[k];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == ',')) { return false; }
    }
    return s.n <= 200;
}

static bool is_slug(struct wev_span s)
{
    for (size_t k = 0; k < s.n; k++) {
        char c = s.p[k];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) { return false; }
    }
    return s.n > 0 && s.n <= 64;
}

// hours="22-4": from 22 to 4 on the wall.
static void read_hours(struct teller *t, const struct wev_elem *e, struct wev_story *s)
{
    struct wev_span text = wev_tree_attr(e, "hours"), rest = text;
    uint64_t from, to;
    if (!text.p) { return; }
    struct wev_span first = wev_span_cut(&rest, '-');
    if (!wev_span_u64(first, &from) || !wev_span_u64(rest, &to) || from > 23 || to > 24 || from == to) {
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "hours \"%.*s\" is not two hours of a day such as 18-22", (int)(text.n < 100 ? text.n : 100), text.p);
    }
    s->hour = (uint8_t)from;
    s->hours = (uint8_t)((to + 24 - from) % 24 ? (to + 24 - from) % 24 : 24);
}

// Runs that are moved into their hours keep the order of their acts where those follow each other soon.
static void check_hours(struct teller *t, const struct wev_elem *e, const struct wev_story *s)
{
    for (uint32_t k = 1; k < s->act_count && s->hours; k++) {
        if (s->acts[k].after_100ns < 36000000000u) { continue; }
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "hours are for a scenario whose acts are less than an hour apart");
    }
    if (s->hours && s->weight) { wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "an everyday scenario has no hours: the calendar says when it happens"); }
}

static void read_head(struct teller *t, const struct wev_elem *e, struct wev_story *s)
{
    static const char *const allowed[] = {"name", "label", "techniques", "source", "weight", "hours", NULL};
    wev_tree_only_attrs(t->pl->load, e, allowed);
    struct wev_arena *a = t->pl->load->arena;
    s->name = wev_arena_text(a, wev_profile_name(t->pl, e));
    if (!is_slug(s->name)) {
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "scenario \"%.*s\" is not named by small letters, digits and dashes", (int)s->name.n, s->name.p);
    }
    struct wev_span techniques = wev_tree_attr(e, "techniques");
    if (!is_technique(techniques)) {
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "techniques \"%.*s\" is not a list such as T1649,T1552.004", (int)techniques.n, techniques.p);
    }
    s->techniques = wev_arena_text(a, techniques);
    s->source = wev_arena_text(a, wev_tree_attr(e, "source"));
    s->malicious = wev_profile_flag(t->pl, e, "label", "malicious", "benign");
    s->weight = wev_profile_number(t->pl, e, "weight", 0);
    read_hours(t, e, s);
    s->line = e->line;
    s->file = t->pl->load->file;
}

static struct wev_story read_story(struct teller *t, const struct wev_elem *e)
{
    struct wev_story s = {.weight = 0};
    size_t count = 0, before = t->block_count;
    read_head(t, e, &s);
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "act")) {
            uint64_t times = wev_profile_number(t->pl, k, "times", 1);
            if (!times || times > ACTS_MAX) { wev_fail(t->pl->load, WEV_E_SYNTAX, k->line, "an act happens 1 to %d times", (int)ACTS_MAX); }
            count += times;
        }
    }
    if (!count || count > ACTS_MAX || (s.weight && (count > 1 || s.malicious || s.weight > 4096))) {
        wev_fail(t->pl->load, WEV_E_SYNTAX, e->line, "a scenario has 1 to %d acts; an everyday one has one, a weight up to 4096, and is benign",
                 (int)ACTS_MAX);
    }
    struct wev_act *acts = WEV_NEW_N(t->pl->load->arena, count, struct wev_act);
    s.acts = acts;
    push(t, settings(t, e, inside_scenario, WEV_COUNT(inside_scenario)), true);
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (!wev_span_is(k->name, "act")) { continue; }
        struct wev_act act = read_act(t, k);
        for (uint64_t n = wev_profile_number(t->pl, k, "times", 1); n > 0; n--) { // the same steps, later
            s.step_count += act.step_count * act.repeat;
            acts[s.act_count++] = act;
        }
    }
    t->block_count = before;
    check_hours(t, e, &s);
    return s;
}

void wev_profile_stories(struct wev_profile_load *pl, const struct wev_story_elem *elems, size_t count,
                         const struct wev_profile_block *blocks, size_t block_count, const struct wev_event_def *events,
                         size_t event_count)
{
    if (!count) { return; }
    struct teller t = {.pl = pl, .block_count = block_count, .events = events, .event_count = event_count};
    t.blocks = WEV_NEW_N(pl->load->arena, block_count + 3, struct wev_profile_block);
    if (block_count) { memcpy(t.blocks, blocks, block_count * sizeof(*blocks)); }
    struct wev_story *stories = WEV_NEW_N(pl->load->arena, count, struct wev_story);
    for (size_t k = 0; k < count; k++) {
        pl->load->file = elems[k].file;
        stories[k] = read_story(&t, elems[k].elem);
    }
    pl->profile->stories = stories;
    pl->profile->story_count = (uint32_t)count;
}
