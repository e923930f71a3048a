// Opens a store: its lock, what a killed writer left, the names that it holds.
#include "corpus/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mark[] = "wevcorpus store 1\n";

static bool refuse(const struct wev_store *s, const char *what, struct wev_error *e)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.300s: %s", s->path, what);
    return false;
}

// Calls `each` with the names in a folder below dir but . and ..; false: errno, or what `each` said.
static bool list(int dir, const char *folder, bool (*each)(struct wev_store *s, int at, const char *folder, const char *name),
                 struct wev_store *s)
{
    int fd = openat(dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    bool good = d != NULL;
    if (!d && fd >= 0) { close(fd); }
    errno = d ? 0 : errno;
    for (const struct dirent *f; good && (f = readdir(d)) != NULL;) {
        if (!strcmp(f->d_name, ".") || !strcmp(f->d_name, "..")) { continue; }
        good = each(s, dirfd(d), folder, f->d_name);
    }
    int why = errno;
    if (d) { closedir(d); }
    errno = why;
    return good;
}

// ---- the lock

static bool stop_at_first(struct wev_store *s, int at, const char *folder, const char *name)
{
    (void)s, (void)at, (void)folder, (void)name;
    errno = ENOTEMPTY;
    return false;
}

static bool open_lock(struct wev_store *s, enum wev_store_mode mode, struct wev_error *e)
{
    int flags = mode == WEV_STORE_READ ? O_RDONLY : O_RDWR;
    s->lock = openat(s->dir, "store", flags | O_CLOEXEC | O_NOFOLLOW);
    if (s->lock < 0 && errno == ENOENT) {
        if (mode != WEV_STORE_CREATE) { return refuse(s, "not a store: it has no file \"store\"", e); }
        bool empty = list(s->dir, ".", stop_at_first, s);
        int why = errno;
        s->lock = empty ? -1 : openat(s->dir, "store", O_RDWR | O_CLOEXEC | O_NOFOLLOW); // another one made it meanwhile
        errno = why;
        if (s->lock >= 0) { return true; }
        if (!empty) {
            return errno == ENOTEMPTY ? refuse(s, "neither empty nor a store (it has no file \"store\"): nothing is written into it", e)
                                      : wev_store_fail(s, "cannot be read", NULL, e);
        }
        s->lock = openat(s->dir, "store", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    }
    return s->lock >= 0 || wev_store_fail(s, "cannot open", "store", e);
}

static bool take_lock(struct wev_store *s, bool wait, struct wev_error *e)
{
    while (flock(s->lock, LOCK_EX | (wait ? 0 : LOCK_NB)) != 0) {
        if (errno == EINTR) { continue; }
        s->busy = errno == EWOULDBLOCK;
        return s->busy ? refuse(s, "another writer is at work", e) : wev_store_fail(s, "cannot lock", "store", e);
    }
    return true;
}

// The mark of a store; one that was cut short while it was made is made whole.
static bool check_mark(struct wev_store *s, struct wev_error *e)
{
    char is[sizeof(mark)];
    ssize_t n = pread(s->lock, is, sizeof(is), 0);
    if (n < 0) { return wev_store_fail(s, "cannot read", "store", e); }
    if ((size_t)n == sizeof(mark) - 1 && memcmp(is, mark, sizeof(mark) - 1) == 0) { return true; }
    if ((size_t)n >= sizeof(mark) - 1 || memcmp(is, mark, (size_t)n) != 0) {
        return refuse(s, "its file \"store\" is not that of a store that this version knows", e);
    }
    if (!s->writes) { return true; }
    return pwrite(s->lock, mark, sizeof(mark) - 1, 0) == (ssize_t)sizeof(mark) - 1 || wev_store_fail(s, "cannot write", "store", e);
}

// ---- what a killed writer left

static bool remove_aside(struct wev_store *s, int at, const char *folder, const char *name)
{
    (void)s, (void)folder;
    return unlinkat(at, name, 0) == 0;
}

static bool sweep_object(struct wev_store *s, int at, const char *folder, const char *name)
{
    struct wev_name n;
    unsigned turn;
    char file[300];
    int k = snprintf(file, sizeof(file), "objects/%s/%s", folder, name);
    if (k < 0 || !wev_index_name((struct wev_span){file, (size_t)k}, &n, &turn)) { return true; } // not ours: verify names it
    if (wev_names_has(&s->names, wev_index_key(n, turn))) { return true; }
    s->swept++;
    return unlinkat(at, name, 0) == 0;
}

static bool sweep_folder(struct wev_store *s, int at, const char *folder, const char *name)
{
    struct stat st;
    (void)folder;
    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) != 0) { return false; }
    return !S_ISDIR(st.st_mode) || list(at, name, sweep_object, s);
}

// ---- the index

static bool cut(struct wev_store *s, uint64_t at, uint64_t bytes, struct wev_error *e)
{
    s->torn = bytes;
    return ftruncate(s->index, (off_t)at) == 0 || wev_store_fail(s, "cannot cut the torn last line off", "index.jsonl", e);
}

static bool take_line(struct wev_store *s, const struct wev_index *x, struct wev_span line, struct wev_error *e)
{
    struct wev_span file;
    struct wev_name name;
    unsigned turn;
    bool fresh = false;
    if (!wev_index_check(line, &file) || !wev_index_name(file, &name, &turn)) { return wev_store_bad_line(s, x->lines, line, e); }
    if (!wev_names_add(&s->names, wev_index_key(name, turn), &fresh)) {
        errno = ENOMEM;
        return wev_store_fail(s, "no room for names", NULL, e);
    }
    s->index_size += line.n + 1;
    s->count++;
    return true;
}

