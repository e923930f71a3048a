// Parquet by DuckDB: a Python script, which is inside the program, reads the CSV tables with the columns' types.
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

enum { SAID = 400, ARGUMENTS = 6 + 3 * WEV_SPLITS, LOOK_MS = 100 };

struct child {
    pid_t pid;
    int out;         // its standard output and error
    char said[SAID]; // the last of what it said
    size_t n;
};

static bool fail(struct wev_error *e, const char *what, const char *said)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "Parquet: %.60s%s%.400s", what, said[0] ? ": " : "", said);
    return false;
}

static bool start(struct child *c, const char *python, char *const *arguments, struct wev_error *e)
{
    int ends[2];
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC) != 0) { return fail(e, "cannot make a pipe", strerror(errno)); }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    int why = posix_spawnp(&c->pid, python, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    c->out = ends[0];
    c->n = 0;
    if (why == 0) { return true; }
    close(ends[0]);
    char text[SAID];
    snprintf(text, sizeof(text), "%.200s: %s (it is needed with the package duckdb)", python, strerror(why));
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

// Until it closes its output. False: it was stopped.
static bool listen_to(struct child *c, const atomic_int *stop)
{
    char buf[4096];
    struct pollfd fd = {.fd = c->out, .events = POLLIN};
    for (;;) {
        if (stop && atomic_load(stop)) {
            kill(c->pid, SIGKILL);
            return false;
        }
        int ready = poll(&fd, 1, LOOK_MS);
        if (ready <= 0) { continue; }
        ssize_t n = read(c->out, buf, sizeof(buf));
        if (n == 0 || (n < 0 && errno != EINTR)) { return true; }
        if (n > 0) { hear(c, buf, (size_t)n); }
    }
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

static bool run(struct child *c, const struct wev_dataset *d, char *const *arguments, struct wev_error *e)
{
    int status;
    if (!start(c, d->python, arguments, e)) { return false; }
    bool whole = listen_to(c, d->stop);
    close(c->out);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {}
    if (!whole) {
        e->code = WEV_OK;
        return false;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) { return true; }
    if (d->stop && atomic_load(d->stop)) { // a terminal's interrupt goes to both
        e->code = WEV_OK;
        return false;
    }
    char text[SAID + 64];
    if (WIFSIGNALED(status)) {
        snprintf(text, sizeof(text), "signal %d %s", WTERMSIG(status), last_line(c));
    } else {
        snprintf(text, sizeof(text), "%s", last_line(c));
    }
    return fail(e, "DuckDB did not write it", text);
}

static char *word(const char *text) // argv is not const; nothing writes into it
{
    union { const char *in; char *out; } w = {text};
    return w.out;
}

bool wev_dataset_parquet_there(struct wev_dataset_work *w, struct wev_error *e)
{
    struct child c;
    char *arguments[] = {word(w->d->python), word("-c"), word(wev_parquet_script), word("check"), NULL};
    if (!run(&c, w->d, arguments, e)) { return false; }
    snprintf(w->duckdb, sizeof(w->duckdb), "%.31s", last_line(&c));
    return true;
}

static void types(const struct wev_columns *c, struct wev_page *page)
{
    for (size_t k = 0; k < c->count; k++) {
        wev_page_put(page, k ? ",[" : "[[");
        wev_page_json(page, c->column[k].name);
        wev_page_put(page, ",\"%s\"]", wev_column_names[c->column[k].type].duckdb);
    }
    wev_page_put(page, "]");
}

static bool sum_file(const char *path, struct wev_sheet *s, struct wev_error *e)
{
    enum { PIECE = 1 << 18 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *buf = fd < 0 ? NULL : malloc(PIECE);
    ssize_t n = -1;
    wev_sha256_start(&s->sha);
    while (buf && (n = read(fd, buf, PIECE)) != 0) {
        if (n < 0 && errno == EINTR) { continue; }
        if (n < 0) { break; }
        wev_sha256_add(&s->sha, buf, (size_t)n);
        s->bytes += (uint64_t)n;
    }
    if (n != 0) { fail(e, "cannot read what DuckDB wrote", strerror(errno)); }
    wev_sha256_end(&s->sha, s->sum);
    if (fd >= 0) { close(fd); }
    free(buf);
    return n == 0;
}

bool wev_dataset_parquet(struct wev_dataset_work *w, struct wev_error *e)
{
    struct child c;
    struct wev_page columns = {.n = 0};
    char path[WEV_SPLITS][2][PATH_MAX + 64], rows[WEV_SPLITS][24], threads[24], longest[24];
    char *arguments[ARGUMENTS + 1] = {word(w->d->python), word("-c"), word(wev_parquet_script), threads, longest};
    size_t n = 6, line = 0;
    types(&w->columns, &columns);
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        const struct wev_sheet *table = &w->sheet[WEV_DATA_CSV][k], *parquet = &w->sheet[WEV_DATA_PARQUET][k];
        if (!w->d->percent[k]) { continue; }
        line = table->longest > line ? table->longest : line;
        snprintf(path[k][0], sizeof(path[k][0]), "%s/%s", w->aside, table->name);
        snprintf(path[k][1], sizeof(path[k][1]), "%s/%s", w->aside, parquet->name);
        snprintf(rows[k], sizeof(rows[k]), "%llu", (unsigned long long)table->rows);
        arguments[n++] = path[k][0];
        arguments[n++] = path[k][1];
        arguments[n++] = rows[k];
    }
    snprintf(threads, sizeof(threads), "%u", w->d->threads);
    snprintf(longest, sizeof(longest), "%zu", line);
    arguments[5] = columns.p;
    bool good = columns.failed ? fail(e, "out of memory", "") : run(&c, w->d, arguments, e);
    for (unsigned k = 0; good && k < WEV_SPLITS; k++) {
        if (!w->d->percent[k]) { continue; }
        good = sum_file(path[k][1], &w->sheet[WEV_DATA_PARQUET][k], e);
        if (!w->sheet[WEV_DATA_CSV][k].kept) { unlink(path[k][0]); }
    }
    free(columns.p);
    return good;
}
