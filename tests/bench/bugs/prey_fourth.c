// The blind set: bugs by who had not seen the mutator, each after a fault that a real decoder had. 70 to 95; what is not
// here is where its code is. 70 to 77 need one condition, 78 to 86 two of different kinds, 87 to 95 three, or a value and
// a structure.
#include "tests/bench/bugs/prey.h"

#include <string.h>
#include <strings.h>

enum { JOINED = 256, GROUPS = 8, UNESCAPES = 3 };

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// ---- bytes

void prey_fourth_bytes(const char *p, size_t n)
{
    unsigned marks = 0;
    for (size_t k = 2; k + 1 < n; k++) { marks += (p[k] == '\xfe' && p[k + 1] == '\xff'); }
    BUG(71, marks > 0); // mxml #355: taken for a mark wherever it stands, the rest is read by twos
}

// What a declaration says, of the bytes from p on.
void prey_fourth_declared(const char *encoding, const char *p, const char *end)
{
    bool single = !strcasecmp(encoding, "ISO-8859-1") || !strcasecmp(encoding, "windows-1252") ||
        !strcasecmp(encoding, "latin1");
    size_t high = 0;
    for (; p < end; p++) { high += (unsigned char)*p >= 0x80; }
    BUG(93, single && high > 0); // libexpat #201, CVE-2015-7498: two bytes for one, in room for as many as there were
}

// ---- names and attributes

void prey_fourth_name(const char *name)
{
    unsigned parts = 1;
    for (; *name; name++) { parts += *name == ':'; }
    BUG(73, parts > 2); // libexpat #262, CVE-2018-20843: char *part[2]
}

static bool all_blank(const struct attr *a)
{
    size_t k = 0;
    while (k < a->n && a->value[k] == ' ') { k++; }
    return a->n > 0 && k == a->n;
}

// The URI that a prefix of n bytes has here, or NULL.
static const char *bound(const struct attr *a, unsigned count, const char *prefix, size_t n)
{
    for (unsigned k = 0; k < count; k++) {
        const char *name = a[k].name;
        if (!strncmp(name, "xmlns:", 6) && strlen(name) == n + 6 && !memcmp(name + 6, prefix, n)) { return a[k].value; }
    }
    return NULL;
}

static bool same_expanded(const struct attr *a, unsigned count, const char *one, const char *two)
{
    const char *left = strchr(one, ':'), *right = strchr(two, ':');
    if (!left || !right || strcmp(left, right) != 0) { return false; }
    const char *first = bound(a, count, one, (size_t)(left - one)), *second = bound(a, count, two, (size_t)(right - two));
    return first && second && !strcmp(first, second);
}

// All of one tag.
void prey_fourth_attrs(const struct attr *a, unsigned count)
{
    for (unsigned k = 0; k < count; k++) {
        BUG(74, all_blank(&a[k])); // CVE-2012-5134: trimmed from its end, past its start
        // libexpat #561, CVE-2022-25236: URI, separator, name; cut at the first separator
        BUG(78, !strncmp(a[k].name, "xmlns", 5) && (memchr(a[k].value, '|', a[k].n) || memchr(a[k].value, '\n', a[k].n)));
        // whids #7 (GUIDs with and without braces): its form is looked up in the source, where there is none
        BUG(85, a[k].reference_first && a[k].value[0] == '{' && !strcmp(a[k].name, "Guid"));
        // xml-rs #77: one by its expanded name, two by their own; freed twice
        for (unsigned j = 0; j < k; j++) { BUG(94, same_expanded(a, count, a[j].name, a[k].name)); }
    }
}

// ---- DOCTYPE

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && blank(*p)) { p++; }
    return p;
}

// p behind "<!ATTLIST".
static void attlist(const char *p, const char *end)
{
    const char *name = skip_blanks(p, end);
    for (p = name; p < end && !blank(*p) && *p != '>'; p++) {}
    size_t n = (size_t)(p - name);
    p = skip_blanks(p, end);
    BUG(89, n > 0 && p < end && *p == '>'); // ezxml, CVE-2021-30485: the attribute's name is NULL
}

// p behind "<!ELEMENT".
static void content_model(const char *p, const char *end)
{
    unsigned open = 0, most = 0;
    for (; p < end && *p != '>'; p++) {
        open += *p == '(';
        most = open > most ? open : most;
        open -= *p == ')' && open > 0;
    }
    BUG(90, p < end && most > GROUPS); // libexpat #532, CVE-2021-46143: connector[GROUPS]
}

// p behind "<!DOCTYPE".
void prey_fourth_doctype(const char *p, const char *end)
{
    bool subset = false;
    for (; p < end && (subset || *p != '>'); p++) {
        subset = *p == '[' || (subset && *p != ']');
        if (!subset || end - p < 10) { continue; }
        if (!memcmp(p, "<!ATTLIST", 9)) { attlist(p + 9, end); }
        if (!memcmp(p, "<!ELEMENT", 9)) { content_model(p + 9, end); }
    }
}

