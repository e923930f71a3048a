// The mutator: pure, within its room, true to what it does not touch; each operation does what its name says, as the
// reference decoder sees it; every operation and every class of breaks is reached.
#include "fuzz/mutator.h"
#include "gen/break.h"
#include "schema/builtin.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAP = 1 << 16, SAMPLES = 6 };

static struct wev_schema *schema;
static struct wev_mutator *one, *two;
static struct wev_decoder *decoder;
static char sample[SAMPLES][4096];
static size_t sample_n[SAMPLES];
static uint8_t out[CAP], again[CAP];
static const struct wev_span none = {NULL, 0};

static const char *const hostile[] = {
    "", "<", "<a", "</", "<>", "<a/>", "<Event>", "<Event><System>", "<Event><System><EventID>",
        "<Event><System/><EventData/></Event>", "</Event>", "<!--", "<![CDATA[", "<?xml", "&", "x", "\n",
    "<a b='c' b=\"d\" e=f g>",
        "<Event><System><EventID>5059</EventID><Version>1</Version><Provider Name='Microsoft-Windows-Security-Auditing'/></System><EventData><Data Name='",
    "<e:Event xmlns:e='u'><e:System><e:EventID>5059</e:EventID></e:System></e:Event>",
        "<Event><System><System><System></Event>", "<Data Name=''></Data><Data/><Data",
        "{\"EventID\": 5059, \"KeyName\": \"x\"}",
    "<13>Mar  4 08:00:00 host - <Event><EventData><Data>%%2499</Data></EventData></Event>", "\xff\xfe", "\xff\xfe<",
        "\xfe\xff\0<\0a\0/\0>\0", "<Event><EventData><Data Name='a' Name='b'>&#", "<a><a><a><a><a><a>",
    "\x80\xc0\xff\xfe\xf8", "<Event><UserData><x><y>1</y></x></UserData></Event>", "'\"'\"<'\"'>\"</'",
};

static struct wev_span of(size_t k)
{
    return (struct wev_span){sample[k], sample_n[k]};
}

static void make_samples(void)
{
    static const struct wev_config how[SAMPLES] = {{.seed = 7, .events = "5059:1"}, {.seed = 2, .events = "5059:0"},
        {.seed = 3, .events = "5058"}, {.seed = 4, .events = "5061", .format = "rendered"},
        {.seed = 5, .events = "5056"}, {.seed = 6, .events = "5060"}};
    char why[480];
    for (size_t k = 0; k < SAMPLES; k++) {
        struct wev_options *o = wev_options_new(schema, &how[k], why, sizeof(why));
        assert_non_null(o);
        sample_n[k] = wev_make(schema, o, k, sample[k], sizeof(sample[k]), NULL);
        assert_in_range(sample_n[k], 1, sizeof(sample[k]));
        wev_options_free(o);
    }
}

static int setup(void **state)
{
    struct wev_error e;
    (void)state;
    schema = wev_builtin_load(NULL, 0, NULL, 0, &e);
    assert_non_null(schema);
    one = wev_mutator_new(schema, NULL, &e);
    two = wev_mutator_new(schema, NULL, &e);
    decoder = wev_decoder_new(schema);
    assert_true(one && two && decoder);
    make_samples();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wev_decoder_free(decoder);
    wev_mutator_free(one);
    wev_mutator_free(two);
    wev_schema_free(schema);
    return 0;
}

static struct wev_result judge(const uint8_t *p, size_t n)
{
    struct wev_result r;
    assert_int_equal(wev_decode(schema, decoder, (const char *)p, n, &r), 0);
    return r;
}

static size_t op_named(const char *name)
{
    size_t k = 0;
    while (k < wev_mutator_op_count() && strcmp(wev_mutator_op_name(k), name) != 0) { k++; }
    if (k == wev_mutator_op_count()) { fail_msg("no operation %s", name); }
    return k;
}

// An input of exactly its size, so that ASan sees a read past it.
static size_t run(struct wev_mutator *m, struct wev_span input, struct wev_span other, uint64_t seed, uint8_t *to, size_t cap)
{
    char *copy = malloc(input.n ? input.n : 1);
    assert_non_null(copy);
    if (input.n) { memcpy(copy, input.p, input.n); }
    size_t n = wev_mutator_run(m, (struct wev_span){copy, input.n}, other, seed, to, cap);
    free(copy);
    return n;
}

