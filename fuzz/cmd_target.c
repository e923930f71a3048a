// wevfuzz target: one document through one of our targets, as a program that wevcorpus run can hold to its suite.
#include "fuzz/cmd.h"
#include "fuzz/env.h"
#include "fuzz/target.h"

#include "schema/base.h"
#include "schema/wev.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_MAX = 64 << 20 };

static const char usage[] =
    "usage: wevfuzz target NAME [FILE]\n"
    "\n"
    "  Gives the document in FILE, or on standard input, to a parser of ours. Accepted: prints {\"header\": {...}, \"data\": {...}}.\n"
    "  So a parser of ours goes through the suite as any other does: wevcorpus run -- wevfuzz target mxml\n"
    "\n";

static void list(FILE *to)
{
    for (size_t k = 0; k < wev_target_count(); k++) { fprintf(to, "  %-12s %s\n", wev_target_at(k)->name, wev_target_at(k)->what); }
}

// Text that is no UTF-8 has no place in JSON.
static json_t *text(const char *p, size_t n)
{
    json_t *s = json_stringn(p ? p : "", n);
    return s ? s : json_string("(not UTF-8)");
}

// Numbers and texts, as the document has them; values of other types are compared by the harnesses.
static json_t *header_value(const struct wev_value *v, enum wev_type type)
{
    char buf[32];
    if (v->flags & WEV_F_ABSENT) { return NULL; }
    switch (type) {
    case WEV_T_UNICODE_STRING: return text(v->is.text, v->n);
    case WEV_T_UINT8:
    case WEV_T_UINT16:
    case WEV_T_UINT32:
    case WEV_T_UINT64: snprintf(buf, sizeof(buf), "%llu", (unsigned long long)v->is.u); return json_string(buf);
    case WEV_T_HEX_INT64: snprintf(buf, sizeof(buf), "0x%llx", (unsigned long long)v->is.u); return json_string(buf);
    default: return NULL;
    }
}

static json_t *as_json(const struct wev_target_result *r)
{
    json_t *header = json_object(), *fields = json_object();
    for (size_t k = 0; k < WEV_H_COUNT; k++) {
        json_t *value = header_value(&r->header[k], (enum wev_type)wev_header_types[k]);
        if (value) { json_object_set_new(header, wev_header_names[k], value); }
    }
    for (size_t k = 0; k < r->count; k++) {
        char name[256];
        if (!r->names[k].p || r->names[k].n >= sizeof(name)) { continue; }
        memcpy(name, r->names[k].p, r->names[k].n);
        name[r->names[k].n] = 0;
        if (!json_object_get(fields, name)) { json_object_set_new(fields, name, text(r->texts[k].p, r->texts[k].n)); } // the first of a name
    }
    return json_pack("{s:o,s:o}", "header", header, "data", fields);
}

static int complain(const char *what, const char *value)
{
    fprintf(stderr, "wevfuzz: target: %s%s%s%s\n", what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
    return 2;
}

// The document to the byte, so that a sanitizer sees who reads on.
static uint8_t *exact(struct wev_span bytes)
{
    uint8_t *copy = malloc(bytes.n ? bytes.n : 1);
    if (copy && bytes.n) { memcpy(copy, bytes.p, bytes.n); }
    return copy;
}

static int run(const struct wev_target *target, struct wev_span bytes)
{
    struct wev_target_result result;
    struct wev_error e;
    struct wev_schema *schema = wev_env_schema(e.text, sizeof(e.text));
    if (!schema) { return complain(e.text, NULL); }
    void *self = target->open(schema);
    uint8_t *document = exact(bytes);
    int status = 2;
    if (self && document) {
        target->run(self, document, bytes.n, &result);
        json_t *root = result.accepted ? as_json(&result) : NULL;
        status = result.accepted ? 0 : 1;
        if (root && json_dumpf(root, stdout, 0) == 0) { putchar('\n'); }
        if (!result.accepted) {
            printf("%s", result.reason);
            if (result.at != SIZE_MAX) { printf(" at %zu", result.at); }
            putchar('\n');
        }
        json_decref(root);
        if (fflush(stdout) != 0) { status = complain("cannot write to standard output", NULL); }
    } else {
        complain("out of memory", NULL);
    }
    free(document);
    target->close(self);
    wev_schema_free(schema);
    return status;
}

int wev_fuzz_target_main(int argc, char **argv)
{
    struct wev_span bytes;
    struct wev_error e;
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        fputs(usage, stdout);
        list(stdout);
        return 0;
    }
    if (argc < 2 || argc > 3) {
        fputs(usage, stderr);
        return 2;
    }
    const struct wev_target *target = wev_target_find(argv[1]);
    if (!target) {
        complain("no such target:", argv[1]);
        list(stderr);
        return 2;
    }
    const char *file = argc == 3 && strcmp(argv[2], "-") != 0 ? argv[2] : "/dev/stdin";
    if (!wev_file_read(file, DOCUMENT_MAX, &bytes, &e)) { return complain(e.text, NULL); }
    int status = run(target, bytes);
    free((char *)(uintptr_t)bytes.p);
    return status;
}
