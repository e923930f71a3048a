// Reads what a dying process printed. Knows nothing of buckets, files or processes.
#include "fuzz/crash.h"
#include "fuzz/crash_frame.h"

#include "gen/choice.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20, DEEP_STACK = 30 };

// ---- kinds

// ASan says the kind in its next words: "heap-buffer-overflow on address", "attempting double-free on", "SEGV on unknown".
static void kind_of_asan(struct wev_crash *c, struct wev_span rest)
{
    static const char *const plain[][2] = {
        {"attempting double-free", "double-free"},
        {"attempting free on address", "bad-free"},
        {"requested allocation size", "allocation-size-too-big"},
        {"detected memory leaks", "leak"},
        {"unknown-crash", "unknown-crash"},
    };
    for (size_t k = 0; k < WEV_COUNT(plain); k++) {
        if (starts(rest, plain[k][0])) { wev_crash_word(c->kind, sizeof(c->kind), wev_span_of(plain[k][1])); return; }
    }
    wev_crash_word(c->kind, sizeof(c->kind), before(before(before(rest, " on "), ":"), " ("));
}

// UBSan's sentence without its numbers, names and values.
static void kind_of_ubsan(struct wev_crash *c, struct wev_span rest)
{
    char words[WEV_CRASH_WORD * 2] = "ubsan";
    size_t n = 5, count = 0;
    rest = before(rest, ": ");
    while (rest.n && count < 6) {
        struct wev_span word = before(rest, " ");
        rest = skip(rest, word.n < rest.n ? word.n + 1 : word.n);
        bool value = word.n == 0 || is_digit(word.p[0]) || word.p[0] == '-' || word.p[0] == '\'' || word.n > 20;
        if (value || n + word.n + 2 > sizeof(words)) { continue; }
        words[n++] = '-';
        memcpy(words + n, word.p, word.n);
        n += word.n;
        count++;
    }
    wev_crash_word(c->kind, sizeof(c->kind), (struct wev_span){words, n});
}

static void kind_of_libfuzzer(struct wev_crash *c, struct wev_span rest)
{
    const char *kind = starts(rest, "timeout")         ? "timeout"
                       : starts(rest, "out-of-memory") ? "out-of-memory"
                       : starts(rest, "fuzz target exited") ? "exit"
                       : starts(rest, "deadly signal") ? "deadly-signal"
                       : starts(rest, "fuzz target overwrites") ? "overwrites-input"
                                                       : NULL;
    wev_crash_word(c->kind, sizeof(c->kind), kind ? wev_span_of(kind) : before(rest, " ("));
}

// A mark in a line, how its kind is read, and how much it says: of several the highest, of those the first.
struct mark {
    const char *text;
    void (*kind)(struct wev_crash *c, struct wev_span rest);
    const char *name; // where there is no function
    uint8_t weight;
};

static const struct mark marks[] = {
    {"ERROR: AddressSanitizer: ", kind_of_asan, NULL, 3},
    {"ERROR: HWAddressSanitizer: ", kind_of_asan, NULL, 3},
    {"ERROR: LeakSanitizer: ", NULL, "leak", 3},
    {"WARNING: MemorySanitizer: ", kind_of_asan, NULL, 3},
    {"ERROR: MemorySanitizer: ", kind_of_asan, NULL, 2},
    {"WARNING: ThreadSanitizer: ", kind_of_asan, NULL, 3},
    {"ERROR: ThreadSanitizer: ", kind_of_asan, NULL, 3},
    {"ERROR: UndefinedBehaviorSanitizer: ", kind_of_asan, NULL, 2},
    {": runtime error: ", kind_of_ubsan, NULL, 4},
    {"law broken: ", NULL, "law", 5},
    {": Assertion `", NULL, "assertion", 5},
    {": Assertion failed: ", NULL, "assertion", 5},
    {"== Java Exception: ", kind_of_asan, NULL, 5},
    {"Exception in thread \"", NULL, "java-exception", 4},
    {"Traceback (most recent call last)", NULL, "python-exception", 4},
    {"' panicked at ", NULL, "panic", 5},
    {"panic: ", NULL, "go-panic", 4},
    {"fatal error: ", NULL, "go-fatal", 3},
    {"Program received signal ", NULL, "signal", 2},
    {"Program terminated with signal ", NULL, "signal", 2},
    {"ERROR: libFuzzer: ", kind_of_libfuzzer, NULL, 2},
};

