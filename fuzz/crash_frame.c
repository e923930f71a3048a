// The frames of a stack as sanitizers, gdb, Go and Java print them, and which of them is the project's.
#include "fuzz/crash_frame.h"

#include <string.h>

enum { DEEP = 3 };

// Printable ASCII, no blanks; what else there is becomes one '-'.
void wev_crash_word(char *out, size_t cap, struct wev_span s)
{
    size_t n = 0;
    for (size_t k = 0; k < s.n && n + 1 < cap; k++) {
        bool good = s.p[k] > 0x20 && s.p[k] < 0x7f;
        if (good || (n && out[n - 1] != '-')) { out[n++] = good ? s.p[k] : '-'; }
    }
    while (n && out[n - 1] == '-') { n--; }
    if (!n) { out[n++] = '-'; }
    out[n] = 0;
}

// ---- frames

unsigned wev_crash_number(struct wev_span s)
{
    unsigned v = 0;
    for (size_t k = 0; k < s.n && is_digit(s.p[k]) && v < 100000000; k++) { v = v * 10 + (unsigned)(s.p[k] - '0'); }
    return v;
}

// "path:12:3" or "path:12"
void wev_crash_place(struct wev_span s, struct wev_frame *f)
{
    struct wev_span place = s;
    size_t n = s.n;
    for (int turn = 0; turn < 2; turn++) {
        size_t k = n;
        while (k && is_digit(s.p[k - 1])) { k--; }
        if (k == n || k == 0 || s.p[k - 1] != ':') { break; }
        f->line = wev_crash_number(skip(s, k));
        n = k - 1;
        place = (struct wev_span){s.p, n};
    }
    f->file = place;
}

// "0x55d4 in NAME PLACE", "NAME PLACE (module+0x1)", "NAME (args) at PLACE"; what no symbol names is its module and offset.
static bool read_frame(struct wev_span line, struct wev_frame *f)
{
    line = wev_span_trim(line);
    if (line.n < 3 || line.p[0] != '#' || !is_digit(line.p[1])) { return false; }
    size_t k = 1;
    while (k < line.n && is_digit(line.p[k])) { k++; }
    line = wev_span_trim(skip(line, k));
    *f = (struct wev_frame){.line = 0};
    if (starts(line, "0x")) {
        for (k = 0; k < line.n && line.p[k] != ' ';) { k++; }
        line = wev_span_trim(skip(line, k));
    }
    if (starts(line, "in ")) { line = skip(line, 3); }
    struct wev_span at = after(line, ") at "); // gdb
    if (at.p) {
        wev_crash_place(at, f);
        f->function = wev_span_trim(before(line, " ("));
        return true;
    }
    if (starts(line, "(")) {
        f->file = f->function = before(before(skip(line, 1), ")"), " ");
        const char *slash = f->function.n ? memrchr(f->function.p, '/', f->function.n) : NULL;
        if (slash) { f->function = skip(f->function, (size_t)(slash + 1 - f->function.p)); }
        return f->function.n > 0;
    }
    struct wev_span rest = before(line, " (BuildId"), module = {NULL, 0};
    for (k = rest.n; k-- > 1;) { // "(module+0x1)"
        if (rest.p[k] != '(' || rest.p[k - 1] != ' ' || !has(skip(rest, k), "+0x")) { continue; }
        module = skip(rest, k + 1);
        rest.n = k - 1;
        break;
    }
    size_t end = rest.n; // the place is the last word, when it has a path or a line
    while (end && rest.p[end - 1] != ' ') { end--; }
    struct wev_span last = skip(rest, end);
    bool place = end && (memchr(last.p, '/', last.n) || (memchr(last.p, ':', last.n) && !has(last, "::")) || starts(last, "<null>"));
    if (place) { wev_crash_place(last, f); }
    else if (module.p) { f->file = before(module, ")"); }
    f->function = wev_span_trim(place ? (struct wev_span){rest.p, end} : rest);
    return f->function.n > 0;
}

// "\tat pkg.Class.method(File.java:12)"
static bool read_java(struct wev_span line, struct wev_frame *f)
{
    line = wev_span_trim(line);
    if (!starts(line, "at ") || !has(line, "(")) { return false; }
    *f = (struct wev_frame){.function = before(skip(line, 3), "(")};
    wev_crash_place(before(after(line, "("), ")"), f);
    return true;
}

// "main.parse(0xc000, 0x5)" with "\t/path/file.go:12 +0x1" on the line behind it
static bool read_go(struct wev_span line, struct wev_span next, struct wev_frame *f)
{
    if (!starts(next, "\t/") || !has(line, "(") || starts(line, "created by ")) { return false; }
    *f = (struct wev_frame){.line = 0};
    const char *open = memrchr(line.p, '(', line.n);
    f->function = (struct wev_span){line.p, (size_t)(open - line.p)};
    wev_crash_place(before(skip(next, 1), " +"), f);
    return true;
}

// ---- the project

