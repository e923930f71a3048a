// Manifests as they exist in the wild load; every mistake has its message; nothing else happens.
#include "schema/manifest.h"
#include "schema/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GUID "guid=\"{54849625-5478-4994-a5ba-3e3b0328c30d}\""
#define PROVIDER "<provider name=\"P\" " GUID ">" // line 1 of the short cases
#define DATA(attributes) PROVIDER "\n<templates><template tid=\"t\">\n<data " attributes "/></template></templates></provider>"
#define EVENT(attributes) PROVIDER "\n<events>\n<event value=\"1\" " attributes "/></events></provider>"

static struct wev_schema *load(const char *name, struct wev_span bytes, struct wev_error *error)
{
    struct wev_source source = {name, bytes};
    *error = (struct wev_error){.code = WEV_OK};
    return wev_manifest_load(&source, 1, NULL, 0, error);
}

static void drop(struct wev_schema *schema)
{
    struct wev_arena arena = schema->arena; // the schema itself lives in it
    wev_arena_free(&arena);
}

static struct wev_span case_file(const char *name)
{
    char path[256];
    struct wev_span bytes = {NULL, 0};
    struct wev_error error;
    snprintf(path, sizeof(path), "tests/cases/manifests/%s", name);
    if (!wev_file_read(path, WEV_TREE_BYTES_MAX, &bytes, &error)) { fail_msg("%s", error.text); }
    return bytes;
}

static struct wev_schema *load_case(const char *name)
{
    struct wev_error error;
    struct wev_span bytes = case_file(name);
    struct wev_schema *schema = load(name, bytes, &error);
    free((char *)(uintptr_t)bytes.p); // a schema lives without its sources
    if (!schema) { fail_msg("%s", error.text); }
    return schema;
}

static const struct wev_event_def *find(const struct wev_schema *s, const char *provider, uint32_t id, uint32_t version)
{
    const struct wev_event_def *d = wev_manifest_find(s, wev_span_of(provider), NULL, id, version, NULL);
    if (!d) { fail_msg("no event %s %u version %u", provider, id, version); }
    return d;
}

static void is(struct wev_span got, const char *want)
{
    if (!wev_span_eq(got, wev_span_of(want)) || !got.p != !want) {
        fail_msg("expected \"%s\", got \"%.*s\"", want ? want : "(absent)", (int)got.n, got.p ? got.p : "(absent)");
    }
}

// ---- what loads

static void check_wild_templates(const struct wev_schema *s)
{
    const struct wev_template *t = find(s, "Wild-One", 1, 0)->body;
    assert_ptr_equal(t, find(s, "Wild-One", 1, 1)->body); // shared
    is(t->tid, "shared");
    assert_false(t->flat);
    assert_null(t->user);
    assert_int_equal(t->field_count, 6);
    assert_true(t->fields[0].is_extent && t->fields[1].is_extent);
    assert_false(t->fields[2].is_extent);
    assert_int_equal(t->fields[1].lex, WEV_L_HEX);
    assert_int_equal(t->fields[2].count.kind, WEV_X_FIELD);
    assert_int_equal(t->fields[2].count.n, 0);
    assert_int_equal(t->fields[2].type, WEV_T_NULL);
    assert_int_equal(t->fields[2].field_count, 2);
    assert_int_equal(t->fields[2].fields[1].field_count, 1);
    const struct wev_map *rights = t->fields[2].fields[1].fields[0].map;
    assert_true(rights && rights->bits && rights->count == 1 && rights->entries[0].value == 0x80000000);
    assert_int_equal(t->fields[3].length.kind, WEV_X_FIELD);
    assert_int_equal(t->fields[3].length.n, 1);
    assert_int_equal(t->fields[4].count.kind, WEV_X_CONST);
    assert_int_equal(t->fields[4].count.n, 3);
    assert_true(t->fields[4].map && !t->fields[4].map->bits && t->fields[4].map->count == 2);
    is(t->fields[4].map->entries[0].text, "<red> one");
    is(t->fields[4].map->entries[1].text, "green");
    assert_int_equal(t->fields[5].length.n, 16);

    t = find(s, "Wild-One", 0xffff, 0)->body;
    assert_true(t->flat);
    assert_int_equal(t->user_count, 11);
    is(t->user[0].name, "Thing");
    is(t->user[0].space, "urn:thing");
    assert_int_equal(t->user[2].kind, WEV_U_FIELD);
    assert_int_equal(t->user[2].field, 1);
    assert_int_equal(t->user[5].kind, WEV_U_TEXT);
    is(t->user[5].name, "fixed");
    assert_int_equal(t->user[10].kind, WEV_U_CLOSE);
}

