// What the mutator can write in one call, by general shapes: repetition inside a value, other ways to write the same, the
// calendar, entities at a value's start, order, what ties fields, duplicate names, encodings. forall shape, field: it comes at
// least once in so many calls, for fields of our own schema and of one without a profile alike.
#include "fuzz/mutator.h"
#include "schema/builtin.h"
#include "schema/wev.h"
#include "tests/shapes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAP = 1 << 13 };

static uint8_t out[CAP + 1];

// ---- shapes of a document, about one field: its element's place, copies and neighbours

struct about {
    struct wev_span doc;
    const struct input *in;
    size_t k;                        // of in->fields
    struct {
        const char *at;              // of the first Data of that name, behind the name; NULL: there is none
        struct wev_span first, second; // values; absent: the end tag, or all, is missing
        size_t copies;
    } field[FIELDS_MAX];
};

// One pass over the document: "Name='NAME'>VALUE</Data>"
static void look(struct about *a)
{
    const char *end = a->doc.p + a->doc.n;
    memset(a->field, 0, sizeof(a->field));
    for (const char *p = a->doc.p; (p = find(span(p, end), "Name='")) != NULL;) {
        p += 6;
        for (size_t k = 0; k < a->in->field_count; k++) {
            struct wev_span name = a->in->fields[k].name, rest = span(p, end);
            if (rest.n < name.n + 2 || memcmp(p, name.p, name.n) != 0 || memcmp(p + name.n, "'>", 2) != 0) { continue; }
            const char *from = p + name.n + 2, *to = find(span(from, end), "</Data>");
            struct wev_span v = to ? span(from, to) : (struct wev_span){NULL, 0};
            if (++a->field[k].copies == 1) { a->field[k].at = from, a->field[k].first = v; }
            if (a->field[k].copies == 2) { a->field[k].second = v; }
            break;
        }
    }
}

