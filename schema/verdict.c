// The table of reason codes. Data only.
#include "schema/verdict.h"

#define X(code, verdict, layer, slug, text, source) {verdict, WEV_LAYER_##layer, slug, text, source},
const struct wev_verdict_row wev_verdict_rows[WEV_V_COUNT] = {
#include "schema/verdict.def"
};
#undef X

const char *const wev_layer_names[6] = {"none", "bytes", "xml", "schema", "type", "rule"};
