// Judges documents as records of a stream: does each stand where the ones before it let it stand? Bounded by the number of
// computers; of each only its last records are remembered.
#ifndef WEV_STREAM_H
#define WEV_STREAM_H

#include "schema/decode.h"

enum { WEV_STREAM_COMPUTERS_MAX = 1 << 18 };

struct wev_stream;

struct wev_stream *wev_stream_new(void);      // NULL: out of memory
void wev_stream_free(struct wev_stream *s);   // NULL is fine
void wev_stream_begin(struct wev_stream *s);  // another stream: nothing is known of it

enum wev_stream_said {
    WEV_STREAM_FITS,
    WEV_STREAM_BREAKS,  // *code says how
    WEV_STREAM_UNSURE,  // what is missing may have come before the stream, or stand in a document that cannot be read
    WEV_STREAM_FULL,    // out of memory, or more computers than WEV_STREAM_COMPUTERS_MAX
};
// The next document of the stream as it was decoded; one that is refused is passed over, but remembered as unread.
enum wev_stream_said wev_stream_next(struct wev_stream *s, const struct wev_decoded *d, enum wev_verdict *code);

#endif
