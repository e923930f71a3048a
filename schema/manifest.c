// Instrumentation manifests: providers, events and what they name, resolved. Templates are manifest_template.c's.
#include "schema/manifest_load.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_RESERVE = 1 << 28, EVENTS_MAX = 65536, PROVIDERS_MAX = 4096, NAMES_MAX = 65536 };

#define CLASSIC 0x8000000000000000u // the keyword bit that the Security channel's events carry

// winmeta.xml: what every manifest may name with the prefix win:.
static const struct wev_named levels[] = {
    {{"win:LogAlways", 13}, {"Information", 11}, 0}, {{"win:Critical", 12}, {"Critical", 8}, 1},
    {{"win:Error", 9}, {"Error", 5}, 2}, {{"win:Warning", 11}, {"Warning", 7}, 3},
    {{"win:Informational", 17}, {"Information", 11}, 4}, {{"win:Verbose", 11}, {"Verbose", 7}, 5},
};
static const struct wev_named opcodes[] = {
    {{"win:Info", 8}, {"Info", 4}, 0}, {{"win:Start", 9}, {"Start", 5}, 1}, {{"win:Stop", 8}, {"Stop", 4}, 2},
    {{"win:DC_Start", 12}, {"DCStart", 7}, 3}, {{"win:DC_Stop", 11}, {"DCStop", 6}, 4},
    {{"win:Extension", 13}, {"Extension", 9}, 5}, {{"win:Reply", 9}, {"Reply", 5}, 6},
    {{"win:Resume", 10}, {"Resume", 6}, 7}, {{"win:Suspend", 11}, {"Suspend", 7}, 8},
    {{"win:Send", 8}, {"Send", 4}, 9}, {{"win:Receive", 11}, {"Receive", 7}, 240},
};
static const struct wev_named keywords[] = {
    {{"win:AnyKeyword", 14}, {NULL, 0}, 0}, {{"win:ResponseTime", 16}, {"Response Time", 13}, 0x1000000000000},
    {{"win:WDIContext", 14}, {"WDI Context", 11}, 0x2000000000000}, {{"win:WDIDiag", 11}, {"WDI Diag", 8}, 0x4000000000000},
    {{"win:SQM", 7}, {"SQM", 3}, 0x8000000000000}, {{"win:AuditFailure", 16}, {"Audit Failure", 13}, 0x10000000000000},
    {{"win:AuditSuccess", 16}, {"Audit Success", 13}, 0x20000000000000},
    {{"win:CorrelationHint", 19}, {"Correlation Hint", 16}, 0x40000000000000},
    {{"win:EventlogClassic", 19}, {"Classic", 7}, 0x80000000000000},
};
static const struct wev_named tasks[] = {{{"win:None", 8}, {NULL, 0}, 0}};

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

static size_t count_kids(const struct wev_elem *e)
{
    size_t n = 0;
    for (const struct wev_elem *k = e ? e->kids : NULL; k; k = k->next) { n++; }
    return n;
}

// ---- strings

