// Planted bugs, recorded as Magma does (Hazimeh et al., 2020): where memory would be damaged a canary is written to a shared
// file and the decoder goes on safely, so that one campaign can find them all. No branch of its own for a fuzzer to see.
#ifndef BENCH_CANARY_H
#define BENCH_CANARY_H

#include <stddef.h>
#include <stdint.h>

enum { CANARY_BUGS = 96 };

// The file that BUGBENCH_CANARY names.
struct canary_file {
    uint64_t runs;      // executions of the decoder
    uint64_t start_ns;  // of the first, by the monotonic clock
    struct canary_bug {
        uint64_t reached; // times its place was passed
        uint64_t hits;
        uint64_t first_run, first_ns; // of the first hit; ns since start
    } bug[CANARY_BUGS];
};

void canary_run(void);                     // one more execution
void canary_hit(unsigned id, unsigned hit); // hit: 0 or not
#define BUG(id, hit) canary_hit((id), (unsigned)(hit))

// The decoder under test: not our read side, not our write side. 0: taken.
int decode_event(const uint8_t *p, size_t n);

#endif
