// Scenarios as they are read: what a step's profile shares with its event's, and what it must not.
#include "schema/manifest.h"
#include "schema/profile.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { NAME, NUMBER }; // fields of event 1

static struct wev_schema *load(const char *profile)
{
    static const char manifest[] =
        "<provider name='P' guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'><templates><template tid='t'>"
        "<data name='Name' inType='win:UnicodeString'/><data name='Number' inType='win:UInt32'/></template></templates>"
        "<events><event value='1' template='t'/></events></provider>";
    struct wev_source m = {"m.man", WEV_SPAN(manifest)}, p = {"p.xml", {profile, strlen(profile)}};
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *s = wev_manifest_load(&m, 1, &p, 1, &e);
    if (!s) { fail_msg("%s", e.text); }
    return s;
}

// A step shares with its event what both say alike, and what it says itself is its own. A let with other names moves what
// others mean by a name, so then nothing is shared.
static void steps_share_what_is_alike(void **state)
{
    (void)state;
    struct wev_schema *s = load(
        "<profile><event id='1'><header name='TimeCreated'><clock/></header></event>"
        "<event provider='P' id='1'><let name='k'><record><attr name='n' value='a'/></record></let><let name='m'><record><attr name='n' value='b'/></record></let>"
              "<field name='Name' ref='m.n'/><field name='Number' value='7'/></event>"
        "<scenario name='same' label='benign'><act><step event='1'><field name='Number' value='8'/></step><step event='1'/></act></scenario>"
        "<scenario name='other' label='benign'><let name='k'><record><attr name='x' value='c'/><attr name='n' value='d'/></record></let>"
        "<act><step event='1'/></act></scenario>"
        "<scenario name='more' label='benign'><let name='k'><record><attr name='n' value='e'/></record></let>"
        "<let name='z'><record><attr name='n' value='f'/></record></let><act><step event='1'/></act></scenario></profile>");
    const struct wev_event_profile *base = s->events[0].profile;
    const struct wev_story *stories = s->profile->stories;
    const struct wev_event_profile *same = stories[0].acts[0].steps[0].defs[0].profile, *next = stories[0].acts[0].steps[1].defs[0].profile,
                                   *other = stories[1].acts[0].steps[0].defs[0].profile, *more = stories[2].acts[0].steps[0].defs[0].profile;
    assert_ptr_equal(same->fields[NAME], base->fields[NAME]);
    assert_ptr_equal(same->header[WEV_H_TIME], base->header[WEV_H_TIME]);
    assert_ptr_equal(same->lets[0].records, base->lets[0].records);
    assert_int_equal(same->fields[NUMBER]->value.is.u, 8);
    assert_int_equal(next->fields[NUMBER]->value.is.u, 7); // not the step's before
    assert_ptr_not_equal(other->fields[NAME], base->fields[NAME]);
    assert_int_equal(other->lets[0].name_count, 2);
    assert_int_equal(other->fields[NAME]->ref.let, 1);
    assert_ptr_not_equal(more->fields[NAME], base->fields[NAME]);
    assert_int_equal(more->let_count, 3);
    assert_memory_equal(more->lets[0].records[0].attrs[0].node->value.is.text, "e", 1);
    wev_schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(steps_share_what_is_alike)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
