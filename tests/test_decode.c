// The reference decoder: one edit of a good event, the verdict it earns and where; and its laws on any bytes.
#include "schema/builtin.h"
#include "schema/decode.h"
#include "schema/wev.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SYSTEM_HEAD                                                                                                            \
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"                                          \
    "<Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/>"                    \
    "<EventID>5059</EventID><Version>1</Version><Level>0</Level><Task>12292</Task><Opcode>0</Opcode>"                         \
    "<Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2020-09-22T06:17:49.4231452Z'/>"                         \
    "<EventRecordID>291478</EventRecordID><Correlation/><Execution ProcessID='700' ThreadID='1176'/>"                         \
    "<Channel>Security</Channel><Computer>WS0017.contoso.local</Computer><Security/></System>"
#define FIELDS                                                                                                                 \
    "<Data Name='SubjectUserSid'>S-1-5-18</Data><Data Name='SubjectUserName'>WS0017$</Data>"                                  \
    "<Data Name='SubjectDomainName'>CONTOSO</Data><Data Name='SubjectLogonId'>0x3e7</Data>"                                   \
    "<Data Name='ClientProcessId'>7828</Data><Data Name='ClientCreationTime'>2020-09-22T06:17:49.3109951Z</Data>"             \
    "<Data Name='ProviderName'>Microsoft Software Key Storage Provider</Data><Data Name='AlgorithmName'>RSA</Data>"           \
    "<Data Name='KeyName'>TB_2_bing.com</Data><Data Name='KeyType'>%%2500</Data><Data Name='Operation'>%%2464</Data>"         \
    "<Data Name='ReturnCode'>0x0</Data>"
#define RENDERED                                                                                                               \
    "<RenderingInfo Culture='en-US'><Message>Key migration operation.</Message><Level>Information</Level>"                    \
    "<Task>Other System Events</Task><Opcode>Info</Opcode><Channel>Security</Channel><Provider>Auditing</Provider>"           \
    "<Keywords><Keyword>Audit Success</Keyword></Keywords></RenderingInfo>"

static const char good[] = SYSTEM_HEAD "<EventData>" FIELDS "</EventData></Event>";
static const char rendered[] = SYSTEM_HEAD "<EventData>" FIELDS "</EventData>" RENDERED "</Event>";

static struct wev_schema *schema;
static struct wev_decoder *decoder;

// An edit: the first `from` of the event becomes `to`; `stop` (a text in the result) is where a reader stops.
struct edit {
    const char *from, *to;
    const char *slug;
    const char *stop; // NULL: not checked here
};

