// floor N FILE: the physical limit, one fixed event copied into a buffer and written.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int put_out(const char *p, const char *end)
{
    while (p < end) {
        ssize_t n = write(1, p, (size_t)(end - p));
        if (n < 0) { return 1; }
        p += n;
    }
    return 0;
}

int main(int argc, char **argv)
{
    enum { CAP = 1 << 20, EVENT_MAX = 8192 };
    static char event[EVENT_MAX], buffer[CAP + EVENT_MAX];
    if (argc < 3) { return 2; }
    long n = strtol(argv[1], NULL, 10);
    FILE *f = fopen(argv[2], "rb");
    if (!f) { return 2; }
    size_t size = fread(event, 1, sizeof(event), f);
    fclose(f);
    char *p = buffer;
    for (long i = 0; i < n; i++) {
        memcpy(p, event, size);
        __asm__ volatile("" ::: "memory"); // or the compiler drops copies that are overwritten
        p += size;
        if (p - buffer >= CAP) {
            if (put_out(buffer, p)) { return 1; }
            p = buffer;
        }
    }
    return put_out(buffer, p);
}
