// The inside of a decoder as it is written by hand: fixed buffers, a loop over bytes, a table of names. Its bugs are planted.
#ifndef BENCH_PREY_H
#define BENCH_PREY_H

#include "tests/bench/bugs/canary.h"

#include <stdbool.h>

enum { NAME_MAX_LEN = 63, VALUE_MAX = 2047, FIELDS = 32, DEPTH = 12, ATTRS = 8 };

struct field {
    char name[NAME_MAX_LEN + 1];
    char value[VALUE_MAX + 1];
    size_t n;
    unsigned order;
};

struct event {
    char provider[256], guid[64], channel[128], computer[256], user[200], activity[64];
    uint64_t id, version, level, task, opcode, keywords, record, pid, tid;
    uint64_t time; // 100 ns since 1601
    bool has_id, has_version, has_keywords, has_time, has_record;
    unsigned elements; // of System, so far
    unsigned roots, time_digits, keywords_rendered;
    size_t unnamed; // bytes of the fields without a name
    struct field field[FIELDS];
    unsigned fields;
    unsigned bodies;
};

struct attr {
    char name[NAME_MAX_LEN + 1];
    char value[VALUE_MAX + 1];
    size_t n;
    char quote;
    bool reference_first; // its value begins with one
};

struct parser {
    const char *p, *end;
    struct event ev;
    char stack[DEPTH][NAME_MAX_LEN + 1];
    unsigned depth;
    char text[VALUE_MAX + 1]; // of the element in progress
    size_t text_n;
    unsigned pieces, entities;
    bool entity_first, comment_first, cdata;
    bool return_by_reference; // the last character is a carriage return, from a reference
    struct attr attr[ATTRS];
    unsigned attrs;
};

static inline bool prey_digit(char c)
{
    return c >= '0' && c <= '9';
}

// prey_values.c: 0 fine, else why not
int prey_number(const char *s, size_t n, uint64_t *out);
int prey_time(const char *s, size_t n, uint64_t *out);
int prey_sid(const char *s, size_t n);
int prey_guid(const char *s, size_t n);
void prey_text(const char *s, size_t n);
void prey_event(const struct event *ev); // what a whole event says
const struct field *prey_field(const struct event *ev, const char *name); // the first, or NULL

// prey_second.c: bugs that were planted after the mutator had been measured on the others
void prey_second_value(const struct event *ev, const char *name, const char *s, size_t n);
void prey_second_event(const struct event *ev);
void prey_second_bytes(const char *p, size_t n);

// prey_third.c: bugs by who had not seen the mutator
void prey_third_bytes(const char *p, size_t n);
// The next %1 to %99 of a message, which are its fields in order, from *at on; then *at is behind its sign. -1: no more
int prey_third_insert(const char *s, size_t n, size_t *at);
int prey_third_doctype(const char **at, const char *end); // *at: behind "<!DOCTYPE", then behind its '>'
void prey_third_computer(const char *s, size_t n);
void prey_third_message(const struct event *ev, const char *s, size_t n);
void prey_third_value(const struct event *ev, const struct field *f);
void prey_third_event(const struct event *ev);

// prey_fourth.c: the blind set
void prey_fourth_bytes(const char *p, size_t n);
void prey_fourth_declared(const char *encoding, const char *p, const char *end);
void prey_fourth_name(const char *name);
void prey_fourth_attrs(const struct attr *a, unsigned count); // all of one tag
void prey_fourth_doctype(const char *p, const char *end);     // p: behind "<!DOCTYPE"
void prey_fourth_value(struct event *ev, const struct field *f);
void prey_fourth_binary(const char *s, size_t n);
void prey_fourth_keyword(struct event *ev);
void prey_fourth_message(const struct event *ev, const char *s, size_t n);
unsigned prey_fourth_fraction(const char *s, size_t n);
void prey_fourth_event(const struct event *ev);

#endif
