// Profiles: each part of the language resolves to its shape, every mistake has its message, and what the
// generators make lies in their support.
#include "schema/builtin.h"
#include "schema/decode.h"
#include "schema/profile.h"
#include "schema/support.h"
#include "schema/types.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BUF = 8192, NAME = 1, NUMBER = 2, HEX = 4 }; // fields of event 1 below

#define EVENT(inside) "<event provider='P' id='1'>\n" inside "</event>"
#define FIELD(generator) EVENT("<field name='Name'>" generator "</field>")
#define COUNT_FIELD(generator) EVENT("<field name='Number'>" generator "</field>")
#define CASES "tests/cases/profiles/"

static const char manifest[] =
    "<provider name='P' guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'><templates><template tid='t'>"
    "<data name='Sid' inType='win:SID'/><data name='Name' inType='win:UnicodeString'/>"
    "<data name='Number' inType='win:UInt32'/><data name='Signed' inType='win:Int32'/>"
    "<data name='Hex' inType='win:HexInt64'/><data name='Start' inType='win:FILETIME'/>"
    "<data name='Guid' inType='win:GUID'/><data name='ProcessID' inType='win:UInt32'/>"
    "</template></templates><events><event value='1' template='t'/><event value='2'/></events></provider>";

static struct wev_schema *load_bytes(struct wev_span text, struct wev_error *error)
{
    struct wev_source m = {"m.man", {manifest, sizeof(manifest) - 1}}, p = {"p.xml", text};
    *error = (struct wev_error){.code = WEV_OK};
    return wev_manifest_load(&m, 1, &p, 1, error);
}

// `inside` stands from line 2 on.
static struct wev_schema *load(const char *inside, struct wev_error *error)
{
    char text[4096];
    int n = snprintf(text, sizeof(text), "<profile>\n%s</profile>", inside);
    assert_in_range(n, 1, sizeof(text) - 1);
    return load_bytes((struct wev_span){text, (size_t)n}, error);
}

static struct wev_schema *good(const char *inside)
{
    struct wev_error e;
    struct wev_schema *s = load(inside, &e);
    if (!s) { fail_msg("%s\n%s", inside, e.text); }
    return s;
}

static const struct wev_event_profile *first(const struct wev_schema *s)
{
    return s->events[0].profile;
}

static void same_text(const struct wev_value *v, const char *want)
{
    if (v->n != strlen(want) || memcmp(v->is.text, want, v->n) != 0) { fail_msg("expected \"%s\", got \"%.*s\"", want, (int)v->n, v->is.text); }
}

// ---- what loads

static void values_and_flags(void **state)
{
    (void)state;
    struct wev_schema *s = good(EVENT("<field name='Name' value='a &amp; b'/><field name='Number' value='0x10'/>"
                                      "<field name='Signed' value='-5'/><field name='Sid' value='S-1-5-18'/>"));
    const struct wev_node *const *f = first(s)->fields;
    assert_int_equal(f[NAME]->gen, WEV_G_VALUE);
    same_text(&f[NAME]->value, "a & b");
    assert_false(f[NAME]->value.flags & WEV_F_PLAIN); // & has to be escaped
    assert_int_equal(f[NUMBER]->value.is.u, 16);
    assert_true(f[3]->value.is.i == -5);
    assert_int_equal(f[0]->value.is.sid->sub[0], 18);
    assert_int_equal(f[HEX]->gen, WEV_G_AUTO);
    assert_int_equal(f[HEX]->type, WEV_T_HEX_INT64);
    wev_schema_free(s);
}

static void patterns_have_kids(void **state)
{
    (void)state;
    struct wev_schema *s = good(FIELD("<pattern text='{{{n}}}-{Number:04}{Guid:upper}'><part name='n'><int min='3' max='9'/></part></pattern>"));
    const struct wev_node *n = first(s)->fields[NAME];
    assert_int_equal(n->gen, WEV_G_PATTERN);
    assert_int_equal(n->kid_count, 5);
    same_text(&n->kids[0]->value, "{");
    assert_true(n->kids[0]->value.flags & WEV_F_PLAIN);
    assert_int_equal(n->kids[1]->gen, WEV_G_INT);
    assert_int_equal(n->kids[1]->type, WEV_T_UINT64);
    same_text(&n->kids[2]->value, "}-");
    assert_int_equal(n->kids[3]->gen, WEV_G_REF);
    assert_int_equal(n->kids[3]->ref.kind, WEV_R_FIELD);
    assert_int_equal(n->kids[3]->width, 4);
    assert_int_equal(n->kids[4]->fold, WEV_FOLD_UPPER);
    wev_schema_free(s);
}

