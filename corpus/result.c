// From a process's end to a result, and the table that people read.
#include "corpus/result.h"

#include "corpus/units.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const wev_result_names[WEV_RESULT_COUNT] = {"PASS", "SHOULD_HAVE_PASSED", "SHOULD_HAVE_FAILED", "WRONG_VALUE",
                                                        "CRASH", "TIMEOUT", "ACCEPTED", "REJECTED"};

static bool cut_number(const char **p, unsigned *out)
{
    char *end;
    unsigned long n = strtoul(*p, &end, 10);
    if (end == *p || **p < '0' || **p > '9' || n > 255) { return false; }
    *out = (unsigned)n;
    *p = end;
    return true;
}

bool wev_result_rejects(struct wev_rejects *r, const char *p)
{
    *r = (struct wev_rejects){{0}};
    for (;; p++) {
        unsigned from, to;
        if (!cut_number(&p, &from)) { return false; }
        to = from;
        if (*p == '-') {
            p++;
            if (!cut_number(&p, &to)) { return false; }
        }
        if (from == 0 || to < from) { return false; } // 0 accepts
        for (; from <= to; from++) { r->bits[from / 64] |= 1ull << from % 64; }
        if (!*p) { return true; }
        if (*p != ',') { return false; }
    }
}

// ---- values

static bool same(const json_t *printed, const char *want)
{
    char number[32];
    const char *text = json_string_value(printed);
    if (json_is_integer(printed)) {
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(printed));
        text = number;
    }
    size_t n = json_is_string(printed) ? json_string_length(printed) : text ? strlen(text) : 0; // a value may hold U+0000
    return text && want && n == strlen(want) && !memcmp(text, want, n);
}

static const char *field_of(const json_t *data, const char *name)
{
    for (size_t k = 0; k < json_array_size(data); k++) {
        const char *s = json_string_value(json_array_get(json_array_get(data, k), 0));
        if (s && !strcmp(s, name)) { return json_string_value(json_array_get(json_array_get(data, k), 1)); }
    }
    return NULL;
}

// The first expected value that was not printed, as far as all must be. A Data without a name has no place in an object.
static const char *missing_value(const struct wev_suite_case *c, const json_t *printed, enum wev_result_values values)
{
    const char *key;
    json_t *want;
    const json_t *header = json_object_get(printed, "header"), *data = json_object_get(printed, "data");
    json_object_foreach(json_object_get(c->expect, "header"), key, want) {
        if (values == WEV_VALUES_ALL && !json_is_null(want) && !json_object_get(header, key)) { return key; }
    }
    size_t k;
    json_array_foreach(json_object_get(c->expect, "data"), k, want) {
        const char *name = json_string_value(json_array_get(want, 0));
        if (name && !json_object_get(data, name)) { return name; }
    }
    return NULL;
}

// A parser that prints an object {"header": {…}, "data": {…}} is held to each value that it prints. The first wrong one.
static const char *wrong_value(const struct wev_suite_case *c, const json_t *printed)
{
    const char *key;
    json_t *value;
    const json_t *header = json_object_get(c->expect, "header"), *data = json_object_get(c->expect, "data");
    json_object_foreach(json_object_get(printed, "header"), key, value) {
        const json_t *want = json_object_get(header, key);
        if (!json_is_null(want) && !same(value, json_string_value(want))) { return key; }
    }
    json_object_foreach(json_object_get(printed, "data"), key, value) {
        if (!same(value, field_of(data, key))) { return key; }
    }
    return NULL;
}

// ---- one run

bool wev_result_sanitizer(const struct wev_child *child)
{
    static const char *const marks[] = {"ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "WARNING: MemorySanitizer",
                                        "WARNING: ThreadSanitizer", ": runtime error: ", "ERROR: libFuzzer"};
    for (size_t k = 0; k < WEV_COUNT(marks); k++) {
        if (strstr(child->err, marks[k]) || strstr(child->tail, marks[k])) { return true; }
    }
    return false;
}

static enum wev_result_kind of_answer(const struct wev_suite_case *c, bool accepts)
{
    if (c->verdict == 'i') { return accepts ? WEV_RESULT_ACCEPTED : WEV_RESULT_REJECTED; }
    if (accepts == (c->verdict == 'y')) { return WEV_RESULT_PASS; }
    return accepts ? WEV_RESULT_SHOULD_HAVE_FAILED : WEV_RESULT_SHOULD_HAVE_PASSED;
}

