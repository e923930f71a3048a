// The window of a world as a clock of activity: an amount of activity back to the time at which it had happened.
// Whole numbers throughout. Everything is const once made.
#ifndef WEV_CLOCK_H
#define WEV_CLOCK_H

#include "gen/choice.h"
#include "gen/zone.h"
#include "schema/profile.h"

#define WEV_SECOND 10000000u // 100 ns

struct wev_clock {
    uint64_t start, end;     // [start, end), 100 ns since 1601
    struct wev_zone zone;    // days below are those of its standard time
    uint64_t first_day;      // days since 1601-01-01, which was a Monday
    uint64_t days;
    const uint64_t *before;  // activity of the days before, one per day and one more
    const uint8_t *kind;     // of the day before, of each day, of the day after
    const uint32_t *summer;  // of each day, a bit an hour: summer time is in force
    const struct wev_calendar *calendar;
    uint64_t from, span;     // activity before start, and from start to end
};

// Where a look-up ended, so that the next one near it is quick.
struct wev_clock_hint {
    uint64_t day, low, high; // activity [low, high) is one hour of that day
    uint64_t since;          // the hour's begin, in standard time
    uint32_t weight;         // activity per 100 ns
    uint32_t people;         // of it
};

// False: error says what, with the numbers.
bool wev_clock_make(struct wev_clock *clock, struct wev_arena *arena, const struct wev_calendar *calendar, uint64_t start,
                    uint64_t end, const struct wev_zone *zone, struct wev_error *error);
bool wev_clock_is_leap(uint64_t year);
uint64_t wev_clock_year(uint64_t days); // since 1601-01-01
// The most units that the window holds at two 100 ns each in its busiest hour.
uint64_t wev_clock_room(const struct wev_clock *clock);

void wev_clock_seek(const struct wev_clock *clock, uint64_t activity, struct wev_clock_hint *hint);
// The activity until a time from start to end.
uint64_t wev_clock_activity(const struct wev_clock *clock, uint64_t time, struct wev_clock_hint *hint);
// The unit of `total` in which a time before end lies.
uint64_t wev_clock_unit(const struct wev_clock *clock, uint64_t time, uint64_t total, struct wev_clock_hint *hint);
// How many times as much as in its quietest hour happens in the window's busiest, in tenths rounded up; `near`: as in the hour
// behind it.
uint64_t wev_clock_swing(const struct wev_clock *clock, bool near);
uint32_t wev_clock_most(const struct wev_clock *clock); // activity per 100 ns in the busiest hour
// That of an hour of the clock's days, and which one it is on the wall.
uint32_t wev_clock_weight(const struct wev_clock *clock, uint64_t hour, unsigned *shown);

// The number of the period in which a time lies; periods of `step` begin `phase` after the wall's clock showed 1601-01-01,
// also where that clock was set. No time has a lower number than one before it. *since: when the period began.
uint64_t wev_clock_period(const struct wev_clock *clock, uint64_t time, uint64_t step, uint64_t phase, uint64_t *since);

// The same share of the hours from `hour` on, of the day that the wall shows, as of that whole day has passed.
uint64_t wev_clock_in_hours(const struct wev_clock *clock, uint64_t time, unsigned hour, unsigned hours);

static inline uint64_t wev_clock_time(const struct wev_clock *clock, uint64_t activity, struct wev_clock_hint *hint)
{
    if (activity - hint->low >= hint->high - hint->low) { wev_clock_seek(clock, activity, hint); }
    return hint->since + (activity - hint->low) / hint->weight - (uint64_t)clock->zone.offset_100ns;
}

// The time at edge `unit` of `total` (0 to total); rises by two or more from each to the next.
static inline uint64_t wev_clock_at(const struct wev_clock *clock, uint64_t unit, uint64_t total, struct wev_clock_hint *hint)
{
    if (unit >= total) { return clock->end; }
    return wev_clock_time(clock, clock->from + (uint64_t)((wev_u128)clock->span * unit / total), hint);
}

#endif