static const struct edit edits[] = {
    // plain XML
    {"RSA", "<![CDATA[RSA]]>", "ok", NULL},
    {"RSA", "R<!-- x -->S<?pi x?>A", "ok", NULL},
    {"RSA", "&#82;&#x53;A", "ok", NULL},
    {"TB_2_bing.com", "100%% sure &lt;&amp;&gt; \xe2\x80\x8e \xf4\x8f\xbf\xbd \x7f", "ok", NULL},
    {"TB_2_bing.com", "", "ok", NULL},
    {"<Data Name='KeyName'>TB_2_bing.com</Data>", "<Data Name='KeyName'/>", "ok", NULL},
    {"<Event ", "<?xml version='1.0' encoding='utf-8'?>\n<Event ", "ok", NULL},
    {"<EventData>", "\r\n <EventData>", "ok", NULL},
    {"<Security/>", "<Security UserID='S-1-5-18'/>", "ok", NULL},
    {"<Correlation/>", "<Correlation ActivityID='{54849625-5478-4994-A5BA-3E3B0328C30D}'/>", "ok", NULL},
    {"<Correlation/>", "", "ok", NULL},
    {"Data Name='KeyName'", "Data Type='win:UnicodeString' Name='KeyName'", "ok", NULL},
    {"</Event>", "<x xmlns='urn:x'><y z='1'>text</y></x></Event>", "ok", NULL},
    {"</Event>", RENDERED "</Event>", "ok", NULL},
    // bytes
    {"RSA", "R\xc0\xaf" "A", "utf8", "\xc0"},
    {"RSA", "R\xed\xa0\x80", "utf8", "\xed"},
    {"RSA", "R\xf4\x90\x80\x80", "utf8", "\xf4"},
    {"RSA", "\xff\xfe", "utf8", "\xff"},
    {"RSA", "\x80", "utf8", "\x80"},
    {"RSA", "R\x01" "A", "char", "\x01"},
    {"RSA", "R\xef\xbf\xbf", "char", "\xef\xbf\xbf"},
    {"<Event ", "\xef\xbb\xbf<Event ", "bom", "\xef\xbb\xbf"},
    {"<Event ", "<?xml version='1.0' encoding='x-none'?><Event ", "encoding", "x-none"},
    {"<Event ", "<?xml version='1.0' encoding='utf-16'?><Event ", "encoding", "utf-16"},
    {"</EventData></Event>", "", "truncated", NULL},
    // xml
    {"</Computer>", "</computer>", "xml-tag", NULL},
    {"RSA", "a & b", "xml-syntax", NULL},
    {"RSA", "&nbsp;", "xml-entity", NULL},
    {"RSA", "&#0;", "xml-charref", NULL},
    {"RSA", "&#xd800;", "xml-charref", NULL},
    {"RSA", "&#4294967361;", "xml-charref", NULL},
    {"RSA", "]]>", "xml-syntax", NULL},
    {"RSA", "<!-- a -- b -->", "xml-syntax", NULL},
    {"RSA", "<![CDATA[RSA", "xml-cdata", NULL},
    {"Data Name='KeyName'", "Data Name='KeyName' Name='x'", "xml-attribute", NULL},
    {"Data Name='KeyName'", "Data Name=KeyName", "xml-syntax", NULL},
    {"Data Name='KeyName'", "x:Data Name='KeyName'", "xml-prefix", NULL},
    {"</Event>", "</Event><Event/>", "xml-outside", "<Event/>"},
    {"</Event>", "</Event> x", "xml-outside", NULL},
    {"<EventData>", "<?xml version='1.0'?><EventData>", "xml-declaration", NULL},
    {"<Event ", "<?xml version='9.9'?><Event ", "xml-declaration", NULL},
    {"<Event ", "\n<?xml version='1.0'?><Event ", "xml-declaration", NULL},
    {"<Event ", "<!DOCTYPE Event><Event ", "doctype", "<!DOCTYPE"},
    {"<Event ", "<!DOCTYPE Event [<!ENTITY a 'b'>]><Event ", "entity-declared", NULL},
    {"<Event ", "<!DOCTYPE Event SYSTEM 'file:///etc/passwd' [<!ENTITY % a SYSTEM 'x'>]><Event ", "entity-declared", NULL},
    // wrappers
    {"<Event ", "<180>May  6 16:43:53 host app[1]: <Event ", "wrapper-syslog", "<180>"},
    {"<Event ", "May  6 16:43:53 host app[1]: <Event ", "wrapper-syslog", "May"},
    {"<Event ", "- <Event ", "wrapper-view", "- <"},
    {"<System>", "\n- <System>", "wrapper-view", "- <"},
    {"<Event ", "{\"xml\": \"<Event ", "wrapper-json", "{"},
    {"<Event ", "&lt;Event ", "wrapper-escaped", "&lt;"},
    {"<Event ", "<string>&lt;Event /&gt;</string><Event ", "xml-outside", "<Event "},
    // structure
    {"<Event ", "<Foo/><Event ", "xml-outside", "<Event "},
    {"<System>", "<Data/><System>", "system-missing", "<Data/>"},
    {" xmlns='http://schemas.microsoft.com/win/2004/08/events/event'", "", "namespace", "<Event"},
    {"events/event'", "events/EVENT'", "namespace", "<Event"},
    {"<Event ", "<Event x='1' ", "attribute-unknown", "<Event"},
    {"<EventID>5059</EventID>", "", "child-missing", "</System>"},
    {"<Computer>WS0017.contoso.local</Computer>", "", "child-missing", "</System>"},
    {"<Version>1</Version>", "<Version>1</Version><Version>1</Version>", "child-twice", NULL},
    {"<Security/>", "<Security/><Channel>x</Channel>", "child-twice", "<Channel>x"},
    {"<Level>0</Level><Task>12292</Task>", "<Task>12292</Task><Level>0</Level>", "child-order", "<Level"},
    {"<Security/>", "<Security/><Other/>", "child-unknown", "<Other"},
    {"<Level>0</Level>", "<Level/>", "child-empty", NULL},
    {"<Level>0</Level>", "<Level><x/></Level>", "child-unknown", "<x/>"},
    {"<Correlation/>", "<Correlation>x</Correlation>", "text-stray", "x</Corr"},
    {"<System>", "<System>x", "text-stray", "x<Prov"},
    {" ThreadID='1176'", "", "attribute-missing", "<Execution"},
    {"Name='Microsoft-Windows-Security-Auditing'", "", "attribute-missing", "<Provider"},
    {"<TimeCreated SystemTime='2020-09-22T06:17:49.4231452Z'/>", "<TimeCreated/>", "attribute-missing", "<TimeCreated"},
    {"<Security/>", "<Security Foo='1'/>", "attribute-unknown", "<Security Foo"},
    {"<EventID>", "<EventID Qualifiers=''>", "attribute-empty", "'>5059"},
    {"ThreadID='1176'", "ThreadID=''", "value-empty", NULL},
    {"</EventData>", "</EventData><EventData/>", "body-twice", "<EventData/>"},
    {"<EventData>", RENDERED "<EventData>", "body-order", "<EventData>"},
    {"<EventData>" FIELDS "</EventData>", "", "body-missing", "</Event>"},
    {"<EventData>" FIELDS "</EventData>", "<UserData/>", "body-other", "<UserData/>"},
    {"</Event>", "<RenderingInfo/></Event>", "attribute-missing", "<RenderingInfo/>"},
    {"</Event>", "<RenderingInfo Culture=''><Task/><Level/></RenderingInfo></Event>", "child-order", "<Level/>"},
    {"</Event>", "<RenderingInfo Culture=''><Opcode/><Task/></RenderingInfo></Event>", "ok", NULL},
    {"</Event>", "<x xmlns=''/></Event>", "namespace", "<x xmlns"},
    {"<Data Name='KeyName'>TB_2_bing.com</Data>", "", "field-missing", "<Data Name='KeyType'"},
    {"<Data Name='ReturnCode'>0x0</Data>", "", "field-missing", "</EventData>"},
    {"</EventData>", "<Data Name='x'/></EventData>", "field-extra", "<Data Name='x'"},
    {"</EventData>", "<Data Name='KeyName'/></EventData>", "field-twice", "<Data Name='KeyName'/>"},
    {"<Data Name='KeyName'>", "<Data Name='KEYNAME'>", "field-unknown", "<Data Name='KEYNAME'"},
    {"<Data Name='KeyName'>", "<Data>", "field-nameless", "<Data>TB"},
    {"<Data Name='KeyName'>TB_2_bing.com</Data><Data Name='KeyType'>%%2500</Data>",
     "<Data Name='KeyType'>%%2500</Data><Data Name='KeyName'>TB_2_bing.com</Data>", "field-order", "<Data Name='KeyType'"},
    {"RSA", "<b>RSA</b>", "field-nested", "<b>"},
    {"</EventData>", "<Binary/></EventData>", "binary", "<Binary/>"},
    {"<Version>1<", "<Version>0<", "field-unknown", "<Data Name='ClientProcessId'"},
    {"<Version>1<", "<Version>7<", "version-unknown", "7<"},
    {"<EventID>5059<", "<EventID>59<", "event-unknown", "59<"},
    {"{54849625-", "{64849625-", "provider-guid", "{648"},
    // values
    {"S-1-5-18", "S-1-5", "sid-short", "</Data><Data Name='SubjectUserName'"},
    {"S-1-5-18", "&#83;-1-5-x", "sid-sub", "x</Data>"},
    {"S-1-5-18", "S-<!-- comment -->1-5-x", "sid-sub", "x</Data>"},
    {"<Security/>", "<Security UserID='S-1-5-x'/>", "sid-sub", "x'/>"},
    {"2020-09-22T06:17:49.4231452Z", "2020-02-30T06:17:49.4231452Z", "time", "02-30"},
    {"2020-09-22T06:17:49.4231452Z", "2020-09-22 06:17:50Z", "time-blank", " 06"},
    {"2020-09-22T06:17:49.3109951Z", "2020-09-22T06:17:49.31099510001Z", "time-digits", "01Z"},
    {"0x3e7", "0x00000000000003e7", "hex-zeros", "00000000000003e7"},
    {"0x8020000000000000", "0x8020", "rule", "0x8020"},
    {"7828", "4294967296", "integer-range", "4294967296"},
    {"7828", "", "value-empty", NULL},
    {"<Level>0", "<Level>256", "integer-range", "256"},
    {"RSA", "%%9999", "parameter-unknown", "%%9999"},
    {"RSA", "%%2432 %%2464", "ok", NULL},
    {"RSA", "%%", "parameter", "%%</"},
    {"RSA", "%%123456", "parameter", "%%123456"},
    {"RSA", "%%%2432", "parameter", "%%%"},
    {"RSA", "%%PATH%%", "ok", NULL},
    // rules of the built-in profile
    {"0x0<", "0x80090016<", "rule", NULL},
    {"0x8020000000000000", "0x8010000000000000", "rule", NULL},
    {"S-1-5-18", "S-1-5-19", "rule", NULL},
    {"0x3e7", "0x3e8", "rule", "0x3e8"},
    {"Microsoft Software", "nCipher", "rule", "nCipher"},
    {"%%2464", "%%2480", "rule", "%%2480"},
    {"12292", "12290", "rule", "12290"},
    {"<Level>0", "<Level>4", "rule", "4</Level"},
    {"T06:17:49.3109951Z", "T06:17:50Z", "rule", "2020-09-22T06:17:50Z"},
};