static void fields_win_over_headers(void **state)
{
    (void)state;
    struct wev_schema *s = good(EVENT("<header name='ProcessID' value='7'/><field name='Number' ref='ProcessID'/>"
                                      "<field name='ProcessID' ref='header:ProcessID'/>"));
    const struct wev_event_profile *p = first(s);
    assert_int_equal(p->fields[NUMBER]->ref.kind, WEV_R_FIELD);
    assert_int_equal(p->fields[7]->ref.kind, WEV_R_HEADER);
    assert_int_equal(p->fields[7]->ref.slot, WEV_H_PROCESS_ID);
    assert_true(p->fields[7]->path != p->header[WEV_H_PROCESS_ID]->path);
    wev_schema_free(s);
}

static const char world[] =
    "<entity name='site' count='2'><attr name='code' value='X'/></entity>"
    "<entity name='host' count='9'><link name='site' entity='site'/><attr name='label' open='yes' pattern='H{index}'/>"
    "<attr name='a'><pool file='" CASES "colours.tsv' unique='yes'/></attr>"
    "<attr name='b'><pattern text='{x}{y}'><part name='x'><pool file='" CASES "colours.tsv' unique='yes'/></part>"
    "<part name='y'><pool file='" CASES "colours.tsv' unique='yes'/></part></pattern></attr></entity>";

static void entities_and_links(void **state)
{
    (void)state;
    char text[4096];
    snprintf(text, sizeof(text), "%s%s", world, EVENT("<let name='host' entity='host'/><field name='Name' ref='host.site.code'/>"
                                                      "<require ref='host.index' lt='5'/>"));
    struct wev_schema *s = good(text);
    const struct wev_ref *r = &first(s)->fields[NAME]->ref;
    const struct wev_entity *host = &s->profile->entities[1];
    assert_int_equal(r->kind, WEV_R_ATTR);
    assert_int_equal(r->from, 0);
    assert_int_equal(r->hop_count, 2);
    assert_int_equal(r->hop[0] | r->hop[1] | r->slot, 0);
    assert_int_equal(host->count, 9);
    assert_true(host->attrs[0].open);
    assert_false(host->attrs[1].open);
    assert_int_equal(host->attrs[1].node->radix, 1);
    assert_int_equal(host->attrs[2].node->kids[0]->radix, 1); // the first pool of an attribute takes the low digits
    assert_int_equal(host->attrs[2].node->kids[1]->radix, 3);
    assert_int_equal(first(s)->require_count, 1);
    assert_int_equal(first(s)->require[0].left.kind, WEV_R_INDEX);
    assert_int_equal(s->events[1].profile->link_count, 0); // no block matches event 2
    wev_schema_free(s);
}

static void lets_have_records(void **state)
{
    (void)state;
    struct wev_schema *s = good(EVENT("<let name='who'><switch><when ref='Hex' eq='0x1'><record><attr name='n' value='a'/></record></when>"
                                      "<otherwise><choice><record weight='3'><attr name='n' value='b'/></record>"
                                      "<record><attr name='n' value='c'/></record></choice></otherwise></switch></let>"
                                      "<field name='Name' ref='who.n'/><field name='Number'><calc ref='who.ordinal'/></field>"));
    const struct wev_let *let = first(s)->lets;
    assert_int_equal(let->record_count, 3);
    assert_int_equal(let->pick->gen, WEV_G_SWITCH);
    assert_int_equal(let->pick->kids[0]->ordinal, 0);
    assert_int_equal(let->pick->kids[1]->kids[1]->ordinal, 2);
    same_text(&let->records[2].attrs[0].node->value, "c");
    assert_int_equal(first(s)->fields[NAME]->ref.kind, WEV_R_RECORD);
    assert_int_equal(first(s)->fields[NUMBER]->ref.kind, WEV_R_ORDINAL);
    wev_schema_free(s);
}

// forall tables: column k is kept or left so that value k's share of all draws is its weight, to 2^-32
static void weights_are_shares(void **state)
{
    (void)state;
    struct wev_schema *s = good(FIELD("<choice><value weight='1'>a</value><value weight='7'>b</value><value weight='0'>c</value>"
                                      "<value weight='2'>d</value></choice>"));
    static const uint64_t weights[] = {1, 7, 0, 2};
    const struct wev_node *n = first(s)->fields[NAME];
    uint64_t share[4] = {0, 0, 0, 0};
    for (uint32_t k = 0; k < 4; k++) {
        bool all = n->alias[k].keep == UINT32_MAX;
        share[k] += all ? 1ull << 32 : n->alias[k].keep;
        if (!all) { share[n->alias[k].other] += (1ull << 32) - n->alias[k].keep; }
    }
    for (uint32_t k = 0; k < 4; k++) {
        uint64_t want = weights[k] * (4ull << 32) / 10;
        assert_in_range(share[k], want < 8 ? 0 : want - 8, want + 8);
    }
    assert_int_equal(share[2], 0);
    wev_schema_free(s);
}

