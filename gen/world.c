// Reads what a world is to be: window, counts, scenarios and their runs. Knows no event's bytes.
#include "gen/world.h"

#include "gen/make.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOUR (3600ull * WEV_SECOND)
#define DAY (24 * HOUR)
#define MILLION 1000000u
enum { DAYS_DEFAULT = 30, SCENARIOS_TENTHS = 6 };

struct maker {
    struct wev_world *world;
    struct wev_arena *arena;
    const struct wev_profile *profile;
    const struct wev_config *config;
    struct wev_error *error;
    uint64_t *wanted; // runs of each of the profile's stories; UINT64_MAX: named without a count
    bool any_named;
    uint64_t most; // wev_clock_most
};

static bool fail(const struct maker *m, const char *what, const char *value)
{
    m->error->code = WEV_E_ARGUMENT;
    snprintf(m->error->text, sizeof(m->error->text), "%s \"%.100s\"", what, value);
    return false;
}

bool wev_world_wanted(const struct wev_config *c)
{
    return c->world || c->hosts || c->users || c->domains || c->end || c->rate || c->scenarios || c->attack_rate || c->time_zone;
}

uint64_t wev_world_count(const struct wev_world *w, const struct wev_entity *e)
{
    static const char *const names[] = {"host", "account", "domain"};
    for (size_t k = 0; w && k < WEV_COUNT(names); k++) {
        if (w->counts[k] && wev_span_is(e->name, names[k])) { return w->counts[k]; }
    }
    return e->count;
}

// "12", "0.5", "5%": millionths.
static bool millionths(struct wev_span s, bool percent, uint64_t *out)
{
    uint64_t value = 0, unit = MILLION;
    size_t k = 0;
    bool any = false;
    if (percent) { s.n--; }
    for (; k < s.n && s.p[k] >= '0' && s.p[k] <= '9' && value < MILLION; k++, any = true) { value = 10 * value + (uint64_t)(s.p[k] - '0'); }
    value *= MILLION;
    if (k < s.n && s.p[k] == '.') {
        for (k++; k < s.n && s.p[k] >= '0' && s.p[k] <= '9' && unit > 1; k++, any = true) {
            unit /= 10;
            value += unit * (uint64_t)(s.p[k] - '0');
        }
    }
    *out = percent ? value / 100 : value;
    return any && k == s.n;
}

// ---- window

static bool read_window(const struct maker *m, uint64_t start)
{
    uint64_t end = start + DAYS_DEFAULT * DAY;
    struct wev_zone zone;
    struct wev_span text = m->config->time_zone ? wev_span_of(m->config->time_zone) : WEV_SPAN("UTC");
    if (m->config->end && !wev_make_time(wev_span_of(m->config->end), &end)) {
        return fail(m, "--end is not a time such as 2024-04-03T08:00:00Z:", m->config->end);
    }
    if (!wev_zone_read(text, &zone)) {
        return fail(m, "--time-zone is UTC, an offset such as +01:00 or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3 in whole hours, not", m->config->time_zone);
    }
    return wev_clock_make(&m->world->clock, m->arena, m->profile->calendar, start, end, &zone, m->error);
}

static const struct wev_entity *host_of(const struct maker *m)
{
    for (uint32_t k = 0; k < m->profile->entity_count; k++) {
        if (wev_span_is(m->profile->entities[k].name, "host")) { return &m->profile->entities[k]; }
    }
    return NULL;
}

static bool read_total(const struct maker *m)
{
    struct wev_world *w = m->world;
    const struct wev_entity *host = host_of(m);
    uint64_t rate, room = wev_clock_room(&w->clock), hosts = host ? wev_world_count(w, host) : 1, total = m->config->total;
    if (m->config->rate) {
        if (total) { return fail(m, "a count and --rate exclude each other:", m->config->rate); }
        if (!millionths(wev_span_of(m->config->rate), false, &rate)) { return fail(m, "--rate is not a number such as 10 or 0.5:", m->config->rate); }
        wev_u128 units = (wev_u128)hosts * rate * ((w->clock.end - w->clock.start) / WEV_SECOND) / (86400ull * MILLION);
        total = units > UINT64_MAX ? UINT64_MAX : (uint64_t)units;
    }
    w->total = total;
    if (total >= 1 && total <= room) { return true; }
    m->error->code = WEV_E_ARGUMENT;
    snprintf(m->error->text, sizeof(m->error->text), "%" PRIu64 " events of %" PRIu64 " hosts in %" PRIu64
             " s: the window holds 1 to %" PRIu64, total, hosts, (w->clock.end - w->clock.start) / WEV_SECOND, room);
    return false;
}

