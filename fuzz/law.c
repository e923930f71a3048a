// The end of a harness that found something, and the state that engines leave no other place for.
#include "fuzz/law.h"

#include "fuzz/env.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wev_law_broken(const char *format, ...)
{
    va_list args;
    fflush(stdout);
    fputs("law broken: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "harness: %s\n", why);
    exit(2);
}

uint8_t *wev_law_copy(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy) { give_up("out of memory"); }
    if (n) { memcpy(copy, p, n); }
    return copy;
}

const struct wev_schema *wev_law_schema(void)
{
    static struct wev_schema *schema;
    char error[480];
    if (!schema) { schema = wev_env_schema(error, sizeof(error)); }
    if (!schema) { give_up(error); }
    return schema;
}
