// Spans, the arena, load errors and bounded file reading. Knows no format.
#include "schema/base.h"
#include "schema/san.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 64, GAP = 32, STEP = 256 << 10, HUGE_PAGE = 2 << 20, WORD_MAX = 64 };

struct wev_span wev_span_of(const char *text)
{
    return text ? (struct wev_span){text, strlen(text)} : (struct wev_span){NULL, 0};
}

bool wev_span_eq(struct wev_span a, struct wev_span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool wev_span_eq_nocase(struct wev_span a, struct wev_span b)
{
    if (a.n != b.n) { return false; }
    for (size_t k = 0; k < a.n; k++) {
        if (lower(a.p[k]) != lower(b.p[k])) { return false; }
    }
    return true;
}

static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') { return (unsigned)(c - '0'); }
    c = lower(c);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool wev_span_u64(struct wev_span s, uint64_t *out)
{
    unsigned base = 10;
    uint64_t v = 0;
    if (s.n > 2 && s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'X')) {
        base = 16;
        s.p += 2;
        s.n -= 2;
    }
    if (s.n == 0) { return false; }
    for (size_t k = 0; k < s.n; k++) {
        unsigned d = digit_of(s.p[k]);
        if (d >= base || v > (UINT64_MAX - d) / base) { return false; }
        v = v * base + d;
    }
    *out = v;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct wev_span wev_span_trim(struct wev_span s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1])) { s.n--; }
    return s;
}

struct wev_span wev_span_cut(struct wev_span *rest, char c)
{
    if (!rest->n) { return *rest; } // absent stays absent: no offset is added to NULL
    const char *at = memchr(rest->p, c, rest->n);
    struct wev_span head = {rest->p, at ? (size_t)(at - rest->p) : rest->n};
    rest->p += head.n + (at ? 1 : 0);
    rest->n -= head.n + (at ? 1 : 0);
    return head;
}

// ---- arena: its first bytes hold how far any copy of it ever got; what lies above is still zero from the system.

static char **used_to(const struct wev_arena *a)
{
    return (char **)(void *)a->base;
}

// A huge page where `at` is, if it lies whole in the arena: what is loaded there is read for every event.
static void ask_huge(const struct wev_arena *a, const char *at)
{
#ifdef MADV_HUGEPAGE
    uintptr_t page = (uintptr_t)at & ~(uintptr_t)(HUGE_PAGE - 1);
    if (page >= (uintptr_t)a->base && (uintptr_t)a->end - page >= HUGE_PAGE) { madvise((void *)page, HUGE_PAGE, MADV_HUGEPAGE); }
#else
    (void)a;
    (void)at;
#endif
}

bool wev_arena_new(struct wev_arena *a, size_t reserve)
{
    if (reserve < HEAD) { return false; }
    void *p = mmap(NULL, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) { return false; }
    *a = (struct wev_arena){.at = (char *)p + HEAD, .base = p, .end = (char *)p + reserve};
    ask_huge(a, a->base);
    *used_to(a) = a->at;
    ASAN_POISON_MEMORY_REGION(a->at, reserve - HEAD);
    return true;
}

void wev_arena_free(struct wev_arena *a)
{
    if (!a->base) { return; }
    ASAN_UNPOISON_MEMORY_REGION(a->base, (size_t)(a->end - a->base));
    munmap(a->base, (size_t)(a->end - a->base));
    *a = (struct wev_arena){.at = NULL};
}

// Pages from the system in steps: one call for many costs less than a fault for each. It may fail: faults do the same.
static void populate(const struct wev_arena *a, const char *top)
{
    if (((uintptr_t)top ^ (uintptr_t)a->at) >= HUGE_PAGE) { ask_huge(a, a->at); }
#ifdef MADV_POPULATE_WRITE
    uintptr_t from = ((uintptr_t)top + STEP - 1) & ~(uintptr_t)(STEP - 1), to = (uintptr_t)a->at;
    if (from < to && to - from < STEP && (uintptr_t)a->end - from > STEP) { madvise((void *)from, STEP, MADV_POPULATE_WRITE); }
#else
    (void)a;
    (void)top;
#endif
}

void *wev_arena_take(struct wev_arena *a, size_t count, size_t size, size_t align)
{
    size_t pad = (size_t)(-(uintptr_t)a->at & (align - 1));
    size_t left = (size_t)(a->end - a->at);
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || left < pad + GAP || bytes > left - pad - GAP) { longjmp(*a->full, 1); }
    char *p = a->at + pad;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    a->at = p + bytes + GAP; // the gap stays poisoned; without ASan it is slack for block copies
    // A copy of an arena is scratch, so the range may have been used before. Fresh pages are not touched: a
    // table with room for the largest manifest costs what is written to it.
    char **top = used_to(a);
    size_t used = p < *top ? (size_t)(*top - p) : 0;
    if (used) { memset(p, 0, used < bytes ? used : bytes); }
    if (*top < a->at) {
        populate(a, *top);
        *top = a->at;
    }
    return p;
}

