// Results as files: JSON, JUnit XML, SARIF, and the baseline of known failures. Each is there whole or not at all.
#include "corpus/result.h"

#include "corpus/excerpt.h"
#include "corpus/page.h"
#include "corpus/sheet.h"
#include "corpus/units.h"
#include "schema/wev.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BASELINE_MAX = 64 << 20 };

struct rows {
    struct wev_sheet sheet;
    bool any; // rows, so far
};

// ---- JSON

static json_t *case_json(const struct wev_suite_case *c, const struct wev_outcome *o)
{
    const char verdict[2] = {c->verdict, 0};
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:s}", "path", c->path ? c->path : "", "reason", c->reason, "why", c->why,
                     "file", c->file, "at", (json_int_t)c->at, "at_length", (json_int_t)c->at_length, "class", c->class, "layer", c->layer,
                     "verdict", verdict, "rule", c->rule, "result", wev_result_names[o->kind], "counted", o->counted, "known", o->known, "said",
                     o->said);
}

// How a document that was made is made again. The first of each class and result is here itself, around its break.
static void add_made(json_t *row, const struct wev_results *r, size_t k, struct wev_maker *maker, uint32_t *shown)
{
    const struct wev_suite_case *c = &r->suite->cases[k];
    char command[WEV_RESULT_COMMAND], seed[24];
    struct wev_span document;
    snprintf(seed, sizeof(seed), "%" PRIu64, wev_units_seed(r->suite->units));
    wev_units_command(r->suite->units, c, command, sizeof(command));
    json_object_set_new(row, "seed", json_string(seed)); // JSON numbers end at 2^53
    json_object_set_new(row, "unit", json_integer((json_int_t)c->unit));
    json_object_set_new(row, "make", json_string(command));
    if (k == 0 || strcmp(c->class, c[-1].class) != 0) { *shown = 0; }
    if (*shown >> r->outcomes[k].kind & 1) { return; }
    *shown |= 1u << r->outcomes[k].kind;
    if (maker && wev_maker_document(maker, c, &document)) { json_object_set_new(row, "document", wev_excerpt(document, c->at, c->at_length)); }
}

// Gives each case to `take`, one at a time: a long run has more of them than memory holds as JSON.
static bool each_case(const struct wev_results *r, bool (*take)(void *to, json_t *row), void *to)
{
    struct wev_maker *maker = r->suite->units ? wev_maker_new(r->suite->units) : NULL;
    uint32_t shown = 0;
    bool good = maker || !r->suite->units;
    for (size_t k = 0; good && k < r->suite->count; k++) {
        json_t *row = case_json(&r->suite->cases[k], &r->outcomes[k]);
        if (row && r->suite->units) { add_made(row, r, k, maker, &shown); }
        good = row && take(to, row);
        json_decref(row);
    }
    wev_maker_free(maker);
    return good;
}

static bool print_row(void *to, json_t *row)
{
    struct rows *p = to;
    FILE *f = p->sheet.f;
    bool good = fputs(p->any ? ",\n" : "\n", f) >= 0 && json_dumpf(row, f, JSON_INDENT(1)) == 0;
    p->any = true;
    return good;
}

// What stands before the cases; NULL: out of memory.
static json_t *head_json(const struct wev_results *r)
{
    char date[16] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc)) { strftime(date, sizeof(date), "%Y-%m-%d", &utc); }
    return json_pack("{s:s,s:s,s:s,s:s,s:f}", "wevcorpus", WEV_VERSION, "date", date, "parser", r->parser, "about", r->about ? r->about : "",
                     "seconds", r->seconds);
}

bool wev_result_json(const struct wev_results *r, const char *path, struct wev_error *e)
{
    struct rows p = {.any = false};
    json_t *head = head_json(r);
    char *text = head ? json_dumps(head, JSON_INDENT(1)) : NULL;
    size_t n = text ? strlen(text) : 0;
    json_decref(head);
    if (!wev_sheet_begin(&p.sheet, path, e)) {
        free(text);
        return false;
    }
    // the object, open again for one key more
    FILE *f = p.sheet.f;
    bool good = n > 2 && fprintf(f, "%.*s,\n \"cases\": [", (int)(n - 2), text) > 0 && each_case(r, print_row, &p) && fputs("\n]}\n", f) >= 0;
    free(text);
    return wev_sheet_finish(&p.sheet, path, good, e);
}

