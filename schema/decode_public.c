// The decoder's part of the C ABI (wev.h), thin over wev_decode_run.
#include "schema/decode.h"
#include "schema/profile.h"

struct wev_decoder *wev_decoder_new(const struct wev_schema *schema)
{
    return wev_decode_new(schema, NULL);
}

void wev_decoder_free(struct wev_decoder *decoder)
{
    wev_decode_free(decoder);
}

static uint64_t number(const struct wev_value *v)
{
    return v->flags & WEV_F_ABSENT ? 0 : v->is.u;
}

int wev_decode(const struct wev_schema *schema, struct wev_decoder *decoder, const char *p, size_t n, struct wev_result *result)
{
    struct wev_decoded out;
    struct wev_decoder *own = decoder ? NULL : wev_decode_new(schema, NULL);
    if (!decoder && !own) { return WEV_E_MEMORY; }
    enum wev_err err = wev_decode_run(decoder ? decoder : own, p, n, &out);
    if (err == WEV_OK) {
        const struct wev_verdict_row *row = &wev_verdict_rows[out.code];
        *result = (struct wev_result){
            .verdict = row->verdict,
            .layer = wev_layer_names[row->layer],
            .reason = row->slug,
            .text = row->text,
            .rule = out.rule ? out.rule->name.p : "",
            .at = out.at,
            .event = (uint16_t)number(&out.event.header[WEV_H_EVENT_ID]),
            .version = (uint8_t)number(&out.event.header[WEV_H_VERSION]),
        };
    }
    wev_decode_free(own);
    return (int)err;
}
