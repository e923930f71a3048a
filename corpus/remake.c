// Reads the options of a line as wevcorpus build would, and makes the unit. A few sets of options are kept compiled: a store
// has few, though their lines may stand in any order.
#include "corpus/remake.h"

#include "corpus/intake.h"
#include "gen/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 8, TEXT_MAX = 1024, WORDS_MAX = 256, ROOM = 64 << 10, ROOM_MAX = 2 * WEV_STORE_DOCUMENT_MAX };

struct recipe {
    char text[TEXT_MAX];      // as the line has it
    char words[TEXT_MAX];     // the same, cut up; what holds borrows from it
    struct wev_settings what;
    struct wev_schema *schema;
    struct wev_options *options;
    char schema_hash[33];
    char why[300];            // it does not load
    uint64_t used;
    bool taken;
};

struct wev_remake {
    struct recipe recipes[KEPT];
    uint64_t clock;
    struct wev_state *state;
    const struct wev_options *ready; // what state is set up for
    char *buf;
    size_t cap;
};

struct wev_remake *wev_remake_new(void)
{
    struct wev_remake *r = calloc(1, sizeof(*r));
    if (!r) { return NULL; }
    r->state = malloc(sizeof(*r->state));
    if (r->state) {
        r->state->broken = wev_break_new();
        r->state->layout = NULL;
    }
    r->cap = ROOM;
    r->buf = malloc(ROOM);
    if (r->state && r->state->broken && r->buf) { return r; }
    wev_remake_free(r);
    return NULL;
}

static void forget(struct recipe *c)
{
    wev_options_free(c->options);
    wev_schema_free(c->schema);
    *c = (struct recipe){.taken = false};
}

void wev_remake_free(struct wev_remake *r)
{
    if (!r) { return; }
    for (size_t k = 0; k < KEPT; k++) { forget(&r->recipes[k]); }
    if (r->state) {
        wev_break_free(r->state->broken);
        wev_layout_free(r->state->layout);
    }
    free(r->state);
    free(r->buf);
    free(r);
}

// ---- options

// The next word at *p, as wev_settings_text writes them; NULL: no more.
static char *next_word(char **p)
{
    char *from = *p + strspn(*p, " "), *out = from, *at = from;
    if (!*from) { return NULL; }
    for (; *at && *at != ' '; at++) {
        if (*at == '\\' && at[1]) { at++; }
        *out++ = *at;
    }
    *p = at + (*at != 0);
    *out = 0;
    return from;
}

static bool read_options(struct recipe *c, struct wev_error *e)
{
    static const struct option known[] = {WEV_SETTINGS_LONG, WEV_SETTINGS_WORLD_LONG, {NULL, 0, NULL, 0}};
    static char program[] = "options";
    char *argv[WORDS_MAX + 1] = {program}, *rest = c->words;
    int argc = 1;
    for (char *p; argc < WORDS_MAX && (p = next_word(&rest)) != NULL;) { argv[argc++] = p; }
    optind = 0; // glibc: begin anew
    opterr = 0;
    bool read = argc < WORDS_MAX;
    for (int o; read && (o = getopt_long(argc, argv, "+" WEV_SETTINGS_SHORT, known, NULL)) != -1;) {
        enum wev_settings_taken taken = wev_settings_take(&c->what, o, optarg, e);
        if (taken == WEV_SETTINGS_WRONG) { return false; }
        read = taken == WEV_SETTINGS_TAKEN;
    }
    if (read && optind == argc) { return true; }
    snprintf(e->text, sizeof(e->text), "its options cannot be read: \"%.200s\"", c->text);
    return false;
}

static void load(struct recipe *c, const struct wev_row *row)
{
    struct wev_error e = {.code = WEV_OK};
    c->taken = true;
    c->what = (struct wev_settings)WEV_SETTINGS_DEFAULT;
    c->what.config.seed = row->seed;
    if (row->options.n) { memcpy(c->text, row->options.p, row->options.n); }
    memcpy(c->words, c->text, sizeof(c->words));
    bool good = read_options(c, &e) && wev_settings_load(&c->what, &c->schema, &c->options, &e);
    if (good) { wev_intake_schema(c->schema, c->schema_hash); }
    if (!good) { snprintf(c->why, sizeof(c->why), "%.280s", e.text); }
}

static bool is_of(const struct recipe *c, const struct wev_row *row)
{
    return c->taken && strlen(c->text) == row->options.n && (!row->options.n || memcmp(c->text, row->options.p, row->options.n) == 0);
}

static struct recipe *recipe_of(struct wev_remake *r, const struct wev_row *row)
{
    struct recipe *oldest = &r->recipes[0];
    for (size_t k = 0; k < KEPT; k++) {
        struct recipe *c = &r->recipes[k];
        if (is_of(c, row)) { return c; }
        if (c->used < oldest->used) { oldest = c; }
    }
    forget(oldest);
    r->ready = NULL;
    load(oldest, row);
    return oldest;
}

