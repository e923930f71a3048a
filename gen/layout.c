// Lays out one block of units: the scenarios' acts at the times that follow from their runs' begins, and everyday stories in a
// drawn order around them, in the shares of their weights. Knows nothing of values.
#include "gen/layout.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNITS_MAX = 2 * WEV_WORLD_BLOCK_MAX, // the last block takes the rest
    RECORD_STEP = 2,                     // record ids leave gaps for the events that are not made
    EDGE = 2,                            // 100 ns of a unit, at least
    NARROW = 4 * 200,                    // activity of a unit, so that it has twice EDGE in an hour of the most that there can be
};

#define PATH_ORDER 0x27d4eb2f165667c5u
#define PATH_PLACE 0x85ebca77c2b2ae63u
#define PATH_START 0xd6e8feb86659fd93u
#define PATH_GAP 0xff51afd7ed558ccdu
#define PATH_PERSON 0xc4ceb9fe1a85ec53u
#define PATH_RECORD 0x94d049bb133111ebu
#define PATH_BEGIN 0xbf58476d1ce4e5b9u
#define PATH_AFTER 0x9fb21c651e98df25u

struct item { // one everyday story, or one act
    uint64_t run;
    uint32_t first; // unit within the block
    uint16_t story, act;
    uint16_t place; // how many acts of scenarios stand before it
};

struct place { // an act of a scenario
    uint64_t time, run; // time: when it begins
    uint64_t length;    // 100 ns until its last step has passed
    uint32_t first, end; // units
    uint16_t story, act;
};

struct stretch { // the units between two acts of scenarios, or a block's end
    uint64_t start, end, from, span; // time; activity
    uint32_t first, count;
    uint32_t place; // the act behind it, plus one
    bool narrow;    // too little time for activity to say when: each unit gets the same
};

struct wev_layout {
    const struct wev_world *world;
    uint64_t block, first; // first: its first unit
    uint32_t size, item_count, place_count;
    uint32_t placed; // places that are items already
    uint32_t timed; // item whose times are below, plus one
    uint64_t moment, record;
    bool person;
    bool crowded; // the acts do not fit into the block's time: they stand where their units are
    uint64_t start, end; // of the block
    struct stretch stretch;
    uint32_t edge_at; // the unit whose begin is below
    uint64_t edge;
    struct wev_clock_hint hint, there; // there: for places
    uint16_t item_of[UNITS_MAX];
    struct item items[UNITS_MAX];
    struct place places[UNITS_MAX];
    uint16_t order[UNITS_MAX];
    uint64_t times[WEV_WORLD_ACT_MAX];
};

struct wev_layout *wev_layout_new(void)
{
    struct wev_layout *l = malloc(sizeof(*l));
    if (l) {
        l->world = NULL;
        l->block = UINT64_MAX;
        l->timed = 0;
        l->hint = l->there = (struct wev_clock_hint){.day = 0};
    }
    return l;
}

void wev_layout_free(struct wev_layout *l)
{
    free(l);
}

static uint64_t draw(const struct wev_world *w, uint64_t unit, uint64_t path, uint64_t n)
{
    return wev_choice_join(wev_choice_who(w->seed, unit), wev_choice_where(path, n));
}

// ---- where runs stand

static uint64_t stratum(const struct wev_world_story *s, uint64_t run) // each run has one to itself
{
    return (uint64_t)((wev_u128)s->starts * run / s->runs);
}

static uint64_t start_of(const struct wev_world *w, const struct wev_world_story *s, uint64_t run)
{
    uint64_t low = stratum(s, run), high = stratum(s, run + 1), story = (uint64_t)(s - w->stories);
    return low + wev_choice_below(draw(w, run, PATH_PLACE + 2 * story, 0), high > low ? high - low : 1);
}

static uint64_t run_of(uint64_t story, uint64_t run) // address of draws
{
    return 1ull << 63 | story << 54 | run;
}

// When an act of a run begins: at any time of its unit, or some time after the act before.
static uint64_t begin_of(struct wev_layout *l, const struct wev_world_story *s, uint64_t run, uint16_t act)
{
    const struct wev_world *w = l->world;
    uint64_t unit = start_of(w, s, run) + s->acts[act].offset, who = wev_choice_who(w->seed, run_of((uint64_t)(s - w->stories), run));
    uint32_t base = s->acts[act].base;
    uint64_t low = wev_clock_at(&w->clock, unit, w->total, &l->there), high = wev_clock_at(&w->clock, unit + 1, w->total, &l->there);
    if (high > s->until) { high = s->until; }
    uint64_t time = low + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_BEGIN, base)), high > low ? high - low : 1);
    if (s->moved) {
        uint64_t there = wev_clock_in_hours(&w->clock, time, s->story->hour, s->story->hours);
        time = there >= w->clock.start && there < s->until ? there : time; // at the window's ends it stays
    }
    for (uint32_t k = base + 1; k <= act; k++) {
        uint64_t spread = s->acts[k].act->after_100ns / 2;
        time += s->acts[k].act->after_100ns - spread + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_AFTER, k)), 2 * spread + 1);
    }
    return time;
}

