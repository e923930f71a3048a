// A dictionary for libFuzzer and AFL++: what a schema's events are made of, one token a line.
#ifndef WEV_DICT_H
#define WEV_DICT_H

#include "schema/manifest.h"

enum { WEV_DICT_TOKEN_MAX = 64 }; // bytes of one token: libFuzzer's limit, below AFL++'s

// The file's whole text: comments, and lines such as "%%2464" with \xNN for what is not printable ASCII. No token twice.
// The caller frees it; NULL: out of memory. The same schema gives the same bytes.
char *wev_dict_new(const struct wev_schema *schema, size_t *n);

#endif