// forall input, other, seed: the same bytes, by a mutator of any past
static void same_seed_same_result(void **state)
{
    (void)state;
    size_t differ = 0;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct wev_span input = of(seed % SAMPLES), other = seed % 3 ? none : of((seed + 1) % SAMPLES);
        size_t n = run(one, input, other, seed, out, CAP);
        if (seed % 2) { run(two, of((seed + 3) % SAMPLES), none, seed * 7, again, 700); }
        assert_int_equal(run(two, input, other, seed, again, CAP), n);
        assert_memory_equal(out, again, n);
        assert_string_equal(wev_mutator_describe(one), wev_mutator_describe(two));
        differ += n != input.n || memcmp(out, input.p, n) != 0;
    }
    assert_in_range(differ, 2950, 3000); // and it does mutate
}

// forall cap: never a byte more
static void within_its_room(void **state)
{
    static const size_t caps[] = {63, 64, 65, 127, 255, 256, 500, 1000, 1023, 1024, 1100, 1165, 1166, 1167, 1300, 2047,
        2048, 4095, 4096, 10000};
    (void)state;
    for (uint64_t seed = 0; seed < 6000; seed++) {
        size_t cap = seed < 3000 ? seed % 60 : caps[seed % WEV_COUNT(caps)];
        uint8_t *exact = malloc(cap ? cap : 1);
        assert_non_null(exact);
        size_t n = run(one, of(seed % SAMPLES), seed % 4 ? none : of(0), seed, exact, cap);
        if (n > cap) { fail_msg("seed %llu: %zu bytes into %zu", (unsigned long long)seed, n, cap); }
        free(exact);
    }
}

// In place, as libFuzzer calls it.
static void in_place(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        size_t n = run(one, of(0), none, seed, out, CAP);
        memcpy(again, sample[0], sample_n[0]);
        assert_int_equal(wev_mutator_run(two, (struct wev_span){(const char *)again, sample_n[0]}, none, seed, again, CAP), n);
        assert_memory_equal(out, again, n);
    }
}

static size_t common_start(struct wev_span a, struct wev_span b)
{
    size_t k = 0;
    while (k < a.n && k < b.n && a.p[k] == b.p[k]) { k++; }
    return k;
}

static size_t common_end(struct wev_span a, struct wev_span b, size_t start)
{
    size_t k = 0;
    while (k < a.n - start && k < b.n - start && a.p[a.n - 1 - k] == b.p[b.n - 1 - k]) { k++; }
    return k;
}

static bool within(const struct wev_doc *d, const struct wev_spot *spots, size_t count, size_t from, size_t to)
{
    for (size_t s = 0; s < count; s++) {
        if (from >= spots[s].at && to <= (size_t)spots[s].at + spots[s].n) { return true; }
    }
    for (uint32_t e = 0; e < d->count; e++) { // an attribute's
        if (from > d->elements[e].at && to < d->elements[e].head_end) { return true; }
    }
    return false;
}

// An operation on one value leaves all the rest as it was, what cannot be parsed too.
static void the_rest_is_verbatim(void **state)
{
    static const char *const names[] = {"value-boundary", "value-near", "value-spell", "value-cut",
        "value-pool", "value-repeat"};
    static char text[8192];
    static struct wev_element elements[256];
    static struct wev_spot spots[256];
    struct wev_doc d = {.elements = elements, .cap = 256};
    (void)state;
    size_t n = (size_t)snprintf(text, sizeof(text), "\x01\xff junk & < %.*s \x80 <!-- <Data>no</Data> --> & junk",
        (int)sample_n[0], sample[0]);
    wev_doc_scan(&d, text, n);
    size_t count = wev_doc_spots(&d, NULL, spots, WEV_COUNT(spots)), inside = 0, all = 0;
    for (size_t k = 0; k < WEV_COUNT(names); k++) {
        wev_mutator_only(one, op_named(names[k]));
        for (uint64_t seed = 0; seed < 200; seed++) {
            size_t m = run(one, (struct wev_span){text, n}, none, seed, out, CAP);
            struct wev_span a = {text, n}, b = {(const char *)out, m};
            if (wev_span_eq(a, b)) { continue; }
            // where text repeats, the change may be read at its first or at its last place
            size_t start = common_start(a, b), end = common_end(a, b, 0);
            size_t limit = a.n < b.n ? a.n : b.n;
            inside += within(&d, spots, count, start, n - common_end(a, b, start)) ||
                      within(&d, spots, count, start < limit - end ? start : limit - end, n - end);
            all++;
        }
    }
    wev_mutator_only(one, SIZE_MAX);
    assert_true(all > 1000);
    assert_int_equal(inside, all);
}

