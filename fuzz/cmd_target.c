// wevfuzz target: one document through one of our targets, as a program that wevcorpus run can hold to its suite.
#include "corpus/frames.h"
#include "fuzz/cmd.h"
#include "fuzz/env.h"
#include "fuzz/target.h"

#include "schema/base.h"
#include "schema/wev.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 64 << 20 };

static const char usage[] =
    "usage: wevfuzz target [--frames] NAME [FILE]\n"
    "\n"
    "  Gives the document in FILE, or on standard input, to a parser of ours. Accepted: prints {\"header\": {...}, \"data\": {...}}.\n"
    "  So a parser of ours goes through the suite as any other does: wevcorpus run -- wevfuzz target mxml\n"
    "\n"
    "      --frames   many documents on standard input, as wevcorpus run --persistent sends them\n"
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

// A target that is open, and what it made of the last document.
struct asked {
    const struct wev_target *target;
    struct wev_schema *schema;
    void *self;
    struct wev_target_result result;
};

static bool ask(struct asked *a, const uint8_t *p, size_t n)
{
    uint8_t *document = exact((struct wev_span){(const char *)p, n});
    if (!document) { return complain("out of memory", NULL), false; }
    a->target->run(a->self, document, n, &a->result);
    free(document);
    return true;
}

static bool print_json(const struct wev_target_result *r, FILE *f)
{
    json_t *root = as_json(r);
    bool good = root && json_dumpf(root, f, 0) == 0 && fputc('\n', f) != EOF;
    json_decref(root);
    return good;
}

static int once(struct asked *a, const char *file)
{
    struct wev_span bytes;
    struct wev_error e;
    if (!wev_file_read(file, DOCUMENT_MAX, &bytes, &e)) { return complain(e.text, NULL); }
    bool good = ask(a, (const uint8_t *)bytes.p, bytes.n);
    free((char *)(uintptr_t)bytes.p);
    if (!good) { return 2; }
    if (a->result.accepted) {
        good = print_json(&a->result, stdout);
    } else {
        printf("%s", a->result.reason);
        if (a->result.at != SIZE_MAX) { printf(" at %zu", a->result.at); }
        putchar('\n');
    }
    if (!good || fflush(stdout) != 0) { return complain("cannot write to standard output", NULL); }
    return a->result.accepted ? 0 : 1;
}

static int answer(void *context, const uint8_t *p, size_t n, int answers)
{
    struct asked *a = context;
    char *text = NULL;
    size_t size = 0;
    if (!ask(a, p, n)) { return 2; }
    FILE *f = open_memstream(&text, &size);
    bool good = f && (a->result.accepted ? print_json(&a->result, f) : fprintf(f, "reject %s\n", a->result.reason) > 0);
    good = f && fclose(f) == 0 && good && write(answers, text, size) == (ssize_t)size;
    free(text);
    return good ? 0 : 2;
}

static int run(const struct wev_target *target, const char *file)
{
    struct wev_error e;
    struct asked a = {.target = target, .schema = wev_env_schema(e.text, sizeof(e.text))};
    int status;
    if (!a.schema) { return complain(e.text, NULL); }
    a.self = target->open(a.schema);
    if (!a.self) {
        status = complain("out of memory", NULL);
    } else if (file) {
        status = once(&a, file);
    } else {
        status = wev_frames_serve(&(struct wev_frames){.who = "wevfuzz: target", .cannot = 2, .answer = answer, .context = &a});
    }
    target->close(a.self);
    wev_schema_free(a.schema);
    return status;
}

int wev_fuzz_target_main(int argc, char **argv)
{
    bool frames = argc > 1 && !strcmp(argv[1], "--frames");
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        fputs(usage, stdout);
        list(stdout);
        return 0;
    }
    char **words = argv + 1 + frames;
    int count = argc - 1 - frames;
    if (count < 1 || count > 2 - frames) {
        fputs(usage, stderr);
        return 2;
    }
    const struct wev_target *target = wev_target_find(words[0]);
    if (!target) {
        complain("no such target:", words[0]);
        list(stderr);
        return 2;
    }
    const char *file = count == 2 && strcmp(words[1], "-") != 0 ? words[1] : "/dev/stdin";
    return run(target, frames ? NULL : file);
}