// ---- scenarios

static bool unknown(const struct maker *m, struct wev_span name)
{
    struct wev_span names[256];
    uint32_t n = 0;
    for (uint32_t k = 0; k < m->profile->story_count && n < WEV_COUNT(names); k++) {
        if (!m->profile->stories[k].weight) { names[n++] = m->profile->stories[k].name; }
    }
    struct wev_span near = wev_nearest(name, names, n);
    m->error->code = WEV_E_ARGUMENT;
    snprintf(m->error->text, sizeof(m->error->text), "unknown scenario \"%.*s\"%s%.*s%s; see --list scenarios", (int)(name.n < 100 ? name.n : 100),
             name.p, near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
    return false;
}

static bool want(struct maker *m, struct wev_span item)
{
    const char *colon = item.n ? memchr(item.p, ':', item.n) : NULL;
    struct wev_span name = {item.p, colon ? (size_t)(colon - item.p) : item.n};
    uint64_t count = m->config->attack_rate ? UINT64_MAX : 1;
    bool found = false;
    if (colon && (!wev_span_u64((struct wev_span){colon + 1, item.n - name.n - 1}, &count) || !count || count >= 1ull << 36)) {
        return fail(m, "--scenario: the count of runs is not 1 or more in", item.p);
    }
    for (uint32_t k = 0; k < m->profile->story_count; k++) {
        const struct wev_story *s = &m->profile->stories[k];
        if (s->weight || (!wev_span_is(name, "all") && !wev_span_eq(s->name, name))) { continue; }
        m->wanted[k] = count;
        found = true;
    }
    return found || unknown(m, name);
}

static bool read_scenarios(struct maker *m)
{
    struct wev_span rest = wev_span_of(m->config->scenarios);
    m->any_named = rest.p != NULL;
    while (rest.p) {
        const char *comma = rest.n ? memchr(rest.p, ',', rest.n) : NULL;
        struct wev_span item = {rest.p, comma ? (size_t)(comma - rest.p) : rest.n};
        if (!want(m, wev_span_trim(item))) { return false; }
        rest = comma ? (struct wev_span){comma + 1, rest.n - item.n - 1} : (struct wev_span){NULL, 0};
    }
    for (uint32_t k = 0; m->config->attack_rate && !m->any_named && k < m->profile->story_count; k++) {
        if (!m->profile->stories[k].weight) { m->wanted[k] = UINT64_MAX; }
    }
    return true;
}

static uint64_t later(uint64_t a, uint64_t b) // sums stay below 2^63: no window is longer
{
    return b < INT64_MAX && a < INT64_MAX - b ? a + b : INT64_MAX;
}

// The most time that an act's steps take.
static uint64_t longest(const struct wev_act *act)
{
    uint64_t once = 0, time = 1;
    for (uint32_t k = 0; k < act->step_count; k++) { once = later(once, later(act->steps[k].after_100ns, act->steps[k].after_100ns / 2 + 1)); }
    for (uint32_t k = 0; k < act->repeat; k++) { time = later(time, once); }
    return time;
}

// A delay on the clock of activity: as many units as happen in that time on average.
static uint64_t units_of(const struct wev_world *w, uint64_t time)
{
    return (uint64_t)((wev_u128)time * w->total / (w->clock.end - w->clock.start));
}

// As many as may happen in that time.
static uint64_t units_most(const struct maker *m, uint64_t time)
{
    return (uint64_t)((wev_u128)time * m->most * m->world->total / m->world->clock.span) + 1;
}

// Returns the most time from what an act's time is reckoned from to the act's end.
static uint64_t set_acts(const struct maker *m, struct wev_world_story *s)
{
    const struct wev_story *story = s->story;
    struct wev_world_act *acts = WEV_NEW_N(m->arena, story->act_count, struct wev_world_act);
    uint64_t offset = 0, after = 0, early = 0, most = 0;
    uint32_t steps = 0, base = 0;
    for (uint32_t k = 0; k < story->act_count; k++) {
        const struct wev_act *act = &story->acts[k];
        if (k && wev_world_is_soon(act)) {
            after = later(after, act->after_100ns);
            early += act->after_100ns / 2;
        } else if (k) {
            uint64_t mean = units_of(m->world, later(after, act->after_100ns)), least = units_most(m, after + early);
            offset += mean > least ? mean : least;
            after = early = 0;
            base = k;
        }
        acts[k] = (struct wev_world_act){.act = act, .base = base, .offset = offset, .after_100ns = after, .early_100ns = early, .first_step = steps,
                                         .length = act->step_count * act->repeat};
        steps += acts[k].length;
        uint64_t end = later(after + early, longest(act));
        most = end > most ? end : most;
    }
    s->acts = acts;
    return most;
}

// A run begins where its acts have time and units before the window ends.
static void set_starts(const struct maker *m, struct wev_world_story *s)
{
    const struct wev_world *w = m->world;
    uint64_t most = set_acts(m, s), offset = s->acts[s->story->act_count - 1].offset;
    struct wev_clock_hint hint = {.day = 0};
    if (w->total < s->story->step_count || most >= w->clock.end - w->clock.start) { return; }
    s->until = w->clock.end - most;
    s->moved = s->story->hours ? DAY + 3 * HOUR : 0; // and by the clock's change
    uint64_t units = wev_clock_unit(&w->clock, s->until - 1, w->total, &hint) + 1;
    s->starts = units > offset ? units - offset : 0;
}

static bool too_long(const struct maker *m, const struct wev_story *s)
{
    uint64_t time = 0;
    for (uint32_t k = 1; k < s->act_count; k++) { time = later(time, s->acts[k].after_100ns); }
    m->error->code = WEV_E_ARGUMENT;
    snprintf(m->error->text, sizeof(m->error->text), "scenario \"%.*s\" takes %" PRIu64 " s and %u events; the run has %" PRIu64 " s and %" PRIu64 " events",
             (int)s->name.n, s->name.p, time / WEV_SECOND, s->step_count, (m->world->clock.end - m->world->clock.start) / WEV_SECOND, m->world->total);
    return false;
}

// Malicious events to the share asked for, the same number of events for each scenario as far as whole runs go; benign
// scenarios get as many as a malicious one, while `tenths` of all events are enough for both.
static bool share_attacks(const struct maker *m, uint64_t tenths)
{
    struct wev_world *w = m->world;
    const char *text = m->config->attack_rate;
    struct wev_span s = wev_span_of(text);
    uint64_t rate = 0, each, twin, left, most = w->total / 10 * tenths, kinds = 0, twins = 0, runs = 0;
    for (uint32_t k = w->everyday; k < w->count; k++) { w->stories[k].runs = m->wanted[w->stories[k].story - m->profile->stories]; }
    if (!millionths(s, s.n > 1 && s.p[s.n - 1] == '%', &rate) || rate > MILLION / 2 || !rate) {
        return fail(m, "--attack-rate is a share above 0, up to 0.5 or 50%, not", text);
    }
    left = (uint64_t)((wev_u128)w->total * rate / MILLION);
    for (uint32_t k = w->everyday; k < w->count; k++) {
        if (w->stories[k].runs != UINT64_MAX) {
            if (w->stories[k].story->malicious) { left -= left < w->stories[k].runs * w->stories[k].story->step_count ? left : w->stories[k].runs * w->stories[k].story->step_count; }
        } else {
            kinds += w->stories[k].story->malicious;
            twins += !w->stories[k].story->malicious;
        }
    }
    each = kinds ? left / kinds : 0;
    twin = twins && most > left ? (most - left) / twins : 0;
    twin = twin < each ? twin : each;
    for (uint32_t k = w->everyday; k < w->count; k++) {
        struct wev_world_story *x = &w->stories[k];
        if (x->runs != UINT64_MAX) { continue; }
        x->runs = (x->story->malicious ? each : twin) / x->story->step_count;
        if (x->story->malicious) { left -= x->runs * x->story->step_count; }
    }
    for (bool more = true; more;) { // what whole runs of all left over
        more = false;
        for (uint32_t k = w->everyday; k < w->count; k++) {
            struct wev_world_story *x = &w->stories[k];
            if (!x->story->malicious || x->story->step_count > left || x->runs > each) { continue; }
            x->runs++;
            left -= x->story->step_count;
            more = true;
        }
    }
    for (uint32_t k = w->everyday; k < w->count; k++) { runs += w->stories[k].story->malicious ? w->stories[k].runs : 0; }
    if (runs) { return true; }
    m->error->code = WEV_E_ARGUMENT;
    snprintf(m->error->text, sizeof(m->error->text), "--attack-rate %.40s of %" PRIu64 " events is less than one run of any scenario asked for", text, w->total);
    return false;
}

static bool check_room(const struct maker *m)
{
    const struct wev_world *w = m->world;
    uint64_t most = wev_world_meet(w), all = 0;
    for (uint32_t k = w->everyday; k < w->count; k++) { all += w->stories[k].runs * w->stories[k].story->step_count; }
    if (most <= w->block && most <= w->total) { return true; }
    m->error->code = WEV_E_ARGUMENT;
    snprintf(m->error->text, sizeof(m->error->text), "%" PRIu64 " events of scenarios among %" PRIu64 ": up to %" PRIu64
             " may meet in %" PRIu64 "; ask for more events or fewer runs", all, w->total, most, w->block < w->total ? w->block : w->total);
    return false;
}

static bool add_stories(struct maker *m)
{
    struct wev_world *w = m->world;
    const struct wev_profile *p = m->profile;
    w->stories = WEV_NEW_N(m->arena, p->story_count + 1u, struct wev_world_story);
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t k = 0; k < p->story_count; k++) {
            const struct wev_story *s = &p->stories[k];
            if ((s->weight == 0) != (pass == 1) || (pass == 1 && !m->wanted[k])) { continue; }
            struct wev_world_story *x = &w->stories[w->count];
            *x = (struct wev_world_story){.story = s, .runs = pass ? m->wanted[k] : 0};
            set_starts(m, x);
            if (pass && !x->starts) {
                if (m->wanted[k] != UINT64_MAX || m->any_named) { return too_long(m, s); }
                continue; // one of all: it happens where there is room for it
            }
            w->count++;
            w->everyday += pass == 0;
            w->block += pass == 0 ? s->weight * s->step_count : 0;
        }
    }
    return true;
}

