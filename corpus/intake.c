// Documents on their way into a store. The one place where what is acknowledged is printed.
#include "corpus/intake.h"

#include "schema/wev.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 1 << 20 };

void wev_intake_schema(const struct wev_schema *schema, char out[33])
{
    snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, schema->hash[1], schema->hash[0]);
}

static bool read_header(const struct wev_decoded *d, enum wev_header h, uint64_t *out)
{
    bool there = !(d->event.header[h].flags & WEV_F_ABSENT) && d->event.header[h].type != WEV_T_NULL;
    *out = there ? d->event.header[h].is.u : 0;
    return there;
}

bool wev_intake_judge(struct wev_decoder *d, struct wev_span bytes, struct wev_row *row)
{
    struct wev_decoded out;
    if (wev_decode_run(d, bytes.p, bytes.n, &out) != WEV_OK) { return false; }
    const struct wev_verdict_row *v = &wev_verdict_rows[out.code];
    row->verdict = v->verdict;
    row->layer = wev_span_of(wev_layer_names[v->layer]);
    row->reason = wev_span_of(v->slug);
    row->offset = out.at;
    row->has_event = read_header(&out, WEV_H_EVENT_ID, &row->event);
    row->version = 0;
    if (row->has_event) { read_header(&out, WEV_H_VERSION, &row->version); }
    return true;
}

// Only here is anything acknowledged.
static bool commit(struct wev_intake *in, struct wev_error *e)
{
    if (!wev_store_commit(&in->store, e)) { return false; }
    if (in->told.n) { fwrite(in->told.p, 1, in->told.n, stdout); }
    in->told.n = 0;
    if (fflush(stdout) == 0) { return true; }
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "standard output: %s", strerror(errno));
    return false;
}

bool wev_intake_open(struct wev_intake *in, const char *path, enum wev_store_mode mode, struct wev_error *e)
{
    struct wev_store *s = &in->store;
    in->decoder = wev_decode_new(in->schema, NULL);
    if (!in->decoder) {
        e->code = WEV_E_MEMORY;
        snprintf(e->text, sizeof(e->text), "out of memory");
        return false;
    }
    wev_intake_schema(in->schema, in->schema_hash);
    signal(SIGXFSZ, SIG_IGN); // a write past the limit is an error like a full disk
    bool good = wev_store_open(s, path, mode, false, e);
    if (!good && s->busy && !in->no_wait) {
        fprintf(stderr, "wevcorpus: %s: another writer is at work, waiting\n", path);
        good = wev_store_open(s, path, mode, true, e);
    }
    if (good && (s->torn || s->swept)) {
        fprintf(stderr, "wevcorpus: %s: the last writer was stopped: %" PRIu64 " bytes of index and %" PRIu64
                        " documents that nobody was told of are gone\n", path, s->torn, s->swept);
    }
    if (!good) { wev_decode_free(in->decoder); }
    return good;
}

static void line(struct wev_intake *in, const struct wev_row *row, bool fresh, const char *name)
{
    struct wev_line *l = &in->told;
    wev_line_put(l, row->file.p, row->file.n);
    wev_line_text(l, fresh ? " new " : " known ");
    if (row->labelled) {
        wev_line_text(l, "labelled ");
        wev_line_put(l, &row->labelled, 1);
        wev_line_text(l, ", is ");
    }
    wev_line_put(l, &row->verdict, 1);
    if (row->verdict != 'y') {
        wev_line_text(l, " ");
        wev_line_put(l, row->layer.p, row->layer.n);
        wev_line_text(l, " ");
        wev_line_put(l, row->reason.p, row->reason.n);
    }
    wev_line_text(l, " ");
    wev_line_clean(l, wev_span_of(name), false);
    wev_line_text(l, "\n");
}

bool wev_intake_put(struct wev_intake *in, struct wev_span bytes, struct wev_row *row, const char *name, struct wev_error *e)
{
    if (wev_intake_judge(in->decoder, bytes, row)) { return wev_intake_put_judged(in, bytes, row, name, e); }
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "%.300s: out of memory", name);
    return false;
}

bool wev_intake_put_judged(struct wev_intake *in, struct wev_span bytes, struct wev_row *row, const char *name, struct wev_error *e)
{
    char file[WEV_INDEX_FILE_MAX];
    bool fresh;
    if (row->labelled == row->verdict) { row->labelled = 0; }
    if (!row->schema.p) { row->schema = wev_span_of(in->schema_hash); }
    if (!row->generator.p) { row->generator = WEV_SPAN(WEV_VERSION); }
    if (!wev_store_put(&in->store, bytes, row, file, &fresh, e)) { return false; }
    in->seen++;
    in->fresh += fresh;
    in->differ += row->labelled != 0;
    in->y += row->verdict == 'y';
    in->n += row->verdict == 'n';
    in->i += row->verdict == 'i';
    if (in->verbose || row->labelled) { line(in, row, fresh, name); }
    return (!wev_store_full(&in->store) && in->told.n < TOLD_MAX) || commit(in, e);
}

bool wev_intake_close(struct wev_intake *in, struct wev_error *e)
{
    bool good = commit(in, e);
    wev_intake_drop(in);
    return good;
}

void wev_intake_drop(struct wev_intake *in)
{
    wev_store_drop(&in->store);
    wev_decode_free(in->decoder);
    wev_line_free(&in->told);
}

void wev_intake_summary(const struct wev_intake *in, const char *path)
{
    printf("%s: %" PRIu64 " documents: %" PRIu64 " new, %" PRIu64 " known; %" PRIu64 " y, %" PRIu64 " n, %" PRIu64 " i", path, in->seen,
           in->fresh, in->seen - in->fresh, in->y, in->n, in->i);
    if (in->differ) { printf("; %" PRIu64 " not as labelled", in->differ); }
    putchar('\n');
}

bool wev_intake_option(struct wev_intake *in, int c, const char *argument, bool *taken, struct wev_error *e)
{
    uint64_t n;
    *taken = true;
    switch (c) {
    case WEV_INTAKE_BATCH:
        if (!wev_span_u64(wev_span_of(argument), &n) || n < 1 || n > WEV_STORE_BATCH_MAX) {
            e->code = WEV_E_ARGUMENT;
            snprintf(e->text, sizeof(e->text), "--batch: \"%.100s\" is not 1 to %d", argument, WEV_STORE_BATCH_MAX);
            return false;
        }
        in->store.batch = (size_t)n;
        return true;
    case WEV_INTAKE_NO_SYNC: in->store.sync = false; return true;
    case WEV_INTAKE_NO_WAIT: in->no_wait = true; return true;
    case 'v': in->verbose = true; return true;
    default: *taken = false; return true;
    }
}