static void check_wild(const struct wev_schema *s)
{
    assert_int_equal(s->provider_count, 2);
    assert_int_equal(s->event_count, 5);
    is(s->providers[0].message, "One & only");
    is(s->providers[1].message, NULL);
    is(s->providers[1].guid_text, "11112222-3333-4444-5555-666677778888");
    for (size_t k = 0; k < 16; k++) { assert_int_equal(s->providers[0].guid.byte[k], 0x11 * k); }

    const struct wev_event_def *d = find(s, "Wild-One", 1, 0);
    assert_int_equal(d->level, 16);
    is(d->level_text, "Loud");
    is(d->task_text, "First");
    assert_int_equal(d->opcode, 10);
    is(d->opcode_text, "Try");
    // Read, Write, win:AuditSuccess, and the bit of the Security channel
    assert_true(d->keywords == (0x1 | 0x2 | 0x20000000000000 | 0x8000000000000000));
    is(d->keyword_texts[0].text, "Read"); // Write has no message
    assert_true(d->keyword_texts[0].value == 1 && d->keyword_texts[1].value != 2);
    is(d->channel, "Security");
    is(d->channel_text, "Security");
    // a line end and a tab of an attribute's value are blanks, a character reference stays (XML 1.0 3.3.3)
    is(d->message, "Zeile  \xc3\xa4\xc3\xb6\xc3\xbc \xe2\x82\xac\xf0\x9d\x84\x9e\n%1");
    is(d->symbol, "E1");

    d = find(s, "Wild-One", 1, 1);
    assert_int_equal(d->task, 2);
    is(d->task_text, NULL);      // its string is not in the table
    assert_int_equal(d->opcode, 11); // the task's own Try, not the provider's
    is(d->opcode_text, "second try");
    is(d->level_text, "Verbose");
    is(d->channel, "Wild-One/Operational");
    is(d->channel_text, "Operational");
    assert_true(d->keywords == 0);

    d = find(s, "Wild-One", 0xffff, 0);
    assert_int_equal(d->level, 4);
    is(d->level_text, "Information");
    is(d->opcode_text, "Stop");
    is(d->message, NULL);

    d = find(s, "Wild-One", 2, 0); // nothing said: winmeta's zeros
    assert_int_equal(d->level | d->task | d->opcode, 0);
    is(d->level_text, "Information");
    is(d->opcode_text, "Info");
    is(d->channel, NULL);
    assert_true(d->body && d->body->field_count == 0 && d->body->flat);
    assert_non_null(d->profile);
    assert_true(find(s, "Wild-Two", 1, 0)->keywords == 0x10000000000000);
    check_wild_templates(s);
}

static void wild_manifest_loads(void **state)
{
    (void)state;
    struct wev_schema *s = load_case("wild.man");
    check_wild(s);
    drop(s);
}

// ---- encodings

enum form { CRLF = 1, BOM = 2, WIDE = 4, BIG = 8 };

static size_t put_unit(char *out, unsigned c, unsigned form)
{
    out[form & BIG ? 1 : 0] = (char)(c & 0xff);
    out[form & BIG ? 0 : 1] = (char)(c >> 8);
    return 2;
}

