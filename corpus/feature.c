// What documents have, as hashes. Chooses nothing.
#include "corpus/feature.h"

#include "gen/choice.h"
#include "gen/doc.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 << 20, LINES_MAX = 1 << 26, ELEMENTS = 1024, HASH_N = 32, EXACT_MAX = 12 };

void wev_feature_add(struct wev_features *f, const char *kind, struct wev_span a, struct wev_span b)
{
    if (f->n == WEV_FEATURE_MAX) { return; }
    uint64_t h = XXH3_64bits(kind, strlen(kind));
    h = XXH3_64bits_withSeed(a.n ? a.p : "", a.n, h);
    f->p[f->n++] = XXH3_64bits_withSeed(b.n ? b.p : "", b.n, h);
}

static struct wev_span numbers(char *out, size_t cap, uint64_t a, uint64_t b)
{
    int n = snprintf(out, cap, "%" PRIu64 ":%" PRIu64, a, b);
    return (struct wev_span){out, (size_t)n};
}

static unsigned log2_of(uint64_t n)
{
    unsigned bit = 0;
    while (n > 1) {
        n >>= 1;
        bit++;
    }
    return bit;
}

void wev_feature_row(struct wev_features *f, const struct wev_row *row)
{
    char event[48], size[48];
    static const struct wev_span none = {NULL, 0};
    struct wev_span e = row->has_event ? numbers(event, sizeof(event), row->event, row->version) : none;
    bool made = wev_span_is(row->source, "wevgen");
    wev_feature_add(f, "class", row->class, none);
    wev_feature_add(f, "event", e, none);
    wev_feature_add(f, "class, event", row->class, e);
    wev_feature_add(f, "verdict", (struct wev_span){&row->verdict, 1}, row->reason);
    wev_feature_add(f, "class, reason", row->class, row->reason);
    wev_feature_add(f, "options", row->options, made ? WEV_SPAN("made") : none);
    wev_feature_add(f, "size", numbers(size, sizeof(size), log2_of(row->size), 0), none);
}

// ---- the bytes

static const char *const marks[] = {"<?xml", "<![CDATA[", "<!--", "<!DOCTYPE", "<?", "&#x", "&#", "&lt;", "&amp;", "&quot;", "&apos;", "&gt;",
                                    "\r\n", "\t", "\"", "<RenderingInfo", "<Events", "<UserData", "<Binary", "xmlns:", "/>", " />", "\xef\xbb\xbf"};

static void add_markup(struct wev_features *f, struct wev_span bytes)
{
    static const struct wev_span none = {NULL, 0};
    bool high = false;
    for (size_t k = 0; k < WEV_COUNT(marks); k++) {
        if (bytes.n && memmem(bytes.p, bytes.n, marks[k], strlen(marks[k]))) { wev_feature_add(f, "markup", wev_span_of(marks[k]), none); }
    }
    for (size_t k = 0; k < bytes.n && !high; k++) { high = (unsigned char)bytes.p[k] >= 0x80; }
    if (high) { wev_feature_add(f, "markup", WEV_SPAN("not ASCII"), none); }
    if (bytes.n && memchr(bytes.p, 0, bytes.n)) { wev_feature_add(f, "markup", WEV_SPAN("NUL"), none); }
}

// The innermost element around `at`, by name, and by field where it is one.
static void add_place(struct wev_features *f, const struct wev_row *row, struct wev_span bytes)
{
    struct wev_element elements[ELEMENTS];
    struct wev_doc d = {.elements = elements, .cap = ELEMENTS};
    struct wev_attribute name;
    uint32_t in = WEV_DOC_NONE;
    if (!row->class.n || bytes.n > UINT32_MAX) { return; }
    wev_doc_scan(&d, bytes.p, bytes.n);
    for (uint32_t k = 0; k < d.count && k < ELEMENTS; k++) {
        if (elements[k].at <= row->at && row->at < elements[k].end) { in = k; }
    }
    if (in == WEV_DOC_NONE) { return; }
    struct wev_span field = {NULL, 0}, element = wev_doc_name(&d, &elements[in]);
    if (wev_doc_attribute(&d, &elements[in], "Name", &name)) { field = (struct wev_span){bytes.p + name.value, name.value_n}; }
    wev_feature_add(f, "class, element", row->class, element);
    if (field.n) { wev_feature_add(f, "class, field", row->class, field); }
}

// A value as a parser's branches see it: short words as they are (%%2464, -, 0x0), else what kinds of characters, and how long.
static struct wev_span shape_of(struct wev_span text, char out[64])
{
    bool digit = false, letter = false, blank = false, high = false, other = false;
    if (text.n && (text.p[0] == '%' || text.p[0] == '-' || text.n < 4) && text.n <= EXACT_MAX) { return text; }
    for (size_t k = 0; k < text.n; k++) {
        unsigned char c = (unsigned char)text.p[k];
        digit = digit || isdigit(c);
        letter = letter || isalpha(c);
        blank = blank || isspace(c);
        high = high || c >= 0x80;
        other = other || (ispunct(c) && c != '-' && c != '{' && c != '}');
    }
    int n = snprintf(out, 64, "%s%d%d%d%d%d:%u", text.n > 1 && text.p[0] == '{' ? "{" : "", digit, letter, blank, high, other, log2_of(text.n));
    return (struct wev_span){out, (size_t)n};
}