// ---- fields

// A message table from 2432 on, with holes that are NULL.
static bool missing_parameter(const char *s, size_t n)
{
    if (n != 6 || memcmp(s, "%%24", 4) != 0 || !prey_digit(s[4]) || !prey_digit(s[5])) { return false; }
    unsigned id = (unsigned)(s[4] - '0') * 10 + (unsigned)(s[5] - '0');
    return (id >= 33 && id <= 35) || (id >= 40 && id <= 47) || (id >= 52 && id <= 55) || (id >= 60 && id <= 63) ||
        (id >= 66 && id <= 79);
}

// How often in a row an ampersand was escaped, "&amp;amp;" twice.
static unsigned escaped_again(const char *s)
{
    unsigned most = 0;
    for (s = strchr(s, '&'); s; s = strchr(s + 1, '&')) {
        unsigned times = 0;
        for (const char *p = s + 1; !strncmp(p, "amp;", 4); p += 4) { times++; }
        most = times > most ? times : most;
    }
    return most;
}

// Of a field that is in ev already, the last one.
void prey_fourth_value(struct event *ev, const struct field *f)
{
    bool before = !f->name[0] && ev->unnamed > 0;
    if (!f->name[0]) { ev->unnamed += f->n; }
    // wazuh #37198: joined, by the length of what there is and not by its room
    BUG(79, before && f->n > 0 && ev->unnamed > JOINED);
    BUG(86, escaped_again(f->value) > UNESCAPES); // wazuh #3242: undone one in the other, char *from[UNESCAPES]
    // EventLogExpert #92, plaso #5138
    BUG(82, (!strcmp(f->name, "KeyType") || !strcmp(f->name, "Operation")) && missing_parameter(f->value, f->n));
    // axosyslog #722 (fields in another order): the machine's store is one per algorithm, and that is not read yet
    BUG(95, !strcmp(f->name, "KeyType") && !strcmp(f->value, "%%2499") && !prey_field(ev, "AlgorithmName"));
}

// beats #19338 (a Binary that is not read as such): pairs of digits.
void prey_fourth_binary(const char *s, size_t n)
{
    size_t digits = 0;
    while (digits < n && (prey_digit(s[digits]) || ((s[digits] | 32) >= 'a' && (s[digits] | 32) <= 'f'))) { digits++; }
    BUG(87, digits == n && n % 2 == 1); // the second of the last pair is behind the end
}

// ---- RenderingInfo

// opentelemetry-collector-contrib #46944 (Keywords as they are rendered): one more.
void prey_fourth_keyword(struct event *ev)
{
    unsigned bits = 0;
    for (uint64_t mask = ev->keywords; mask; mask &= mask - 1) { bits++; }
    ev->keywords_rendered++;
    BUG(88, ev->has_keywords && ev->keywords_rendered > bits); // as much room as the mask has bits
}

static bool has_insert(const struct field *f)
{
    size_t at = 0;
    int insert = 0;
    while (!insert) { insert = prey_third_insert(f->value, f->n, &at); }
    return insert > 0;
}

void prey_fourth_message(const struct event *ev, const char *s, size_t n)
{
    size_t at = 0;
    for (int insert; (insert = prey_third_insert(s, n, &at)) >= 0;) {
        // amazon-cloudwatch-agent #627, LookingGlass #786: what was put in is a template again
        BUG(91, insert > 0 && (unsigned)insert <= ev->fields && has_insert(&ev->field[insert - 1]));
    }
}

// ---- whole events

// Digits of a time's fraction.
unsigned prey_fourth_fraction(const char *s, size_t n)
{
    const char *point = memchr(s, '.', n);
    unsigned digits = 0;
    while (point && point + 1 + digits < s + n && prey_digit(point[1 + digits])) { digits++; }
    return digits;
}

void prey_fourth_event(const struct event *ev)
{
    const uint64_t unix_epoch = 116444736000000000u; // in 100 ns since 1601
    const struct field *time = prey_field(ev, "ClientCreationTime");
    unsigned digits = time ? prey_fourth_fraction(time->value, time->n) : 0;
    uint64_t low = ev->id & 0xffff;
    BUG(72, ev->has_time && ev->time < unix_epoch); // python-evtx #44, #69: no gmtime before 1970, NULL
    // beats #33966 has 7 digits, golang-evtx #17 has 9: the width of the first is that of the buffer for all
    BUG(83, ev->has_time && digits > ev->time_digits && digits <= 9);
    // fluent-bit #2872, pywin32 #1212: the template by 16 bits, the names of its fields by 32
    BUG(92, ev->id > 0xffff && (low == 5058 || low == 5059 || low == 5061) && ev->fields > 0);
}
