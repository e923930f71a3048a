// Makes the cases of a run from the generator: which unit of which mix breaks by a class, and its bytes when they are asked
// for. Knows no parser.
#include "corpus/units.h"

#include "gen/make.h"
#include "schema/builtin.h"
#include "schema/decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES_EACH = 100, TRIES_MIN = 400, ROOM_FIRST = 1 << 16, ROOM_MAX = 1 << 30, ARENA = 1 << 24 };

// A class lands on the first form that has a place for it.
static const char *const forms[] = {"xml", "rendered"};
enum { MIXES = WEV_COUNT(forms) };

struct wev_units {
    struct wev_schema *schema;
    struct wev_options *mixes[MIXES];
    struct wev_arena arena;   // of the breaks
    const char *events;       // for commands; NULL: as wevgen chooses
    char *files;              // " --schema FILE" of each, quoted for a shell
    char *manifest;           // for readers: the manifests with ':' between; NULL: none
    uint64_t seed;
    const char **homeless;
    size_t homeless_count;
};

struct wev_maker {
    const struct wev_units *units;
    struct wev_state *state;
    struct wev_decoder *decoder; // made when values are asked for
    char *buf;
    size_t cap;
};

// ---- one document

struct wev_maker *wev_maker_new(const struct wev_units *u)
{
    struct wev_maker *m = calloc(1, sizeof(*m));
    if (!m) { return NULL; }
    *m = (struct wev_maker){.units = u, .state = malloc(sizeof(*m->state)), .buf = malloc(ROOM_FIRST), .cap = ROOM_FIRST};
    if (m->state) {
        wev_values_init(m->state, u->mixes[0]->plan, u->seed);
        m->state->broken = wev_break_new();
    }
    if (m->buf && m->state && m->state->broken) { return m; }
    wev_maker_free(m);
    return NULL;
}

void wev_maker_free(struct wev_maker *m)
{
    if (!m) { return; }
    if (m->state) { wev_break_free(m->state->broken); }
    wev_decode_free(m->decoder);
    free(m->state);
    free(m->buf);
    free(m);
}

// Its size; more than m->cap: nothing useful was made. SIZE_MAX: out of memory.
static size_t try(struct wev_maker *m, const struct wev_suite_case *c, struct wev_note *note)
{
    struct wev_options o = *m->units->mixes[c->mix];
    o.breaks = c->breaks;
    if (m->state->plan != o.plan) { // the room for breaking stays
        struct wev_break *broken = m->state->broken;
        wev_values_init(m->state, o.plan, o.seed);
        m->state->broken = broken;
    }
    return wev_make_event(&o, m->state, c->unit, m->buf, m->cap, note, NULL);
}

static bool grow(struct wev_maker *m, size_t need)
{
    char *buf = need <= ROOM_MAX ? realloc(m->buf, need) : NULL;
    if (!buf) { return false; }
    m->buf = buf;
    m->cap = need;
    return true;
}

bool wev_maker_document(struct wev_maker *m, const struct wev_suite_case *c, struct wev_span *out)
{
    size_t n;
    while ((n = try(m, c, NULL)) > m->cap) {
        if (!grow(m, n)) { return false; }
    }
    *out = (struct wev_span){m->buf, n};
    return true;
}

// ---- what must be read in it, by the decoder, which shares no code with what made it

static json_t *text_json(struct wev_span s)
{
    return json_stringn(s.n ? s.p : "", s.n);
}

// A whole event's numbers and names. Of a broken one, whose header may be spelled in an odd way, nothing is said.
static json_t *header_json(const struct wev_suite_case *c, const struct wev_event *event)
{
    json_t *out = json_object();
    for (size_t h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_value *v = &event->header[h];
        bool decimal = v->type >= WEV_T_UINT8 && v->type <= WEV_T_UINT64 && h != WEV_H_KEYWORDS;
        char number[24];
        json_t *value = NULL;
        snprintf(number, sizeof(number), "%" PRIu64, v->is.u);
        if (c->breaks || v->flags & WEV_F_ABSENT) {
            value = json_null();
        } else if (v->type == WEV_T_UNICODE_STRING) {
            value = text_json((struct wev_span){v->is.text, v->n});
        } else {
            value = decimal ? json_string(number) : json_null();
        }
        json_object_set_new(out, wev_header_names[h], value);
    }
    return out;
}

