// "0.05,xml.*=3" and "type.sid-*": which classes break how many units. Knows no event.
#include "gen/break.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { CLASSES_MAX = 4096, WEIGHT_MAX = 1000000, NAME_MAX_N = 127 };

static bool fail(struct wev_error *e, const char *what, struct wev_span value, struct wev_span near)
{
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "%s \"%.*s\"%s%.*s%s", what, (int)(value.n < 100 ? value.n : 100), value.p,
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
    return false;
}

// "0.05", "1", "5%", "0.5%" of 2^32; rounded down, but never to nothing.
static bool parse_rate(struct wev_span s, uint64_t *out)
{
    bool percent = s.n > 1 && s.p[s.n - 1] == '%', any = false;
    uint64_t value = 0, unit = 1000000000;
    if (percent) { s.n--; }
    size_t k = 0;
    for (; k < s.n && s.p[k] >= '0' && s.p[k] <= '9' && value < 1000; k++, any = true) { value = 10 * value + (uint64_t)(s.p[k] - '0'); }
    value *= 1000000000;
    if (k < s.n && s.p[k] == '.') {
        for (k++; k < s.n && s.p[k] >= '0' && s.p[k] <= '9' && unit > 1; k++, any = true) {
            unit /= 10;
            value += unit * (uint64_t)(s.p[k] - '0');
        }
    }
    uint64_t whole = (percent ? 100u : 1u) * 1000000000ull;
    if (!any || k != s.n || value > whole) { return false; }
    *out = (uint64_t)(((wev_u128)value << 32) / whole);
    if (value && !*out) { *out = 1; }
    return true;
}

static bool matches(const struct wev_class *c, struct wev_span glob)
{
    char pattern[NAME_MAX_N + 1];
    if (glob.n > NAME_MAX_N) { return false; }
    memcpy(pattern, glob.p, glob.n);
    pattern[glob.n] = 0;
    return fnmatch(pattern, c->id, 0) == 0;
}

static struct wev_span nearest(struct wev_span word)
{
    static struct wev_span none = {NULL, 0};
    struct wev_span names[CLASSES_MAX];
    size_t n = wev_class_count();
    for (size_t k = 0; k < n && k < CLASSES_MAX; k++) { names[k] = wev_span_of(wev_class_at(k)->id); }
    return n <= CLASSES_MAX ? wev_nearest(word, names, n) : none;
}

// Classes of weight 0 are too large for a mix: a glob takes them only when it matches nothing else.
static bool select_classes(struct wev_span glob, uint32_t *weights, size_t count)
{
    bool any = false, small = false;
    for (size_t k = 0; k < count; k++) {
        if (!matches(wev_class_at(k), glob)) { continue; }
        any = true;
        small = small || wev_class_at(k)->weight > 0;
    }
    for (size_t k = 0; k < count; k++) {
        uint32_t own = small ? wev_class_at(k)->weight : 1;
        weights[k] = matches(wev_class_at(k), glob) ? own : 0;
    }
    return any;
}

static bool set_weight(struct wev_error *e, struct wev_span item, uint32_t *weights, size_t count)
{
    struct wev_span text = item, glob = wev_span_cut(&text, '=');
    uint64_t weight;
    bool any = false;
    if (glob.n == item.n) { return fail(e, "--malformed: not CLASS=WEIGHT:", item, (struct wev_span){NULL, 0}); }
    if (!wev_span_u64(text, &weight) || weight > WEIGHT_MAX) {
        return fail(e, "--malformed: a weight is 0 to 1000000, not", text, (struct wev_span){NULL, 0});
    }
    for (size_t k = 0; k < count; k++) {
        if (!matches(wev_class_at(k), glob)) { continue; }
        any = true;
        weights[k] = (uint32_t)weight;
    }
    return any || fail(e, "--malformed: no class is", glob, nearest(glob));
}

static struct wev_breaks *build(struct wev_arena *arena, uint64_t rate, const uint32_t *weights, size_t count, struct wev_error *e)
{
    struct wev_breaks *o = WEV_NEW(arena, struct wev_breaks);
    const struct wev_class **classes = WEV_NEW_N(arena, count, const struct wev_class *);
    uint64_t *until = WEV_NEW_N(arena, count, uint64_t), sum = 0;
    *o = (struct wev_breaks){.rate = rate, .per_unit = 1, .classes = classes, .until = until};
    for (size_t k = 0; k < count; k++) {
        if (!weights[k]) { continue; }
        sum += weights[k];
        classes[o->count] = wev_class_at(k);
        until[o->count++] = sum;
    }
    if (!o->count) { fail(e, "--malformed: every class has weight", WEV_SPAN("0"), (struct wev_span){NULL, 0}); }
    return o->count ? o : NULL;
}

struct wev_breaks *wev_breaks_new(struct wev_arena *arena, const char *malformed, const char *classes, struct wev_error *e)
{
    struct wev_span rest = wev_span_of(malformed), none = {NULL, 0};
    size_t count = wev_class_count();
    uint64_t rate = 1ull << 32;
    bool good = true;
    e->code = WEV_OK;
    if (!malformed && !classes) { return NULL; }
    uint32_t *weights = WEV_NEW_N(arena, count, uint32_t);
    struct wev_span first = wev_span_cut(&rest, ',');
    if (malformed && !parse_rate(first, &rate)) {
        fail(e, "--malformed: a rate is 0 to 1 or 0% to 100%, not", first, none);
        return NULL;
    }
    if (!select_classes(classes ? wev_span_of(classes) : WEV_SPAN("*"), weights, count)) {
        fail(e, "--class: no class is", wev_span_of(classes), nearest(wev_span_of(classes)));
        return NULL;
    }
    while (good && rest.n) { good = set_weight(e, wev_span_cut(&rest, ','), weights, count); }
    return good ? build(arena, rate, weights, count, e) : NULL;
}
