// A decoder of event XML as one finds it in agents: one pass, no tree, no library. Planted bugs 0 to 15 and their places.
#include "tests/bench/bugs/prey.h"

#include <stdlib.h>
#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
        c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

static bool starts(const struct parser *x, const char *s)
{
    size_t n = strlen(s);
    return (size_t)(x->end - x->p) >= n && !memcmp(x->p, s, n);
}

static int read_name(struct parser *x, char *out)
{
    size_t n = 0;
    while (x->p < x->end && name_char(*x->p)) {
        if (n == NAME_MAX_LEN) { return -1; }
        out[n++] = *x->p++;
    }
    out[n] = 0;
    prey_fourth_name(out);
    return n ? 0 : -1;
}

// A code point to UTF-8. Four bytes are room for what Unicode has.
static size_t put_utf8(char *out, uint32_t c)
{
    BUG(0, c > 0x10ffff); // five and six byte forms would be written here
    if (c > 0x10ffff) { c = 0xfffd; }
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t k = n - 1; k > 0; k--, c >>= 6) { out[k] = (char)(0x80 | (c & 63)); }
    out[0] = (char)((n == 2 ? 0xc0u : n == 3 ? 0xe0u : 0xf0u) | c);
    return n;
}

// One reference at x->p; up to four bytes to out. 0: not one that we know.
static size_t read_entity(struct parser *x, char *out)
{
    static const struct { const char *name; char c; } table[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
        {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t k = 0; k < 5; k++) {
        if (starts(x, table[k].name)) {
            x->p += strlen(table[k].name);
            out[0] = table[k].c;
            return 1;
        }
    }
    if (!starts(x, "&#")) { return 0; }
    uint32_t c = 0, base = 10, digits = 0;
    uint64_t whole = 0; // what c would be, had it room
    x->p += 2;
    if (x->p < x->end && *x->p == 'x') { base = 16; x->p++; }
    for (; x->p < x->end && *x->p != ';'; x->p++, digits++) {
        char d = *x->p;
        uint32_t v = d >= '0' && d <= '9' ? (uint32_t)(d - '0') : d >= 'a' && d <= 'f' ? (uint32_t)(d - 'a' + 10)
            : d >= 'A' && d <= 'F' ? (uint32_t)(d - 'A' + 10) : 99;
        if (v >= base) { return 0; }
        c = c * base + v;
        whole = whole > UINT32_MAX ? whole : whole * base + v;
    }
    if (x->p == x->end || !digits) { return 0; }
    x->p++;
    BUG(1, digits > 10 && base == 10); // char digits[11]: leading zeros are legal
    BUG(2, c == 0);                    // a NUL inside: length and strlen part
    BUG(81, whole > UINT32_MAX && c > 0 && c <= 0x10ffff); // tinyxml2 #1069: wraps to a character, sized by what it was
    out[0] = 0;
    return c ? put_utf8(out, c) : 1;
}

static int read_attrs(struct parser *x)
{
    x->attrs = 0;
    for (;;) {
        const char *last = x->p;
        while (x->p < x->end && blank(*x->p)) { x->p++; }
        if (x->p == x->end) { return -1; }
        if (*x->p == '>' || *x->p == '/' || *x->p == '?') {
            prey_fourth_attrs(x->attr, x->attrs);
            return 0;
        }
        bool apart = x->p != last;
        if (x->attrs == ATTRS) { return -1; }
        struct attr *a = &x->attr[x->attrs];
        if (read_name(x, a->name)) { return -1; }
        BUG(75, !apart && x->attrs > 0); // mxml: a name begins behind a blank, and the last one was that of another
        const char *before = x->p;
        while (x->p < x->end && blank(*x->p)) { x->p++; }
        BUG(3, x->p != before && x->p < x->end && *x->p == '='); // the name's length was taken up to the '='
        if (x->p == x->end || *x->p++ != '=') { return -1; }
        while (x->p < x->end && blank(*x->p)) { x->p++; }
        if (x->p == x->end || (*x->p != '"' && *x->p != '\'')) { return -1; }
        a->quote = *x->p++;
        a->n = 0;
        a->reference_first = x->p < x->end && *x->p == '&';
        while (x->p < x->end && *x->p != a->quote) {
            char four[4] = {*x->p};
            size_t m = 1;
            if (*x->p == '&') { if (!(m = read_entity(x,
                four))) { return -1; } } else if (*x->p == '<') { return -1; } else { x->p++; }
            if (a->n + m > VALUE_MAX) { return -1; }
            memcpy(a->value + a->n, four, m);
            a->n += m;
        }
        if (x->p == x->end) { return -1; }
        x->p++;
        a->value[a->n] = 0;
        BUG(52, strlen(a->value) != a->n); // two lengths of one value
        for (unsigned k = 0; k < x->attrs; k++) { BUG(4, !strcmp(x->attr[k].name, a->name)); } // freed twice
        // a name is kept where it stands in the source, by the length that it has here
        BUG(60, a->reference_first && a->n > 1 && !strcmp(a->name, "Name"));
        BUG(5, a->quote == '"' && memchr(a->value, '\'', a->n)); // the end is looked for with the other quote
        x->attrs++;
    }
}

static const struct attr *attr(const struct parser *x, const char *name)
{
    for (unsigned k = 0; k < x->attrs; k++) {
        if (!strcmp(x->attr[k].name, name)) { return &x->attr[k]; }
    }
    return NULL;
}

static void copy(char *to, size_t cap, const char *s, size_t n)
{
    size_t m = n < cap - 1 ? n : cap - 1;
    memcpy(to, s, m);
    to[m] = 0;
}

// ---- System

static int system_start(struct parser *x, const char *name)
{
    struct event *ev = &x->ev;
    const struct attr *a;
    ev->elements++;
    if (!strcmp(name, "Provider")) {
        if (!(a = attr(x, "Name"))) { return -1; }
        copy(ev->provider, sizeof(ev->provider), a->value, a->n);
        if ((a = attr(x, "Guid"))) {
            copy(ev->guid, sizeof(ev->guid), a->value, a->n);
            return prey_guid(a->value, a->n);
        }
    } else if (!strcmp(name, "TimeCreated")) {
        if (!(a = attr(x, "SystemTime"))) { return -1; }
        ev->has_time = true;
        ev->time_digits = prey_fourth_fraction(a->value, a->n);
        return prey_time(a->value, a->n, &ev->time);
    } else if (!strcmp(name, "Execution")) {
        if ((a = attr(x, "ProcessID")) && prey_number(a->value, a->n, &ev->pid)) { return -1; }
        if ((a = attr(x, "ThreadID")) && prey_number(a->value, a->n, &ev->tid)) { return -1; }
    } else if (!strcmp(name, "Security")) {
        if ((a = attr(x, "UserID"))) {
            copy(ev->user, sizeof(ev->user), a->value, a->n);
            return prey_sid(a->value, a->n);
        }
    } else if (!strcmp(name, "EventID")) {
        BUG(53, (a = attr(x, "Qualifiers")) && !a->n); // atoi's answer is an index, here of nothing
    } else if (!strcmp(name, "Correlation")) {
        if ((a = attr(x, "ActivityID"))) {
            copy(ev->activity, sizeof(ev->activity), a->value, a->n);
            return prey_guid(a->value, a->n);
        }
    }
    return 0;
}

static int system_end(struct parser *x, const char *name)
{
    static const struct { const char *name; size_t at; } numbers[] = {
        {"EventID", offsetof(struct event, id)}, {"Version", offsetof(struct event, version)},
            {"Level", offsetof(struct event, level)}, {"Task", offsetof(struct event, task)},
        {"Opcode", offsetof(struct event, opcode)}, {"Keywords", offsetof(struct event, keywords)},
            {"EventRecordID", offsetof(struct event, record)}};
    struct event *ev = &x->ev;
    for (size_t k = 0; k < 7; k++) {
        if (strcmp(name, numbers[k].name) != 0) { continue; }
        uint64_t record = ev->record;
        if (prey_number(x->text, x->text_n, (uint64_t *)(void *)((char *)ev + numbers[k].at))) { return -1; }
        BUG(65, k == 6 && ev->has_record && record != ev->record); // a slot of the ring is taken by one, released by the other
        ev->has_record |= k == 6;
        ev->has_id |= k == 0;
        ev->has_version |= k == 1;
        ev->has_keywords |= k == 5;
        BUG(6, k == 5 && !ev->has_id && ev->keywords >> 52 & 1); // the failure table is chosen by an id that is not there yet
        return 0;
    }
    if (!strcmp(name, "Channel")) { copy(ev->channel, sizeof(ev->channel), x->text, x->text_n); }
    if (!strcmp(name, "Computer")) {
        BUG(7, x->text_n > 255); // uint8_t length
        copy(ev->computer, sizeof(ev->computer), x->text, x->text_n);
        prey_third_computer(x->text, x->text_n);
    }
    return 0;
}

// ---- EventData

static int data_start(struct parser *x)
{
    struct event *ev = &x->ev;
    const struct attr *a = attr(x, "Name");
    if (ev->fields == FIELDS) { return -1; }
    struct field *f = &ev->field[ev->fields];
    copy(f->name, sizeof(f->name), a ? a->value : "", a ? a->n : 0);
    f->order = ev->fields;
    f->n = 0;
    f->value[0] = 0;
    return 0;
}

static int data_end(struct parser *x)
{
    struct event *ev = &x->ev;
    struct field *f = &ev->field[ev->fields];
    uint64_t number;
    f->n = x->text_n;
    memcpy(f->value, x->text, x->text_n + 1);
    for (unsigned k = 0; k < ev->fields && f->name[0]; k++) {
        // written over the first, in its room
        BUG(8, !strcmp(ev->field[k].name, f->name) && f->n > ev->field[k].n && ev->field[k].n);
    }
    ev->fields++;
    prey_second_value(ev, f->name, f->value, f->n);
    prey_third_value(ev, f);
    prey_fourth_value(ev, f);
    if (strstr(f->name, "Sid")) { return prey_sid(f->value, f->n); }
    if (strstr(f->name, "Time")) { return prey_time(f->value, f->n, &number); }
    if (strstr(f->name, "Id") || strstr(f->name, "Code")) { return prey_number(f->value, f->n, &number); }
    prey_text(f->value, f->n);
    return 0;
}

// ---- elements

static void begin_text(struct parser *x)
{
    x->text_n = x->pieces = x->entities = 0;
    x->entity_first = x->comment_first = x->cdata = x->return_by_reference = false;
}

static int end_element(struct parser *x, const char *name, bool empty)
{
    if (!x->depth || strcmp(x->stack[x->depth - 1], name) != 0) { return -1; }
    x->depth--;
    x->text[x->text_n] = 0;
    const char *parent = x->depth ? x->stack[x->depth - 1] : "";
    int why = 0;
    if (!strcmp(parent, "System")) { why = system_end(x, name); }
    // the fields before it were named by the template of version 0
    BUG(62, !strcmp(name, "System") && x->ev.version == 1 && x->ev.fields > 0);
    if (!strcmp(parent, "RenderingInfo") && !strcmp(name, "Message")) {
        prey_third_message(&x->ev, x->text, x->text_n);
        prey_fourth_message(&x->ev, x->text, x->text_n);
    }
    if (!strcmp(parent, "Keywords") && !strcmp(name, "Keyword") && x->depth > 1 &&
        !strcmp(x->stack[x->depth - 2], "RenderingInfo")) { prey_fourth_keyword(&x->ev); }
    if (!strcmp(parent, "EventData") && !strcmp(name, "Binary")) { prey_fourth_binary(x->text, x->text_n); }
    if (!strcmp(parent, "EventData") && !strcmp(name, "Data")) {
        BUG(9, x->entity_first && x->text_n > 1);                // s[-1] is looked at, to trim
        BUG(10, x->comment_first && x->text_n > 0);              // the start pointer is that of the comment
        BUG(11, x->cdata && x->pieces > 1);                      // its end is taken for that of the value
        BUG(12, x->entities > 24);                               // char *entity[24]
        BUG(13, empty && x->ev.fields > 0 && !x->ev.field[x->ev.fields - 1].n); // two in a row: value of the one before
        why = data_end(x);
    }
    begin_text(x);
    return why;
}

static int start_element(struct parser *x)
{
    char name[NAME_MAX_LEN + 1];
    x->p++;
    if (read_name(x, name) || read_attrs(x)) { return -1; }
    const char *parent = x->depth ? x->stack[x->depth - 1] : "";
    const struct attr *ns = attr(x, "xmlns");
    BUG(14, x->depth >= 8); // char path[8][64]
    BUG(56, x->depth > 0 && ns && !ns->n); // the namespace is undone: its URI is NULL
    if (x->depth == DEPTH) { return -1; }
    memcpy(x->stack[x->depth++], name, sizeof(name));
    begin_text(x);
    if (x->depth == 1 && strcmp(name, "Event") != 0) { return -1; }
    x->ev.roots += x->depth == 1;
    BUG(77, x->ev.roots > 1); // wazuh #3343, #3344: the first one is freed, what was read of it is still pointed to
    if (!strcmp(name, "EventData")) {
        x->ev.bodies++;
        BUG(15, x->ev.bodies > 1 && x->ev.fields > 0); // the first one's fields leak
    }
    if (!strcmp(name, "RenderingInfo") && !attr(x, "Culture")) { return -1; }
    if (!strcmp(parent, "System") && system_start(x, name)) { return -1; }
    if (!strcmp(parent, "EventData") && !strcmp(name, "Data") && data_start(x)) { return -1; }
    if (*x->p == '/') {
        x->p++;
        if (x->p == x->end || *x->p++ != '>') { return -1; }
        return end_element(x, name, true);
    }
    x->p++;
    return 0;
}

static int skip_to(struct parser *x, const char *end)
{
    while (x->p < x->end && !starts(x, end)) { x->p++; }
    if (x->p == x->end) { return -1; }
    x->p += strlen(end);
    return 0;
}

static int add_text(struct parser *x, const char *s, size_t n)
{
    if (x->text_n + n > VALUE_MAX) { return -1; }
    memcpy(x->text + x->text_n, s, n);
    x->text_n += n;
    return 0;
}

static int markup(struct parser *x)
{
    char name[NAME_MAX_LEN + 1];
    x->return_by_reference = false;
    if (starts(x, "<!--")) {
        const char *from = x->p;
        x->comment_first |= x->text_n == 0;
        x->pieces++;
        if (skip_to(x, "-->")) { return -1; }
        BUG(55, x->p - from < 7); // its end is looked for from its start: a length below nothing
        return 0;
    }
    if (starts(x, "<![CDATA[")) {
        const char *from = x->p + 9;
        x->pieces += x->text_n > 0 ? 2u : 1u;
        x->cdata = true;
        if (skip_to(x, "]]>")) { return -1; }
        // xml-rs #98, Openfire #187: of three brackets the last two are not seen
        BUG(80, x->p - 3 > from && x->p[-4] == ']');
        return add_text(x, from, (size_t)(x->p - 3 - from));
    }
    if (!x->depth && starts(x, "<!DOCTYPE")) {
        x->p += 9;
        prey_fourth_doctype(x->p, x->end);
        return prey_third_doctype(&x->p, x->end);
    }
    if (starts(x, "<?")) {
        const char *from = x->p;
        if (skip_to(x, "?>")) { return -1; }
        BUG(70, x->p - from > 4 && x->p[-3] == '?'); // sax-js #233: the second mark is taken for the first of a pair
        return 0;
    }
    if (starts(x, "</")) {
        x->p += 2;
        if (read_name(x, name)) { return -1; }
        while (x->p < x->end && blank(*x->p)) { x->p++; }
        if (x->p == x->end || *x->p++ != '>') { return -1; }
        return end_element(x, name, false);
    }
    return start_element(x);
}

// <?xml …?>; wide: it was UTF-16.
static int declaration(struct parser *x, bool wide)
{
    x->p += 5;
    if (read_attrs(x)) { return -1; }
    const struct attr *a = attr(x, "encoding");
    BUG(18, a && !wide && !strncmp(a->value, "UTF-16", 6)); // switches the reader's width in the middle
    if (a && !wide) { prey_fourth_declared(a->value, x->p, x->end); }
    return skip_to(x, "?>");
}

int decode_event(const uint8_t *bytes, size_t n)
{
    static struct parser x;
    char *narrow = NULL;
    int why = 0;
    memset(&x.ev, 0, offsetof(struct event, field));
    x.ev.fields = x.ev.bodies = x.depth = 0;
    begin_text(&x);
    x.p = (const char *)bytes;
    x.end = x.p + n;
    prey_second_bytes(x.p, n);
    prey_third_bytes(x.p, n);
    prey_fourth_bytes(x.p, n);
    if (n > 1 && bytes[0] == 0xff && bytes[1] == 0xfe) { // the low bytes of UTF-16
        BUG(16, n & 1); // reads a byte behind the end
        narrow = malloc(n / 2 + 1);
        if (!narrow) { return -1; }
        for (size_t k = 1; k < n / 2; k++) {
            unsigned unit = bytes[2 * k] | (unsigned)bytes[2 * k + 1] << 8;
            // a pair is read, with no second half
            BUG(17, unit >= 0xd800 && unit < 0xdc00 && (2 * k + 3 >= n || (bytes[2 * k + 3] & 0xfc) != 0xdc));
            narrow[k - 1] = (char)(unit < 0x80 ? unit : '?');
        }
        x.p = narrow;
        x.end = narrow + n / 2 - 1;
    } else if (n > 2 && !memcmp(bytes, "\xef\xbb\xbf", 3)) {
        x.p += 3;
    }
    if (starts(&x, "<?xml")) { why = declaration(&x, narrow != NULL); }
    while (!why && x.p < x.end) {
        if (*x.p == '<') {
            why = markup(&x);
        } else if (*x.p == '&') {
            char four[4];
            x.entity_first |= x.text_n == 0;
            x.entities++;
            size_t m = read_entity(&x, four);
            x.return_by_reference = m == 1 && four[0] == '\r';
            why = m ? add_text(&x, four, m) : -1;
        } else {
            // JDK-8281093: ends of lines are made one after references were read, in a copy that has the length of before
            BUG(84, x.return_by_reference && *x.p == '\n');
            x.return_by_reference = false;
            if (!x.depth && !blank(*x.p)) { why = -1; }
            if (!why) { why = add_text(&x, x.p, 1); }
            x.p++;
        }
    }
    if (!why && x.depth) { why = -1; }
    if (!why) { prey_event(&x.ev); }
    free(narrow);
    return why;
}
