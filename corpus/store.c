// Puts documents into a store, batch by batch, and drops them. Knows no verdicts and prints nothing.
#include "corpus/store.h"

#include "gen/choice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH_BYTES = 64 << 20, BUCKETS = WEV_STORE_BUCKETS, TURNS = 255 };

bool wev_store_fail(const struct wev_store *s, const char *what, const char *name, struct wev_error *e)
{
    int why = errno;
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.200s%s%.100s: %s: %s", s->path, name ? "/" : "", name ? name : "", what, strerror(why));
    return false;
}

struct wev_name wev_store_hash(struct wev_span bytes)
{
    XXH128_hash_t h = XXH3_128bits(bytes.p, bytes.n);
    return (struct wev_name){h.high64, h.low64};
}

bool wev_store_bad_line(const struct wev_store *s, uint64_t number, struct wev_span line, struct wev_error *e)
{
    char why[200];
    wev_index_why(line, why);
    e->code = WEV_E_SYNTAX;
    snprintf(e->text, sizeof(e->text), "%.200s/index.jsonl:%llu: %s", s->path, (unsigned long long)number, why);
    return false;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR) { continue; }
        if (k <= 0) {
            if (k == 0) { errno = ENOSPC; }
            return false;
        }
        p += k;
        n -= (size_t)k;
    }
    return true;
}

// ---- reading a document

static bool read_file(int dir, const char *name, struct wev_line *into)
{
    struct stat st;
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    into->n = 0;
    if (good && (!S_ISREG(st.st_mode) || st.st_size > WEV_STORE_DOCUMENT_MAX)) {
        errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
        good = false;
    }
    if (good && !wev_line_room(into, (size_t)st.st_size + 1)) {
        errno = ENOMEM;
        good = false;
    }
    while (good) { // to the end, not to the size: it may have changed
        ssize_t k = into->n < into->cap ? read(fd, into->p + into->n, into->cap - into->n) : 0;
        if (k == 0) { break; }
        if (k < 0 && errno != EINTR) { good = false; }
        if (k > 0) { into->n += (size_t)k; }
    }
    int why = errno;
    if (fd >= 0) { close(fd); }
    errno = why;
    return good;
}

bool wev_store_read(const struct wev_store *s, const char *file, struct wev_line *into, struct wev_error *e)
{
    return read_file(s->dir, file, into) || wev_store_fail(s, "cannot read", file, e);
}

bool wev_store_each(const struct wev_store *s, bool (*each)(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e),
                    void *context, struct wev_error *e)
{
    struct wev_index x;
    struct wev_span line, file;
    struct wev_row row;
    char why[200];
    int got = 0;
    bool good = wev_index_open(&x, s->index) || wev_store_fail(s, "cannot read", "index.jsonl", e);
    while (good && (got = wev_index_next(&x, &line)) > 0) {
        json_t *root = wev_index_check(line, &file) ? wev_index_parse(line, &row, why) : NULL;
        good = root ? each(context, &row, line, e) : wev_store_bad_line(s, x.lines, line, e);
        json_decref(root);
    }
    if (good && got < 0) { good = wev_store_fail(s, "cannot read", "index.jsonl", e); }
    wev_index_close(&x);
    return good;
}

// ---- the batch

static void aside_name(size_t k, char out[24])
{
    snprintf(out, 24, "%06zu", k);
}

static const struct wev_pending *find_pending(const struct wev_store *s, struct wev_name name, unsigned turn, size_t *place)
{
    struct wev_name key = wev_index_key(name, turn);
    size_t k = (size_t)key.low & (BUCKETS - 1);
    for (; s->buckets[k]; k = (k + 1) & (BUCKETS - 1)) {
        const struct wev_pending *p = &s->pending[s->buckets[k] - 1];
        if (p->turn == turn && p->name.high == name.high && p->name.low == name.low) { break; }
    }
    *place = k;
    return s->buckets[k] ? &s->pending[s->buckets[k] - 1] : NULL;
}

static void forget_batch(struct wev_store *s)
{
    if (s->buckets) { memset(s->buckets, 0, BUCKETS * sizeof(*s->buckets)); }
    s->pending_n = s->batch_bytes = 0;
    s->lines.n = 0;
}

// Takes away what a batch that failed has left, so that a full disk has room again. What cannot be removed, the next
// writer removes: aside/ stays then.
static void give_up(struct wev_store *s)
{
    for (size_t k = 0; k < s->pending_n; k++) {
        char aside[24], file[WEV_INDEX_FILE_MAX];
        aside_name(k, aside);
        wev_index_file(s->pending[k].name, s->pending[k].turn, file);
        if (unlinkat(s->aside, aside, 0) == 0 || s->untidy) { continue; }
        s->untidy = unlinkat(s->dir, file, 0) != 0 && errno != ENOENT;
    }
    forget_batch(s);
}

