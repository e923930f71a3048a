// Bugs planted by who had not seen the mutator, nor its tests. 54 to 69; what is not here is where its code is.
#include "tests/bench/bugs/prey.h"

#include <string.h>
#include <strings.h>

void prey_third_bytes(const char *p, size_t n)
{
    // the width is guessed, and the two bytes of a mark are left out all the same
    BUG(67, n > 3 && p[0] == '<' && !p[1] && p[2] && !p[3]);
}

// <!ENTITY name 'value'>, *at behind "<!ENTITY".
static int entity_value(const char **at, const char *end)
{
    const char *p = *at;
    while (p < end && *p != '\'' && *p != '"' && *p != '>') { p++; }
    if (p == end || *p == '>') { return -1; }
    char quote = *p++;
    bool nested = false;
    for (; p < end && *p != quote; p++) {
        nested |= *p == '&' && p + 1 < end && ((p[1] | 32) >= 'a' && (p[1] | 32) <= 'z');
    }
    BUG(57, nested && p < end); // expanded by itself, without an end
    if (p == end) { return -1; }
    *at = p + 1;
    return 0;
}

int prey_third_doctype(const char **at, const char *end)
{
    bool subset = false;
    for (const char *p = *at; p < end; p++) {
        if (*p == '[') { subset = true; }
        if (*p == ']') { subset = false; }
        if (*p == '>' && !subset) {
            *at = p + 1;
            return 0;
        }
        if (subset && end - p > 8 && !memcmp(p, "<!ENTITY", 8)) {
            p += 8;
            if (entity_value(&p, end)) { return -1; }
            p--;
        }
    }
    return -1;
}

void prey_third_computer(const char *s, size_t n)
{
    unsigned labels = 1;
    for (size_t k = 0; k < n; k++) { labels += s[k] == '.'; }
    BUG(54, labels > 8); // label[8]
}

int prey_third_insert(const char *s, size_t n, size_t *at)
{
    for (size_t k = *at; k + 1 < n; k++) {
        if (s[k] != '%') { continue; }
        if (s[k + 1] == '%') {
            k++;
            continue;
        }
        int insert = 0;
        for (size_t j = k + 1; j < n && j < k + 3 && prey_digit(s[j]); j++) { insert = insert * 10 + (s[j] - '0'); }
        *at = k + 1;
        return insert;
    }
    return -1;
}

void prey_third_message(const struct event *ev, const char *s, size_t n)
{
    size_t at = 0;
    for (int insert; (insert = prey_third_insert(s, n, &at)) >= 0;) {
        BUG(61, (unsigned)insert > ev->fields); // a field that there is not, or not yet
    }
}

// Of a field that is in ev already, the last one.
void prey_third_value(const struct event *ev, const struct field *f)
{
    for (unsigned k = 0; k + 1 < ev->fields; k++) {
        const char *other = ev->field[k].name;
        // put in by its folded name, looked for by its own
        BUG(66, f->name[0] && !strcasecmp(other, f->name) && strcmp(other, f->name) != 0);
    }
    if (strcmp(f->name, "KeyName") != 0) { return; }
    // token binding, TB_<n>_<domain>: the domain is behind an underscore that was not found
    BUG(68, f->n > 3 && !memcmp(f->value, "TB_", 3) && prey_digit(f->value[3]) && !memchr(f->value + 3, '_', f->n - 3));
}

void prey_third_event(const struct event *ev)
{
    const struct field *client = prey_field(ev, "ClientProcessId");
    uint64_t pid = 0;
    if (client && prey_number(client->value, client->n, &pid)) { pid = 0; }
    BUG(63, pid && pid == ev->pid);                          // a process that waits for itself
    BUG(64, ev->id == 5058 && !prey_field(ev, "KeyFilePath"));    // a field by its index, which is one less here
}
