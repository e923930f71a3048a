// Reads a suite of documents. Knows no parser.
#include "corpus/suite.h"

#include "corpus/index.h"
#include "corpus/units.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INDEX_MAX = 64 << 20, CASES_MAX = 1 << 20 };
static const char *const layers[] = {"bytes", "xml", "schema", "type", "rule"};

static bool fail(struct wev_error *e, const char *where, size_t line, const char *what, const char *value)
{
    char number[24] = "";
    if (line) { snprintf(number, sizeof(number), ":%zu", line); }
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.200s%s: %s%s%.100s%s", where, number, what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
    wev_error_clean(e);
    return false;
}

static const char *text_of(const json_t *row, const char *key)
{
    const char *s = json_string_value(json_object_get(row, key));
    return s ? s : "";
}

static uint64_t number_of(const json_t *row, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(row, key));
    return n > 0 ? (uint64_t)n : 0;
}

struct wev_suite_case *wev_suite_add(struct wev_suite *s)
{
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 512;
        struct wev_suite_case *cases = room <= CASES_MAX ? realloc(s->cases, room * sizeof(*cases)) : NULL;
        if (!cases) { return NULL; }
        s->cases = cases;
        s->room = room;
    }
    struct wev_suite_case *c = &s->cases[s->count++];
    *c = (struct wev_suite_case){.file = "", .class = "", .layer = "", .reason = "", .rule = "", .why = ""};
    return c;
}

static bool add(struct wev_suite *s, const char *folder, const json_t *row)
{
    struct wev_suite_case *c = wev_suite_add(s);
    if (!c) { return false; }
    *c = (struct wev_suite_case){.file = text_of(row, "file"), .class = text_of(row, "class"), .layer = text_of(row, "layer"),
                           .reason = text_of(row, "reason"), .rule = text_of(row, "rule"), .why = text_of(row, "why"),
                           .verdict = text_of(row, "verdict")[0], .at = number_of(row, "at"),
                           .at_length = number_of(row, "at_length"), .expect = json_object_get(row, "expect")};
    const char *manifest = text_of(row, "manifest");
    size_t n = strlen(folder) + strlen(c->file) + 2, m = manifest[0] ? strlen(folder) + strlen(manifest) + 2 : 0;
    c->own = malloc(n + m);
    if (!c->own) { return false; }
    snprintf(c->own, n, "%s/%s", folder, c->file);
    if (m) { snprintf(c->own + n, m, "%s/%s", folder, manifest); }
    c->path = c->own;
    c->manifest = m ? c->own + n : NULL;
    return true;
}

static bool is_here(const char *folder, const char *index, size_t line, const char *key, const char *file, struct wev_error *e)
{
    char path[4096];
    if (!wev_index_inside(file)) {
        snprintf(path, sizeof(path), "no \"%s\" in this folder:", key);
        return fail(e, index, line, path, file);
    }
    snprintf(path, sizeof(path), "%.2000s/%.2000s", folder, file);
    return access(path, R_OK) == 0 || fail(e, index, line, strerror(errno), file);
}

static bool check(const json_t *row, const char *folder, const char *index, size_t line, struct wev_error *e)
{
    const char *verdict = text_of(row, "verdict"), *manifest = text_of(row, "manifest");
    if (!verdict[0] || verdict[1] || !strchr("yni", verdict[0])) { return fail(e, index, line, "a verdict is y, n or i, not", verdict); }
    return is_here(folder, index, line, "file", text_of(row, "file"), e) &&
           (!manifest[0] || is_here(folder, index, line, "manifest", manifest, e));
}

