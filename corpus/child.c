// Starts, feeds, bounds, kills and reaps one process. Knows nothing of documents or verdicts.
#include "corpus/child.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGS_MAX = 256, TICK_MS = 20 };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool fail(struct wev_error *e, const char *what, const char *name)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%s %.200s: %s", what, name, strerror(errno));
    return false;
}

// ---- in the child: calls that are safe between fork and exec

static _Noreturn void become(char *const *argv, int in, int out, int err, int status, uint64_t memory)
{
    struct rlimit none = {0, 0}, bytes = {memory, memory};
    sigset_t empty;
    sigemptyset(&empty);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, &empty, NULL);
    signal(SIGPIPE, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    if (memory) { setrlimit(RLIMIT_AS, &bytes); }
    if (dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(err, 2) >= 0) { execvp(argv[0], argv); }
    int why = errno;
    if (write(status, &why, sizeof(why)) < 0) { _exit(126); }
    _exit(127);
}

// ---- pipes

struct pipes {
    int out[2], err[2], status[2];
    int in;
};

static void close_one(int *fd)
{
    if (*fd >= 0) { close(*fd); }
    *fd = -1;
}

static void close_all(struct pipes *p)
{
    int *all[] = {p->out, p->out + 1, p->err, p->err + 1, p->status, p->status + 1, &p->in};
    for (size_t k = 0; k < WEV_COUNT(all); k++) { close_one(all[k]); }
}

static bool open_all(struct pipes *p, const char *path, struct wev_error *e)
{
    *p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, -1};
    if ((p->in = open(path, O_RDONLY | O_CLOEXEC)) < 0) { return fail(e, "cannot read", path); }
    if (pipe2(p->out, O_CLOEXEC) == 0 && pipe2(p->err, O_CLOEXEC) == 0 && pipe2(p->status, O_CLOEXEC) == 0) { return true; }
    fail(e, "no pipe for", path);
    close_all(p);
    return false;
}

// What there is to read, the head of it kept. False: nothing more will come.
static bool take(int fd, char *keep, size_t *n, uint64_t *total)
{
    char buf[65536];
    ssize_t got = read(fd, buf, sizeof(buf));
    if (got < 0) { return errno == EINTR || errno == EAGAIN; }
    if (got == 0) { return false; }
    size_t room = WEV_CHILD_KEEP - *n, k = (size_t)got < room ? (size_t)got : room;
    memcpy(keep + *n, buf, k);
    *n += k;
    *total += (uint64_t)got;
    return true;
}

// ---- the wait

struct watch {
    pid_t pid;
    struct pipes *p;
    struct wev_child *child;
    const struct wev_child_limits *limits;
    int64_t deadline;
    uint64_t total;
    int status;
    bool ended;
};

static void reap(struct watch *w, int flags)
{
    if (!w->ended && waitpid(w->pid, &w->status, flags) == w->pid) { w->ended = true; }
}

static void drain(struct watch *w, int timeout)
{
    struct pollfd fds[2] = {{w->p->out[0], POLLIN, 0}, {w->p->err[0], POLLIN, 0}};
    if (poll(fds, 2, timeout) <= 0) { return; }
    if (fds[0].revents && !take(fds[0].fd, w->child->out, &w->child->out_n, &w->total)) { close_one(&w->p->out[0]); }
    if (fds[1].revents && !take(fds[1].fd, w->child->err, &w->child->err_n, &w->total)) { close_one(&w->p->err[0]); }
}

// Until it ended and both pipes are empty; a grandchild that holds them does not count.
static void wait_for(struct watch *w)
{
    w->child->end = WEV_CHILD_EXIT;
    while (w->p->out[0] >= 0 || w->p->err[0] >= 0 || !w->ended) {
        bool open = w->p->out[0] >= 0 || w->p->err[0] >= 0;
        int64_t left = w->deadline - now_ms();
        if (w->total > w->limits->output) { w->child->end = WEV_CHILD_OUTPUT; }
        if (left <= 0) { w->child->end = WEV_CHILD_TIME; }
        if (w->child->end != WEV_CHILD_EXIT) { break; }
        if (w->ended) { // what is in the pipes now is all of its own
            uint64_t before = w->total;
            drain(w, 0);
            if (w->total == before) { break; }
            continue;
        }
        drain(w, open ? (left < TICK_MS ? (int)left : TICK_MS) : 1);
        reap(w, WNOHANG);
    }
    kill(-w->pid, SIGKILL);
    reap(w, 0);
}

static void conclude(struct watch *w)
{
    struct wev_child *c = w->child;
    c->out[c->out_n] = c->err[c->err_n] = 0;
    if (c->end != WEV_CHILD_EXIT) { return; }
    c->end = WIFSIGNALED(w->status) ? WEV_CHILD_SIGNAL : WEV_CHILD_EXIT;
    c->code = WIFSIGNALED(w->status) ? WTERMSIG(w->status) : WEXITSTATUS(w->status);
}

static bool started(struct pipes *p, pid_t pid, const char *name, struct wev_error *e)
{
    int why = 0;
    ssize_t n;
    close_one(&p->status[1]);
    while ((n = read(p->status[0], &why, sizeof(why))) < 0 && errno == EINTR) {}
    if (n != (ssize_t)sizeof(why)) { return true; } // exec closed it
    waitpid(pid, NULL, 0);
    errno = why;
    return fail(e, "cannot run", name);
}

bool wev_child_run(char *const *argv, const char *path, const struct wev_child_limits *limits, struct wev_child *child,
                   struct wev_error *error)
{
    char *args[ARGS_MAX + 1];
    struct pipes p;
    size_t n = 0;
    for (; argv[n] && n < ARGS_MAX; n++) { args[n] = strcmp(argv[n], "@@") ? argv[n] : (char *)(uintptr_t)path; }
    args[n] = NULL;
    *child = (struct wev_child){.end = WEV_CHILD_EXIT};
    if (!open_all(&p, path, error)) { return false; }
    pid_t pid = fork();
    if (pid == 0) { become(args, p.in, p.out[1], p.err[1], p.status[1], limits->memory); }
    bool good = pid > 0 ? true : fail(error, "cannot fork for", argv[0]);
    if (good) {
        setpgid(pid, pid); // whoever is first
        close_one(&p.out[1]);
        close_one(&p.err[1]);
        good = started(&p, pid, argv[0], error);
    }
    if (good) {
        struct watch w = {pid, &p, child, limits, now_ms() + (int64_t)limits->seconds_100 * 10, 0, 0, false};
        wait_for(&w);
        conclude(&w);
    }
    close_all(&p);
    return good;
}

// ---- orphans

void wev_child_begin(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static pid_t parent_of(const char *pid)
{
    char path[64], text[512];
    struct wev_span name = wev_span_of(pid);
    if (name.n > 20) { return 0; }
    snprintf(path, sizeof(path), "/proc/%s/stat", pid);
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
    if (f) { fclose(f); }
    text[n] = 0;
    const char *close = strrchr(text, ')'); // the name before it may hold anything
    return close && strlen(close) > 4 ? (pid_t)strtol(close + 4, NULL, 10) : 0;
}

// What left its process group came to us when its parent died.
void wev_child_finish(void)
{
    DIR *proc = opendir("/proc");
    for (const struct dirent *e; proc && (e = readdir(proc)) != NULL;) {
        if (!isdigit((unsigned char)e->d_name[0]) || parent_of(e->d_name) != getpid()) { continue; }
        kill((pid_t)strtol(e->d_name, NULL, 10), SIGKILL);
    }
    if (proc) { closedir(proc); }
    while (waitpid(-1, NULL, 0) > 0) {}
}