// UTF-8 to UTF-16; the input is our own and right.
static size_t widen(const char *p, size_t n, char *out, unsigned form)
{
    size_t o = form & BOM ? put_unit(out, 0xfeff, form) : 0;
    for (size_t k = 0; k < n;) {
        unsigned b = (unsigned char)p[k++], more = b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
        unsigned c = more == 0 ? b : b & (0x3fu >> more);
        while (more-- > 0) { c = c << 6 | ((unsigned char)p[k++] & 0x3fu); }
        if (c >= 0x10000) {
            o += put_unit(out + o, 0xd800 + ((c - 0x10000) >> 10), form);
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        o += put_unit(out + o, c, form);
    }
    return o;
}

static struct wev_span rewrite(struct wev_span in, unsigned form)
{
    char *lines = malloc(2 * in.n + 3), *wide = malloc(4 * in.n + 8);
    assert_non_null(lines);
    assert_non_null(wide);
    size_t n = 0;
    if (form & BOM && !(form & WIDE)) {
        memcpy(lines, "\xef\xbb\xbf", 3);
        n = 3;
    }
    for (size_t k = 0; k < in.n; k++) {
        if (in.p[k] == '\n' && form & CRLF) { lines[n++] = '\r'; }
        lines[n++] = in.p[k];
    }
    if (form & WIDE) { n = widen(lines, n, wide, form); }
    char *exact = malloc(n); // so that reading over the end is seen
    assert_non_null(exact);
    memcpy(exact, form & WIDE ? wide : lines, n);
    free(lines);
    free(wide);
    return (struct wev_span){exact, n};
}

// forall line ends, byte order marks and encodings: the same schema, and the same line in a message
static void encodings_give_the_same_schema(void **state)
{
    static const unsigned forms[] = {CRLF, BOM, CRLF | BOM, WIDE, WIDE | BOM, WIDE | BIG, WIDE | BIG | BOM, WIDE | BOM | CRLF};
    struct wev_span plain = case_file("wild.man");
    struct wev_error error;
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(forms); k++) {
        struct wev_span bytes = rewrite(plain, forms[k]);
        struct wev_schema *s = load("wild.man", bytes, &error);
        free((char *)(uintptr_t)bytes.p);
        if (!s) { fail_msg("form %u: %s", forms[k], error.text); }
        check_wild(s);
        drop(s);
        static const char wrong[] = PROVIDER "\n<events>\n<event value=\"x\"/></events></provider>";
        bytes = rewrite((struct wev_span){wrong, sizeof(wrong) - 1}, forms[k]);
        assert_null(load("a.man", bytes, &error));
        free((char *)(uintptr_t)bytes.p);
        assert_string_equal(error.text, "a.man:3: value \"x\" is not a number up to 65535");
    }
    free((char *)(uintptr_t)plain.p);
}

// ---- types

static void every_type_has_its_spelling(void **state)
{
    // types.man, template "in": the 21 inTypes in winmeta.xml's order, then the counted ones.
    static const uint8_t lex[] = {
        WEV_L_TEXT, WEV_L_TEXT, WEV_L_INT,  WEV_L_UINT, WEV_L_INT,   WEV_L_UINT,   WEV_L_INT,  WEV_L_UINT,
        WEV_L_INT,  WEV_L_UINT, WEV_L_FLOAT, WEV_L_FLOAT, WEV_L_BOOL, WEV_L_BINARY, WEV_L_GUID, WEV_L_HEX,
        WEV_L_TIME, WEV_L_TIME, WEV_L_SID,  WEV_L_HEX,  WEV_L_HEX,   WEV_L_TEXT,   WEV_L_TEXT, WEV_L_BINARY,
    };
    // outTypes that change the spelling, by their row in template "out"
    static const struct {
        const char *name;
        uint8_t lex;
    } forced[] = {
        {"UInt8 win:HexInt8", WEV_L_HEX},    {"UInt16 win:HexInt16", WEV_L_HEX}, {"UInt16 win:Port", WEV_L_UINT},
        {"UInt32 win:HexInt32", WEV_L_HEX},  {"UInt32 win:PID", WEV_L_UINT},     {"UInt32 win:IPv4", WEV_L_IPV4},
        {"UInt64 win:HexInt64", WEV_L_HEX},  {"Binary win:IPv6", WEV_L_IPV6},    {"Binary win:SocketAddress", WEV_L_SOCKADDR},
        {"Pointer win:HexInt64", WEV_L_HEX}, {"SID xs:string", WEV_L_SID},       {"HexInt32 win:NTSTATUS", WEV_L_HEX},
        {"FILETIME xs:dateTime", WEV_L_TIME}, {"UnicodeString win:Xml", WEV_L_TEXT},
    };
    struct wev_schema *s = load_case("types.man");
    const struct wev_template *in = find(s, "Types", 1, 0)->body, *out = find(s, "Types", 2, 0)->body;
    (void)state;
    assert_int_equal(in->field_count, WEV_COUNT(lex));
    for (size_t k = 0; k < WEV_COUNT(lex); k++) {
        if (in->fields[k].lex != lex[k]) { fail_msg("%.*s: lex %d", (int)in->fields[k].name.n, in->fields[k].name.p, in->fields[k].lex); }
        if (k < WEV_T_COUNT - 1) { assert_int_equal(in->fields[k].type, k + 1); } // BinXML's numbers
    }
    for (size_t k = 0; k < WEV_COUNT(forced); k++) {
        size_t f = 0;
        while (f < out->field_count && !wev_span_is(out->fields[f].name, forced[k].name)) { f++; }
        if (f == out->field_count) { fail_msg("types.man has no \"%s\"", forced[k].name); }
        if (out->fields[f].lex != forced[k].lex) { fail_msg("%s: lex %d", forced[k].name, out->fields[f].lex); }
    }
    drop(s);
}

