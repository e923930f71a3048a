// What harnesses share. A harness is one file fuzz_NAME.c that defines LLVMFuzzerTestOneInput and asserts laws; the same
// source is built for libFuzzer, for AFL++ (afl.c) and for plain replay (replay.c).
#ifndef WEV_LAW_H
#define WEV_LAW_H

#include <stddef.h>
#include <stdint.h>

struct wev_schema;

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n); // what an engine calls

// A law does not hold: says which on standard error and aborts. On the stack the function that asserted it is the first
// that is not named wev_law_*, so that triage can tell laws apart.
_Noreturn void wev_law_broken(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define WEV_LAW(holds, ...) ((holds) ? (void)0 : wev_law_broken(__VA_ARGS__))

// The input in a block of exactly its size, so that a read past its end is seen. Ends the process when there is no memory.
uint8_t *wev_law_copy(const uint8_t *p, size_t n); // free()

// The schema of the process (see env.h), loaded at the first call. Ends the process with status 2 when it does not load.
const struct wev_schema *wev_law_schema(void);

#endif
