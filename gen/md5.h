// MD5 (RFC 1321), for the names of key container files alone.
#ifndef WEV_MD5_H
#define WEV_MD5_H

#include <stddef.h>
#include <stdint.h>

void wev_md5(const uint8_t *p, size_t n, uint8_t digest[16]);

#endif
