// wevcorpus results: results of several runs as one Markdown page, for a repository. Knows no parser by name.
#include "corpus/commands.h"
#include "gen/sink.h"
#include "schema/wev.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESULTS_MAX = 256 << 20, NOT_RUN_MAX = 1 << 20, PARSERS_MAX = 256, TELLING = 30 };

static const char usage[] =
    "usage: wevcorpus results -o PAGE.md [--not-run FILE] RESULTS.json...\n"
    "\n"
    "  RESULTS are the JSON that run writes, one a parser and all of one suite. The page has a table of layers, the classes that\n"
    "  most parsers wrongly accept, and what each wrongly accepts, refuses and misreads.\n"
    "\n"
    "  -o, --output FILE    the page\n"
    "      --not-run FILE   lines of a name, a tab and why that parser was not run\n"
    "      --help\n"
    "\n"
    "exit status: 0 written, 2 could not run\n";

struct page {
    FILE *f;
    json_t *runs[PARSERS_MAX];
    size_t count;
};

static int complain(const char *what, const char *value)
{
    fprintf(stderr, "wevcorpus: results: %s%s%s\n", what, value ? ": " : "", value ? value : "");
    return 2;
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static bool is(const json_t *o, const char *key, const char *value)
{
    return !strcmp(text_of(o, key), value);
}

// In a table "|" ends a cell; "<", "*", "_" and "`" would be markup.
static void put_cell(FILE *f, const char *s)
{
    for (; *s; s++) {
        if (strchr("|<*_`\\", *s)) { fputc('\\', f); }
        fputc(*s == '\n' ? ' ' : *s, f);
    }
}

// ---- the table of layers

static bool counted(const json_t *one)
{
    return json_is_true(json_object_get(one, "counted"));
}

// A parser answers for a layer when a document counts that must be rejected for it.
static bool claims(const json_t *run, const char *layer)
{
    size_t k;
    const json_t *one;
    json_array_foreach(json_object_get(run, "cases"), k, one) {
        if (is(one, "layer", layer) && is(one, "verdict", "n") && counted(one)) { return true; }
    }
    return false;
}

struct tally {
    size_t right, all;
};

// Of the cases with that verdict those that were right: of `layer`, or of all layers when it is NULL. Where some count,
// the others are left out.
static struct tally count(const json_t *run, const char *verdict, const char *layer)
{
    struct tally t = {0, 0};
    bool some = layer && claims(run, layer);
    size_t k;
    const json_t *one;
    json_array_foreach(json_object_get(run, "cases"), k, one) {
        if (!is(one, "verdict", verdict) || (layer && !is(one, "layer", layer)) || (some && !counted(one))) { continue; }
        t.all++;
        t.right += is(one, "result", "PASS") || is(one, "result", "ACCEPTED");
    }
    return t;
}

static size_t count_result(const json_t *run, const char *result)
{
    size_t k, n = 0;
    const json_t *one;
    json_array_foreach(json_object_get(run, "cases"), k, one) { n += is(one, "result", result); }
    return n;
}

// What XML 1.0 allows and event XML does not need: a conforming parser is told apart from a broken one.
static void put_own_rules(const struct page *p)
{
    size_t k, n = 0;
    const json_t *one;
    json_array_foreach(json_object_get(p->runs[0], "cases"), k, one) {
        if (!is(one, "verdict", "n") || !is(one, "layer", "xml") || strncmp(text_of(one, "rule"), "our rule", 8) != 0) { continue; }
        fprintf(p->f, "%s `%s`", n++ ? "," : " By our rule and not by XML's must be rejected:", text_of(one, "class"));
    }
    if (n) { fputs("; a parser that takes only these keeps to XML 1.0.", p->f); }
}

static void put_layers(const struct page *p)
{
    static const char *const layers[] = {"bytes", "xml", "schema", "type", "rule"};
    fputs("\n## By layer\n\nRight of all. In brackets: a layer that the parser does not answer for, shown and not counted.", p->f);
    put_own_rules(p);
    fputs("\n\n| parser | must accept | wrong values | either: accepts |", p->f);
    for (size_t l = 0; l < WEV_COUNT(layers); l++) { fprintf(p->f, " %s: must reject |", layers[l]); }
    fputs(" crashes | timeouts |\n|---|---|---|---|---|---|---|---|---|---|---|\n", p->f);
    for (size_t k = 0; k < p->count; k++) {
        const json_t *run = p->runs[k];
        struct tally y = count(run, "y", NULL), i = count(run, "i", NULL);
        fputs("| ", p->f);
        put_cell(p->f, text_of(run, "parser"));
        fprintf(p->f, " | %zu of %zu | %zu | %zu of %zu |", y.right, y.all, count_result(run, "WRONG_VALUE"), i.right, i.all);
        for (size_t l = 0; l < WEV_COUNT(layers); l++) {
            struct tally n = count(run, "n", layers[l]);
            fprintf(p->f, claims(run, layers[l]) ? " %zu of %zu |" : " (%zu of %zu) |", n.right, n.all);
        }
        fprintf(p->f, " %zu | %zu |\n", count_result(run, "CRASH"), count_result(run, "TIMEOUT"));
    }
}

// ---- what each parser gets wrong

// The family of a class: "xml.charref-" of "xml.charref-over-64"; 0 when it is alone.
static size_t family(const char *class)
{
    const char *dot = strchr(class, '.'), *dash = dot ? strchr(dot, '-') : NULL;
    return dash ? (size_t)(dash + 1 - class) : 0;
}

static bool one_family(const char *a, const char *b)
{
    size_t n = family(a);
    return n && n == family(b) && !memcmp(a, b, n);
}

// The classes of failures of that kind, those of one family in braces: xml.charref-{above,empty}. Cases are in order of class.
static bool put_failures(const struct page *p, const json_t *run, const char *result, const char *what)
{
    size_t k, n = 0, total = 0;
    const char *classes[4096];
    const json_t *one;
    json_array_foreach(json_object_get(run, "cases"), k, one) {
        if (is(one, "result", result) && counted(one)) {
            total++;
            if (n < WEV_COUNT(classes)) { classes[n++] = text_of(one, "class"); }
        }
    }
    if (!n) { return false; }
    fprintf(p->f, "- %s %zu:", what, total);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && one_family(classes[from], classes[to]); to++) {}
        size_t head = to - from > 1 ? family(classes[from]) : 0;
        fprintf(p->f, "%s `%.*s%s", from ? "," : "", (int)head, classes[from], head ? "{" : "");
        for (size_t m = from; m < to; m++) { fprintf(p->f, "%s%s", m > from ? "," : "", classes[m] + head); }
        fputs(head ? "}`" : "`", p->f);
    }
    fputc('\n', p->f);
    return true;
}

