// Engines as processes: each in a session of its own, so that what kills its group kills no more than that.
#include "fuzz/campaign.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000, SHORT_MS = 1000, TICK_MS = 20, READ_MAX = 1 << 16 };

static _Noreturn void become(const char *const *argv, const char *const *env, const char *folder, int log)
{
    struct rlimit none = {0, 0};
    sigset_t empty;
    sigemptyset(&empty);
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, &empty, NULL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    for (; env && *env; env++) { putenv((char *)(uintptr_t)*env); }
    int in = open("/dev/null", O_RDONLY);
    if (in >= 0 && dup2(in, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0 && chdir(folder) == 0) { execvp(argv[0], (char *const *)(uintptr_t)argv); }
    fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

bool wev_campaign_spawn(struct wev_campaign *c, const char *name, const char *const *argv, const char *const *env, struct wev_error *e)
{
    char folder[PATH_MAX];
    struct wev_worker *w = &c->workers[c->worker_count];
    if (c->worker_count == WEV_WORKERS_MAX) { return true; }
    snprintf(folder, sizeof(folder), "%s/work", c->scratch);
    snprintf(w->log, sizeof(w->log), "%s/log/%.100s.log", c->out, name);
    int log = open(w->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (w->restarts ? 0 : O_TRUNC), 0666);
    if (log < 0) {
        snprintf(e->text, sizeof(e->text), "%.300s: %s", w->log, strerror(errno));
        return false;
    }
    w->pid = fork();
    if (w->pid == 0) { become(argv, env, folder, log); }
    close(log);
    if (w->pid < 0) {
        w->pid = 0;
        snprintf(e->text, sizeof(e->text), "cannot fork: %s", strerror(errno));
        return false;
    }
    c->worker_count++;
    return true;
}

static bool reap(struct wev_worker *w)
{
    if (w->pid && waitpid(w->pid, NULL, WNOHANG) == w->pid) { w->pid = 0; }
    return !w->pid;
}

// libFuzzer's jobs do not hear what its first process hears, so it is told as a group; it starts others all the same, and is
// not waited for: what they found is taken from their folders. AFL++ tells its own, and writes down what it knows.
void wev_campaign_end_workers(struct wev_campaign *c)
{
    struct timespec nap = {0, TICK_MS * 1000000};
    size_t left = c->worker_count;
    bool libfuzzer = c->engine == &wev_engine_libfuzzer;
    pid_t sessions[WEV_WORKERS_MAX] = {0};
    for (unsigned k = 0; k < c->worker_count; k++) {
        sessions[k] = c->workers[k].pid;
        if (c->workers[k].pid) { kill(libfuzzer ? -c->workers[k].pid : c->workers[k].pid, SIGINT); }
    }
    for (int spent = 0; left && spent < (libfuzzer ? SHORT_MS : PATIENCE_MS); spent += TICK_MS) {
        left = 0;
        for (unsigned k = 0; k < c->worker_count; k++) { left += !reap(&c->workers[k]); }
        if (left) { nanosleep(&nap, NULL); }
    }
    for (unsigned k = 0; k < c->worker_count; k++) {
        if (sessions[k]) { kill(-sessions[k], SIGKILL); }
        if (c->workers[k].pid) { waitpid(c->workers[k].pid, NULL, 0); }
        c->workers[k].pid = 0;
    }
}

void wev_campaign_lines(struct wev_campaign *c, struct wev_worker *w, void (*take)(struct wev_campaign *c, struct wev_span line))
{
    char buf[READ_MAX];
    FILE *f = fopen(w->log, "re");
    size_t n = sizeof(buf);
    while (f && n == sizeof(buf)) {
        size_t from = 0;
        n = fseek(f, (long)w->read, SEEK_SET) == 0 ? fread(buf, 1, sizeof(buf), f) : 0;
        for (const char *end; (end = from < n ? memchr(buf + from, '\n', n - from) : NULL) != NULL;) {
            size_t len = (size_t)(end - buf) - from;
            take(c, (struct wev_span){buf + from, len});
            from += len + 1;
        }
        w->read += from ? from : n == sizeof(buf) ? n : 0; // a line that fills the whole room is skipped
    }
    if (f) { fclose(f); }
}