static const char *const foreign_functions[] = {
    "__asan", "__interceptor", "___interceptor", "__sanitizer", "__ubsan", "__lsan", "__msan", "__tsan", "__libc", "__GI_", "__assert", "__pthread",
    "_start", "raise", "abort", "gsignal", "pthread_kill", "__restore_rt", "<signal handler", "fuzzer::", "wev_law_", "afl_", "__afl", "LLVMFuzzerRunDriver", "ExecuteFilesOnyByOne",
    "operator new", "operator delete", "operator new[]", "std::", "__cxx", "__gnu_cxx", "__kernel_", "_dl_",
    // Go, Java
    "runtime.", "testing.", "panic(", "internal/", "java.", "jdk.", "sun.", "com.code_intelligence.jazzer",
};
static const char *const foreign_names[] = {
    "malloc", "calloc", "realloc", "free", "strdup", "strndup", "memcpy", "memmove", "memset", "memcmp", "memchr", "memmem", "strlen", "strnlen",
    "strcpy", "strncpy", "strcat", "strncat", "strcmp", "strncmp", "strcasecmp", "strncasecmp", "strchr", "strrchr", "strstr", "strtol", "strtoll",
    "strtoul", "strtoull", "strtod", "atoi", "atol", "printf", "fprintf", "sprintf", "snprintf", "vsnprintf", "vsprintf", "vfprintf", "sscanf",
    "fread", "fwrite", "fclose", "fopen", "read", "write", "qsort", "bcmp", "wcslen", "posix_memalign", "aligned_alloc", "reallocarray", "asprintf",
    "vasprintf", "panic", "start_thread", "clone", "clone3",
};
static const char *const foreign_files[] = {
    "compiler-rt", "sanitizer_common", "libsanitizer", "/asan/", "../sysdeps/", "/sysdeps/", "libc.so", "ld-linux", "libasan", "libubsan", "liblsan", "libtsan",
    "libclang_rt", "libstdc++", "libc++", "nptl/", "./stdlib/", "./string/", "./malloc/", "./assert/", "./libio/", "./stdio-common/", "./csu/",
    "afl-compiler-rt", "aflpp_driver", "/usr/local/go/src/runtime/", "/rustc/",
};

static bool is_foreign(const struct wev_frame *f)
{
    for (size_t k = 0; k < WEV_COUNT(foreign_functions); k++) {
        if (starts(f->function, foreign_functions[k])) { return true; }
    }
    for (size_t k = 0; k < WEV_COUNT(foreign_names); k++) {
        if (wev_span_is(f->function, foreign_names[k])) { return true; }
    }
    for (size_t k = 0; k < WEV_COUNT(foreign_files); k++) {
        if (has(f->file, foreign_files[k])) { return true; }
    }
    return false;
}

bool wev_crash_entry(const struct wev_frame *f)
{
    return wev_span_is(f->function, "main") || wev_span_is(f->function, "LLVMFuzzerTestOneInput") || starts(f->function, "LLVMFuzzer");
}

static bool is_ours(const struct wev_frame *f, const char *project)
{
    if (!project) { return !is_foreign(f) && !wev_crash_entry(f); }
    for (struct wev_span rest = wev_span_of(project); rest.n;) {
        char one[WEV_CRASH_FILE];
        struct wev_span word = before(rest, ",");
        rest = skip(rest, word.n < rest.n ? word.n + 1 : word.n);
        if (word.n == 0 || word.n >= sizeof(one)) { continue; }
        memcpy(one, word.p, word.n);
        one[word.n] = 0;
        if (starts(f->function, one) || has(f->file, one)) { return true; }
    }
    return false;
}

// The name without its arguments: f(int) and f(long) are one place.
struct wev_span wev_crash_bare(struct wev_span name)
{
    for (size_t k = 1; k < name.n; k++) {
        bool call = name.p[k] == '(' && !starts(skip(name, k), "(anonymous") && !starts(skip(name, k), "(*") && !(k >= 8 && !memcmp(name.p + k - 8, "operator", 8));
        if (call) { return (struct wev_span){name.p, k}; }
    }
    return name;
}


// The frames of the first stack at or behind `text`; ends where it ends.
void wev_crash_stack(struct wev_stack *s, struct wev_span text)
{
    s->count = 0;
    while (text.n && s->count < WEV_CRASH_FRAMES) {
        struct wev_span line = cut_line(&text), next = text;
        if (next.n) { next = cut_line(&next); }
        struct wev_frame *f = &s->frames[s->count];
        if (read_frame(line, f)) {
            bool again = s->count && (starts(wev_span_trim(line), "#0 "));
            if (again) { return; }
            s->count++;
        } else if (read_java(line, f) || read_go(line, next, f)) {
            s->count++;
        } else if (s->count && !starts(line, "\t/") && !starts(line, "    ")) {
            return;
        }
    }
}

const struct wev_frame *wev_crash_first(const struct wev_stack *s, const char *project)
{
    for (size_t k = 0; k < s->count; k++) {
        if (is_ours(&s->frames[k], project)) { return &s->frames[k]; }
    }
    for (size_t k = 0; k < s->count; k++) {
        if (wev_crash_entry(&s->frames[k]) || (project && !is_foreign(&s->frames[k]))) { return &s->frames[k]; }
    }
    return NULL;
}

// Where it was interrupted is chance; what the harness had called is not.
const struct wev_frame *wev_crash_last(const struct wev_stack *s, const char *project)
{
    for (size_t k = s->count; k-- > 0;) {
        if (is_ours(&s->frames[k], project)) { return &s->frames[k]; }
    }
    return wev_crash_first(s, project);
}

static int order(struct wev_span a, struct wev_span b)
{
    int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

// Of the functions that call each other the first by name: which of them met the end of the stack is chance.
const struct wev_frame *wev_crash_recursion(const struct wev_stack *s, const char *project)
{
    const struct wev_frame *best = NULL;
    for (size_t k = 0; k < s->count; k++) {
        size_t times = 0;
        if (!is_ours(&s->frames[k], project)) { continue; }
        for (size_t m = 0; m < s->count; m++) { times += wev_span_eq(s->frames[m].function, s->frames[k].function); }
        if (times >= DEEP && (!best || order(s->frames[k].function, best->function) < 0)) { best = &s->frames[k]; }
    }
    return best ? best : wev_crash_first(s, project);
}
