// Reads a suite of documents. Knows no parser.
#include "corpus/suite.h"

#include "corpus/index.h"
#include "corpus/units.h"
#include "gen/choice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXTS_FIRST = 256, EXPECT_COST = 16 }; // cost: bytes of memory for one of a line
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
        struct wev_suite_case *cases = room <= WEV_SUITE_CASES_MAX ? realloc(s->cases, room * sizeof(*cases)) : NULL;
        if (!cases) { return NULL; }
        s->cases = cases;
        s->room = room;
    }
    struct wev_suite_case *c = &s->cases[s->count++];
    *c = (struct wev_suite_case){.file = "", .class = "", .layer = "", .reason = "", .rule = "", .why = ""};
    return c;
}

// ---- texts: a suite names few classes, layers, rules in many lines

static char **text_slot(char **texts, size_t room, const char *text)
{
    size_t k = (size_t)XXH3_64bits(text, strlen(text)) & (room - 1);
    while (texts[k] && strcmp(texts[k], text) != 0) { k = (k + 1) & (room - 1); }
    return &texts[k];
}

static bool widen_texts(struct wev_suite *s)
{
    size_t room = s->text_room ? 2 * s->text_room : TEXTS_FIRST;
    char **texts = calloc(room, sizeof(*texts));
    if (!texts) { return false; }
    for (size_t k = 0; k < s->text_room; k++) {
        if (s->texts[k]) { *text_slot(texts, room, s->texts[k]) = s->texts[k]; }
    }
    free(s->texts);
    s->texts = texts;
    s->text_room = room;
    return true;
}

static bool keeps(struct wev_suite *s, size_t n)
{
    if (n > WEV_SUITE_KEPT_MAX - s->kept) { return false; }
    s->kept += n;
    return true;
}

// The row's text, kept once. False: no room.
static bool keep_text(struct wev_suite *s, const json_t *row, const char *key, const char **out)
{
    const char *text = text_of(row, key);
    *out = "";
    if (!text[0]) { return true; }
    if (2 * (s->text_count + 1) > s->text_room && !widen_texts(s)) { return false; }
    char **slot = text_slot(s->texts, s->text_room, text);
    if (!*slot) {
        *slot = keeps(s, strlen(text) + 1) ? strdup(text) : NULL;
        if (!*slot) { return false; }
        s->text_count++;
    }
    *out = *slot;
    return true;
}

// ---- a line

static bool add(struct wev_suite *s, const char *folder, const json_t *row, size_t line_n)
{
    struct wev_suite_case *c = wev_suite_add(s);
    const char *file = text_of(row, "file"), *manifest = text_of(row, "manifest");
    json_t *expect = json_object_get(row, "expect");
    size_t start = strlen(folder) + 1, n = start + strlen(file) + 1, m = manifest[0] ? start + strlen(manifest) + 1 : 0;
    if (!c || !keeps(s, n + m) || (expect && !keeps(s, line_n * EXPECT_COST))) { return false; }
    c->verdict = text_of(row, "verdict")[0];
    c->at = number_of(row, "at");
    c->at_length = number_of(row, "at_length");
    c->expect = json_incref(expect);
    c->own = malloc(n + m);
    if (!c->own) { return false; }
    snprintf(c->own, n, "%s/%s", folder, file);
    if (m) { snprintf(c->own + n, m, "%s/%s", folder, manifest); }
    c->path = c->own;
    c->file = c->own + start;
    c->manifest = m ? c->own + n : NULL;
    return keep_text(s, row, "class", &c->class) && keep_text(s, row, "layer", &c->layer) && keep_text(s, row, "reason", &c->reason) &&
           keep_text(s, row, "rule", &c->rule) && keep_text(s, row, "why", &c->why);
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

static bool take_line(struct wev_suite *s, const char *folder, const char *index, size_t number, struct wev_span line, struct wev_error *e)
{
    json_error_t why;
    json_t *row = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &why);
    bool good = json_is_object(row) ? check(row, folder, index, number, e) : fail(e, index, number, row ? "not an object" : why.text, NULL);
    if (good && !add(s, folder, row, line.n)) { good = fail(e, index, number, "no memory for so many cases", NULL); }
    json_decref(row);
    return good;
}

bool wev_suite_parse(struct wev_suite *s, const char *folder, const char *index, struct wev_span text, struct wev_error *e)
{
    bool good = true;
    size_t number = 0;
    for (size_t k = 0; good && k < text.n;) {
        const char *end = memchr(text.p + k, '\n', text.n - k);
        size_t n = end ? (size_t)(end - text.p) - k : text.n - k;
        good = take_line(s, folder, index, ++number, (struct wev_span){text.p + k, n}, e);
        k += n + 1;
    }
    return good;
}

// An index of any size through a buffer of one line.
static bool read_lines(struct wev_suite *s, const char *folder, const char *index, int fd, char *buf, struct wev_error *e)
{
    size_t have = 0, number = 0;
    for (;;) {
        size_t at = 0;
        ssize_t got;
        do { got = read(fd, buf + have, WEV_SUITE_LINE_MAX - have); } while (got < 0 && errno == EINTR);
        if (got < 0) { return fail(e, index, 0, strerror(errno), NULL); }
        have += (size_t)got;
        for (const char *end; (end = memchr(buf + at, '\n', have - at)) != NULL;) {
            if (!take_line(s, folder, index, ++number, (struct wev_span){buf + at, (size_t)(end - buf) - at}, e)) { return false; }
            at = (size_t)(end - buf) + 1;
        }
        memmove(buf, buf + at, have - at);
        have -= at;
        if (got == 0) { return !have || take_line(s, folder, index, ++number, (struct wev_span){buf, have}, e); }
        if (have == WEV_SUITE_LINE_MAX) { return fail(e, index, number + 1, "a line of 4 MiB or more", NULL); }
    }
}

static bool load_index(struct wev_suite *s, const char *folder, const char *index, struct wev_error *e)
{
    int fd = open(index, O_RDONLY | O_CLOEXEC);
    char *buf = fd >= 0 ? malloc(WEV_SUITE_LINE_MAX) : NULL;
    bool good = buf ? read_lines(s, folder, index, fd, buf, e) : fail(e, index, 0, strerror(errno), NULL);
    free(buf);
    if (fd >= 0) { close(fd); }
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
        good = row && add(s, folder, row, 0);
        json_decref(row);
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
    *s = (struct wev_suite){.count = 0};
    if (asprintf(&index, "%s/index.jsonl", folder) < 0) { return fail(e, folder, 0, "out of memory", NULL); }
    bool good = access(index, F_OK) == 0 ? load_index(s, folder, index, e) : load_names(s, folder, e);
    free(index);
    if (good && !s->count) { good = fail(e, folder, 0, "no case: neither an index.jsonl nor files named y_, n_ or i_", NULL); }
    if (good) { wev_suite_sort(s); }
    return good;
}

void wev_suite_free(struct wev_suite *s)
{
    for (size_t k = 0; k < s->count; k++) {
        free(s->cases[k].own);
        json_decref(s->cases[k].expect);
    }
    for (size_t k = 0; k < s->text_room; k++) { free(s->texts[k]); }
    free(s->texts);
    free(s->cases);
    wev_units_free(s->units);
}
