// The fuzzers' dictionary of a schema: markup, names, the profile's constants, boundary values. Knows no event by number.
#include "gen/dict.h"

#include "gen/choice.h"
#include "gen/out.h"
#include "schema/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_ROWS = 40, NODE_DEPTH = 12, TOKENS_MAX = 4096 };

struct dict {
    FILE *f;
    uint64_t seen[2 * TOKENS_MAX]; // hashes of tokens, open addressing; 0: free
    uint32_t count;
};

static bool is_new(struct dict *d, struct wev_span s)
{
    uint64_t h = XXH3_64bits(s.p, s.n) | 1;
    size_t k = h % WEV_COUNT(d->seen);
    while (d->seen[k] && d->seen[k] != h) { k = (k + 1) % WEV_COUNT(d->seen); }
    if (d->seen[k] || d->count == TOKENS_MAX) { return false; }
    d->seen[k] = h;
    d->count++;
    return true;
}

static void put(struct dict *d, struct wev_span s)
{
    if (!s.n || s.n > WEV_DICT_TOKEN_MAX || !is_new(d, s)) { return; }
    fputc('"', d->f);
    for (size_t k = 0; k < s.n; k++) {
        unsigned char c = (unsigned char)s.p[k];
        if (c == '"' || c == '\\') {
            fprintf(d->f, "\\%c", c);
        } else if (c < ' ' || c > '~') {
            fprintf(d->f, "\\x%02X", c);
        } else {
            fputc(c, d->f);
        }
    }
    fputs("\"\n", d->f);
}

static void put_joined(struct dict *d, const char *before, struct wev_span name, const char *after)
{
    char text[WEV_DICT_TOKEN_MAX];
    size_t a = strlen(before), b = strlen(after);
    if (name.n > sizeof(text) - a - b) { return; }
    memcpy(text, before, a);
    if (name.n) { memcpy(text + a, name.p, name.n); }
    memcpy(text + a + name.n, after, b);
    put(d, (struct wev_span){text, a + name.n + b});
}

static void put_value(struct dict *d, const struct wev_value *v)
{
    char text[512];
    if (v->type == WEV_T_NULL || v->flags & WEV_F_ABSENT) { return; }
    size_t n = wev_out_value(v, wev_type_rows[v->type - 1].lex, text, sizeof(text));
    if (n <= sizeof(text)) { put(d, (struct wev_span){text, n}); }
}

static void put_values(struct dict *d, const struct wev_value *v, size_t count)
{
    for (size_t k = 0; k < count && k < POOL_ROWS; k++) { put_value(d, &v[k]); }
}

// ---- the profile's constants

static void put_conds(struct dict *d, const struct wev_cond *c, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (!c[k].right_is_ref) { put_values(d, c[k].values, c[k].value_count); }
    }
}

static void put_node(struct dict *d, const struct wev_node *node, unsigned depth)
{
    if (!node || depth > NODE_DEPTH) { return; }
    if (node->gen == WEV_G_VALUE) { put_value(d, &node->value); }
    if (node->gen == WEV_G_POOL) { put_values(d, node->values, node->value_count); }
    if (node->gen == WEV_G_RECORD) { return; }
    for (uint32_t k = 0; k < node->kid_count; k++) { put_node(d, node->kids[k], depth + 1); }
}

static void put_profile(struct dict *d, const struct wev_event_profile *p, size_t fields)
{
    for (size_t h = 0; h < WEV_H_COUNT; h++) { put_node(d, p->header[h], 0); }
    for (size_t k = 0; k < fields; k++) { put_node(d, p->fields[k], 0); }
    for (uint32_t k = 0; k < p->let_count; k++) {
        for (uint32_t r = 0; r < p->lets[k].record_count; r++) {
            for (uint32_t a = 0; a < p->lets[k].name_count; a++) { put_node(d, p->lets[k].records[r].attrs[a].node, 0); }
        }
    }
    for (uint32_t k = 0; k < p->rule_count; k++) {
        put_conds(d, p->rules[k].when, p->rules[k].when_count);
        put_conds(d, p->rules[k].then, p->rules[k].then_count);
        put_conds(d, p->rules[k].otherwise, p->rules[k].otherwise_count);
    }
}

// ---- names

static void put_fields(struct dict *d, const struct wev_field *fields, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        put_joined(d, fields[k].field_count ? "<ComplexData Name='" : "<Data Name='", fields[k].name, "'>");
        put(d, fields[k].name);
        put_fields(d, fields[k].fields, fields[k].field_count);
        for (size_t m = 0; fields[k].map && m < fields[k].map->count && m < POOL_ROWS; m++) {
            put_value(d, &(struct wev_value){.type = WEV_T_UINT64, .is.u = fields[k].map->entries[m].value});
        }
    }
}

static void put_event(struct dict *d, const struct wev_event_def *def)
{
    const struct wev_template *t = def->body;
    const uint64_t numbers[] = {def->id, def->version, def->level, def->task, def->opcode};
    put(d, def->provider->name);
    put(d, def->provider->guid_text);
    put(d, def->channel);
    for (size_t k = 0; k < WEV_COUNT(numbers); k++) { put_value(d, &(struct wev_value){.type = WEV_T_UINT64, .is.u = numbers[k]}); }
    put_fields(d, t->fields, t->field_count);
    for (size_t k = 0; k < t->user_count; k++) {
        if (t->user[k].kind == WEV_U_OPEN) { put_joined(d, "<", t->user[k].name, ">"); }
    }
    put_profile(d, def->profile, t->field_count);
}