// What was printed is held against what must be read. True: it is wrong, and `how` says what.
static bool misreads(const struct wev_suite_case *c, const struct wev_child *child, enum wev_result_values values, char *how, size_t cap)
{
    bool whole = child->out_n < WEV_CHILD_KEEP; // of a longer one the rest is gone
    if (child->out[0] != '{' || !whole || !json_is_object(c->expect)) { return false; }
    json_t *printed = json_loads(child->out, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL);
    bool reading = json_object_get(printed, "header") || json_object_get(printed, "data");
    const char *wrong = printed ? wrong_value(c, printed) : NULL;
    const char *missing = reading && !wrong && values != WEV_VALUES_PRINTED ? missing_value(c, printed, values) : NULL;
    if (!printed) { snprintf(how, cap, "it begins with { and is no JSON"); }
    if (wrong || missing) { snprintf(how, cap, "%s value of %.100s", wrong ? "another" : "no", wrong ? wrong : missing); }
    bool bad = !printed || wrong || missing;
    json_decref(printed);
    return bad;
}

static enum wev_result_kind judge(const struct wev_suite_case *c, const struct wev_child *child, const struct wev_rejects *r, enum wev_result_values values,
                                  char *how, size_t cap)
{
    if (child->end == WEV_CHILD_TIME) { return snprintf(how, cap, "killed for its time"), WEV_RESULT_TIMEOUT; }
    if (child->end == WEV_CHILD_OUTPUT) { return snprintf(how, cap, "killed for what it printed"), WEV_RESULT_CRASH; }
    if (child->end == WEV_CHILD_SIGNAL) {
        return snprintf(how, cap, "signal %d (%s)", child->code, strsignal(child->code)), WEV_RESULT_CRASH;
    }
    if (child->end == WEV_CHILD_WRONG || child->end == WEV_CHILD_MORE) { return WEV_RESULT_CRASH; } // the note says it
    if (child->end == WEV_CHILD_EXIT) { snprintf(how, cap, "exit status %d", child->code); } else { snprintf(how, cap, "answered"); }
    if (wev_result_sanitizer(child)) { return WEV_RESULT_CRASH; }
    if (child->end == WEV_CHILD_REJECT) { return of_answer(c, false); }
    if (child->code != 0) {
        bool rejects = r->bits[child->code / 64] >> child->code % 64 & 1;
        return rejects ? of_answer(c, false) : WEV_RESULT_CRASH;
    }
    return misreads(c, child, values, how, cap) ? WEV_RESULT_WRONG_VALUE : of_answer(c, true);
}

bool wev_result_of(const struct wev_suite_case *c, const struct wev_child *child, const struct wev_rejects *rejects, enum wev_result_values values,
                   struct wev_outcome *out)
{
    char how[200] = "";
    out->kind = (uint8_t)judge(c, child, rejects, values, how, sizeof(how));
    int n = asprintf(&out->said, "%s%s%s%s%.2000s%s%.2000s", how, how[0] && child->note[0] ? ", " : "", child->note, child->err[0] ? "\n" : "", child->err, child->out[0] ? "\n" : "", child->out);
    if (n < 0) { out->said = NULL; }
    for (char *p = out->said; p && *p; p++) { // printable in every report
        if ((*p < 0x20 && *p != '\n' && *p != '\t') || *p >= 0x7f) { *p = '?'; }
    }
    return n >= 0;
}

bool wev_result_is_bad(const struct wev_outcome *o)
{
    return o->kind != WEV_RESULT_PASS && o->kind != WEV_RESULT_ACCEPTED && o->kind != WEV_RESULT_REJECTED;
}

// ---- the table

struct tally {
    const char *layer;
    bool counted;
    size_t right[256], all[256]; // by verdict
    size_t crash, timeout, value, accepted;
};

static struct tally *tally_of(struct tally *t, size_t *count, const char *layer)
{
    size_t k = 0;
    while (k < *count && strcmp(t[k].layer, layer) != 0) { k++; }
    if (k == *count) { t[(*count)++] = (struct tally){.layer = layer}; }
    return &t[k];
}