// A later block replaces what has the same name and keeps the rest; a block for all events skips what is not there.
static void blocks_merge_in_order(void **state)
{
    (void)state;
    struct wev_schema *s = good(
        "<event><field name='Nowhere' value='1'/><field name='Name' value='all'/><rule name='r'><then ref='Level' eq='0'/></rule></event>"
        "<event id='1 2' weight='5'><header name='Level' value='1'/></event>"
        "<event provider='P' id='1'><field name='Name' value='one'/><rule name='r'><then ref='Level' eq='1'/></rule></event>");
    const struct wev_event_profile *p = first(s);
    same_text(&p->fields[NAME]->value, "one");
    assert_int_equal(p->rule_count, 1);
    assert_int_equal(p->rules[0].then[0].values[0].is.u, 1);
    assert_int_equal(p->weight, 5);
    assert_int_equal(s->events[1].profile->rules[0].then[0].values[0].is.u, 0);
    assert_int_equal(s->events[1].profile->header[WEV_H_LEVEL]->value.is.u, 1);
    wev_schema_free(s);
}

// forall profiles p, fields f: a setting added to p does not change the path of f
static void paths_do_not_move(void **state)
{
    (void)state;
    struct wev_schema *a = good(FIELD("<guid/>")), *b = good(EVENT("<let name='x'><record/></let><field name='Hex' value='0x1'/>"
                                                                  "<field name='Name'><guid/></field>"));
    assert_true(first(a)->fields[NAME]->path == first(b)->fields[NAME]->path);
    wev_schema_free(a);
    wev_schema_free(b);
}

// ---- mistakes

