// What one event takes over from another means the same there: names that are fields of either, and links, are its own.
#include "schema/manifest.h"
#include "schema/profile.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BUF = 8192 };

// Event 2 has the fields of 1 in the other order, event 3 has fields besides that are named as a header and a let are.
static const char manifest[] =
    "<provider name='P' guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'><templates>"
    "<template tid='a'><data name='First' inType='win:UInt32'/><data name='Second' inType='win:UInt32'/></template>"
    "<template tid='b'><data name='Level' inType='win:UInt32'/><data name='mood' inType='win:UInt32'/>"
    "<data name='First' inType='win:UInt32'/><data name='Second' inType='win:UInt32'/></template>"
    "<template tid='c'><data name='Second' inType='win:UInt32'/><data name='First' inType='win:UInt32'/></template>"
    "</templates><events><event value='1' template='a'/><event value='2' template='c'/><event value='3' template='b'/></events></provider>";

static struct wev_schema *load(const char *profile)
{
    struct wev_source m = {"m.man", {manifest, sizeof(manifest) - 1}}, p = {"p.xml", {profile, strlen(profile)}};
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *s = wev_manifest_load(&m, 1, &p, 1, &e);
    if (!s) { fail_msg("%s", e.text); }
    return s;
}

#define ALL(inside) "<profile><entity name='e' count='5'><attr name='n' type='UInt32' ref='index'/></entity>" \
                    "<event provider='P' id='1 2 3'>" inside "</event></profile>"

static const struct wev_event_profile *of(const struct wev_schema *s, size_t k)
{
    return s->events[k].profile;
}

static void what_names_no_field_is_made_once(void **state)
{
    (void)state;
    struct wev_schema *s = load(ALL("<let name='free'><record><attr name='n' type='UInt32'><int min='1' max='9'/></attr></record></let>"
                                    "<header name='ThreadID'><int min='4' max='8'/></header>"));
    assert_ptr_equal(of(s, 0)->lets[0].records[0].attrs[0].node, of(s, 1)->lets[0].records[0].attrs[0].node);
    assert_ptr_equal(of(s, 0)->header[WEV_H_THREAD_ID], of(s, 1)->header[WEV_H_THREAD_ID]);
    assert_ptr_not_equal(of(s, 1)->header[WEV_H_THREAD_ID], of(s, 2)->header[WEV_H_THREAD_ID]); // a name may mean its Level
    wev_schema_free(s);
}

static void fields_are_those_of_the_event(void **state)
{
    (void)state;
    struct wev_schema *s = load(ALL("<let name='copy'><record><attr name='n' type='UInt32' ref='Second'/></record></let>"
                                    "<header name='ThreadID' ref='First'/>"));
    static const uint16_t second[3] = {1, 0, 3}, first[3] = {0, 1, 2};
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(of(s, k)->lets[0].records[0].attrs[0].node->ref.kind, WEV_R_FIELD);
        assert_int_equal(of(s, k)->lets[0].records[0].attrs[0].node->ref.slot, second[k]);
        assert_int_equal(of(s, k)->header[WEV_H_THREAD_ID]->ref.slot, first[k]);
    }
    wev_schema_free(s);
}

static void a_field_wins_over_a_header_and_a_let(void **state)
{
    (void)state;
    struct wev_schema *s = load(ALL("<let name='copy'><record><attr name='n' type='UInt32'><switch><when ref='Level' eq='3'><int min='1' max='1'/></when>"
                                    "<otherwise><int min='2' max='2'/></otherwise></switch></attr></record></let>"
                                    "<let name='mood'><choice><record><attr name='n' value='x'/></record><record><attr name='n' value='y'/></record></choice></let>"
                                    "<header name='ThreadID' ref='mood'/>"));
    static const uint8_t of_let[3] = {WEV_R_ORDINAL, WEV_R_ORDINAL, WEV_R_FIELD};
    static const uint8_t kind[3] = {WEV_R_HEADER, WEV_R_HEADER, WEV_R_FIELD};
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(of(s, k)->lets[0].records[0].attrs[0].node->cases[0].conds[0].left.kind, kind[k]);
        assert_int_equal(of(s, k)->header[WEV_H_THREAD_ID]->ref.kind, of_let[k]);
    }
    wev_schema_free(s);
}

// Links whose index is a value of the event: each event's entity is the one that its own value names.
static void links_follow_their_own_event(void **state)
{
    (void)state;
    char error[480], buf[BUF], first[40], second[40];
    struct wev_schema *s = load(ALL("<let name='draw'><record><attr name='n' type='UInt64'><int min='0' max='4'/></attr></record></let>"
                                    "<let name='host' entity='e' ref='draw.n'/>"
                                    "<field name='First'><calc ref='draw.n'/></field><field name='Second' ref='host.n'/>"));
    assert_ptr_not_equal(of(s, 0)->links[0].index, of(s, 1)->links[0].index);
    struct wev_config c = {.seed = 3, .events = "P/1,P/2,P/3"};
    struct wev_options *o = wev_options_new(s, &c, error, sizeof(error));
    if (!o) { fail_msg("%s", error); }
    size_t seen[3] = {0, 0, 0};
    for (uint64_t i = 0; i < 300; i++) {
        size_t n = wev_make(s, o, i, buf, BUF - 1, NULL);
        assert_in_range(n, 1, BUF - 1);
        buf[n] = 0;
        const char *id = strstr(buf, "<EventID>"), *a = strstr(buf, "'First'>"), *b = strstr(buf, "'Second'>");
        assert_non_null(id);
        assert_non_null(a);
        assert_non_null(b);
        assert_int_equal(sscanf(a, "'First'>%39[0-9]", first), 1);
        assert_int_equal(sscanf(b, "'Second'>%39[0-9]", second), 1);
        assert_string_equal(first, second);
        seen[id[9] - '1']++;
    }
    for (size_t k = 0; k < 3; k++) { assert_true(seen[k] > 50); }
    wev_options_free(o);
    wev_schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_names_no_field_is_made_once), cmocka_unit_test(fields_are_those_of_the_event),
        cmocka_unit_test(a_field_wins_over_a_header_and_a_let), cmocka_unit_test(links_follow_their_own_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
