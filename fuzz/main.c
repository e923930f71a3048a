// The program wevfuzz: finds the subcommand. One row each.
#include "corpus/commands.h"
#include "fuzz/cmd.h"
#include "schema/base.h"
#include "schema/wev.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
};

static const struct command commands[] = {
    {"run", wev_fuzz_run_main, "fuzz a target with libFuzzer, AFL++ or our own generator; one bucket a bug"},
    {"triage", wev_fuzz_triage_main, "sort what a fuzzer left into one bucket a bug"},
    {"target", wev_fuzz_target_main, "one document through a parser: exit 0 accepted, 1 refused, and what it read as JSON"},
    {"call", wev_call_main, "a function of a shared object on standard input; what LIB.so:SYMBOL starts"},
};

static void usage(FILE *to)
{
    fputs("usage: wevfuzz COMMAND ...\n       wevfuzz --version | --help\n\n", to);
    for (size_t k = 0; k < WEV_COUNT(commands); k++) { fprintf(to, "  %-8s %s\n", commands[k].name, commands[k].what); }
    fputs("\nwevfuzz COMMAND --help says more.\n", to);
}

int main(int argc, char **argv)
{
    static char program[] = "wevfuzz"; // how getopt's messages begin
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name) {
        usage(stderr);
        return 2;
    }
    if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
        usage(stdout);
        return 0;
    }
    if (!strcmp(name, "--version")) {
        puts("wevfuzz " WEV_VERSION);
        return 0;
    }
    for (size_t k = 0; k < WEV_COUNT(commands); k++) {
        if (strcmp(name, commands[k].name) != 0) { continue; }
        argv[1] = program;
        return commands[k].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "wevfuzz: unknown command \"%s\"; try --help\n", name);
    return 2;
}