static bool is_before(const struct place *a, const struct place *b)
{
    if (a->time != b->time) { return a->time < b->time; }
    if (a->story != b->story) { return a->story < b->story; }
    return a->run != b->run ? a->run < b->run : a->act < b->act;
}

static void add_place(struct wev_layout *l, struct place p)
{
    uint32_t k = l->place_count++;
    for (; k > 0 && is_before(&p, &l->places[k - 1]); k--) { l->places[k] = l->places[k - 1]; }
    l->places[k] = p;
}

// The runs whose act may stand in this block are those whose strata reach into the units in which they then began.
static void find_places(struct wev_layout *l, const struct wev_world_story *s, uint16_t act)
{
    const struct wev_world *w = l->world;
    const struct wev_world_act *a = &s->acts[act];
    uint64_t low = l->first, high = low + l->size - 1, sooner = a->after_100ns - a->early_100ns, later = a->after_100ns + a->early_100ns + s->moved;
    if (!s->runs || l->end - w->clock.start + s->moved <= sooner) { return; }
    if (act != a->base || s->moved) {
        uint64_t last = l->end - 1 - sooner + s->moved;
        low = l->start - w->clock.start > later ? wev_clock_unit(&w->clock, l->start - later, w->total, &l->there) : 0;
        high = wev_clock_unit(&w->clock, last < w->clock.end ? last : w->clock.end - 1, w->total, &l->there);
    }
    uint64_t run = low > a->offset ? (uint64_t)((wev_u128)(low - a->offset) * s->runs / s->starts) : 0;
    run -= run > 0;
    for (; run < s->runs && stratum(s, run) + a->offset <= high; run++) {
        uint64_t time = begin_of(l, s, run, act);
        if (time < l->start || time >= l->end || l->place_count == UNITS_MAX) { continue; }
        add_place(l, (struct place){.time = time, .run = run, .story = (uint16_t)(s - w->stories), .act = act});
    }
}

// ---- everyday

// Each story its share of `units`, which then hold them exactly; what is left over takes the longest that fit.
static uint32_t share_out(struct wev_layout *l, uint32_t units, uint32_t *counts)
{
    const struct wev_world *w = l->world;
    uint32_t left = units, items = 0;
    for (uint32_t k = 0; k < w->everyday; k++) {
        counts[k] = (uint32_t)(w->stories[k].story->weight * units / w->block);
        left -= counts[k] * w->stories[k].acts[0].length;
    }
    uint32_t turn = (uint32_t)wev_choice_below(draw(w, l->block, PATH_ORDER, UINT64_MAX), w->everyday);
    for (uint32_t k = 0; left > 0 && k < 4 * w->everyday; k++) {
        uint32_t s = (turn + k) % w->everyday;
        if (w->stories[s].acts[0].length > left) { continue; }
        counts[s]++;
        left -= w->stories[s].acts[0].length;
    }
    if (left > 0) { counts[0]++; } // it is cut at the block's end
    for (uint32_t k = 0; k < w->everyday; k++) { items += counts[k]; }
    return items;
}

static void shuffle(struct wev_layout *l, uint32_t n, const uint32_t *counts)
{
    uint32_t at = 0;
    for (uint32_t k = 0; k < l->world->everyday; k++) {
        for (uint32_t m = 0; m < counts[k]; m++) { l->order[at++] = (uint16_t)k; }
    }
    uint64_t who = wev_choice_who(l->world->seed, l->block);
    for (uint32_t k = n; k > 1; k--) {
        uint32_t m = (uint32_t)wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_ORDER, k)), k);
        uint16_t other = l->order[m];
        l->order[m] = l->order[k - 1];
        l->order[k - 1] = other;
    }
}