// Is the document under this name, in the store or in the batch, these bytes? 1 yes, 0 no, -1 error.
static int same(struct wev_store *s, const struct wev_pending *pending, const char *file, struct wev_span bytes, struct wev_error *e)
{
    char aside[24];
    if (pending) { aside_name((size_t)(pending - s->pending), aside); }
    if (!read_file(pending ? s->aside : s->dir, pending ? aside : file, &s->old)) {
        wev_store_fail(s, "a document with the same hash cannot be read", file, e);
        return -1;
    }
    if (s->old.n == bytes.n && (!bytes.n || memcmp(s->old.p, bytes.p, bytes.n) == 0)) { return 1; }
    struct wev_name is = s->hash((struct wev_span){s->old.p, s->old.n}), wanted = s->hash(bytes);
    if (is.high == wanted.high && is.low == wanted.low) { return 0; } // two documents with one hash
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.200s/%s: its bytes are not those of its name: verify says more", s->path, file);
    return -1;
}

static bool write_aside(struct wev_store *s, struct wev_span bytes, struct wev_error *e)
{
    char aside[24];
    aside_name(s->pending_n, aside);
    int fd = openat(s->aside, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) { return wev_store_fail(s, "cannot write", "aside", e); }
    bool good = write_all(fd, bytes.p, bytes.n) || wev_store_fail(s, "cannot write", "aside", e);
    if (close(fd) != 0 && good) { good = wev_store_fail(s, "cannot write", "aside", e); }
    if (!good) { unlinkat(s->aside, aside, 0); }
    return good;
}

static bool add_pending(struct wev_store *s, struct wev_name name, unsigned turn, size_t place, struct wev_span bytes, struct wev_error *e)
{
    if (!write_aside(s, bytes, e)) { return false; }
    s->pending[s->pending_n] = (struct wev_pending){name, turn};
    s->buckets[place] = (uint16_t)++s->pending_n;
    s->batch_bytes += bytes.n;
    return true;
}

static bool put(struct wev_store *s, struct wev_span bytes, struct wev_row *row, char *file, bool *fresh, struct wev_error *e)
{
    struct wev_name name = s->hash(bytes);
    for (unsigned turn = 0; turn <= TURNS; turn++) {
        size_t place;
        const struct wev_pending *p = find_pending(s, name, turn, &place);
        wev_index_file(name, turn, file);
        row->file = wev_span_of(file);
        row->size = bytes.n;
        *fresh = !p && !wev_names_has(&s->names, wev_index_key(name, turn));
        if (*fresh) {
            if (!add_pending(s, name, turn, place, bytes, e)) { return false; }
            wev_index_write(&s->lines, row);
            return true;
        }
        int is = same(s, p, file, bytes, e);
        if (is) { return is > 0; }
    }
    e->code = WEV_E_LIMIT;
    snprintf(e->text, sizeof(e->text), "%.200s/%s: %d documents have one hash", s->path, file, TURNS + 1);
    return false;
}

bool wev_store_full(const struct wev_store *s)
{
    return s->pending_n >= s->batch || s->batch_bytes >= BATCH_BYTES;
}

bool wev_store_put(struct wev_store *s, struct wev_span bytes, struct wev_row *row, char file[WEV_INDEX_FILE_MAX], bool *fresh,
                   struct wev_error *e)
{
    if (bytes.n > WEV_STORE_DOCUMENT_MAX) {
        e->code = WEV_E_LIMIT;
        snprintf(e->text, sizeof(e->text), "a document of %zu bytes: a store takes %d", bytes.n, WEV_STORE_DOCUMENT_MAX);
        give_up(s);
        return false;
    }
    if (wev_store_full(s) && !wev_store_commit(s, e)) { return false; }
    if (put(s, bytes, row, file, fresh, e)) { return true; }
    give_up(s);
    return false;
}

// ---- a batch gets in

static bool sync_all(struct wev_store *s, struct wev_error *e)
{
    return !s->sync || syncfs(s->dir) == 0 || wev_store_fail(s, "cannot sync", NULL, e);
}

static bool rename_into(struct wev_store *s, size_t k, struct wev_error *e)
{
    char aside[24], file[WEV_INDEX_FILE_MAX];
    aside_name(k, aside);
    wev_index_file(s->pending[k].name, s->pending[k].turn, file);
    if (renameat(s->aside, aside, s->dir, file) == 0) { return true; }
    if (errno == ENOENT) { // the first one of its folder
        char folder[WEV_INDEX_FILE_MAX];
        snprintf(folder, sizeof(folder), "%.10s", file);
        if ((mkdirat(s->dir, folder, 0777) == 0 || errno == EEXIST) && renameat(s->aside, aside, s->dir, file) == 0) { return true; }
    }
    return wev_store_fail(s, "cannot rename to", file, e);
}

static bool append_lines(struct wev_store *s, struct wev_error *e)
{
    if (s->lines.failed) {
        errno = ENOMEM;
        return wev_store_fail(s, "no line for", "index.jsonl", e);
    }
    bool good = write_all(s->index, s->lines.p, s->lines.n) && (!s->sync || fdatasync(s->index) == 0);
    if (good) { return true; }
    wev_store_fail(s, "cannot write", "index.jsonl", e);
    s->untidy = ftruncate(s->index, (off_t)s->index_size) != 0; // lines that stay need their documents
    return false;
}

