// A store: documents by the XXH3-128 of their bytes, and an index that says of each where it comes from and what it is.
//
//   DIR/store            one line with the format's number; who writes holds its lock
//   DIR/index.jsonl      a line a document, appended; what is not in it is not in the store
//   DIR/objects/9f/9f…   the documents
//   DIR/aside/           there while somebody writes; left behind by one that was killed
//
// How a batch gets in, so that none of it is acknowledged before it is safe and nothing that is safe can be lost:
//   1. each new document is written into aside/;                   killed here: aside/ is emptied by the next writer
//   2. one sync of the file system, then each is renamed to its name, then one sync more;
//                                     killed here: whole documents without a line, removed by the next writer
//   3. the lines are appended to the index in one write and synced; killed here: a torn last line is cut off
//   4. the batch is acknowledged.
// A document is dropped the other way round: first a new index is renamed into place, then the files go. Readers need no
// lock: what the index names is there, but for what min and dedupe drop meanwhile. One writer at a time: flock on `store`.
#ifndef WEV_STORE_H
#define WEV_STORE_H

#include "corpus/index.h"

#include <limits.h>

enum { WEV_STORE_DOCUMENT_MAX = 64 << 20, WEV_STORE_BATCH = 8192, WEV_STORE_BATCH_MAX = 32768, WEV_STORE_BUCKETS = 1 << 16 };

struct wev_pending {
    struct wev_name name;
    unsigned turn;
};

struct wev_store {
    char path[PATH_MAX];
    int dir, lock, index, aside; // -1: not open
    bool writes;
    bool untidy;               // a batch that failed could not be undone: the next writer does it
    bool sync;                 // false: survives a kill, not a power cut
    struct wev_names names;    // of what is in the index
    uint64_t index_size;       // bytes that are acknowledged
    uint64_t count;            // lines of them
    // the batch
    size_t batch;              // documents at once
    struct wev_pending *pending;
    uint16_t *buckets;         // by the name's low bits: 1 + index into pending, 0: none
    size_t pending_n, batch_bytes;
    struct wev_line lines, old; // old: a stored document, to compare
    // of the opening
    bool was_stopped;          // the last writer was killed
    bool busy;                 // somebody else writes, and we were not to wait
    uint64_t torn, swept;      // bytes and documents that it left and nobody was told of
    struct wev_name (*hash)(struct wev_span bytes); // XXH3-128; tests bring a weaker one
};

enum wev_store_mode {
    WEV_STORE_READ,   // no lock, nothing loaded
    WEV_STORE_WRITE,  // one that is there
    WEV_STORE_CREATE, // made when it is not
};
// Before the call *s is zeroed but for batch (0: WEV_STORE_BATCH), hash (NULL: XXH3-128) and sync, as wanted. wait: for
// another writer.
// False: error says why, nothing is open.
bool wev_store_open(struct wev_store *s, const char *path, enum wev_store_mode mode, bool wait, struct wev_error *error);

// Puts a document with row, whose file and size are set here (the span lives in file_out). *fresh: it was not there. It is
// safe when a wev_store_commit after it has returned true. A full batch is committed by the next put, if not before.
// False: error; what was put since the last commit is given up.
bool wev_store_put(struct wev_store *s, struct wev_span bytes, struct wev_row *row, char file_out[WEV_INDEX_FILE_MAX], bool *fresh,
                   struct wev_error *error);
bool wev_store_full(const struct wev_store *s);
bool wev_store_commit(struct wev_store *s, struct wev_error *error);

// Keeps the lines for which `keep` says so, in their order, and drops the documents of the others.
bool wev_store_keep(struct wev_store *s, bool (*keep)(void *context, struct wev_span line), void *context, uint64_t *dropped,
                    struct wev_error *error);

// Every line of the index, in order, checked and read; each returns false to stop, with error filled. False: error.
bool wev_store_each(const struct wev_store *s, bool (*each)(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *error),
                    void *context, struct wev_error *error);
// A document of the store into *into, at most WEV_STORE_DOCUMENT_MAX bytes. False: error.
bool wev_store_read(const struct wev_store *s, const char *file, struct wev_line *into, struct wev_error *error);
// A line of the index that is wrong, in words: "DIR/index.jsonl:7: why".
bool wev_store_bad_line(const struct wev_store *s, uint64_t number, struct wev_span line, struct wev_error *error);
bool wev_store_fail(const struct wev_store *s, const char *what, const char *name, struct wev_error *error); // with errno

// Commits what is left. A store that was only read is closed. What failed before is given up.
bool wev_store_close(struct wev_store *s, struct wev_error *error);
void wev_store_drop(struct wev_store *s); // gives up the batch, closes
struct wev_name wev_store_hash(struct wev_span bytes);

#endif