static size_t apply(const char *text, const struct edit *e, char **out)
{
    const char *at = strstr(text, e->from);
    if (!at) { fail_msg("\"%s\" is not in the event", e->from); }
    size_t before = (size_t)(at - text), from = strlen(e->from), to = strlen(e->to), rest = strlen(at + from);
    char *p = malloc(before + to + rest + 1);
    assert_non_null(p);
    memcpy(p, text, before);
    memcpy(p + before, e->to, to);
    memcpy(p + before + to, at + from, rest + 1);
    *out = p;
    return before + to + rest;
}

// A copy of exactly n bytes, so that a sanitizer sees the first byte too many.
static struct wev_decoded run(const char *p, size_t n)
{
    struct wev_decoded d;
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    if (n) { memcpy(exact, p, n); }
    assert_int_equal(wev_decode_run(decoder, exact, n, &d), WEV_OK);
    assert_true(d.code < WEV_V_COUNT);
    assert_true(d.at <= n);
    free(exact);
    return d;
}

static void every_edit(void **state)
{
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(edits); k++) {
        const struct edit *e = &edits[k];
        char *p;
        size_t n = apply(good, e, &p);
        struct wev_decoded d = run(p, n);
        const char *slug = wev_verdict_rows[d.code].slug, *stop = e->stop ? strstr(p, e->stop) : NULL;
        if (strcmp(slug, e->slug) != 0 || (stop && d.at != (size_t)(stop - p))) {
            fail_msg("\"%s\" for \"%s\": expected %s at %zd, got %s at %zu: %.40s", e->to, e->from, e->slug,
                     stop ? stop - p : (ptrdiff_t)-1, slug, d.at, p + d.at);
        }
        if (e->stop && !stop) { fail_msg("\"%s\" is not in the edited event", e->stop); }
        if (!strcmp(slug, "ok")) { assert_int_equal(d.at, n); }
        free(p);
    }
}