// ---- dumps

static void dump_quirks_load(void **state)
{
    struct wev_schema *s = load_case("dump.man");
    const struct wev_event_def *a = find(s, "Dumped", 1, 0), *b = find(s, "Dumped", 2, 0);
    (void)state;
    assert_int_equal(a->task, 101);
    assert_int_equal(a->opcode, 101);
    assert_int_equal(b->opcode, 102); // one name, two tasks
    is(a->task_text, NULL);
    is(a->level_text, "Error");
    assert_int_equal(a->body->field_count, 2); // two fields of one name
    drop(s);
}

static void sample_dumps_load(void **state)
{
    static const struct {
        const char *file, *provider;
        size_t events;
    } rows[] = {
        {"Microsoft-Windows-AppLocker.Win10-18990.xml", "Microsoft-Windows-AppLocker", 39},
        {"Microsoft-Windows-Crypto-NCrypt.Win10-18990.xml", "Microsoft-Windows-Crypto-NCrypt", 12},
        {"Microsoft-Windows-TaskScheduler.Win10-18990.xml", "Microsoft-Windows-TaskScheduler", 152},
    };
    const char *samples = getenv("WEV_SAMPLES");
    (void)state;
    if (!samples) {
        print_message("skipped: manifests dumped from Windows (set WEV_SAMPLES to the folder that has manifests/)\n");
        skip();
    }
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        char path[1024];
        struct wev_span bytes;
        struct wev_error error;
        snprintf(path, sizeof(path), "%s/manifests/%s", samples, rows[k].file);
        if (!wev_file_read(path, WEV_TREE_BYTES_MAX, &bytes, &error)) { fail_msg("%s", error.text); }
        struct wev_schema *s = load(rows[k].file, bytes, &error);
        free((char *)(uintptr_t)bytes.p);
        if (!s) { fail_msg("%s", error.text); }
        assert_int_equal(s->event_count, rows[k].events); // grep -c '<event '
        is(s->providers[0].name, rows[k].provider);
        if (k == 2) { // TaskScheduler: opcode LaunchFailure stands in four tasks
            is(find(s, rows[k].provider, 101, 0)->task_text, "TaskStartFailed");
            assert_int_equal(find(s, rows[k].provider, 101, 0)->opcode, 101);
        }
        drop(s);
    }
}

// ---- several files

