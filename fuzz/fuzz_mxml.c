// Mini-XML under test, as C programs use it, without any check before it. What it finds are Mini-XML's own faults: the
// sanitizers are the law. The strict shell's harness is fuzz_mxml_strict.c.
#include "fuzz/law.h"
#include "fuzz/target.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const struct wev_target *target = wev_target_find("mxml");
    void *reader = target->open(wev_law_schema()); // one a document: nothing is left for the leak check to meet later
    struct wev_target_result result;
    uint8_t *copy = wev_law_copy(p, n);
    if (reader) { target->run(reader, copy, n, &result); }
    target->close(reader);
    free(copy);
    return 0;
}
