// The reference decoder: bytes to event or verdict. Strict, streaming, on expat; shares no code with gen/.
#ifndef WEV_DECODE_H
#define WEV_DECODE_H

#include "schema/manifest.h"
#include "schema/verdict.h"
#include "schema/wev.h"

struct wev_limits { // a value of 0 is the default
    size_t document;   // bytes, 4 MiB
    size_t field;      // bytes of one value after decoding, 1 MiB
    uint32_t depth;    // 32
    uint32_t attributes; // on one element, 64
    uint32_t fields;   // Data elements in one event, 4096
};

// What was read. Spans live in the decoder until its next run.
struct wev_decoded {
    enum wev_verdict code;    // first n, else first i, else OK
    const struct wev_rule *rule; // code RULE: which; else NULL
    size_t at;                // where a strict reader must stop; the size for y
    enum wev_verdict also[8]; // every i that was met, in order
    size_t also_at[8];
    size_t also_count;
    struct wev_event event;   // as far as read; values typed where the schema knows the event
    const struct wev_span *names;  // per Data read, in document order; absent: no Name
    const struct wev_span *texts;  // the same, unescaped text
    size_t data_count;
};

struct wev_decoder *wev_decode_new(const struct wev_schema *schema, const struct wev_limits *limits); // limits may be NULL
void wev_decode_free(struct wev_decoder *d);
// Judges one document. Returns WEV_OK or WEV_E_MEMORY; out is always filled on WEV_OK.
enum wev_err wev_decode_run(struct wev_decoder *d, const char *p, size_t n, struct wev_decoded *out);

#endif
