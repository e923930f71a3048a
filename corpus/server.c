// Asks a parser that stays about one document after another. Knows the frames and the answers, no verdicts.
#include "corpus/server.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { TICK_MS = 20, LAST_WORDS_MS = 200, STOP_MS = 100 };

static void wrong(struct wev_child *c, const char *note)
{
    c->end = WEV_CHILD_WRONG;
    snprintf(c->note, sizeof(c->note), "%s", note);
}

static void more(struct wev_child *c)
{
    wrong(c, "said more than one line");
    c->end = WEV_CHILD_MORE;
}

// ---- the start

static bool start(struct wev_server *s, const char *manifest, struct wev_error *e)
{
    struct wev_spawn_how how = {-1, manifest, s->limits->folder, s->limits->memory, s->limits->file};
    free(s->manifest);
    s->manifest = manifest ? strdup(manifest) : NULL;
    s->answered = 0;
    if (!manifest || s->manifest) { return wev_spawn_start(&s->process, s->argv, &how, e); }
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "out of memory");
    return false;
}

bool wev_server_suits(const struct wev_server *s, const char *manifest)
{
    bool same = manifest && s->manifest ? !strcmp(manifest, s->manifest) : manifest == s->manifest;
    return !s->process.pid || same;
}

void wev_server_kill(struct wev_server *s)
{
    wev_spawn_end(&s->process);
    wev_spawn_sweep();
    free(s->manifest);
    s->manifest = NULL;
}

// ---- one document

struct frame {
    char head[24];
    struct iovec part[2];
    size_t left;
};

static void pack(struct frame *f, struct wev_span document)
{
    int n = snprintf(f->head, sizeof(f->head), "%zu\n", document.n);
    f->part[0] = (struct iovec){f->head, (size_t)n};
    f->part[1] = (struct iovec){(char *)(uintptr_t)document.p, document.n};
    f->left = (size_t)n + document.n;
}

// As much as the pipe takes. False: it is closed on the other side.
static bool push(struct wev_server *s, struct frame *f)
{
    ssize_t n = writev(s->process.in, f->part, 2);
    if (n < 0) { return errno == EINTR || errno == EAGAIN; }
    f->left -= (size_t)n;
    for (size_t k = 0; k < 2; k++) {
        size_t done = (size_t)n < f->part[k].iov_len ? (size_t)n : f->part[k].iov_len;
        f->part[k].iov_base = (char *)f->part[k].iov_base + done;
        f->part[k].iov_len -= done;
        n -= (ssize_t)done;
    }
    return true;
}

// Reads what is there. False: its output is closed.
static bool pull(struct wev_server *s, struct wev_child *c, short out, short err)
{
    if (err && s->process.err >= 0 && !wev_child_take(c, s->process.err, true)) { wev_spawn_close(&s->process.err); }
    return !out || wev_child_take(c, s->process.out, false);
}

// It closed its output in the middle: how did it end? The last words of its error output are waited for.
static void perish(struct wev_server *s, struct wev_child *c)
{
    int64_t deadline = wev_spawn_now_ms() + LAST_WORDS_MS;
    while (!s->process.ended && wev_spawn_now_ms() < deadline) {
        struct pollfd fd = {s->process.err, POLLIN, 0};
        if (poll(&fd, 1, 1) > 0) { pull(s, c, 0, fd.revents); }
        wev_spawn_reap(&s->process, false);
    }
    for (uint64_t before = c->total + 1; s->process.err >= 0 && before != c->total;) {
        before = c->total;
        pull(s, c, 0, POLLIN);
    }
    bool ended = s->process.ended;
    wev_server_kill(s);
    if (!ended) {
        wrong(c, "closed its output and did not end");
        return;
    }
    wev_child_ended(c, s->process.status);
    if (c->end == WEV_CHILD_EXIT) {
        c->end = WEV_CHILD_WRONG;
        snprintf(c->note, sizeof(c->note), "ended with exit status %d instead of an answer", c->code);
    }
}

static bool is_word(const char *line, const char *word)
{
    size_t n = strlen(word);
    return !strncmp(line, word, n) && (!line[n] || line[n] == ' ' || line[n] == '\t');
}

static bool is_object(const char *line)
{
    json_t *value = line[0] == '{' ? json_loads(line, JSON_ALLOW_NUL, NULL) : NULL;
    bool is = json_is_object(value);
    json_decref(value);
    return is;
}