// Loads the names. Behind a killed writer the last batch may be torn: no line end, or, after a power cut, zeros where
// bytes did not reach the disk. Neither was acknowledged. Any other line that is wrong is an error and stays.
static bool load(struct wev_store *s, struct wev_error *e)
{
    struct wev_index x;
    struct wev_span line;
    int got = 0;
    bool good = wev_index_open(&x, s->index), zeros = false;
    uint64_t end = 0;
    while (good && (got = wev_index_next(&x, &line)) > 0) {
        zeros = s->was_stopped && memchr(line.p, 0, line.n);
        if (zeros) { break; }
        good = take_line(s, &x, line, e);
    }
    if (good && got < 0) { good = wev_store_fail(s, "cannot read", "index.jsonl", e); }
    if (!good && !x.buf) { wev_store_fail(s, "cannot read", "index.jsonl", e); }
    uint64_t torn = x.torn;
    wev_index_close(&x);
    if (good && (torn || zeros)) {
        struct stat st;
        good = fstat(s->index, &st) == 0 || wev_store_fail(s, "cannot read", "index.jsonl", e);
        end = good ? (uint64_t)st.st_size : 0;
        good = good && cut(s, s->index_size, end - s->index_size, e);
    }
    return good;
}

// An index is made only where there are no documents: without theirs, all would be swept.
static bool open_index(struct wev_store *s, struct wev_error *e)
{
    int flags = (s->writes ? O_RDWR | O_APPEND : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW;
    s->index = openat(s->dir, "index.jsonl", flags);
    if (s->index < 0 && errno == ENOENT && s->writes) {
        if (!list(s->dir, "objects", stop_at_first, s) && errno != ENOENT) {
            return errno == ENOTEMPTY ? refuse(s, "index.jsonl is missing, and there are documents", e) : wev_store_fail(s, "cannot read", "objects", e);
        }
        s->index = openat(s->dir, "index.jsonl", flags | O_CREAT, 0666);
    }
    return s->index >= 0 || wev_store_fail(s, "cannot open", "index.jsonl", e);
}

static bool make_objects(struct wev_store *s, struct wev_error *e)
{
    return mkdirat(s->dir, "objects", 0777) == 0 || errno == EEXIST || wev_store_fail(s, "cannot make", "objects", e);
}

// ---- all of it

// aside/ is made first and removed last: as long as it is there, a killed writer may have left something.
static bool open_aside(struct wev_store *s, struct wev_error *e)
{
    bool made = mkdirat(s->dir, "aside", 0777) == 0;
    if (!made && errno != EEXIST) { return wev_store_fail(s, "cannot make", "aside", e); }
    s->was_stopped = !made;
    if (s->was_stopped && !list(s->dir, "aside", remove_aside, s)) { return wev_store_fail(s, "cannot empty", "aside", e); }
    s->aside = openat(s->dir, "aside", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return s->aside >= 0 || wev_store_fail(s, "cannot open", "aside", e);
}

static bool open_to_write(struct wev_store *s, struct wev_error *e)
{
    s->batch = !s->batch ? WEV_STORE_BATCH : s->batch > WEV_STORE_BATCH_MAX ? WEV_STORE_BATCH_MAX : s->batch;
    s->hash = s->hash ? s->hash : wev_store_hash;
    s->pending = calloc(s->batch, sizeof(*s->pending));
    s->buckets = calloc(WEV_STORE_BUCKETS, sizeof(*s->buckets));
    if (!s->pending || !s->buckets) { return refuse(s, "out of memory", e); }
    if (!open_aside(s, e) || !open_index(s, e) || !make_objects(s, e) || !load(s, e)) {
        s->untidy = s->was_stopped;
        return false;
    }
    if (!s->was_stopped || list(s->dir, "objects", sweep_folder, s)) { return true; }
    s->untidy = true;
    return wev_store_fail(s, "cannot remove what a stopped writer left", "objects", e);
}

bool wev_store_open(struct wev_store *s, const char *path, enum wev_store_mode mode, bool wait, struct wev_error *e)
{
    size_t n = strlen(path);
    s->dir = s->lock = s->index = s->aside = -1;
    s->writes = mode != WEV_STORE_READ;
    s->busy = s->untidy = false;
    memcpy(s->path, path, n < sizeof(s->path) ? n + 1 : 0);
    while (n > 1 && n < sizeof(s->path) && s->path[n - 1] == '/') { s->path[--n] = 0; }
    if (n == 0 || n >= sizeof(s->path)) {
        errno = n ? ENAMETOOLONG : ENOENT;
        return wev_store_fail(s, "cannot open", NULL, e);
    }
    if (mode == WEV_STORE_CREATE && mkdir(s->path, 0777) != 0 && errno != EEXIST) { return wev_store_fail(s, "cannot make folder", NULL, e); }
    s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->dir < 0) { return wev_store_fail(s, "cannot open", NULL, e); }
    bool good = open_lock(s, mode, e) && (!s->writes || take_lock(s, wait, e)) && check_mark(s, e) &&
                (s->writes ? open_to_write(s, e) : open_index(s, e));
    if (!good) { wev_store_drop(s); }
    return good;
}