// The same options under another seed: the schema stays.
static bool reseed(struct wev_remake *r, struct recipe *c, uint64_t seed, char why[300])
{
    if (!c->options || c->what.config.seed != seed) {
        r->ready = NULL;
        wev_options_free(c->options);
        c->what.config.seed = seed;
        c->options = wev_options_new(c->schema, &c->what.config, why, 300);
    }
    return c->options != NULL;
}

// ---- a unit

static enum wev_remade make(struct wev_remake *r, const struct recipe *c, uint64_t unit, struct wev_note *note, size_t *n)
{
    if (r->ready != c->options) {
        struct wev_break *broken = r->state->broken;
        wev_layout_free(r->state->layout); // it knows its world by the address, where another may lie now
        wev_values_init(r->state, c->options->plan, c->options->seed);
        r->state->broken = broken;
        r->state->layout = wev_layout_new();
        if (!r->state->layout) { return WEV_REMADE_MEMORY; }
        r->ready = c->options;
    }
    while ((*n = wev_make_event(c->options, r->state, unit, r->buf, r->cap, note, NULL)) > r->cap) {
        char *wider = *n < ROOM_MAX ? realloc(r->buf, *n) : NULL;
        if (!wider) { return WEV_REMADE_MEMORY; }
        r->buf = wider;
        r->cap = *n;
    }
    return WEV_REMADE_SAME;
}

static bool same(struct wev_span a, const char *p, size_t n)
{
    return a.n == n && (!n || memcmp(a.p, p, n) == 0);
}

static enum wev_remade compare(const struct wev_row *row, struct wev_span document, const struct wev_note *note, struct wev_span made, char why[300])
{
    const char *class = row->twin ? "" : note->defect;
    size_t own = note->twin_at ? note->twin_at : made.n;
    if (row->twin && !note->twin_at) { return snprintf(why, 300, "unit %" PRIu64 " has no twin", row->unit), WEV_REMADE_OTHER; }
    struct wev_span is = row->twin ? (struct wev_span){made.p + own, made.n - own} : (struct wev_span){made.p, own};
    size_t k = 0;
    while (k < is.n && k < document.n && is.p[k] == document.p[k]) { k++; }
    if (k < is.n || k < document.n) {
        return snprintf(why, 300, "unit %" PRIu64 " comes out as other bytes, from byte %zu on", row->unit, k), WEV_REMADE_OTHER;
    }
    if (!same(row->class, class, strlen(class)) || (class[0] && (row->at != note->at || row->at_length != note->at_length))) {
        return snprintf(why, 300, "unit %" PRIu64 " breaks by %.60s at %zu+%zu, the index says %.*s at %" PRIu64 "+%" PRIu64, row->unit,
                        class[0] ? class : "no class", note->at, note->at_length, (int)(row->class.n < 60 ? row->class.n : 60),
                        row->class.n ? row->class.p : "", row->at, row->at_length), WEV_REMADE_OTHER;
    }
    return WEV_REMADE_SAME;
}

enum wev_remade wev_remake_check(struct wev_remake *r, const struct wev_row *row, struct wev_span document, char why[300])
{
    struct wev_note note;
    struct wev_error e;
    size_t n;
    uint64_t first, count;
    if (!same(row->generator, WEV_VERSION, sizeof(WEV_VERSION) - 1)) {
        return snprintf(why, 300, "version %.*s made it", (int)(row->generator.n < 40 ? row->generator.n : 40), row->generator.p ? row->generator.p : "?"),
               WEV_REMADE_CANNOT;
    }
    if (row->options.n >= TEXT_MAX - 1) { return snprintf(why, 300, "its options are longer than the index keeps"), WEV_REMADE_CANNOT; }
    struct recipe *c = recipe_of(r, row);
    c->used = ++r->clock;
    if (!c->schema) { return snprintf(why, 300, "%s", c->why), WEV_REMADE_CANNOT; }
    if (!same(row->schema, c->schema_hash, 32)) { return snprintf(why, 300, "another schema made it than its options load"), WEV_REMADE_CANNOT; }
    if (!reseed(r, c, row->seed, why)) { return WEV_REMADE_CANNOT; }
    struct wev_settings one = c->what;
    one.from = row->unit;
    one.count = 1;
    if (!wev_settings_range(&one, c->options, &first, &count, &e)) { return snprintf(why, 300, "%.280s", e.text), WEV_REMADE_CANNOT; }
    enum wev_remade made = make(r, c, row->unit, &note, &n);
    return made == WEV_REMADE_SAME ? compare(row, document, &note, (struct wev_span){r->buf, n}, why) : made;
}
