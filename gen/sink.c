// Writes whole buffers; a file appears under its name only when all of it is there.
#include "gen/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct wev_error *e, const char *path, const char *what)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.300s: %s: %s", path, what, strerror(errno));
    return false;
}

static bool open_dir(struct wev_sink *s, struct wev_error *error)
{
    if (mkdir(s->path, 0777) != 0 && errno != EEXIST) { return fail(error, s->path, "cannot make folder"); }
    s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return s->dir >= 0 || fail(error, s->path, "cannot open folder");
}

bool wev_sink_open(struct wev_sink *s, const char *path, struct wev_error *error)
{
    size_t n = strlen(path);
    struct stat st;
    *s = (struct wev_sink){.fd = -1, .dir = -1};
    if (n == 0 || n >= sizeof(s->path) - 16) {
        errno = n ? ENAMETOOLONG : ENOENT;
        return fail(error, path, "cannot open");
    }
    memcpy(s->path, path, n + 1);
    if (!strcmp(path, "-")) {
        s->fd = STDOUT_FILENO;
        return true;
    }
    if (path[n - 1] == '/') { return open_dir(s, error); }
    // what the system keeps a name for, such as /dev/stderr, is written as it is; so is a device or a pipe
    bool kept = !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6);
    bool there = stat(path, &st) == 0;
    if (there && (kept || !S_ISREG(st.st_mode))) {
        s->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        return s->fd >= 0 || fail(error, path, "cannot open");
    }
    // a link stays one: what it leads to is replaced
    char *real = there ? realpath(path, NULL) : NULL;
    bool fits = !real || strlen(real) < sizeof(s->path) - 16;
    if (real && fits) { memcpy(s->path, real, strlen(real) + 1); }
    free(real);
    if (!fits) {
        errno = ENAMETOOLONG;
        return fail(error, path, "cannot open");
    }
    snprintf(s->aside, sizeof(s->aside), "%s.%ld.part", s->path, (long)getpid());
    s->fd = open(s->aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (s->fd >= 0) { return true; }
    s->aside[0] = 0;
    return fail(error, path, "cannot write");
}

static bool write_all(struct wev_sink *s, int fd, const char *name, struct wev_span b, struct wev_error *error)
{
    while (b.n > 0) {
        ssize_t k = write(fd, b.p, b.n);
        if (k < 0 && errno == EINTR) { continue; }
        if (k < 0 && errno == EPIPE) {
            s->closed_pipe = true;
            return true;
        }
        if (k < 0) { return fail(error, name, "cannot write"); }
        b.p += k;
        b.n -= (size_t)k;
        s->bytes += (uint64_t)k;
    }
    return true;
}

bool wev_sink_write(struct wev_sink *s, struct wev_span bytes, struct wev_error *error)
{
    return s->closed_pipe || write_all(s, s->fd, s->path, bytes, error);
}

bool wev_sink_file(struct wev_sink *s, const char *name, struct wev_span bytes, struct wev_error *error)
{
    char aside[128];
    snprintf(aside, sizeof(aside), "%s.part", name);
    int fd = openat(s->dir, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) { return fail(error, s->path, "cannot write into folder"); }
    bool good = write_all(s, fd, s->path, bytes, error);
    if (close(fd) != 0 && good) { good = fail(error, s->path, "cannot write into folder"); }
    if (good && renameat(s->dir, aside, s->dir, name) != 0) { good = fail(error, s->path, "cannot rename into folder"); }
    if (!good) { unlinkat(s->dir, aside, 0); }
    return good;
}

bool wev_sink_close(struct wev_sink *s, struct wev_error *error)
{
    bool good = true;
    if (s->fd > STDOUT_FILENO && close(s->fd) != 0) { good = fail(error, s->path, "cannot write"); }
    s->fd = -1;
    if (s->dir >= 0) { close(s->dir); }
    s->dir = -1;
    if (good && s->aside[0] && rename(s->aside, s->path) != 0) { good = fail(error, s->path, "cannot rename into place"); }
    if (good) { s->aside[0] = 0; }
    return good;
}

bool wev_sink_whole(const char *path, struct wev_span bytes, struct wev_error *error)
{
    struct wev_sink s;
    if (!wev_sink_open(&s, path, error)) { return false; }
    bool good = wev_sink_write(&s, bytes, error) && wev_sink_close(&s, error);
    if (!good) { wev_sink_drop(&s); }
    return good;
}

void wev_sink_drop(struct wev_sink *s)
{
    if (s->fd > STDOUT_FILENO) { close(s->fd); }
    if (s->dir >= 0) { close(s->dir); }
    if (s->aside[0]) { unlink(s->aside); }
    s->fd = s->dir = -1;
    s->aside[0] = 0;
}
