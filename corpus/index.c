// Lines of a store's index: written, checked, read. Knows no store and no document.
#include "corpus/index.h"

#include "gen/choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHECK_N = 28, TURN_MAX = 255, BUF = 4 * WEV_INDEX_LINE_MAX, OBJECT_N = 11 + 32 };
static const char head[] = "{\"file\":\"", check_key[] = ",\"check\":\"", objects[] = "objects/";

// ---- writing

static void option(struct wev_line *l, const char *key, struct wev_span s)
{
    if (s.p) { wev_line_json_text(l, key, s); }
}

// Readers of JSON count in 63 bits: a seed above is a string.
static void put_seed(struct wev_line *l, uint64_t seed)
{
    wev_line_text(l, ",\"seed\":");
    if (seed > INT64_MAX) { wev_line_text(l, "\""); }
    wev_line_number(l, seed);
    if (seed > INT64_MAX) { wev_line_text(l, "\""); }
}

static void put_made(struct wev_line *l, const struct wev_row *r)
{
    if (r->made) {
        put_seed(l, r->seed);
        wev_line_json_number(l, "unit", r->unit);
        if (r->twin) { wev_line_text(l, ",\"twin\":true"); }
        option(l, "options", r->options);
    }
    if (!r->class.n) { return; }
    option(l, "class", r->class);
    wev_line_json_number(l, "at", r->at);
    wev_line_json_number(l, "at_length", r->at_length);
}

void wev_index_write(struct wev_line *l, const struct wev_row *r)
{
    size_t from = l->n;
    wev_line_text(l, head);
    wev_line_clean(l, r->file, true);
    wev_line_text(l, "\"");
    wev_line_json_number(l, "size", r->size);
    wev_line_json_text(l, "verdict", (struct wev_span){&r->verdict, 1});
    option(l, "layer", r->layer);
    option(l, "reason", r->reason);
    wev_line_json_number(l, "offset", r->offset);
    if (r->has_event) {
        wev_line_json_number(l, "event", r->event);
        wev_line_json_number(l, "version", r->version);
    }
    option(l, "source", r->source);
    put_made(l, r);
    if (r->labelled) { wev_line_json_text(l, "labelled", (struct wev_span){&r->labelled, 1}); }
    option(l, "schema", r->schema);
    option(l, "generator", r->generator);
    uint64_t check = l->failed ? 0 : XXH3_64bits(l->p + from, l->n - from);
    wev_line_text(l, check_key);
    wev_line_hex(l, check);
    wev_line_text(l, "\"}\n");
}

// ---- names

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex(const char *p, size_t n, uint64_t *out)
{
    *out = 0;
    for (size_t k = 0; k < n; k++) {
        if (digit(p[k]) < 0) { return false; }
        *out = *out << 4 | (uint64_t)digit(p[k]);
    }
    return true;
}

bool wev_index_name(struct wev_span f, struct wev_name *name, unsigned *turn)
{
    uint64_t n = 0;
    if (f.n < OBJECT_N || memcmp(f.p, objects, 8) != 0 || f.p[10] != '/' || memcmp(f.p + 8, f.p + 11, 2) != 0) { return false; }
    if (!hex(f.p + 11, 16, &name->high) || !hex(f.p + 27, 16, &name->low)) { return false; }
    if (f.n > OBJECT_N) {
        struct wev_span rest = {f.p + OBJECT_N + 1, f.n - OBJECT_N - 1};
        if (f.p[OBJECT_N] != '-' || !rest.n || rest.p[0] < '1' || rest.p[0] > '9' || !wev_span_u64(rest, &n) || n > TURN_MAX) { return false; }
    }
    *turn = (unsigned)n;
    return true;
}

void wev_index_file(struct wev_name name, unsigned turn, char out[WEV_INDEX_FILE_MAX])
{
    char mark[16] = "";
    if (turn) { snprintf(mark, sizeof(mark), "-%u", turn); }
    snprintf(out, WEV_INDEX_FILE_MAX, "objects/%02x/%016llx%016llx%s", (unsigned)(name.high >> 56), (unsigned long long)name.high,
             (unsigned long long)name.low, mark);
}

struct wev_name wev_index_key(struct wev_name name, unsigned turn)
{
    if (turn) { name.high ^= XXH3_64bits_withSeed(&name, sizeof(name), turn); }
    return name;
}

bool wev_index_inside(const char *file)
{
    bool inside = file[0] && file[0] != '/';
    for (const char *p = file; p && inside; p = strchr(p, '/')) {
        p += *p == '/';
        inside = strcspn(p, "/") != 2 || memcmp(p, "..", 2) != 0;
    }
    return inside;
}

// ---- checking, reading

bool wev_index_check(struct wev_span line, struct wev_span *file)
{
    uint64_t check;
    size_t from = sizeof(head) - 1;
    if (line.n < from + OBJECT_N + CHECK_N || memcmp(line.p, head, from) != 0) { return false; }
    const char *tail = line.p + line.n - CHECK_N;
    if (memcmp(tail, check_key, sizeof(check_key) - 1) != 0 || memcmp(tail + CHECK_N - 2, "\"}", 2) != 0) { return false; }
    if (!hex(tail + sizeof(check_key) - 1, 16, &check) || check != XXH3_64bits(line.p, line.n - CHECK_N)) { return false; }
    const char *end = memchr(line.p + from, '"', line.n - from);
    *file = (struct wev_span){line.p + from, (size_t)(end - line.p) - from};
    return true;
}

