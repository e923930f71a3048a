// What is under test: a harness of ours by name, a function of a shared object, or any program; and the commands that run it.
#ifndef WEV_SUBJECT_H
#define WEV_SUBJECT_H

#include "corpus/child.h"
#include "fuzz/crash.h"

#include <limits.h>

enum wev_subject_kind { WEV_SUBJECT_HARNESS, WEV_SUBJECT_OBJECT, WEV_SUBJECT_COMMAND };
enum wev_engine_kind { WEV_ENGINE_LIBFUZZER, WEV_ENGINE_AFL, WEV_ENGINE_REPLAY };
enum { WEV_SUBJECT_ARGS = 64 };

struct wev_subject {
    uint8_t kind;                        // enum wev_subject_kind
    char name[64];                       // as a file name
    char object[PATH_MAX + 256];         // LIB:SYMBOL with an absolute path
    char *argv[WEV_SUBJECT_ARGS + 1];    // one input in a process of its own: as "@@", else on standard input
    char *engine[WEV_SUBJECT_ARGS + 1];  // what the engine starts
    bool sanitized;                      // it has a sanitizer, which needs addresses without limit
    bool libfuzzer;                      // argv is a libFuzzer program: it can watch its own time
    bool covered;                        // the engine sees its coverage
    bool afl;                            // compiled by AFL++
};

// Where the parts are: of a source tree when this program lies in its build folder, else beside the installed program.
struct wev_place {
    char root[PATH_MAX - 512];  // the source tree; "": there is none
    char prefix[PATH_MAX - 512]; // else <prefix>/bin holds this program
    char self[PATH_MAX];
};
void wev_place_find(struct wev_place *p);
// The first corpus of a harness, or, for NULL, of any reader of events. False: there is none.
bool wev_place_seeds(const struct wev_place *p, const char *harness, char *path, size_t cap);
// The dictionary and, for AFL++, the mutator: built first in a source tree. "" where there is none.
bool wev_place_parts(const struct wev_place *p, enum wev_engine_kind engine, char dict[PATH_MAX], char mutator[PATH_MAX], struct wev_error *error);
bool wev_place_file(const struct wev_place *p, const char *built, const char *installed, char *path, size_t cap);

// spec: NAME or LIB.so:SYMBOL; NULL: argv is the command. Builds what a source tree lacks, and says so on standard error.
// False: error says what is missing, and the Debian package that has it.
bool wev_subject_find(struct wev_subject *s, const struct wev_place *p, const char *spec, char **argv, enum wev_engine_kind engine,
                      struct wev_error *error);
void wev_subject_free(struct wev_subject *s);

// Runs it on one input.
bool wev_subject_run(const struct wev_subject *s, const char *path, const struct wev_child_limits *limits, struct wev_child *child,
                     struct wev_error *error);
// The same as a shell's line, for people. Caller frees; NULL: out of memory.
char *wev_subject_command(const struct wev_subject *s, const char *path);

// Whether any of these texts, NULL at the end, is in the file.
bool wev_subject_holds(const char *path, const char *const *texts);
// The program's absolute path from PATH. False: it is not there.
bool wev_subject_program(const char *name, char path[PATH_MAX]);

#endif