static uint32_t put(struct wev_layout *l, uint32_t at, uint16_t story, uint16_t act, uint64_t run)
{
    uint32_t length = l->world->stories[story].acts[act].length, k = l->item_count++;
    l->items[k] = (struct item){.run = run, .first = at, .story = story, .act = act, .place = (uint16_t)l->placed};
    for (; length > 0 && at < l->size; length--) { l->item_of[at++] = (uint16_t)k; }
    return at;
}

static void put_all(struct wev_layout *l, uint32_t n, uint32_t taken)
{
    const struct wev_world *w = l->world;
    uint32_t next = 0, at = 0;
    for (l->placed = 0; l->placed < l->place_count; l->placed++) {
        struct place *p = &l->places[l->placed];
        uint64_t unit = wev_clock_unit(&w->clock, p->time, w->total, &l->there) - l->first;
        while (next < n && at < unit && at + w->stories[l->order[next]].acts[0].length + taken <= l->size) {
            at = put(l, at, l->order[next++], 0, 0);
        }
        p->first = at;
        p->end = at = put(l, at, p->story, p->act, p->run);
        taken -= w->stories[p->story].acts[p->act].length;
    }
    while (at < l->size) { at = put(l, at, l->order[next++], 0, 0); }
}

static uint64_t episode_of(uint32_t story, uint32_t act, uint64_t run, uint32_t again) // of a scenario
{
    return 3ull << 62 | (uint64_t)story << 54 | run << 17 | (uint64_t)act << 8 | again;
}

// The times of an act's first n steps since its begin, with their gaps. Returns the last.
static uint64_t gaps(const struct wev_act *act, uint32_t n, uint64_t who, uint64_t *times)
{
    uint64_t sum = 0;
    for (uint32_t m = 0; m < n; m++) {
        uint64_t mean = m ? act->steps[m % act->step_count].after_100ns : 0;
        sum += m ? 1 + (mean >> 1) + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_GAP, m)), mean + 1) : 0;
        times[m] = sum;
    }
    return sum;
}

// An act begins at its time, or as much sooner or later as those around it and the block's end want: each unit between has
// two 100 ns at least.
static void settle(struct wev_layout *l)
{
    const struct wev_world *w = l->world;
    uint64_t latest = l->end, soonest = l->start;
    uint32_t unit = l->size;
    l->crowded = false;
    for (uint32_t k = l->place_count; k-- > 0 && !l->crowded;) {
        struct place *p = &l->places[k];
        const struct wev_world_act *a = &w->stories[p->story].acts[p->act];
        p->length = 1 + gaps(a->act, a->length, wev_choice_who(w->seed, episode_of(p->story, p->act, p->run, 0)), l->times);
        uint64_t need = p->length + EDGE * (uint64_t)(unit - p->end);
        l->crowded = latest - l->start < need + EDGE * (uint64_t)p->first;
        latest -= need;
        p->time = p->time < latest ? p->time : latest;
        unit = p->first;
    }
    unit = 0;
    for (uint32_t k = 0; k < l->place_count && !l->crowded; k++) {
        struct place *p = &l->places[k];
        soonest += EDGE * (uint64_t)(p->first - unit);
        p->time = p->time > soonest ? p->time : soonest;
        soonest = p->time + p->length;
        unit = p->end;
    }
}

static void lay_out(struct wev_layout *l, const struct wev_world *w, uint64_t block)
{
    uint64_t blocks = w->total / w->block ? w->total / w->block : 1;
    uint32_t counts[WEV_WORLD_EVERYDAY_MAX], taken = 0;
    l->world = w;
    l->block = block;
    l->first = block * w->block;
    l->size = (uint32_t)((block + 1 == blocks ? w->total : l->first + w->block) - l->first);
    l->item_count = l->place_count = l->timed = l->stretch.place = 0;
    l->edge_at = UINT32_MAX;
    l->start = wev_clock_at(&w->clock, l->first, w->total, &l->there);
    l->end = wev_clock_at(&w->clock, l->first + l->size, w->total, &l->there);
    for (uint32_t s = w->everyday; s < w->count; s++) {
        for (uint32_t a = 0; a < w->stories[s].story->act_count; a++) { find_places(l, &w->stories[s], (uint16_t)a); }
    }
    for (uint32_t k = 0; k < l->place_count; k++) { taken += w->stories[l->places[k].story].acts[l->places[k].act].length; }
    uint32_t n = share_out(l, l->size - taken, counts);
    shuffle(l, n, counts);
    put_all(l, n, taken);
    settle(l);
}

// ---- when

static uint64_t episode_at(const struct wev_layout *l, const struct item *i, uint32_t again)
{
    if (i->story < l->world->everyday) { return l->block << 13 | (uint64_t)(i - l->items); }
    return episode_of(i->story, i->act, i->run, again);
}

