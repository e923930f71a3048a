// wevcorpus html: results of several runs as one page that needs nothing beside it.
#include "corpus/commands.h"
#include "corpus/suite.h"
#include "gen/sink.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESULTS_MAX = 256 << 20, DOCUMENT_MAX = 64 << 20, BEFORE = 500, MARK = 300, AFTER = 300 };

extern const char wev_report_page[]; // corpus/report.html, NUL-terminated

static const char usage[] =
    "usage: wevcorpus html -o PAGE.html RESULTS.json...\n"
    "\n"
    "  RESULTS are what run --json wrote, one a parser. The page is a matrix, parsers across and cases down; a cell shows the\n"
    "  document with its break, the rule, and what the parser said.\n"
    "\n"
    "exit status: 0 written, 2 could not run\n";

static int complain(const char *what, const char *value)
{
    fprintf(stderr, "wevcorpus: html: %s%s%s\n", what, value ? ": " : "", value ? value : "");
    return 2;
}

// ---- a document, as text that a page can show: what is not ASCII is named

static json_t *shown(struct wev_span s)
{
    char *text = malloc(4 * s.n + 1), *p = text;
    if (!text) { return NULL; }
    for (size_t k = 0; k < s.n; k++) {
        unsigned char c = (unsigned char)s.p[k];
        if ((c >= 0x20 && c < 0x7f) || c == '\n') { *p++ = (char)c; } else { p += snprintf(p, 5, "\\x%02x", c); }
    }
    json_t *out = json_stringn(text, (size_t)(p - text));
    free(text);
    return out;
}

static json_t *document_of(const char *path, size_t at, size_t length)
{
    struct wev_span s;
    struct wev_error e = {.code = WEV_OK};
    if (!wev_file_read(path, DOCUMENT_MAX, &s, &e)) { return json_null(); }
    if (at > s.n) { at = s.n; }
    if (length > s.n - at) { length = s.n - at; }
    size_t from = at > BEFORE ? at - BEFORE : 0, mark = length < MARK ? length : MARK, end = at + length;
    size_t after = s.n - end < AFTER ? s.n - end : AFTER;
    json_t *out = json_pack("{s:I,s:o,s:o,s:I,s:o,s:I}", "skipped", (json_int_t)from, "before", shown((struct wev_span){s.p + from, at - from}),
                            "mark", shown((struct wev_span){s.p + at, mark}), "hidden", (json_int_t)(length - mark), "after",
                            shown((struct wev_span){s.p + end, after}), "left", (json_int_t)(s.n - end - after));
    free((char *)(uintptr_t)s.p);
    return out;
}

// ---- merging

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

// The row of that file, made when it is new.
static json_t *row_of(json_t *rows, json_t *by_file, const json_t *one, size_t parsers)
{
    json_t *row = json_object_get(by_file, text_of(one, "file"));
    if (!row) {
        json_t *document = document_of(text_of(one, "path"), (size_t)json_integer_value(json_object_get(one, "at")),
                                       (size_t)json_integer_value(json_object_get(one, "at_length")));
        row = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:[]}", "file", text_of(one, "file"), "class", text_of(one, "class"), "layer",
                        text_of(one, "layer"), "verdict", text_of(one, "verdict"), "rule", text_of(one, "rule"), "reason", text_of(one, "reason"),
                        "why", text_of(one, "why"), "document", document, "results");
        json_object_set(by_file, text_of(one, "file"), row);
        json_array_append_new(rows, row);
    }
    json_t *results = json_object_get(row, "results");
    while (json_array_size(results) < parsers) { json_array_append_new(results, json_null()); }
    return row;
}

static bool merge(json_t *parsers, json_t *rows, json_t *by_file, const char *path)
{
    struct wev_span text;
    struct wev_error e = {.code = WEV_OK};
    json_error_t why;
    size_t k;
    json_t *one;
    if (!wev_file_read(path, RESULTS_MAX, &text, &e)) { return complain(e.text, NULL), false; }
    json_t *run = json_loadb(text.p, text.n, 0, &why);
    free((char *)(uintptr_t)text.p);
    json_t *cases = json_object_get(run, "cases");
    if (!json_is_array(cases)) {
        fprintf(stderr, "wevcorpus: html: %s:%d: %s\n", path, run ? 1 : why.line, run ? "no \"cases\": not what run --json wrote" : why.text);
        json_decref(run);
        return false;
    }
    size_t before = json_array_size(parsers);
    json_array_append_new(parsers, json_string(text_of(run, "parser")));
    json_array_foreach(cases, k, one) {
        json_t *row = row_of(rows, by_file, one, before);
        json_array_append_new(json_object_get(row, "results"),
                              json_pack("{s:s,s:O,s:O,s:s}", "kind", text_of(one, "result"), "counted", json_object_get(one, "counted"), "known",
                                        json_object_get(one, "known"), "said", text_of(one, "said")));
    }
    json_decref(run);
    return true;
}

// ---- the page

// JSON inside a script element: no "<" may open a tag there.
static void put_data(FILE *f, const char *json)
{
    for (; *json; json++) {
        if (*json == '<') { fputs("\\u003c", f); } else { fputc(*json, f); }
    }
}

static bool write_page(const char *path, const json_t *data)
{
    char *json = json_dumps(data, JSON_COMPACT), *text = NULL;
    const char *mark = strstr(wev_report_page, "@DATA@");
    size_t n = 0;
    struct wev_error e = {.code = WEV_OK, .text = "out of memory"};
    FILE *f = json ? open_memstream(&text, &n) : NULL;
    bool good = f != NULL;
    if (good) {
        fwrite(wev_report_page, 1, (size_t)(mark - wev_report_page), f);
        put_data(f, json);
        fputs(mark + 6, f);
        good = !ferror(f);
        good = fclose(f) == 0 && good && wev_sink_whole(path, (struct wev_span){text, n}, &e);
    }
    if (!good) { complain(path, e.text); }
    free(text);
    free(json);
    return good;
}

int wev_html_main(int argc, char **argv)
{
    static const struct option options[] = {{"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    const char *out = NULL;
    bool good = true;
    int c;
    while ((c = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
        if (c == 'o') { out = optarg; }
        if (c == 'h') { return fputs(usage, stdout) < 0 ? 2 : 0; }
        if (c == '?') { return complain("try html --help", NULL); }
    }
    if (!out || optind == argc) { return complain(out ? "no RESULTS.json" : "no -o PAGE.html", NULL); }
    json_t *data = json_pack("{s:[],s:[]}", "parsers", "cases"), *by_file = json_object();
    json_t *parsers = json_object_get(data, "parsers"), *rows = json_object_get(data, "cases");
    for (; good && optind < argc; optind++) { good = merge(parsers, rows, by_file, argv[optind]); }
    good = good && write_page(out, data);
    json_decref(by_file);
    json_decref(data);
    return good ? 0 : 2;
}
