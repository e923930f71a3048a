// Finds what is under test and builds what is missing. Knows no engine's options.
#include "fuzz/subject.h"

#include "schema/san.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMES_MAX = 64 };

static bool fail(struct wev_error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct wev_error *e, const char *format, ...)
{
    va_list args;
    e->code = WEV_E_ARGUMENT;
    va_start(args, format);
    vsnprintf(e->text, sizeof(e->text), format, args);
    va_end(args);
    return false;
}

static bool push(char **list, const char *word)
{
    size_t n = 0;
    while (list[n]) { n++; }
    return n < WEV_SUBJECT_ARGS && (list[n] = strdup(word)) != NULL;
}

// ---- engines and what they need


static bool has_program(const char *name, const char *package, struct wev_error *e)
{
    char path[PATH_MAX];
    return wev_subject_program(name, path) || fail(e, "%s is not installed (Debian: apt-get install %s)", name, package);
}

static bool has_engine(enum wev_engine_kind engine, bool build, struct wev_error *e)
{
    if (engine == WEV_ENGINE_AFL) { return has_program("afl-fuzz", "afl++", e) && (!build || has_program("afl-clang-fast", "afl++", e)); }
    if (engine == WEV_ENGINE_LIBFUZZER && build) { return has_program("clang", "clang libclang-rt-dev", e); }
    return true;
}

// ---- building, in a source tree

// The last lines of a log, as one.
static void last_words(const char *path, char *out, size_t cap)
{
    struct wev_span text;
    struct wev_error ignored;
    out[0] = 0;
    if (!wev_file_read(path, 64 << 20, &text, &ignored)) { return; }
    const char *found = text.n ? memmem(text.p, text.n, "error", 5) : NULL;
    size_t from = found ? (size_t)(found - text.p) : text.n > 200 ? text.n - 200 : 0;
    while (from && text.p[from - 1] != '\n') { from--; }
    snprintf(out, cap, "%.*s", (int)(text.n - from > 250 ? 250 : text.n - from), text.p + from);
    for (char *p = out; *p; p++) {
        if ((unsigned char)*p < 0x20) { *p = ' '; }
    }
    free((char *)(uintptr_t)text.p);
}

