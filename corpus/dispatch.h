// What a program of several subcommands does before one of them runs.
#ifndef WEV_DISPATCH_H
#define WEV_DISPATCH_H

#include <stddef.h>

struct wev_command {
    const char *name;
    int (*run)(int argc, char **argv); // argv from the subcommand's place on; its first word is the program's name
    const char *what;                  // one line of --help
};

// Runs the subcommand that argv[1] names, or answers --help and --version. The exit status; 2 when there is no such subcommand.
int wev_dispatch(char *program, const struct wev_command *commands, size_t count, int argc, char **argv);

#endif