void wev_index_why(struct wev_span line, char why[200])
{
    struct wev_row row;
    json_t *root = wev_index_parse(line, &row, why);
    if (root) { snprintf(why, 200, "the line was changed: its check does not fit"); }
    json_decref(root);
}

static struct wev_span text_of(const json_t *root, const char *key)
{
    const json_t *v = json_object_get(root, key);
    return json_is_string(v) ? (struct wev_span){json_string_value(v), json_string_length(v)} : (struct wev_span){NULL, 0};
}

static uint64_t number_of(const json_t *root, const char *key)
{
    const json_t *v = json_object_get(root, key);
    uint64_t n = 0;
    if (json_is_string(v)) { return wev_span_u64(text_of(root, key), &n) ? n : 0; }
    return json_integer_value(v) > 0 ? (uint64_t)json_integer_value(v) : 0;
}

static char letter_of(const json_t *root, const char *key)
{
    struct wev_span s = text_of(root, key);
    return s.n == 1 && strchr("yni", s.p[0]) ? s.p[0] : 0;
}

static void fill(struct wev_row *r, const json_t *root)
{
    *r = (struct wev_row){.file = text_of(root, "file"), .size = number_of(root, "size"), .verdict = letter_of(root, "verdict"),
                          .layer = text_of(root, "layer"), .reason = text_of(root, "reason"), .offset = number_of(root, "offset"),
                          .has_event = json_object_get(root, "event") != NULL, .event = number_of(root, "event"),
                          .version = number_of(root, "version"), .source = text_of(root, "source"),
                          .made = json_object_get(root, "unit") != NULL, .seed = number_of(root, "seed"), .unit = number_of(root, "unit"),
                          .twin = json_is_true(json_object_get(root, "twin")), .options = text_of(root, "options"),
                          .class = text_of(root, "class"), .at = number_of(root, "at"), .at_length = number_of(root, "at_length"),
                          .labelled = letter_of(root, "labelled"), .schema = text_of(root, "schema"), .generator = text_of(root, "generator")};
}

json_t *wev_index_parse(struct wev_span line, struct wev_row *row, char why[200])
{
    json_error_t e;
    json_t *root = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &e);
    if (!root) {
        snprintf(why, 200, "not JSON: %.150s", e.text);
        return NULL;
    }
    why[0] = 0;
    if (!json_is_object(root)) {
        snprintf(why, 200, "not a JSON object");
    } else {
        fill(row, root);
        if (!row->file.n) { snprintf(why, 200, "no \"file\""); }
        if (row->file.n && !row->verdict) { snprintf(why, 200, "no \"verdict\" that is y, n or i"); }
    }
    if (!why[0]) { return root; }
    json_decref(root);
    return NULL;
}

// ---- a file of lines

bool wev_index_open(struct wev_index *x, int fd)
{
    struct stat st;
    *x = (struct wev_index){.fd = fd};
    if (fstat(fd, &st) != 0) { return false; }
    x->left = (uint64_t)st.st_size;
    x->buf = malloc(BUF);
    return x->buf != NULL;
}

// False: errno.
static bool refill(struct wev_index *x)
{
    memmove(x->buf, x->buf + x->start, x->end - x->start);
    x->end -= x->start;
    x->start = 0;
    size_t want = BUF - x->end < x->left ? BUF - x->end : (size_t)x->left;
    ssize_t n;
    do { n = pread(x->fd, x->buf + x->end, want, (off_t)x->read); } while (n < 0 && errno == EINTR);
    if (n < 0) { return false; }
    if (n == 0) { x->left = 0; } // the file was cut meanwhile: its end is here
    x->end += (size_t)n;
    x->left -= (size_t)n;
    x->read += (uint64_t)n;
    return true;
}

int wev_index_next(struct wev_index *x, struct wev_span *line)
{
    for (;;) {
        size_t have = x->end - x->start;
        const char *from = x->buf + x->start, *end = have ? memchr(from, '\n', have) : NULL;
        if (end && (size_t)(end - from) <= WEV_INDEX_LINE_MAX) {
            *line = (struct wev_span){from, (size_t)(end - from)};
            x->offset = x->read - have;
            x->start += line->n + 1;
            x->lines++;
            return 1;
        }
        if (have > WEV_INDEX_LINE_MAX) {
            errno = EMSGSIZE;
            return -1;
        }
        if (!x->left) {
            x->torn = have;
            return 0;
        }
        if (!refill(x)) { return -1; }
    }
}

void wev_index_close(struct wev_index *x)
{
    free(x->buf);
    x->buf = NULL;
}

size_t wev_index_load(struct wev_span bytes, bool (*each)(void *context, const struct wev_row *row), void *context, size_t *wrong)
{
    size_t right = 0;
    bool more = true;
    *wrong = 0;
    for (size_t k = 0; more && k < bytes.n;) {
        const char *end = memchr(bytes.p + k, '\n', bytes.n - k);
        struct wev_row row;
        struct wev_span line = {bytes.p + k, end ? (size_t)(end - bytes.p) - k : 0}, file;
        char why[200];
        if (!end) { break; }
        k += line.n + 1;
        json_t *root = line.n <= WEV_INDEX_LINE_MAX && wev_index_check(line, &file) ? wev_index_parse(line, &row, why) : NULL;
        if (root) {
            right++;
            more = each(context, &row);
        } else {
            ++*wrong;
        }
        json_decref(root);
    }
    return right;
}
