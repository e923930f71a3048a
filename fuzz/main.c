// The program wevfuzz: its subcommands, one row each.
#include "corpus/commands.h"
#include "corpus/dispatch.h"
#include "fuzz/cmd.h"
#include "schema/base.h"

static const struct wev_command commands[] = {
    {"run", wev_fuzz_run_main, "fuzz a target with libFuzzer, AFL++ or our own generator; one bucket a bug"},
    {"triage", wev_fuzz_triage_main, "sort what a fuzzer left into one bucket a bug"},
    {"target", wev_fuzz_target_main, "one document through a parser: exit 0 accepted, 1 refused, and what it read as JSON"},
    {"call", wev_call_main, "a function of a shared object on standard input; what LIB.so:SYMBOL starts"},
};

int main(int argc, char **argv)
{
    static char program[] = "wevfuzz";
    return wev_dispatch(program, commands, WEV_COUNT(commands), argc, argv);
}