static int shell(const char *line)
{
    pid_t pid = fork();
    if (pid == 0) {
        const char *const gone[] = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "CC", "FUZZ", "SAN", "TSAN"};
        for (size_t k = 0; k < WEV_COUNT(gone); k++) { unsetenv(gone[k]); }
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool make(const struct wev_place *p, const char *before, const char *flavour, const char *goals, struct wev_error *e)
{
    char line[2 * PATH_MAX], log[PATH_MAX], words[256];
    snprintf(log, sizeof(log), "%s/build/wevfuzz-%ld.log", p->root, (long)getpid());
    const char *blank = flavour[0] ? " " : "";
    // silent while there is nothing to do; a lock, because two of us may build at once
    snprintf(line, sizeof(line), "cd '%s' && mkdir -p build && exec 9>build/.wevfuzz.lock && flock 9 2>/dev/null; make -q %s %s >/dev/null 2>&1 && exit; "
             "echo 'wevfuzz: make %s%s%s' >&2; { %smake -j%ld %s %s; } >'%s' 2>&1 </dev/null 9>&-", p->root, flavour, goals, flavour, blank, goals, before,
             sysconf(_SC_NPROCESSORS_ONLN), flavour, goals, log);
    bool good = shell(line) == 0;
    if (!good) { last_words(log, words, sizeof(words)); }
    unlink(log);
    return good || fail(e, "%.100s does not build: %s", goals, words);
}

static bool build(const struct wev_place *p, enum wev_engine_kind engine, const char *goal, struct wev_error *e)
{
    static const char *const flavours[] = {"FUZZ=libfuzzer CC=clang", "FUZZ=afl CC=afl-clang-fast", ""};
    if (!has_engine(engine, true, e)) { return false; }
    if (engine == WEV_ENGINE_LIBFUZZER && !make(p, "", "", "build/libwevmutator.a", e)) { return false; } // the harness takes it in
    return make(p, engine == WEV_ENGINE_REPLAY ? "" : "make mxml-source; ", flavours[engine], goal, e);
}

bool wev_place_parts(const struct wev_place *p, enum wev_engine_kind engine, char dict[PATH_MAX], char mutator[PATH_MAX], struct wev_error *e)
{
    dict[0] = mutator[0] = 0;
    bool afl = engine == WEV_ENGINE_AFL;
    if (engine == WEV_ENGINE_REPLAY) { return true; }
    if (p->root[0] && !make(p, "", "", afl ? "build/event.dict build/wevmutator.so" : "build/event.dict", e)) { return false; }
    if (!wev_place_file(p, "build/event.dict", "share/wevgen/event.dict", dict, PATH_MAX)) { dict[0] = 0; }
    if (!afl || !wev_place_file(p, "build/wevmutator.so", "lib/wevmutator.so", mutator, PATH_MAX)) { mutator[0] = 0; }
    return true;
}

// ---- harnesses

static const char *const folders[] = {"build/libfuzzer/fuzz", "build/afl/fuzz", "build/fuzz"};
static const char *const installed[] = {"libexec/wevgen/libfuzzer", "libexec/wevgen/afl", "libexec/wevgen/replay"};

static bool program_of(const struct wev_place *p, enum wev_engine_kind engine, const char *name, char *path, size_t cap)
{
    char built[300], there[300];
    snprintf(built, sizeof(built), "%s/%.200s", folders[engine], name);
    snprintf(there, sizeof(there), "%s/%.200s", installed[engine], name);
    return wev_place_file(p, built, there, path, cap);
}

static bool no_harness(const struct wev_place *p, const char *name, struct wev_error *e)
{
    char folder[PATH_MAX], all[300] = "";
    struct dirent **files;
    struct wev_span names[NAMES_MAX];
    size_t count = 0, n = 0;
    snprintf(folder, sizeof(folder), "%s/%s", p->root[0] ? p->root : p->prefix, p->root[0] ? "fuzz" : installed[WEV_ENGINE_REPLAY]);
    int found = scandir(folder, &files, NULL, alphasort);
    for (int k = 0; k < found; k++) {
        const char *file = files[k]->d_name, *dot = strrchr(file, '.');
        bool source = !strncmp(file, "fuzz_", 5) && dot && !strcmp(dot, ".c");
        if (count == NAMES_MAX || file[0] == '.' || (p->root[0] && !source)) { continue; }
        names[count++] = source ? (struct wev_span){file + 5, strlen(file) - 7} : wev_span_of(file);
    }
    struct wev_span near = wev_nearest(wev_span_of(name), names, count);
    for (size_t k = 0; k < count && n < sizeof(all) - 40; k++) {
        n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%.*s", k ? ", " : "", (int)(names[k].n < 30 ? names[k].n : 30), names[k].p);
    }
    fail(e, "no target \"%.60s\"; there are %s%s%.*s%s; a shared object is LIB.so:SYMBOL, a program comes behind --", name, count ? all : "none",
         near.p ? "; is it \"" : "", near.p ? (int)near.n : 0, near.p ? near.p : "", near.p ? "\"" : "");
    for (int k = 0; k < found; k++) { free(files[k]); }
    if (found >= 0) { free(files); }
    return false;
}

static bool engine_program(const struct wev_place *p, enum wev_engine_kind engine, const char *name, char *path, size_t cap, struct wev_error *e)
{
    char goal[300];
    snprintf(goal, sizeof(goal), "%s/%.200s", folders[engine], name);
    if (p->root[0]) { // make decides whether it is fresh
        bool good = build(p, engine, goal, e);
        return good && (program_of(p, engine, name, path, cap) || fail(e, "make did not build %.200s", goal));
    }
    if (program_of(p, engine, name, path, cap)) { return true; }
    static const char *const goals[] = {"make fuzz", "make afl", "make"};
    return fail(e, "\"%.60s\" is not installed for this engine: \"%s\" before \"make install\" builds it", name, goals[engine]);
}

static const char *const shadow_marks[] = {"__asan_init", "__asan_report_", "__tsan_init", "__msan_init", NULL};

static bool find_harness(struct wev_subject *s, const struct wev_place *p, const char *name, enum wev_engine_kind engine, struct wev_error *e)
{
    char path[PATH_MAX], source[PATH_MAX], line[PATH_MAX + 100];
    snprintf(source, sizeof(source), "fuzz/fuzz_%.200s.c", name);
    if (strchr(name, '/') || !name[0]) { return no_harness(p, name, e); }
    if (p->root[0] ? !wev_place_file(p, source, "", path, sizeof(path)) : !program_of(p, WEV_ENGINE_REPLAY, name, path, sizeof(path))) {
        return no_harness(p, name, e);
    }
    snprintf(s->name, sizeof(s->name), "%.60s", name);
    if (!has_engine(engine, false, e) || !engine_program(p, engine, name, path, sizeof(path), e)) { return false; }
    if (!push(s->engine, path)) { return fail(e, "out of memory"); }
    if (p->root[0] && (snprintf(source, sizeof(source), "build/fuzz-seeds/%.200s", name), !wev_place_file(p, source, "", path, sizeof(path)))) {
        snprintf(line, sizeof(line), "cd '%s' && sh fuzz/seeds.sh build/fuzz-seeds >/dev/null 2>&1", p->root); // without them: corpus/seeds
        if (shell(line) != 0) { fprintf(stderr, "wevfuzz: fuzz/seeds.sh failed: starting from corpus/seeds\n"); }
    }
    s->covered = engine != WEV_ENGINE_REPLAY;
    s->afl = engine == WEV_ENGINE_AFL;
    // One input alone: the build with sanitizers says most.
    s->libfuzzer = program_of(p, WEV_ENGINE_LIBFUZZER, name, path, sizeof(path));
    if (!s->libfuzzer && !engine_program(p, WEV_ENGINE_REPLAY, name, path, sizeof(path), e)) { return false; }
    s->sanitized = s->libfuzzer || wev_subject_holds(path, shadow_marks); // a build for replay may have one, too
    return (push(s->argv, path) && push(s->argv, "@@")) || fail(e, "out of memory");
}

// ---- shared objects

static const char *const coverage_marks[] = {"__sanitizer_cov_", NULL};
static const char *const afl_marks[] = {"__afl_area_ptr", "__AFL_SHM_ID", NULL};
static const char *const asan_marks[] = {"__asan_init", "__asan_report_", NULL};
static const char *const libfuzzer_marks[] = {"ERROR: libFuzzer: ", NULL};

static bool find_object(struct wev_subject *s, const struct wev_place *p, const char *spec, enum wev_engine_kind engine, struct wev_error *e)
{
    char path[PATH_MAX], real[PATH_MAX], program[PATH_MAX];
    const char *colon = strrchr(spec, ':'), *slash;
    snprintf(path, sizeof(path), "%.*s", (int)(colon - spec), spec);
    if (!realpath(path, real)) { return fail(e, "%.300s: %s", path, strerror(errno)); }
    snprintf(s->object, sizeof(s->object), "%s:%.200s", real, colon + 1);
    slash = strrchr(real, '/');
    snprintf(s->name, sizeof(s->name), "%.30s.%.30s", slash + 1, colon + 1);
    s->sanitized = wev_subject_holds(real, asan_marks);
    s->afl = engine == WEV_ENGINE_AFL && wev_subject_holds(real, afl_marks);
    s->covered = engine == WEV_ENGINE_LIBFUZZER ? wev_subject_holds(real, coverage_marks) : s->afl;
    if (!has_engine(engine, false, e)) { return false; }
    if (engine != WEV_ENGINE_REPLAY) {
        if (!engine_program(p, engine, "call", program, sizeof(program), e)) { return false; }
        if (!push(s->engine, program)) { return fail(e, "out of memory"); }
    }
    s->libfuzzer = s->sanitized || engine == WEV_ENGINE_LIBFUZZER;
    if (s->libfuzzer) { // a sanitized object needs a program with the sanitizer
        if (engine != WEV_ENGINE_LIBFUZZER && !engine_program(p, WEV_ENGINE_LIBFUZZER, "call", program, sizeof(program), e)) { return false; }
        s->sanitized = true;
        return (push(s->argv, program) && push(s->argv, "@@")) || fail(e, "out of memory");
    }
    s->sanitized = WEV_ASAN || WEV_TSAN; // we call it ourselves
    return (push(s->argv, p->self) && push(s->argv, "call") && push(s->argv, s->object)) || fail(e, "out of memory");
}

// ---- programs

// It runs in a folder of its own, so what names a file here must go on doing so.
static bool push_absolute(struct wev_subject *s, const char *word)
{
    char real[PATH_MAX];
    struct stat st;
    bool file = word[0] != '-' && word[0] != '/' && stat(word, &st) == 0 && realpath(word, real);
    return push(s->argv, file ? real : word) && push(s->engine, file ? real : word);
}

static bool find_command(struct wev_subject *s, char **argv, enum wev_engine_kind engine, struct wev_error *e)
{
    char program[PATH_MAX];
    const char *slash = strrchr(argv[0], '/');
    snprintf(s->name, sizeof(s->name), "%.60s", slash ? slash + 1 : argv[0]);
    if (slash ? access(argv[0], X_OK) != 0 : !wev_subject_program(argv[0], program)) {
        return fail(e, "cannot run %.200s: %s", argv[0], slash ? strerror(errno) : "not in PATH");
    }
    if (slash) { snprintf(program, sizeof(program), "%.4000s", argv[0]); }
    if (!has_engine(engine, false, e)) { return false; }
    s->sanitized = wev_subject_holds(program, shadow_marks);
    s->afl = wev_subject_holds(program, afl_marks);
    s->libfuzzer = wev_subject_holds(program, libfuzzer_marks);
    s->covered = engine == WEV_ENGINE_LIBFUZZER || (engine == WEV_ENGINE_AFL && s->afl);
    if (engine == WEV_ENGINE_LIBFUZZER && !s->libfuzzer) {
        return fail(e, "libFuzzer calls a function inside its own process, and %.150s is a program without it: use --engine afl, --engine "
                       "replay, or give a shared object as LIB.so:SYMBOL", argv[0]);
    }
    bool file = false;
    for (size_t k = 0; argv[k]; k++) {
        if (!push_absolute(s, argv[k])) { return fail(e, "more than %d words behind --", WEV_SUBJECT_ARGS); }
        file |= !strcmp(argv[k], "@@");
    }
    if (s->libfuzzer && !file && !push(s->argv, "@@")) { return fail(e, "out of memory"); }
    return true;
}

bool wev_subject_find(struct wev_subject *s, const struct wev_place *p, const char *spec, char **argv, enum wev_engine_kind engine,
                      struct wev_error *e)
{
    *s = (struct wev_subject){.kind = WEV_SUBJECT_COMMAND};
    if (!spec) { return find_command(s, argv, engine, e); }
    s->kind = strchr(spec, ':') ? WEV_SUBJECT_OBJECT : WEV_SUBJECT_HARNESS;
    if (s->kind == WEV_SUBJECT_HARNESS) { return find_harness(s, p, spec, engine, e); }
    return find_object(s, p, spec, engine, e);
}

void wev_subject_free(struct wev_subject *s)
{
    for (size_t k = 0; s->argv[k]; k++) { free(s->argv[k]); }
    for (size_t k = 0; s->engine[k]; k++) { free(s->engine[k]); }
    *s = (struct wev_subject){.kind = WEV_SUBJECT_COMMAND};
}

// ---- runs

bool wev_subject_run(const struct wev_subject *s, const char *path, const struct wev_child_limits *limits, struct wev_child *child,
                     struct wev_error *e)
{
    char *argv[WEV_SUBJECT_ARGS + 2], seconds[40];
    size_t n = 0;
    for (; s->argv[n]; n++) { argv[n] = s->argv[n]; }
    struct wev_child_limits own = *limits;
    if (s->libfuzzer && n <= WEV_SUBJECT_ARGS) { // its own alarm comes first, with a stack
        snprintf(seconds, sizeof(seconds), "-timeout=%u", (limits->seconds_100 + 99) / 100);
        argv[n++] = seconds;
        own.seconds_100 = 2 * limits->seconds_100 + 1500; // and a busy machine takes seconds for the names
    }
    argv[n] = NULL;
    if (s->sanitized || s->libfuzzer) { own.memory = 0; }
    return wev_child_run(argv, path, &own, child, e);
}

static void quote(FILE *f, const char *word)
{
    if (word[0] && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-")]) {
        fputs(word, f);
        return;
    }
    fputc('\'', f);
    for (; *word; word++) {
        if (*word == '\'') { fputs("'\\''", f); } else { fputc(*word, f); }
    }
    fputc('\'', f);
}

char *wev_subject_command(const struct wev_subject *s, const char *path)
{
    char *text = NULL;
    size_t n = 0;
    bool file = false;
    FILE *f = open_memstream(&text, &n);
    if (!f) { return NULL; }
    if (s->sanitized) { fputs("ASAN_OPTIONS=handle_abort=1 UBSAN_OPTIONS=print_stacktrace=1 ", f); }
    if (s->kind == WEV_SUBJECT_OBJECT && s->libfuzzer) {
        fputs("WEV_CALL=", f);
        quote(f, s->object);
        fputc(' ', f);
    }
    for (size_t k = 0; s->argv[k]; k++) {
        bool at = !strcmp(s->argv[k], "@@");
        file |= at;
        if (k) { fputc(' ', f); }
        quote(f, at ? path : s->argv[k]);
    }
    if (!file) {
        fputs(" <", f);
        quote(f, path);
    }
    return fclose(f) == 0 ? text : (free(text), NULL);
}