bool wev_feature_document(struct wev_features *f, struct wev_decoder *decoder, const struct wev_row *row, struct wev_span bytes)
{
    struct wev_decoded d;
    char shape[64];
    add_markup(f, bytes);
    add_place(f, row, bytes);
    if (wev_decode_run(decoder, bytes.p, bytes.n, &d) != WEV_OK) { return false; }
    for (size_t k = 0; k < d.data_count; k++) {
        wev_feature_add(f, "field", d.names[k], (struct wev_span){NULL, 0});
        wev_feature_add(f, "field, shape", d.names[k], shape_of(d.texts[k], shape));
    }
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        bool there = d.event.header[h].type != WEV_T_NULL && !(d.event.header[h].flags & WEV_F_ABSENT);
        wev_feature_add(f, "header", wev_span_of(wev_header_names[h]), there ? WEV_SPAN("there") : WEV_SPAN("absent"));
    }
    for (size_t k = 0; k < d.also_count; k++) {
        wev_feature_add(f, "also", wev_span_of(wev_verdict_rows[d.also[k]].slug), (struct wev_span){NULL, 0});
    }
    return true;
}

// ---- from elsewhere

static bool find_hash(struct wev_span word, struct wev_name *name)
{
    for (size_t k = 0; k + HASH_N <= word.n; k++) {
        char file[64];
        unsigned turn;
        snprintf(file, sizeof(file), "objects/%.2s/%.32s", word.p + k, word.p + k);
        if (wev_index_name(wev_span_of(file), name, &turn)) { return true; }
    }
    return false;
}

static int by_name(const void *left, const void *right)
{
    const struct wev_feature_line *a = left, *b = right;
    if (a->name.high != b->name.high) { return a->name.high < b->name.high ? -1 : 1; }
    return a->name.low < b->name.low ? -1 : a->name.low > b->name.low;
}

static bool wrong(struct wev_error *e, const char *path, size_t line, const char *what)
{
    e->code = WEV_E_SYNTAX;
    snprintf(e->text, sizeof(e->text), "%.300s:%zu: %s", path, line, what);
    return false;
}

static size_t lines_of(struct wev_span text)
{
    size_t n = 1;
    for (size_t k = 0; k < text.n; k++) { n += text.p[k] == '\n'; }
    return n;
}

static bool parse(struct wev_feature_file *file, const char *path, struct wev_error *e)
{
    size_t number = 1, all = lines_of(file->text);
    if (all > LINES_MAX) { return wrong(e, path, all, "too many lines"); }
    file->lines = calloc(all, sizeof(*file->lines));
    if (!file->lines) { return wrong(e, path, all, "out of memory"); }
    for (size_t k = 0; k < file->text.n; number++) {
        const char *p = file->text.p + k, *end = memchr(p, '\n', file->text.n - k);
        size_t n = end ? (size_t)(end - p) : file->text.n - k, word = 0;
        k += n + 1;
        while (word < n && p[word] != ' ' && p[word] != '\t') { word++; }
        struct wev_feature_line *l = &file->lines[file->count];
        if (!n) { continue; }
        if (!find_hash((struct wev_span){p, word}, &l->name)) { return wrong(e, path, number, "the line does not begin with the hash of a document"); }
        l->features = (struct wev_span){p + word, n - word};
        file->count++;
    }
    qsort(file->lines, file->count, sizeof(*file->lines), by_name);
    return true;
}

bool wev_feature_load(struct wev_feature_file *file, const char *path, struct wev_error *e)
{
    *file = (struct wev_feature_file){.lines = NULL};
    if (!wev_file_read(path, TEXT_MAX, &file->text, e)) { return false; }
    if (parse(file, path, e)) { return true; }
    wev_feature_free(file);
    return false;
}

bool wev_feature_find(const struct wev_feature_file *file, struct wev_name name, struct wev_features *f)
{
    struct wev_feature_line key = {.name = name};
    const struct wev_feature_line *l = file->count ? bsearch(&key, file->lines, file->count, sizeof(key), by_name) : NULL;
    if (!l) { return false; }
    for (size_t k = 0; k < l->features.n;) {
        const char *p = l->features.p + k;
        size_t n = 0;
        while (k + n < l->features.n && !isspace((unsigned char)p[n])) { n++; }
        if (n) { wev_feature_add(f, "given", (struct wev_span){p, n}, (struct wev_span){NULL, 0}); }
        k += n + 1;
    }
    return true;
}

void wev_feature_free(struct wev_feature_file *file)
{
    free((char *)(uintptr_t)file->text.p);
    free(file->lines);
    *file = (struct wev_feature_file){.lines = NULL};
}
