// The program wevcorpus: finds the subcommand. One row each.
#include "corpus/commands.h"
#include "schema/wev.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
};

static const struct command commands[] = {
    {"judge", wev_judge_main, "give each document a verdict: y accept, n reject, i either"},
    {"support", wev_support_main, "can the profile make these real records? Each value, and the rules that tie them"},
    {"run", wev_run_main, "any parser on a suite of documents: what it wrongly accepts, refuses, or dies of"},
    {"html", wev_html_main, "results of several runs as one page: parsers across, cases down"},
    {"results", wev_results_main, "the same as one Markdown page, for a repository"},
    {"build", wev_build_main, "events into a store: documents by the hash of their bytes, and where each comes from"},
    {"add", wev_add_main, "files, folders, suites and other stores into a store, judged on the way in"},
    {"verify", wev_verify_main, "what of a store was changed, is missing, foreign or judged otherwise"},
    {"stat", wev_stat_main, "what a store holds: verdicts, layers, reasons, classes, events, sizes"},
    {"dedupe", wev_dedupe_main, "documents that differ in values alone; in other folders, files with the same bytes"},
    {"min", wev_min_main, "few documents of a store that have all that it has"},
    {"export", wev_export_main, "a store for libFuzzer, AFL++, Go, Jazzer, pytest, or as tar; dictionary and options beside"},
    {"call", wev_call_main, "a function of a shared object on standard input; what run --so starts"},
};
enum { COUNT = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *to)
{
    fputs("usage: wevcorpus COMMAND ...\n       wevcorpus --version | --help\n\n", to);
    for (size_t k = 0; k < COUNT; k++) { fprintf(to, "  %-8s %s\n", commands[k].name, commands[k].what); }
    fputs("\nwevcorpus COMMAND --help says more.\n", to);
}

int main(int argc, char **argv)
{
    static char program[] = "wevcorpus"; // how getopt's messages begin
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
        puts("wevcorpus " WEV_VERSION);
        return 0;
    }
    for (size_t k = 0; k < COUNT; k++) {
        if (strcmp(name, commands[k].name) != 0) { continue; }
        argv[1] = program;
        return commands[k].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "wevcorpus: unknown command \"%s\"; try --help\n", name);
    return 2;
}
