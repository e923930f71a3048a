// Sums activity by the day, once; a look-up is one search among the days and a walk of at most 24 hours.
#include "gen/clock.h"

#include <inttypes.h>
#include <stdio.h>

#define HOUR ((uint64_t)3600 * WEV_SECOND)
#define DAY (24 * HOUR)
enum { DAYS_MAX = 36600 }; // a hundred years: the sum stays below 2^63 at 200 an hour

bool wev_clock_is_leap(uint64_t y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

struct date {
    unsigned year, month, day; // from 1
};

static struct date date_of(uint64_t days) // since 1601-01-01
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date d = {(unsigned)(1601 + days / 146097 * 400), 1, 1};
    uint64_t rest = days % 146097;
    for (uint64_t n; rest >= (n = wev_clock_is_leap(d.year) ? 366 : 365); d.year++) { rest -= n; }
    for (uint64_t n; rest >= (n = lengths[d.month - 1] + (d.month == 2 && wev_clock_is_leap(d.year) ? 1u : 0u)); d.month++) { rest -= n; }
    d.day = (unsigned)rest + 1;
    return d;
}

uint64_t wev_clock_year(uint64_t days)
{
    return date_of(days).year;
}

static uint8_t kind_of(const struct wev_calendar *c, uint64_t day)
{
    uint8_t kind = c->week[day % 7];
    struct date d = date_of(day);
    for (uint32_t k = 0; k < c->date_count; k++) {
        const struct wev_calendar_date *x = &c->dates[k];
        bool nth = !x->month && x->weekday == day % 7 && (d.day - 1) / 7 + 1 == x->nth;
        bool on = x->month == d.month && x->day == d.day && (!x->year || x->year == d.year);
        if (nth || on) { kind = x->kind; }
    }
    return kind;
}

// The hour on the wall, and the kind of its day, at an hour of standard time.
static uint8_t wall(const struct wev_clock *c, uint64_t day, unsigned *hour)
{
    int summer = c->summer[day] >> *hour & 1 ? c->zone.shift : 0, h = (int)*hour + summer;
    int before = h < 0, after = h > 23;
    *hour = (unsigned)(h + 24 * before - 24 * after);
    return c->kind[day + 1 + (uint64_t)after - (uint64_t)before];
}

static uint32_t weight(const struct wev_clock *c, uint64_t day, unsigned hour)
{
    unsigned kind = wall(c, day, &hour);
    return (uint32_t)c->calendar->people[kind][hour] + c->calendar->machines[kind][hour];
}

static uint32_t people(const struct wev_clock *c, uint64_t day, unsigned hour)
{
    unsigned kind = wall(c, day, &hour);
    return c->calendar->people[kind][hour];
}

static uint64_t activity_until(const struct wev_clock *c, uint64_t local)
{
    uint64_t day = local / DAY - c->first_day, rest = local % DAY, sum = c->before[day];
    for (unsigned h = 0; h < 24 && rest > 0 && day < c->days; h++) {
        uint64_t part = rest < HOUR ? rest : HOUR;
        sum += part * weight(c, day, h);
        rest -= part;
    }
    return sum;
}

bool wev_clock_make(struct wev_clock *c, struct wev_arena *arena, const struct wev_calendar *calendar, uint64_t start,
                    uint64_t end, const struct wev_zone *zone, struct wev_error *e)
{
    e->code = WEV_E_ARGUMENT;
    if (end <= start) {
        snprintf(e->text, sizeof(e->text), "--end is %" PRIu64 " s before --start, or the same", (start - end) / WEV_SECOND);
        return false;
    }
    if ((end - start) / DAY > DAYS_MAX) {
        snprintf(e->text, sizeof(e->text), "the window has %" PRIu64 " days, at most %d fit", (end - start) / DAY, (int)DAYS_MAX);
        return false;
    }
    if (!calendar) {
        snprintf(e->text, sizeof(e->text), "no loaded profile has a <calendar>: a world needs one");
        return false;
    }
    if (start < DAY || end > INT64_MAX - DAY) {
        snprintf(e->text, sizeof(e->text), "the window reaches past the times that a world has, 1601-01-02 to the year 30828");
        return false;
    }
    *c = (struct wev_clock){.start = start, .end = end, .zone = *zone, .calendar = calendar};
    uint64_t from = start + (uint64_t)zone->offset_100ns, to = end + (uint64_t)zone->offset_100ns;
    c->first_day = from / DAY;
    c->days = to / DAY - c->first_day + 1;
    uint64_t *before = WEV_NEW_N(arena, c->days + 1, uint64_t);
    uint8_t *kind = WEV_NEW_N(arena, c->days + 2, uint8_t);
    uint32_t *summer = WEV_NEW_N(arena, c->days + 1, uint32_t);
    c->before = before;
    c->kind = kind;
    c->summer = summer;
    for (uint64_t d = 0; d < c->days + 2; d++) { kind[d] = kind_of(calendar, c->first_day + d - 1); }
    for (uint64_t d = 0; d < c->days; d++) {
        for (unsigned h = 0; h < 24; h++) { summer[d] |= (uint32_t)wev_zone_is_summer(zone, (c->first_day + d) * 24 + h) << h; }
        before[d + 1] = before[d];
        for (unsigned h = 0; h < 24; h++) { before[d + 1] += HOUR * weight(c, d, h); }
    }
    c->from = activity_until(c, from);
    c->span = activity_until(c, to) - c->from;
    e->code = WEV_OK;
    return true;
}