static int by_name(const void *a, const void *b)
{
    const struct wev_named *x = a, *y = b;
    size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
    int d = n ? memcmp(x->name.p, y->name.p, n) : 0;
    return d ? d : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

// The table of en-US when there is one, else the first.
static void read_strings(struct wev_manifest_load *ml, const struct wev_elem *root)
{
    const struct wev_elem *localization = wev_manifest_kid(root, "localization"), *best = NULL;
    for (const struct wev_elem *r = localization ? localization->kids : NULL; r; r = r->next) {
        if (!wev_span_is(r->name, "resources")) { continue; }
        if (!best || wev_span_eq_nocase(wev_tree_attr(r, "culture"), WEV_SPAN("en-US"))) { best = r; }
    }
    const struct wev_elem *table = wev_manifest_kid(best, "stringTable");
    struct wev_named *strings = WEV_NEW_N(ml->load->arena, count_kids(table) + 1, struct wev_named);
    ml->string_count = 0;
    for (const struct wev_elem *s = table ? table->kids : NULL; s; s = s->next) {
        struct wev_span value = wev_tree_attr(s, "value");
        strings[ml->string_count].name = wev_tree_attr(s, "id");
        strings[ml->string_count++].text = value.p ? value : s->text;
    }
    qsort(strings, ml->string_count, sizeof(*strings), by_name);
    ml->strings = strings;
}

// "$(string.id)" by the table, absent when it has no such id; anything else stands for itself.
struct wev_span wev_manifest_text(struct wev_manifest_load *ml, struct wev_span s)
{
    static const char open[] = "$(string.";
    size_t n = sizeof(open) - 1;
    if (!s.p || s.n <= n || memcmp(s.p, open, n) != 0 || s.p[s.n - 1] != ')') { return s; }
    struct wev_named key = {{s.p + n, s.n - n - 1}, {NULL, 0}, 0};
    const struct wev_named *found = ml->string_count ? bsearch(&key, ml->strings, ml->string_count, sizeof(key), by_name) : NULL;
    return found ? found->text : (struct wev_span){NULL, 0};
}

// ---- names of a provider

static struct wev_names read_names(struct wev_manifest_load *ml, const struct wev_elem *group, const char *attr, uint64_t max)
{
    struct wev_named *rows = WEV_NEW_N(ml->load->arena, count_kids(group) + 1, struct wev_named);
    size_t n = 0;
    for (const struct wev_elem *k = group ? group->kids : NULL; k; k = k->next) {
        rows[n].name = wev_manifest_need(ml, k, "name");
        rows[n].text = wev_manifest_text(ml, wev_tree_attr(k, "message"));
        rows[n].value = wev_manifest_number(ml, k, attr, max);
        n++;
    }
    return (struct wev_names){rows, n};
}

// A name among a provider's own and the predefined ones. The value may also be a number of the list.
static struct wev_named find_name(struct wev_manifest_load *ml, struct wev_span name, const char *what, struct wev_names own,
                                  const struct wev_named *win, size_t win_count, unsigned line)
{
    for (size_t k = 0; k < own.count; k++) {
        if (wev_span_eq(own.rows[k].name, name)) { return own.rows[k]; }
    }
    for (size_t k = 0; k < win_count; k++) {
        if (wev_span_eq(win[k].name, name)) { return win[k]; }
    }
    uint64_t value;
    if (wev_span_u64(name, &value)) { return (struct wev_named){name, {NULL, 0}, value}; }
    struct wev_arena scratch = *ml->load->arena;
    struct wev_span *list = WEV_NEW_N(&scratch, own.count + win_count + 1, struct wev_span);
    for (size_t k = 0; k < own.count; k++) { list[k] = own.rows[k].name; }
    for (size_t k = 0; k < win_count; k++) { list[own.count + k] = win[k].name; }
    wev_manifest_unknown(ml, line, what, name, list, own.count + win_count);
}

// Opcodes of the provider and of each task.
static struct wev_names read_opcodes(struct wev_manifest_load *ml, const struct wev_elem *provider)
{
    const struct wev_elem *all = wev_manifest_kid(provider, "opcodes"), *tasks_elem = wev_manifest_kid(provider, "tasks");
    size_t n = count_kids(all), at = 0;
    for (const struct wev_elem *t = tasks_elem ? tasks_elem->kids : NULL; t; t = t->next) { n += count_kids(wev_manifest_kid(t, "opcodes")); }
    struct wev_named *rows = WEV_NEW_N(ml->load->arena, n + 1, struct wev_named);
    const struct wev_elem *group = all;
    for (const struct wev_elem *t = tasks_elem ? tasks_elem->kids : NULL;; t = t->next) { // the provider's own, then each task's
        struct wev_names some = read_names(ml, group, "value", 255);
        if (some.count) { memcpy(rows + at, some.rows, some.count * sizeof(*rows)); }
        at += some.count;
        if (!t) { break; }
        group = wev_manifest_kid(t, "opcodes");
    }
    return (struct wev_names){rows, at};
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

static uint64_t keyword_mask(struct wev_manifest_load *ml, const struct wev_provider_load *p, struct wev_span list, unsigned line)
{
    uint64_t mask = 0;
    while (list.n > 0) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ' ' && list.p[n] != '\t' && list.p[n] != '\n' && list.p[n] != '\r') { n++; }
        if (n) { mask |= find_name(ml, (struct wev_span){list.p, n}, "keyword", p->keywords, keywords, WEV_COUNT(keywords), line).value; }
        n += n < list.n;
        list.p += n;
        list.n -= n;
    }
    return mask;
}

static struct wev_named optional(struct wev_manifest_load *ml, const struct wev_elem *e, const char *attr, struct wev_names own,
                                 const struct wev_named *win, size_t win_count)
{
    struct wev_span s = wev_tree_attr(e, attr);
    if (!s.n) { return win[0]; }
    return find_name(ml, s, attr, own, win, win_count, e->line);
}

