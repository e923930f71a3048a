// The program wevcorpus: its subcommands, one row each.
#include "corpus/commands.h"
#include "corpus/dispatch.h"
#include "schema/base.h"

static const struct wev_command commands[] = {
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

int main(int argc, char **argv)
{
    static char program[] = "wevcorpus";
    return wev_dispatch(program, commands, WEV_COUNT(commands), argc, argv);
}
