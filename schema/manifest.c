// Instrumentation manifests: providers, channels and events, resolved. Names are manifest_names.c's, templates
// manifest_template.c's.
#include "schema/manifest_load.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_RESERVE = 1 << 28, EVENTS_MAX = 65536, EVENTS_ROOM = 2 * EVENTS_MAX, PROVIDERS_MAX = 4096 };

#define CLASSIC 0x8000000000000000u // the keyword bit that the Security channel's events carry

_Noreturn void wev_manifest_unknown(struct wev_manifest_load *ml, unsigned line, const char *what, struct wev_span word,
                                    const struct wev_span *list, size_t count)
{
    struct wev_span near = wev_nearest(word, list, count);
    wev_fail(ml->load, WEV_E_SYNTAX, line, "unknown %s \"%.*s\"%s%.*s%s", what, (int)(word.n > 100 ? 100 : word.n), word.p ? word.p : "",
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

struct wev_span wev_manifest_need(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr)
{
    struct wev_span s = wev_tree_attr(e, attr);
    if (!s.p) { wev_fail(ml->load, WEV_E_SYNTAX, e->line, "<%.*s> without the attribute %s", (int)e->name.n, e->name.p, attr); }
    return s;
}

uint64_t wev_manifest_number(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr, uint64_t max)
{
    struct wev_span s = wev_manifest_need(ml, e, attr);
    uint64_t v;
    if (!wev_span_u64(wev_span_trim(s), &v) || v > max) {
        wev_fail(ml->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is not a number up to %llu", attr, (int)s.n, s.p, (unsigned long long)max);
    }
    return v;
}

const struct wev_elem *wev_manifest_kid(const struct wev_elem *e, const char *name)
{
    const struct wev_elem *k = e ? e->kids : NULL;
    while (k && !wev_span_is(k->name, name)) { k = k->next; }
    return k;
}

struct channel {
    struct wev_span id, name, text;
    bool classic;
};

static struct channel find_channel(struct wev_manifest_load *ml, const struct wev_elem *provider, struct wev_span id, unsigned line)
{
    struct wev_span names[64];
    size_t n = 0;
    const struct wev_elem *group = wev_manifest_kid(provider, "channels");
    for (const struct wev_elem *k = group ? group->kids : NULL; k; k = k->next) {
        struct wev_span chid = wev_tree_attr(k, "chid"), name = wev_manifest_need(ml, k, "name");
        struct wev_span text = wev_manifest_text(ml, wev_tree_attr(k, "message"));
        if (n + 1 < WEV_COUNT(names)) { names[n++] = chid.p ? chid : name; }
        if (wev_span_eq(chid, id) || wev_span_eq(name, id)) {
            return (struct channel){id, name, text.p ? text : name, wev_span_is(name, "Security") || wev_span_is(wev_tree_attr(k, "type"), "Admin")};
        }
    }
    static const struct wev_span known[] = {{"TraceClassic", 12}, {"System", 6}, {"Application", 11}, {"Security", 8}};
    for (size_t k = 0; k < WEV_COUNT(known); k++) {
        if (wev_span_eq(known[k], id)) { return (struct channel){id, id, id, k == 3}; }
    }
    wev_manifest_unknown(ml, line, "channel", id, names, n);
}

// ---- events

struct wev_provider_load {
    const struct wev_elem *elem;
    struct wev_provider *provider;
    struct wev_names levels, tasks, opcodes, keywords;
    const struct wev_map_entry *keyword_texts;
    size_t keyword_text_count;
    struct wev_templates templates;
};

// Names separated by blanks, or'ed.
static uint64_t keyword_mask(struct wev_manifest_load *ml, const struct wev_provider_load *p, struct wev_span list, unsigned line)
{
    uint64_t mask = 0;
    for (list = wev_span_trim(list); list.n > 0; list = wev_span_trim(list)) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ' ' && list.p[n] != '\t' && list.p[n] != '\n') { n++; }
        mask |= wev_manifest_name(ml, WEV_NAMED_KEYWORD, &p->keywords, (struct wev_span){list.p, n}, 0, line).value;
        list.p += n;
        list.n -= n;
    }
    return mask;
}

static void read_event(struct wev_manifest_load *ml, const struct wev_provider_load *p, const struct wev_elem *e, struct wev_event_def *d)
{
    struct wev_span channel = wev_tree_attr(e, "channel"), version = wev_tree_attr(e, "version"), template = wev_tree_attr(e, "template");
    struct wev_named level = wev_manifest_name(ml, WEV_NAMED_LEVEL, &p->levels, wev_tree_attr(e, "level"), 0, e->line);
    struct wev_named task = wev_manifest_name(ml, WEV_NAMED_TASK, &p->tasks, wev_tree_attr(e, "task"), 0, e->line);
    struct wev_named opcode =
        wev_manifest_name(ml, WEV_NAMED_OPCODE, &p->opcodes, wev_tree_attr(e, "opcode"), task.task, e->line);
    *d = (struct wev_event_def){.provider = p->provider, .file = ml->load->file, .line = e->line,
        .id = (uint32_t)wev_manifest_number(ml, e, "value", 65535), .symbol = wev_tree_attr(e, "symbol"),
        .version = version.p ? (uint32_t)wev_manifest_number(ml, e, "version", 255) : 0, .level = (uint32_t)level.value,
        .task = (uint32_t)task.value, .opcode = (uint32_t)opcode.value, .level_text = level.text, .task_text = task.text,
        .opcode_text = opcode.text, .keyword_texts = p->keyword_texts, .keyword_text_count = p->keyword_text_count,
        .keywords = keyword_mask(ml, p, wev_tree_attr(e, "keywords"), e->line), .message = wev_manifest_text(ml, wev_tree_attr(e, "message"))};
    if (channel.n) {
        struct channel c = find_channel(ml, p->elem, channel, e->line);
        d->channel = c.name;
        d->channel_text = c.text;
        if (c.classic) { d->keywords |= CLASSIC; }
    }
    static const struct wev_template none = {.flat = true};
    d->body = template.n ? wev_manifest_template_find(ml, &p->templates, template, e->line) : &none;
}

static bool hex_digit(char c, uint8_t *out)
{
    if (c >= '0' && c <= '9') { *out = (uint8_t)(c - '0'); return true; }
    c = (char)(c | 0x20);
    *out = (uint8_t)(c - 'a' + 10);
    return c >= 'a' && c <= 'f';
}

static bool read_guid(struct wev_span s, struct wev_guid *g)
{
    s = wev_span_trim(s);
    if (s.n == 38 && s.p[0] == '{' && s.p[37] == '}') { s = (struct wev_span){s.p + 1, 36}; }
    size_t n = 0;
    for (size_t k = 0; k < s.n && s.n == 36; k++) {
        uint8_t high, low;
        if (k == 8 || k == 13 || k == 18 || k == 23) {
            if (s.p[k] != '-') { return false; }
            continue;
        }
        if (n == 16 || k + 1 >= s.n || !hex_digit(s.p[k], &high) || !hex_digit(s.p[k + 1], &low)) { return false; }
        g->byte[n++] = (uint8_t)(high << 4 | low);
        k++;
    }
    return n == 16;
}

static struct wev_provider *provider_of(struct wev_manifest_load *ml, const struct wev_elem *e)
{
    struct wev_span name = wev_manifest_need(ml, e, "name"), guid = wev_manifest_need(ml, e, "guid");
    struct wev_span message = wev_manifest_text(ml, wev_tree_attr(e, "message"));
    struct wev_guid number;
    if (!read_guid(guid, &number)) { wev_fail(ml->load, WEV_E_SYNTAX, e->line, "guid \"%.*s\" is not a GUID", (int)guid.n, guid.p); }
    for (size_t k = 0; k < ml->provider_count; k++) {
        struct wev_provider *old = &ml->providers[k];
        if (!wev_span_eq(old->name, name)) { continue; }
        if (memcmp(&old->guid, &number, sizeof(number)) != 0) {
            wev_fail(ml->load, WEV_E_SYNTAX, e->line, "guid \"%.*s\" of provider \"%.*s\", which was \"%.*s\" before", (int)guid.n,
                     guid.p, (int)name.n, name.p, (int)old->guid_text.n, old->guid_text.p);
        }
        if (message.p) { old->message = message; }
        return old;
    }
    if (ml->provider_count == PROVIDERS_MAX) { wev_fail(ml->load, WEV_E_LIMIT, e->line, "more than %d providers", (int)PROVIDERS_MAX); }
    struct wev_provider *p = &ml->providers[ml->provider_count];
    *p = (struct wev_provider){.name = name, .guid_text = guid, .guid = number, .message = message};
    ml->provider_count++;
    return p;
}

static void read_provider(struct wev_manifest_load *ml, const struct wev_elem *e)
{
    struct wev_provider_load p = {.elem = e, .provider = provider_of(ml, e)};
    p.levels = wev_manifest_names(ml, wev_manifest_kid(e, "levels"), "value", UINT8_MAX);
    p.tasks = wev_manifest_names(ml, wev_manifest_kid(e, "tasks"), "value", UINT16_MAX);
    p.opcodes = wev_manifest_opcodes(ml, e);
    p.keywords = wev_manifest_names(ml, wev_manifest_kid(e, "keywords"), "mask", UINT64_MAX);
    p.keyword_texts = wev_manifest_keyword_texts(ml, &p.keywords, &p.keyword_text_count);
    p.templates = wev_manifest_templates(ml, e);
    const struct wev_elem *events = wev_manifest_kid(e, "events");
    for (const struct wev_elem *k = events ? events->kids : NULL; k; k = k->next) {
        if (!wev_span_is(k->name, "event")) { continue; }
        if (ml->event_count == EVENTS_ROOM) { wev_fail(ml->load, WEV_E_LIMIT, k->line, "more than %d events", (int)EVENTS_MAX); }
        read_event(ml, &p, k, &ml->events[ml->event_count++]);
    }
}

// Providers stand in instrumentation/events; dumps and fragments leave out some of that.
static size_t read_providers(struct wev_manifest_load *ml, const struct wev_elem *e)
{
    size_t n = 0;
    if (wev_span_is(e->name, "provider")) {
        read_provider(ml, e);
        return 1;
    }
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        bool way = wev_span_is(k->name, "instrumentation") || wev_span_is(k->name, "events") || wev_span_is(k->name, "provider") ||
                   wev_span_is(k->name, "instrumentationManifest");
        if (way) { n += read_providers(ml, k); }
    }
    return n;
}

