// The splitter of `wevcorpus judge` on any stream. Laws: it ends; documents come in order and do not overlap; what it gives
// are the input's bytes; and what it leaves out between two is blank, or the end of a wrapper.
#include "fuzz/law.h"

#include "corpus/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 4096 }; // small, so that a fuzzer gets past it

static void law_left_out(const char *p, size_t n)
{
    while (n > 0) {
        if (n >= 8 && !memcmp(p, "</Events", 8)) {
            p += 8;
            n -= 8;
        } else {
            WEV_LAW(strchr(" \t\r\n>", *p) && *p, "a byte 0x%02x is in no document", (unsigned char)*p);
            p++;
            n--;
        }
    }
}

static void law_slices(struct wev_split *s, const char *input, size_t size)
{
    struct wev_slice slice;
    uint64_t end = 0;
    size_t count = 0;
    while (wev_split_next(s, &slice)) {
        WEV_LAW(++count <= size + 2, "%zu documents in %zu bytes", count, size);
        WEV_LAW(slice.offset >= end && slice.offset <= size, "a document at %llu, after one that ends at %llu",
                (unsigned long long)slice.offset, (unsigned long long)end);
        law_left_out(input + end, (size_t)(slice.offset - end));
        if (slice.n > LIMIT) { return; } // only its size is promised, and after `over` not that
        WEV_LAW(slice.n <= size - slice.offset, "a document past the end");
        WEV_LAW(!slice.n || !memcmp(input + slice.offset, slice.p, slice.n), "other bytes than the input's");
        end = slice.offset + slice.n;
    }
    WEV_LAW(s->error == 0, "errno %d from memory", s->error);
    law_left_out(input + end, size - end);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static int fd = -1;
    struct wev_split s;
    if (fd < 0) { fd = memfd_create("input", MFD_CLOEXEC); }
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, p, n, 0) != (ssize_t)n) { return 0; }
    for (int one = 0; one < 2; one++) {
        lseek(fd, 0, SEEK_SET);
        if (!wev_split_open(&s, fd, LIMIT, one)) { return 0; }
        law_slices(&s, (const char *)p, n);
        wev_split_close(&s);
    }
    return 0;
}