static size_t copies(const struct about *a) { return a->field[a->k].copies; }
static const char *place(const struct about *a, size_t k) { return a->field[k].at; }
static struct wev_span first_value(const struct about *a) { return a->field[a->k].first; }
static struct wev_span second_value(const struct about *a) { return a->field[a->k].second; }
static bool differs(const struct about *a, size_t k)
{
    return a->field[k].first.p && !wev_span_eq(a->field[k].first, a->in->fields[k].old);
}
#define FIELD(name) static bool name(const struct about *a)
FIELD(is_missing) { return copies(a) == 0 && a->doc.n > a->in->n / 2 && has(a->doc, "</Event>"); }
FIELD(twice_alike) { return copies(a) == 2 && wev_span_eq(second_value(a), first_value(a)); }
FIELD(twice_differing) { return copies(a) == 2 && !wev_span_eq(second_value(a), first_value(a)); }
FIELD(twice_with_empty) { return copies(a) == 2 && second_value(a).p && (!second_value(a).n || !first_value(a).n); }
FIELD(many_copies) { return copies(a) >= 4; }
FIELD(with_next_exchanged)
{
    size_t next = a->k + 1 < a->in->field_count ? a->k + 1 : a->k - 1;
    const char *p = place(a, a->k), *q = place(a, next);
    return p && q && (next > a->k ? q < p : p < q);
}
FIELD(comes_first) // and did not before
{
    size_t before = 0;
    for (size_t k = 0; k < a->in->field_count; k++) {
        before += k != a->k && (!place(a, k) || place(a, k) < place(a, a->k));
    }
    return (a->k == 0) == (before > 0) && place(a, a->k);
}
FIELD(comes_last)
{
    size_t behind = 0;
    for (size_t k = 0; k < a->in->field_count; k++) {
        behind += k != a->k && (!place(a, k) || place(a, k) > place(a, a->k));
    }
    return (a->k + 1 == a->in->field_count) == (behind > 0) && place(a, a->k);
}
FIELD(name_nearly) // in its stead or beside it: a letter more, less, or another case
{
    struct wev_span name = a->in->fields[a->k].name;
    const char *end = a->doc.p + a->doc.n;
    for (const char *p = a->doc.p; (p = find(span(p, end), "Name='")) != NULL;) {
        p += 6;
        size_t n = 0, same = 0;
        while (p + n < end && n < 60 && p[n] != '\'') { n++; }
        while (same < n && same < name.n && (p[same] | 32) == (name.p[same] | 32)) { same++; }
        if (!wev_span_eq((struct wev_span){p, n}, name) && same + 1 >= name.n && n <= name.n + 10) { return true; }
    }
    return false;
}
FIELD(name_lost) { return copies(a) == 0 && (has(a->doc, "<Data>") || has(a->doc, "Name=''")); }
FIELD(no_value_but_tag)
{
    char mark[80];
    snprintf(mark, sizeof(mark), "Name='%.*s'/>", (int)a->in->fields[a->k].name.n, a->in->fields[a->k].name.p);
    return copies(a) == 0 && has(a->doc, mark);
}
FIELD(anothers_value)
{
    for (size_t k = 0; k < a->in->field_count; k++) {
        if (k != a->k && differs(a, a->k) && wev_span_eq(first_value(a), a->in->fields[k].old)) { return true; }
    }
    return false;
}
FIELD(exchanged_values)
{
    for (size_t k = 0; k < a->in->field_count; k++) {
        bool there = k != a->k && differs(a, k) && wev_span_eq(a->field[k].first, a->in->fields[a->k].old);
        if (there && wev_span_eq(first_value(a), a->in->fields[k].old)) { return true; }
    }
    return false;
}
FIELD(both_changed)
{
    size_t changed = 0;
    for (size_t k = 0; k < a->in->field_count; k++) { changed += differs(a, k); }
    return changed >= 2 && differs(a, a->k);
}
FIELD(changed_and_out_of_order) { return differs(a, a->k) && with_next_exchanged(a); }
FIELD(changed_and_another_twice)
{
    size_t twice = 0;
    for (size_t k = 0; k < a->in->field_count; k++) { twice += k != a->k && a->field[k].copies == 2; }
    return twice && copies(a) == 1 && differs(a, a->k);
}
FIELD(changed_and_another_empty)
{
    size_t none = 0;
    for (size_t k = 0; k < a->in->field_count; k++) {
        none += k != a->k && a->field[k].first.p && !a->field[k].first.n;
    }
    return none && differs(a, a->k) && first_value(a).n;
}
FIELD(twice_and_out_of_order) { return copies(a) == 2 && with_next_exchanged(a); }

static const struct about_shape {
    const char *family, *name;
    bool (*is)(const struct about *a);
} abouts[] = {
#define A(family, f) {family, #f, f}
    A("field", is_missing), A("names", twice_alike), A("names", twice_differing), A("names", twice_with_empty),
    A("names", many_copies), A("order", with_next_exchanged), A("order", comes_first), A("order", comes_last),
    A("names", name_nearly), A("names", name_lost), A("syntax", no_value_but_tag), A("cross", anothers_value),
    A("cross", exchanged_values), A("two", both_changed), A("two", changed_and_out_of_order),
    A("two", changed_and_another_twice), A("two", changed_and_another_empty), A("two", twice_and_out_of_order),
#undef A
};

// ---- shapes of the document as a whole