static const struct { const char *inside, *message; } mistakes[] = {
    {"<evnt/>", "p.xml:2: unknown element in profile \"evnt\", did you mean \"event\"?"},
    {"<parameters/>", "p.xml:2: <parameters> needs the attribute file"},
    {"<entity/>", "p.xml:2: <entity> without a name"},
    {"<entity name='h' cuont='1'/>", "p.xml:2: unknown attribute \"cuont\" on entity, did you mean \"count\"?"},
    {"<entity name='h' count='0'/>", "p.xml:2: count \"0\" is not a number of 1 or more"},
    {"<entity name='h'><atr name='x'/></entity>", "p.xml:2: unknown element in entity \"atr\", did you mean \"attr\"?"},
    {"<entity name='h'><attr name='x' type='Uint32' value='1'/></entity>", "p.xml:2: unknown type \"Uint32\", did you mean \"UInt32\"?"},
    {"<entity name='h'><attr name='x' open='maybe' value='1'/></entity>", "p.xml:2: open \"maybe\" is neither yes nor no"},
    {"<entity name='h'><attr name='x' like='*CA*' value='1'/></entity>", "p.xml:2: like=\"*CA*\" without open=\"yes\""},
    {"<entity name='h'><attr name='x' value='1'/>\n<attr name='x' value='2'/></entity>", "p.xml:3: <attr> \"x\" twice"},
    {"<entity name='h'><link name='d' entity='domian'/></entity><entity name='domain'/>",
     "p.xml:2: unknown entity \"domian\", did you mean \"domain\"?"},
    {"<entity name='h'><attr name='a' ref='b'/><attr name='b' ref='c'/><attr name='c' ref='a'/></entity>",
     "p.xml:2: recursion: a -> b -> c -> a"},
    {"<entity name='h'><link name='l' entity='h'><calc ref='n'/></link><attr name='n' type='UInt32'><calc ref='l.n'/></attr></entity>",
     "p.xml:2: recursion: n -> l -> n"},
    {EVENT("<field name='Name' ref='Name'/>"), "p.xml:3: recursion: Name -> Name"},
    {EVENT("<field name='Number'><calc ref='Hex'/></field><field name='Hex'><calc ref='Number'/></field>"),
     "p.xml:3: recursion: Number -> Hex -> Number"},
    {EVENT("<let name='s'><record><attr name='a' ref='Name'/></record></let><field name='Name' ref='s.a'/>"),
     "p.xml:3: recursion: Name -> a -> Name"},
    {"<event idd='1'/>", "p.xml:2: unknown attribute \"idd\" on event, did you mean \"id\"?"},
    {"<event provider='P' id='7'/>", "p.xml:2: no loaded manifest has event \"7\" of provider \"P\""},
    {"<event provider='P' id='1' weight='much'/>", "p.xml:2: weight \"much\" is not a number of 1 or more"},
    {EVENT("<feild name='Name' value='x'/>"), "p.xml:3: unknown element in event \"feild\", did you mean \"field\"?"},
    {EVENT("<field name='Nmae' value='x'/>"), "p.xml:3: no such event has a field \"Nmae\", did you mean \"Name\"?"},
    {EVENT("<field name='Name' vlaue='x'/>"), "p.xml:3: unknown attribute \"vlaue\" on field, did you mean \"value\"?"},
    {EVENT("<field name='Name'/>"), "p.xml:3: <field> needs one generator: value, ref, pattern or one element inside"},
    {EVENT("<field name='Name' value='x' ref='Hex'/>"), "p.xml:3: <field> needs one generator: value, ref, pattern or one element inside"},
    {FIELD("<value>a</value><value>b</value>"), "p.xml:3: <field> holds more than one generator"},
    {FIELD("<chioce/>"), "p.xml:3: unknown generator \"chioce\", did you mean \"choice\"?"},
    {FIELD("<guid caes='upper'/>"), "p.xml:3: unknown attribute \"caes\" on guid, did you mean \"case\"?"},
    {FIELD("<guid case='Upper'/>"), "p.xml:3: case \"Upper\" is neither upper nor lower"},
    {FIELD("<int min='1' max='5'><x/></int>"), "p.xml:3: <int> holds no element, it has <x>"},
    {FIELD("<int max='5'/>"), "p.xml:3: <int> needs the attribute min"},
    {FIELD("<int min='1' max='5' cardinality='few'/>"), "p.xml:3: cardinality \"few\" is not a number"},
    {COUNT_FIELD("<value>4294967296</value>"), "p.xml:3: \"4294967296\" is not a UInt32"},
    {COUNT_FIELD("<value>-1</value>"), "p.xml:3: \"-1\" is not a UInt32"},
    {EVENT("<field name='Sid' value='S-1-5-'/>"), "p.xml:3: \"S-1-5-\" is not a SID"},
    {EVENT("<field name='Start' value='2020'/>"), "p.xml:3: \"2020\" is not a FILETIME"},
    {EVENT("<header name='Version' value='256'/>"), "p.xml:3: \"256\" is not a UInt8"},
    {COUNT_FIELD("<int min='9' max='5'/>"), "p.xml:3: min \"9\" is above max \"5\""},
    {EVENT("<field name='Signed'><int min='-5' max='-9'/></field>"), "p.xml:3: min \"-5\" is above max \"-9\""},
    {COUNT_FIELD("<int min='1' max='5' step='0'/>"), "p.xml:3: step is 0"},
    {COUNT_FIELD("<guid/>"), "p.xml:3: <guid> cannot give a UInt32"},
    {EVENT("<field name='Number' pattern='{Signed}'/>"), "p.xml:3: a pattern gives text, wanted is UInt32"},
    {EVENT("<field name='Number' ref='Name'/>"), "p.xml:3: <ref> cannot give a UInt32"},
    {EVENT("<field name='Sid' ref='Guid'/>"), "p.xml:3: <ref> cannot give a SID"},
    {COUNT_FIELD("<calc ref='Start'/>"), "p.xml:3: <calc> names no number"},
    {EVENT("<field name='Name' pattern='a{b'/>"), "p.xml:3: a { without its } in \"a{b\""},
    {EVENT("<field name='Name' pattern='a}b'/>"), "p.xml:3: a } without its { in \"a}b\""},
    {EVENT("<field name='Name' pattern='{Nmuber}'/>"), "p.xml:3: nothing is called \"Nmuber\" here, did you mean \"Number\"?"},
    {EVENT("<field name='Name' pattern='{Sid:04}'/>"), "p.xml:3: \"04\" is not upper, lower, or 0 and a width for a number"},
    {FIELD("<pattern text='x'><part name='a' value='x'/></pattern>"), "p.xml:3: the pattern has no place for part \"a\""},
    {FIELD("<pattern text='{a}'><prt name='a' value='x'/></pattern>"), "p.xml:3: unknown element in pattern \"prt\", did you mean \"part\"?"},
    {FIELD("<choice/>"), "p.xml:3: an empty <choice>"},
    {FIELD("<choice><value weight='x'>a</value></choice>"), "p.xml:3: weight \"x\" is not a number"},
    {FIELD("<choice><value weight='0'>a</value></choice>"), "p.xml:3: all weights are 0"},
    {FIELD("<switch><when ref='Hex' eq='0x1' value='x'/></switch>"), "p.xml:3: <switch> needs <otherwise>, once and last"},
    {FIELD("<switch><when ref='Hex' value='x'/><otherwise value='y'/></switch>"), "p.xml:3: <when> needs one comparison such as eq, it has 0"},
    {FIELD("<switch><when value='x'/><otherwise value='y'/></switch>"), "p.xml:3: <when> without a comparison"},
    {FIELD("<switch><when ref='Hex' eq='0x1' gt='0x2' value='x'/><otherwise value='y'/></switch>"),
     "p.xml:3: <when> needs one comparison such as eq, it has 2"},
    {FIELD("<switch><when ref='Number' like='1*' value='x'/><otherwise value='y'/></switch>"), "p.xml:3: like does not compare a UInt32"},
    {FIELD("<switch><when ref='Sid' lt='S-1-5-18' value='x'/><otherwise value='y'/></switch>"), "p.xml:3: lt does not compare a SID"},
    {FIELD("<switch><when ref='Number' eq-ref='Sid' value='x'/><otherwise value='y'/></switch>"),
     "p.xml:3: a UInt32 cannot be compared with \"Sid\", a SID"},
    {FIELD("<switch><when ref='Number' in-ref='Hex' value='x'/><otherwise value='y'/></switch>"),
     "p.xml:3: in-ref: only eq to ge take a reference"},
    {EVENT("<field name='Start'><clock/></field>"), "p.xml:3: <clock> is for the header TimeCreated"},
    {EVENT("<field name='Hex'><sequence from='Number'/></field>"), "p.xml:3: <sequence> is for the header EventRecordID"},
    {FIELD("<absent/>"), "p.xml:3: <absent> is for headers"},
    {EVENT("<header name='UserID'><choice><absent/><value>S-1-5-18</value></choice></header><field name='Sid' ref='UserID'/>"),
     "p.xml:3: the header UserID may be absent: nothing can be made of it"},
    {EVENT("<header name='Taks' value='1'/>"), "p.xml:3: unknown header \"Taks\", did you mean \"Task\"?"},
    {EVENT("<field name='Start'><time before='Name'/></field>"), "p.xml:3: before names no time"},
    {EVENT("<field name='Start'><time before='TimeCreated' min='1x'/></field>"), "p.xml:3: min \"1x\" is not a duration such as 10h36m"},
    {EVENT("<field name='Sid'><sid/></field>"), "p.xml:3: <sid> needs either prefix or parent"},
    {EVENT("<field name='Sid'><sid prefix='S-1-5-21' random='4294967295'/></field>"), "p.xml:3: a SID of more than 15 sub-authorities"},
    {FIELD("<pool file='builtin:pools/algorithms.tsv' unique='yes'/>"), "p.xml:3: unique is for entities"},
    {FIELD("<pool file='builtin:pools/none.tsv'/>"), "p.xml:3: no built-in file \"pools/none.tsv\""},
    {FIELD("<pool file='" CASES "none.tsv'/>"), "p.xml:3: pool " CASES "none.tsv: No such file or directory"},
    {FIELD("<pool file='" CASES "weight.tsv'/>"), CASES "weight.tsv:3: weight \"heavy\" is not a number of 32 bits"},
    {FIELD("<pool file='" CASES "empty.tsv'/>"), CASES "empty.tsv: an empty pool"},
    {FIELD("<pool file='" CASES "header.tsv'/>"), CASES "header.tsv: an empty pool"},
    {FIELD("<pool file='" CASES "zero.tsv'/>"), CASES "zero.tsv: all weights are 0"},
    {FIELD("<pool file='" CASES "unweighted.tsv'/>"), CASES "unweighted.tsv:1: no column \"weight\""},
    {FIELD("<pool file='" CASES "colours.tsv' column='vlaue'/>"), CASES "colours.tsv:1: no column \"vlaue\", did you mean \"value\"?"},
    {COUNT_FIELD("<pool file='" CASES "colours.tsv'/>"), CASES "colours.tsv:3: \"red\" is not a UInt32"},
    {EVENT("<let name='s'/>"), "p.xml:3: <let> needs an entity or records"},
    {EVENT("<let name='s'><choice><record><attr name='aa' value='1'/></record>\n<record><attr name='ab' value='1'/></record></choice></let>"),
     "p.xml:4: unknown attribute of this let \"ab\", did you mean \"aa\"?"},
    {EVENT("<let name='s'><choice><record><attr name='a' value='1'/></record>\n<record/></choice></let>"),
     "p.xml:4: a record of 0 attributes in let \"s\", whose first record has 1"},
    {EVENT("<let name='s'><choice><record><attr name='a' value='1'/></record>\n<record><attr name='a' type='UInt32' value='1'/></record></choice></let>"),
     "p.xml:4: attribute \"a\" is a UnicodeString in the first record of let \"s\", here a UInt32"},
    {EVENT("<let name='s'><record><attr name='aaa' value='1'/></record></let><field name='Name' ref='s.aab'/>"),
     "p.xml:3: nothing is called \"s.aab\" here, did you mean \"s.aaa\"?"},
    {EVENT("<rule name='r'/>"), "p.xml:3: <rule> without <then>"},
    {EVENT("<rule name='r'><then ref='Nmber' eq='1'/></rule>"), "p.xml:3: nothing is called \"Nmber\" here, did you mean \"Number\"?"},
    {EVENT("<rule name='r'><then ref='unit' eq='1'/></rule>"), "p.xml:3: a rule may name only fields and headers: a reader sees no more"},
    {EVENT("<require ref='host.build' ge='3'/>"), "p.xml:3: nothing is called \"host.build\" here"},
};