static void documents(void **state)
{
    (void)state;
    static const struct { const char *text, *slug; } cases[] = {
        {"", "empty"}, {" \n\t", "empty"}, {"\xef\xbb\xbf", "empty"}, {"<", "truncated"}, {"<Events/>", "wrapper-events"},
        {"<Events></Events>", "wrapper-events"}, {"<Events>x</Events>", "text-stray"}, {"<Events><x/></Events>", "child-unknown"},
        {"<Event/>", "namespace"}, {"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'/>", "system-missing"},
        {"hello", "xml-outside"}, {"\x01", "char"}, {"\xff", "truncated"}, {"\xffx", "utf8"}, {"<!-- only -->", "truncated"},
    };
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        struct wev_decoded d = run(cases[k].text, strlen(cases[k].text));
        if (strcmp(wev_verdict_rows[d.code].slug, cases[k].slug) != 0) {
            fail_msg("\"%s\": expected %s, got %s", cases[k].text, cases[k].slug, wev_verdict_rows[d.code].slug);
        }
    }
    char wrapped[2 * sizeof(good) + 64];
    int n = snprintf(wrapped, sizeof(wrapped), "<Events>\n%s\n%s</Events>\n", good, good);
    struct wev_decoded d = run(wrapped, (size_t)n);
    assert_int_equal(d.code, WEV_V_WRAPPER_EVENTS);
    assert_int_equal(d.data_count, 12);
}

// each letter of the event as a UTF-16 unit
static void utf16(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        char wide[2 * sizeof(good) + 2];
        size_t n = 0;
        const char bom[2] = {big ? '\xfe' : '\xff', big ? '\xff' : '\xfe'};
        memcpy(wide, bom, 2);
        for (n = 2; n < 2 * sizeof(good); n += 2) {
            wide[n + (size_t)big] = good[n / 2 - 1];
            wide[n + 1 - (size_t)big] = 0;
        }
        struct wev_decoded d = run(wide, n);
        assert_int_equal(d.code, WEV_V_UTF16);
        assert_int_equal(d.data_count, 12);
        assert_int_equal(wev_verdict_rows[run(wide, n - 1).code].verdict, 'n');
        wide[200 + big] = 0x01;
        wide[201 - big] = 0;
        assert_int_equal(wev_verdict_rows[run(wide, n).code].verdict, 'n');
    }
}

