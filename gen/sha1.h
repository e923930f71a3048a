// SHA-1 (RFC 3174), for the SIDs of virtual accounts alone.
#ifndef WEV_SHA1_H
#define WEV_SHA1_H

#include <stddef.h>
#include <stdint.h>

void wev_sha1(const uint8_t *p, size_t n, uint8_t digest[20]);

#endif
