// What a world of all scenarios takes: 64 MiB at most, whatever the number of its events.
#include "schema/san.h"
#include "tests/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

static long peak_kib(void)
{
    struct rusage use;
    assert_int_equal(getrusage(RUSAGE_SELF, &use), 0);
    return use.ru_maxrss;
}

// forall totals: the peak of this process, with all plans and some events made, is below 64 MiB
static void worlds_stay_small(void **state)
{
    (void)state;
    static const uint64_t totals[] = {10000, 1000000, 1000000, 100000000}, hosts[] = {0, 0, 1000, 1000000};
    enum { MOST_KIB = 64 << 10 };
    for (size_t t = 0; t < sizeof(totals) / sizeof(totals[0]); t++) {
        struct world w = wev_test_world((struct wev_config){.seed = 1, .total = totals[t], .attack_rate = "1%", .hosts = hosts[t]});
        for (uint64_t i = 0; i < 5000; i++) { wev_test_make(&w, i * (totals[t] / 5000)); }
        wev_test_close(&w);
        if (!(WEV_ASAN || WEV_TSAN) && peak_kib() > MOST_KIB) { fail_msg("%llu events: %ld KiB, more than %d", (unsigned long long)totals[t], peak_kib(), (int)MOST_KIB); }
    }
    if (WEV_ASAN || WEV_TSAN) { skip(); } // a sanitizer's own memory is not ours
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worlds_stay_small)};
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
