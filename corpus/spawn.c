// Starts, kills and reaps processes, and what they leave behind. Knows nothing of documents or verdicts.
#include "corpus/spawn.h"

#include <ctype.h>
#include <dirent.h>
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

enum { FINISH_ROUNDS = 2000 }; // of a millisecond each

static const char variable[] = "WEV_MANIFEST=";

int64_t wev_spawn_now_ms(void)
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

struct birth {
    char *const *argv;
    char **env;
    int in, out, err, status;
    const struct wev_spawn_how *how;
};

static _Noreturn void become(const struct birth *b)
{
    struct rlimit none = {0, 0}, bytes = {b->how->memory, b->how->memory}, file = {b->how->file, b->how->file};
    sigset_t empty;
    sigemptyset(&empty);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, &empty, NULL);
    signal(SIGPIPE, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    if (b->how->memory) { setrlimit(RLIMIT_AS, &bytes); }
    if (b->how->file) { setrlimit(RLIMIT_FSIZE, &file); }
    bool there = !b->how->folder || chdir(b->how->folder) == 0;
    if (there && dup2(b->in, 0) >= 0 && dup2(b->out, 1) >= 0 && dup2(b->err, 2) >= 0) { execvpe(b->argv[0], b->argv, b->env); }
    int why = errno;
    if (write(b->status, &why, sizeof(why)) < 0) { _exit(126); }
    _exit(127);
}

// ---- pipes

void wev_spawn_close(int *fd)
{
    if (*fd >= 0) { close(*fd); }
    *fd = -1;
}

struct pipes {
    int in[2], out[2], err[2], status[2]; // [0] is read, [1] written
};

static void close_all(struct pipes *p)
{
    int *all[] = {p->in, p->out, p->err, p->status};
    for (size_t k = 0; k < WEV_COUNT(all); k++) {
        wev_spawn_close(&all[k][0]);
        wev_spawn_close(&all[k][1]);
    }
}

static bool open_all(struct pipes *p, int in_file)
{
    *p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    bool good = pipe2(p->out, O_CLOEXEC) == 0 && pipe2(p->err, O_CLOEXEC) == 0 && pipe2(p->status, O_CLOEXEC) == 0;
    if (in_file >= 0) {
        p->in[0] = fcntl(in_file, F_DUPFD_CLOEXEC, 3);
        good = good && p->in[0] >= 0;
    } else {
        good = good && pipe2(p->in, O_CLOEXEC) == 0;
    }
    return good;
}

static void never_block(int fd)
{
    int flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
    if (flags >= 0) { fcntl(fd, F_SETFL, flags | O_NONBLOCK); }
}

// The environment with that manifest and no other. NULL: out of memory.
static char **environment(const char *manifest, char **text)
{
    size_t n = 0, m = 0;
    while (environ[n]) { n++; }
    char **env = malloc((n + 2) * sizeof(*env));
    *text = NULL;
    if (!env || (manifest && asprintf(text, "%s%s", variable, manifest) < 0)) {
        free(env);
        return NULL;
    }
    for (size_t k = 0; k < n; k++) {
        if (strncmp(environ[k], variable, sizeof(variable) - 1) != 0) { env[m++] = environ[k]; }
    }
    if (manifest) { env[m++] = *text; }
    env[m] = NULL;
    return env;
}

// Until exec closed the pipe, or said why it could not.
static bool started(struct pipes *p, pid_t pid, const char *name, struct wev_error *e)
{
    int why = 0;
    ssize_t n;
    wev_spawn_close(&p->status[1]);
    while ((n = read(p->status[0], &why, sizeof(why))) < 0 && errno == EINTR) {}
    if (n != (ssize_t)sizeof(why)) { return true; }
    waitpid(pid, NULL, 0);
    errno = why;
    return fail(e, "cannot run", name);
}

static int take(int *fd)
{
    int was = *fd;
    *fd = -1;
    never_block(was);
    return was;
}

bool wev_spawn_start(struct wev_spawn *s, char *const *argv, const struct wev_spawn_how *how, struct wev_error *e)
{
    struct pipes p;
    char *text;
    char **env = environment(how->manifest, &text);
    *s = (struct wev_spawn){.in = -1, .out = -1, .err = -1};
    bool good = open_all(&p, how->in_file) && env;
    pid_t pid = -1;
    if (!good) {
        fail(e, "no pipe for", argv[0]);
    } else {
        struct birth birth = {argv, env, p.in[0], p.out[1], p.err[1], p.status[1], how};
        pid = fork();
        if (pid == 0) { become(&birth); }
        good = pid > 0 || fail(e, "cannot fork for", argv[0]);
    }
    if (good) {
        setpgid(pid, pid); // whoever is first
        good = started(&p, pid, argv[0], e);
    }
    if (good) { *s = (struct wev_spawn){pid, take(&p.in[1]), take(&p.out[0]), take(&p.err[0]), false, 0}; }
    close_all(&p);
    free(env);
    free(text);
    return good;
}

void wev_spawn_reap(struct wev_spawn *s, bool wait)
{
    pid_t got = 0;
    while (s->pid > 0 && !s->ended && (got = waitpid(s->pid, &s->status, wait ? 0 : WNOHANG)) < 0 && errno == EINTR) {}
    if (got != 0) { s->ended = true; }
}

void wev_spawn_end(struct wev_spawn *s)
{
    if (s->pid <= 0) { return; }
    kill(-s->pid, SIGKILL);
    if (!s->ended) { kill(s->pid, SIGKILL); } // should it have changed its group
    wev_spawn_reap(s, true);
    wev_spawn_close(&s->in);
    wev_spawn_close(&s->out);
    wev_spawn_close(&s->err);
    s->pid = 0;
}

// ---- orphans

void wev_spawn_begin(void)
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

// In the group of another child of ours, which ends with that.
static bool is_at_work(pid_t orphan)
{
    char leader[24];
    pid_t group = getpgid(orphan);
    if (group <= 0 || group == orphan) { return false; }
    snprintf(leader, sizeof(leader), "%ld", (long)group);
    return parent_of(leader) == getpid();
}

// Workers start children from threads of their own: what the first thread has for children, it inherited.
void wev_spawn_sweep(void)
{
    char path[64], text[4096];
    pid_t self = getpid();
    if (gettid() == self) { return; }
    snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)self);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
    wev_spawn_close(&fd);
    if (n <= 0) { return; }
    text[n] = 0;
    char *p = text, *end;
    for (long pid; (pid = strtol(p, &end, 10)) > 0 && *end == ' '; p = end) { // a number that was cut has no blank
        if (!is_at_work((pid_t)pid)) { kill((pid_t)pid, SIGKILL); }
        waitpid((pid_t)pid, NULL, WNOHANG);
    }
}

// What left its process group came to us when its parent died, and its own children come when we kill it: again, until
// there are none. Bounded, should some be faster than we are.
void wev_spawn_finish(void)
{
    const struct timespec nap = {0, 1000000};
    pid_t got = 0;
    for (int round = 0; round < FINISH_ROUNDS; round++) {
        while ((got = waitpid(-1, NULL, WNOHANG)) > 0) {}
        if (got < 0) { return; } // no children
        DIR *proc = opendir("/proc");
        for (const struct dirent *e; proc && (e = readdir(proc)) != NULL;) {
            if (!isdigit((unsigned char)e->d_name[0]) || parent_of(e->d_name) != getpid()) { continue; }
            kill((pid_t)strtol(e->d_name, NULL, 10), SIGKILL);
        }
        if (proc) { closedir(proc); }
        nanosleep(&nap, NULL);
    }
}
