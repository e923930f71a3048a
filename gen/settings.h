// The options that say which units to make: the same words in every program that makes some.
#ifndef WEV_SETTINGS_H
#define WEV_SETTINGS_H

#include "gen/make.h"

#include <getopt.h>

enum { WEV_SETTINGS_FILES_MAX = 32 };

struct wev_settings {
    struct wev_config config;
    uint64_t count, from, shard, shards; // as given; see wev_settings_range
    bool counted; // --count was given
    const char *schemas[WEV_SETTINGS_FILES_MAX], *profiles[WEV_SETTINGS_FILES_MAX];
    const char *worlds[WEV_SETTINGS_FILES_MAX]; // profiles of the user's world
    size_t schema_count, profile_count, world_count;
    bool scenarios; // load them though none is asked for
};
#define WEV_SETTINGS_DEFAULT {.count = 10, .config = {.seed = 1}, .shard = 1, .shards = 1}

// For getopt_long: a program's own options follow, with values from WEV_SETTINGS_OWN on.
#define WEV_SETTINGS_SHORT "n:s:e:f:"
enum {
    WEV_SETTINGS_SHARD = 256, WEV_SETTINGS_FROM, WEV_SETTINGS_START, WEV_SETTINGS_SCHEMA, WEV_SETTINGS_PROFILE,
    WEV_SETTINGS_MALFORMED, WEV_SETTINGS_CLASS, WEV_SETTINGS_BREAKS, WEV_SETTINGS_TWIN,
    WEV_SETTINGS_WORLD, WEV_SETTINGS_HOSTS, WEV_SETTINGS_USERS, WEV_SETTINGS_DOMAINS, WEV_SETTINGS_END, WEV_SETTINGS_RATE,
    WEV_SETTINGS_SCENARIO, WEV_SETTINGS_ATTACK_RATE, WEV_SETTINGS_TIME_ZONE, WEV_SETTINGS_OWN,
};
#define WEV_SETTINGS_LONG                                                                               \
    {"count", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},                      \
    {"events", required_argument, NULL, 'e'}, {"format", required_argument, NULL, 'f'},                   \
    {"shard", required_argument, NULL, WEV_SETTINGS_SHARD}, {"from", required_argument, NULL, WEV_SETTINGS_FROM}, \
    {"start", required_argument, NULL, WEV_SETTINGS_START}, {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA}, \
    {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE},                                           \
    {"malformed", required_argument, NULL, WEV_SETTINGS_MALFORMED},                                       \
    {"class", required_argument, NULL, WEV_SETTINGS_CLASS},                                               \
    {"breaks", required_argument, NULL, WEV_SETTINGS_BREAKS}, {"twin", no_argument, NULL, WEV_SETTINGS_TWIN}
// For programs that make worlds. --world's file stands behind '='; behind a blank getopt_long does not take it.
#define WEV_SETTINGS_WORLD_LONG                                                                         \
    {"world", optional_argument, NULL, WEV_SETTINGS_WORLD}, {"hosts", required_argument, NULL, WEV_SETTINGS_HOSTS}, \
    {"users", required_argument, NULL, WEV_SETTINGS_USERS}, {"domains", required_argument, NULL, WEV_SETTINGS_DOMAINS}, \
    {"end", required_argument, NULL, WEV_SETTINGS_END}, {"rate", required_argument, NULL, WEV_SETTINGS_RATE}, \
    {"scenario", required_argument, NULL, WEV_SETTINGS_SCENARIO},                                         \
    {"attack-rate", required_argument, NULL, WEV_SETTINGS_ATTACK_RATE},                                   \
    {"time-zone", required_argument, NULL, WEV_SETTINGS_TIME_ZONE}

enum wev_settings_taken { WEV_SETTINGS_TAKEN, WEV_SETTINGS_OTHER, WEV_SETTINGS_WRONG };

// What getopt_long gave. OTHER: not one of these; WRONG: error says why.
enum wev_settings_taken wev_settings_take(struct wev_settings *s, int c, const char *argument, struct wev_error *error);
// A number as options take it; name is for the message.
bool wev_settings_number(const char *name, const char *text, uint64_t *out, struct wev_error *error);
bool wev_settings_file(const char **list, size_t *count, const char *name, struct wev_error *error);

// Loads what was named. Free both in the reverse order; on error neither is there.
bool wev_settings_load(struct wev_settings *s, struct wev_schema **schema, struct wev_options **options, struct wev_error *error);
// The units of this shard. False: they reach past the last time that a FILETIME holds.
bool wev_settings_range(const struct wev_settings *s, const struct wev_options *options, uint64_t *first, uint64_t *count, struct wev_error *error);
// What the bytes of a unit depend on besides seed and number, as one would type it; in a world that is how many there are, too. For
// settings that are loaded. Words are apart by a blank; a backslash stands before each blank, quote or backslash inside of one.
// "" when all is default. False: cut at cap.
bool wev_settings_text(const struct wev_settings *s, char *out, size_t cap);

#endif
