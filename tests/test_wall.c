// The days of people: they log on by the wall's clock, also after it was changed.
#include "tests/world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int64_t day_minutes(uint64_t time) // on the wall: days since 1970 times 1440, and the minute
{
    time_t utc = (time_t)(time / 10000000) - (time_t)(134774ll * 86400);
    struct tm tm;
    assert_non_null(localtime_r(&utc, &tm));
    return ((int64_t)utc + tm.tm_gmtoff) / 60;
}

// A person's logon changes where a morning from 7:30 to 9:30 on the wall lies between two events, and only there, before and after
// both changes of the clock; no event is outside of the window.
static void people_arrive_by_the_wall(void **state)
{
    (void)state;
    static const char *const starts[] = {"2024-03-20T00:00:00Z", "2024-10-16T00:00:00Z"}, *const ends[] = {"2024-04-12T12:34:56Z", "2024-11-08T12:34:56Z"};
    static const char zone[] = "CET-1CEST,M3.5.0,M10.5.0/3";
    uint64_t changed = 0, kept = 0;
    setenv("TZ", zone, 1);
    tzset();
    for (size_t r = 0; r < 2; r++) {
        struct world w = wev_test_world((struct wev_config){.seed = r, .total = 60000, .start = starts[r], .end = ends[r], .hosts = 60, .users = 60, .time_zone = zone});
        struct table t = wev_test_table();
        uint64_t first, end;
        assert_true(wev_make_time(wev_span_of(starts[r]), &first) && wev_make_time(wev_span_of(ends[r]), &end));
        for (uint64_t i = 0; i < wev_test_scaled(60000); i++) {
            char sid[200], key[300], logon[64];
            wev_test_make(&w, i);
            uint64_t time = w.state->frame.moment;
            assert_true(w.event.header[WEV_H_TIME].is.u >= first && w.event.header[WEV_H_TIME].is.u < end);
            wev_test_keep_field(sid, sizeof(sid), &w.event, "SubjectUserSid");
            wev_test_keep_field(logon, sizeof(logon), &w.event, "SubjectLogonId");
            if (strncmp(sid, "S-1-12-1-", 9) != 0) { continue; } // accounts of the cloud: people all
            snprintf(key, sizeof(key), "%s", sid);
            struct seen *s = wev_test_row(&t, key);
            int64_t now = day_minutes(time), then = s->number ? day_minutes(s->number) : now, morning = now / 1440 * 1440 + 450;
            if (morning > now) { morning -= 1440; } // the last one that began
            bool same = !strcmp(s->value, logon);
            if (s->number && same && then < morning && now > morning + 120) { fail_msg("unit %" PRIu64 ": %s kept its logon over a morning", i, sid); }
            if (s->number && !same && then > morning + 120) { fail_msg("unit %" PRIu64 ": %s has another logon, with no morning between", i, sid); }
            changed += s->number && !same;
            kept += s->number && same;
            s->number = time;
            snprintf(s->value, sizeof(s->value), "%s", logon);
        }
        free(t.rows);
        wev_test_close(&w);
    }
    unsetenv("TZ");
    tzset();
    if (wev_test_scaled(60000) == 60000) { assert_true(changed > 100 && kept > 1000); }
}

// A scenario with hours begins in them, as the wall has it, before and after both changes of the clock; at the window's ends, where
// there may be no such hours left, it may stay where it was. No run is lost.
static void backups_keep_their_window(void **state)
{
    (void)state;
    static const char *const starts[] = {"2024-03-20T00:00:00Z", "2024-10-16T00:00:00Z"}, *const ends[] = {"2024-04-12T12:34:56Z", "2024-11-08T12:34:56Z"};
    static const char zone[] = "CET-1CEST,M3.5.0,M10.5.0/3";
    const uint64_t totals[] = {20000, 400000}, day = 86400ull * WEV_SECOND;
    setenv("TZ", zone, 1);
    tzset();
    for (size_t r = 0; r < 4; r++) {
        uint64_t runs = 0, inside = 0, total = totals[r / 2];
        struct world w = wev_test_world((struct wev_config){.seed = r, .total = total, .start = starts[r % 2], .end = ends[r % 2], .time_zone = zone, .scenarios = "ca-backup:150"});
        const struct wev_world *world = w.options->plan->world;
        for (uint64_t i = 0; i < total; i++) {
            struct wev_frame f;
            wev_layout_find(w.state->layout, world, i, &f);
            if (f.story->story->weight || f.step) { continue; }
            int64_t hour = day_minutes(f.time) % 1440 / 60;
            bool end = f.time < world->clock.start + day || f.time >= world->clock.end - day;
            if (!end && (hour < 18 || hour > 22)) { fail_msg("a run of %" PRIu64 " events begins at %d o'clock", total, (int)hour); }
            runs++;
            inside += hour >= 18 && hour <= 22;
        }
        assert_int_equal(runs, 150);
        assert_in_range(inside, 130, 150);
        wev_test_close(&w);
    }
    unsetenv("TZ");
    tzset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(people_arrive_by_the_wall), cmocka_unit_test(backups_keep_their_window)};
    return cmocka_run_group_tests_name("wall", tests, NULL, NULL);
}