static void mistakes_are_named(void **state)
{
    (void)state;
    unsigned wrong = 0;
    for (size_t k = 0; k < WEV_COUNT(mistakes); k++) {
        struct wev_error e;
        struct wev_schema *s = load(mistakes[k].inside, &e);
        if (s || strcmp(e.text, mistakes[k].message) != 0 || e.code == WEV_OK) {
            print_error("%s\nexpected %s\ngot      %s\n", mistakes[k].inside, mistakes[k].message, s ? "(it loads)" : e.text);
            wrong++;
        }
        wev_schema_free(s);
    }
    assert_int_equal(wrong, 0);
}

// forall prefixes and forall single changed bytes of a profile: it loads, or says file and why
static void damage_is_named(void **state)
{
    (void)state;
    static const char body[] = EVENT("<let name='w'><choice><record><attr name='n'><guid/></attr></record><record weight='2'><attr name='n' value='x'/></record></choice></let>"
        "<field name='Name'><switch><when ref='Number' ge='5' pattern='{w.n:upper}-{Number:03}'/><otherwise ref='w.n'/></switch></field>"
        "<rule name='r'><if ref='Number' in='1|2'/><then ref='Hex' ne='0x0'/></rule>");
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof(text), "<profile>%s%s</profile>", world, body);
    assert_in_range(n, 1, sizeof(text) - 1);
    for (size_t k = 0; k <= 2 * n; k++) {
        char *copy = malloc(n); // exact size: an overrun is seen
        struct wev_error e;
        assert_non_null(copy);
        memcpy(copy, text, n);
        if (k > n) { copy[k - n - 1] ^= 1; }
        struct wev_schema *s = load_bytes((struct wev_span){copy, k <= n ? k : n}, &e);
        free(copy); // a schema lives without its sources
        if (!s && (e.code == WEV_OK || !strchr(e.text, ':') || strchr(e.text, '\n'))) { fail_msg("byte %zu: %s", k, e.text); }
        wev_schema_free(s);
    }
}