struct wev_span wev_arena_text(struct wev_arena *a, struct wev_span s)
{
    char *p = wev_arena_take(a, s.n + 1, 1, 1);
    if (s.n) { memcpy(p, s.p, s.n); }
    return (struct wev_span){p, s.n};
}

// ---- messages

// Bytes of the character at p, 0 when it is not UTF-8 (RFC 3629) or a control character.
static size_t printable(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80) { return p[0] >= 0x20 && p[0] != 0x7f; }
    size_t want = p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
    if (want == 0 || want > n) { return 0; }
    for (size_t k = 1; k < want; k++) {
        if ((p[k] & 0xc0) != 0x80) { return 0; }
    }
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    bool control = p[0] == 0xc2 && p[1] < 0xa0; // C1: 0x9b alone begins a terminal's escape sequence
    return overlong || outside || control ? 0 : want;
}

void wev_error_clean(struct wev_error *e)
{
    char *text = e->text;
    size_t n = strlen(text);
    for (size_t k = 0; k < n;) {
        size_t step = printable((unsigned char *)text + k, n - k);
        if (step == 0) {
            text[k] = '?';
            step = 1;
        }
        k += step;
    }
}

_Noreturn void wev_fail(struct wev_load *load, enum wev_err code, unsigned line, const char *format, ...)
{
    struct wev_error *e = load->error;
    va_list args;
    int n = line ? snprintf(e->text, sizeof(e->text), "%.200s:%u: ", load->file, line)
                 : snprintf(e->text, sizeof(e->text), "%.200s: ", load->file);
    va_start(args, format);
    if (n > 0 && (size_t)n < sizeof(e->text)) { vsnprintf(e->text + n, sizeof(e->text) - (size_t)n, format, args); }
    va_end(args);
    wev_error_clean(e);
    e->code = code;
    longjmp(load->out, 1);
}

static size_t distance(struct wev_span a, struct wev_span b)
{
    size_t row[WORD_MAX + 1];
    for (size_t k = 0; k <= b.n; k++) { row[k] = k; }
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t change = corner + (lower(a.p[i - 1]) != lower(b.p[k - 1]));
            size_t less = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;
            corner = row[k];
            row[k] = change < less ? change : less;
        }
    }
    return row[b.n];
}

struct wev_span wev_nearest(struct wev_span word, const struct wev_span *candidates, size_t count)
{
    struct wev_span best = {NULL, 0};
    size_t limit = word.n / 3 > 1 ? word.n / 3 : 1;
    // Two letters changed places is one slip but two edits: short words may have two.
    if (word.n >= 4 && limit < 2) { limit = 2; }
    for (size_t k = 0; k < count; k++) {
        if (word.n > WORD_MAX || candidates[k].n > WORD_MAX) { continue; }
        size_t d = distance(word, candidates[k]);
        if (d <= limit && (!best.p || d < limit)) {
            best = candidates[k];
            limit = d;
        }
    }
    return best;
}

// ---- files

static bool file_error(struct wev_error *e, const char *path, const char *what)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.300s: %s", path, what);
    wev_error_clean(e);
    return false;
}

static bool too_large(struct wev_error *e, const char *path, unsigned long long size, size_t limit)
{
    e->code = WEV_E_LIMIT;
    snprintf(e->text, sizeof(e->text), "%.300s: %llu bytes%s, the limit is %zu", path, size, size > limit ? "" : " and more", limit);
    wev_error_clean(e);
    return false;
}

bool wev_file_read(const char *path, size_t limit, struct wev_span *out, struct wev_error *error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) { return file_error(error, path, strerror(errno)); }
    if (fstat(fd, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode))) {
        close(fd);
        return file_error(error, path, S_ISDIR(st.st_mode) ? "is a folder" : "is neither a file nor a pipe");
    }
    if (S_ISREG(st.st_mode) && (unsigned long long)st.st_size > limit) {
        close(fd);
        return too_large(error, path, (unsigned long long)st.st_size, limit);
    }
    fcntl(fd, F_SETFL, 0);
    size_t cap = S_ISREG(st.st_mode) ? (size_t)st.st_size + 1 : 65536, n = 0;
    char *p = malloc(cap);
    ssize_t k = 0;
    while (p && n <= limit && ((k = read(fd, p + n, cap - n)) > 0 || (k < 0 && errno == EINTR))) {
        n += k > 0 ? (size_t)k : 0;
        if (n < cap) { continue; }
        char *more = realloc(p, 2 * cap);
        if (!more) { free(p); }
        p = more;
        cap *= 2;
    }
    int why = errno;
    close(fd);
    if (!p) { return file_error(error, path, "out of memory"); }
    if (k < 0 || n > limit) {
        free(p);
        return k < 0 ? file_error(error, path, strerror(why)) : too_large(error, path, n, limit);
    }
    *out = (struct wev_span){p, n};
    return true;
}
