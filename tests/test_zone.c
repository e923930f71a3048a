// Time zones: summer time is in force when the C library says so, and what is no zone is refused.
#include "gen/clock.h"
#include "gen/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

// Hours from 1601-01-01 to 1970-01-01.
static const uint64_t epoch = 134774ull * 24;

// forall zones and hours of 2019 to 2033: local time is what localtime_r makes of the same rule
static void summer_is_the_librarys(void **state)
{
    static const char *const zones[] = {
        "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "PST8PDT,M3.2.0/2,M11.1.0/02:00:00", "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "ACST-9:30ACDT,M10.1.0,M4.1.0/3", "IST-5:30", "IST-1GMT0,M10.5.0,M3.5.0/1", "<-03>3<-02>,M3.5.0/0,M10.5.0/1", "AAA2BBB,J60/1,J300/4",
        "AAA2BBB,59/1,299", "AAA-3BBB-5,M2.5.6/23,M12.5.1/22", "AAA4BBB,M2.1.1/0,M11.5.6/24"};
    (void)state;
    for (size_t z = 0; z < WEV_COUNT(zones); z++) {
        struct wev_zone zone;
        if (!wev_zone_read(wev_span_of(zones[z]), &zone)) { fail_msg("%s is not read", zones[z]); }
        setenv("TZ", zones[z], 1);
        tzset();
        for (uint64_t hour = epoch + 49ull * 8766; hour < epoch + 64ull * 8766; hour++) { // of standard time
            time_t utc = (time_t)((hour - epoch) * 3600) - (time_t)(zone.offset_100ns / WEV_SECOND);
            struct tm tm;
            assert_non_null(localtime_r(&utc, &tm));
            int64_t mine = zone.offset_100ns / WEV_SECOND + (wev_zone_is_summer(&zone, hour) ? 3600 * zone.shift : 0);
            if (mine != tm.tm_gmtoff) {
                fail_msg("%s: %d-%02d-%02d %02d:00 local is %ld s from UTC, not %lld", zones[z], tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                         tm.tm_hour, tm.tm_gmtoff, (long long)mine);
            }
        }
    }
    unsetenv("TZ");
    tzset();
}

static int64_t shown(uint64_t time, struct tm *tm) // on the wall, seconds since 1970
{
    time_t utc = (time_t)(time / WEV_SECOND) - (time_t)(epoch * 3600);
    assert_non_null(localtime_r(&utc, tm));
    return (int64_t)utc + tm->tm_gmtoff;
}

// forall zones, phases, times around both changes: a day begins when the wall's clock, as the C library has it, first shows its
// phase or has jumped over it; it ends where the next one begins; days are numbered as those on the wall, and none twice
static void days_begin_by_the_wall(void **state)
{
    static const char *const zones[] = {
        "UTC0", "<+0530>-5:30", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "NZST-12NZDT,M9.5.0,M4.1.0/3", "IST-1GMT0,M10.5.0,M3.5.0/1",
        "<-03>3<-02>,M3.5.0/0,M10.5.0/1", "AAA-3BBB-5,M2.5.6/23,M12.5.1/22"};
    static const uint32_t phases[] = {0, 1800, 8100, 9000, 10799, 30600, 85000}; // seconds of a day
    static const struct wev_calendar calendar = {.machines = {{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}};
    const uint64_t day = 86400ull * WEV_SECOND, start = (epoch + 54ull * 8766 + 700) * 3600 * WEV_SECOND, step = 1740ull * WEV_SECOND;
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(zones) * WEV_COUNT(phases); k++) {
        const char *name = zones[k / WEV_COUNT(phases)];
        uint64_t phase = phases[k % WEV_COUNT(phases)] * (uint64_t)WEV_SECOND, last = 0, last_since = 0, since;
        struct wev_error e = {.code = WEV_OK};
        struct wev_arena arena;
        struct wev_clock c;
        struct wev_zone zone;
        assert_true(wev_arena_new(&arena, 1 << 20) && wev_zone_read(wev_span_of(name), &zone));
        assert_true(wev_clock_make(&c, &arena, &calendar, start, start + 400 * day, &zone, &e));
        setenv("TZ", name, 1);
        tzset();
        for (uint64_t t = start; t < start + 400 * day; t += step) {
            struct tm now, then;
            uint64_t n = wev_clock_period(&c, t, day, phase, &since);
            int64_t wall = shown(t, &now), began = shown(since, &then), wanted = (int64_t)(n * 86400 + phase / WEV_SECOND) - (int64_t)(epoch * 3600);
            bool jumped = began != wanted && shown(since - 1, &then) < wanted && began > wanted; // the clock was put forward over it
            if (t < since || (began != wanted && !jumped) || shown(since - 1, &then) >= wanted || wall - began > 86400 + 3 * 3600) {
                fail_msg("%s, phase %u: %d-%02d-%02d %02d:%02d is of day %llu", name, phases[k % WEV_COUNT(phases)], now.tm_year + 1900, now.tm_mon + 1,
                         now.tm_mday, now.tm_hour, now.tm_min, (unsigned long long)n);
            }
            if (last) { assert_true(n == last ? since == last_since : n == last + 1 && since > t - step); }
            last = n;
            last_since = since;
        }
        wev_arena_free(&arena);
    }
    unsetenv("TZ");
    tzset();
}

static void offsets_are_read(void **state)
{
    static const struct { const char *text; int64_t minutes; } rows[] = {{"UTC", 0}, {"+01:00", 60}, {"-03:30", -210}, {"+14:00", 840}, {"<+0545>-5:45", 345}};
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        struct wev_zone zone;
        assert_true(wev_zone_read(wev_span_of(rows[k].text), &zone));
        assert_true(zone.offset_100ns == rows[k].minutes * 60 * (int64_t)WEV_SECOND);
        assert_int_equal(zone.shift, 0);
    }
}

static void what_is_no_zone_is_refused(void **state)
{
    static const char *const rows[] = {
        "", "Berlin", "Europe/Berlin", "+1:00", "+01-00", "+15:00", "+01:60", "01:00", "CET", "CE-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/25", "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-1CEST,M3.5.0,M10.5.0/2:30", "CET-25", "CET-1CEST-1,M3.5.0,M10.5.0", "LHST-10:30LHDT-11,M10.1.0,M4.1.0", "CET-1CEST,J0,J300", "CET-1CEST,366,300",
        "<CET-1", "CET-99999999999999999999", "AAA0BBB-9,M3.5.0,M10.5.0"};
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        struct wev_zone zone;
        if (wev_zone_read(wev_span_of(rows[k]), &zone)) { fail_msg("\"%s\" is read", rows[k]); }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summer_is_the_librarys),
        cmocka_unit_test(days_begin_by_the_wall),
        cmocka_unit_test(offsets_are_read),
        cmocka_unit_test(what_is_no_zone_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
