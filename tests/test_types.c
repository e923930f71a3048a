// The lexical form of every inType: a table of texts, the verdict each earns, and where.
#include "schema/types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct form {
    const char *type; // inType, or an outType's lex by name
    const char *text;
    const char *slug; // of the verdict
    size_t at;
    uint64_t u;       // the number, for what is one
};

static const struct form forms[] = {
    {"SID", "S-1-5-18", "ok", 0, 0},
    {"SID", "S-1-5-21-1-2-3-4294967295", "ok", 0, 0},
    {"SID", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", "ok", 0, 0},
    {"SID", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "sid-long", 41, 0},
    {"SID", "S-1-0x100000000000-1", "ok", 0, 0},
    {"SID", "S-1-0x000000000005-1", "sid-authority", 18, 0},
    {"SID", "S-1-4294967296-1", "sid-authority", 4, 0},
    {"SID", "S-1-05-1", "sid-authority", 4, 0},
    {"SID", "S-1-5", "sid-short", 5, 0},
    {"SID", "S-1-5-", "sid-sub", 6, 0},
    {"SID", "S-1-5-018", "sid-sub", 6, 0},
    {"SID", "S-1-5-4294967296", "sid-sub", 6, 0},
    {"SID", "S-1-5-18x", "sid-sub", 8, 0},
    {"SID", "s-1-5-18", "sid-prefix", 0, 0},
    {"SID", "S-2-5-18", "sid-prefix", 0, 0},
    {"SID", "NT AUTHORITY\\SYSTEM", "sid-prefix", 0, 0},
    {"SID", "", "value-empty", 0, 0},
    {"SID", " S-1-5-18", "blanks", 0, 0},
    {"SID", " S-1-5", "sid-short", 6, 0}, // an `i` does not hide an `n`
    {"GUID", "{54849625-5478-4994-a5ba-3e3b0328c30d}", "ok", 0, 0},
    {"GUID", "{54849625-5478-4994-A5BA-3E3B0328C30D}", "ok", 0, 0},
    {"GUID", "54849625-5478-4994-a5ba-3e3b0328c30d", "guid", 0, 0},
    {"GUID", "{54849625-5478-4994-a5ba-3e3b0328c30}", "guid", 36, 0},
    {"GUID", "{54849625-5478-4994-a5ba-3e3b0328c30dd}", "guid", 37, 0},
    {"GUID", "{5484962g-5478-4994-a5ba-3e3b0328c30d}", "guid", 8, 0},
    {"FILETIME", "1601-01-01T00:00:00Z", "ok", 0, 0},
    {"FILETIME", "1601-01-01T00:00:00.0000001Z", "ok", 0, 1},
    {"FILETIME", "1970-01-01T00:00:00.000Z", "ok", 0, 116444736000000000u},
    {"FILETIME", "2000-02-29T12:30:15.123456700Z", "ok", 0, 125963010151234567u},
    {"FILETIME", "2020-09-04T07:08:22.5182329Z", "ok", 0, 132436769025182329u},
    {"FILETIME", "9999-12-31T23:59:59.999999900Z", "ok", 0, 2650467743999999999u},
    {"FILETIME", "1900-02-29T00:00:00Z", "time", 5, 0},
    {"FILETIME", "2023-02-30T00:00:00Z", "time", 5, 0},
    {"FILETIME", "2023-04-31T00:00:00Z", "time", 5, 0},
    {"FILETIME", "2023-13-01T00:00:00Z", "time", 5, 0},
    {"FILETIME", "2023-01-01T24:00:00Z", "time", 11, 0},
    {"FILETIME", "2016-12-31T23:59:60Z", "time", 11, 0},
    {"FILETIME", "2023-01-01T00:00:00.Z", "time", 20, 0},
    {"FILETIME", "2023-01-01T00:00:00.1234567890Z", "time-digits", 29, 0},
    {"FILETIME", "2023-01-01", "time", 10, 0},
    {"FILETIME", "1600-12-31T23:59:59Z", "time-range", 0, 0},
    {"FILETIME", "0000-01-01T00:00:00Z", "time-range", 0, 0},
    {"FILETIME", "30828-09-15T00:00:00Z", "time-range", 0, 0},
    {"FILETIME", "2023-01-01T00:00:00", "time-zone", 19, 133170048000000000u},
    {"FILETIME", "2023-01-01T01:00:00+01:00", "time-zone", 19, 133170048000000000u},
    {"FILETIME", "2016-07-16 00:44:06.623224+00:00", "time-blank", 10, 131131034466232240u},
    {"FILETIME", "2023-01-01T00:00:00ZZ", "time", 20, 0},
    {"HexInt32", "0x0", "ok", 0, 0},
    {"HexInt32", "0xdeadbeef", "ok", 0, 0xdeadbeefu},
    {"HexInt32", "0xDEADBEEF", "hex-upper", 2, 0xdeadbeefu},
    {"HexInt32", "0X1", "hex-upper", 1, 1},
    {"HexInt32", "0x00000001", "hex-zeros", 2, 1},
    {"HexInt32", "0x", "hex", 2, 0},
    {"HexInt32", "1", "hex", 0, 0},
    {"HexInt32", "-0x1", "hex", 0, 0},
    {"HexInt32", "0x1g", "hex", 3, 0},
    {"HexInt32", "0x123456789", "hex-range", 10, 0},
    {"HexInt64", "0xffffffffffffffff", "ok", 0, UINT64_MAX},
    {"HexInt64", "0x00000000000003e7", "hex-zeros", 2, 0x3e7},
    {"HexInt64", "0x11234567812345678", "hex-range", 18, 0},
    {"Pointer", "0x7ffe0000", "ok", 0, 0x7ffe0000},
    {"UInt8", "255", "ok", 0, 255},
    {"UInt8", "256", "integer-range", 0, 0},
    {"UInt16", "65536", "integer-range", 0, 0},
    {"UInt32", "4294967295", "ok", 0, 4294967295u},
    {"UInt32", "4294967296", "integer-range", 0, 0},
    {"UInt64", "18446744073709551615", "ok", 0, UINT64_MAX},
    {"UInt64", "18446744073709551616", "integer-range", 0, 0},
    {"UInt64", "99999999999999999999999999", "integer-range", 0, 0},
    {"UInt32", "-1", "integer-range", 0, 0},
    {"UInt32", "0x10", "integer", 1, 0},
    {"UInt32", "", "value-empty", 0, 0},
    {"UInt32", "+1", "integer-zeros", 0, 1},
    {"UInt32", "007", "integer-zeros", 0, 7},
    {"UInt32", " 7", "blanks", 0, 7},
    {"UInt32", "1 000", "integer", 1, 0},
    {"Int8", "-128", "ok", 0, (uint64_t)-128},
    {"Int8", "-129", "integer-range", 0, 0},
    {"Int8", "128", "integer-range", 0, 0},
    {"Int64", "-9223372036854775808", "ok", 0, (uint64_t)INT64_MIN},
    {"Int64", "9223372036854775807", "ok", 0, INT64_MAX},
    {"Int64", "9223372036854775808", "integer-range", 0, 0},
    {"Int32", "-", "integer", 1, 0},
    {"Boolean", "true", "ok", 0, 1},
    {"Boolean", "false", "ok", 0, 0},
    {"Boolean", "True", "boolean", 0, 0},
    {"Boolean", "yes", "boolean", 0, 0},
    {"Float", "-1.5", "ok", 0, 0},
    {"Double", "1e10", "ok", 0, 0},
    {"Double", "NaN", "ok", 0, 0},
    {"Double", ".", "float", 1, 0},
    {"Double", "1,5", "float", 1, 0},
    {"Double", "1e", "float", 2, 0},
    {"Binary", "", "ok", 0, 0},
    {"Binary", "00FF7a", "ok", 0, 0},
    {"Binary", "0", "binary-hex", 1, 0},
    {"Binary", "0G", "binary-hex", 1, 0},
    {"UnicodeString", "", "ok", 0, 0},
    {"UnicodeString", "  100%% sure ", "ok", 0, 0},
    {"win:IPv4", "10.0.0.1", "ok", 0, 0x0a000001},
    {"win:IPv4", "256.0.0.1", "address", 3, 0},
    {"win:IPv4", "10.0.0", "address", 6, 0},
    {"win:IPv6", "::1", "ok", 0, 0},
    {"win:IPv6", "::", "ok", 0, 0},
    {"win:IPv6", "fe80::1:2", "ok", 0, 0},
    {"win:IPv6", "1:2:3:4:5:6:7:8", "ok", 0, 0},
    {"win:IPv6", "::ffff:10.0.0.1", "ok", 0, 0},
    {"win:IPv6", "1:2:3", "address", 5, 0},
    {"win:IPv6", "1::2::3", "address", 4, 0},
    {"win:IPv6", "12345::", "address", 0, 0},
    {"win:SocketAddress", "10.0.0.1:443", "ok", 0, 0},
    {"win:SocketAddress", "[::1]:443", "ok", 0, 0},
    {"win:SocketAddress", "10.0.0.1", "address", 8, 0},
    {"win:SocketAddress", "10.0.0.1:65536", "address", 14, 0},
};

static void find_type(const char *name, uint8_t *type, uint8_t *lex)
{
    for (size_t k = 0; k < wev_type_row_count; k++) {
        if (strcmp(wev_type_rows[k].name, name) != 0) { continue; }
        *type = wev_type_rows[k].type;
        *lex = wev_type_rows[k].lex;
        return;
    }
    for (size_t k = 0; k < wev_out_row_count; k++) {
        if (strcmp(wev_out_rows[k].name, name) != 0) { continue; }
        *lex = wev_out_rows[k].lex;
        *type = *lex == WEV_L_IPV4 ? WEV_T_UINT32 : WEV_T_BINARY;
        return;
    }
    fail_msg("no type %s", name);
}

static bool is_number(uint8_t lex)
{
    return lex == WEV_L_INT || lex == WEV_L_UINT || lex == WEV_L_HEX || lex == WEV_L_BOOL || lex == WEV_L_TIME || lex == WEV_L_IPV4;
}

// forall rows: parse(text) is the verdict, the place and the number of the row; the copy has no byte to spare
static void every_form(void **state)
{
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(forms); k++) {
        const struct form *f = &forms[k];
        uint8_t type = 0, lex = 0, bin[128];
        size_t at = 999, n = strlen(f->text);
        struct wev_types_room room = {.bin = bin, .bin_cap = sizeof(bin)};
        struct wev_value v;
        char *exact = malloc(n ? n : 1);
        assert_non_null(exact);
        memcpy(exact, f->text, n);
        find_type(f->type, &type, &lex);
        enum wev_verdict code = wev_types_parse(type, lex, (struct wev_span){exact, n}, &room, &v, &at);
        const struct wev_verdict_row *row = &wev_verdict_rows[code];
        if (strcmp(row->slug, f->slug) != 0 || at != f->at) {
            fail_msg("%s \"%s\": expected %s at %zu, got %s at %zu", f->type, f->text, f->slug, f->at, row->slug, at);
        }
        if (row->verdict != 'n' && is_number(lex) && v.is.u != f->u) {
            fail_msg("%s \"%s\": expected %llu, got %llu", f->type, f->text, (unsigned long long)f->u, (unsigned long long)v.is.u);
        }
        free(exact);
    }
}

