// What a loader's harness checks after the load. Knows no file format.
#include "fuzz/loader.h"

#include "fuzz/law.h"
#include "gen/make.h"
#include "schema/decode.h"

#include <stdlib.h>
#include <string.h>

enum { CAP = 1 << 20, UNITS = 6, MEMORY_PER_BYTE = 512 };
enum { MEMORY_BASE = 64 << 20 }; // rooms for the most events and entities, of which the system gives what is touched

// The length of the file's name at the head of a message: what stands before ":LINE: " or ": ".
static size_t name_length(const char *text)
{
    const char *end = strstr(text, ": ");
    while (end && end > text && end[-1] >= '0' && end[-1] <= '9') { end--; }
    return !end ? 0 : (size_t)(end - text) - (end > text && end[0] != ':' && end[-1] == ':');
}

void wev_loader_law_message(const struct wev_error *e, const char *name, struct wev_span input)
{
    size_t n = name_length(e->text), size = strnlen(e->text, sizeof(e->text));
    WEV_LAW(e->code != WEV_OK, "refused without a reason");
    WEV_LAW(size > 0 && size < sizeof(e->text), "a message of %zu bytes", size);
    if (e->code == WEV_E_MEMORY) { return; }
    bool named = n == strlen(name) && !memcmp(e->text, name, n);
    WEV_LAW(named || (n > 0 && input.n && memmem(input.p, input.n, e->text, n)), "the message does not name the file: %s", e->text);
    for (size_t k = 0; k < size; k++) {
        WEV_LAW((unsigned char)e->text[k] >= 0x20 && e->text[k] != 0x7f, "a control byte in the message: %s", e->text);
    }
}

void wev_loader_law_schema(const struct wev_schema *s, size_t n)
{
    size_t used = (size_t)(s->arena.at - s->arena.base);
    WEV_LAW(used <= MEMORY_BASE + MEMORY_PER_BYTE * n, "%zu bytes of memory for %zu", used, n);
    WEV_LAW(s->profile, "a schema without a profile");
    for (size_t k = 0; k < s->event_count; k++) {
        const struct wev_event_def *def = &s->events[k];
        WEV_LAW(def->body && def->profile && def->provider, "event %u is not whole", def->id);
        WEV_LAW(wev_manifest_find(s, def->provider->name, NULL, def->id, def->version, NULL) == def,
                "event %u version %u is not found", def->id, def->version);
    }
}

struct use {
    struct wev_options *options;
    struct wev_state *state;
    struct wev_decoder *decoder;
    char *buf;
};

static void law_unit(struct use *u, uint64_t i, bool rules)
{
    struct wev_decoded read;
    size_t n = wev_make_event(u->options, u->state, i, u->buf, CAP, NULL, NULL);
    if (n > CAP || wev_decode_run(u->decoder, u->buf, n, &read) != WEV_OK) { return; }
    const struct wev_verdict_row *row = &wev_verdict_rows[read.code];
    bool good = row->verdict != 'n' || (rules && row->layer == WEV_LAYER_RULE);
    WEV_LAW(good, "unit %llu is refused: %s at %zu\n%.*s", (unsigned long long)i, row->slug, read.at, (int)n, u->buf);
}

void wev_loader_law_usable(const struct wev_schema *schema, bool rules)
{
    struct wev_config config = {.events = "all"};
    struct wev_error e = {.code = WEV_OK};
    if (!schema->event_count) { return; }
    struct use u = {.options = wev_options_new(schema, &config, e.text, sizeof(e.text))};
    WEV_LAW(u.options || e.text[0], "no options, and no reason");
    if (!u.options) { return; } // a schema may be too large to plan
    u.state = malloc(sizeof(*u.state));
    u.decoder = wev_decode_new(schema, NULL);
    u.buf = malloc(CAP);
    if (u.state && u.decoder && u.buf) {
        wev_values_init(u.state, u.options->plan, 0);
        for (uint64_t i = 0; i < UNITS; i++) { law_unit(&u, i, rules); }
    }
    free(u.buf);
    wev_decode_free(u.decoder);
    free(u.state);
    wev_options_free(u.options);
}
