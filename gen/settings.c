// Reads the options that say which units to make. Knows no output.
#include "gen/settings.h"

#include "schema/builtin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool fail(struct wev_error *e, const char *name, const char *text, const char *what)
{
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "--%s: \"%.200s\" %s", name, text, what);
    return false;
}

bool wev_settings_number(const char *name, const char *text, uint64_t *out, struct wev_error *e)
{
    return wev_span_u64(wev_span_of(text), out) || fail(e, name, text, "is not a number");
}

bool wev_settings_file(const char **list, size_t *count, const char *name, struct wev_error *e)
{
    if (*count == WEV_SETTINGS_FILES_MAX) {
        e->code = WEV_E_ARGUMENT;
        snprintf(e->text, sizeof(e->text), "more than %d files of one kind: \"%.200s\"", WEV_SETTINGS_FILES_MAX, name);
        return false;
    }
    list[(*count)++] = name;
    return true;
}

static bool take_shard(struct wev_settings *s, const char *text, struct wev_error *e)
{
    const char *slash = strchr(text, '/');
    if (slash && wev_span_u64((struct wev_span){text, (size_t)(slash - text)}, &s->shard) &&
        wev_span_u64(wev_span_of(slash + 1), &s->shards) && s->shard >= 1 && s->shard <= s->shards) {
        return true;
    }
    return fail(e, "shard", text, "is not K/N with 1 <= K <= N");
}

static bool take_breaks(struct wev_settings *s, const char *text, struct wev_error *e)
{
    uint64_t n;
    if (!wev_settings_number("breaks", text, &n, e)) { return false; }
    if (n < 1 || n > WEV_BREAKS_MAX) {
        e->code = WEV_E_ARGUMENT;
        snprintf(e->text, sizeof(e->text), "--breaks: must be 1 to %d", WEV_BREAKS_MAX);
        return false;
    }
    s->config.breaks = (uint32_t)n;
    return true;
}

static bool some(const char *name, const char *text, uint64_t *out, struct wev_error *e)
{
    return wev_settings_number(name, text, out, e) && (*out > 0 || fail(e, name, text, "is not 1 or more"));
}

// What makes the run a world.
static enum wev_settings_taken take_world(struct wev_settings *s, int c, const char *argument, struct wev_error *e)
{
    struct wev_config *w = &s->config;
    bool good = true;
    switch (c) {
    case WEV_SETTINGS_WORLD: good = !argument || wev_settings_file(s->worlds, &s->world_count, argument, e); break;
    case WEV_SETTINGS_HOSTS: good = some("hosts", argument, &w->hosts, e); break;
    case WEV_SETTINGS_USERS: good = some("users", argument, &w->users, e); break;
    case WEV_SETTINGS_DOMAINS: good = some("domains", argument, &w->domains, e); break;
    case WEV_SETTINGS_END: w->end = argument; break;
    case WEV_SETTINGS_RATE: w->rate = argument; break;
    case WEV_SETTINGS_SCENARIO: w->scenarios = argument; break;
    case WEV_SETTINGS_ATTACK_RATE: w->attack_rate = argument; break;
    case WEV_SETTINGS_TIME_ZONE: w->time_zone = argument; break;
    default: return WEV_SETTINGS_OTHER;
    }
    w->world = 1;
    return good ? WEV_SETTINGS_TAKEN : WEV_SETTINGS_WRONG;
}

enum wev_settings_taken wev_settings_take(struct wev_settings *s, int c, const char *argument, struct wev_error *e)
{
    bool good = true;
    switch (c) {
    case 'n':
        good = wev_settings_number("count", argument, &s->count, e);
        s->counted = true;
        break;
    case 's': good = wev_settings_number("seed", argument, &s->config.seed, e); break;
    case 'e': s->config.events = argument; break;
    case 'f': s->config.format = argument; break;
    case WEV_SETTINGS_SHARD: good = take_shard(s, argument, e); break;
    case WEV_SETTINGS_FROM: good = wev_settings_number("from", argument, &s->from, e); break;
    case WEV_SETTINGS_START: s->config.start = argument; break;
    case WEV_SETTINGS_SCHEMA: good = wev_settings_file(s->schemas, &s->schema_count, argument, e); break;
    case WEV_SETTINGS_PROFILE: good = wev_settings_file(s->profiles, &s->profile_count, argument, e); break;
    case WEV_SETTINGS_MALFORMED: s->config.malformed = argument; break;
    case WEV_SETTINGS_CLASS: s->config.classes = argument; break;
    case WEV_SETTINGS_BREAKS: good = take_breaks(s, argument, e); break;
    case WEV_SETTINGS_TWIN: s->config.twin = 1; break;
    default: return take_world(s, c, argument, e);
    }
    return good ? WEV_SETTINGS_TAKEN : WEV_SETTINGS_WRONG;
}

