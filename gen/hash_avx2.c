// The same hash with AVX2; the Makefile compiles this file with -mavx2 where the target is x86-64.
#include "gen/hash.h"

#if defined(__x86_64__)
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t wev_hash64_avx2(const void *p, size_t n)
{
    return XXH3_64bits(p, n);
}
#else
typedef int wev_hash_avx2_is_empty; // ISO C wants a declaration
#endif