static void later_file_replaces_an_event(void **state)
{
    static const char old[] = PROVIDER "<events><event value=\"1\" level=\"win:Error\"/><event value=\"2\"/></events></provider>";
    static const char new[] = "<provider name=\"P\" message=\"m\" " GUID
                              "><events><event value=\"1\" level=\"win:Warning\"/><event value=\"1\" version=\"1\"/></events></provider>";
    struct wev_source sources[] = {{"old.man", {old, sizeof(old) - 1}}, {"new.man", {new, sizeof(new) - 1}}};
    struct wev_error error;
    struct wev_schema *s = wev_manifest_load(sources, 2, NULL, 0, &error);
    (void)state;
    if (!s) { fail_msg("%s", error.text); }
    assert_int_equal(s->provider_count, 1);
    assert_int_equal(s->event_count, 3);
    is(s->providers[0].message, "m");
    assert_int_equal(find(s, "P", 1, 0)->level, 3);
    assert_string_equal(find(s, "P", 1, 0)->file, "new.man");
    assert_string_equal(find(s, "P", 2, 0)->file, "old.man");

    struct wev_source turned[] = {sources[1], sources[0]};
    struct wev_schema *t = wev_manifest_load(turned, 2, NULL, 0, &error);
    assert_non_null(t);
    assert_int_equal(find(t, "P", 1, 0)->level, 2);
    assert_true(s->hash[0] != t->hash[0] || s->hash[1] != t->hash[1]); // the order counts
    drop(t);
    t = wev_manifest_load(sources, 2, NULL, 0, &error);
    assert_non_null(t);
    assert_true(s->hash[0] == t->hash[0] && s->hash[1] == t->hash[1]);
    drop(t);

    static const char other[] = "<provider name=\"P\" guid=\"{00000000-0000-0000-0000-000000000000}\"/>";
    sources[1] = (struct wev_source){"other.man", {other, sizeof(other) - 1}};
    assert_null(wev_manifest_load(sources, 2, NULL, 0, &error));
    assert_string_equal(error.text, "other.man:1: guid \"{00000000-0000-0000-0000-000000000000}\" of provider \"P\", which was "
                                    "\"{54849625-5478-4994-a5ba-3e3b0328c30d}\" before");
    drop(s);
}

// forall events: find gives it by provider name and by guid; what is not there is not found.
static void find_is_exact(void **state)
{
    struct wev_schema *s = load_case("wild.man");
    const struct wev_guid zero = {{0}};
    bool known;
    (void)state;
    for (size_t k = 0; k < s->event_count; k++) {
        const struct wev_event_def *d = &s->events[k];
        assert_ptr_equal(wev_manifest_find(s, d->provider->name, NULL, d->id, d->version, &known), d);
        assert_true(known);
        assert_ptr_equal(wev_manifest_find(s, (struct wev_span){NULL, 0}, &d->provider->guid, d->id, d->version, NULL), d);
    }
    assert_null(wev_manifest_find(s, WEV_SPAN("Wild-One"), NULL, 1, 2, &known));
    assert_true(known);
    assert_null(wev_manifest_find(s, WEV_SPAN("Wild-One"), NULL, 3, 0, &known));
    assert_false(known);
    assert_null(wev_manifest_find(s, WEV_SPAN("Wild-Two"), NULL, 2, 0, &known)); // the other provider's
    assert_false(known);
    assert_null(wev_manifest_find(s, WEV_SPAN("Wild"), NULL, 1, 0, &known));
    assert_null(wev_manifest_find(s, (struct wev_span){NULL, 0}, &zero, 1, 0, &known));
    assert_null(wev_manifest_find(s, (struct wev_span){NULL, 0}, NULL, 1, 0, &known));
    drop(s);
}

// ---- mistakes