// A world is a profile like any other: the built-in one, then the user's own.
static struct wev_schema *load(const struct wev_settings *s, struct wev_error *e)
{
    const char *profiles[2 * WEV_SETTINGS_FILES_MAX + 1];
    size_t n = 0;
    bool all = s->config.scenarios || s->config.attack_rate || s->scenarios;
    if (s->config.world || all) { profiles[n++] = all ? WEV_BUILTIN_WORLD : WEV_BUILTIN_EVERYDAY; }
    for (size_t k = 0; k < s->profile_count; k++) { profiles[n++] = s->profiles[k]; }
    for (size_t k = 0; k < s->world_count; k++) { profiles[n++] = s->worlds[k]; }
    return wev_builtin_load(s->schemas, s->schema_count, profiles, n, e);
}

// In a world the whole run's length says when each of its events is.
static uint64_t total_of(const struct wev_settings *s)
{
    if (!s->config.world) { return s->count; }
    if (s->config.rate && !s->counted) { return 0; }
    return s->count > UINT64_MAX - s->from ? UINT64_MAX : s->from + s->count;
}

bool wev_settings_load(struct wev_settings *s, struct wev_schema **schema, struct wev_options **options, struct wev_error *e)
{
    *options = NULL;
    *schema = load(s, e);
    if (!*schema) { return false; }
    s->config.total = total_of(s);
    *options = wev_options_new(*schema, &s->config, e->text, sizeof(e->text));
    if (*options && s->config.rate) { s->count = wev_options_total(*options) > s->from ? wev_options_total(*options) - s->from : 0; }
    if (*options) { return true; }
    e->code = WEV_E_ARGUMENT;
    wev_schema_free(*schema);
    *schema = NULL;
    return false;
}

static uint64_t part(uint64_t n, uint64_t k, uint64_t of)
{
    return (uint64_t)((wev_u128)n * k / of);
}

bool wev_settings_range(const struct wev_settings *s, const struct wev_options *options, uint64_t *first, uint64_t *count, struct wev_error *e)
{
    uint64_t room = (INT64_MAX - options->plan->start_100ns) / 27000000u; // units until the last FILETIME
    if (options->plan->world) { room = options->total; }
    if (s->from > room || s->count > room - s->from) {
        e->code = WEV_E_ARGUMENT;
        snprintf(e->text, sizeof(e->text), "--from and --count reach past the last time that a FILETIME holds");
        return false;
    }
    uint64_t low = part(s->count, s->shard - 1, s->shards);
    *first = s->from + low;
    *count = part(s->count, s->shard, s->shards) - low;
    return true;
}

static void put(char *out, size_t cap, char c)
{
    size_t n = strlen(out);
    if (n + 1 < cap) { out[n] = c, out[n + 1] = 0; }
}

// A backslash stands before what would end a word, or hide its end.
static void add(char *out, size_t cap, const char *name, const char *value)
{
    if (!value) { return; }
    if (*out) { put(out, cap, ' '); }
    for (const char *p = name; *p; p++) { put(out, cap, *p); }
    if (*value && name[strlen(name) - 1] != '=') { put(out, cap, ' '); }
    for (const char *p = value; *p; p++) {
        if (strchr(" \t\n\r\\\"'", *p)) { put(out, cap, '\\'); }
        put(out, cap, *p);
    }
}

static void add_world(const struct wev_settings *s, char *out, size_t cap)
{
    const struct wev_config *w = &s->config;
    const struct { const char *name; uint64_t n; } counts[] = {{"--hosts", w->hosts}, {"--users", w->users}, {"--domains", w->domains}};
    char total[24];
    snprintf(total, sizeof(total), "%" PRIu64, w->total);
    if (!w->rate || s->counted) { add(out, cap, "-n", total); } // when a unit is depends on how many there are
    if (!s->world_count) { add(out, cap, "--world", ""); }
    for (size_t k = 0; k < s->world_count; k++) { add(out, cap, "--world=", s->worlds[k]); }
    for (size_t k = 0; k < WEV_COUNT(counts); k++) {
        char text[24];
        snprintf(text, sizeof(text), "%" PRIu64, counts[k].n);
        add(out, cap, counts[k].name, counts[k].n ? text : NULL);
    }
    add(out, cap, "--end", w->end);
    add(out, cap, "--rate", w->rate);
    add(out, cap, "--scenario", w->scenarios);
    add(out, cap, "--attack-rate", w->attack_rate);
    add(out, cap, "--time-zone", w->time_zone);
}

bool wev_settings_text(const struct wev_settings *s, char *out, size_t cap)
{
    char breaks[16];
    snprintf(breaks, sizeof(breaks), "%u", s->config.breaks);
    out[0] = 0;
    add(out, cap, "-e", s->config.events);
    add(out, cap, "-f", s->config.format);
    add(out, cap, "--start", s->config.start);
    for (size_t k = 0; k < s->schema_count; k++) { add(out, cap, "--schema", s->schemas[k]); }
    for (size_t k = 0; k < s->profile_count; k++) { add(out, cap, "--profile", s->profiles[k]); }
    add(out, cap, "--malformed", s->config.malformed);
    add(out, cap, "--class", s->config.classes);
    add(out, cap, "--breaks", s->config.breaks > 1 ? breaks : NULL);
    add(out, cap, "--twin", s->config.twin ? "" : NULL);
    if (s->config.world) { add_world(s, out, cap); }
    return strlen(out) + 1 < cap;
}