json_t *wev_maker_expect(struct wev_maker *m, const struct wev_suite_case *c, struct wev_span document)
{
    struct wev_decoded d;
    if (!m->decoder && !(m->decoder = wev_decode_new(m->units->schema, NULL))) { return NULL; }
    if (wev_decode_run(m->decoder, document.p, document.n, &d) != WEV_OK) { return NULL; }
    if (wev_verdict_rows[d.code].verdict != 'y') { return json_null(); }
    json_t *data = json_array();
    for (size_t k = 0; k < d.data_count; k++) { json_array_append_new(data, json_pack("[o,o]", text_json(d.names[k]), text_json(d.texts[k]))); }
    return json_pack("{s:o,s:o}", "header", header_json(c, &d.event), "data", data);
}

// ---- the cases

static bool fail(struct wev_error *e, enum wev_err code, const char *text)
{
    e->code = code;
    snprintf(e->text, sizeof(e->text), "%s", text);
    return false;
}

static bool keep(struct wev_suite *s, struct wev_suite_case made, const struct wev_note *note)
{
    struct wev_suite_case *c = wev_suite_add(s);
    if (!c) { return false; }
    made.verdict = note->verdict;
    made.at = note->at;
    made.at_length = note->at_length;
    *c = made;
    if (asprintf(&c->own, "%c_%s_%u.s%" PRIu64 "-u%" PRIu64 ".xml", c->verdict, c->class, note->event, s->units->seed, made.unit) < 0) {
        c->own = NULL;
        return false;
    }
    c->file = c->own;
    return true;
}

// The first `count` units of the first mix that the class breaks. Every unit takes a class, or none of its kind does: a
// bounded number is tried.
static bool find_units(struct wev_suite *s, struct wev_maker *m, struct wev_suite_case made, uint64_t count, struct wev_error *e)
{
    uint64_t found = 0;
    for (uint8_t mix = 0; mix < MIXES && !found; mix++) {
        made.mix = mix;
        for (made.unit = 0; found < count && made.unit < TRIES_MIN + found * TRIES_EACH; made.unit++) {
            struct wev_note note;
            size_t n = try(m, &made, &note);
            if (n == SIZE_MAX) { return fail(e, WEV_E_MEMORY, "out of memory"); }
            if (made.breaks && !note.defect[0]) { continue; }
            if (!keep(s, made, &note)) { return fail(e, WEV_E_LIMIT, "--units: no memory for so many documents"); }
            found++;
        }
    }
    if (!found) { s->units->homeless[s->units->homeless_count++] = made.class; }
    return true;
}

static const struct wev_breaks *breaks_of(struct wev_arena *arena, const struct wev_class *c)
{
    struct wev_breaks *b = WEV_NEW(arena, struct wev_breaks);
    const struct wev_class **one = WEV_NEW(arena, const struct wev_class *);
    uint64_t *until = WEV_NEW(arena, uint64_t);
    *one = c;
    *until = 1;
    *b = (struct wev_breaks){.rate = 1ull << 32, .per_unit = 1, .count = 1, .classes = one, .until = until};
    return b;
}

static bool find_all(struct wev_suite *s, const struct wev_units_config *config, struct wev_maker *m, struct wev_error *e)
{
    struct wev_units *u = s->units;
    jmp_buf full;
    u->arena.full = &full;
    if (setjmp(full)) { return fail(e, WEV_E_MEMORY, "out of memory for classes"); }
    const struct wev_breaks *chosen = wev_breaks_new(&u->arena, NULL, config->classes ? config->classes : "*", e);
    if (!chosen) { return false; }
    struct wev_suite_case whole = {.class = "valid", .layer = "none", .reason = "ok", .rule = "none is broken", .why = "an event as it is made",
                             .manifest = u->manifest};
    if (!config->classes && !find_units(s, m, whole, config->count, e)) { return false; }
    for (uint32_t k = 0; k < chosen->count; k++) {
        const struct wev_class *c = chosen->classes[k];
        struct wev_suite_case made = {.class = c->id, .layer = wev_class_layer(c), .reason = wev_verdict_rows[c->reason].slug, .rule = c->breaks,
                                .why = c->seen ? c->seen : "a class of its own", .manifest = u->manifest,
                                .breaks = breaks_of(&u->arena, c)};
        if (!find_units(s, m, made, config->count, e)) { return false; }
    }
    return s->count > 0 || fail(e, WEV_E_ARGUMENT, "--units: no event has a place for any of these classes");
}

