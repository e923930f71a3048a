// Starts, feeds and ends the processes that write Parquet. The script that they run is inside the program.
#include "gen/dataset/writers.h"

#include "gen/dataset/work.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const char wev_parquet_script[]; // parquet.py; made by the Makefile
extern char **environ;

enum { SAID = 400, LOOK_MS = 100 };

struct child {
    pid_t pid;       // 0: not started, or gone
    int in, out;     // its standard input; its standard output and error
    char said[SAID]; // the last of what it said
    size_t n;
    bool busy;       // it has not answered yet
    char *shard;     // that it works on
};

struct wev_writers {
    const char *python, *columns;
    const atomic_int *stop;
    unsigned count, started;
    struct child child[WEV_WRITERS_MAX];
};

static bool fail(struct wev_error *e, const char *what, const char *said)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "Parquet: %.60s%s%.400s", what, said[0] ? ": " : "", said);
    return false;
}

static bool stopped(const struct wev_writers *w, struct wev_error *e)
{
    if (!w->stop || !atomic_load(w->stop)) { return false; }
    e->code = WEV_OK;
    return true;
}

static char *word(const char *text) // argv is not const; nothing writes into it
{
    union { const char *in; char *out; } w = {text};
    return w.out;
}

static bool spawn(struct wev_writers *w, struct wev_error *e)
{
    struct child *c = &w->child[w->started];
    char *arguments[] = {word(w->python), word("-c"), word(wev_parquet_script), word(w->columns), NULL};
    int in[2], out[2];
    posix_spawn_file_actions_t actions;
    if (pipe2(in, O_CLOEXEC) != 0) { return fail(e, "cannot make a pipe", strerror(errno)); }
    if (pipe2(out, O_CLOEXEC) != 0) {
        fail(e, "cannot make a pipe", strerror(errno));
        close(in[0]);
        close(in[1]);
        return false;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    *c = (struct child){.in = in[1], .out = out[0]};
    int why = posix_spawnp(&c->pid, w->python, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    if (why == 0) {
        w->started++;
        return true;
    }
    close(in[1]);
    close(out[0]);
    char text[SAID];
    snprintf(text, sizeof(text), "%.200s: %s (it is needed with the package duckdb)", w->python, strerror(why));
    return fail(e, "cannot start", text);
}

static void hear(struct child *c, const char *p, size_t n)
{
    if (n > SAID - 1) {
        p += n - (SAID - 1);
        n = SAID - 1;
    }
    size_t keep = c->n > SAID - 1 - n ? SAID - 1 - n : c->n;
    memmove(c->said, c->said + c->n - keep, keep);
    memcpy(c->said + keep, p, n);
    c->n = keep + n;
    c->said[c->n] = 0;
}

static const char *last_line(struct child *c)
{
    c->said[c->n] = 0;
    while (c->n && (c->said[c->n - 1] == '\n' || c->said[c->n - 1] == ' ')) { c->said[--c->n] = 0; }
    for (size_t k = 0; k < c->n; k++) {
        if ((unsigned char)c->said[k] < 0x20 && c->said[k] != '\n') { c->said[k] = '?'; }
    }
    char *line = strrchr(c->said, '\n');
    return line ? line + 1 : c->said;
}

// It has closed its output: it is gone, or will be at once. Whether that was to be.
static bool reap(const struct wev_writers *w, struct child *c, struct wev_error *e)
{
    int status;
    bool ended = c->in < 0; // it was told to end
    if (!ended) { close(c->in); }
    c->in = -1;
    close(c->out);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {}
    c->pid = 0;
    if (stopped(w, e)) { return false; } // a terminal's interrupt goes to both
    if (ended && !c->busy && WIFEXITED(status) && WEXITSTATUS(status) == 0) { return true; }
    char text[SAID + 64];
    if (WIFSIGNALED(status)) {
        snprintf(text, sizeof(text), "signal %d %s", WTERMSIG(status), last_line(c));
    } else {
        snprintf(text, sizeof(text), "%s", last_line(c));
    }
    return fail(e, "DuckDB did not write it", text);
}

static bool said(const struct child *c, const char *end)
{
    size_t n = strlen(end);
    return c->n >= n && memcmp(c->said + c->n - n, end, n) == 0;
}

// One has said something, or closed its output.
static bool attend_to(const struct wev_writers *w, struct child *c, struct wev_error *e)
{
    char buf[4096];
    ssize_t n = read(c->out, buf, sizeof(buf));
    if (n < 0 && errno == EINTR) { return true; }
    if (n <= 0) { return reap(w, c, e); }
    hear(c, buf, (size_t)n);
    if (!c->shard || !said(c, "done\n")) { return true; }
    unlink(c->shard);
    free(c->shard);
    c->shard = NULL;
    c->busy = false;
    return true;
}

// Until one of them has said something, at most LOOK_MS.
static bool attend(struct wev_writers *w, struct wev_error *e)
{
    struct pollfd fd[WEV_WRITERS_MAX];
    if (stopped(w, e)) { return false; }
    for (unsigned k = 0; k < w->started; k++) { fd[k] = (struct pollfd){.fd = w->child[k].pid ? w->child[k].out : -1, .events = POLLIN}; }
    if (poll(fd, w->started, LOOK_MS) <= 0) { return true; }
    for (unsigned k = 0; k < w->started; k++) {
        if (fd[k].revents && !attend_to(w, &w->child[k], e)) { return false; }
    }
    return true;
}

struct wev_writers *wev_writers_new(const char *python, const char *columns, unsigned count, const atomic_int *stop)
{
    struct wev_writers *w = calloc(1, sizeof(*w));
    if (!w) { return NULL; }
    *w = (struct wev_writers){.python = python, .columns = columns, .stop = stop};
    w->count = count < 1 ? 1 : count > WEV_WRITERS_MAX ? WEV_WRITERS_MAX : count;
    return w;
}

void wev_writers_free(struct wev_writers *w)
{
    for (unsigned k = 0; w && k < w->started; k++) {
        struct child *c = &w->child[k];
        free(c->shard);
        if (!c->pid) { continue; }
        kill(c->pid, SIGKILL);
        if (c->in >= 0) { close(c->in); }
        close(c->out);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    free(w);
}

// The version in its first line, "ready VERSION"; NULL: that has not come whole, or it says something else, such as why it ends.
static const char *greeting(const struct child *c)
{
    const char *p = strstr(c->said, "ready ");
    bool whole = p && (p == c->said || p[-1] == '\n') && strchr(p, '\n');
    return whole ? p + strlen("ready ") : NULL;
}

bool wev_writers_start(struct wev_writers *w, char version[32], struct wev_error *error)
{
    struct child *c = &w->child[0];
    const char *p;
    if (!spawn(w, error)) { return false; }
    c->busy = true; // until it has said that
    while (!(p = greeting(c))) {
        if (!attend(w, error)) { return false; }
    }
    c->busy = false;
    snprintf(version, 32, "%.*s", (int)strcspn(p, "\n"), p);
    c->n = 0;
    return true;
}

// One that has nothing to do; NULL: error.
static struct child *idle(struct wev_writers *w, struct wev_error *e)
{
    for (;;) {
        for (unsigned k = 0; k < w->started; k++) {
            if (!w->child[k].busy) { return &w->child[k]; }
        }
        if (w->started < w->count) { return spawn(w, e) ? &w->child[w->started - 1] : NULL; } // it reads when it is ready
        if (!attend(w, e)) { return NULL; }
    }
}

static bool send_line(struct child *c, const char *p, size_t n, struct wev_error *e)
{
    while (n > 0) {
        ssize_t done = write(c->in, p, n);
        if (done < 0 && errno == EINTR) { continue; }
        if (done < 0 && errno == EPIPE) { return true; } // what it says of that is heard next
        if (done < 0) { return fail(e, "cannot tell DuckDB what to write", strerror(errno)); }
        p += done;
        n -= (size_t)done;
    }
    return true;
}

bool wev_writers_give(struct wev_writers *w, const char *shard, const char *parquet, uint64_t rows, struct wev_error *error)
{
    struct wev_page line = {.n = 0};
    struct child *c = idle(w, error);
    if (!c) { return false; }
    wev_page_put(&line, "[");
    wev_page_json(&line, shard);
    wev_page_put(&line, ",");
    wev_page_json(&line, parquet);
    wev_page_put(&line, ",%llu]\n", (unsigned long long)rows);
    c->shard = line.failed ? NULL : strdup(shard);
    c->busy = true;
    bool good = c->shard ? send_line(c, line.p, line.n, error) : fail(error, "out of memory", "");
    free(line.p);
    return good;
}

bool wev_writers_end(struct wev_writers *w, struct wev_error *error)
{
    for (unsigned k = 0; k < w->started; k++) {
        struct child *c = &w->child[k];
        while (c->busy) {
            if (!attend(w, error)) { return false; }
        }
        if (c->in >= 0) { close(c->in); } // which ends it
        c->in = -1;
        while (c->pid) {
            if (!attend(w, error)) { return false; }
        }
    }
    return true;
}
