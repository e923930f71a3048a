// wevcorpus call: one function of a shared object on the document at standard input; what run --so starts.
#include "corpus/commands.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 64 << 20, CANNOT = 125 };

static int complain(const char *what, const char *value)
{
    fprintf(stderr, "wevcorpus: call: %s \"%s\"\n", what, value);
    return CANNOT;
}

static uint8_t *read_all(size_t *n)
{
    uint8_t *p = NULL;
    for (size_t cap = 0;;) {
        if (*n == cap) {
            cap = cap ? 2 * cap : 65536;
            uint8_t *more = cap <= DOCUMENT_MAX ? realloc(p, cap) : NULL;
            if (!more) { break; }
            p = more;
        }
        ssize_t got = read(STDIN_FILENO, p + *n, cap - *n);
        if (got < 0) { break; }
        if (got == 0) { return p; }
        *n += (size_t)got;
    }
    free(p);
    return NULL;
}

// To the byte, so that a sanitizer or a guard page sees who reads on.
static uint8_t *exact(uint8_t *p, size_t n)
{
    uint8_t *copy = p ? malloc(n ? n : 1) : NULL;
    if (copy && n) { memcpy(copy, p, n); }
    free(p);
    return copy;
}

int wev_call_main(int argc, char **argv)
{
    const char *colon = argc == 2 ? strrchr(argv[1], ':') : NULL;
    char path[4096];
    size_t n = 0;
    if (!colon || (size_t)(colon - argv[1]) >= sizeof(path)) { return complain("wanted LIB.so:SYMBOL, not", argc > 1 ? argv[1] : ""); }
    memcpy(path, argv[1], (size_t)(colon - argv[1]));
    path[colon - argv[1]] = 0;
    void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!lib) { return complain("cannot load", dlerror()); }
    int (*f)(const uint8_t *, size_t);
    void *symbol = dlsym(lib, colon + 1);
    if (!symbol) { return complain("has no such symbol:", argv[1]); }
    memcpy(&f, &symbol, sizeof(f)); // ISO C has no cast from object to function
    uint8_t *document = exact(read_all(&n), n);
    if (!document) { return complain("cannot read", "standard input"); }
    int status = f(document, n) != 0;
    free(document);
    return status;
}
