// Which events a run makes: reads the list of -e against the schema.
#include "gen/plan_build.h"

#include <stdio.h>
#include <string.h>

struct want {
    struct wev_span provider; // absent: any
    uint64_t id, version;     // UINT64_MAX: any
};

static bool is_builtin(const struct wev_event_def *d)
{
    return !strncmp(d->file, "builtin:", 8);
}

static struct want parse_want(struct compile *c, struct wev_span item)
{
    struct want w = {{NULL, 0}, UINT64_MAX, UINT64_MAX};
    struct wev_span rest = item;
    const char *slash = memchr(item.p, '/', item.n);
    if (slash) { w.provider = wev_span_cut(&rest, '/'); }
    struct wev_span id = wev_span_cut(&rest, ':');
    bool good = wev_span_is(id, "all") ? rest.n == 0 : wev_span_u64(id, &w.id) && (!rest.n || wev_span_u64(rest, &w.version));
    if (!good) {
        char what[160];
        snprintf(what, sizeof(what), "event \"%.*s\" is not ID, ID:VERSION, all, or PROVIDER/ one of these",
                 (int)(item.n > 80 ? 80 : item.n), item.p);
        wev_plan_stop(c, WEV_E_ARGUMENT, what);
    }
    return w;
}

// `all` means the user's own manifests when there are any, else the built-in ones.
static bool wanted(const struct want *w, const struct wev_event_def *d, bool has_own)
{
    if (w->provider.n && !wev_span_eq(w->provider, d->provider->name)) { return false; }
    if (w->id == UINT64_MAX) { return w->provider.n || !has_own || !is_builtin(d); }
    return d->id == w->id && (w->version == UINT64_MAX || d->version == w->version);
}

static void missing(struct compile *c, struct wev_span item)
{
    struct wev_span *ids = WEV_NEW_N(c->arena, c->schema->event_count + 1, struct wev_span);
    for (size_t k = 0; k < c->schema->event_count; k++) {
        char word[32];
        const struct wev_event_def *d = &c->schema->events[k];
        int n = snprintf(word, sizeof(word), memchr(item.p, ':', item.n) ? "%u:%u" : "%u", d->id, d->version);
        ids[k] = wev_arena_text(c->arena, (struct wev_span){word, (size_t)n});
    }
    struct wev_span near = wev_nearest(item, ids, c->schema->event_count);
    char what[256];
    snprintf(what, sizeof(what), "no loaded schema has event \"%.*s\"%s%.*s%s", (int)(item.n > 80 ? 80 : item.n), item.p,
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
    wev_plan_stop(c, WEV_E_ARGUMENT, what);
}

// Marks what the list names; order of making follows the schema, so "5058,5059" and "5059,5058" are one run.
size_t wev_plan_pick(struct compile *c, const char *list, bool *chosen)
{
    bool has_own = false;
    size_t total = 0;
    for (size_t k = 0; k < c->schema->event_count; k++) { has_own = has_own || !is_builtin(&c->schema->events[k]); }
    struct wev_span rest = wev_span_of(list ? list : has_own ? "all" : "5059");
    do {
        struct wev_span item = wev_span_trim(wev_span_cut(&rest, ','));
        struct want w = parse_want(c, item);
        size_t found = 0;
        for (size_t k = 0; k < c->schema->event_count; k++) {
            if (!wanted(&w, &c->schema->events[k], has_own)) { continue; }
            found++;
            total += !chosen[k];
            chosen[k] = true;
        }
        if (!found) { missing(c, item); }
    } while (rest.n > 0);
    return total;
}