static void what_was_read(void **state)
{
    (void)state;
    static const struct edit mixed = {"TB_2_bing.com", "a<![CDATA[&b]]><!-- x -->&#x20AC;", "ok", NULL};
    char *p;
    size_t n = apply(rendered, &mixed, &p);
    struct wev_decoded d;
    assert_int_equal(wev_decode_run(decoder, p, n, &d), WEV_OK);
    assert_int_equal(d.code, WEV_V_OK);
    assert_int_equal(d.data_count, 12);
    assert_int_equal(d.event.value_count, 12);
    assert_true(wev_span_is(d.names[8], "KeyName"));
    assert_true(wev_span_is(d.texts[8], "a&b\xe2\x82\xac"));
    assert_int_equal(d.event.value[4].is.u, 7828);
    assert_int_equal(d.event.value[0].is.sid->sub[0], 18);
    assert_int_equal(d.event.header[WEV_H_EVENT_ID].is.u, 5059);
    assert_int_equal(d.event.header[WEV_H_PROCESS_ID].is.u, 700);
    assert_int_equal(d.event.header[WEV_H_TIME].digits, 7);
    assert_true(d.event.header[WEV_H_ACTIVITY].flags & WEV_F_ABSENT);
    assert_int_equal(d.event.def->version, 1);
    free(p);
}

// ---- limits

static char *repeat(const char *head, const char *unit, size_t count, const char *tail, size_t *n)
{
    size_t h = strlen(head), u = strlen(unit), t = strlen(tail);
    char *p = malloc(h + u * count + t + 1);
    assert_non_null(p);
    memcpy(p, head, h);
    for (size_t k = 0; k < count; k++) { memcpy(p + h + k * u, unit, u); }
    memcpy(p + h + u * count, tail, t + 1);
    *n = h + u * count + t;
    return p;
}

static void limits(void **state)
{
    (void)state;
    static const char unknown[] = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='x'/>"
                                  "<EventID>1</EventID><Computer>c</Computer></System>";
    static const struct { const char *head, *unit; size_t count; const char *tail, *slug; } cases[] = {
        {"<EventData>", "<Data/>", 4096, "</EventData></Event>", "event-unknown"},
        {"<EventData>", "<Data/>", 4097, "</EventData></Event>", "limit-fields"},
        {"<UserData>", "<x>", 29, "", "truncated"},
        {"<UserData>", "<x>", 31, "", "limit-depth"},
        {"<UserData>", "<x>", 100000, "", "limit-depth"},
        {"<EventData><Data>", "x", 1 << 20, "</Data></EventData></Event>", "event-unknown"},
        {"<EventData><Data>", "x", (1 << 20) + 1, "</Data></EventData></Event>", "limit-field"},
        {"<UserData><x", " xmlns:a='b' ", 1, "/></UserData></Event>", "event-unknown"},
        {"<!--", "x", 4 << 20, "-->", "limit-size"},
    };
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        size_t n;
        char head[512];
        snprintf(head, sizeof(head), "%s%s", unknown, cases[k].head);
        char *p = repeat(head, cases[k].unit, cases[k].count, cases[k].tail, &n);
        struct wev_decoded d = run(p, n);
        if (strcmp(wev_verdict_rows[d.code].slug, cases[k].slug) != 0) {
            fail_msg("case %zu: expected %s, got %s at %zu", k, cases[k].slug, wev_verdict_rows[d.code].slug, d.at);
        }
        free(p);
    }
    for (size_t count = 64; count <= 65; count++) { // attributes, and namespaces count as such
        char many[8192], *at = many;
        at += snprintf(at, 512, "%s<UserData><x", unknown);
        for (size_t k = 0; k < count; k++) { at += snprintf(at, 64, k % 2 ? " a%zu='1'" : " xmlns:a%zu='u'", k); }
        at += snprintf(at, 64, "/></UserData></Event>");
        assert_int_equal(run(many, (size_t)(at - many)).code, count > 64 ? WEV_V_LIMIT_ATTRIBUTES : WEV_V_EVENT_UNKNOWN);
    }
}

// ---- arrays, structs, UserData, maps, lengths and rules of another schema

