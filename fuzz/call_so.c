// A harness for a function of any shared object: WEV_CALL=LIB.so:SYMBOL, int SYMBOL(const uint8_t *, size_t). Built as
// fuzz/call for libFuzzer and for AFL++. Coverage is the object's own, if it was compiled for it.
#include "fuzz/law.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CANNOT = 125 };

int LLVMFuzzerInitialize(int *argc, char ***argv);

static int (*function)(const uint8_t *, size_t);

static _Noreturn void give_up(const char *what, const char *value)
{
    fprintf(stderr, "call: %s \"%s\"\n", what, value);
    _exit(CANNOT);
}

static void load(void)
{
    const char *spec = getenv("WEV_CALL"), *colon = spec ? strrchr(spec, ':') : NULL;
    char path[4096];
    if (!colon || (size_t)(colon - spec) >= sizeof(path)) { give_up("wanted WEV_CALL=LIB.so:SYMBOL, not", spec ? spec : ""); }
    memcpy(path, spec, (size_t)(colon - spec));
    path[colon - spec] = 0;
    void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!lib) { give_up("cannot load", dlerror()); }
    void *symbol = dlsym(lib, colon + 1);
    if (!symbol) { give_up("has no such symbol:", spec); }
    memcpy(&function, &symbol, sizeof(function)); // ISO C has no cast from object to function
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    load();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    if (!function) { load(); }
    uint8_t *copy = wev_law_copy(p, n);
    function(copy, n);
    free(copy);
    return 0;
}
