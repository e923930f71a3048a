// Merges runs into the matrix of corpus/report.html. A row is a case, or a class where a run made many documents of each.
#include "corpus/page.h"

#include "corpus/excerpt.h"
#include "gen/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_MAX = 64 << 20 };

extern const char wev_report_page[]; // corpus/report.html, NUL-terminated

static bool fail(struct wev_error *e, const char *where, const char *what)
{
    e->code = WEV_E_SYNTAX;
    snprintf(e->text, sizeof(e->text), "%.200s: %s", where, what);
    return false;
}

bool wev_page_begin(struct wev_page *p)
{
    *p = (struct wev_page){json_array(), json_array(), json_object()};
    return p->parsers && p->rows && p->by_name;
}

void wev_page_free(struct wev_page *p)
{
    json_decref(p->parsers);
    json_decref(p->rows);
    json_decref(p->by_name);
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static size_t size_of(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? (size_t)n : 0;
}

// ---- one case

// As the run kept it, else from its file; null when it is not at hand.
static json_t *document_of(const json_t *one)
{
    json_t *kept = json_object_get(one, "document");
    const char *path = text_of(one, "path");
    struct wev_span s;
    struct wev_error e = {.code = WEV_OK};
    if (json_is_object(kept)) { return json_incref(kept); }
    if (!path[0] || !wev_file_read(path, DOCUMENT_MAX, &s, &e)) { return json_null(); }
    json_t *out = wev_excerpt(s, size_of(one, "at"), size_of(one, "at_length"));
    free((char *)(uintptr_t)s.p);
    return out ? out : json_null();
}

static bool is_made(const json_t *one)
{
    return json_object_get(one, "unit") != NULL;
}

static json_t *row_of(struct wev_page *p, const json_t *one)
{
    char name[512];
    snprintf(name, sizeof(name), "%s%.400s", is_made(one) ? "class " : "", text_of(one, is_made(one) ? "class" : "file"));
    json_t *row = json_object_get(p->by_name, name);
    if (row) { return row; }
    row = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:[]}", "file", text_of(one, is_made(one) ? "class" : "file"), "class", text_of(one, "class"),
                    "layer", text_of(one, "layer"), "verdict", text_of(one, "verdict"), "rule", text_of(one, "rule"), "reason",
                    text_of(one, "reason"), "why", text_of(one, "why"), "document", document_of(one), "results");
    json_object_set(p->by_name, name, row);
    json_array_append_new(p->rows, row);
    return row;
}

static bool is_bad(const json_t *one)
{
    static const char *const fine[] = {"PASS", "ACCEPTED", "REJECTED"};
    bool bad = json_is_true(json_object_get(one, "counted"));
    for (size_t k = 0; k < WEV_COUNT(fine); k++) { bad = bad && strcmp(text_of(one, "result"), fine[k]) != 0; }
    return bad;
}

static json_t *result_of(const json_t *one)
{
    json_t *r = json_pack("{s:s,s:b,s:b,s:s,s:i,s:i}", "kind", text_of(one, "result"), "counted", json_is_true(json_object_get(one, "counted")),
                          "known", json_is_true(json_object_get(one, "known")), "said", text_of(one, "said"), "bad", 0, "all", 0);
    if (is_made(one)) { // each parser has documents of its own to show
        json_object_set_new(r, "file", json_string(text_of(one, "file")));
        json_object_set_new(r, "make", json_string(text_of(one, "make")));
        json_object_set_new(r, "document", document_of(one));
    }
    return r;
}

void wev_page_parser(struct wev_page *p, const char *name)
{
    json_array_append_new(p->parsers, json_string(name));
}

void wev_page_case(struct wev_page *p, const json_t *one)
{
    size_t parser = json_array_size(p->parsers) - 1;
    json_t *results = json_object_get(row_of(p, one), "results");
    while (json_array_size(results) <= parser) { json_array_append_new(results, json_null()); }
    json_t *was = json_array_get(results, parser), *now = was;
    size_t bad = size_of(was, "bad"), all = size_of(was, "all");
    if (!json_is_object(was) || (is_bad(one) && !bad)) { // the first failure is shown, else the first
        now = result_of(one);
        json_array_set_new(results, parser, now);
    }
    json_object_set_new(now, "bad", json_integer((json_int_t)(bad + is_bad(one))));
    json_object_set_new(now, "all", json_integer((json_int_t)(all + 1)));
}

bool wev_page_add(struct wev_page *p, const json_t *run, const char *name, struct wev_error *e)
{
    const json_t *cases = json_object_get(run, "cases");
    size_t k;
    json_t *one;
    if (!json_is_array(cases)) { return fail(e, name, "no \"cases\": not what run --json wrote"); }
    wev_page_parser(p, text_of(run, "parser"));
    json_array_foreach(cases, k, one) { wev_page_case(p, one); }
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

bool wev_page_write(const struct wev_page *p, const char *path, struct wev_error *e)
{
    json_t *data = json_pack("{s:O,s:O}", "parsers", p->parsers, "cases", p->rows);
    char *json = data ? json_dumps(data, JSON_COMPACT) : NULL, *text = NULL;
    const char *mark = strstr(wev_report_page, "@DATA@");
    size_t n = 0;
    FILE *f = json ? open_memstream(&text, &n) : NULL;
    bool good = f != NULL;
    if (good) {
        fwrite(wev_report_page, 1, (size_t)(mark - wev_report_page), f);
        put_data(f, json);
        fputs(mark + 6, f);
        good = !ferror(f);
        good = fclose(f) == 0 && good;
    }
    good = good ? wev_sink_whole(path, (struct wev_span){text, n}, e) : fail(e, path, "out of memory");
    free(text);
    free(json);
    json_decref(data);
    return good;
}