static void put_parsers(const struct page *p)
{
    fputs("\n## By parser\n", p->f);
    for (size_t k = 0; k < p->count; k++) {
        const json_t *run = p->runs[k];
        fprintf(p->f, "\n### %s\n\n", text_of(run, "parser"));
        if (text_of(run, "about")[0]) { fprintf(p->f, "%s\n\n", text_of(run, "about")); }
        bool any = put_failures(p, run, "SHOULD_HAVE_FAILED", "wrongly accepts");
        any = put_failures(p, run, "SHOULD_HAVE_PASSED", "wrongly refuses") || any;
        any = put_failures(p, run, "WRONG_VALUE", "reads another value in") || any;
        any = put_failures(p, run, "CRASH", "crashes on") || any;
        any = put_failures(p, run, "TIMEOUT", "is killed for its time on") || any;
        if (!any) { fputs("- nothing wrong\n", p->f); }
    }
}

// ---- the classes that most get wrong

struct telling {
    const char *class, *rule;
    size_t wrong, answer; // parsers that wrongly accept, of those that answer for its layer
};

static int order(const void *left, const void *right)
{
    const struct telling *a = left, *b = right;
    return a->wrong != b->wrong ? (a->wrong > b->wrong ? -1 : 1) : strcmp(a->class, b->class);
}

static struct telling ask(const struct page *p, size_t at)
{
    const json_t *first = json_array_get(json_object_get(p->runs[0], "cases"), at);
    struct telling t = {text_of(first, "class"), text_of(first, "rule"), 0, 0};
    for (size_t k = 0; k < p->count; k++) {
        const json_t *one = json_array_get(json_object_get(p->runs[k], "cases"), at);
        if (!counted(one)) { continue; }
        t.answer++;
        t.wrong += is(one, "result", "SHOULD_HAVE_FAILED");
    }
    return t;
}

static bool put_classes(const struct page *p)
{
    size_t cases = json_array_size(json_object_get(p->runs[0], "cases"));
    struct telling *rows = calloc(cases + 1, sizeof(*rows));
    size_t none = 0, n = 0;
    if (!rows) { return false; }
    for (size_t k = 0; k < cases; k++) {
        if (!is(json_array_get(json_object_get(p->runs[0], "cases"), k), "verdict", "n")) { continue; }
        struct telling t = ask(p, k);
        if (t.answer * 2 < p->count) { continue; } // a layer that few answer for
        if (t.wrong) { rows[n++] = t; } else { none++; }
    }
    qsort(rows, n, sizeof(*rows), order);
    fprintf(p->f, "\n## By class\n\nOf the documents that must be rejected in layers that most parsers answer for, %zu are accepted by some parser and %zu by none. "
                  "The %zu that most accept:\n\n| class | accepted by | rule it breaks |\n|---|---|---|\n", n, none, n < TELLING ? n : (size_t)TELLING);
    for (size_t k = 0; k < n && k < TELLING; k++) {
        fprintf(p->f, "| `%s` | %zu of %zu | ", rows[k].class, rows[k].wrong, rows[k].answer);
        put_cell(p->f, rows[k].rule);
        fputs(" |\n", p->f);
    }
    free(rows);
    return true;
}

// ---- the rest of the page

