// The reason codes of verdict.def: what a document can be accused of. Data only, shared by the read and the write side.
#ifndef WEV_VERDICT_H
#define WEV_VERDICT_H

#include <stdint.h>

#define X(code, verdict, layer, slug, text, source) WEV_V_##code,
enum wev_verdict {
#include "schema/verdict.def"
    WEV_V_COUNT
};
#undef X

enum wev_layer { WEV_LAYER_NONE, WEV_LAYER_BYTES, WEV_LAYER_XML, WEV_LAYER_SCHEMA, WEV_LAYER_TYPE, WEV_LAYER_RULE };

struct wev_verdict_row {
    char verdict; // 'y', 'n', 'i'
    uint8_t layer;
    const char *slug, *text, *source;
};
extern const struct wev_verdict_row wev_verdict_rows[WEV_V_COUNT];
extern const char *const wev_layer_names[6];

#endif
