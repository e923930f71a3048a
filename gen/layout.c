// Lays out one block of units: the scenarios' acts where their runs' places fall, and everyday stories in a drawn order
// around them, in the shares of their weights. Knows nothing of values.
#include "gen/layout.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNITS_MAX = 2 * WEV_WORLD_BLOCK_MAX, // the last block takes the rest
    RECORD_STEP = 2,                     // record ids leave gaps for the events that are not made
};

#define PATH_ORDER 0x27d4eb2f165667c5u
#define PATH_PLACE 0x85ebca77c2b2ae63u
#define PATH_START 0xd6e8feb86659fd93u
#define PATH_GAP 0xff51afd7ed558ccdu
#define PATH_PERSON 0xc4ceb9fe1a85ec53u
#define PATH_RECORD 0x94d049bb133111ebu

struct item { // one everyday story, or one act
    uint64_t run;
    uint32_t first; // unit within the block
    uint16_t story, act;
};

struct place {
    uint64_t at, run;
    uint16_t story, act;
};

struct wev_layout {
    const struct wev_world *world;
    uint64_t block, first; // first: its first unit
    uint32_t size, item_count, place_count;
    uint32_t timed; // item whose times are below, plus one
    uint64_t moment, record;
    bool person;
    struct wev_clock_hint hint;
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
        l->hint = (struct wev_clock_hint){.day = 0};
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

static bool is_before(const struct place *a, const struct place *b)
{
    if (a->at != b->at) { return a->at < b->at; }
    if (a->story != b->story) { return a->story < b->story; }
    return a->run != b->run ? a->run < b->run : a->act < b->act;
}

static void add_place(struct wev_layout *l, struct place p)
{
    uint32_t k = l->place_count++;
    for (; k > 0 && is_before(&p, &l->places[k - 1]); k--) { l->places[k] = l->places[k - 1]; }
    l->places[k] = p;
}

// The runs whose act may stand in this block are those whose strata reach into it.
static void find_places(struct wev_layout *l, const struct wev_world_story *s, uint16_t act)
{
    const struct wev_world *w = l->world;
    uint64_t offset = s->acts[act].offset, end = l->first + l->size;
    if (!s->runs || offset >= end) { return; }
    uint64_t low = l->first > offset ? l->first - offset : 0, run = (uint64_t)((wev_u128)low * s->runs / s->starts);
    run -= run > 0;
    for (; run < s->runs && stratum(s, run) + offset < end; run++) {
        uint64_t at = start_of(w, s, run) + offset;
        if (at < l->first || at >= end || l->place_count == UNITS_MAX) { continue; }
        add_place(l, (struct place){at - l->first, run, (uint16_t)(s - w->stories), act});
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
    l->items[k] = (struct item){run, at, story, act};
    for (; length > 0 && at < l->size; length--) { l->item_of[at++] = (uint16_t)k; }
    return at;
}

static void lay_out(struct wev_layout *l, const struct wev_world *w, uint64_t block)
{
    uint64_t blocks = w->total / w->block ? w->total / w->block : 1;
    uint32_t counts[WEV_WORLD_EVERYDAY_MAX], taken = 0, next = 0, at = 0;
    l->world = w;
    l->block = block;
    l->first = block * w->block;
    l->size = (uint32_t)((block + 1 == blocks ? w->total : l->first + w->block) - l->first);
    l->item_count = l->place_count = l->timed = 0;
    for (uint32_t s = w->everyday; s < w->count; s++) {
        for (uint32_t a = 0; a < w->stories[s].story->act_count; a++) { find_places(l, &w->stories[s], (uint16_t)a); }
    }
    for (uint32_t k = 0; k < l->place_count; k++) { taken += w->stories[l->places[k].story].acts[l->places[k].act].length; }
    uint32_t n = share_out(l, l->size - taken, counts);
    shuffle(l, n, counts);
    for (uint32_t k = 0; k < l->place_count; k++) {
        const struct place *p = &l->places[k];
        while (next < n && at < p->at && at + w->stories[l->order[next]].acts[0].length + taken <= l->size) {
            at = put(l, at, l->order[next++], 0, 0);
        }
        at = put(l, at, p->story, p->act, p->run);
        taken -= w->stories[p->story].acts[p->act].length;
    }
    while (at < l->size) { at = put(l, at, l->order[next++], 0, 0); }
}

// ---- when

static uint64_t episode_of(const struct wev_layout *l, uint32_t k, uint32_t again)
{
    const struct item *i = &l->items[k];
    if (i->story < l->world->everyday) { return l->block << 13 | k; }
    return 3ull << 62 | (uint64_t)i->story << 54 | i->run << 17 | (uint64_t)i->act << 8 | again;
}

// The act's steps one after the other, with their gaps where the window has room for them, else evenly.
static void set_times(struct wev_layout *l, uint32_t k)
{
    const struct wev_world *w = l->world;
    const struct item *i = &l->items[k];
    const struct wev_world_act *act = &w->stories[i->story].acts[i->act];
    uint32_t n = act->length < l->size - i->first ? act->length : l->size - i->first;
    uint64_t unit = l->first + i->first, episode = episode_of(l, k, 0), sum = 0;
    uint64_t start = wev_clock_at(&w->clock, unit, w->total, &l->hint);
    uint32_t weight = l->hint.weight, people = l->hint.people;
    uint64_t end = wev_clock_at(&w->clock, unit + n, w->total, &l->hint), who = wev_choice_who(w->seed, episode);
    for (uint32_t m = 0; m < n; m++) {
        uint64_t mean = m ? act->act->steps[m % act->act->step_count].after_100ns : 0;
        sum += m ? 1 + (mean >> 1) + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_GAP, m)), mean + 1) : 0;
        l->times[m] = sum;
    }
    bool fits = sum < end - start;
    uint64_t room = fits ? end - start - sum : (end - start) / n;
    uint64_t begin = start + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_START, 0)), room);
    for (uint32_t m = 0; m < n; m++) { l->times[m] = begin + (fits ? l->times[m] : m * room); }
    l->moment = l->times[0];
    l->person = wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_PERSON, 0)), weight) < people;
    l->record = unit * RECORD_STEP + wev_choice_below(wev_choice_join(who, wev_choice_where(PATH_RECORD, 0)), n + 1);
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
    f->episode = episode_of(l, k, again);
    f->run = i->story < w->everyday ? f->episode : 1ull << 63 | (uint64_t)i->story << 54 | i->run;
    f->run_number = i->run;
    f->step = act->first_step + m;
    f->moment = l->moment;
    f->time = l->times[m];
    f->record = l->record + m;
    f->person = l->person;
}