static const char manifest[] =
    "<provider name='T' guid='{11111111-2222-3333-4444-555555555555}'>"
    "<maps><valueMap name='m'><map value='1' message='one'/><map value='2' message='two'/></valueMap>"
    "<bitMap name='b'><map value='0x1' message='a'/><map value='0x4' message='c'/></bitMap></maps>"
    "<templates>"
    "<template tid='a'><data name='n' inType='win:UInt8'/><data name='item' inType='win:UInt16' count='n'/>"
    "<struct name='s' count='2'><data name='x' inType='win:UInt32'/><data name='y' inType='win:SID'/></struct></template>"
    "<template tid='u'><data name='p' inType='win:UInt32'/><data name='q' inType='win:UnicodeString'/>"
    "<UserData><Doc xmlns='urn:doc'><P>%1</P><Q>%2</Q></Doc></UserData></template>"
    "<template tid='l'><data name='len' inType='win:UInt16'/><data name='bin' inType='win:Binary' length='len'/>"
    "<data name='txt' inType='win:UnicodeString' length='4'/><data name='one' inType='win:UInt32' map='m'/>"
    "<data name='bits' inType='win:UInt32' map='b'/></template></templates>"
    "<events><event value='1' template='a' level='win:Warning'/><event value='2' template='u'/><event value='3' template='l'/>"
    "<event value='4'/></events>"
    "</provider>";
static const char profile[] =
    "<profile xmlns='urn:wevgen:profile:1'><event provider='T' id='3'>"
    "<rule name='both' text='one is not two when bits is 4' source='test'><if ref='bits' eq='4'/><then ref='one' ne='2'/></rule>"
    "<rule name='thread' text='a thread' source='test'><if ref='txt' like='T*'/><then ref='header:Computer' in='A|B'/></rule>"
    "</event></profile>";

#define A(x) "<EventData>" x "</EventData>"
#define S(x) "<ComplexData Name='s'><Data Name='x'>" x "</Data><Data Name='y'>S-1-1-0</Data></ComplexData>"
#define L(len, bin, txt, one, bits)                                                                                            \
    A("<Data Name='len'>" len "</Data><Data Name='bin'>" bin "</Data><Data Name='txt'>" txt "</Data><Data Name='one'>" one     \
      "</Data><Data Name='bits'>" bits "</Data>")

static const struct { int id; const char *more, *body, *slug; size_t values; } shapes[] = {
    {1, "", A("<Data Name='n'>0</Data>" S("1") S("2")), "ok", 5},
    {1, "", A("<Data Name='n'>2</Data><Data Name='item'>7</Data><Data Name='item'>8</Data>" S("1") S("2")), "ok", 7},
    {1, "", A("<Data Name='n'>2</Data><Data Name='item'>7</Data>" S("1") S("2")), "length-differs", 0},
    {1, "", A("<Data Name='n'>1</Data><Data Name='item'>7</Data><Data Name='item'>8</Data>" S("1") S("2")), "length-differs", 0},
    {1, "", A("<Data Name='n'>0</Data>" S("1")), "length-differs", 0},
    {1, "", A("<Data Name='n'>0</Data>" S("x") S("2")), "integer", 0},
    {1, "", A("<Data Name='n'>0</Data><Data Name='s'/>"), "child-unknown", 0},
    {1, "<Level>4</Level>", A("<Data Name='n'>0</Data>" S("1") S("2")), "header-differs", 5},
    {1, "<Level>3</Level>", A("<Data Name='n'>0</Data>" S("1") S("2")), "ok", 5},
    {2, "", "<UserData><Doc xmlns='urn:doc'><P>1</P><Q>a&amp;b</Q></Doc></UserData>", "ok", 2},
    {2, "", "<UserData>\n <Doc xmlns='urn:doc'>\n <P>1</P>\n <Q/></Doc></UserData>", "ok", 2},
    {2, "", "<UserData><d:Doc xmlns:d='urn:doc'><d:P>1</d:P><d:Q/></d:Doc></UserData>", "ok", 2},
    {2, "", "<UserData><Doc xmlns='urn:doc'><P>x</P><Q/></Doc></UserData>", "integer", 0},
    {2, "", "<UserData><Doc xmlns='urn:doc'><P>1</P></Doc></UserData>", "field-missing", 0},
    {2, "", "<UserData><Doc xmlns='urn:doc'><Q/><P>1</P></Doc></UserData>", "child-unknown", 0},
    {2, "", "<UserData><Doc xmlns='urn:other'><P>1</P><Q/></Doc></UserData>", "namespace", 0},
    {2, "", "<UserData/>", "field-missing", 0},
    {2, "", "<EventData/>", "body-other", 0},
    {3, "", L("2", "00ff", "abcd", "1", "5"), "ok", 5},
    {3, "", L("3", "00ff", "abcd", "1", "5"), "length-differs", 0},
    {3, "", L("0", "", "", "1", "0"), "ok", 5},
    {3, "", L("0", "", "abcde", "1", "0"), "text-long", 0},
    {3, "", L("0", "", "\xf0\x9f\x98\x80" "ab", "1", "0"), "ok", 5},
    {3, "", L("0", "", "\xf0\x9f\x98\x80" "abc", "1", "0"), "text-long", 0},
    {3, "", L("0", "", "", "9", "0"), "map-unknown", 5},
    {3, "", L("0", "", "", "1", "2"), "map-unknown", 5},
    {3, "", L("0", "", "", "2", "4"), "rule", 0},
    {3, "", L("0", "", "tree", "1", "4"), "rule", 0},
    {4, "", "", "ok", 0},
    {4, "", "<EventData/>", "ok", 0},
    {4, "", "<EventData><Data/></EventData>", "field-extra", 0},
};