// ---- support

static struct wev_value field_value(const struct wev_schema *s, size_t field, const char *text, struct wev_types_room *room)
{
    struct wev_value v;
    size_t at;
    const struct wev_field *f = &s->events[0].body->fields[field];
    assert_int_equal(wev_types_parse(f->type, f->lex, wev_span_of(text), room, &v, &at), WEV_V_OK);
    return v;
}

#define OWN_RECORD(number) "<entity name='h'><attr name='n' open='yes' value='a'/></entity>" EVENT("<let name='w'><choice>" \
    "<record><link name='h' entity='h'/><attr name='n' ref='h.n'/><attr name='k' type='UInt32' value='" number "'/></record>" \
    "<record><attr name='n' value='b'/><attr name='k' type='UInt32' value='9'/></record></choice></let>" \
    "<field name='Name' ref='w.n'/><field name='Number' ref='w.k'/>")
// Number is 7, Hex 0x10, TimeCreated one second after 2024 began, in every row.
static const struct { const char *inside; unsigned field; const char *yes, *no; } supports[] = {
    {FIELD("<value>a</value>"), NAME, "a", "b"},
    {FIELD("<choice><value>a</value><value weight='0'>b</value></choice>"), NAME, "a", "b"},
    {FIELD("<pool file='" CASES "colours.tsv'/>"), NAME, "blue", "green"},
    {COUNT_FIELD("<int min='4' max='16' step='4'/>"), NUMBER, "12", "13"},
    {EVENT("<field name='Signed'><int min='-9' max='-1'/></field>"), 3, "-9", "0"},
    {FIELD("<int min='4' max='16'/>"), NAME, "16", "017"},
    {FIELD("<text min='2' max='3' alphabet='01'/>"), NAME, "010", "0"},
    {FIELD("<text min='2' alphabet='01'/>"), NAME, "01", "02"},
    {FIELD("<guid/>"), NAME, "54849625-5478-4994-a5ba-3e3b0328c30d", "54849625-5478-4994-A5BA-3e3b0328c30d"},
    {FIELD("<guid braces='yes' case='upper'/>"), NAME, "{54849625-5478-4994-A5BA-3E3B0328C30D}", "54849625-5478-4994-A5BA-3E3B0328C30D"},
    {EVENT("<field name='Sid'><sid prefix='S-1-5-21' random='3'><value>500</value></sid></field>"), 0, "S-1-5-21-1-2-3-500", "S-1-5-21-1-2-3-501"},
    {EVENT("<field name='Sid'><sid prefix='S-1-5-21' random='3'/></field>"), 0, "S-1-5-21-1-2-3", "S-1-5-21-1-2"},
    {EVENT("<field name='Start'><time before='TimeCreated' min='1s' max='2s'/></field>"), 5, "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z"},
    {EVENT("<field name='Name' ref='Number'/>"), NAME, "7", "8"},
    {EVENT("<field name='Name' pattern='{Number:03}/{Hex}'/>"), NAME, "007/0x10", "7/0x10"},
    {FIELD("<pattern text='{a}-{b}-{a}'><part name='a'><text min='1' max='9' alphabet='x-'/></part><part name='b'><choice><value>-</value><value>y</value></choice></part></pattern>"), NAME, "x-----x", "x-z-x"},
    {FIELD("<pattern text='{a:lower}'><part name='a'><choice><value>AbC</value></choice></part></pattern>"), NAME, "abc", "AbC"},
    {FIELD("<switch><when ref='Number' eq='7' value='seven'/><otherwise value='other'/></switch>"), NAME, "seven", "other"},
    {FIELD("<switch><when ref='Number' not-in='1|2' value='big'/><otherwise value='small'/></switch>"), NAME, "big", "small"},
    {FIELD("<switch><when ref='Number' not-in='1|7' value='big'/><otherwise value='small'/></switch>"), NAME, "small", "big"},
    {FIELD("<switch><when ref='unit' eq='7' value='seven'/><otherwise value='other'/></switch>"), NAME, "other", "else"},
    {COUNT_FIELD("<calc ref='Hex' times='2' plus='1'/>"), NUMBER, "33", "32"},
    {COUNT_FIELD("<calc ref='unit' times='4' plus='1000'/>"), NUMBER, "1008", "1007"},
    {COUNT_FIELD("<calc ref='unit' modulo='10'/>"), NUMBER, "9", "10"},
    {EVENT("<let name='k'><record><attr name='n' value='TSSecKeySet1'/><attr name='g'><guid/></attr></record></let>"
           "<field name='Name'><keyfile key='k.n' machine='k.g' store='capi'/></field>"), NAME,
     "f686aace6942fb7f7ceb231212eef4a4_54849625-5478-4994-a5ba-3e3b0328c30d", "f686aace6942fb7f7ceb231212eef4a4"},
    {EVENT("<let name='w'><choice><record><attr name='n' value='a'/></record><record><attr name='n' pattern='b{Number}'/></record></choice></let>"
           "<field name='Name' ref='w.n'/>"), NAME, "b7", "b8"},
    {"<entity name='h'><attr name='n' open='yes' value='x'/></entity>" EVENT("<let name='h' entity='h'/><field name='Name' pattern='{h.n}$'/>"), NAME, "anything$", "$"},
    {"<entity name='h'><attr name='n' open='yes' like='*CA*|?oot' value='x'/></entity>" EVENT("<let name='h' entity='h'/><field name='Name' ref='h.n'/>"), NAME, "My root ca", "roots"},
    {"<entity name='h'><attr name='n' open='yes' like='*CA*|?oot' value='x'/></entity>" EVENT("<let name='h' entity='h'/><field name='Name' ref='h.n'/>"), NAME, "Root", "oot"},
    // a name of one's own counts beside the other values of its record alone (Number is 7), a generator's by itself
    {OWN_RECORD("7"), NAME, "anything", ""},
    {OWN_RECORD("8"), NAME, "b", "anything"},
    {"<entity name='h'><attr name='n' pattern='H{index:02}'/></entity>" EVENT("<let name='h' entity='h'/><field name='Name' ref='h.n'/>"), NAME, "H07", "H7"},
};

