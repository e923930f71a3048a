// The reference decoder as a target.
#include "fuzz/target.h"

#include "schema/decode.h"

#include <string.h>

static void *open_reference(const struct wev_schema *schema)
{
    return wev_decode_new(schema, NULL);
}

static void close_reference(void *self)
{
    wev_decode_free(self);
}

static void run_reference(void *self, const uint8_t *p, size_t n, struct wev_target_result *out)
{
    struct wev_decoded read;
    *out = (struct wev_target_result){.reason = "memory", .at = SIZE_MAX};
    if (wev_decode_run(self, (const char *)p, n, &read) != WEV_OK) { return; }
    const struct wev_verdict_row *row = &wev_verdict_rows[read.code];
    out->accepted = row->verdict != 'n';
    out->reason = row->slug;
    out->at = read.at;
    memcpy(out->header, read.event.header, sizeof(out->header));
    out->names = read.names;
    out->texts = read.texts;
    out->count = read.data_count;
}

extern const struct wev_target wev_target_reference;
const struct wev_target wev_target_reference = {
    "reference", "our strict decoder, on expat", open_reference, close_reference, run_reference,
};
