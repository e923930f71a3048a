// XXH3-64 of a label's bytes: the widest registers that this processor has.
#ifndef WEV_HASH_H
#define WEV_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t wev_hash64(const void *p, size_t n);

#if defined(__x86_64__)
// hash_avx2.c, compiled with -mavx2: only where the processor has it.
uint64_t wev_hash64_avx2(const void *p, size_t n);
#endif

#endif
