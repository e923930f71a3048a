// SHA-256's block function on the processor's own instructions; the caller asks the processor first.
#include "gen/dataset/sha256.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Sixteen rounds' words are four registers; w[g & 3] holds words 4 g to 4 g + 3 and is overwritten by those of g + 4.
__attribute__((target("sha,sse4.1"))) void wev_sha256_ni(uint32_t state[8], const uint8_t *p, size_t n)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const void *)state), 0xb1);         // b a d c
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const void *)(state + 4)), 0x1b); // h g f e turned round
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xf0);
    for (; n > 0; n--, p += 64) {
        __m128i w[4], abef_was = abef, cdgh_was = cdgh;
        for (unsigned g = 0; g < 16; g++) {
            if (g < 4) {
                w[g] = _mm_shuffle_epi8(_mm_loadu_si128((const void *)(p + 16 * g)), swap);
            } else {
                __m128i before = w[(g + 3) & 3], other = w[(g + 2) & 3];
                __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[g & 3], w[(g + 1) & 3]), _mm_alignr_epi8(before, other, 4));
                w[g & 3] = _mm_sha256msg2_epu32(sum, before);
            }
            __m128i in = _mm_add_epi32(w[g & 3], _mm_loadu_si128((const void *)(wev_sha256_roots + 4 * g)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, in);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(in, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_was);
        cdgh = _mm_add_epi32(cdgh, cdgh_was);
    }
    low = _mm_shuffle_epi32(abef, 0x1b);
    high = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((void *)state, _mm_blend_epi16(low, high, 0xf0));
    _mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}
#endif