#define WHOLE(name) static bool name(struct wev_span doc)
static bool in_utf16(struct wev_span doc, bool mark, bool big)
{
    const char *lt = big ? "\0<" : "<\0";
    if (doc.n < 5) { return false; }
    return mark ? !memcmp(doc.p, big ? "\xfe\xff" : "\xff\xfe", 2) && !memcmp(doc.p + 2, lt, 2) : !memcmp(doc.p, lt, 2);
}
WHOLE(utf16_le) { return in_utf16(doc, true, false); }
WHOLE(utf16_be) { return in_utf16(doc, true, true); }
WHOLE(utf16_without_mark) { return in_utf16(doc, false, false) || in_utf16(doc, false, true); }
WHOLE(mark_before_utf8) { return starts(doc, "\xef\xbb\xbf<"); }
WHOLE(says_another_encoding) { return starts(doc, "<?xml") && (has(doc, "UTF-16") || has(doc, "iso-8859-1")); }
WHOLE(declared) { return starts(doc, "<?xml version="); }
WHOLE(doctype) { return has(doc, "<!DOCTYPE"); }
WHOLE(two_roots) { return count(doc, "</Event>") >= 2; }
WHOLE(in_events) { return has(doc, "<Events"); }
WHOLE(text_behind)
{
    const char *p = find(doc, "</Event>");
    return p && p + 9 < doc.p + doc.n && p[9] != '<' && p[8] != '<';
}
WHOLE(blanks_before) { return doc.n && memchr(" \t\r\n", doc.p[0], 4); }
WHOLE(cut_short) { return doc.n > 100 && !has(doc, "</Event>") && has(doc, "<Event"); }
WHOLE(double_quotes) { return count(doc, "\"") > 20; }
WHOLE(prefixed) { return has(doc, "<e:Event") && has(doc, "<e:Data"); }
WHOLE(no_namespace) { return starts(doc, "<Event>"); }
WHOLE(no_system) { return !has(doc, "<System>") && has(doc, "<EventData>"); }
WHOLE(two_bodies) { return count(doc, "<EventData>") >= 2; }
WHOLE(user_data) { return has(doc, "<UserData"); }
WHOLE(rendering) { return has(doc, "<RenderingInfo"); }
WHOLE(deep) { return count(doc, "<System>") > 6 || count(doc, "<EventData>") > 6 || count(doc, "<Data>") > 6; }
WHOLE(two_ids) { return count(doc, "<EventID") == 2; }
WHOLE(no_record_id) { return !has(doc, "<EventRecordID") && has(doc, "</Event>"); }
WHOLE(no_time) { return !has(doc, "SystemTime=") && has(doc, "</Event>"); }
WHOLE(computer_before_id)
{
    const char *a = find(doc, "<Computer>"), *b = find(doc, "<EventID>");
    return a && b && a < b;
}
WHOLE(threads_before_processes)
{
    const char *a = find(doc, "ThreadID="), *b = find(doc, "ProcessID=");
    return a && b && a < b;
}
WHOLE(an_attribute_twice) { return count(doc, " SystemTime=") == 2 || count(doc, " Guid=") == 2; }
WHOLE(id_with_qualifiers) { return has(doc, "<EventID Qualifiers="); }

static const struct whole_shape {
    const char *name;
    bool (*is)(struct wev_span doc);
} wholes[] = {
#define W(f) {#f, f}
    W(utf16_le), W(utf16_be), W(utf16_without_mark), W(mark_before_utf8), W(says_another_encoding), W(declared),
    W(doctype), W(two_roots), W(in_events), W(text_behind), W(blanks_before), W(cut_short), W(double_quotes),
    W(prefixed), W(no_namespace), W(no_system), W(two_bodies), W(user_data), W(rendering), W(deep), W(two_ids),
    W(no_record_id), W(no_time), W(computer_before_id), W(threads_before_processes), W(an_attribute_twice),
    W(id_with_qualifiers),
#undef W
};

// ---- the inputs

static char form_of(struct wev_span v)
{
    if (starts(v, "0x")) { return 'h'; }
    if (starts(v, "S-1-")) { return 's'; }
    if (v.n == 38 && v.p[0] == '{') { return 'g'; }
    if (v.n > 19 && v.p[10] == 'T') { return 't'; }
    if (starts(v, "%%")) { return '%'; }
    return is_digits(v) ? 'i' : 'x';
}

static void open_input(struct input *in, const char *manifest, const char *events)
{
    struct wev_error e;
    char why[480];
    in->schema = wev_builtin_load(&manifest, manifest ? 1 : 0, NULL, 0, &e);
    assert_non_null(in->schema);
    in->mutator = wev_mutator_new(in->schema, NULL, &e);
    assert_non_null(in->mutator);
    const struct wev_config config = {.seed = 7, .events = events, .format = "xml"};
    struct wev_options *o = wev_options_new(in->schema, &config, why, sizeof(why));
    if (!o) { fail_msg("%s", why); }
    in->n = wev_make(in->schema, o, 0, in->text, sizeof(in->text), NULL);
    assert_in_range(in->n, 1, sizeof(in->text));
    wev_options_free(o);
    const char *end = in->text + in->n;
    for (const char *p = in->text; (p = find(span(p, end), "<Data Name='")) && in->field_count < FIELDS_MAX; p++) {
        struct field *f = &in->fields[in->field_count++];
        const char *name = p + 12, *quote = memchr(name, '\'', (size_t)(end - name));
        f->name = span(name, quote);
        f->old = value_of((struct wev_span){in->text, in->n}, f->name);
        f->form = form_of(f->old);
    }
    assert_true(in->field_count > 8);
}

