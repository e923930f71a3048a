// Verdicts as lines of text or JSON, and their counts. Judges nothing.
#include "corpus/report.h"

#include "schema/profile.h"
#include "schema/wev.h"

#include <inttypes.h>
#include <string.h>

enum { LINES_MAX = 20, LINE_MAX_BYTES = 8192 };

struct line {
    char p[LINE_MAX_BYTES];
    size_t n;
};

static void put(struct line *l, const char *s, size_t n)
{
    size_t room = sizeof(l->p) - l->n;
    n = n < room ? n : room;
    memcpy(l->p + l->n, s, n);
    l->n += n;
}

static void put_text(struct line *l, const char *s)
{
    put(l, s, strlen(s));
}

static void put_number(struct line *l, uint64_t n)
{
    char s[24];
    put(l, s, (size_t)snprintf(s, sizeof(s), "%" PRIu64, n));
}

// Bytes of the UTF-8 character at p, 0 when it is none.
static size_t utf8(const unsigned char *p, size_t n)
{
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (size > n) { return 0; }
    for (size_t k = 1; k < size; k++) {
        if ((p[k] & 0xc0) != 0x80) { return 0; }
    }
    if (size == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))) { return 0; }
    if (size == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))) { return 0; }
    return size;
}

// Text from outside on one clean line; in JSON with escapes, else with '?' for what is not to be printed.
static void put_clean(struct line *l, struct wev_span s, bool json)
{
    char escape[8];
    for (size_t k = 0; k < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + k;
        size_t size = utf8(p, s.n - k);
        if (size == 0) {
            put_text(l, json ? "\\ufffd" : "?");
            size = 1;
        } else if (*p < 0x20 || *p == 0x7f) {
            put(l, escape, json ? (size_t)snprintf(escape, sizeof(escape), "\\u%04x", *p) : (escape[0] = '?', 1u));
        } else {
            if (json && (*p == '"' || *p == '\\')) { put_text(l, "\\"); }
            put(l, s.p + k, size);
        }
        k += size;
    }
}

// What stands in quotes: a broken rule's own words, else the reason's.
static struct wev_span words(const struct wev_decoded *d)
{
    if (d->rule && d->rule->text.n) { return d->rule->text; }
    return wev_span_of(wev_verdict_rows[d->code].text);
}

static bool is_read(const struct wev_decoded *d, enum wev_header h)
{
    return !(d->event.header[h].flags & WEV_F_ABSENT);
}

// The other findings, each once.
static void put_also(struct line *l, const struct wev_decoded *d)
{
    const char *before = "; also ";
    for (size_t k = 0; k < d->also_count; k++) {
        bool told = d->also[k] == d->code;
        for (size_t m = 0; m < k; m++) { told = told || d->also[m] == d->also[k]; }
        if (told) { continue; }
        put_text(l, before);
        put_text(l, wev_verdict_rows[d->also[k]].slug);
        before = ", ";
    }
}

static void text_line(struct line *l, const struct wev_finding *f)
{
    const struct wev_decoded *d = f->decoded;
    const struct wev_verdict_row *row = &wev_verdict_rows[d->code];
    put_clean(l, wev_span_of(f->name), false);
    put_text(l, ":");
    put_number(l, f->offset);
    if (row->verdict != 'y') {
        put_text(l, "+");
        put_number(l, d->at);
    }
    put_text(l, ": ");
    if (f->expected && f->expected != row->verdict) {
        put_text(l, "labelled ");
        put(l, &f->expected, 1);
        put_text(l, ", is ");
    }
    put(l, &row->verdict, 1);
    if (row->verdict == 'y') {
        put_text(l, " ");
        put_number(l, d->event.header[WEV_H_EVENT_ID].is.u);
        put_text(l, ":");
        put_number(l, is_read(d, WEV_H_VERSION) ? d->event.header[WEV_H_VERSION].is.u : 0);
    } else {
        put_text(l, " ");
        put_text(l, wev_layer_names[row->layer]);
        put_text(l, " ");
        put_text(l, row->slug);
        if (d->rule) {
            put_text(l, " ");
            put_clean(l, d->rule->name, false);
        }
        put_text(l, " \"");
        put_clean(l, words(d), false);
        put_text(l, "\"");
        put_also(l, d);
    }
    put_text(l, "\n");
}

static void json_text(struct line *l, const char *key, struct wev_span s)
{
    put_text(l, ",\"");
    put_text(l, key);
    put_text(l, "\":\"");
    put_clean(l, s, true);
    put_text(l, "\"");
}

static void json_number(struct line *l, const char *key, uint64_t n)
{
    put_text(l, ",\"");
    put_text(l, key);
    put_text(l, "\":");
    put_number(l, n);
}

