// Documents on their way into a store: judged by the reference decoder, put, told of when they are safe.
#ifndef WEV_INTAKE_H
#define WEV_INTAKE_H

#include "corpus/store.h"
#include "schema/decode.h"

struct wev_intake {
    struct wev_store store;
    const struct wev_schema *schema; // not owned
    bool verbose;             // a line a document on standard output, once it is safe; without it, of those not as labelled
    bool no_wait;             // a second writer fails instead of waiting
    // counted, of what is safe and what is not yet
    uint64_t seen, fresh, y, n, i;
    uint64_t differ;          // the label's verdict is another
    // own
    struct wev_decoder *decoder;
    char schema_hash[33];
    struct wev_line told;
};

// 32 digits and NUL.
void wev_intake_schema(const struct wev_schema *schema, char out[33]);
// What the decoder says of the bytes into row: verdict, layer, reason, offset, event and version. False: out of memory.
bool wev_intake_judge(struct wev_decoder *d, struct wev_span bytes, struct wev_row *row);

// in is zeroed but for schema, verbose, no_wait and what wev_store_open wants to be set. Says so when it waits.
bool wev_intake_open(struct wev_intake *in, const char *path, enum wev_store_mode mode, struct wev_error *error);
// row says where the document comes from; labelled, when not 0, is the verdict that it should have. name: for the line.
bool wev_intake_put(struct wev_intake *in, struct wev_span bytes, struct wev_row *row, const char *name, struct wev_error *error);
// The same of a row that wev_intake_judge has filled, by whatever decoder of the same schema.
bool wev_intake_put_judged(struct wev_intake *in, struct wev_span bytes, struct wev_row *row, const char *name, struct wev_error *error);
bool wev_intake_close(struct wev_intake *in, struct wev_error *error); // what is put is safe when it returns true
void wev_intake_drop(struct wev_intake *in);
void wev_intake_summary(const struct wev_intake *in, const char *what);

// The options of every command that writes into a store: --batch, --no-sync, --no-wait, -v. Values from 512 on.
enum { WEV_INTAKE_BATCH = 512, WEV_INTAKE_NO_SYNC, WEV_INTAKE_NO_WAIT };
#define WEV_INTAKE_LONG                                                                                    \
    {"batch", required_argument, NULL, WEV_INTAKE_BATCH}, {"no-sync", no_argument, NULL, WEV_INTAKE_NO_SYNC}, \
    {"no-wait", no_argument, NULL, WEV_INTAKE_NO_WAIT}, {"verbose", no_argument, NULL, 'v'}
#define WEV_INTAKE_USAGE                                                                                   \
    "      --batch N       documents that are made safe at once, 1 to 32768 (default 8192)\n"                \
    "      --no-sync       does not wait for the disk: what is told of survives a kill, but no power cut\n"  \
    "      --no-wait       fails when somebody else writes into the store, instead of waiting\n"             \
    "  -v, --verbose       a line a document, as soon as it is safe\n"
bool wev_intake_option(struct wev_intake *in, int c, const char *argument, bool *taken, struct wev_error *error);

#endif
