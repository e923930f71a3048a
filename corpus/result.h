// What a parser made of a case, and how results are counted and written.
#ifndef WEV_RESULT_H
#define WEV_RESULT_H

#include "corpus/child.h"
#include "corpus/suite.h"

enum { WEV_RESULT_COMMAND = 4096 }; // room for the command that makes a document

enum wev_result_kind {
    WEV_RESULT_PASS,
    WEV_RESULT_SHOULD_HAVE_PASSED,
    WEV_RESULT_SHOULD_HAVE_FAILED,
    WEV_RESULT_WRONG_VALUE,
    WEV_RESULT_CRASH,
    WEV_RESULT_TIMEOUT,
    WEV_RESULT_ACCEPTED, // of an `i`: neither right nor wrong
    WEV_RESULT_REJECTED,
    WEV_RESULT_COUNT,
};
extern const char *const wev_result_names[WEV_RESULT_COUNT];

struct wev_outcome {
    uint8_t kind;   // enum wev_result_kind
    bool counted;   // the parser answers for this layer
    bool known;     // the baseline has it
    char *said;     // the head of what it printed, and how it ended; malloc
};

// Which exit statuses reject: "1", "1,2,10-20".
struct wev_rejects {
    uint64_t bits[4];
};
bool wev_result_rejects(struct wev_rejects *out, const char *text);

// Which of the expected values an answer that prints some must have.
enum wev_result_values {
    WEV_VALUES_DATA,    // every Data that has a name
    WEV_VALUES_ALL,     // and every value of the header
    WEV_VALUES_PRINTED, // none
};

// Judges one run. Fills kind and said. False: out of memory.
bool wev_result_of(const struct wev_suite_case *c, const struct wev_child *child, const struct wev_rejects *rejects, enum wev_result_values values,
                   struct wev_outcome *out);
bool wev_result_sanitizer(const struct wev_child *child); // a sanitizer reports in its error output
bool wev_result_is_bad(const struct wev_outcome *o); // wrong, crashed or hung

struct wev_results {
    const struct wev_suite *suite;
    const struct wev_outcome *outcomes; // one a case
    const char *parser;                 // its name, or its command line
    const char *about;                  // a line about it; NULL: none
    double seconds;
};
void wev_result_table(const struct wev_results *r, bool quiet); // to standard output
// Each writes aside and renames; error names the file.
bool wev_result_html(const struct wev_results *r, const char *path, struct wev_error *error);
bool wev_result_json(const struct wev_results *r, const char *path, struct wev_error *error);
bool wev_result_junit(const struct wev_results *r, const char *path, struct wev_error *error);
bool wev_result_sarif(const struct wev_results *r, const char *path, struct wev_error *error);
bool wev_result_baseline(const struct wev_results *r, const char *path, struct wev_error *error);
// Marks the failures that the baseline at `path` knows; prints those that are none any more.
bool wev_result_known(const struct wev_suite *suite, struct wev_outcome *outcomes, const char *path, struct wev_error *error);

#endif