static void other_schema(void **state)
{
    (void)state;
    struct wev_source m = {"test.man", WEV_SPAN(manifest)}, p = {"test.profile.xml", WEV_SPAN(profile)};
    struct wev_error error;
    struct wev_schema *s = wev_manifest_load(&m, 1, &p, 1, &error);
    if (!s) { fail_msg("%s", error.text); }
    struct wev_decoder *d = wev_decode_new(s, NULL);
    assert_non_null(d);
    for (size_t k = 0; k < WEV_COUNT(shapes); k++) {
        char text[2048];
        struct wev_decoded out;
        int n = snprintf(text, sizeof(text),
                         "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='T'/>"
                         "<EventID>%d</EventID>%s<Computer>c</Computer></System>%s</Event>", shapes[k].id, shapes[k].more, shapes[k].body);
        assert_int_equal(wev_decode_run(d, text, (size_t)n, &out), WEV_OK);
        const char *slug = wev_verdict_rows[out.code].slug;
        bool rejected = wev_verdict_rows[out.code].verdict == 'n';
        if (strcmp(slug, shapes[k].slug) != 0 || (!rejected && out.event.value_count != shapes[k].values)) {
            fail_msg("case %zu, %s: expected %s, got %s at %zu with %zu values", k, shapes[k].body, shapes[k].slug, slug, out.at,
                     out.event.value_count);
        }
    }
    wev_decode_free(d);
    wev_schema_free(s);
}

// ---- laws on any bytes

static void same_again(const char *p, size_t n)
{
    struct wev_decoded a = run(p, n), b = run(p, n);
    if (a.code != b.code || a.at != b.at || a.also_count != b.also_count || a.rule != b.rule) {
        fail_msg("%zu bytes: %s at %zu, then %s at %zu", n, wev_verdict_rows[a.code].slug, a.at, wev_verdict_rows[b.code].slug, b.at);
    }
}

// forall n: the first n bytes of a good event are rejected as cut short, and as the same again
static void every_prefix(void **state)
{
    (void)state;
    static const char *const events[] = {good, rendered};
    for (size_t k = 0; k < WEV_COUNT(events); k++) {
        for (size_t n = 0; n < strlen(events[k]); n++) {
            enum wev_verdict code = run(events[k], n).code;
            if (code != (n ? WEV_V_TRUNCATED : WEV_V_EMPTY)) { fail_msg("%zu bytes: %s", n, wev_verdict_rows[code].slug); }
            same_again(events[k], n);
        }
    }
}

// forall k, bit: the event with that bit turned has a verdict, within the bytes, and the same one again
static void every_flip(void **state)
{
    (void)state;
    static const char *const events[] = {good, rendered};
    for (size_t k = 0; k < WEV_COUNT(events); k++) {
        size_t n = strlen(events[k]);
        char *p = malloc(n);
        assert_non_null(p);
        memcpy(p, events[k], n);
        for (size_t m = 0; m < 8 * n; m++) {
            char was = p[m / 8];
            p[m / 8] = (char)(was ^ (1 << (m % 8)));
            same_again(p, n);
            p[m / 8] = was;
        }
        free(p);
    }
}

