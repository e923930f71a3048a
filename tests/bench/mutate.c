// mutate FILE CALLS: CPU time of a call of the mutator on that input, as a program that links the library sees it.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t cap, unsigned int seed);

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static uint8_t in[4096], p[4096];
    FILE *f = argc == 3 ? fopen(argv[1], "rb") : NULL;
    size_t n = f ? fread(in, 1, sizeof(in), f) : 0, bytes = 0;
    unsigned calls = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    if (f) { fclose(f); }
    if (!n || !calls) { return fprintf(stderr, "usage: mutate FILE CALLS\n"), 2; }
    memcpy(p, in, n);
    LLVMFuzzerCustomMutator(p, n, sizeof(p), 0); // loads the schema
    double from = cpu();
    for (unsigned seed = 1; seed <= calls; seed++) {
        memcpy(p, in, n);
        bytes += LLVMFuzzerCustomMutator(p, n, sizeof(p), seed);
    }
    printf("%.2f us a call, %u calls on %zu bytes, which become %zu\n", (cpu() - from) * 1e6 / calls, calls, n, bytes / calls);
    return 0;
}