static void put_head(const struct page *p)
{
    const char *date = "", *parsers = p->count == 1 ? "parser" : "parsers";
    for (size_t k = 0; k < p->count; k++) {
        const char *one = text_of(p->runs[k], "date");
        if (strcmp(one, date) > 0) { date = one; }
    }
    fprintf(p->f, "# What parsers make of the suite\n\nMade by `wevcorpus results` of wevgen " WEV_VERSION " on %s: %zu documents, %zu %s, each used as its manual "
                  "or its best-known user uses it. Classes and verdicts: `wevgen --list classes`. Do not edit: `make interop` writes this file.\n",
            date, json_array_size(json_object_get(p->runs[0], "cases")), p->count, parsers);
}

static bool put_not_run(const struct page *p, const char *path)
{
    struct wev_span s;
    struct wev_error e = {.code = WEV_OK};
    if (!wev_file_read(path, NOT_RUN_MAX, &s, &e)) { return complain(e.text, NULL), false; }
    if (s.n) { fputs("\n## Not run\n\n", p->f); }
    for (size_t k = 0, line = 1; k < s.n; line++) {
        const char *end = memchr(s.p + k, '\n', s.n - k);
        size_t n = end ? (size_t)(end - s.p) - k : s.n - k;
        const char *tab = n ? memchr(s.p + k, '\t', n) : NULL;
        if (!tab) {
            fprintf(stderr, "wevcorpus: results: %s:%zu: not a name, a tab and why: \"%.*s\"\n", path, line, (int)(n < 80 ? n : 80), s.p + k);
            free((char *)(uintptr_t)s.p);
            return false;
        }
        size_t name = (size_t)(tab - s.p) - k;
        fprintf(p->f, "- %.*s: %.*s\n", (int)name, s.p + k, (int)(n - name - 1), tab + 1);
        k += n + 1;
    }
    free((char *)(uintptr_t)s.p);
    return true;
}

// One suite: the same files in the same order.
static bool same_suite(const json_t *a, const json_t *b)
{
    const json_t *left = json_object_get(a, "cases"), *right = json_object_get(b, "cases");
    size_t n = json_array_size(left);
    if (n != json_array_size(right)) { return false; }
    for (size_t k = 0; k < n; k++) {
        if (!is(json_array_get(left, k), "file", text_of(json_array_get(right, k), "file"))) { return false; }
    }
    return true;
}

static bool load(struct page *p, const char *path)
{
    struct wev_span s;
    struct wev_error e = {.code = WEV_OK};
    json_error_t why;
    if (p->count == PARSERS_MAX) { return complain("more than 256 parsers", path), false; }
    if (!wev_file_read(path, RESULTS_MAX, &s, &e)) { return complain(e.text, NULL), false; }
    json_t *run = json_loadb(s.p, s.n, 0, &why);
    free((char *)(uintptr_t)s.p);
    if (!run) {
        fprintf(stderr, "wevcorpus: results: %s:%d: %s\n", path, why.line, why.text);
        return false;
    }
    p->runs[p->count++] = run;
    if (!json_array_size(json_object_get(run, "cases"))) { return complain("no \"cases\": not what run --json wrote", path), false; }
    return same_suite(p->runs[0], run) || (complain("another suite than that of the first results", path), false);
}

static bool write_page(struct page *p, const char *path, const char *not_run)
{
    char *text = NULL;
    size_t n = 0;
    struct wev_error e = {.code = WEV_OK, .text = "out of memory"};
    p->f = open_memstream(&text, &n);
    if (!p->f) { return complain(path, e.text), false; }
    put_head(p);
    put_layers(p);
    bool good = put_classes(p);
    put_parsers(p);
    bool told = !not_run || put_not_run(p, not_run);
    good = !ferror(p->f) && good;
    good = fclose(p->f) == 0 && good && (!told || wev_sink_whole(path, (struct wev_span){text, n}, &e));
    if (!good) { complain(path, e.text); }
    free(text);
    return good && told;
}

int wev_results_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'}, {"not-run", required_argument, NULL, 'n'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    const char *out = NULL, *not_run = NULL;
    struct page *p = calloc(1, sizeof(*p));
    int c, status = p ? -1 : complain("out of memory", NULL);
    while (status < 0 && (c = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
        if (c == 'o') { out = optarg; }
        if (c == 'n') { not_run = optarg; }
        if (c == 'h') { status = fputs(usage, stdout) < 0 ? 2 : 0; }
        if (c == '?') { status = complain("try results --help", NULL); }
    }
    if (status < 0 && (!out || optind == argc)) { status = complain(out ? "no RESULTS.json" : "no -o PAGE.md", NULL); }
    bool good = true;
    for (; status < 0 && good && optind < argc; optind++) { good = load(p, argv[optind]); }
    if (status < 0) { status = good && write_page(p, out, not_run) ? 0 : 2; }
    for (size_t k = 0; p && k < p->count; k++) { json_decref(p->runs[k]); }
    free(p);
    return status;
}
