// wevcorpus stat: what a store holds, by its index alone.
#include "corpus/commands.h"
#include "corpus/store.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 7, SIZES = 64 };

static const char usage[] =
    "usage: wevcorpus stat [--json] DIR\n"
    "\n"
    "  Counts the documents of a store by verdict, layer, reason, class, event, source and size. Reads the index alone, which\n"
    "  others may be adding to.\n"
    "\n"
    "exit status: 0 fine, 2 could not run\n";

static const char *const group_names[GROUPS] = {"verdict", "layer", "reason", "class", "event", "source", "generator"};

struct counts {
    json_t *groups[GROUPS]; // name to number
    uint64_t documents, bytes, least, most;
    uint64_t sizes[SIZES];  // by the place of the highest bit
};

static void count(json_t *group, struct wev_span name)
{
    char key[200];
    snprintf(key, sizeof(key), "%.*s", (int)(name.n < 199 ? name.n : 199), name.p ? name.p : "");
    json_object_set_new(group, key, json_integer(json_integer_value(json_object_get(group, key)) + 1));
}

// What was added from files has as many sources as files: their folder stands for them.
static struct wev_span source_of(struct wev_span s)
{
    size_t n = s.n;
    while (n && s.p[n - 1] != '/') { n--; }
    return n > 1 ? (struct wev_span){s.p, n - 1} : s;
}

static bool add(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e)
{
    struct counts *c = context;
    char event[48];
    (void)line, (void)e;
    if (row->has_event) {
        snprintf(event, sizeof(event), "%" PRIu64 ":%" PRIu64, row->event, row->version);
    } else {
        snprintf(event, sizeof(event), "none");
    }
    const struct wev_span names[GROUPS] = {{&row->verdict, 1}, row->layer, row->reason, row->class.n ? row->class : WEV_SPAN("none"),
                                           wev_span_of(event), source_of(row->source), row->generator};
    for (size_t g = 0; g < GROUPS; g++) { count(c->groups[g], names[g]); }
    size_t bit = 0;
    while (bit < SIZES - 1 && row->size >> bit > 1) { bit++; }
    c->sizes[bit]++;
    c->least = !c->documents || row->size < c->least ? row->size : c->least;
    c->most = row->size > c->most ? row->size : c->most;
    c->bytes += row->size;
    c->documents++;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_group(const char *title, json_t *group)
{
    size_t n = json_object_size(group), k = 0;
    const char **names = calloc(n ? n : 1, sizeof(*names)), *name;
    json_t *value;
    if (!names) { return; }
    json_object_foreach(group, name, value) { names[k++] = name; }
    qsort(names, n, sizeof(*names), by_name);
    for (k = 0; k < n; k++) {
        printf("%-10s %-40s %10" PRId64 "\n", title, names[k], (int64_t)json_integer_value(json_object_get(group, names[k])));
    }
    free(names);
}

static void print_text(const struct counts *c)
{
    char name[64];
    for (size_t g = 0; g < GROUPS; g++) { print_group(group_names[g], c->groups[g]); }
    for (size_t k = 0; k < SIZES; k++) {
        if (!c->sizes[k]) { continue; }
        snprintf(name, sizeof(name), "%" PRIu64 " to %" PRIu64, k ? (uint64_t)1 << k : 0, ((uint64_t)2 << k) - 1);
        printf("%-10s %-40s %10" PRIu64 "\n", "size", name, c->sizes[k]);
    }
    printf("%" PRIu64 " documents, %" PRIu64 " bytes, %" PRIu64 " to %" PRIu64 " each; %zu classes\n", c->documents, c->bytes, c->least, c->most,
           json_object_size(c->groups[3]) - (json_object_get(c->groups[3], "none") != NULL));
}

static bool print_json(const struct counts *c)
{
    json_t *root = json_pack("{s:I,s:I,s:I,s:I}", "documents", (json_int_t)c->documents, "bytes", (json_int_t)c->bytes, "least",
                             (json_int_t)c->least, "most", (json_int_t)c->most);
    for (size_t g = 0; root && g < GROUPS; g++) { json_object_set(root, group_names[g], c->groups[g]); }
    bool good = root && json_dumpf(root, stdout, JSON_INDENT(1) | JSON_SORT_KEYS) == 0 && putchar('\n') != EOF;
    json_decref(root);
    return good;
}

static int complain(const char *text)
{
    fprintf(stderr, "wevcorpus: stat: %s\n", text);
    return 2;
}

static int run(const char *path, bool json)
{
    struct counts c = {.documents = 0};
    struct wev_store s = {.sync = true};
    struct wev_error e = {.code = WEV_OK};
    bool good = wev_store_open(&s, path, WEV_STORE_READ, false, &e);
    if (!good) { return complain(e.text); }
    for (size_t g = 0; g < GROUPS; g++) { c.groups[g] = json_object(); }
    good = wev_store_each(&s, add, &c, &e);
    int status = good ? 0 : complain(e.text);
    if (good && json && !print_json(&c)) { status = complain("cannot write"); }
    if (good && !json) { print_text(&c); }
    for (size_t g = 0; g < GROUPS; g++) { json_decref(c.groups[g]); }
    wev_store_drop(&s);
    return fflush(stdout) == 0 ? status : complain("cannot write to standard output");
}

enum { OPT_JSON = 256, OPT_HELP };
static const struct option options[] = {{"json", no_argument, NULL, OPT_JSON}, {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0}};

int wev_stat_main(int argc, char **argv)
{
    bool json = false;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case OPT_JSON: json = true; break;
        case OPT_HELP: fputs(usage, stdout); return 0;
        default: fputs("wevcorpus: try stat --help\n", stderr); return 2;
        }
    }
    if (argc - optind != 1) { return complain("which store? Name one folder; try stat --help"); }
    return run(argv[optind], json);
}