struct find {
    const struct mark *mark;
    struct wev_span line, rest, text; // rest: of the line behind the mark; text: from the line on
};

// Marks that are words of other languages, too, count at their place alone.
static bool stands(struct wev_span line, const struct mark *m)
{
    if (m->kind == kind_of_ubsan) {
        const char *at = memmem(line.p, line.n, m->text, strlen(m->text));
        return at && at > line.p && is_digit(at[-1]);
    }
    return strncmp(m->name ? m->name : "", "go-", 3) != 0 || starts(line, m->text);
}

static bool find_mark(struct find *out, struct wev_span text)
{
    out->mark = NULL;
    while (text.n) {
        struct wev_span from = text, line = cut_line(&text);
        for (size_t k = 0; k < WEV_COUNT(marks); k++) {
            struct wev_span rest = after(line, marks[k].text);
            if (!rest.p || !stands(line, &marks[k]) || (out->mark && out->mark->weight >= marks[k].weight)) { continue; }
            *out = (struct find){&marks[k], line, rest, from};
        }
    }
    return out->mark != NULL;
}

// glibc: "PROGRAM: FILE:LINE: FUNCTION: Assertion `…' failed."
static void place_of_assertion(struct wev_crash *c, struct wev_span line)
{
    struct wev_span head = before(line, ": Assertion"), function = head;
    for (size_t k = head.n; k-- > 1;) {
        if (head.p[k - 1] == ':' && head.p[k] == ' ') {
            function = skip(head, k + 1);
            head.n = k - 1;
            break;
        }
    }
    struct wev_frame f = {.line = 0};
    struct wev_span place = after(head, ": ");
    wev_crash_place(place.p ? place : head, &f);
    function = wev_crash_bare(function); // clang's has its type: "void f(size_t)"
    const char *blank = function.n ? memrchr(function.p, ' ', function.n) : NULL;
    if (blank) { function = skip(function, (size_t)(blank + 1 - function.p)); }
    wev_crash_word(c->function, sizeof(c->function), function);
    snprintf(c->file, sizeof(c->file), "%.*s", (int)(f.file.n < 200 ? f.file.n : 200), f.file.p ? f.file.p : "");
    c->line = f.line;
}

// "FILE:LINE[:COLUMN]", alone or at the head of a line: the place is the function, too.
static void place_is_function(struct wev_crash *c, struct wev_span place)
{
    struct wev_frame f = {.line = 0};
    char text[WEV_CRASH_WORD];
    while (place.n && place.p[place.n - 1] == ':') { place.n--; }
    wev_crash_place(place, &f);
    const char *slash = f.file.n ? memrchr(f.file.p, '/', f.file.n) : NULL;
    struct wev_span base = slash ? skip(f.file, (size_t)(slash + 1 - f.file.p)) : f.file;
    snprintf(text, sizeof(text), "%.*s:%u", (int)(base.n < 64 ? base.n : 64), base.p ? base.p : "", f.line);
    wev_crash_word(c->function, sizeof(c->function), wev_span_of(text));
    snprintf(c->file, sizeof(c->file), "%.*s", (int)(f.file.n < 200 ? f.file.n : 200), f.file.p ? f.file.p : "");
    c->line = f.line;
}

// The last `File "x.py", line 3, in f` is where it was raised; the first line behind it that is not indented, the exception.
static void place_of_python(struct wev_crash *c, struct wev_span text)
{
    cut_line(&text);
    while (text.n) {
        struct wev_span line = cut_line(&text), file = after(line, "File \"");
        if (file.p) {
            struct wev_span name = after(line, ", in ");
            wev_crash_word(c->function, sizeof(c->function), name);
            file = before(file, "\"");
            snprintf(c->file, sizeof(c->file), "%.*s", (int)(file.n < 200 ? file.n : 200), file.p);
            c->line = wev_crash_number(after(line, ", line "));
        } else if (line.n && line.p[0] != ' ') {
            wev_crash_word(c->kind, sizeof(c->kind), before(line, ":"));
            return;
        }
    }
}