// The line in c->out. False: it is no answer, and the process cannot be trusted any more.
static bool read_answer(struct wev_child *c)
{
    char *end = memchr(c->out, '\n', c->out_n);
    bool others = end && end + 1 != c->out + c->out_n;
    if (end) { *end = 0; }
    if (end && end > c->out && end[-1] == '\r') { end[-1] = 0; }
    if (others) { return more(c), false; }
    if (is_word(c->out, "accept") || is_object(c->out)) {
        c->end = WEV_CHILD_ACCEPT;
    } else if (is_word(c->out, "reject")) {
        c->end = WEV_CHILD_REJECT;
    } else if (is_word(c->out, "crash")) {
        wrong(c, "says itself that it crashed");
    } else {
        return wrong(c, "its line is not accept, reject, crash or a JSON object"), false;
    }
    return true;
}

static enum wev_ask give_up(struct wev_server *s, struct wev_child *c, enum wev_child_end end)
{
    c->end = (uint8_t)end;
    wev_server_kill(s);
    return WEV_ASK_ANSWERED;
}

static enum wev_ask converse(struct wev_server *s, struct frame *f, struct wev_child *c)
{
    int64_t deadline = wev_spawn_now_ms() + (int64_t)s->limits->seconds_100 * 10;
    bool open = push(s, f);
    for (;;) {
        struct pollfd fds[3] = {{s->process.out, POLLIN, 0}, {s->process.err, POLLIN, 0}, {open && f->left ? s->process.in : -1, POLLOUT, 0}};
        int64_t left = deadline - wev_spawn_now_ms();
        bool line = memchr(c->out, '\n', c->out_n) != NULL;
        if (line && (!f->left || !open)) { break; }
        if (left <= 0 || wev_child_stopped(s->limits)) { return give_up(s, c, WEV_CHILD_TIME); }
        if (c->total > s->limits->output || (!line && c->out_n == WEV_CHILD_KEEP)) { return give_up(s, c, WEV_CHILD_OUTPUT); }
        if (poll(fds, 3, left < STOP_MS ? (int)left : STOP_MS) < 0 && errno != EINTR) { return give_up(s, c, WEV_CHILD_TIME); }
        if (!pull(s, c, fds[0].revents, fds[1].revents)) {
            perish(s, c);
            return WEV_ASK_ANSWERED;
        }
        if (fds[2].revents) { open = push(s, f); }
    }
    if (!read_answer(c)) { wev_server_kill(s); }
    s->answered++;
    return WEV_ASK_ANSWERED;
}

enum wev_ask wev_server_ask(struct wev_server *s, struct wev_span document, const char *manifest, struct wev_child *c, struct wev_error *e)
{
    struct frame f;
    assert(wev_server_suits(s, manifest));
    wev_child_clear(c);
    if (!s->process.pid && !start(s, manifest, e)) { return WEV_ASK_FAILED; }
    struct pollfd idle[2] = {{s->process.out, POLLIN, 0}, {s->process.err, POLLIN, 0}};
    if (s->answered && poll(idle, 2, 0) > 0) {
        if (!pull(s, c, idle[0].revents, idle[1].revents)) {
            perish(s, c);
            return WEV_ASK_STALE;
        }
        if (c->out_n) {
            wev_server_kill(s);
            more(c);
            return WEV_ASK_STALE;
        }
    }
    pack(&f, document);
    return converse(s, &f, c);
}

bool wev_server_stop(struct wev_server *s, struct wev_child *c)
{
    int64_t deadline = wev_spawn_now_ms() + (int64_t)s->limits->seconds_100 * 10;
    wev_child_clear(c);
    if (!s->process.pid) { return true; }
    wev_spawn_close(&s->process.in);
    while (!s->process.ended && c->total <= s->limits->output && wev_spawn_now_ms() < deadline && !wev_child_stopped(s->limits)) {
        struct pollfd fds[2] = {{s->process.out, POLLIN, 0}, {s->process.err, POLLIN, 0}};
        bool open = s->process.out >= 0 || s->process.err >= 0;
        int ready = poll(fds, 2, open ? TICK_MS : 1);
        if (ready > 0 && !pull(s, c, fds[0].revents, fds[1].revents)) { wev_spawn_close(&s->process.out); }
        wev_spawn_reap(&s->process, false);
    }
    for (uint64_t before = c->total + 1; before != c->total;) { // what it left in the pipes
        before = c->total;
        if (!pull(s, c, s->process.out >= 0 ? POLLIN : 0, POLLIN)) { wev_spawn_close(&s->process.out); }
    }
    bool ended = s->process.ended;
    wev_server_kill(s);
    if (c->out_n) { return more(c), false; }
    if (ended) { wev_child_ended(c, s->process.status); }
    return c->end == WEV_CHILD_EXIT;
}