static void public_abi(void **state)
{
    (void)state;
    struct wev_result r;
    assert_int_equal(wev_decode(schema, NULL, good, sizeof(good) - 1, &r), 0);
    assert_int_equal(r.verdict, 'y');
    assert_string_equal(r.reason, "ok");
    assert_string_equal(r.rule, "");
    assert_int_equal(r.event, 5059);
    assert_int_equal(r.version, 1);
    assert_int_equal(r.at, sizeof(good) - 1);
    assert_int_equal(wev_decode(schema, decoder, NULL, 0, &r), 0);
    assert_string_equal(r.reason, "empty");
    static const struct edit swapped = {"%%2464", "%%2480", "rule", NULL};
    char *p;
    size_t n = apply(good, &swapped, &p);
    assert_int_equal(wev_decode(schema, decoder, p, n, &r), 0);
    assert_string_equal(r.layer, "rule");
    assert_string_equal(r.rule, "operation");
    free(p);
    wev_decoder_free(NULL);
}

// ---- real records

static void real_records(void **state)
{
    (void)state;
    static const struct { const char *file, *slug; } cases[] = {
        {"real/5058_v0.pyevtx.xml", "attribute-empty"}, {"real/5061_v0.pyevtx.xml", "attribute-empty"},
        {"real/5059_v0_eventviewer.xml.txt", "wrapper-view"}, {"real/5061_v0.syslog.xml.txt", "wrapper-syslog"},
        {"formats/wef-renderedxml-4689.xml", "event-unknown"},
    };
    const char *samples = getenv("WEV_SAMPLES");
    if (!samples) {
        print_message("skipped: verdicts of real records (set WEV_SAMPLES to a folder of them)\n");
        skip();
    }
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        char path[4096];
        struct wev_span s;
        struct wev_error error;
        snprintf(path, sizeof(path), "%s/%s", samples, cases[k].file);
        if (!wev_file_read(path, 1 << 20, &s, &error)) { fail_msg("%s", error.text); }
        struct wev_decoded d = run(s.p, s.n);
        if (strcmp(wev_verdict_rows[d.code].slug, cases[k].slug) != 0) {
            fail_msg("%s: expected %s, got %s at %zu", path, cases[k].slug, wev_verdict_rows[d.code].slug, d.at);
        }
        free((char *)(uintptr_t)s.p);
    }
}

static bool also(const struct wev_decoded *d, enum wev_verdict code)
{
    for (size_t k = 0; k < d->also_count; k++) {
        if (d->also[k] == code) { return true; }
    }
    return false;
}

// python-evtx's spelling of an event: every difference is named
static void tool_spelling(void **state)
{
    (void)state;
    static const struct edit steps[] = {
        {"<EventID>", "<EventID Qualifiers=\"\">", NULL, NULL},
        {"'2020-09-22T06:17:49.4231452Z'", "\"2020-09-22 06:17:49.423145+00:00\"", NULL, NULL},
        {"<Correlation/>", "<Correlation ActivityID=\"\" RelatedActivityID=\"\"></Correlation>", NULL, NULL},
        {"<Security/>", "<Security UserID=\"\"></Security>\n", NULL, NULL},
        {"0x3e7", "0x00000000000003e7", NULL, NULL},
    };
    char *p = strdup(good);
    for (size_t k = 0; k < WEV_COUNT(steps); k++) {
        char *next;
        apply(p, &steps[k], &next);
        free(p);
        p = next;
    }
    struct wev_decoded d = run(p, strlen(p));
    assert_int_equal(d.code, WEV_V_ATTR_EMPTY);
    assert_true(also(&d, WEV_V_TIME_BLANK));
    assert_true(also(&d, WEV_V_TIME_ZONE));
    assert_true(also(&d, WEV_V_HEX_ZEROS));
    assert_int_equal(d.also_count, 7);
    assert_true(d.event.header[WEV_H_QUALIFIERS].flags & WEV_F_ABSENT);
    free(p);
}

static int open_all(void **state)
{
    (void)state;
    struct wev_error error;
    schema = wev_builtin_load(NULL, 0, NULL, 0, &error);
    if (!schema) { print_error("%s\n", error.text); }
    decoder = schema ? wev_decode_new(schema, NULL) : NULL;
    return decoder ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    wev_decode_free(decoder);
    wev_schema_free(schema);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edit),   cmocka_unit_test(documents),    cmocka_unit_test(utf16),
        cmocka_unit_test(what_was_read), cmocka_unit_test(limits),      cmocka_unit_test(other_schema),
        cmocka_unit_test(every_prefix), cmocka_unit_test(every_flip),   cmocka_unit_test(public_abi),
        cmocka_unit_test(real_records), cmocka_unit_test(tool_spelling),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
