// SHA-256 (FIPS 180-4) of bytes that come in pieces, for SHA256SUMS alone.
#ifndef WEV_SHA256_H
#define WEV_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct wev_sha256 {
    uint32_t state[8];
    uint64_t bytes;
    uint8_t rest[64]; // bytes % 64 of them wait for a whole block
};

void wev_sha256_start(struct wev_sha256 *s);
void wev_sha256_add(struct wev_sha256 *s, const void *p, size_t n);
void wev_sha256_end(struct wev_sha256 *s, char text[65]); // lower hex, NUL-terminated

// What stands in for those instructions: n blocks of 64 bytes.
void wev_sha256_portable(uint32_t state[8], const uint8_t *p, size_t n);

extern const uint32_t wev_sha256_roots[64]; // FIPS 180-4 4.2.2

// sha256_ni.c, for processors with those instructions. n blocks of 64 bytes.
#if defined(__x86_64__)
void wev_sha256_ni(uint32_t state[8], const uint8_t *p, size_t n);
#endif

#endif
