// The calendar: how busy people and machines are, hour by hour, on which kind of day.
#include "schema/profile_load.h"

#include <string.h>

struct kinds {
    struct wev_span name[WEV_DAY_KINDS];
    uint32_t count;
};

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static uint8_t kind_named(struct wev_profile_load *pl, const struct kinds *kinds, const struct wev_elem *e, const char *attr)
{
    struct wev_span name = wev_profile_need(pl, e, attr);
    uint32_t k = 0;
    while (k < kinds->count && !wev_span_eq(kinds->name[k], name)) { k++; }
    if (k == kinds->count) { wev_profile_unknown(pl, e->line, "kind of day", name, kinds->name, kinds->count); }
    return (uint8_t)k;
}

static uint8_t weekday_named(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_span name)
{
    uint8_t k = 0;
    while (k < 7 && !wev_span_is(name, weekdays[k])) { k++; }
    if (k == 7) { wev_profile_unknown_word(pl, e->line, "weekday", name, weekdays, 7); }
    return k;
}

// 24 numbers to 100, separated by blanks.
static void hours(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, uint8_t *out)
{
    struct wev_span s = wev_profile_need(pl, e, attr), rest = s;
    uint32_t n = 0;
    bool good = true;
    while (good && rest.n > 0) {
        size_t k = 0;
        uint64_t v = 0;
        while (k < rest.n && rest.p[k] != ' ') { k++; }
        if (k > 0) {
            good = n < 24 && wev_span_u64((struct wev_span){rest.p, k}, &v) && v <= 100;
            if (good) { out[n++] = (uint8_t)v; }
        }
        k += k < rest.n;
        rest.p += k;
        rest.n -= k;
    }
    if (!good || n != 24) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is not 24 numbers up to 100", attr, (int)(s.n > 100 ? 100 : s.n), s.p);
    }
}

static void read_day(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_calendar *c, struct kinds *kinds)
{
    static const char *const allowed[] = {"kind", "people", "machines", "source", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
    uint32_t k = kinds->count;
    if (k == WEV_DAY_KINDS) { wev_fail(pl->load, WEV_E_LIMIT, e->line, "more than %d kinds of day", (int)WEV_DAY_KINDS); }
    kinds->name[kinds->count++] = wev_profile_need(pl, e, "kind");
    hours(pl, e, "people", c->people[k]);
    hours(pl, e, "machines", c->machines[k]);
    for (unsigned h = 0; h < 24; h++) {
        if (c->people[k][h] + c->machines[k][h] == 0) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "hour %u has no activity", h); }
    }
}

static bool two_digits(struct wev_span s, size_t at, uint8_t most, uint8_t *out)
{
    uint64_t v;
    bool good = s.n >= at + 2 && wev_span_u64((struct wev_span){s.p + at, 2}, &v) && v >= 1 && v <= most;
    if (good) { *out = (uint8_t)v; }
    return good;
}

// on="12-25", on="2024-04-01", or nth="2" of="wed".
static struct wev_calendar_date read_date(struct wev_profile_load *pl, const struct wev_elem *e, const struct kinds *kinds)
{
    static const char *const allowed[] = {"on", "nth", "of", "kind", "source", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
    struct wev_calendar_date d = {.kind = kind_named(pl, kinds, e, "kind")};
    struct wev_span on = wev_tree_attr(e, "on");
    uint64_t year = 0;
    if (!on.p) {
        d.weekday = weekday_named(pl, e, wev_profile_need(pl, e, "of"));
        d.nth = (uint8_t)wev_profile_number(pl, e, "nth", 1);
        if (d.nth < 1 || d.nth > 5) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "nth is not 1 to 5"); }
        return d;
    }
    size_t at = on.n == 10 ? 5 : 0;
    bool good = (on.n == 5 || on.n == 10) && two_digits(on, at, 12, &d.month) && two_digits(on, at + 3, 31, &d.day);
    if (good && at) { good = wev_span_u64((struct wev_span){on.p, 4}, &year) && year >= 1601; }
    if (!good) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "on \"%.*s\" is not a date such as 12-25 or 2024-04-01", (int)on.n, on.p); }
    d.year = (uint16_t)year;
    return d;
}

const struct wev_calendar *wev_profile_calendar(struct wev_profile_load *pl, const struct wev_elem *e)
{
    static const char *const allowed[] = {"source", NULL}, *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
    struct wev_calendar *c = WEV_NEW(pl->load->arena, struct wev_calendar);
    struct wev_calendar_date *dates = WEV_NEW_N(pl->load->arena, WEV_DATES_MAX, struct wev_calendar_date);
    struct kinds kinds = {.count = 0};
    bool week = false;
    wev_tree_only_attrs(pl->load, e, allowed);
    c->dates = dates;
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "day")) {
            read_day(pl, k, c, &kinds);
        } else if (wev_span_is(k->name, "week")) {
            wev_tree_only_attrs(pl->load, k, days);
            for (unsigned d = 0; d < 7; d++) { c->week[d] = kind_named(pl, &kinds, k, weekdays[d]); }
            week = true;
        } else if (wev_span_is(k->name, "date")) {
            if (c->date_count == WEV_DATES_MAX) { wev_fail(pl->load, WEV_E_LIMIT, k->line, "more than %d dates", (int)WEV_DATES_MAX); }
            dates[c->date_count++] = read_date(pl, k, &kinds);
        } else {
            wev_profile_unknown_word(pl, k->line, "element in calendar", k->name, (const char *const[]){"day", "week", "date"}, 3);
        }
    }
    if (!week) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<calendar> without <week>"); }
    return c;
}