static void read_event(struct wev_manifest_load *ml, const struct wev_provider_load *p, const struct wev_elem *e, struct wev_event_def *d)
{
    struct wev_span channel = wev_tree_attr(e, "channel"), version = wev_tree_attr(e, "version"), template = wev_tree_attr(e, "template");
    struct wev_named level = optional(ml, e, "level", p->levels, levels, WEV_COUNT(levels));
    struct wev_named task = optional(ml, e, "task", p->tasks, tasks, WEV_COUNT(tasks));
    struct wev_named opcode = optional(ml, e, "opcode", p->opcodes, opcodes, WEV_COUNT(opcodes));
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

static void replace_event(struct wev_manifest_load *ml, const struct wev_event_def *d)
{
    for (size_t k = ml->event_before; k-- > 0;) { // only earlier files can be replaced; one file may not repeat itself
        struct wev_event_def *old = &ml->events[k];
        if (old->id == d->id && old->version == d->version && wev_span_eq(old->provider->name, d->provider->name)) {
            const struct wev_provider *same = old->provider;
            *old = *d;
            old->provider = same;
            return;
        }
    }
    if (ml->event_count == EVENTS_MAX) { wev_fail(ml->load, WEV_E_LIMIT, d->line, "more than %d events", (int)EVENTS_MAX); }
    ml->events[ml->event_count++] = *d;
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
    for (size_t k = 0; k < ml->provider_count; k++) {
        if (wev_span_eq(ml->providers[k].name, name)) { return &ml->providers[k]; }
    }
    if (ml->provider_count == PROVIDERS_MAX) { wev_fail(ml->load, WEV_E_LIMIT, e->line, "more than %d providers", (int)PROVIDERS_MAX); }
    struct wev_provider *p = &ml->providers[ml->provider_count];
    *p = (struct wev_provider){.name = name, .guid_text = guid, .message = wev_manifest_text(ml, wev_tree_attr(e, "message"))};
    if (!read_guid(guid, &p->guid)) { wev_fail(ml->load, WEV_E_SYNTAX, e->line, "guid \"%.*s\" is not a GUID", (int)guid.n, guid.p); }
    ml->provider_count++;
    return p;
}

static void read_provider(struct wev_manifest_load *ml, const struct wev_elem *e)
{
    struct wev_provider_load p = {.elem = e, .provider = provider_of(ml, e)};
    p.levels = read_names(ml, wev_manifest_kid(e, "levels"), "value", 255);
    p.tasks = read_names(ml, wev_manifest_kid(e, "tasks"), "value", 65535);
    p.opcodes = read_opcodes(ml, e);
    p.keywords = read_names(ml, wev_manifest_kid(e, "keywords"), "mask", UINT64_MAX);
    struct wev_map_entry *texts = WEV_NEW_N(ml->load->arena, p.keywords.count + WEV_COUNT(keywords), struct wev_map_entry);
    for (size_t k = 0; k < p.keywords.count; k++) {
        if (p.keywords.rows[k].text.p) { texts[p.keyword_text_count++] = (struct wev_map_entry){p.keywords.rows[k].value, p.keywords.rows[k].text}; }
    }
    for (size_t k = 1; k < WEV_COUNT(keywords); k++) { texts[p.keyword_text_count++] = (struct wev_map_entry){keywords[k].value, keywords[k].text}; }
    p.keyword_texts = texts;
    p.templates = wev_manifest_templates(ml, e);
    const struct wev_elem *events = wev_manifest_kid(e, "events");
    for (const struct wev_elem *k = events ? events->kids : NULL; k; k = k->next) {
        if (!wev_span_is(k->name, "event")) { continue; }
        struct wev_event_def d;
        read_event(ml, &p, k, &d);
        replace_event(ml, &d);
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

static void read_manifest(struct wev_manifest_load *ml, const struct wev_source *source)
{
    struct wev_source own = *source;
    own.name = wev_arena_text(ml->load->arena, wev_span_of(source->name)).p;
    const struct wev_elem *root = wev_tree_load(ml->load, &own);
    const struct wev_elem *inner = wev_manifest_kid(root, "instrumentationManifest");
    ml->event_before = ml->event_count;
    read_strings(ml, inner ? inner : root);
    if (!read_providers(ml, root)) {
        wev_fail(ml->load, WEV_E_SYNTAX, root->line, "no provider in it: the root \"%.*s\" is not an instrumentation manifest",
                 (int)root->name.n, root->name.p);
    }
}

static int by_event(const void *a, const void *b)
{
    const struct wev_event_def *x = a, *y = b;
    if (x->provider != y->provider) { return x->provider < y->provider ? -1 : 1; }
    if (x->id != y->id) { return x->id < y->id ? -1 : 1; }
    return (x->version > y->version) - (x->version < y->version);
}

// A file that says the same event twice is wrong; sorting brings the two together.
static void check_twice(struct wev_manifest_load *ml)
{
    for (size_t k = 1; k < ml->event_count; k++) {
        const struct wev_event_def *d = &ml->events[k];
        if (by_event(d - 1, d) != 0) { continue; }
        ml->load->file = d->file;
        wev_fail(ml->load, WEV_E_SYNTAX, d->line, "event %u version %u stands twice in provider \"%.*s\"", d->id, d->version,
                 (int)d->provider->name.n, d->provider->name.p);
    }
}

static void hash_sources(struct wev_schema *s, const struct wev_source *a, size_t n, const struct wev_source *b, size_t m)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state) { return; }
    XXH3_128bits_reset(state);
    for (size_t k = 0; k < n; k++) { XXH3_128bits_update(state, a[k].bytes.p, a[k].bytes.n); }
    for (size_t k = 0; k < m; k++) { XXH3_128bits_update(state, b[k].bytes.p, b[k].bytes.n); }
    XXH128_hash_t h = XXH3_128bits_digest(state);
    s->hash[0] = h.low64;
    s->hash[1] = h.high64;
    XXH3_freeState(state);
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
    ml.events = WEV_NEW_N(&arena, EVENTS_MAX, struct wev_event_def);
    for (size_t k = 0; k < manifest_count; k++) { read_manifest(&ml, &manifests[k]); }
    qsort(ml.events, ml.event_count, sizeof(*ml.events), by_event);
    check_twice(&ml);
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
