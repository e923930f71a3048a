// The frame of every adapter in C and C++: a document on standard input, its values as JSON on standard output; with
// --frames many of them, as "wevcorpus run --persistent" sends them.
#include "adapter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_MAX = 64 << 20, NAME_MAX_BYTES = 256 };

struct text {
    char *p;
    size_t n, cap;
};

static struct text header, data, value; // two lists of JSON members; text between tags
static int depth;
static char element[NAME_MAX_BYTES], field[NAME_MAX_BYTES];
static bool in_system, in_event_data, taking;

static void put(struct text *t, const char *p, size_t n)
{
    if (t->cap - t->n < n + 1) {
        t->cap = 2 * (t->cap + n + 1);
        t->p = realloc(t->p, t->cap);
        if (!t->p) { abort(); }
    }
    if (n) { memcpy(t->p + t->n, p, n); }
    t->n += n;
    t->p[t->n] = 0;
}

// The length of the UTF-8 sequence at s, 0 when it is none (RFC 3629).
static size_t sequence(const unsigned char *s)
{
    static const struct { unsigned char from, to, low, high; size_t more; } rows[] = {
        {0x00, 0x7f, 0, 0, 0}, {0xc2, 0xdf, 0x80, 0xbf, 1}, {0xe0, 0xe0, 0xa0, 0xbf, 2}, {0xe1, 0xec, 0x80, 0xbf, 2},
        {0xed, 0xed, 0x80, 0x9f, 2}, {0xee, 0xef, 0x80, 0xbf, 2}, {0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3},
        {0xf4, 0xf4, 0x80, 0x8f, 3}};
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
        if (s[0] < rows[k].from || s[0] > rows[k].to) { continue; }
        if (rows[k].more && (s[1] < rows[k].low || s[1] > rows[k].high)) { return 0; }
        for (size_t m = 2; m <= rows[k].more; m++) {
            if (s[m] < 0x80 || s[m] > 0xbf) { return 0; }
        }
        return 1 + rows[k].more;
    }
    return 0;
}

// A JSON string. What is not UTF-8 becomes U+FFFD, which no expected value has.
static void put_string(struct text *t, const char *s)
{
    char escape[8];
    put(t, "\"", 1);
    for (const unsigned char *p = (const unsigned char *)(s ? s : ""); *p;) {
        size_t n = sequence(p);
        if (n > 1) {
            put(t, (const char *)p, n);
        } else if (n == 0) {
            put(t, "\\ufffd", 6);
        } else if (*p < 0x20 || *p == '"' || *p == '\\') {
            snprintf(escape, sizeof(escape), "\\u%04x", *p);
            put(t, escape, 6);
        } else {
            put(t, (const char *)p, 1);
        }
        p += n ? n : 1;
    }
    put(t, "\"", 1);
}

static void put_member(struct text *t, const char *key, const char *text)
{
    if (t->n) { put(t, ",", 1); }
    put_string(t, key);
    put(t, ":", 1);
    put_string(t, text);
}

void read_attribute(const char *name, const char *attribute, const char *text)
{
    static const char *const keys[][3] = {{"Provider", "Name", "Provider"}, {"Provider", "Guid", "Guid"},
                                          {"TimeCreated", "SystemTime", "TimeCreated"}, {"Correlation", "ActivityID", "ActivityID"},
                                          {"Execution", "ProcessID", "ProcessID"}, {"Execution", "ThreadID", "ThreadID"},
                                          {"Security", "UserID", "UserID"}};
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        if (!strcmp(name, keys[k][0]) && !strcmp(attribute, keys[k][1])) { put_member(&header, keys[k][2], text); }
    }
}

void read_system(const char *name, const char *text)
{
    static const char *const kept[] = {"EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer"};
    for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++) {
        if (!strcmp(name, kept[k])) { put_member(&header, name, text); }
    }
}

void read_data(const char *name, const char *text)
{
    if (name) { put_member(&data, name, text); }
}

// ---- tags one by one

static void copy_name(char *to, const char *name)
{
    snprintf(to, NAME_MAX_BYTES, "%s", name);
}

void on_open(const char *name, const char **attributes)
{
    depth++;
    if (depth == 2) {
        in_system = !strcmp(name, "System");
        in_event_data = !strcmp(name, "EventData");
    }
    if (depth != 3) { return; }
    taking = in_system || (in_event_data && !strcmp(name, "Data"));
    value.n = 0;
    put(&value, "", 0);
    copy_name(element, name);
    field[0] = 0;
    for (; *attributes; attributes += 2) {
        if (in_system) { read_attribute(name, attributes[0], attributes[1]); }
        if (in_event_data && !strcmp(attributes[0], "Name")) { copy_name(field, attributes[1]); }
    }
}

void on_text(const char *p, size_t n)
{
    if (taking) { put(&value, p, n); }
}

void on_close(const char *name)
{
    (void)name;
    if (depth == 3 && taking) {
        if (in_system) { read_system(element, value.p); } else { read_data(field, value.p); }
        taking = false;
    }
    depth--;
}

// ---- main

static bool one(char *bytes, size_t n)
{
    header.n = data.n = 0;
    depth = 0;
    in_system = in_event_data = taking = false;
    put(&header, "", 0);
    put(&data, "", 0);
    return parse(bytes, n);
}

static const char *line_of(bool accepts)
{
    if (!accepts) { return "reject"; }
    value.n = 0;
    put(&value, "{\"header\":{", 11);
    put(&value, header.p, header.n);
    put(&value, "},\"data\":{", 10);
    put(&value, data.p, data.n);
    put(&value, "}}", 2);
    return value.p;
}

// A copy exactly as long as the document, so that a sanitizer or valgrind sees what reads past it.
static bool ask(const char *bytes, size_t n)
{
    char *exact = malloc(n + 1);
    if (!exact) { abort(); }
    memcpy(exact, bytes, n);
    exact[n] = 0;
    bool accepts = one(exact, n);
    free(exact);
    return accepts;
}

// Documents behind their length in decimal and LF; a line of answer to each.
static int answer_frames(char *bytes)
{
    size_t n;
    while (scanf("%zu", &n) == 1) {
        if (getchar() != '\n' || n > DOCUMENT_MAX || fread(bytes, 1, n, stdin) != n) { return 2; }
        puts(line_of(ask(bytes, n)));
        fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    char *bytes = malloc(DOCUMENT_MAX);
    if (!bytes) { return 2; }
    int status;
    if (argc > 1 && !strcmp(argv[1], "--frames")) {
        status = answer_frames(bytes);
    } else {
        bool accepts = ask(bytes, fread(bytes, 1, DOCUMENT_MAX, stdin));
        if (accepts) { puts(line_of(true)); }
        status = accepts ? 0 : 1;
    }
    free(bytes);
    return status;
}