static bool add_row(void *to, json_t *row)
{
    wev_page_case(to, row);
    return true;
}

bool wev_result_html(const struct wev_results *r, const char *path, struct wev_error *e)
{
    struct wev_page page;
    bool good = wev_page_begin(&page);
    if (good) { wev_page_parser(&page, r->parser); }
    good = good && each_case(r, add_row, &page);
    if (!good) { snprintf(e->text, sizeof(e->text), "%.200s: out of memory", path); }
    good = good && wev_page_write(&page, path, e);
    wev_page_free(&page);
    return good;
}

// ---- SARIF 2.1.0: a rule is a class, a result is a failure

static void add_failure(json_t *rules, json_t *results, const struct wev_results *r, size_t k)
{
    const struct wev_suite_case *c = &r->suite->cases[k];
    const struct wev_outcome *o = &r->outcomes[k];
    char command[WEV_RESULT_COMMAND] = "";
    if (!c->path) { wev_units_command(r->suite->units, c, command, sizeof(command)); }
    const char *id = c->class[0] ? c->class : c->file;
    if (!json_object_get(rules, id)) {
        json_object_set_new(rules, id, json_pack("{s:s,s:{s:s}}", "id", id, "shortDescription", "text", c->rule[0] ? c->rule : id));
    }
    json_t *region = json_pack("{s:I,s:I}", "byteOffset", (json_int_t)c->at, "byteLength", (json_int_t)c->at_length);
    json_t *place = json_pack("{s:{s:{s:s},s:o}}", "physicalLocation", "artifactLocation", "uri", c->path ? c->path : c->file, "region", region);
    char text[300 + WEV_RESULT_COMMAND];
    snprintf(text, sizeof(text), "%s: %.200s%s%s", wev_result_names[o->kind], c->rule[0] ? c->rule : id, command[0] ? "; " : "", command);
    json_array_append_new(results, json_pack("{s:s,s:s,s:{s:s},s:[o]}", "ruleId", id, "level", o->known ? "note" : "error", "message", "text",
                                             text, "locations", place));
}

