// The shared file of the planted bugs. Compiled without a fuzzer's instrumentation.
#include "tests/bench/bugs/canary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static struct canary_file *file;

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct canary_file *open_file(void)
{
    const char *path = getenv("BUGBENCH_CANARY");
    int fd = path ? open(path, O_RDWR | O_CREAT, 0644) : -1;
    void *p = MAP_FAILED;
    if (fd >= 0 && !ftruncate(fd, sizeof(struct canary_file))) { p = mmap(NULL, sizeof(struct canary_file),
        PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); }
    if (fd >= 0) { close(fd); }
    if (p == MAP_FAILED) {
        fprintf(stderr, "bugbench: BUGBENCH_CANARY: cannot use \"%s\"\n", path ? path : "");
        exit(2);
    }
    return p;
}

void canary_run(void)
{
    if (!file) { file = open_file(); }
    if (!file->start_ns) { file->start_ns = now_ns(); }
    file->runs++;
}

void canary_hit(unsigned id, unsigned hit)
{
    struct canary_bug *b = &file->bug[id];
    b->reached++;
    if (!hit) { return; }
    if (!b->hits) {
        b->first_run = file->runs;
        b->first_ns = now_ns() - file->start_ns;
    }
    b->hits++;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    canary_run();
    decode_event(p, n);
    return 0;
}
