// Malformed classes against three witnesses: each class's row, the reference decoder, and libxml2 with event.xsd.
#include "gen/break.h"
#include "gen/make.h"
#include "schema/builtin.h"
#include "schema/decode.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

enum { CAP = 8 << 20, UNITS = 1000, UNITS_HUGE = 3 };
static const char *const foreign[] = {"tests/cases/manifests/types.man", "tests/golden/hostile.man", "tests/bench/foreign.man",
                                      "tests/cases/manifests/wild.man"};

struct bench {
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    struct wev_state *state;
    xmlParserCtxtPtr parser;
    xmlSchemaPtr xsd;
    xmlSchemaValidCtxtPtr valid;
    char *buf, *other;
};
static struct bench bench;

static void quiet(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

#if LIBXML_VERSION >= 21200
static void quiet_error(void *context, const xmlError *error)
#else
static void quiet_error(void *context, xmlErrorPtr error)
#endif
{
    (void)context;
    (void)error;
}

static int open_bench(void **state)
{
    struct wev_error e = {.code = WEV_OK};
    (void)state;
    bench.schema = wev_builtin_load(foreign, WEV_COUNT(foreign), NULL, 0, &e);
    if (!bench.schema) { fail_msg("%s", e.text); }
    bench.decoder = wev_decode_new(bench.schema, NULL);
    bench.state = malloc(sizeof(*bench.state));
    bench.buf = malloc(CAP);
    bench.other = malloc(CAP);
    xmlSetGenericErrorFunc(NULL, quiet);
    xmlSetStructuredErrorFunc(NULL, quiet_error);
    bench.parser = xmlNewParserCtxt();
    xmlSchemaParserCtxtPtr reader = xmlSchemaNewParserCtxt("schema/event.xsd");
    bench.xsd = xmlSchemaParse(reader);
    xmlSchemaFreeParserCtxt(reader);
    bench.valid = bench.xsd ? xmlSchemaNewValidCtxt(bench.xsd) : NULL;
    return bench.decoder && bench.state && bench.buf && bench.other && bench.parser && bench.valid ? 0 : -1;
}

static int close_bench(void **state)
{
    (void)state;
    xmlSchemaFreeValidCtxt(bench.valid);
    xmlSchemaFree(bench.xsd);
    xmlFreeParserCtxt(bench.parser);
    free(bench.buf);
    free(bench.other);
    free(bench.state);
    wev_decode_free(bench.decoder);
    wev_schema_free(bench.schema);
    return 0;
}

static struct wev_options *options(const struct wev_config *c)
{
    char error[480];
    struct wev_options *o = wev_options_new(bench.schema, c, error, sizeof(error));
    if (!o) { fail_msg("%s", error); }
    wev_values_init(bench.state, o->plan, o->seed);
    bench.state->broken = wev_break_new();
    assert_non_null(bench.state->broken);
    return o;
}

static void drop(struct wev_options *o)
{
    wev_break_free(bench.state->broken);
    wev_options_free(o);
}

// ---- what another library says

enum said { REFUSED, WELL_FORMED, VALID };

static enum said ask_libxml2(const char *p, size_t n, bool schema)
{
    xmlDocPtr doc = xmlCtxtReadMemory(bench.parser, p, (int)n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool well = doc && bench.parser->wellFormed && bench.parser->nsWellFormed;
    bool valid = well && schema && xmlSchemaValidateDoc(bench.valid, doc) == 0;
    xmlFreeDoc(doc);
    return valid ? VALID : well ? WELL_FORMED : REFUSED;
}

// Which of the two layers that the witness knows it must find fault in.
static bool witness_agrees(const struct wev_class *c, enum said said)
{
    const char *layer = wev_class_layer(c);
    char verdict = wev_class_verdict(c);
    if (verdict == 'i') { return true; }
    if (!strcmp(layer, "bytes") || !strcmp(layer, "xml")) { return (said == REFUSED) == (verdict == 'n'); }
    if (said == REFUSED) { return false; } // from here on it is XML
    return strcmp(layer, "schema") != 0 || (said == VALID) == (verdict == 'y');
}

// ---- one class

struct tally {
    uint64_t broken, differed, wrong;
};

// One message a class: the rest of its units would say the same.
static void complain(struct tally *t, const struct wev_class *c, uint64_t unit, const char *what, const char *value, size_t n)
{
    if (t->wrong++) { return; }
    print_error("%s: unit %" PRIu64 ": %s %s, not %s\n", c->id, unit, what, value, wev_verdict_rows[c->reason].slug);
    if (getenv("WEV_TEST_SHOW")) { print_error("%.*s\n", (int)(n < 3000 ? n : 3000), bench.buf); }
}

static void check_unit(const struct wev_class *c, const struct wev_note *note, size_t n, struct tally *t)
{
    static const char *const words[] = {"refused", "well-formed", "valid"};
    struct wev_decoded d;
    assert_int_equal(wev_decode_run(bench.decoder, bench.buf, n, &d), WEV_OK);
    const struct wev_verdict_row *row = &wev_verdict_rows[d.code];
    t->broken++;
    if (d.code != c->reason) { complain(t, c, note->unit, "the decoder says", row->slug, n); }
    if (note->verdict != wev_class_verdict(c)) { complain(t, c, note->unit, "label's verdict", &note->verdict, n); }
    if (strcmp(note->defect, c->id) != 0) { complain(t, c, note->unit, "label's class", note->defect, n); }
    if (strcmp(note->reason, wev_verdict_rows[c->reason].slug) != 0) { complain(t, c, note->unit, "label's reason", note->reason, n); }
    if (strcmp(note->layer, wev_class_layer(c)) != 0) { complain(t, c, note->unit, "label's layer", note->layer, n); }
    if (note->at > n || note->at_length > n - note->at) { complain(t, c, note->unit, "a break that is not inside", "", n); }
    if (!c->weight && c->differs) { return; } // our own limits: the row says that libxml2 has none, and it takes minutes to say so
    enum said said = ask_libxml2(bench.buf, n, !strcmp(note->layer, "schema"));
    bool agrees = witness_agrees(c, said);
    if (!agrees && !c->differs) { complain(t, c, note->unit, "libxml2 says", words[said], n); }
    t->differed += !agrees;
}

static uint64_t share(uint64_t units)
{
    const char *text = getenv("WEV_TEST_SHARE");
    uint64_t n = text ? strtoull(text, NULL, 10) : 1;
    return n > 1 ? (units + n - 1) / n : units;
}

static void check_events(const struct wev_class *c, const char *events, const char *format, uint64_t units, struct tally *t)
{
    struct wev_config config = {.seed = 7, .events = events, .format = format, .classes = c->id};
    struct wev_options *o = options(&config);
    struct wev_note note;
    for (uint64_t i = 0; i < 8 * units && t->broken < units; i++) {
        size_t n = wev_make_event(o, bench.state, i, bench.buf, CAP, &note, NULL);
        assert_in_range(n, 0, CAP);
        if (note.defect[0]) { check_unit(c, &note, n, t); }
    }
    drop(o);
}

// forall classes, units: the row, the decoder and libxml2 agree
static void classes_are_what_they_say(void **state)
{
    static const struct { const char *events, *format; unsigned share; } mixes[] = {
        {"5056,5057,5058,5059,5060,5061", "xml", 2}, {"all", "xml", 1}, {"all", "rendered", 1}, {"5059", "xml", 1},
        {"5061", "xml", 1}, {"5058:0,5059:0,5061:0", "xml", 1}, {"5059", "rendered", 1}, {"all", "events", 1},
    };
    uint64_t wrong = 0;
    (void)state;
    for (size_t k = 0; k < wev_class_count(); k++) {
        const struct wev_class *c = wev_class_at(k);
        if (wev_class_of_stream(c)) { continue; } // tests/cli/stream.sh: no document is wrong
        uint64_t units = c->weight ? share(UNITS) : share(UNITS_HUGE);
        struct tally t = {0, 0, 0};
        for (size_t m = 0; m < WEV_COUNT(mixes) && t.broken < units; m++) {
            check_events(c, mixes[m].events, mixes[m].format, (units + mixes[m].share - 1) / mixes[m].share, &t);
        }
        wrong += t.wrong > 0 || t.broken < units;
        if (t.broken < units) { print_error("%s: only %" PRIu64 " units could carry it\n", c->id, t.broken); }
        if (!c->weight || !c->differs || t.differed || strcmp(wev_class_layer(c), "schema") != 0) { continue; }
        print_error("%s: event.xsd agrees, though the row says it differs\n", c->id);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

// forall rows: an id of its own that begins with its layer, and all that the table promises
static void rows_are_whole(void **state)
{
    (void)state;
    assert_true(wev_class_count() >= 200);
    for (size_t k = 0; k < wev_class_count(); k++) {
        const struct wev_class *c = wev_class_at(k);
        const char *layer = wev_class_layer(c);
        size_t n = strlen(layer);
        if (strncmp(c->id, layer, n) != 0 || c->id[n] != '.') { fail_msg("%s is in the table of %s", c->id, layer); }
        if (strspn(c->id, "abcdefghijklmnopqrstuvwxyz0123456789.-") != strlen(c->id)) { fail_msg("%s: a character", c->id); }
        if (!c->breaks || !c->breaks[0]) { fail_msg("%s names no rule", c->id); }
        const char *const texts[] = {c->breaks, c->seen, c->differs};
        for (size_t m = 0; m < 3; m++) {
            if (texts[m] && strpbrk(texts[m], "\"\\\n")) { fail_msg("%s: text that JSON must escape", c->id); }
        }
        const struct wev_verdict_row *row = &wev_verdict_rows[c->reason];
        if (row->verdict != 'y' && strcmp(wev_layer_names[row->layer], layer) != 0) { fail_msg("%s: reason %s is of another layer", c->id, row->slug); }
        for (size_t m = 0; m < k; m++) {
            if (!strcmp(wev_class_at(m)->id, c->id)) { fail_msg("%s twice", c->id); }
        }
    }
}

// forall i: broken(i) = make(i) but for the break; the twin is make(i) itself
static void twins_are_the_unit_unbroken(void **state)
{
    (void)state;
    struct wev_config plain = {.seed = 3, .events = "all"}, twins = {.seed = 3, .events = "all", .malformed = "0.5", .twin = 1};
    struct wev_options *valid = options(&plain);
    wev_break_free(bench.state->broken);
    struct wev_options *o = options(&twins);
    uint64_t broken = 0, units = share(4000);
    struct wev_note note;
    for (uint64_t i = 0; i < units; i++) {
        size_t n = wev_make_event(o, bench.state, i, bench.buf, CAP, &note, NULL);
        size_t m = wev_make(bench.schema, valid, i, bench.other, CAP, NULL);
        if (note.defect[0]) {
            broken++;
            assert_int_equal(n - note.twin_at, m);
        } else {
            assert_int_equal(note.twin_at, 0);
            assert_int_equal(n, m);
        }
        assert_memory_equal(bench.buf + note.twin_at, bench.other, m);
    }
    assert_in_range(broken, units * 45 / 100, units * 55 / 100);
    drop(o);
    wev_options_free(valid);
}

// forall i, cap: the size is the same, and a buffer of that size is filled the same
static void sizes_do_not_depend_on_room(void **state)
{
    (void)state;
    struct wev_config c = {.seed = 9, .events = "all", .malformed = "1"};
    struct wev_options *o = options(&c);
    for (uint64_t i = 0; i < share(2000); i++) {
        size_t n = wev_make_event(o, bench.state, i, bench.buf, CAP, NULL, NULL);
        char *exact = malloc(n ? n : 1);
        assert_non_null(exact);
        assert_int_equal(wev_make_event(o, bench.state, i, exact, 0, NULL, NULL), n);
        assert_int_equal(wev_make_event(o, bench.state, i, exact, n, NULL, NULL), n);
        assert_memory_equal(exact, bench.buf, n);
        assert_int_equal(wev_make(bench.schema, o, i, bench.other, CAP, NULL), n);
        assert_memory_equal(bench.other, bench.buf, n);
        free(exact);
    }
    drop(o);
}

// Stacked: "not y" is all that is promised.
static void stacked_breaks_are_not_y(void **state)
{
    (void)state;
    struct wev_config c = {.seed = 5, .events = "all", .malformed = "1", .breaks = 3};
    struct wev_options *o = options(&c);
    struct wev_note note;
    uint64_t broken = 0;
    for (uint64_t i = 0; i < share(20000); i++) {
        struct wev_decoded d;
        size_t n = wev_make_event(o, bench.state, i, bench.buf, CAP, &note, NULL);
        if (!note.defect[0]) { continue; }
        assert_int_equal(wev_decode_run(bench.decoder, bench.buf, n, &d), WEV_OK);
        if (wev_verdict_rows[d.code].verdict == 'y') { fail_msg("unit %" PRIu64 " of %s: %.*s", i, note.defect, (int)n, bench.buf); }
        assert_int_not_equal(note.verdict, 'y');
        broken++;
    }
    assert_true(broken > share(20000) * 9 / 10);
    drop(o);
}

static bool same_element(const struct wev_element *a, const struct wev_element *b)
{
    return a->at == b->at && a->head_end == b->head_end && a->tail == b->tail && a->end == b->end && a->parent == b->parent &&
           a->name_n == b->name_n && a->depth == b->depth && a->flags == b->flags;
}

static bool same_spot(const struct wev_spot *a, const struct wev_spot *b)
{
    return a->at == b->at && a->n == b->n && a->element == b->element && a->type == b->type && a->lex == b->lex &&
           a->header == b->header && a->attribute == b->attribute && a->ruled == b->ruled && a->field == b->field;
}

// forall i: the skeleton completed by the values' lengths is what a scan of the bytes finds
static void skeletons_are_scans(void **state)
{
    static const char *const forms[] = {"xml", "events"}; // rendered: its keywords vary, it is scanned
    static struct wev_element elements[WEV_BREAK_ELEMENTS];
    static struct wev_spot spots[WEV_BREAK_SPOTS];
    (void)state;
    for (size_t f = 0; f < WEV_COUNT(forms); f++) {
        struct wev_config c = {.seed = 4, .events = "all", .format = forms[f], .malformed = "1"};
        struct wev_options *o = options(&c);
        struct wev_break *b = bench.state->broken;
        uint64_t compared = 0, units = share(2000);
        for (uint64_t i = 0; i < units; i++) {
            wev_make_event(o, bench.state, i, bench.buf, CAP, NULL, NULL); // b->page is the unit unbroken
            struct wev_doc scan = {.elements = elements, .cap = WEV_BREAK_ELEMENTS}, known = {.elements = b->elements, .cap = WEV_BREAK_ELEMENTS};
            if (!b->skeleton) { continue; }
            compared++;
            wev_doc_scan(&scan, b->page, b->size);
            wev_skeleton_doc(b->skeleton, b->marks, b->page, b->size, &known);
            assert_int_equal(scan.count, known.count);
            assert_int_equal(scan.event, known.event);
            assert_int_equal(scan.system, known.system);
            assert_int_equal(scan.body, known.body);
            assert_int_equal(scan.rendering, known.rendering);
            for (uint32_t k = 0; k < scan.count; k++) {
                if (!same_element(&scan.elements[k], &known.elements[k])) { fail_msg("unit %" PRIu64 ", element %u: %s", i, k, b->page); }
            }
            size_t n = wev_doc_spots(&scan, b->def, spots, WEV_BREAK_SPOTS);
            assert_int_equal(n, wev_skeleton_spots(b->skeleton, b->marks, b->spots));
            for (size_t k = 0; k < n; k++) {
                if (!same_spot(&spots[k], &b->spots[k])) { fail_msg("unit %" PRIu64 ", value %zu: %s", i, k, b->page); }
            }
        }
        assert_true(compared > units / 2);
        drop(o);
    }
}

// forall bytes: what a scan gives lies inside them
static void scans_take_any_bytes(void **state)
{
    static struct wev_element elements[64];
    static struct wev_spot spots[64];
    struct wev_config c = {.seed = 6, .events = "all", .malformed = "1", .breaks = 3};
    struct wev_options *o = options(&c);
    (void)state;
    for (uint64_t i = 0; i < share(6000); i++) {
        size_t n = wev_make_event(o, bench.state, i, bench.buf, CAP, NULL, NULL), cut = n ? (size_t)(i * 7919 % (n + 1)) : 0;
        char *exact = malloc(cut ? cut : 1); // so that a sanitizer sees the end
        assert_non_null(exact);
        memcpy(exact, bench.buf, cut);
        struct wev_doc d = {.elements = elements, .cap = WEV_COUNT(elements)};
        wev_doc_scan(&d, exact, cut);
        assert_true(d.count <= d.cap);
        for (uint32_t k = 0; k < d.count; k++) {
            const struct wev_element *e = &d.elements[k];
            assert_true(e->at < e->head_end && e->head_end <= e->tail && e->tail <= e->end && e->end <= cut);
            assert_true(e->at + 1u + e->name_n <= e->head_end);
            assert_true(e->parent == WEV_DOC_NONE || e->parent < k);
        }
        size_t count = wev_doc_spots(&d, bench.state->broken->def, spots, WEV_COUNT(spots));
        for (size_t k = 0; k < count; k++) { assert_true(spots[k].at <= cut && spots[k].n <= cut - spots[k].at); }
        free(exact);
    }
    drop(o);
}

static void options_that_are_wrong(void **state)
{
    (void)state;
    static const struct { struct wev_config c; const char *says; } cases[] = {
        {{.malformed = "1.5"}, "\"1.5\""},
        {{.malformed = "101%"}, "\"101%\""},
        {{.malformed = ""}, "not \"\""},
        {{.malformed = "x"}, "\"x\""},
        {{.malformed = "0.1,xml.*"}, "not CLASS=WEIGHT: \"xml.*\""},
        {{.malformed = "0.1,xml.*=-1"}, "\"-1\""},
        {{.malformed = "0.1,nothing=1"}, "no class is \"nothing\""},
        {{.malformed = "0.1,*=0"}, "every class has weight"},
        {{.classes = "type.sid-16-sub"}, "did you mean \"type.sid-16-subs\"?"},
        {{.twin = 1}, "--twin"},
        {{.malformed = "1", .format = "view"}, "only XML forms"},
        {{.malformed = "1", .breaks = 9}, "at most 8"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        char error[480] = "";
        struct wev_options *o = wev_options_new(bench.schema, &cases[k].c, error, sizeof(error));
        if (o || !strstr(error, cases[k].says)) { fail_msg("case %zu: %s, wanted %s", k, o ? "accepted" : error, cases[k].says); }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(classes_are_what_they_say),
        cmocka_unit_test(twins_are_the_unit_unbroken),
        cmocka_unit_test(sizes_do_not_depend_on_room),
        cmocka_unit_test(stacked_breaks_are_not_y),
        cmocka_unit_test(skeletons_are_scans),
        cmocka_unit_test(scans_take_any_bytes),
        cmocka_unit_test(options_that_are_wrong),
    };
    int failed = cmocka_run_group_tests_name("break", tests, open_bench, close_bench);
    xmlCleanupParser();
    return failed;
}
