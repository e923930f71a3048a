// One process for one document: fed, bounded, and gone afterwards. Knows nothing of verdicts.
#include "corpus/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGS_MAX = 256, TICK_MS = 20 };

void wev_child_clear(struct wev_child *c)
{
    c->end = WEV_CHILD_EXIT;
    c->code = 0;
    c->note[0] = c->out[0] = c->err[0] = c->tail[0] = 0;
    c->out_n = c->err_n = c->tail_n = 0;
    c->total = 0;
}

// Of what the head has no room for the end is kept.
static void slide(struct wev_child *c, const char *p, size_t n)
{
    const size_t half = WEV_CHILD_KEEP / 2;
    while (n) {
        if (c->tail_n == WEV_CHILD_KEEP) {
            memmove(c->tail, c->tail + half, half);
            c->tail_n = half;
        }
        size_t room = WEV_CHILD_KEEP - c->tail_n, k = n < room ? n : room;
        memcpy(c->tail + c->tail_n, p, k);
        c->tail_n += k;
        p += k;
        n -= k;
    }
    c->tail[c->tail_n] = 0;
}

bool wev_child_take(struct wev_child *c, int fd, bool error)
{
    char buf[65536], *keep = error ? c->err : c->out;
    size_t *n = error ? &c->err_n : &c->out_n;
    ssize_t got = read(fd, buf, sizeof(buf));
    if (got < 0) { return errno == EINTR || errno == EAGAIN; }
    if (got == 0) { return false; }
    size_t room = WEV_CHILD_KEEP - *n, k = (size_t)got < room ? (size_t)got : room;
    memcpy(keep + *n, buf, k);
    *n += k;
    keep[*n] = 0;
    if (error) { slide(c, buf + k, (size_t)got - k); }
    c->total += (uint64_t)got;
    return true;
}

bool wev_child_stopped(const struct wev_child_limits *limits)
{
    return limits->stop && *limits->stop;
}

void wev_child_ended(struct wev_child *c, int status)
{
    c->end = WIFSIGNALED(status) ? WEV_CHILD_SIGNAL : WEV_CHILD_EXIT;
    c->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void drain(struct wev_spawn *s, struct wev_child *c, int timeout)
{
    struct pollfd fds[2] = {{s->out, POLLIN, 0}, {s->err, POLLIN, 0}};
    if (poll(fds, 2, timeout) <= 0) { return; }
    if (fds[0].revents && !wev_child_take(c, s->out, false)) { wev_spawn_close(&s->out); }
    if (fds[1].revents && !wev_child_take(c, s->err, true)) { wev_spawn_close(&s->err); }
}

// Until it ended and both pipes are empty; a grandchild that holds them does not count.
static void wait_for(struct wev_spawn *s, struct wev_child *c, const struct wev_child_limits *limits)
{
    int64_t deadline = wev_spawn_now_ms() + (int64_t)limits->seconds_100 * 10;
    while (s->out >= 0 || s->err >= 0 || !s->ended) {
        bool open = s->out >= 0 || s->err >= 0;
        int64_t left = deadline - wev_spawn_now_ms();
        if (c->total > limits->output) { c->end = WEV_CHILD_OUTPUT; }
        if (left <= 0 || wev_child_stopped(limits)) { c->end = WEV_CHILD_TIME; }
        if (c->end != WEV_CHILD_EXIT) { return; }
        if (s->ended) { // what is in the pipes now is all of its own
            uint64_t before = c->total;
            drain(s, c, 0);
            if (c->total == before) { return; }
            continue;
        }
        drain(s, c, open ? (left < TICK_MS ? (int)left : TICK_MS) : 1);
        wev_spawn_reap(s, false);
    }
}

bool wev_child_run(char *const *argv, const char *path, const struct wev_child_limits *limits, struct wev_child *child,
                   struct wev_error *e)
{
    char *args[ARGS_MAX + 1];
    struct wev_spawn s;
    size_t n = 0;
    for (; argv[n] && n < ARGS_MAX; n++) { args[n] = strcmp(argv[n], "@@") ? argv[n] : (char *)(uintptr_t)path; }
    args[n] = NULL;
    wev_child_clear(child);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        e->code = WEV_E_FILE;
        snprintf(e->text, sizeof(e->text), "cannot read %.200s: %s", path, strerror(errno));
        return false;
    }
    struct wev_spawn_how how = {file, limits->manifest, limits->folder, limits->memory, limits->file};
    bool good = wev_spawn_start(&s, args, &how, e);
    close(file);
    if (!good) { return false; }
    wait_for(&s, child, limits);
    wev_spawn_end(&s);
    if (child->end == WEV_CHILD_EXIT) { wev_child_ended(child, s.status); }
    wev_spawn_sweep();
    return true;
}
