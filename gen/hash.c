// XXH3-64, by the processor at hand: labels hash every byte that is made.
#include "gen/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t wev_hash64(const void *p, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) { return wev_hash64_avx2(p, n); }
#endif
    return XXH3_64bits(p, n);
}
