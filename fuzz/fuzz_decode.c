// The reference decoder on any bytes. Laws: it is total, it is stable (a used decoder says what a new one says), what it
// points to lies where it says, and the verdict is one of its own table.
#include "fuzz/law.h"

#include "schema/decode.h"

#include <stdlib.h>
#include <string.h>

static void law_offset_in_range(const struct wev_decoded *d, size_t n)
{
    WEV_LAW(d->code < WEV_V_COUNT, "code %d of %d", d->code, WEV_V_COUNT);
    WEV_LAW(d->at <= n, "offset %zu of %zu bytes", d->at, n);
    WEV_LAW(wev_verdict_rows[d->code].verdict != 'y' || d->at == n, "accepted, and stopped at %zu of %zu", d->at, n);
    WEV_LAW((d->rule != NULL) == (d->code == WEV_V_RULE), "a rule without its verdict, or the other way round");
    for (size_t k = 0; k < d->also_count; k++) {
        WEV_LAW(d->also_at[k] <= n, "offset %zu of %zu bytes", d->also_at[k], n);
        WEV_LAW(wev_verdict_rows[d->also[k]].verdict == 'i', "%s among what may be", wev_verdict_rows[d->also[k]].slug);
    }
}

// Reads every byte of what was given, so that a dangling span is seen.
static size_t law_spans_are_alive(const struct wev_decoded *d)
{
    size_t sum = 0;
    for (size_t k = 0; k < d->data_count; k++) {
        for (size_t m = 0; m < d->names[k].n; m++) { sum += (unsigned char)d->names[k].p[m]; }
        for (size_t m = 0; m < d->texts[k].n; m++) { sum += (unsigned char)d->texts[k].p[m]; }
    }
    for (size_t k = 0; k < d->event.value_count; k++) {
        const struct wev_value *v = &d->event.value[k];
        bool text = v->type == WEV_T_UNICODE_STRING || v->type == WEV_T_ANSI_STRING;
        WEV_LAW(v->type <= WEV_T_COUNT, "value %zu of type %u", k, v->type);
        for (size_t m = 0; text && m < v->n; m++) { sum += (unsigned char)v->is.text[m]; }
    }
    return sum;
}

static void law_stable(const struct wev_decoded *a, size_t a_sum, const struct wev_decoded *b, size_t b_sum)
{
    WEV_LAW(a->code == b->code && a->at == b->at && a->rule == b->rule, "first %s at %zu, then %s at %zu",
            wev_verdict_rows[a->code].slug, a->at, wev_verdict_rows[b->code].slug, b->at);
    WEV_LAW(a->data_count == b->data_count && a->event.value_count == b->event.value_count && a->also_count == b->also_count &&
            a->event.def == b->event.def && a_sum == b_sum, "one document was read in two ways");
}

static enum wev_err run(struct wev_decoder *d, const uint8_t *p, size_t n, struct wev_decoded *out)
{
    enum wev_err err = wev_decode_run(d, (const char *)p, n, out);
    WEV_LAW(err == WEV_OK || err == WEV_E_MEMORY, "error %d", err);
    return err;
}

// Which decoder reads the input a second time: of 16 inputs four get the same again and one gets a new one, which costs as
// much as many documents. By the bytes, so that an input always gets the same. NULL: none.
static struct wev_decoder *second(const uint8_t *p, size_t n, struct wev_decoder *used, struct wev_decoder **fresh)
{
    uint8_t sum = (uint8_t)n;
    for (size_t k = 0; k < n; k += 61) { sum = (uint8_t)(sum * 31 + p[k]); }
    if ((sum & 15) == 0) { return *fresh = wev_decode_new(wev_law_schema(), NULL); }
    return (sum & 15) < 5 ? used : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct wev_decoder *used;
    struct wev_decoder *fresh = NULL;
    struct wev_decoded a, b;
    if (!used) { used = wev_decode_new(wev_law_schema(), NULL); }
    uint8_t *copy = wev_law_copy(p, n);
    if (used && run(used, copy, n, &a) == WEV_OK) {
        struct wev_decoder *other = second(copy, n, used, &fresh);
        law_offset_in_range(&a, n);
        size_t sum = law_spans_are_alive(&a);
        if (other && run(other, copy, n, &b) == WEV_OK) { law_stable(&a, sum, &b, law_spans_are_alive(&b)); }
    }
    free(copy);
    wev_decode_free(fresh);
    return 0;
}