static void mistakes_say_where_what_and_what_was_meant(void **state)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        // not XML at all
        {"", "a.man:1: not XML that we take: no element found"},
        {"hello", "a.man:1: not XML that we take: syntax error"},
        {"{\"a\": 1}\n", "a.man:1: not XML that we take: not well-formed (invalid token)"},
        {"<a>\n<b>\n</a>", "a.man:3: not XML that we take: mismatched tag"},
        {"<a>\n", "a.man:2: not XML that we take: no element found"},
        {"<a x='1' x='2'/>", "a.man:1: not XML that we take: duplicate attribute"},
        {"<a>\n&b;</a>", "a.man:2: not XML that we take: undefined entity"},
        {"<p:a/>", "a.man:1: not XML that we take: unbound prefix"},
        {"<a>\xff</a>", "a.man:1: not XML that we take: not well-formed (invalid token)"},
        {"\n<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "a.man:2: not XML that we take: a DOCTYPE, which no manifest or profile needs"},
        {"\xff\xfe<", "a.man: UTF-16 of an odd number of bytes, 1"},
        // not a manifest
        {"<html/>", "a.man:1: no provider in it: the root \"html\" is not an instrumentation manifest"},
        {"\n<instrumentationManifest/>",
         "a.man:2: no provider in it: the root \"instrumentationManifest\" is not an instrumentation manifest"},
        {"<provider name=\"P\"/>", "a.man:1: <provider> without the attribute guid"},
        {"<provider " GUID "/>", "a.man:1: <provider> without the attribute name"},
        {"<provider name=\"P\" guid=\"{5484}\"/>", "a.man:1: guid \"{5484}\" is not a GUID"},
        {"<provider name=\"P\" guid=\"{54849625-5478-4994-a5ba-3e3b0328c30g}\"/>",
         "a.man:1: guid \"{54849625-5478-4994-a5ba-3e3b0328c30g}\" is not a GUID"},
        // names
        {EVENT("level=\"win:Eror\""), "a.man:3: unknown level \"win:Eror\", did you mean \"win:Error\"?"},
        {EVENT("level=\"256\""), "a.man:3: unknown level \"256\""},
        {EVENT("task=\"Nowhere\""), "a.man:3: unknown task \"Nowhere\""},
        {EVENT("opcode=\"win:Strat\""), "a.man:3: unknown opcode \"win:Strat\", did you mean \"win:Start\"?"},
        {EVENT("keywords=\"win:SQM win:AuditSucces\""),
         "a.man:3: unknown keyword \"win:AuditSucces\", did you mean \"win:AuditSuccess\"?"},
        {EVENT("channel=\"Nowhere\""), "a.man:3: unknown channel \"Nowhere\""},
        {PROVIDER "\n<channels><channel chid=\"Oper\" name=\"P/Operational\"/></channels>\n<events>"
                  "<event value=\"1\" channel=\"Opr\"/></events></provider>",
         "a.man:3: unknown channel \"Opr\", did you mean \"Oper\"?"},
        {EVENT("template=\"t\""), "a.man:3: unknown template \"t\""},
        {PROVIDER "\n<templates><template tid=\"KeyArgs\"/></templates>\n<events><event value=\"1\" "
                  "template=\"KeyArg\"/></events></provider>",
         "a.man:3: unknown template \"KeyArg\", did you mean \"KeyArgs\"?"},
        // numbers
        {PROVIDER "<events>\n<event/></events></provider>", "a.man:2: <event> without the attribute value"},
        {PROVIDER "<events><event value=\"65536\"/></events></provider>",
         "a.man:1: value \"65536\" is not a number up to 65535"},
        {EVENT("version=\"-1\""), "a.man:3: version \"-1\" is not a number up to 255"},
        {PROVIDER "<tasks><task name=\"T\" value=\"x\"/></tasks></provider>", "a.man:1: value \"x\" is not a number up to 65535"},
        {PROVIDER "<keywords>\n<keyword name=\"K\"/></keywords></provider>", "a.man:2: <keyword> without the attribute mask"},
        {PROVIDER "\n<events><event value=\"1\"/>\n<event value=\"1\" version=\"0\"/></events></provider>",
         "a.man:3: event 1 version 0 stands twice in provider \"P\""},
        // fields
        {DATA("name=\"F\" inType=\"win:UnicodeStrng\""),
         "a.man:3: unknown inType \"UnicodeStrng\", did you mean \"UnicodeString\"?"},
        {DATA("name=\"F\" inType=\"Foo\""), "a.man:3: unknown inType \"Foo\""},
        {DATA("name=\"F\""), "a.man:3: <data> without the attribute inType"},
        {DATA("inType=\"win:SID\""), "a.man:3: <data> without the attribute name"},
        {DATA("name=\"F\" inType=\"win:SID\" outType=\"xs:strng\""),
         "a.man:3: unknown outType \"xs:strng\", did you mean \"xs:string\"?"},
        {DATA("name=\"F\" inType=\"win:SID\" outType=\"win:IPv4\""),
         "a.man:3: outType \"win:IPv4\" does not go with inType \"win:SID\""},
        {DATA("name=\"F\" inType=\"win:UInt8\" map=\"M\""), "a.man:3: unknown map \"M\""},
        {DATA("name=\"F\" inType=\"win:Binary\" length=\"F\""), "a.man:3: unknown earlier field for length \"F\""},
        {DATA("name=\"F\" inType=\"win:Binary\" length=\"65536\""), "a.man:3: length \"65536\" is more than 65535"},
        {DATA("name=\"Size\" inType=\"win:UInt8\"/>\n<data name=\"F\" inType=\"win:Binary\" length=\"Sise\""),
         "a.man:4: unknown earlier field for length \"Sise\", did you mean \"Size\"?"},
        {DATA("name=\"Size\" inType=\"win:SID\"/>\n<data name=\"F\" inType=\"win:UInt8\" count=\"Size\""),
         "a.man:4: count \"Size\" is not a number field"},
        {DATA("name=\"F\" inType=\"win:SID\"/>\n<struct name=\"S\""), "a.man:4: an empty struct \"S\""},
        {DATA("name=\"F\" inType=\"win:Sid\""), "a.man:3: unknown inType \"Sid\", did you mean \"SID\"?"},
        {DATA("name=\"F\" inType=\"win:SID\"/>\n<UserData><A>%2</A></UserData><x"),
         "a.man:4: \"%2\" is not a field of the template, %1 to %1"},
        {DATA("name=\"F\" inType=\"win:SID\"/>\n<UserData><A>%0</A></UserData><x"),
         "a.man:4: \"%0\" is not a field of the template, %1 to %1"},
        {DATA("name=\"F\" inType=\"win:SID\" count=\"2\"/>\n<UserData><A>%1</A></UserData><x"),
         "a.man:4: UserData over arrays or structs"},
    };
    struct wev_error error;
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        struct wev_schema *s = load("a.man", wev_span_of(rows[k].text), &error);
        if (s) { fail_msg("loads: %s", rows[k].text); }
        if (strcmp(error.text, rows[k].error) != 0) {
            fail_msg("input:    %s\nexpected: %s\ngot:      %s", rows[k].text, rows[k].error, error.text);
        }
    }
    assert_null(load("a.man", (struct wev_span){"<a>\n\0</a>", 9}, &error));
    assert_string_equal(error.text, "a.man:2: a NUL byte");
}