static int by_event(const void *a, const void *b)
{
    const struct wev_event_def *x = a, *y = b;
    if (x->provider != y->provider) { return x->provider < y->provider ? -1 : 1; }
    if (x->id != y->id) { return x->id < y->id ? -1 : 1; }
    return (x->version > y->version) - (x->version < y->version);
}

// File names are taken from the arena file by file, so their addresses are the order of the files.
static int by_event_then_place(const void *a, const void *b)
{
    const struct wev_event_def *x = a, *y = b;
    int d = by_event(x, y);
    if (d) { return d; }
    if (x->file != y->file) { return x->file < y->file ? -1 : 1; }
    return (x->line > y->line) - (x->line < y->line);
}

// A later file replaces an event; one that says the same event twice is wrong. Sorting brings the two together.
static void merge_events(struct wev_manifest_load *ml)
{
    size_t n = 0;
    qsort(ml->events, ml->event_count, sizeof(*ml->events), by_event_then_place);
    for (size_t k = 0; k < ml->event_count; k++) {
        const struct wev_event_def *d = &ml->events[k];
        bool again = n > 0 && by_event(&ml->events[n - 1], d) == 0;
        if (again && ml->events[n - 1].file == d->file) {
            wev_fail(ml->load, WEV_E_SYNTAX, d->line, "event %u version %u stands twice in provider \"%.*s\"", d->id, d->version,
                     (int)d->provider->name.n, d->provider->name.p);
        }
        ml->events[again ? n - 1 : n] = *d;
        n += !again;
    }
    ml->event_count = n;
    if (n > EVENTS_MAX) { wev_fail(ml->load, WEV_E_LIMIT, 0, "with it %zu events, the limit is %d", n, (int)EVENTS_MAX); }
}