// Those on several values at once leave what cannot be parsed, before and behind the document.
static void the_rest_is_verbatim_of_several(void **state)
{
    static const char *const names[] = {"value-put", "value-respell", "value-several"};
    static const char head[] = "\x01\xff junk & < ", tail[] = " \x80 <!-- <Data>no</Data> --> & junk";
    static char text[8192];
    (void)state;
    size_t n = (size_t)snprintf(text, sizeof(text), "%s%.*s%s", head, (int)sample_n[0], sample[0], tail), all = 0;
    for (size_t k = 0; k < WEV_COUNT(names); k++) {
        wev_mutator_only(one, op_named(names[k]));
        for (uint64_t seed = 0; seed < 400; seed++) {
            size_t m = run(one, (struct wev_span){text, n}, none, seed, out, CAP);
            if (m < sizeof(head) + sizeof(tail)) { fail_msg("%s, seed %llu: %zu bytes", names[k], (unsigned long long)seed, m); }
            assert_memory_equal(out, head, sizeof(head) - 1);
            assert_memory_equal(out + m - (sizeof(tail) - 1), tail, sizeof(tail) - 1);
            all += m != n || memcmp(out, text, n) != 0;
        }
    }
    wev_mutator_only(one, SIZE_MAX);
    assert_true(all > 1000);
}

static size_t widen(const char *p, size_t n, uint8_t *to)
{
    size_t m = 0;
    memcpy(to, "\xff\xfe", 2);
    for (m = 2; n > 0; n--, m += 2) {
        to[m] = (uint8_t)*p++;
        to[m + 1] = 0;
    }
    return m;
}

// A document in UTF-16 is changed as such: lone surrogates and the odd byte at its end stay.
static void utf16_stays(void **state)
{
    static uint8_t wide[8192];
    size_t n = widen(sample[0], sample_n[0], wide), kept = 0, all = 0;
    (void)state;
    memcpy(wide + n, "\x00\xd8\x41\x00\xff\xdc\x3d\xd8\x00\xde\x7f", 11);
    n += 11;
    wev_mutator_only(one, op_named("value-near"));
    for (uint64_t seed = 0; seed < 300; seed++) {
        size_t m = run(one, (struct wev_span){(const char *)wide, n}, none, seed, out, CAP);
        all++;
        kept += !memcmp(out, wide, 4) && !memcmp(out + m - 11, wide + n - 11, 11) && m % 2 == n % 2;
    }
    wev_mutator_only(one, SIZE_MAX);
    assert_int_equal(kept, all);
}

// ---- what operations do

enum { BYTES = 1, XML = 2, SCHEMA = 4, TYPE = 8, RULE = 16 };

static unsigned layer_bit(const char *layer)
{
    static const char *const names[] = {"bytes", "xml", "schema", "type", "rule"};
    for (unsigned k = 0; k < 5; k++) {
        if (!strcmp(layer, names[k])) { return 1u << k; }
    }
    return 0;
}

