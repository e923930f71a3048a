// Record by record: ids of one computer rise, and a 5059 comes right behind the 5058 and 5061 of the same key, thread and
// logon. Knows what was read, and not how it was made.
#include "corpus/stream.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_ROOM = 1 << 8, BEFORE = 2 };

struct seen {
    uint64_t id, operation; // operation: a hash of what the records of one have in common
    uint64_t event;
};

struct computer {
    XXH128_hash_t name;
    struct seen before[BEFORE]; // the last one first; id 0: none
    uint64_t unread;            // documents that could not be read, up to its last record
    bool taken;
};

struct wev_stream {
    struct computer *computers; // open addressing, at most half of it taken
    size_t room, count;
    uint64_t documents, unread;
};

struct wev_stream *wev_stream_new(void)
{
    struct wev_stream *s = calloc(1, sizeof(*s));
    if (!s) { return NULL; }
    s->room = FIRST_ROOM;
    s->computers = calloc(s->room, sizeof(*s->computers));
    if (s->computers) { return s; }
    free(s);
    return NULL;
}

void wev_stream_free(struct wev_stream *s)
{
    if (!s) { return; }
    free(s->computers);
    free(s);
}

void wev_stream_begin(struct wev_stream *s)
{
    memset(s->computers, 0, s->room * sizeof(*s->computers));
    s->count = 0;
    s->documents = s->unread = 0;
}

static struct computer *place_of(struct computer *computers, size_t room, XXH128_hash_t name)
{
    size_t k = (size_t)name.low64 & (room - 1);
    while (computers[k].taken && !XXH128_isEqual(computers[k].name, name)) { k = (k + 1) & (room - 1); }
    return &computers[k];
}

static bool widen(struct wev_stream *s)
{
    struct computer *wider = s->count < WEV_STREAM_COMPUTERS_MAX ? calloc(2 * s->room, sizeof(*wider)) : NULL;
    if (!wider) { return false; }
    for (size_t k = 0; k < s->room; k++) {
        if (s->computers[k].taken) { *place_of(wider, 2 * s->room, s->computers[k].name) = s->computers[k]; }
    }
    free(s->computers);
    s->computers = wider;
    s->room *= 2;
    return true;
}

static struct computer *computer_of(struct wev_stream *s, const struct wev_value *name)
{
    XXH128_hash_t hash = XXH3_128bits(name->is.text, name->n);
    struct computer *c = place_of(s->computers, s->room, hash);
    if (c->taken) { return c; }
    if (2 * (s->count + 1) > s->room) {
        if (!widen(s)) { return NULL; }
        c = place_of(s->computers, s->room, hash);
    }
    s->count++;
    *c = (struct computer){.name = hash, .taken = true};
    return c;
}

// What 5058, 5061 and 5059 of one operation share in every version.
static uint64_t operation_of(const struct wev_decoded *d)
{
    static const char *const names[] = {"SubjectUserSid", "SubjectLogonId", "KeyName"};
    uint64_t ids[] = {d->event.header[WEV_H_PROCESS_ID].is.u, d->event.header[WEV_H_THREAD_ID].is.u};
    uint64_t hash = XXH3_64bits(ids, sizeof(ids));
    for (size_t n = 0; n < WEV_COUNT(names); n++) {
        for (size_t k = 0; k < d->data_count; k++) {
            if (wev_span_is(d->names[k], names[n])) { hash = XXH3_64bits_withSeed(d->texts[k].p, d->texts[k].n, hash); }
        }
    }
    return hash;
}

static bool is_read(const struct wev_decoded *d)
{
    static const enum wev_header needed[] = {WEV_H_PROVIDER, WEV_H_EVENT_ID, WEV_H_RECORD_ID, WEV_H_COMPUTER, WEV_H_PROCESS_ID, WEV_H_THREAD_ID};
    if (wev_verdict_rows[d->code].verdict == 'n') { return false; }
    for (size_t k = 0; k < WEV_COUNT(needed); k++) {
        if (d->event.header[needed[k]].flags & WEV_F_ABSENT) { return false; }
    }
    return true;
}

static bool is_export(const struct wev_decoded *d)
{
    const struct wev_value *provider = &d->event.header[WEV_H_PROVIDER];
    struct wev_span name = {provider->is.text, provider->n};
    return d->event.header[WEV_H_EVENT_ID].is.u == 5059 && wev_span_is(name, "Microsoft-Windows-Security-Auditing");
}

static bool is_complete(const struct computer *c, const struct seen *last)
{
    static const uint64_t events[BEFORE] = {5061, 5058};
    for (uint64_t k = 0; k < BEFORE; k++) {
        const struct seen *b = &c->before[k];
        if (b->id != last->id - 1 - k || b->event != events[k] || b->operation != last->operation) { return false; }
    }
    return true;
}

enum wev_stream_said wev_stream_next(struct wev_stream *s, const struct wev_decoded *d, enum wev_verdict *code)
{
    uint64_t documents = s->documents++;
    if (!is_read(d)) {
        s->unread++;
        return WEV_STREAM_FITS;
    }
    struct computer *c = computer_of(s, &d->event.header[WEV_H_COMPUTER]);
    if (!c) { return WEV_STREAM_FULL; }
    struct seen is = {d->event.header[WEV_H_RECORD_ID].is.u, operation_of(d), d->event.header[WEV_H_EVENT_ID].is.u};
    bool known = documents >= BEFORE && s->unread == c->unread;
    enum wev_stream_said said = WEV_STREAM_BREAKS;
    if (c->before[0].id && is.id <= c->before[0].id) {
        *code = is.id == c->before[0].id ? WEV_V_STREAM_RECORD_TWICE : WEV_V_STREAM_RECORD_BACK;
    } else if (is_export(d) && !is_complete(c, &is)) {
        *code = WEV_V_STREAM_INCOMPLETE;
        if (!known) { said = WEV_STREAM_UNSURE; }
    } else {
        said = WEV_STREAM_FITS;
    }
    c->before[1] = c->before[0];
    c->before[0] = is; // an id that went back is where the log goes on
    c->unread = s->unread;
    return said;
}