bool wev_suite_parse(struct wev_suite *s, const char *folder, const char *index, struct wev_span text, struct wev_error *e)
{
    bool good = true;
    size_t line = 1;
    for (size_t k = 0; good && k < text.n; line++) {
        json_error_t why;
        const char *end = memchr(text.p + k, '\n', text.n - k);
        size_t n = end ? (size_t)(end - text.p) - k : text.n - k;
        json_t *row = json_loadb(text.p + k, n, JSON_REJECT_DUPLICATES, &why);
        k += n + 1;
        if (!json_is_object(row)) {
            good = fail(e, index, line, row ? "not an object" : why.text, NULL);
        } else {
            good = check(row, folder, index, line, e);
        }
        if (good && (json_array_append(s->rows, row) || !add(s, folder, row))) {
            good = fail(e, index, line, "no memory for so many cases", NULL);
        }
        json_decref(row);
    }
    return good;
}

static bool load_index(struct wev_suite *s, const char *folder, const char *index, struct wev_error *e)
{
    struct wev_span text;
    if (!wev_file_read(index, INDEX_MAX, &text, e)) { return false; }
    bool good = wev_suite_parse(s, folder, index, text, e);
    free((char *)(uintptr_t)text.p);
    return good;
}

// y_CLASS_SLUG.xml: the layer is what stands before the first dot of the class.
static json_t *row_of_name(const char *file)
{
    size_t n = strcspn(file + 2, "_"), layer = strcspn(file + 2, ".");
    json_t *row = json_object();
    const char verdict[2] = {file[0], 0};
    if (layer > n) { layer = 0; }
    json_object_set_new(row, "file", json_string(file));
    json_object_set_new(row, "class", json_stringn(file + 2, n));
    json_object_set_new(row, "layer", json_stringn(file + 2, layer));
    json_object_set_new(row, "verdict", json_string(verdict));
    return row;
}

static bool load_names(struct wev_suite *s, const char *folder, struct wev_error *e)
{
    DIR *dir = opendir(folder);
    bool good = true;
    if (!dir) { return fail(e, folder, 0, strerror(errno), NULL); }
    for (const struct dirent *f; good && (f = readdir(dir)) != NULL;) {
        if (!strchr("yni", f->d_name[0]) || f->d_name[1] != '_') { continue; }
        json_t *row = row_of_name(f->d_name);
        good = row && json_array_append_new(s->rows, row) == 0 && add(s, folder, row);
        if (!good) { fail(e, folder, 0, "no memory for", f->d_name); }
    }
    closedir(dir);
    return good;
}

static size_t rank(const char *layer)
{
    size_t k = 0;
    while (k < WEV_COUNT(layers) && strcmp(layers[k], layer) != 0) { k++; }
    return k;
}

static int order(const void *left, const void *right)
{
    const struct wev_suite_case *a = left, *b = right;
    size_t x = rank(a->layer), y = rank(b->layer);
    if (x != y) { return x < y ? -1 : 1; }
    int c = strcmp(a->class, b->class);
    if (c == 0 && a->unit != b->unit) { return a->unit < b->unit ? -1 : 1; }
    return c ? c : strcmp(a->file, b->file);
}

void wev_suite_sort(struct wev_suite *s)
{
    qsort(s->cases, s->count, sizeof(*s->cases), order);
}

bool wev_suite_load(struct wev_suite *s, const char *folder, struct wev_error *e)
{
    char *index = NULL;
    *s = (struct wev_suite){.rows = json_array()};
    if (!s->rows || asprintf(&index, "%s/index.jsonl", folder) < 0) { return fail(e, folder, 0, "out of memory", NULL); }
    bool good = access(index, F_OK) == 0 ? load_index(s, folder, index, e) : load_names(s, folder, e);
    free(index);
    if (good && !s->count) { good = fail(e, folder, 0, "no case: neither an index.jsonl nor files named y_, n_ or i_", NULL); }
    if (good) { wev_suite_sort(s); }
    return good;
}

void wev_suite_free(struct wev_suite *s)
{
    for (size_t k = 0; k < s->count; k++) { free(s->cases[k].own); }
    free(s->cases);
    wev_units_free(s->units);
    json_decref(s->rows);
}