static void count_case(struct tally *t, const struct wev_suite_case *c, const struct wev_outcome *o)
{
    unsigned char v = (unsigned char)c->verdict;
    t->counted = t->counted || (o->counted && v == 'n');
    t->all[v]++;
    t->right[v] += o->kind == WEV_RESULT_PASS;
    t->accepted += o->kind == WEV_RESULT_ACCEPTED;
    t->crash += o->kind == WEV_RESULT_CRASH;
    t->timeout += o->kind == WEV_RESULT_TIMEOUT;
    t->value += o->kind == WEV_RESULT_WRONG_VALUE;
}

static void print_file(const struct wev_results *r, size_t k)
{
    const struct wev_suite_case *c = &r->suite->cases[k];
    printf("%-18s %s%s\n    %s\n", wev_result_names[r->outcomes[k].kind], c->file, r->outcomes[k].known ? " (known)" : "", c->rule);
}

// Of many units of a class: how many, and how to make the first.
static void print_units(const struct wev_results *r, size_t from, size_t to, enum wev_result_kind kind)
{
    const struct wev_suite_case *first = NULL;
    size_t same = 0, known = 0;
    char command[WEV_RESULT_COMMAND];
    for (size_t k = from; k < to; k++) {
        const struct wev_outcome *o = &r->outcomes[k];
        if (!o->counted || o->kind != kind || !wev_result_is_bad(o)) { continue; }
        first = first ? first : &r->suite->cases[k];
        same++;
        known += o->known;
    }
    if (!first) { return; }
    wev_units_command(r->suite->units, first, command, sizeof(command));
    printf("%-18s %s: %zu of %zu units", wev_result_names[kind], first->class, same, to - from);
    if (known) { printf(", %zu known", known); }
    printf("\n    %s\n    %s\n", first->rule, command);
}

static void print_failures(const struct wev_results *r)
{
    const struct wev_suite_case *cases = r->suite->cases;
    size_t to;
    for (size_t k = 0; k < r->suite->count; k = to) {
        to = k + 1;
        while (r->suite->units && to < r->suite->count && !strcmp(cases[to].class, cases[k].class)) { to++; }
        for (int kind = 0; r->suite->units && kind < WEV_RESULT_COUNT; kind++) { print_units(r, k, to, (enum wev_result_kind)kind); }
        if (!r->suite->units && r->outcomes[k].counted && wev_result_is_bad(&r->outcomes[k])) { print_file(r, k); }
    }
}

static void print_homeless(const struct wev_units *u)
{
    const char *const *names;
    size_t n = u ? wev_units_homeless(u, &names) : 0;
    if (n) { printf("\nno event has a place for %zu class%s:", n, n == 1 ? "" : "es"); }
    for (size_t k = 0; k < n; k++) { printf(" %s", names[k]); }
    if (n) { puts(""); }
}

void wev_result_table(const struct wev_results *r, bool quiet)
{
    static struct tally tallies[64];
    size_t count = 0, failed = 0, known = 0, counted = 0;
    for (size_t k = 0; k < r->suite->count; k++) {
        const struct wev_outcome *o = &r->outcomes[k];
        const char *layer = count < WEV_COUNT(tallies) - 1 ? r->suite->cases[k].layer : "other";
        count_case(tally_of(tallies, &count, layer), &r->suite->cases[k], o);
        counted += o->counted;
        failed += o->counted && wev_result_is_bad(o) && !o->known;
        known += o->counted && o->known;
    }
    if (!quiet) {
        printf("%-8s %14s %14s %16s %6s %8s %6s\n", "layer", "must accept", "must reject", "either: accepts", "crash", "timeout", "value");
        for (size_t k = 0; k < count; k++) {
            const struct tally *t = &tallies[k];
            printf("%-8s %8zu of %3zu %8zu of %3zu %10zu of %3zu %6zu %8zu %6zu%s\n", t->layer[0] ? t->layer : "-", t->right['y'], t->all['y'],
                   t->right['n'], t->all['n'], t->accepted, t->all['i'], t->crash, t->timeout, t->value,
                   t->counted || !t->all['n'] ? "" : "  what must be rejected is shown, not counted");
        }
        if (failed + known) { puts(""); }
        print_failures(r);
        print_homeless(r->suite->units);
    }
    printf("%s%zu cases, %zu counted: %zu failed, %zu known failures, %.1f s\n", quiet ? "" : "\n", r->suite->count, counted, failed, known, r->seconds);
}