// ---- limits

struct text {
    char *p;
    size_t n, cap;
};

static void add(struct text *t, const char *more, size_t times)
{
    size_t n = strlen(more);
    if (t->n + n * times + 1 > t->cap) {
        t->cap = 2 * (t->n + n * times + 1);
        t->p = realloc(t->p, t->cap);
        assert_non_null(t->p);
    }
    for (; times > 0; times--, t->n += n) { memcpy(t->p + t->n, more, n); }
    t->p[t->n] = 0;
}

// NULL: it loads.
static void expect(struct text *t, const char *message)
{
    struct wev_error error;
    struct wev_schema *s = load("a.man", (struct wev_span){t->p, t->n}, &error);
    free(t->p);
    if (s) { drop(s); }
    if (message) {
        assert_null(s);
        assert_int_equal(error.code, WEV_E_LIMIT);
        assert_string_equal(error.text, message);
    } else if (!s) {
        fail_msg("%s", error.text);
    }
    *t = (struct text){NULL, 0, 0};
}

static void nest(struct text *t, size_t depth)
{
    add(t, PROVIDER "<templates><template tid=\"t\">", 1);
    add(t, "<struct name=\"s\">", depth);
    add(t, "<data name=\"d\" inType=\"win:SID\"/>", 1);
    add(t, "</struct>", depth);
    add(t, "</template></templates></provider>", 1);
}

static void fields(struct text *t, size_t outside, size_t inside)
{
    add(t, PROVIDER "<templates><template tid=\"t\">", 1);
    add(t, "<data name=\"d\" inType=\"win:SID\"/>", outside);
    add(t, "\n<struct name=\"s\">", 1);
    add(t, "<data name=\"d\" inType=\"win:SID\"/>", inside);
    // another template counts for itself
    add(t, "</struct></template><template tid=\"u\"><data name=\"d\" inType=\"win:SID\"/></template></templates></provider>", 1);
}

// Each limit: the last that is taken, and the first that is not.
static void limits_are_exact(void **state)
{
    struct text t = {NULL, 0, 0};
    (void)state;
    nest(&t, 8);
    expect(&t, NULL);
    nest(&t, 9);
    expect(&t, "a.man:1: structs nest deeper than 8");
    fields(&t, 1000, 23); // and the struct itself
    expect(&t, NULL);
    fields(&t, 1000, 24);
    expect(&t, "a.man:2: 1025 fields, the limit is 1024");

    add(&t, PROVIDER, 1);
    add(&t, "<x>", 63);
    add(&t, "</x>", 63);
    add(&t, "</provider>", 1);
    expect(&t, NULL);
    add(&t, "<x>\n", 65);
    expect(&t, "a.man:65: not XML that we take: elements nest deeper than 64");

    add(&t, "<x", 1);
    for (int k = 0; k < 65; k++) {
        char attribute[32];
        snprintf(attribute, sizeof(attribute), " a%d=''", k);
        add(&t, attribute, 1);
    }
    add(&t, "/>", 1);
    expect(&t, "a.man:1: not XML that we take: an element with more than 64 attributes");
    add(&t, " ", WEV_TREE_BYTES_MAX + 1);
    expect(&t, "a.man: 16777217 bytes, the limit is 16777216");
}

