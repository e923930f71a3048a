// Text in the making: grows, and remembers when it could not.
#ifndef WEV_LINE_H
#define WEV_LINE_H

#include "schema/base.h"

struct wev_line {
    char *p;      // not NUL-terminated
    size_t n, cap;
    bool failed;  // out of memory: what is there is not whole
};

void wev_line_put(struct wev_line *l, const char *p, size_t n);
void wev_line_text(struct wev_line *l, const char *s);
void wev_line_number(struct wev_line *l, uint64_t n);
void wev_line_hex(struct wev_line *l, uint64_t n); // 16 digits
// Text from outside on one clean line; in JSON with escapes, else with '?' for what is not to be printed.
void wev_line_clean(struct wev_line *l, struct wev_span s, bool json);
// ,"key":"…" and ,"key":n; key is ours and needs no escapes.
void wev_line_json_text(struct wev_line *l, const char *key, struct wev_span s);
void wev_line_json_number(struct wev_line *l, const char *key, uint64_t n);
// Room for n bytes in all; the text stays. False: out of memory.
bool wev_line_room(struct wev_line *l, size_t n);
void wev_line_free(struct wev_line *l);

#endif
