// Every target on the same bytes. Law: all agree with the reference decoder, or the difference is a row of lenient.c, by
// target and reason. "mxml" itself is left out: without its shell it dies of what its own harness finds.
#include "fuzz/lenient.h"
#include "fuzz/law.h"

#include <stdlib.h>
#include <string.h>

static void law_agrees(const struct wev_target *target, const struct wev_decoded *read, const uint8_t *p, size_t n)
{
    struct wev_target_result got;
    char where[200] = "";
    void *self = target->open(wev_law_schema());
    if (!self) { return; }
    target->run(self, p, n, &got);
    const char *how = wev_lenient_differ(read, &got, where, sizeof(where));
    bool memory = !strcmp(got.reason, "memory");
    if (how && !memory && wev_lenient_find(target, read, (struct wev_span){(const char *)p, n}) == SIZE_MAX) {
        wev_law_broken("%s %s: the reference says %s at %zu, it says %s %s", target->name, how, wev_verdict_rows[read->code].slug, read->at,
                       got.reason, where);
    }
    target->close(self);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct wev_decoder *decoder;
    struct wev_decoded read;
    if (!decoder) { decoder = wev_decode_new(wev_law_schema(), NULL); }
    uint8_t *copy = wev_law_copy(p, n);
    if (decoder && wev_decode_run(decoder, (const char *)copy, n, &read) == WEV_OK) {
        for (size_t k = 1; k < wev_target_count(); k++) {
            const struct wev_target *target = wev_target_at(k);
            if (strcmp(target->name, "mxml") != 0) { law_agrees(target, &read, copy, n); }
        }
    }
    free(copy);
    return 0;
}