static void json_line(struct line *l, const struct wev_finding *f)
{
    const struct wev_decoded *d = f->decoded;
    const struct wev_verdict_row *row = &wev_verdict_rows[d->code];
    put_text(l, "{\"file\":\"");
    put_clean(l, wev_span_of(f->name), true);
    put_text(l, "\"");
    json_number(l, "offset", f->offset);
    json_number(l, "length", f->length);
    json_text(l, "verdict", (struct wev_span){&row->verdict, 1});
    if (f->expected) { json_text(l, "expected", (struct wev_span){&f->expected, 1}); }
    json_text(l, "layer", wev_span_of(wev_layer_names[row->layer]));
    json_text(l, "reason", wev_span_of(row->slug));
    if (d->rule) { json_text(l, "rule", d->rule->name); }
    json_number(l, "at", d->at);
    json_text(l, "text", words(d));
    if (is_read(d, WEV_H_EVENT_ID)) { json_number(l, "event", d->event.header[WEV_H_EVENT_ID].is.u); }
    if (is_read(d, WEV_H_VERSION)) { json_number(l, "version", d->event.header[WEV_H_VERSION].is.u); }
    if (f->wrapper) { put_text(l, ",\"wrapper\":true"); }
    put_text(l, ",\"also\":[");
    for (size_t k = 0; k < d->also_count; k++) {
        put_text(l, k ? ",\"" : "\"");
        put_text(l, wev_verdict_rows[d->also[k]].slug);
        put_text(l, "\"");
    }
    put_text(l, "]}\n");
}

void wev_report_open(struct wev_report *r, FILE *out, bool json, bool quiet, bool labels)
{
    r->out = out;
    r->json = json;
    r->quiet = quiet;
    r->labels = labels;
    r->count = r->y = r->n = r->i = r->bad = 0;
    r->held_n = 0;
    r->many = false;
}

// Lines before it is known whether there are many: what is accepted is marked, so that it can be left out.
// False: no room.
static bool hold(struct wev_report *r, const struct line *l, bool accepted)
{
    if (l->n + 3 > sizeof(r->held) - r->held_n) { return false; }
    char *p = r->held + r->held_n;
    p[0] = accepted ? 'y' : ' ';
    p[1] = (char)(l->n & 0xff);
    p[2] = (char)(l->n >> 8);
    memcpy(p + 3, l->p, l->n);
    r->held_n += l->n + 3;
    return true;
}

static void release(struct wev_report *r, bool accepted_too)
{
    for (size_t k = 0; k < r->held_n;) {
        size_t n = (unsigned char)r->held[k + 1] | (size_t)(unsigned char)r->held[k + 2] << 8;
        if (accepted_too || r->held[k] != 'y') { fwrite(r->held + k + 3, 1, n, r->out); }
        k += n + 3;
    }
    r->held_n = 0;
}

static void add_text_line(struct wev_report *r, const struct wev_finding *f, bool accepted)
{
    struct line l;
    if (r->many && accepted) { return; }
    l.n = 0;
    text_line(&l, f);
    bool held = !r->many && hold(r, &l, accepted);
    if (held && r->y <= LINES_MAX) { return; }
    r->many = true;
    release(r, false);
    if (!held && !accepted) { fwrite(l.p, 1, l.n, r->out); }
}

void wev_report_add(struct wev_report *r, const struct wev_finding *f)
{
    char verdict = wev_verdict_rows[f->decoded->code].verdict;
    if (!f->wrapper) {
        r->count++;
        r->y += verdict == 'y';
        r->n += verdict == 'n';
        r->i += verdict == 'i';
        r->bad += r->labels ? f->expected != verdict : verdict == 'n';
    }
    if (r->quiet) { return; }
    if (r->json) {
        struct line l;
        l.n = 0;
        json_line(&l, f);
        fwrite(l.p, 1, l.n, r->out);
    } else {
        add_text_line(r, f, r->labels ? f->expected == verdict : verdict == 'y');
    }
}

bool wev_report_close(struct wev_report *r)
{
    release(r, true);
    if (!r->json && (r->count > 1 || r->quiet || r->labels)) {
        fprintf(r->out, "%" PRIu64 " document%s: %" PRIu64 " y, %" PRIu64 " n, %" PRIu64 " i", r->count, r->count == 1 ? "" : "s",
                r->y, r->n, r->i);
        if (r->labels) { fprintf(r->out, "; %" PRIu64 " not as labelled", r->bad); }
        fputc('\n', r->out);
    }
    return fflush(r->out) == 0 && !ferror(r->out);
}
