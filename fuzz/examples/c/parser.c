// Stands for your parser: it finds the event's id, and overruns its buffer on a long one.
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int parse(const uint8_t *p, size_t n);

static int take_id(const uint8_t *p, size_t n)
{
    char id[8];
    memcpy(id, p, n); // EventID is at most five digits, or so it thought
    return id[0] == '5';
}

int parse(const uint8_t *p, size_t n)
{
    static const char tag[] = "<EventID>";
    const uint8_t *at = n ? memmem(p, n, tag, sizeof(tag) - 1) : NULL;
    if (!at) { return 1; }
    at += sizeof(tag) - 1;
    const uint8_t *end = memchr(at, '<', n - (size_t)(at - p));
    return end ? !take_id(at, (size_t)(end - at)) : 1;
}