static void take_frame(struct wev_crash *c, const struct wev_frame *f)
{
    wev_crash_word(c->function, sizeof(c->function), wev_crash_bare(f->function));
    snprintf(c->file, sizeof(c->file), "%.*s", (int)(f->file.n < 200 ? f->file.n : 200), f->file.p ? f->file.p : "");
    c->line = f->line;
}

static void clean_file(struct wev_crash *c)
{
    for (char *p = c->file; *p; p++) {
        if (*p < 0x20 || *p > 0x7e) { *p = '?'; }
    }
}

static void find_place(struct wev_crash *c, const struct find *f, const char *project)
{
    struct wev_stack s;
    struct wev_span text = f->text;
    cut_line(&text);
    wev_crash_stack(&s, text);
    bool chance = !strcmp(c->kind, "timeout") || !strcmp(c->kind, "SIGXCPU"), deep = !strcmp(c->kind, "stack-overflow") || (!strcmp(c->kind, "SIGSEGV") && s.count >= DEEP_STACK);
    const struct wev_frame *frame = chance ? wev_crash_last(&s, project) : deep ? wev_crash_recursion(&s, project) : wev_crash_first(&s, project);
    if (frame) { take_frame(c, frame); }
    if (!strcmp(f->mark->text, ": Assertion `")) { // what the stack says is better only where it knows the function
        if (!frame || wev_crash_entry(frame)) { place_of_assertion(c, f->line); }
    } else if (!frame && !strcmp(f->mark->text, ": runtime error: ")) {
        place_is_function(c, before(f->line, ": runtime error: "));
    } else if (!strcmp(c->kind, "panic")) {
        place_is_function(c, f->rest.n && f->rest.p[0] != '\'' ? f->rest : after(f->rest, "', "));
    } else if (!strcmp(c->kind, "python-exception")) {
        place_of_python(c, f->text);
    }
}

bool wev_crash_read(struct wev_crash *out, struct wev_span text, const char *project)
{
    struct find f;
    *out = (struct wev_crash){.function = "-"};
    if (text.n > TEXT_MAX) { text.n = TEXT_MAX; }
    if (!find_mark(&f, text)) { return false; }
    if (f.mark->kind) { f.mark->kind(out, f.rest); } else { wev_crash_word(out->kind, sizeof(out->kind), wev_span_of(f.mark->name)); }
    // gdb: "SIGSEGV, Segmentation fault."
    if (!strcmp(out->kind, "signal")) { wev_crash_word(out->kind, sizeof(out->kind), before(f.rest, ",")); }
    out->report = f.text;
    find_place(out, &f, project);
    clean_file(out);
    return true;
}

bool wev_crash_of(struct wev_crash *out, const struct wev_child *child, const char *project)
{
    if (child->end == WEV_CHILD_OUTPUT) {
        *out = (struct wev_crash){.kind = "output", .function = "-"};
        return true;
    }
    struct wev_span err = {child->err, child->err_n};
    if (wev_crash_read(out, err, project)) { return true; }
    if (wev_crash_read(out, (struct wev_span){child->tail, child->tail_n}, project)) { return true; }
    *out = (struct wev_crash){.kind = "timeout", .function = "-"};
    if (child->end == WEV_CHILD_TIME) { return true; }
    if (child->end != WEV_CHILD_SIGNAL) { return false; }
    snprintf(out->kind, sizeof(out->kind), "signal-%d", child->code);
    return true;
}

void wev_crash_name(const struct wev_crash *c, char name[WEV_CRASH_NAME])
{
    bool lossy = false;
    size_t n = 0;
    const char *parts[] = {c->kind, ".", c->function};
    for (size_t part = 0; part < WEV_COUNT(parts); part++) {
        for (const char *p = parts[part]; *p; p++) {
            bool good = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || strchr("._-", *p);
            if (n >= 100) { lossy = true; break; }
            lossy |= !good || (n == 0 && *p == '.');
            name[n] = good && !(n == 0 && *p == '.') ? *p : '-';
            n++;
        }
    }
    name[n] = 0;
    if (!lossy) { return; }
    uint64_t h = XXH3_64bits_withSeed(c->function, strlen(c->function), XXH3_64bits(c->kind, strlen(c->kind)));
    snprintf(name + n, WEV_CRASH_NAME - n, "-%08x", (unsigned)(h & 0xffffffff));
}
