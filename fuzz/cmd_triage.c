// wevfuzz triage: what any fuzzer left, and the target that it left it for.
#include "fuzz/cmd.h"
#include "fuzz/cmd_options.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char triage_usage[] =
    "usage: wevfuzz triage [OPTIONS] DIR [--target NAME | LIB.so:SYMBOL]\n"
    "       wevfuzz triage [OPTIONS] DIR -- CMD [ARGS]\n"
    "\n"
    "  Runs what any fuzzer left under DIR (crash-*, leak-*, oom-*, timeout-*, AFL++'s crashes/id:* and hangs/id:*) and sorts it\n"
    "  into one bucket a bug. Without a target it is the one that AFL++ wrote down beside it.\n"
    "\n"
    "  -o, --out DIR        (default DIR-triage)\n";

// The command that AFL++ wrote down: one word a line.
static bool afl_command(const char *folder, char **argv, char *room, size_t cap)
{
    static const char *const places[] = {"cmdline", "default/cmdline", "main/cmdline", "../cmdline"};
    for (size_t k = 0; k < WEV_COUNT(places); k++) {
        char path[PATH_MAX];
        struct wev_span text;
        struct wev_error ignored;
        snprintf(path, sizeof(path), "%.3900s/%s", folder, places[k]);
        if (!wev_file_read(path, cap - 1, &text, &ignored)) { continue; }
        memcpy(room, text.p, text.n);
        room[text.n] = 0;
        free((char *)(uintptr_t)text.p);
        size_t n = 0;
        for (char *p = room, *end; n < WEV_SUBJECT_ARGS && *p; p = end + 1) {
            end = strchrnul(p, '\n');
            bool last = !*end;
            *end = 0;
            if (*p) { argv[n++] = p; }
            if (last) { break; }
        }
        argv[n] = NULL;
        return n > 0;
    }
    return false;
}

static bool take_find(struct wev_campaign *c, const char *path, size_t *count, struct wev_error *e)
{
    struct wev_span bytes;
    if (!wev_file_read(path, 64 << 20, &bytes, e)) { return false; }
    bool good = wev_campaign_found(c, bytes, e);
    free((char *)(uintptr_t)bytes.p);
    *count += good;
    return good;
}

// What lies under DIR, to four folders deep: links in out/crashes would do, but copies outlive DIR.
static bool collect(struct wev_campaign *c, const char *folder, unsigned depth, size_t *count, struct wev_error *e)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);
    if (n < 0) { return snprintf(e->text, sizeof(e->text), "%.300s: %s", folder, strerror(errno)), false; }
    bool good = true;
    for (int k = 0; k < n; k++) {
        char path[PATH_MAX + 300];
        struct stat st;
        const char *name = names[k]->d_name;
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        bool queue = !strcmp(name, "queue") || !strcmp(name, "corpus") || !strcmp(name, "seeds");
        if (good && name[0] != '.' && lstat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode) && depth && !queue) { good = collect(c, path, depth - 1, count, e); }
            if (S_ISREG(st.st_mode) && wev_campaign_is_find(name)) { good = take_find(c, path, count, e); }
        }
        free(names[k]);
    }
    free(names);
    return good;
}

static bool gather(struct wev_asked *a, const char *dir, struct wev_error *e)
{
    char path[PATH_MAX];
    size_t count = 0;
    snprintf(path, sizeof(path), "%s/crashes", a->c->out);
    if (!wev_folder(path, e) || !collect(a->c, dir, 4, &count, e)) { return false; }
    a->c->to_sort = count;
    if (count) { return true; }
    snprintf(e->text, sizeof(e->text), "%.300s: no crash-*, leak-*, oom-*, timeout-* or id:* in it", dir);
    return false;
}

static int triage(struct wev_asked *a, const char *dir, char **command)
{
    struct wev_campaign *c = a->c;
    char *written[WEV_SUBJECT_ARGS + 1], fallback[PATH_MAX + 300];
    static char room[65536];
    struct wev_error e = {.code = WEV_OK};
    if (!a->target && !command[0]) {
        if (!afl_command(dir, written, room, sizeof(room))) {
            return wev_asked_complain(a, "no target: give --target, or the program behind --; no cmdline of AFL++ in", dir);
        }
        command = written;
        fprintf(stderr, "wevfuzz: the target is %s, as AFL++ wrote down\n", command[0]);
    }
    if (!wev_subject_find(&c->subject, &c->place, a->target, command, WEV_ENGINE_REPLAY, &e)) { return wev_asked_complain(a, e.text, NULL); }
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/') { n--; }
    snprintf(fallback, sizeof(fallback), "%.*s-triage", (int)n, dir);
    if (!wev_asked_parts(a, &e) || !wev_asked_out(a, fallback, &e) || !gather(a, dir, &e)) { return wev_asked_complain(a, e.text, NULL); }
    return wev_asked_run(c);
}

int wev_fuzz_triage_main(int argc, char **argv)
{
    struct wev_campaign *c = wev_asked_new();
    struct wev_asked a = {.c = c, .command = "triage"};
    if (!c) { return wev_asked_complain(&a, "out of memory", NULL); }
    int status = wev_asked_parse(&a, argc, argv, triage_usage);
    const char *dir = argv[optind];
    if (status < 0 && !dir) { status = wev_asked_complain(&a, "no DIR; try --help", NULL); }
    if (status < 0) {
        bool ended = !strcmp(argv[optind - 1], "--"); // options may stand behind DIR, too
        optind++;
        if (!ended && argv[optind] && argv[optind][0] == '-') { status = wev_asked_parse(&a, argc, argv, triage_usage); }
    }
    if (status < 0) { status = triage(&a, dir, argv + optind); }
    wev_asked_free(c);
    return status;
}