struct wev_world *wev_world_make(struct wev_arena *arena, const struct wev_profile *profile, const struct wev_config *c,
                                 uint64_t start, struct wev_error *error)
{
    struct wev_world *w = WEV_NEW(arena, struct wev_world);
    struct maker m = {.world = w, .arena = arena, .profile = profile, .config = c, .error = error};
    m.wanted = WEV_NEW_N(arena, profile->story_count + 1u, uint64_t);
    w->seed = c->seed;
    w->counts[0] = c->hosts;
    w->counts[1] = c->users;
    w->counts[2] = c->domains;
    if (c->events) {
        fail(&m, "a world's events are those of its scenarios, not --events", c->events);
        return NULL;
    }
    if (!read_window(&m, start) || !read_total(&m) || !read_scenarios(&m)) { return NULL; }
    m.most = wev_clock_most(&w->clock);
    if (!add_stories(&m)) { return NULL; }
    if (!w->everyday || w->everyday > WEV_WORLD_EVERYDAY_MAX || w->block > WEV_WORLD_BLOCK_MAX) {
        error->code = WEV_E_ARGUMENT;
        snprintf(error->text, sizeof(error->text), "the loaded profiles have %u everyday scenarios of %" PRIu64 " events; a world has 1 to %d of up to %d",
                 w->everyday, w->block, (int)WEV_WORLD_EVERYDAY_MAX, (int)WEV_WORLD_BLOCK_MAX);
        return NULL;
    }
    uint64_t tenths = SCENARIOS_TENTHS;
    do { // fewer benign runs where not all have room
        if (c->attack_rate && !share_attacks(&m, tenths)) { return NULL; }
    } while (!check_room(&m) && c->attack_rate && tenths-- > 0);
    uint32_t kept = w->everyday;
    for (uint32_t k = w->everyday; k < w->count; k++) {
        if (w->stories[k].runs) { w->stories[kept++] = w->stories[k]; }
    }
    w->count = kept;
    if (!check_room(&m)) { return NULL; }
    error->code = WEV_OK; // an attempt before may have left its own
    return w;
}