static void read_manifest(struct wev_manifest_load *ml, const struct wev_source *source)
{
    struct wev_source own = *source;
    own.name = wev_arena_text(ml->load->arena, wev_span_of(source->name)).p;
    const struct wev_elem *root = wev_tree_load(ml->load, &own);
    const struct wev_elem *inner = wev_manifest_kid(root, "instrumentationManifest");
    wev_manifest_strings(ml, inner ? inner : root);
    if (!read_providers(ml, root)) {
        wev_fail(ml->load, WEV_E_SYNTAX, root->line, "no provider in it: the root \"%.*s\" is not an instrumentation manifest",
                 (int)root->name.n, root->name.p);
    }
    merge_events(ml);
}

static void hash_sources(struct wev_schema *s, const struct wev_source *a, size_t n, const struct wev_source *b, size_t m)
{
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    for (size_t k = 0; k < n; k++) { XXH3_128bits_update(&state, a[k].bytes.p, a[k].bytes.n); }
    for (size_t k = 0; k < m; k++) { XXH3_128bits_update(&state, b[k].bytes.p, b[k].bytes.n); }
    XXH128_hash_t h = XXH3_128bits_digest(&state);
    s->hash[0] = h.low64;
    s->hash[1] = h.high64;
}

struct wev_schema *wev_manifest_load(const struct wev_source *manifests, size_t manifest_count, const struct wev_source *profiles,
                                     size_t profile_count, struct wev_error *error)
{
    struct wev_arena arena;
    struct wev_load load = {.arena = &arena, .error = error, .file = "schema"};
    jmp_buf full;
    if (!wev_arena_new(&arena, ARENA_RESERVE)) {
        error->code = WEV_E_MEMORY;
        snprintf(error->text, sizeof(error->text), "schema: no address space for %d bytes", (int)ARENA_RESERVE);
        return NULL;
    }
    arena.full = &full;
    if (setjmp(full)) {
        error->code = WEV_E_MEMORY;
        snprintf(error->text, sizeof(error->text), "%.200s: the schema needs more than %d bytes", load.file, (int)ARENA_RESERVE);
        wev_arena_free(&arena);
        return NULL;
    }
    if (setjmp(load.out)) {
        wev_arena_free(&arena);
        return NULL;
    }
    struct wev_manifest_load ml = {.load = &load};
    struct wev_schema *schema = WEV_NEW(&arena, struct wev_schema);
    ml.providers = WEV_NEW_N(&arena, PROVIDERS_MAX, struct wev_provider);
    ml.events = WEV_NEW_N(&arena, EVENTS_ROOM, struct wev_event_def);
    for (size_t k = 0; k < manifest_count; k++) { read_manifest(&ml, &manifests[k]); }
    schema->providers = ml.providers;
    schema->provider_count = ml.provider_count;
    schema->events = ml.events;
    schema->event_count = ml.event_count;
    schema->profile = wev_profile_load(&load, profiles, profile_count, ml.events, ml.event_count);
    hash_sources(schema, manifests, manifest_count, profiles, profile_count);
    schema->arena = arena;
    schema->arena.full = NULL;
    return schema;
}

const struct wev_event_def *wev_manifest_find(const struct wev_schema *s, struct wev_span provider, const struct wev_guid *guid,
                                              uint32_t id, uint32_t version, bool *id_known)
{
    const struct wev_provider *p = NULL;
    if (id_known) { *id_known = false; }
    for (size_t k = 0; k < s->provider_count && !p; k++) {
        bool same = provider.p ? wev_span_eq(s->providers[k].name, provider)
                               : guid && !memcmp(&s->providers[k].guid, guid, sizeof(*guid));
        if (same) { p = &s->providers[k]; }
    }
    size_t low = 0, high = s->event_count;
    struct wev_event_def key = {.provider = p, .id = id, .version = 0};
    while (p && low < high) {
        size_t mid = (low + high) / 2;
        if (by_event(&s->events[mid], &key) < 0) { low = mid + 1; } else { high = mid; }
    }
    for (; p && low < s->event_count && s->events[low].provider == p && s->events[low].id == id; low++) {
        if (id_known) { *id_known = true; }
        if (s->events[low].version == version) { return &s->events[low]; }
    }
    return NULL;
}
