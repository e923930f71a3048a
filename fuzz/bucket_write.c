// Buckets as a table, JUnit XML, SARIF and regression inputs.
#include "fuzz/bucket.h"

#include "corpus/sheet.h"
#include "gen/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 64 << 20 };

static void input_of(const struct wev_buckets *b, const struct wev_bucket *k, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.3800s/%s/input", b->folder, k->name);
}

void wev_buckets_print(const struct wev_buckets *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct wev_bucket *k = b->list[i];
        char path[PATH_MAX];
        input_of(b, k, path);
        char *command = wev_subject_command(b->subject, path);
        printf("%s%s%s\n    %s in %s", i ? "" : "\n", k->name, k->known ? " (known)" : "", k->crash.kind, k->crash.function);
        if (k->crash.file[0] && k->crash.line) { printf(", %s:%u", k->crash.file, k->crash.line); }
        printf("\n    %zu input%s led here, the smallest has %zu bytes%s: %c", k->count, k->count == 1 ? "" : "s", k->size,
               k->steady ? "" : ", and did nothing when run alone", k->is.verdict);
        if (k->is.verdict == 'y') { puts(""); } else { printf(" %s %s at %zu\n", k->is.layer, k->is.reason, k->is.at); }
        printf("    %s\n", command ? command : "");
        free(command);
    }
}

// ---- JUnit: a test case is a bucket; without any there is one that passed

bool wev_buckets_junit(const struct wev_buckets *b, double seconds, const char *path, struct wev_error *e)
{
    struct wev_sheet p;
    if (!wev_sheet_begin(&p, path, e)) { return false; }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"", p.f);
    wev_sheet_xml(p.f, b->subject->name);
    fprintf(p.f, "\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n", b->count ? (size_t)b->count : 1, (size_t)b->fresh,
            b->count - b->fresh, seconds);
    for (size_t i = 0; i < b->count; i++) {
        const struct wev_bucket *k = b->list[i];
        char input[PATH_MAX];
        input_of(b, k, input);
        fprintf(p.f, "  <testcase classname=\"");
        wev_sheet_xml(p.f, b->subject->name);
        fputs("\" name=\"", p.f);
        wev_sheet_xml(p.f, k->name);
        if (k->known) {
            fputs("\"><skipped message=\"known\"/></testcase>\n", p.f);
            continue;
        }
        fputs("\"><failure type=\"", p.f);
        wev_sheet_xml(p.f, k->crash.kind);
        fputs("\" message=\"", p.f);
        wev_sheet_xml(p.f, k->crash.kind);
        fputs(" in ", p.f);
        wev_sheet_xml(p.f, k->crash.function);
        fputs("\">", p.f);
        char *command = wev_subject_command(b->subject, input);
        wev_sheet_xml(p.f, command ? command : "");
        free(command);
        fputc('\n', p.f);
        char *stack = strndup(k->report ? k->report : "", k->report_n);
        wev_sheet_xml(p.f, stack ? stack : "");
        free(stack);
        fputs("</failure></testcase>\n", p.f);
    }
    if (!b->count) { fputs("  <testcase classname=\"wevfuzz\" name=\"campaign\"/>\n", p.f); }
    fputs(" </testsuite>\n</testsuites>\n", p.f);
    return wev_sheet_finish(&p, path, true, e);
}

// ---- SARIF 2.1.0: a rule is a kind, a result a bucket, its place the function's

static void add_result(const struct wev_buckets *b, const struct wev_bucket *k, json_t *rules, json_t *results)
{
    char text[WEV_CRASH_WORD * 2 + 20], input[PATH_MAX];
    input_of(b, k, input);
    snprintf(text, sizeof(text), "%s in %s", k->crash.kind, k->crash.function);
    if (!json_object_get(rules, k->crash.kind)) {
        json_object_set_new(rules, k->crash.kind, json_pack("{s:s,s:{s:s}}", "id", k->crash.kind, "shortDescription", "text", k->crash.kind));
    }
    bool place = k->crash.file[0] && k->crash.line;
    json_t *at = json_pack("{s:{s:s}}", "artifactLocation", "uri", place ? k->crash.file : input);
    if (place) { json_object_set_new(at, "region", json_pack("{s:I}", "startLine", (json_int_t)k->crash.line)); }
    json_array_append_new(results, json_pack("{s:s,s:s,s:{s:s},s:[{s:o}],s:{s:s},s:{s:s}}", "ruleId", k->crash.kind, "level",
                                             k->known ? "note" : "error", "message", "text", text, "locations", "physicalLocation", at,
                                             "partialFingerprints", "bucket", k->name, "properties", "input", input));
}

bool wev_buckets_sarif(const struct wev_buckets *b, const char *path, struct wev_error *e)
{
    json_t *by_kind = json_object(), *results = json_array(), *rules = json_array(), *rule;
    const char *kind;
    for (size_t k = 0; k < b->count; k++) { add_result(b, b->list[k], by_kind, results); }
    json_object_foreach(by_kind, kind, rule) { json_array_append(rules, rule); }
    json_decref(by_kind);
    json_t *driver = json_pack("{s:s,s:s,s:o}", "name", "wevfuzz", "version", WEV_VERSION, "rules", rules);
    return wev_sheet_json(json_pack("{s:s,s:s,s:[{s:{s:o},s:o}]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                                   "runs", "tool", "driver", driver, "results", results), path, e);
}

// ---- regression inputs

bool wev_buckets_keep(const struct wev_buckets *b, const char *folder, struct wev_error *e)
{
    size_t kept = 0;
    if (b->count && !wev_folder(folder, e)) { return false; }
    for (size_t i = 0; i < b->count; i++) {
        const struct wev_bucket *k = b->list[i];
        char from[PATH_MAX], to[PATH_MAX];
        struct wev_span bytes;
        if (k->known || !k->steady) { continue; }
        input_of(b, k, from);
        snprintf(to, sizeof(to), "%.3800s/%s", folder, k->name);
        if (!wev_file_read(from, INPUT_MAX, &bytes, e)) { return false; }
        bool good = wev_sink_whole(to, bytes, e);
        free((char *)(uintptr_t)bytes.p);
        if (!good) { return false; }
        kept++;
    }
    printf("%zu input%s kept in %s\n", kept, kept == 1 ? "" : "s", folder);
    return true;
}
