// What each planted bug is, and a change to the sample that sets it off.
#ifndef BENCH_POCS_H
#define BENCH_POCS_H

#include "tests/bench/bugs/canary.h"

struct poc {
    unsigned id;
    unsigned set;       // 1: the first set; 2: planted after the mutator had been measured on the first; 3, 4: by who had not seen it
    const char *family; // of ../shared's catalogue of defects: "repetition", "calendar", …
    const char *name;
    const char *from[3], *to[3]; // the first place of `from` becomes `to`; all pairs. NULL: no more
    size_t times;       // copies of `to` in the first pair; 0 is 1
    char wide;          // then: 'w' to UTF-16 with its mark, 'o' and a byte more, 's' and a lone surrogate for the first 'x', 'n' without a mark
};
extern const struct poc pocs[];
extern const size_t poc_count;

#endif