// ---- what no schema says

#define T(literal) {(literal), sizeof(literal) - 1}

static const struct wev_span markup[] = {
    T("http://schemas.microsoft.com/win/2004/08/events/event"), T("<Event>"), T("</Event>"), T("<System>"), T("</System>"),
    T("<EventData>"), T("</EventData>"), T("<EventData/>"), T("<UserData>"), T("</UserData>"), T("<Events>"), T("</Events>"),
    T("<Data>"), T("</Data>"), T("<Data/>"), T("<Data Name=''>"), T("<ComplexData>"), T("</ComplexData>"), T("<Binary>"), T("<Binary/>"),
    T("<Provider Name='"), T("' Guid='"), T("' EventSourceName='"), T("<EventID>"), T("</EventID>"), T("<EventID Qualifiers='0'>"),
    T("<Version>"), T("</Version>"), T("<Level>"), T("</Level>"), T("<Task>"), T("</Task>"), T("<Opcode>"), T("</Opcode>"),
    T("<Keywords>"), T("</Keywords>"), T("<TimeCreated SystemTime='"), T("<EventRecordID>"), T("</EventRecordID>"), T("<Correlation/>"),
    T("<Correlation ActivityID='{"), T("' RelatedActivityID='{"), T("<Execution ProcessID='"), T("' ThreadID='"), T("<Channel>"),
    T("</Channel>"), T("<Computer>"), T("</Computer>"), T("<Security UserID='"), T("<Security/>"), T("<RenderingInfo Culture='en-US'>"),
    T("</RenderingInfo>"), T("<Message>"), T("</Message>"), T("<ProcessingErrorData>"), T(" xmlns='"), T(" xmlns:e='"), T(" Name='"),
    T("'/>"), T("/>"), T("\"/>"), T("='"), T("=\""), T("- <"),
};
static const struct wev_span syntax[] = {
    T("<?xml version='1.0'?>"), T("<?xml version=\"1.0\" encoding=\"utf-8\"?>"), T("<?xml version=\"1.0\" encoding=\"UTF-16\"?>"),
    T("\xef\xbb\xbf"), T("\xff\xfe"), T("\xfe\xff"), T("<!DOCTYPE Event>"), T("<!DOCTYPE Event [<!ENTITY x 'a'>]>"), T("&x;"), T("&amp;"),
    T("&lt;"), T("&gt;"), T("&quot;"), T("&apos;"), T("&#65;"), T("&#x41;"), T("&#0;"), T("&#xD800;"), T("&#x110000;"), T("&#x1F511;"),
    T("&#4294967361;"), T("&nbsp;"), T("&"), T("<![CDATA["), T("]]>"), T("<![CDATA[]]>"), T("<!--"), T("-->"), T("<!-- a -->"), T("<?a b?>"),
    T("\r\n"), T("\xc0\xaf"), T("\xed\xa0\x80"), T("\xf4\x8f\xbf\xbd"), T("\xe2\x80\x8e"), T("%%"), T("%1"), T("\\"), T("\"}"),
};
static const struct wev_span values[] = {
    T("-1"), T("127"), T("128"), T("255"), T("256"), T("32767"), T("32768"), T("65535"), T("65536"), T("2147483647"), T("2147483648"),
    T("-2147483648"), T("4294967295"), T("4294967296"), T("9223372036854775807"), T("9223372036854775808"), T("18446744073709551615"),
    T("18446744073709551616"), T("0x"), T("0x0"), T("0X"), T("0xffffffff"), T("0x100000000"), T("0xffffffffffffffff"), T("0x10000000000000000"),
    T("true"), T("false"), T("-"), T("(NULL)"), T("NaN"), T("S-1-0"), T("S-1-5-18"), T("S-1-5-"), T("S-1-5-21-0-0-0-500"), T("S-1-0x"),
    T("S-1-15-2-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"), T("-4294967295"), T("{00000000-0000-0000-0000-000000000000}"),
    T("1601-01-01T00:00:00.0000000Z"), T("1970-01-01T00:00:00Z"), T("2024-02-29T23:59:59.9999999Z"), T("2100-02-29T00:00:00Z"), T("-02-30T"),
    T("2016-12-31T23:59:60Z"), T("9999-12-31T23:59:59.999999999Z"), T("T24:00:00"), T("+00:00"), T("127.0.0.1"), T("::1"),
};

static void put_all(struct dict *d, const char *title, const struct wev_span *s, size_t count)
{
    fprintf(d->f, "\n# %s\n", title);
    for (size_t k = 0; k < count; k++) { put(d, s[k]); }
}

char *wev_dict_new(const struct wev_schema *schema, size_t *n)
{
    char *text = NULL;
    struct dict *d = calloc(1, sizeof(*d));
    if (!d) { return NULL; }
    d->f = open_memstream(&text, n);
    if (d->f) {
        fputs("# Tokens of Windows event XML for libFuzzer (-dict=) and AFL++ (-x), made from the schema.\n", d->f);
        put_all(d, "markup", markup, WEV_COUNT(markup));
        put_all(d, "syntax", syntax, WEV_COUNT(syntax));
        put_all(d, "values", values, WEV_COUNT(values));
        fputs("\n# the schema\n", d->f);
        for (size_t k = 0; k < schema->event_count; k++) { put_event(d, &schema->events[k]); }
        bool good = !ferror(d->f);
        if (fclose(d->f) || !good) {
            free(text);
            text = NULL;
        }
    }
    free(d);
    return text;
}