// Names and events are looked up by search: a hundred thousand of each is a matter of a second, not of minutes.
// The runner's time limit is the assertion.
static void large_manifests_are_not_quadratic(void **state)
{
    struct text t = {NULL, 0, 0};
    (void)state;
    add(&t, PROVIDER "<templates>", 1);
    for (int k = 0; k < 50000; k++) {
        char row[64];
        snprintf(row, sizeof(row), "<template tid=\"template%05d\"/>", k);
        add(&t, row, 1);
    }
    add(&t, "</templates><events>", 1);
    for (int k = 0; k < 50000; k++) {
        char row[64];
        snprintf(row, sizeof(row), "<event value=\"%d\" template=\"template%05d\"/>", k, 49999 - k);
        add(&t, row, 1);
    }
    add(&t, "</events></provider>", 1);
    struct wev_source twice[] = {{"a.man", {t.p, t.n}}, {"b.man", {t.p, t.n}}};
    struct wev_error error;
    struct wev_schema *s = wev_manifest_load(twice, 2, NULL, 0, &error);
    free(t.p);
    if (!s) { fail_msg("%s", error.text); }
    assert_int_equal(s->event_count, 50000);
    is(find(s, "P", 7, 0)->body->tid, "template49992");
    assert_string_equal(find(s, "P", 7, 0)->file, "b.man");
    drop(s);
}

// ---- totality

// forall prefixes, and forall single bytes changed: a schema, or an error whose message names the file
static void check_total(const char *p, size_t n)
{
    struct wev_error error;
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    memcpy(exact, p, n);
    struct wev_schema *s = load("a.man", (struct wev_span){exact, n}, &error);
    free(exact);
    if (s) {
        drop(s);
    } else if (error.code == WEV_OK || strncmp(error.text, "a.man:", 6) != 0 || strlen(error.text) < 8) {
        fail_msg("%zu bytes: error %d \"%s\"", n, error.code, error.text);
    }
}

static void every_prefix_loads_or_says_why(void **state)
{
    struct wev_span all = case_file("dump.man"), wide = rewrite(all, WIDE | BOM);
    (void)state;
    for (size_t n = 0; n < all.n; n++) { check_total(all.p, n); }
    for (size_t n = 0; n < wide.n; n++) { check_total(wide.p, n); }
    free((char *)(uintptr_t)wide.p);
    free((char *)(uintptr_t)all.p);
}

static void every_changed_byte_loads_or_says_why(void **state)
{
    static const char bytes[] = {0, '<', '"', ' ', '&', '%', (char)0xff};
    struct wev_span all = case_file("types.man");
    char *copy = malloc(all.n);
    (void)state;
    assert_non_null(copy);
    memcpy(copy, all.p, all.n);
    for (size_t k = 0; k < all.n; k++) {
        copy[k] = bytes[k % sizeof(bytes)];
        check_total(copy, all.n);
        copy[k] = all.p[k];
    }
    free(copy);
    free((char *)(uintptr_t)all.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wild_manifest_loads),
        cmocka_unit_test(encodings_give_the_same_schema),
        cmocka_unit_test(every_type_has_its_spelling),
        cmocka_unit_test(dump_quirks_load),
        cmocka_unit_test(sample_dumps_load),
        cmocka_unit_test(later_file_replaces_an_event),
        cmocka_unit_test(find_is_exact),
        cmocka_unit_test(mistakes_say_where_what_and_what_was_meant),
        cmocka_unit_test(limits_are_exact),
        cmocka_unit_test(large_manifests_are_not_quadratic),
        cmocka_unit_test(every_prefix_loads_or_says_why),
        cmocka_unit_test(every_changed_byte_loads_or_says_why),
    };
    return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
