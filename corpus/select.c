// Names, copies or keeps the documents of a store that a set holds. Chooses nothing.
#include "corpus/select.h"

#include <stdio.h>

bool wev_select_key(struct wev_span file, struct wev_name *key)
{
    struct wev_name name;
    unsigned turn;
    if (!wev_index_name(file, &name, &turn)) { return false; }
    *key = wev_index_key(name, turn);
    return true;
}

bool wev_select_open(const struct wev_select *o, struct wev_store *s, const char *path, struct wev_error *e)
{
    enum wev_store_mode mode = o->remove ? WEV_STORE_WRITE : WEV_STORE_READ;
    if (wev_store_open(s, path, mode, false, e)) { return true; }
    if (!s->busy || o->no_wait) { return false; }
    fprintf(stderr, "wevcorpus: %s: another writer is at work, waiting\n", path);
    return wev_store_open(s, path, mode, true, e);
}

struct selection {
    const struct wev_select *options;
    const struct wev_names *kept;
    struct wev_store *from, *to;
    struct wev_line document;
};

static bool is_kept(const struct selection *s, struct wev_span file)
{
    struct wev_name key;
    return wev_select_key(file, &key) && wev_names_has(s->kept, key);
}

static bool each(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e)
{
    struct selection *s = context;
    (void)line;
    if (!is_kept(s, row->file)) { return true; }
    if (!s->to) {
        printf("%s/%s\n", s->from->path, row->file.p);
        return true;
    }
    struct wev_row copy = *row;
    char file[WEV_INDEX_FILE_MAX];
    bool fresh;
    return wev_store_read(s->from, row->file.p, &s->document, e) &&
           wev_store_put(s->to, (struct wev_span){s->document.p, s->document.n}, &copy, file, &fresh, e);
}

static bool keep_line(void *context, struct wev_span line)
{
    struct wev_span file;
    return !wev_index_check(line, &file) || is_kept(context, file);
}

static bool copy(struct selection *s, struct wev_error *e)
{
    struct wev_store to = {.sync = true};
    struct wev_select as = {.remove = true, .no_wait = s->options->no_wait};
    bool good = wev_store_open(&to, s->options->to, WEV_STORE_CREATE, false, e) || (to.busy && wev_select_open(&as, &to, s->options->to, e));
    if (!good) { return false; }
    s->to = &to;
    good = wev_store_each(s->from, each, s, e);
    if (good) { return wev_store_close(&to, e); }
    wev_store_drop(&to);
    return false;
}

bool wev_select_apply(const struct wev_select *o, struct wev_store *from, const struct wev_names *kept, struct wev_error *e)
{
    struct selection s = {.options = o, .kept = kept, .from = from};
    uint64_t dropped;
    bool good = true;
    if (o->to) {
        good = copy(&s, e);
    } else if (!o->remove && !o->quiet) {
        good = wev_store_each(from, each, &s, e);
    }
    wev_line_free(&s.document);
    return good && (!o->remove || wev_store_keep(from, keep_line, &s, &dropped, e));
}

bool wev_select_option(struct wev_select *o, int c, const char *argument)
{
    switch (c) {
    case 'o': o->to = argument; return true;
    case 'q': o->quiet = true; return true;
    case WEV_SELECT_REMOVE: o->remove = true; return true;
    case WEV_SELECT_NO_WAIT: o->no_wait = true; return true;
    default: return false;
    }
}