static void values_of_pointers(void **state)
{
    (void)state;
    static const uint8_t guid[16] = {0x54, 0x84, 0x96, 0x25, 0x54, 0x78, 0x49, 0x94, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d};
    static const uint8_t address[16] = {0xfe, 0x80, [13] = 1, [15] = 2};
    uint8_t bin[64];
    size_t at;
    struct wev_types_room room = {.bin = bin, .bin_cap = sizeof(bin)}, room2 = room;
    struct wev_value a, b;
    assert_int_equal(wev_types_parse(WEV_T_GUID, WEV_L_GUID, WEV_SPAN("{54849625-5478-4994-a5ba-3e3b0328c30d}"), &room, &a, &at), WEV_V_OK);
    assert_memory_equal(a.is.guid->byte, guid, 16);
    assert_int_equal(wev_types_parse(WEV_T_GUID, WEV_L_GUID, WEV_SPAN("{54849625-5478-4994-A5BA-3E3B0328C30D}"), &room2, &b, &at), WEV_V_OK);
    assert_true(wev_types_equal(&a, &b));
    assert_int_equal(wev_types_parse(WEV_T_SID, WEV_L_SID, WEV_SPAN("S-1-5-21-7-8"), &room, &a, &at), WEV_V_OK);
    assert_int_equal(a.is.sid->authority, 5);
    assert_int_equal(a.is.sid->count, 3);
    assert_int_equal(a.is.sid->sub[2], 8);
    assert_int_equal(wev_types_parse(WEV_T_SID, WEV_L_SID, WEV_SPAN("S-1-5-21-7-9"), &room2, &b, &at), WEV_V_OK);
    assert_false(wev_types_equal(&a, &b));
    assert_int_equal(wev_types_parse(WEV_T_BINARY, WEV_L_IPV6, WEV_SPAN("fe80::1:0:2"), &room, &a, &at), WEV_V_OK);
    assert_int_equal(a.n, 16);
    assert_int_equal(a.is.bin[0], 0xfe);
    assert_int_equal(wev_types_parse(WEV_T_BINARY, WEV_L_IPV6, WEV_SPAN("fe80::100:2"), &room, &a, &at), WEV_V_OK);
    assert_int_equal(a.is.bin[12], 1);
    assert_int_equal(a.is.bin[15], address[15]);
    assert_int_equal(wev_types_parse(WEV_T_BINARY, WEV_L_BINARY, WEV_SPAN("00fF7A"), &room, &a, &at), WEV_V_OK);
    assert_int_equal(a.n, 3);
    assert_int_equal(a.is.bin[1], 0xff);
}

// every code has a verdict, a layer, a slug of its own, words and a source
static void verdict_rows(void **state)
{
    (void)state;
    for (size_t k = 0; k < WEV_V_COUNT; k++) {
        const struct wev_verdict_row *r = &wev_verdict_rows[k];
        assert_non_null(strchr("yni", r->verdict));
        assert_true(r->layer <= WEV_LAYER_RULE);
        assert_true((r->verdict == 'y') == (k == WEV_V_OK));
        assert_true(r->slug[0] && r->text[0] && r->source[0]);
        for (size_t m = 0; m < k; m++) { assert_string_not_equal(r->slug, wev_verdict_rows[m].slug); }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form),
        cmocka_unit_test(values_of_pointers),
        cmocka_unit_test(verdict_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