uint32_t wev_clock_most(const struct wev_clock *c)
{
    uint32_t most = 1;
    for (uint64_t d = 0; d < c->days; d++) {
        for (unsigned h = 0; h < 24; h++) { most = weight(c, d, h) > most ? weight(c, d, h) : most; }
    }
    return most;
}

uint64_t wev_clock_room(const struct wev_clock *c)
{
    return c->span / (2ull * wev_clock_most(c));
}

uint64_t wev_clock_swing(const struct wev_clock *c, bool near)
{
    uint64_t swing = 10, low = UINT32_MAX, high = 0;
    for (uint64_t k = 0; k < c->days * 24; k++) {
        uint32_t w = weight(c, k / 24, (unsigned)(k % 24));
        if (near && k) {
            low = w;
            high = weight(c, (k - 1) / 24, (unsigned)((k - 1) % 24));
        } else {
            low = w < low ? w : low;
            high = w > high ? w : high;
        }
        if (low && (high * 10 + low - 1) / low > swing) { swing = (high * 10 + low - 1) / low; }
    }
    return swing;
}

static void enter(const struct wev_clock *c, uint64_t day, unsigned h, uint64_t sum, struct wev_clock_hint *hint)
{
    *hint = (struct wev_clock_hint){.day = day, .low = sum, .high = sum + HOUR * weight(c, day, h),
                                    .since = (c->first_day + day) * DAY + h * HOUR, .weight = weight(c, day, h),
                                    .people = people(c, day, h)};
}

void wev_clock_seek(const struct wev_clock *c, uint64_t activity, struct wev_clock_hint *hint)
{
    uint64_t low = 0, high = c->days - 1;
    while (low < high) {
        uint64_t mid = (low + high) / 2;
        if (c->before[mid + 1] > activity) { high = mid; } else { low = mid + 1; }
    }
    uint64_t sum = c->before[low];
    unsigned h = 0;
    while (h < 23 && activity - sum >= HOUR * weight(c, low, h)) { sum += HOUR * weight(c, low, h++); }
    enter(c, low, h, sum, hint);
}

uint64_t wev_clock_activity(const struct wev_clock *c, uint64_t time, struct wev_clock_hint *hint)
{
    uint64_t local = time + (uint64_t)c->zone.offset_100ns;
    if (!hint->weight || local - hint->since >= HOUR) {
        uint64_t day = local / DAY - c->first_day, sum = c->before[day];
        unsigned at = (unsigned)(local % DAY / HOUR);
        for (unsigned h = 0; h < at; h++) { sum += HOUR * weight(c, day, h); }
        enter(c, day, at, sum, hint);
    }
    return hint->low + (local - hint->since) * hint->weight;
}

uint64_t wev_clock_unit(const struct wev_clock *c, uint64_t time, uint64_t total, struct wev_clock_hint *hint)
{
    uint64_t activity = wev_clock_activity(c, time, hint) - c->from, unit = (uint64_t)((wev_u128)activity * total / c->span);
    return unit + (unit + 1 < total && time >= wev_clock_at(c, unit + 1, total, hint)); // both roundings are downwards
}

// What the wall's clock is ahead of standard time at a time of that.
static uint64_t ahead(const struct wev_clock *c, uint64_t standard)
{
    uint64_t hour = standard / HOUR, day = hour / 24 - c->first_day;
    bool summer = day < c->days ? c->summer[day] >> hour % 24 & 1 : wev_zone_is_summer(&c->zone, hour);
    return summer ? (uint64_t)c->zone.shift * HOUR : 0; // a shift below 0 wraps, and sums with it wrap back
}

// When in standard time the wall's clock first shows that, or jumps over it.
static uint64_t first_shown(const struct wev_clock *c, uint64_t wall)
{
    uint64_t at = wall - (c->zone.shift > 0 ? (uint64_t)c->zone.shift * HOUR : 0);
    for (;;) { // shown and wanted differ by the shift at most, which is some hours
        uint64_t wanted = wall - ahead(c, at);
        if (wanted <= at) { return at; }
        if (wanted / HOUR == at / HOUR) { return wanted; }
        at += HOUR - at % HOUR;
    }
}

uint64_t wev_clock_period(const struct wev_clock *c, uint64_t time, uint64_t step, uint64_t phase, uint64_t *since)
{
    uint64_t standard = time + (uint64_t)c->zone.offset_100ns, shown = standard + ahead(c, standard) - phase, n = shown / step;
    while (first_shown(c, (n + 1) * step + phase) <= standard) { n++; } // the clock was set back behind a period's begin
    *since = first_shown(c, n * step + phase) - (uint64_t)c->zone.offset_100ns;
    return n;
}

uint64_t wev_clock_in_hours(const struct wev_clock *c, uint64_t time, unsigned hour, unsigned hours)
{
    uint64_t standard = time + (uint64_t)c->zone.offset_100ns, shown = standard + ahead(c, standard), passed = shown % DAY;
    return first_shown(c, shown - passed + hour * HOUR + passed / 24 * hours) - (uint64_t)c->zone.offset_100ns;
}

uint32_t wev_clock_weight(const struct wev_clock *c, uint64_t hour, unsigned *shown)
{
    *shown = (unsigned)(hour % 24);
    wall(c, hour / 24, shown);
    return weight(c, hour / 24, (unsigned)(hour % 24));
}
