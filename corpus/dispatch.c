// Finds a program's subcommand. Knows none of them.
#include "corpus/dispatch.h"
#include "schema/wev.h"

#include <stdio.h>
#include <string.h>

static void usage(FILE *to, const char *program, const struct wev_command *commands, size_t count)
{
    fprintf(to, "usage: %s COMMAND ...\n       %s --version | --help\n\n", program, program);
    for (size_t k = 0; k < count; k++) { fprintf(to, "  %-8s %s\n", commands[k].name, commands[k].what); }
    fprintf(to, "\n%s COMMAND --help says more.\n", program);
}

int wev_dispatch(char *program, const struct wev_command *commands, size_t count, int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name) {
        usage(stderr, program, commands, count);
        return 2;
    }
    if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
        usage(stdout, program, commands, count);
        return 0;
    }
    if (!strcmp(name, "--version")) {
        printf("%s " WEV_VERSION "\n", program);
        return 0;
    }
    for (size_t k = 0; k < count; k++) {
        if (strcmp(name, commands[k].name) != 0) { continue; }
        argv[1] = program; // how getopt's messages begin
        return commands[k].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "%s: unknown command \"%s\"; try --help\n", program, name);
    return 2;
}