static void close_input(struct input *in)
{
    wev_mutator_free(in->mutator);
    wev_schema_free(in->schema);
}

// ---- the law

// A_FIELD: on the average over the fields of its form a shape comes once in so many calls; A_DOCUMENT: a shape of the whole does.
enum { CALLS = 40000, A_FIELD = 6000, A_DOCUMENT = 2000 };

static bool is_for(const char *forms, const struct field *f)
{
    return !*forms || strchr(forms, f->form) != NULL;
}

static void must_come(const char *schema, const char *shape, const size_t *seen, const struct input *in, const char *forms)
{
    size_t sum = 0, fields = 0;
    for (size_t k = 0; k < in->field_count; k++) {
        const struct field *f = &in->fields[k];
        if (!is_for(forms, f)) { continue; }
        if (!seen[k]) { fail_msg("%s: %s is not reached for %.*s", schema, shape, (int)f->name.n, f->name.p); }
        sum += seen[k];
        fields++;
    }
    if (sum * A_FIELD < fields * CALLS) { fail_msg("%s: %s comes once in %zu calls, a field", schema, shape, fields * CALLS / sum); }
}

// Every shape in every field, and on the average over fields once in so many calls.
static void every_shape_comes(const char *manifest, const char *events)
{
    static struct input in;
    static size_t of_value[WEV_COUNT(shapes)][FIELDS_MAX], of_field[WEV_COUNT(abouts)][FIELDS_MAX];
    static size_t of_whole[WEV_COUNT(wholes)];
    static struct about a;
    const char *name = manifest ? manifest : "5059";
    memset(&in, 0, sizeof(in));
    memset(of_value, 0, sizeof(of_value));
    memset(of_field, 0, sizeof(of_field));
    memset(of_whole, 0, sizeof(of_whole));
    open_input(&in, manifest, events);
    for (uint64_t seed = 0; seed < CALLS; seed++) {
        size_t n = wev_mutator_run(in.mutator, (struct wev_span){in.text, in.n}, (struct wev_span){NULL, 0}, seed, out, 4096);
        a.doc = (struct wev_span){(const char *)out, n};
        a.in = &in;
        look(&a);
        for (a.k = 0; a.k < in.field_count; a.k++) {
            const struct field *f = &in.fields[a.k];
            for (size_t s = 0; s < WEV_COUNT(shapes) && differs(&a, a.k); s++) {
                of_value[s][a.k] += is_for(shapes[s].forms, f) && shapes[s].is(f->old, first_value(&a));
            }
            for (size_t s = 0; s < WEV_COUNT(abouts); s++) { of_field[s][a.k] += abouts[s].is(&a); }
        }
        for (size_t s = 0; s < WEV_COUNT(wholes); s++) { of_whole[s] += wholes[s].is(a.doc); }
    }
    for (size_t s = 0; s < WEV_COUNT(shapes); s++) {
        must_come(name, shapes[s].name, of_value[s], &in, shapes[s].forms);
    }
    for (size_t s = 0; s < WEV_COUNT(abouts); s++) { must_come(name, abouts[s].name, of_field[s], &in, ""); }
    for (size_t s = 0; s < WEV_COUNT(wholes); s++) {
        if (of_whole[s] * A_DOCUMENT < CALLS) { fail_msg("%s: %s comes %zu times", name, wholes[s].name, of_whole[s]); }
    }
    close_input(&in);
}

static void shapes_of_our_own_event(void **state)
{
    (void)state;
    every_shape_comes(NULL, "5059:1");
}

static void shapes_of_any_event(void **state)
{
    (void)state;
    every_shape_comes("tests/bench/foreign.man", "100");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_of_our_own_event),
        cmocka_unit_test(shapes_of_any_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
