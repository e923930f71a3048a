// wevcorpus html: results of several runs as one page.
#include "corpus/commands.h"
#include "corpus/page.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { RESULTS_MAX = 256 << 20 };

static const char usage[] =
    "usage: wevcorpus html -o PAGE.html RESULTS.json...\n"
    "\n"
    "  RESULTS are what run --json wrote, one a parser. The page is a matrix, parsers across and cases down; a cell shows the\n"
    "  document with its break, the rule, and what the parser said.\n"
    "\n"
    "  -o, --output FILE   the page\n"
    "      --help\n"
    "\n"
    "exit status: 0 written, 2 could not run\n";

static int complain(const char *what)
{
    fprintf(stderr, "wevcorpus: html: %s\n", what);
    return 2;
}

static bool add_file(struct wev_page *page, const char *path, struct wev_error *e)
{
    struct wev_span text;
    json_error_t why;
    if (!wev_file_read(path, RESULTS_MAX, &text, e)) { return false; }
    json_t *run = json_loadb(text.p, text.n, 0, &why);
    free((char *)(uintptr_t)text.p);
    bool good = run && wev_page_add(page, run, path, e);
    if (!run) { snprintf(e->text, sizeof(e->text), "%.200s:%d: %.160s", path, why.line, why.text); }
    json_decref(run);
    return good;
}

int wev_html_main(int argc, char **argv)
{
    static const struct option options[] = {{"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    const char *out = NULL;
    struct wev_page page;
    struct wev_error e = {.code = WEV_OK, .text = "out of memory"};
    int c;
    while ((c = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
        if (c == 'o') { out = optarg; }
        if (c == 'h') { return fputs(usage, stdout) < 0 ? 2 : 0; }
        if (c == '?') { return complain("try html --help"); }
    }
    if (!out || optind == argc) { return complain(out ? "no RESULTS.json" : "no -o PAGE.html"); }
    bool good = wev_page_begin(&page);
    for (; good && optind < argc; optind++) { good = add_file(&page, argv[optind], &e); }
    good = good && wev_page_write(&page, out, &e);
    wev_page_free(&page);
    return good ? 0 : complain(e.text);
}