// ---- the set-up

static bool plain(const char *s)
{
    return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,+-")] == 0;
}

static void put_quoted(FILE *f, const char *s)
{
    if (plain(s)) {
        fputs(s, f);
        return;
    }
    fputc('\'', f);
    for (; *s; s++) {
        if (*s == '\'') { fputs("'\\''", f); } else { fputc(*s, f); }
    }
    fputc('\'', f);
}

static bool name_files(struct wev_units *u, const struct wev_units_config *c)
{
    size_t n = 0;
    FILE *f = open_memstream(&u->files, &n);
    if (!f) { return false; }
    for (size_t k = 0; k < c->schema_count; k++) {
        fputs(" --schema ", f);
        put_quoted(f, c->schemas[k]);
    }
    for (size_t k = 0; k < c->profile_count; k++) {
        fputs(" --profile ", f);
        put_quoted(f, c->profiles[k]);
    }
    if (fclose(f) != 0) { return false; }
    if (!c->schema_count) { return true; }
    f = open_memstream(&u->manifest, &n);
    for (size_t k = 0; f && k < c->schema_count; k++) { fprintf(f, "%s%s", k ? ":" : "", c->schemas[k]); }
    return f && fclose(f) == 0;
}

static bool set_up(struct wev_units *u, const struct wev_units_config *c, struct wev_error *e)
{
    u->seed = c->seed;
    u->events = c->events || c->schema_count ? c->events : "all";
    u->homeless = calloc(wev_class_count() + 1, sizeof(*u->homeless));
    if (!wev_arena_new(&u->arena, ARENA) || !u->homeless || !name_files(u, c)) { return fail(e, WEV_E_MEMORY, "out of memory"); }
    u->schema = wev_builtin_load(c->schemas, c->schema_count, c->profiles, c->profile_count, e);
    for (size_t k = 0; u->schema && k < MIXES; k++) {
        struct wev_config config = {.seed = c->seed, .events = u->events, .format = forms[k]};
        u->mixes[k] = wev_options_new(u->schema, &config, e->text, sizeof(e->text));
        if (!u->mixes[k]) { return false; }
    }
    return u->schema != NULL;
}

bool wev_units_load(struct wev_suite *s, const struct wev_units_config *config, struct wev_error *e)
{
    *s = (struct wev_suite){.units = calloc(1, sizeof(*s->units))};
    if (!s->units) { return fail(e, WEV_E_MEMORY, "out of memory"); }
    if (!set_up(s->units, config, e)) { return false; }
    struct wev_maker *m = wev_maker_new(s->units);
    if (!m) { return fail(e, WEV_E_MEMORY, "out of memory"); }
    bool good = find_all(s, config, m, e);
    wev_maker_free(m);
    if (good) { wev_suite_sort(s); }
    return good;
}

void wev_units_free(struct wev_units *u)
{
    if (!u) { return; }
    for (size_t k = 0; k < MIXES; k++) { wev_options_free(u->mixes[k]); }
    wev_schema_free(u->schema);
    wev_arena_free(&u->arena);
    free(u->homeless);
    free(u->files);
    free(u->manifest);
    free(u);
}

size_t wev_units_homeless(const struct wev_units *u, const char *const **names)
{
    *names = (const char *const *)u->homeless;
    return u->homeless_count;
}

uint64_t wev_units_seed(const struct wev_units *u)
{
    return u->seed;
}

void wev_units_command(const struct wev_units *u, const struct wev_suite_case *c, char *out, size_t cap)
{
    FILE *f = fmemopen(out, cap, "w");
    out[0] = 0;
    if (!f) { return; }
    fprintf(f, "wevgen -q -n 1 -s %" PRIu64 " --from %" PRIu64, u->seed, c->unit);
    if (u->events) {
        fputs(" -e ", f);
        put_quoted(f, u->events);
    }
    if (c->mix) { fprintf(f, " -f %s", forms[c->mix]); }
    if (c->breaks) { fprintf(f, " --class %s", c->class); }
    fputs(u->files, f);
    fclose(f);
    out[cap - 1] = 0;
}