static bool supported(const struct wev_schema *s, unsigned field, const char *text)
{
    struct wev_types_room room = {.bin_cap = 0};
    struct wev_value values[8] = {{.type = WEV_T_NULL}};
    struct wev_event e = {.def = &s->events[0], .value = values, .value_count = 8};
    for (unsigned h = 0; h < WEV_H_COUNT; h++) { e.header[h] = (struct wev_value){.type = wev_header_types[h], .flags = WEV_F_ABSENT}; }
    size_t at;
    struct wev_types_room none = {.bin_cap = 0};
    assert_int_equal(wev_types_parse(WEV_T_FILETIME, WEV_L_TIME, WEV_SPAN("2024-01-01T00:00:01Z"), &none, &e.header[WEV_H_TIME], &at), WEV_V_OK);
    values[NUMBER] = (struct wev_value){.type = WEV_T_UINT32, .is.u = 7};
    values[HEX] = (struct wev_value){.type = WEV_T_HEX_INT64, .is.u = 16};
    values[field] = field_value(s, field, text, &room);
    return wev_support_field(&s->events[0], field, &e, false);
}

static void support_by_table(void **state)
{
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(supports); k++) {
        char inside[2048];
        snprintf(inside, sizeof(inside), "<event id='1'><header name='TimeCreated'><clock/></header></event>%s", supports[k].inside);
        struct wev_schema *s = good(inside);
        if (!supported(s, supports[k].field, supports[k].yes)) { fail_msg("%s cannot make %s", supports[k].inside, supports[k].yes); }
        if (supported(s, supports[k].field, supports[k].no)) { fail_msg("%s can make %s", supports[k].inside, supports[k].no); }
        wev_schema_free(s);
    }
}