// The units around an everyday item that no act of a scenario stands between.
static void enter_stretch(struct wev_layout *l, uint32_t place)
{
    struct stretch *s = &l->stretch;
    const struct wev_clock *c = &l->world->clock;
    const struct place *before = place ? &l->places[place - 1] : NULL, *behind = place < l->place_count ? &l->places[place] : NULL;
    s->place = place + 1;
    s->start = before ? before->time + before->length : l->start;
    s->end = behind ? behind->time : l->end;
    s->first = before ? before->end : 0;
    s->count = (behind ? behind->first : l->size) - s->first;
    s->from = wev_clock_activity(c, s->start, &l->hint);
    s->span = wev_clock_activity(c, s->end, &l->hint) - s->from;
    s->narrow = s->span / (s->count ? s->count : 1) < NARROW;
}

// When unit `at` of the block, in or behind item i, may begin: as the clock says, or in the time that the scenarios' acts around it leave.
static uint64_t edge(struct wev_layout *l, const struct item *i, uint32_t at)
{
    const struct wev_world *w = l->world;
    if (!l->place_count || l->crowded) {
        if (at != l->edge_at) { // an item ends where the next one begins
            l->edge = wev_clock_at(&w->clock, l->first + at, w->total, &l->hint);
            l->edge_at = at;
        }
        return l->edge;
    }
    struct stretch *s = &l->stretch;
    if (s->place != i->place + 1u) { enter_stretch(l, i->place); }
    uint32_t k = at - s->first;
    if (k == s->count) { return s->end; }
    if (s->narrow) { return s->start + (uint64_t)((wev_u128)(s->end - s->start) * k / s->count); }
    return wev_clock_time(&w->clock, s->from + (uint64_t)((wev_u128)s->span * k / s->count), &l->hint);
}

// A scenario's act begins at its time. Everyday steps follow one after the other, with their gaps where the window has room for
// them, else evenly.
static void set_times(struct wev_layout *l, uint32_t k)
{
    const struct wev_world *w = l->world;
    const struct item *i = &l->items[k];
    const struct wev_world_act *act = &w->stories[i->story].acts[i->act];
    uint32_t n = act->length < l->size - i->first ? act->length : l->size - i->first;
    uint64_t who = wev_choice_who(w->seed, episode_at(l, i, 0)), sum = gaps(act->act, n, who, l->times), begin, room = 0;
    bool fits = true;
    if (i->story >= w->everyday && !l->crowded) {
        begin = l->places[i->place].time;
        wev_clock_activity(&w->clock, begin, &l->hint);
    } else {
        uint64_t start = edge(l, i, i->first), end = edge(l, i, i->first + n);
        wev_clock_activity(&w->clock, start, &l->hint); // the hour whose people it may be one of
        fits = sum < end - start;
        room = fits ? end - start - sum : (end - start) / n;
        begin = start + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_START, 0)), room);
    }
    uint32_t weight = l->hint.weight, people = l->hint.people;
    for (uint32_t m = 0; m < n; m++) { l->times[m] = begin + (fits ? l->times[m] : m * room); }
    l->moment = l->times[0];
    l->person = wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_PERSON, 0)), weight) < people;
    l->record = (l->first + i->first) * RECORD_STEP + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_RECORD, 0)), n + 1);
    l->timed = k + 1;
}

void wev_layout_find(struct wev_layout *l, const struct wev_world *w, uint64_t unit, struct wev_frame *f)
{
    uint64_t blocks = w->total / w->block, block = unit / w->block;
    if (block >= blocks) { block = blocks ? blocks - 1 : 0; }
    if (block != l->block || w != l->world) { lay_out(l, w, block); }
    uint32_t at = (uint32_t)(unit - l->first), k = l->item_of[at];
    if (l->timed != k + 1) { set_times(l, k); }
    const struct item *i = &l->items[k];
    const struct wev_world_story *s = &w->stories[i->story];
    const struct wev_world_act *act = &s->acts[i->act];
    uint32_t m = at - i->first, again = m / act->act->step_count;
    f->story = s;
    f->act = act;
    f->at = m - again * act->act->step_count;
    f->episode = episode_at(l, i, again);
    f->run = i->story < w->everyday ? f->episode : run_of(i->story, i->run);
    f->run_number = i->run;
    f->step = act->first_step + m;
    f->moment = l->moment;
    f->time = l->times[m];
    f->record = l->record + m;
    f->person = l->person;
}
