// The curated suite corpus/seeds/: its index, its documents, and the values that another library read from them.
#include "gen/break.h"
#include "schema/builtin.h"
#include "schema/decode.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define SEEDS "corpus/seeds"
enum { SIZE_MAX_ALL = 2000000, SEEDS_MAX = 4096 };

struct bench {
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    json_t *rows[SEEDS_MAX];
    size_t count;
};
static struct bench bench;

static const char *text_of(const json_t *row, const char *key)
{
    const char *s = json_string_value(json_object_get(row, key));
    if (!s) { fail_msg("%s: no \"%s\"", json_string_value(json_object_get(row, "file")), key); }
    return s;
}

static int open_bench(void **state)
{
    static const char *const manifests[] = {"tests/cases/manifests/types.man", "tests/cases/manifests/wild.man"};
    struct wev_error e = {.code = WEV_OK};
    struct wev_span index;
    (void)state;
    bench.schema = wev_builtin_load(manifests, WEV_COUNT(manifests), NULL, 0, &e);
    if (!bench.schema || !wev_file_read(SEEDS "/index.jsonl", SIZE_MAX_ALL, &index, &e)) { fail_msg("%s", e.text); }
    bench.decoder = wev_decode_new(bench.schema, NULL);
    for (const char *p = index.p, *end = p + index.n; p < end;) {
        json_error_t error;
        const char *line = memchr(p, '\n', (size_t)(end - p));
        assert_non_null(line);
        assert_true(bench.count < SEEDS_MAX);
        bench.rows[bench.count] = json_loadb(p, (size_t)(line - p), JSON_REJECT_DUPLICATES, &error);
        if (!bench.rows[bench.count]) { fail_msg("index.jsonl:%zu: %s", bench.count + 1, error.text); }
        bench.count++;
        p = line + 1;
    }
    free((char *)(uintptr_t)index.p);
    return bench.decoder && bench.count ? 0 : -1;
}

static int close_bench(void **state)
{
    (void)state;
    for (size_t k = 0; k < bench.count; k++) { json_decref(bench.rows[k]); }
    wev_decode_free(bench.decoder);
    wev_schema_free(bench.schema);
    return 0;
}

static void check_values(const char *file, const json_t *expect, const struct wev_decoded *d)
{
    const json_t *data = json_object_get(expect, "data");
    const char *computer = json_string_value(json_object_get(json_object_get(expect, "header"), "Computer"));
    const struct wev_value *v = &d->event.header[WEV_H_COMPUTER];
    if (!computer || !wev_span_is((struct wev_span){v->is.text, v->n}, computer)) { fail_msg("%s: Computer is not \"%s\"", file, computer); }
    if (d->event.def && d->event.def->body->user) { return; } // no Data
    if (json_array_size(data) != d->data_count) { fail_msg("%s: %zu Data, %zu wanted", file, d->data_count, json_array_size(data)); }
    for (size_t k = 0; k < d->data_count; k++) {
        const char *name = json_string_value(json_array_get(json_array_get(data, k), 0));
        const char *text = json_string_value(json_array_get(json_array_get(data, k), 1));
        if (!wev_span_is(d->names[k], name ? name : "")) { fail_msg("%s: Data %zu is not named \"%s\"", file, k, name); }
        if (!text || !wev_span_is(d->texts[k], text)) {
            fail_msg("%s: %s is \"%.*s\", not \"%s\"", file, name, (int)d->texts[k].n, d->texts[k].p, text);
        }
    }
}

// forall seeds: the decoder gives the index's verdict and reason, and reads what the other library read
static void seeds_are_as_indexed(void **state)
{
    size_t bytes = 0;
    (void)state;
    for (size_t k = 0; k < bench.count; k++) {
        const json_t *row = bench.rows[k];
        const char *file = text_of(row, "file");
        char path[512];
        struct wev_span doc;
        struct wev_error e = {.code = WEV_OK};
        struct wev_decoded d;
        snprintf(path, sizeof(path), SEEDS "/%s", file);
        if (!wev_file_read(path, SIZE_MAX_ALL, &doc, &e)) { fail_msg("%s", e.text); }
        bytes += doc.n;
        assert_int_equal(wev_decode_run(bench.decoder, doc.p, doc.n, &d), WEV_OK);
        const struct wev_verdict_row *said = &wev_verdict_rows[d.code];
        if (said->verdict != text_of(row, "verdict")[0] || said->verdict != file[0]) { fail_msg("%s: the decoder says %c %s", file, said->verdict, said->slug); }
        if (strcmp(said->slug, text_of(row, "reason")) != 0) { fail_msg("%s: the decoder says %s", file, said->slug); }
        if (!text_of(row, "rule")[0] || !text_of(row, "why")[0]) { fail_msg("%s: says no rule or no reason to be here", file); }
        const json_t *expect = json_object_get(row, "expect");
        if ((file[0] == 'y') != (expect != NULL)) { fail_msg("%s: values are expected of y, and of y alone", file); }
        if (expect) { check_values(file, expect, &d); }
        free((char *)(uintptr_t)doc.p);
    }
    assert_true(bytes < SIZE_MAX_ALL);
}

// forall classes of a mix: a seed; forall files: an index line
static void nothing_is_missing(void **state)
{
    (void)state;
    for (size_t k = 0; k < wev_class_count(); k++) {
        const struct wev_class *c = wev_class_at(k);
        size_t m = 0;
        while (m < bench.count && strcmp(text_of(bench.rows[m], "class"), c->id) != 0) { m++; }
        if (c->weight && m == bench.count) { fail_msg("%s has no seed", c->id); }
    }
    DIR *dir = opendir(SEEDS);
    assert_non_null(dir);
    size_t files = 0;
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) { files += strstr(e->d_name, ".xml") != NULL; }
    closedir(dir);
    assert_int_equal(files, bench.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(seeds_are_as_indexed), cmocka_unit_test(nothing_is_missing)};
    return cmocka_run_group_tests_name("seeds", tests, open_bench, close_bench);
}
