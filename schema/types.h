// The lexical form of every inType: text to value, or the reason why not. Read side only.
#ifndef WEV_TYPES_H
#define WEV_TYPES_H

#include "schema/decode.h"

// Room for what a value points to (GUID, SID, binary bytes).
struct wev_types_room {
    struct wev_guid guid;
    struct wev_sid sid;
    uint8_t *bin;   // caller's buffer for binary values, addresses and the like
    size_t bin_cap; // at least half the text's length and 20
};

// Parses text `s` as (type, lex). Returns OK or an `i` code with *out filled (pointing into room or s), or an
// `n` code. *at is the offset inside s that the code is about. An `i` finding does not hide an `n` one.
enum wev_verdict wev_types_parse(uint8_t type, uint8_t lex, struct wev_span s, struct wev_types_room *room,
                                 struct wev_value *out, size_t *at);

// Same type and same value (time digits and GUID case are spelling, not value).
bool wev_types_equal(const struct wev_value *a, const struct wev_value *b);

#endif
