// Mini-XML behind the strict shell. Laws: whatever the bytes, it does not crash or leak, and what the shell promises holds:
// text with a NUL or bad UTF-8 is refused by the shell, never by chance.
#include "fuzz/law.h"
#include "fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void law_shell(const uint8_t *p, size_t n, const struct wev_target_result *r)
{
    WEV_LAW(!n || !memchr(p, 0, n) || !r->accepted, "a NUL was accepted");
    WEV_LAW(r->accepted == !strcmp(r->reason, "ok"), "accepted %d, reason %s", r->accepted, r->reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const struct wev_target *target = wev_target_find("mxml-strict");
    void *reader = target->open(wev_law_schema());
    struct wev_target_result result;
    uint8_t *copy = wev_law_copy(p, n);
    if (reader) {
        target->run(reader, copy, n, &result);
        law_shell(copy, n, &result);
    }
    target->close(reader);
    free(copy);
    return 0;
}