// forall units i: support(decode(make(i))), for every event of a schema
static void made_is_supported(const struct wev_schema *s, const char *events, uint64_t count)
{
    char error[480], buf[BUF];
    struct wev_config c = {.seed = 7, .events = events};
    struct wev_options *o = wev_options_new(s, &c, error, sizeof(error));
    struct wev_decoder *d = wev_decode_new(s, NULL);
    if (!o) { fail_msg("%s", error); }
    assert_non_null(d);
    for (uint64_t i = 0; i < count; i++) {
        struct wev_decoded read;
        size_t n = wev_make(s, o, i, buf, BUF, NULL);
        assert_in_range(n, 1, BUF);
        assert_int_equal(wev_decode_run(d, buf, n, &read), WEV_OK);
        if (read.code != WEV_V_OK) { fail_msg("unit %llu: %s\n%.*s", (unsigned long long)i, wev_verdict_rows[read.code].slug, (int)n, buf); }
        for (size_t k = 0; k < read.event.value_count; k++) {
            struct wev_span name = read.event.def->body->fields[k].name;
            if (!wev_support_field(read.event.def, k, &read.event, false)) { fail_msg("%.*s is out of support in\n%.*s", (int)name.n, name.p, (int)n, buf); }
        }
        for (unsigned h = 0; h < WEV_H_COUNT; h++) {
            if (!wev_support_header(read.event.def, (enum wev_header)h, &read.event)) { fail_msg("%s is out of support in\n%.*s", wev_header_names[h], (int)n, buf); }
        }
    }
    wev_decode_free(d);
    wev_options_free(o);
}

static void all_is_supported(const char *const *man, const char *const *profile, size_t n, const char *events, uint64_t count)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *s = wev_builtin_load(man, n, profile, n, &e);
    if (!s) { fail_msg("%s", e.text); }
    made_is_supported(s, events, count);
    wev_schema_free(s);
}

static void builtin_and_example_are_supported(void **state) // the worked example of schema/README.md
{
    (void)state;
    static const char *const man[] = {CASES "example.man"}, *const profile[] = {CASES "example.profile.xml"};
    all_is_supported(NULL, NULL, 0, "all", 4000);
    all_is_supported(man, profile, 1, "Contoso-Badge/100", 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_flags), cmocka_unit_test(patterns_have_kids), cmocka_unit_test(fields_win_over_headers), cmocka_unit_test(entities_and_links),
        cmocka_unit_test(lets_have_records), cmocka_unit_test(weights_are_shares), cmocka_unit_test(blocks_merge_in_order), cmocka_unit_test(paths_do_not_move),
        cmocka_unit_test(mistakes_are_named), cmocka_unit_test(damage_is_named), cmocka_unit_test(support_by_table), cmocka_unit_test(builtin_and_example_are_supported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
