// A parser with planted bugs, for the tests of wevfuzz: the byte behind '!' chooses one. Not a part of wevgen.
#include <assert.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static volatile int sink;

__attribute__((noinline)) static void plant_overflow(const uint8_t *p, size_t n)
{
    char *copy = malloc(4);
    memcpy(copy, "abc", 4);
    sink = copy[p[0] % 3 + (n > 0) * 4];
    free(copy);
}

__attribute__((noinline)) static void plant_free(void)
{
    char *volatile q = malloc(8);
    free(q);
    sink = q[1];
}

__attribute__((noinline)) static void plant_leak(size_t n)
{
    char *volatile lost = malloc(n + 1);
    sink = lost != NULL;
    lost = NULL;
}

__attribute__((noinline)) static void plant_integer(size_t n)
{
    volatile int most = 0x7fffffff;
    sink = most + (int)(n > 0);
}

__attribute__((noinline)) static void plant_assert(size_t n)
{
    assert(n > 1000000 && "planted");
}

__attribute__((noinline)) static void plant_abort(void)
{
    abort();
}

__attribute__((noinline)) static void plant_hang(void)
{
    for (;;) { sink++; }
}

static int plant_odd(size_t n);
__attribute__((noinline)) static int plant_even(size_t n)
{
    volatile char room[200] = {(char)n};
    return n ? plant_odd(n + 1) + room[3] : 0;
}

__attribute__((noinline)) static int plant_odd(size_t n)
{
    volatile char room[300] = {(char)n};
    return n ? plant_even(n + 1) + room[4] : 0;
}

__attribute__((noinline)) static void plant_null(void)
{
    int *volatile nothing = NULL;
    sink = *nothing;
}

__attribute__((noinline)) static void plant_nothing(size_t n)
{
    for (size_t k = 0; k < n; k++) { sink++; }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const uint8_t *mark = n ? memchr(p, '!', n) : NULL;
    if (!mark || (size_t)(mark - p) + 1 >= n) { return 0; }
    switch (mark[1]) {
    case 'o': plant_overflow(p, n); break;
    case 'f': plant_free(); break;
    case 'l': plant_leak(n); break;
    case 'i': plant_integer(n); break;
    case 'a': plant_assert(n); break;
    case 'b': plant_abort(); break;
    case 'h': plant_hang(); break;
    case 's': sink = plant_even(n); break;
    case 'n': plant_null(); break;
    case 'k': // only when asked: it takes the fuzzer with it
        if (getenv("PLANTED_KILL")) { kill(0, SIGKILL); }
        break;
    case 'm': // no fuzzer guesses this in seconds: who has it was given it
        if (n - (size_t)(mark - p) > 10 && !memcmp(mark + 1, "magic-5059", 10)) { plant_nothing(n); }
        break;
    case 'w': {
        FILE *f = fopen("planted.txt", "w");
        if (f) { fclose(f); }
        break;
    }
    default: break;
    }
    return 0;
}

#ifdef PLANTED_MAIN
int main(int argc, char **argv)
{
    static uint8_t buf[1 << 20];
    FILE *f = argc > 1 ? fopen(argv[1], "rb") : stdin;
    size_t n = f ? fread(buf, 1, sizeof(buf), f) : 0;
    return LLVMFuzzerTestOneInput(buf, n) || n == 0 || buf[0] != '<';
}
#endif