// may: layers at which the decoder stops; must: those that are seen; accepted: some stay right.
static const struct {
    const char *op;
    unsigned may, must;
    bool accepted;
} effects[] = {
    {"value-boundary", BYTES | XML | SCHEMA | TYPE | RULE, TYPE | RULE, true},
    {"value-pool", SCHEMA | TYPE | RULE, RULE, true},
    {"value-near", XML | SCHEMA | TYPE | RULE, TYPE | RULE, true},
    {"value-spell", XML | SCHEMA | TYPE | RULE | BYTES, TYPE, true},
    {"value-respell", XML | SCHEMA | TYPE | RULE, 0, true},
    {"value-repeat", BYTES | XML | SCHEMA | TYPE | RULE, TYPE, true},
    {"value-length", BYTES | XML | SCHEMA | TYPE | RULE, TYPE, true},
    {"value-copy", SCHEMA | TYPE | RULE, TYPE | RULE, false},
    {"value-swap", SCHEMA | TYPE | RULE, TYPE | RULE, false},
    {"value-shift", SCHEMA | TYPE | RULE, TYPE | RULE, false},
    {"tree-twin", BYTES | XML | SCHEMA | TYPE | RULE, SCHEMA, false},
    {"attribute-own", BYTES | XML | SCHEMA | TYPE | RULE, XML | TYPE, true},
    {"event-truncate", BYTES | XML | SCHEMA, BYTES | XML, false},
    {"value-put", BYTES | XML | SCHEMA | TYPE | RULE, BYTES | XML | TYPE, true},
    {"value-cut", XML | SCHEMA | TYPE | RULE, TYPE | RULE, true},
    {"tree-drop", XML | SCHEMA | RULE | BYTES, SCHEMA | XML, true},
    {"tree-repeat", XML | SCHEMA, SCHEMA, false},
    {"tree-swap", XML | SCHEMA | RULE, SCHEMA, false},
    {"tree-permute", XML | SCHEMA | RULE, SCHEMA, false},
    {"tree-move", XML | SCHEMA | RULE, SCHEMA, false},
    {"tree-empty", XML | SCHEMA | TYPE | RULE, SCHEMA | TYPE, true},
    {"tree-rename", XML | SCHEMA | TYPE, XML | SCHEMA, false},
    {"attribute-drop", XML | SCHEMA | RULE, XML | SCHEMA, true},
    {"attribute-repeat", XML | SCHEMA | BYTES, XML, false},
    {"attribute-form", XML | SCHEMA, XML, true},
    {"attribute-add", XML | SCHEMA | TYPE | RULE, XML | SCHEMA, true},
    {"field-name", XML | SCHEMA, SCHEMA, false},
    {"event-rule", SCHEMA | TYPE | RULE, RULE, true},
    {"event-rule-back", SCHEMA | TYPE | RULE, RULE, true},
    {"value-parts", BYTES | XML | SCHEMA | TYPE | RULE, TYPE | RULE, true},
    {"value-kin", SCHEMA | TYPE | RULE, TYPE | RULE, false},
    {"time-step", TYPE | RULE, RULE, true},
    {"tree-near", BYTES | XML | SCHEMA | TYPE | RULE, SCHEMA | XML, false},
    {"message-made", 0, 0, true},
    {"event-fields", RULE, RULE, true},
    {"event-switch", SCHEMA | TYPE | RULE, SCHEMA | RULE, false},
    {"form-quotes", 0, 0, true},
    {"form-empties", 0, 0, true},
    {"form-declared", BYTES | XML, BYTES, true},
    {"form-prefix", 0, 0, true},
    {"form-expanded", 0, 0, true},
    {"cross-values", RULE | SCHEMA | TYPE, RULE, true},
    {"cross-splice", XML | SCHEMA | BYTES | RULE | TYPE, XML, false},
};

static struct wev_span with_references(void)
{
    static char text[sizeof(sample[0])];
    memcpy(text, sample[0], sample_n[0]);
    char *at = memmem(text, sample_n[0], "Connected", 9);
    assert_non_null(at);
    memcpy(at, "&amp;&lt;", 9);
    return (struct wev_span){text, sample_n[0]};
}

static void operations_do_what_they_say(void **state)
{
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(effects); k++) {
        unsigned seen = 0;
        size_t changed = 0, accepted = 0;
        wev_mutator_only(one, op_named(effects[k].op));
        for (uint64_t seed = 0; seed < 400; seed++) {
            struct wev_span input = seed % 3 ? of(seed % 2 ? 0 : 2) : with_references(), other = of(1);
            size_t n = run(one, input, !strncmp(effects[k].op, "cross", 5) ? other : none, seed, out, CAP);
            if (n == input.n && !memcmp(out, input.p, n)) { continue; }
            changed++;
            struct wev_result r = judge(out, n);
            unsigned bit = r.verdict == 'n' ? layer_bit(r.layer) : 0;
            if (bit & ~effects[k].may) { fail_msg("%s, seed %llu: %s %s\n%.*s", effects[k].op, (unsigned long long)seed,
                r.layer, r.reason, (int)n, (const char *)out); }
            seen |= bit;
            accepted += r.verdict != 'n';
        }
        if ((seen & effects[k].must) != effects[k].must) { fail_msg("%s breaks layers %x, not %x", effects[k].op, seen,
            effects[k].must); }
        if (effects[k].accepted && !accepted) { fail_msg("%s: nothing is accepted", effects[k].op); }
        if (changed < (effects[k].must ? 40 : 1)) { fail_msg("%s changed %zu of 400", effects[k].op, changed); }
    }
    wev_mutator_only(one, SIZE_MAX);
}

static void every_operation_is_reached(void **state)
{
    static size_t seen[64];
    (void)state;
    for (uint64_t seed = 0; seed < 12000; seed++) {
        run(one, seed % 5 ? of(seed % SAMPLES) : with_references(), seed % 4 ? none : of((seed + 1) % SAMPLES), seed, out,
            8192);
        const char *said = wev_mutator_describe(one);
        for (size_t k = 0; k < wev_mutator_op_count(); k++) { seen[k] += strstr(said, wev_mutator_op_name(k)) != NULL; }
    }
    for (size_t k = 0; k < wev_mutator_op_count(); k++) {
        if (!seen[k]) { fail_msg("%s was not reached", wev_mutator_op_name(k)); }
    }
}