static bool take_batch(struct wev_store *s, struct wev_error *e)
{
    if (!sync_all(s, e)) { return false; }
    for (size_t k = 0; k < s->pending_n; k++) {
        if (!rename_into(s, k, e)) { return false; }
    }
    return sync_all(s, e) && append_lines(s, e);
}

bool wev_store_commit(struct wev_store *s, struct wev_error *e)
{
    if (s->pending_n && !take_batch(s, e)) {
        give_up(s);
        return false;
    }
    for (size_t k = 0; k < s->pending_n; k++) {
        if (!wev_names_add(&s->names, wev_index_key(s->pending[k].name, s->pending[k].turn), NULL)) {
            errno = ENOMEM; // they are in, but a second one could not be told from them
            forget_batch(s);
            return wev_store_fail(s, "no room for names", NULL, e);
        }
    }
    s->index_size += s->lines.n;
    s->count += s->pending_n;
    forget_batch(s);
    return true;
}

// ---- documents go

struct keeping {
    bool (*keep)(void *context, struct wev_span line);
    void *context;
    struct wev_store *store;
    FILE *out;
    uint64_t dropped, kept, size;
};

// Two passes over the old index ask `keep` the same: the first writes what stays, the second unlinks the rest.
static bool pass(struct keeping *k, int fd, bool drops, struct wev_error *e)
{
    struct wev_index x;
    struct wev_span line, file;
    int got = 0;
    bool good = wev_index_open(&x, fd);
    while (good && (got = wev_index_next(&x, &line)) > 0) {
        if (!wev_index_check(line, &file)) {
            good = wev_store_bad_line(k->store, x.lines, line, e);
            break;
        }
        bool keep = k->keep(k->context, line);
        if (drops && !keep) {
            char name[WEV_INDEX_FILE_MAX];
            snprintf(name, sizeof(name), "%.*s", (int)file.n, file.p);
            good = unlinkat(k->store->dir, name, 0) == 0 || errno == ENOENT || wev_store_fail(k->store, "cannot remove", name, e);
            k->dropped++;
        } else if (!drops && keep) {
            good = fwrite(line.p, 1, line.n, k->out) == line.n && fputc('\n', k->out) != EOF;
            k->size += line.n + 1;
            k->kept++;
            if (!good) { wev_store_fail(k->store, "cannot write", "aside/index.jsonl", e); }
        }
    }
    if (good && got < 0) { good = wev_store_fail(k->store, "cannot read", "index.jsonl", e); }
    wev_index_close(&x);
    return good;
}

static bool write_kept(struct keeping *k, struct wev_error *e)
{
    struct wev_store *s = k->store;
    int fd = openat(s->aside, "index.jsonl", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0666);
    k->out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!k->out) {
        if (fd >= 0) { close(fd); }
        return wev_store_fail(s, "cannot write", "aside/index.jsonl", e);
    }
    bool good = pass(k, s->index, false, e);
    if (good && (fflush(k->out) != 0 || (s->sync && fdatasync(fd) != 0))) { good = wev_store_fail(s, "cannot write", "aside/index.jsonl", e); }
    if (fclose(k->out) != 0 && good) { good = wev_store_fail(s, "cannot write", "aside/index.jsonl", e); }
    if (good && renameat(s->aside, "index.jsonl", s->dir, "index.jsonl") != 0) { good = wev_store_fail(s, "cannot rename to", "index.jsonl", e); }
    if (!good) { unlinkat(s->aside, "index.jsonl", 0); }
    return good && sync_all(s, e);
}

bool wev_store_keep(struct wev_store *s, bool (*keep)(void *context, struct wev_span line), void *context, uint64_t *dropped,
                    struct wev_error *e)
{
    struct keeping k = {.keep = keep, .context = context, .store = s};
    if (!wev_store_commit(s, e) || !write_kept(&k, e)) { return false; }
    int old = s->index;
    s->index = openat(s->dir, "index.jsonl", O_RDWR | O_APPEND | O_CLOEXEC);
    bool good = s->index >= 0 ? pass(&k, old, true, e) : wev_store_fail(s, "cannot open", "index.jsonl", e);
    close(old);
    s->index_size = k.size;
    s->count = k.kept;
    *dropped = k.dropped;
    return good;
}

// ---- the end

void wev_store_drop(struct wev_store *s)
{
    if (s->writes && s->aside >= 0) {
        if (s->pending_n) { give_up(s); }
        close(s->aside);
        if (!s->untidy) { unlinkat(s->dir, "aside", AT_REMOVEDIR); }
    }
    int *fds[] = {&s->index, &s->lock, &s->dir};
    for (size_t k = 0; k < WEV_COUNT(fds); k++) {
        if (*fds[k] >= 0) { close(*fds[k]); }
        *fds[k] = -1;
    }
    s->aside = -1;
    wev_names_free(&s->names);
    wev_line_free(&s->lines);
    wev_line_free(&s->old);
    free(s->pending);
    free(s->buckets);
    s->pending = NULL;
    s->buckets = NULL;
}

bool wev_store_close(struct wev_store *s, struct wev_error *e)
{
    bool good = !s->writes || wev_store_commit(s, e);
    wev_store_drop(s);
    return good;
}
