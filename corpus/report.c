// Verdicts as lines of text or JSON, and their counts. Judges nothing.
#include "corpus/report.h"

#include "gen/out.h"
#include "schema/profile.h"
#include "schema/wev.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { LINES_MAX = 20 };

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
static void put_also(struct wev_line *l, const struct wev_decoded *d)
{
    const char *before = "; also ";
    for (size_t k = 0; k < d->also_count; k++) {
        bool told = d->also[k] == d->code;
        for (size_t m = 0; m < k; m++) { told = told || d->also[m] == d->also[k]; }
        if (told) { continue; }
        wev_line_text(l, before);
        wev_line_text(l, wev_verdict_rows[d->also[k]].slug);
        before = ", ";
    }
}

static void text_line(struct wev_line *l, const struct wev_finding *f)
{
    const struct wev_decoded *d = f->decoded;
    const struct wev_verdict_row *row = &wev_verdict_rows[d->code];
    wev_line_clean(l, wev_span_of(f->name), false);
    wev_line_text(l, ":");
    wev_line_number(l, f->offset);
    if (row->verdict != 'y') {
        wev_line_text(l, "+");
        wev_line_number(l, d->at);
    }
    wev_line_text(l, ": ");
    if (f->expected && f->expected != row->verdict) {
        wev_line_text(l, "labelled ");
        wev_line_put(l, &f->expected, 1);
        wev_line_text(l, ", is ");
    }
    wev_line_put(l, &row->verdict, 1);
    if (row->verdict == 'y') {
        wev_line_text(l, " ");
        wev_line_number(l, d->event.header[WEV_H_EVENT_ID].is.u);
        wev_line_text(l, ":");
        wev_line_number(l, is_read(d, WEV_H_VERSION) ? d->event.header[WEV_H_VERSION].is.u : 0);
    } else {
        wev_line_text(l, " ");
        wev_line_text(l, wev_layer_names[row->layer]);
        wev_line_text(l, " ");
        wev_line_text(l, row->slug);
        if (d->rule) {
            wev_line_text(l, " ");
            wev_line_clean(l, d->rule->name, false);
        }
        wev_line_text(l, " \"");
        wev_line_clean(l, words(d), false);
        wev_line_text(l, "\"");
        put_also(l, d);
    }
    wev_line_text(l, "\n");
}

static void json_line(struct wev_line *l, const struct wev_finding *f)
{
    const struct wev_decoded *d = f->decoded;
    const struct wev_verdict_row *row = &wev_verdict_rows[d->code];
    wev_line_text(l, "{\"file\":\"");
    wev_line_clean(l, wev_span_of(f->name), true);
    wev_line_text(l, "\"");
    wev_line_json_number(l, "offset", f->offset);
    wev_line_json_number(l, "length", f->length);
    wev_line_json_text(l, "verdict", (struct wev_span){&row->verdict, 1});
    if (f->expected) { wev_line_json_text(l, "expected", (struct wev_span){&f->expected, 1}); }
    wev_line_json_text(l, "layer", wev_span_of(wev_layer_names[row->layer]));
    wev_line_json_text(l, "reason", wev_span_of(row->slug));
    if (d->rule) { wev_line_json_text(l, "rule", d->rule->name); }
    wev_line_json_number(l, "at", d->at);
    wev_line_json_text(l, "text", words(d));
    if (is_read(d, WEV_H_EVENT_ID)) { wev_line_json_number(l, "event", d->event.header[WEV_H_EVENT_ID].is.u); }
    if (is_read(d, WEV_H_VERSION)) { wev_line_json_number(l, "version", d->event.header[WEV_H_VERSION].is.u); }
    if (f->wrapper) { wev_line_text(l, ",\"wrapper\":true"); }
    wev_line_text(l, ",\"also\":[");
    for (size_t k = 0; k < d->also_count; k++) {
        wev_line_text(l, k ? ",\"" : "\"");
        wev_line_text(l, wev_verdict_rows[d->also[k]].slug);
        wev_line_text(l, "\"");
    }
    wev_line_text(l, "]");
}

// ---- what was read

static void add_quoted(struct wev_line *l, struct wev_span s)
{
    wev_line_text(l, "\"");
    wev_line_clean(l, s, true);
    wev_line_text(l, "\"");
}

static void add_header(struct wev_line *l, const struct wev_event *event)
{
    const char *comma = "";
    wev_line_text(l, ",\"header\":{");
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_value *v = &event->header[h];
        char spelled[WEV_TEXT_VALUE_MAX];
        if (v->flags & WEV_F_ABSENT || v->type == WEV_T_NULL) { continue; }
        struct wev_span text = {v->is.text, v->n};
        if (v->type != WEV_T_UNICODE_STRING) {
            text = (struct wev_span){spelled, (size_t)(wev_out_spell(spelled, v, wev_type_rows[v->type - 1].lex) - spelled)};
        }
        wev_line_text(l, comma);
        add_quoted(l, wev_span_of(wev_header_names[h]));
        wev_line_text(l, ":");
        add_quoted(l, text);
        comma = ",";
    }
    wev_line_text(l, "}");
}

// Pairs, since a name may be missing or stand twice.
static void add_data(struct wev_line *l, const struct wev_decoded *d)
{
    wev_line_text(l, ",\"data\":[");
    for (size_t k = 0; k < d->data_count; k++) {
        wev_line_text(l, k ? ",[" : "[");
        if (d->names[k].p) {
            add_quoted(l, d->names[k]);
        } else {
            wev_line_text(l, "null");
        }
        wev_line_text(l, ",");
        add_quoted(l, d->texts[k]);
        wev_line_text(l, "]");
    }
    wev_line_text(l, "]");
}

void wev_report_open(struct wev_report *r, FILE *out, bool json, bool quiet, bool labels)
{
    r->out = out;
    r->json = json;
    r->quiet = quiet;
    r->labels = labels;
    r->values = false;
    r->count = r->y = r->n = r->i = r->bad = 0;
    r->held_n = 0;
    r->many = false;
    r->line = (struct wev_line){NULL, 0, 0, false};
}

// Lines before it is known whether there are many: what is accepted is marked, so that it can be left out.
// False: no room.
static bool hold(struct wev_report *r, const struct wev_line *l, bool accepted)
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
    struct wev_line *l = &r->line;
    if (r->many && accepted) { return; }
    l->n = 0;
    text_line(l, f);
    bool held = !r->many && hold(r, l, accepted);
    if (held && r->y <= LINES_MAX) { return; }
    r->many = true;
    release(r, false);
    if (!held && !accepted) { fwrite(l->p, 1, l->n, r->out); }
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
        r->line.n = 0;
        json_line(&r->line, f);
        if (r->values) {
            add_header(&r->line, &f->decoded->event);
            add_data(&r->line, f->decoded);
        }
        wev_line_text(&r->line, "}\n");
        fwrite(r->line.p, 1, r->line.n, r->out);
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
    bool whole = !r->line.failed;
    wev_line_free(&r->line);
    if (!whole) { errno = ENOMEM; }
    return fflush(r->out) == 0 && !ferror(r->out) && whole;
}