bool wev_result_sarif(const struct wev_results *r, const char *path, struct wev_error *e)
{
    json_t *by_id = json_object(), *results = json_array(), *rules = json_array(), *rule;
    const char *id;
    for (size_t k = 0; k < r->suite->count; k++) {
        const struct wev_outcome *o = &r->outcomes[k];
        if (o->counted && wev_result_is_bad(o)) { add_failure(by_id, results, r, k); }
    }
    json_object_foreach(by_id, id, rule) { json_array_append(rules, rule); }
    json_decref(by_id);
    json_t *driver = json_pack("{s:s,s:s,s:o}", "name", "wevcorpus", "version", WEV_VERSION, "rules", rules);
    json_t *root = json_pack("{s:s,s:s,s:[{s:{s:o},s:o}]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                             "runs", "tool", "driver", driver, "results", results);
    return wev_sheet_json(root, path, e);
}

// ---- JUnit

static void put_case(FILE *f, const struct wev_results *r, size_t k)
{
    const struct wev_suite_case *c = &r->suite->cases[k];
    const struct wev_outcome *o = &r->outcomes[k];
    fputs("  <testcase classname=\"", f);
    wev_sheet_xml(f, c->layer);
    fputs("\" name=\"", f);
    wev_sheet_xml(f, c->file);
    if (!o->counted || o->known) {
        fprintf(f, "\"><skipped message=\"%s, %s\"/></testcase>\n", wev_result_names[o->kind], o->known ? "known" : "not counted");
        return;
    }
    if (!wev_result_is_bad(o)) {
        fputs("\"/>\n", f);
        return;
    }
    fprintf(f, "\"><failure type=\"%s\" message=\"", wev_result_names[o->kind]);
    wev_sheet_xml(f, c->rule);
    fputs("\">", f);
    wev_sheet_xml(f, o->said);
    if (!c->path) {
        char command[WEV_RESULT_COMMAND];
        wev_units_command(r->suite->units, c, command, sizeof(command));
        fputc('\n', f);
        wev_sheet_xml(f, command);
    }
    fputs("</failure></testcase>\n", f);
}

bool wev_result_junit(const struct wev_results *r, const char *path, struct wev_error *e)
{
    struct wev_sheet p;
    size_t failures = 0, skipped = 0;
    if (!wev_sheet_begin(&p, path, e)) { return false; }
    for (size_t k = 0; k < r->suite->count; k++) {
        const struct wev_outcome *o = &r->outcomes[k];
        bool skip = !o->counted || o->known;
        skipped += skip;
        failures += !skip && wev_result_is_bad(o);
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"", p.f);
    wev_sheet_xml(p.f, r->parser);
    fprintf(p.f, "\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n", r->suite->count, failures, skipped, r->seconds);
    for (size_t k = 0; k < r->suite->count; k++) { put_case(p.f, r, k); }
    fputs(" </testsuite>\n</testsuites>\n", p.f);
    return wev_sheet_finish(&p, path, true, e);
}

// ---- the baseline: FILE, a tab, RESULT

bool wev_result_baseline(const struct wev_results *r, const char *path, struct wev_error *e)
{
    struct wev_sheet p;
    if (!wev_sheet_begin(&p, path, e)) { return false; }
    for (size_t k = 0; k < r->suite->count; k++) {
        const struct wev_outcome *o = &r->outcomes[k];
        if (o->counted && wev_result_is_bad(o)) { fprintf(p.f, "%s\t%s\n", r->suite->cases[k].file, wev_result_names[o->kind]); }
    }
    return wev_sheet_finish(&p, path, true, e);
}

static int by_file(const void *left, const void *right)
{
    const struct wev_suite_case *const *a = left, *const *b = right;
    return strcmp((*a)->file, (*b)->file);
}

// Of a list that is sorted by file.
static const struct wev_suite_case *find_case(const struct wev_suite_case *const *list, size_t n, struct wev_span file)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = strncmp(list[mid]->file, file.p, file.n);
        if (c == 0 && !list[mid]->file[file.n]) { return list[mid]; }
        if (c < 0) { low = mid + 1; } else { high = mid; }
    }
    return NULL;
}

static void compare(struct wev_span file, struct wev_span result, const struct wev_suite_case *c, struct wev_outcome *o)
{
    if (c && wev_span_is(result, wev_result_names[o->kind])) {
        o->known = true;
        return;
    }
    printf("no more: %.*s %.*s%s%s\n", (int)file.n, file.p, (int)result.n, result.p, c ? ", now " : ", not in the suite",
           c ? wev_result_names[o->kind] : "");
}

bool wev_result_known(const struct wev_suite *suite, struct wev_outcome *outcomes, const char *path, struct wev_error *e)
{
    struct wev_span text;
    size_t line = 1;
    if (!wev_file_read(path, BASELINE_MAX, &text, e)) { return false; }
    const struct wev_suite_case **list = malloc((suite->count + 1) * sizeof(*list));
    bool good = list != NULL;
    if (!good) { snprintf(e->text, sizeof(e->text), "%.200s: out of memory", path); }
    for (size_t k = 0; good && k < suite->count; k++) { list[k] = &suite->cases[k]; }
    if (good) { qsort(list, suite->count, sizeof(*list), by_file); }
    for (size_t k = 0; good && k < text.n; line++) {
        const char *end = memchr(text.p + k, '\n', text.n - k);
        struct wev_span row = {text.p + k, end ? (size_t)(end - text.p) - k : text.n - k};
        const char *tab = row.n ? memchr(row.p, '\t', row.n) : NULL;
        k += row.n + 1;
        if (!tab) {
            e->code = WEV_E_SYNTAX;
            snprintf(e->text, sizeof(e->text), "%.200s:%zu: not FILE, a tab, RESULT: \"%.*s\"", path, line, (int)(row.n < 80 ? row.n : 80), row.p);
            good = false;
            break;
        }
        struct wev_span file = {row.p, (size_t)(tab - row.p)}, result = {tab + 1, row.n - file.n - 1};
        const struct wev_suite_case *c = find_case(list, suite->count, file);
        compare(file, result, c, c ? &outcomes[c - suite->cases] : NULL);
    }
    free(list);
    free((char *)(uintptr_t)text.p);
    return good;
}