// Whether the generator itself has a place for the class in one of these events.
static bool has_place(const struct wev_class *c)
{
    static const struct wev_config how[] = {{.events = "5059:1"}, {.events = "5059:0"}, {.events = "5058"},
        {.events = "5061", .format = "rendered"}};
    static char big[64];
    bool found = false;
    for (size_t k = 0; k < WEV_COUNT(how) && !found; k++) {
        struct wev_config config = how[k];
        char why[480];
        config.classes = c->id;
        struct wev_options *o = wev_options_new(schema, &config, why, sizeof(why));
        assert_non_null(o);
        for (uint64_t i = 0; i < 4 && !found; i++) {
            struct wev_note note = {.defect = ""};
            wev_make(schema, o, i, big, sizeof(big), &note);
            found = note.defect[0] != 0;
        }
        wev_options_free(o);
    }
    return found;
}

static void every_class_is_reached(void **state)
{
    enum { ROOM = 8 << 20 };
    static bool seen[1024];
    uint8_t *room = malloc(ROOM);
    (void)state;
    assert_non_null(room);
    wev_mutator_only(one, op_named("event-class"));
    for (uint64_t seed = 0; seed < 12000; seed++) {
        run(one, of(seed % 4), none, seed, room, seed < 9000 ? CAP : ROOM);
        const struct wev_class *c = wev_mutator_class(one);
        for (size_t k = 0; k < wev_class_count() && c; k++) { seen[k] |= wev_class_at(k) == c; }
    }
    wev_mutator_only(one, SIZE_MAX);
    free(room);
    for (size_t k = 0; k < wev_class_count(); k++) {
        const struct wev_class *c = wev_class_at(k);
        if (!seen[k] && c->weight && has_place(c)) { fail_msg("%s was not reached", c->id); }
    }
}

// forall bytes: total. What comes out goes in again.
static void hostile_inputs(void **state)
{
    static uint8_t current[CAP];
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(hostile); k++) {
        size_t n = strlen(hostile[k]);
        if (hostile[k][0] == '\xfe') { n = 9; }
        memcpy(current, hostile[k], n);
        for (uint64_t seed = 0; seed < 120; seed++) {
            size_t cap = seed % 5 ? 3000 : 100;
            n = run(one, (struct wev_span){(const char *)current, n}, seed % 3 ? none : of(seed % SAMPLES), seed, out, cap);
            assert_in_range(n, 0, cap);
            memcpy(current, out, n);
        }
    }
}

// A manifest of the user's own: its fields, not ours.
static void any_manifest(void **state)
{
    static const char *const names[] = {"tests/bench/foreign.man"};
    struct wev_error e;
    char why[480], text[4096];
    struct wev_schema *s = wev_builtin_load(names, 1, NULL, 0, &e);
    (void)state;
    assert_non_null(s);
    struct wev_options *o = wev_options_new(s, &(struct wev_config){.events = "Wevgen-Bench-Foreign/100"}, why, sizeof(why));
    struct wev_mutator *m = wev_mutator_new(s, NULL, &e);
    assert_true(o && m);
    size_t n = wev_make(s, o, 1, text, sizeof(text), NULL), fresh = 0;
    wev_mutator_only(m, op_named("value-pool"));
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct wev_result r;
        size_t got = run(m, (struct wev_span){text, n}, none, seed, out, CAP);
        assert_int_equal(wev_decode(s, NULL, (const char *)out, got, &r), 0);
        fresh += r.verdict == 'y' && (got != n || memcmp(out, text, n) != 0) && r.event == 100;
    }
    assert_in_range(fresh, 60, 300); // values of its own types, from no profile at all
    wev_mutator_free(m);
    wev_options_free(o);
    wev_schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_result), cmocka_unit_test(within_its_room), cmocka_unit_test(in_place),
            cmocka_unit_test(the_rest_is_verbatim), cmocka_unit_test(the_rest_is_verbatim_of_several), cmocka_unit_test(utf16_stays),
        cmocka_unit_test(operations_do_what_they_say), cmocka_unit_test(every_operation_is_reached),
            cmocka_unit_test(every_class_is_reached), cmocka_unit_test(hostile_inputs),
        cmocka_unit_test(any_manifest),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
