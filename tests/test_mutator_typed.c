// The mutator's operations on what values are made of, what is nearly the same, times, rules and messages: what each is for is
// reached, named here by hand; and what the mutator says of itself is so.
#include "fuzz/mutator.h"
#include "fuzz/mutator_run.h"
#include "schema/builtin.h"
#include "schema/types.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CAP = 1 << 14 };

static struct wev_schema *schema;
static struct wev_mutator *one;
static uint8_t out[CAP];
static const struct wev_span none = {NULL, 0};

static size_t make(const char *format, const char *events, char *to, size_t cap)
{
    char why[480];
    struct wev_options *o = wev_options_new(schema, &(struct wev_config){.seed = 7, .events = events, .format = format}, why, sizeof(why));
    assert_non_null(o);
    size_t n = wev_make(schema, o, 0, to, cap, NULL);
    assert_in_range(n, 1, cap);
    wev_options_free(o);
    return n;
}

static int setup(void **state)
{
    struct wev_error e;
    (void)state;
    schema = wev_builtin_load(NULL, 0, NULL, 0, &e);
    one = schema ? wev_mutator_new(schema, NULL, &e) : NULL;
    return one ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    wev_mutator_free(one);
    wev_schema_free(schema);
    return 0;
}

static void only(const char *name)
{
    size_t k = 0;
    while (k < wev_mutator_op_count() && strcmp(wev_mutator_op_name(k), name) != 0) { k++; }
    if (k == wev_mutator_op_count()) { fail_msg("no operation %s", name); }
    wev_mutator_only(one, k);
}

static bool holds(size_t n, const char *text)
{
    return memmem(out, n, text, strlen(text)) != NULL;
}

// Whether some seed below `seeds` makes each of the texts of `want`, NULL at the end.
static void reaches(const char *op, struct wev_span input, const char *const *want, uint64_t seeds)
{
    only(op);
    for (; *want; want++) {
        uint64_t seed = 0;
        while (seed < seeds && !holds(wev_mutator_run(one, input, none, seed, out, CAP), *want)) { seed++; }
        if (seed == seeds) { fail_msg("%s does not make \"%s\"", op, *want); }
    }
    wev_mutator_only(one, SIZE_MAX);
}

// forall seed, cap: what did not change was not done, and what is told fits into the room
static void it_tells_what_it_did(void **state)
{
    static char sample[4096];
    size_t n = make("xml", "5059:1", sample, sizeof(sample)), same = 0, told = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 20000; seed++) {
        size_t cap = seed % 3 == 0 ? n : seed % 3 == 1 ? n + seed % 40 : CAP;
        if (seed % 4 == 0) { wev_mutator_only(one, seed / 4 % wev_mutator_op_count()); }
        size_t got = wev_mutator_run(one, (struct wev_span){sample, n}, seed % 8 == 7 ? (struct wev_span){sample, n} : none, seed, out, cap);
        wev_mutator_only(one, SIZE_MAX);
        const char *said = wev_mutator_describe(one);
        bool bytes = !strcmp(said, "bytes");
        if (got == n && !memcmp(out, sample, n)) {
            same++;
            if (!bytes || wev_mutator_class(one)) { fail_msg("seed %llu: nothing changed, and it says %s", (unsigned long long)seed, said); }
        }
        if (wev_mutator_class(one) && !strstr(said, "event-class")) { fail_msg("a class, and it says %s", said); }
        told += !bytes;
    }
    assert_in_range(same, 100, 8000); // where there was no room, or no place
    assert_in_range(told, 10000, 20000);
}

// ---- what values are made of

static void parts_of_values(void **state)
{
    static const struct {
        const char *value, *want[12];
    } rows[] = {
        // dropped, empty, twice, exchanged, backwards, turned, overlong, another separator, the first alone
        {"S-1-5-21-7", {">S-1-5-7<", ">S-1-5--7<", ">S-1-5-21-21-7<", ">S-1-21-5-7<", ">7-21-5-1-S<", ">1-5-21-7-S<", "-00000021-7<", ">S-1-5:21-7<",
            ">S-1-5-<", ">S-1-5-5-7<"}},
        {"{54849625-5478-4994-a5ba-3e3b0328c30d}", {"{54849625-5478-a5ba-3e3b0328c30d}", "{54849625--4994-a5ba-3e3b0328c30d}",
            "{54849625-5478-5478-4994-", "{54849625-4994-5478-a5ba-", "{54849625:5478"}},
        {"2024-03-04T08:00:02.5Z", {">2024-04T08:00:02.5Z<", ">2024-03-T08:00:02.5Z<", ">2024-03-03-04T", ">2024-04-03T08:00:02.5Z<", ">2024-03-04T08:00:<",
            ">2024-03-04T08:00:0000"}},
        {"C:\\a\\b.txt", {">C:\\b.txt<", ">C:\\\\b.txt<", ">C:\\a\\a\\b.txt<", ">C:\\b\\a.txt<", ">C:\\a/b.txt<", ">txt:\\b\\a.C<"}},
        {"TB-x-name", {">x-name<", ">TB--name<", ">TB-x-x-name<", ">name-x-TB<", ">TB<", ">TB-x_name<"}},
        {"0x8010", {">0x010<", ">0x80<", ">0x0108<", ">0x1080<", ">0x88010<", ">0x8110<"}},
        {"a &amp; b", {">b &amp; a<", ">a &amp; &amp; b<", ">&amp; b<"}},
    };
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        char text[400];
        int n = snprintf(text, sizeof(text), "<Event><EventData><Data>%s</Data></EventData></Event>", rows[k].value);
        reaches("value-parts", (struct wev_span){text, (size_t)n}, rows[k].want, 60000);
    }
}

// ---- nearly the same

static void twins_nearly_named(void **state)
{
    static const char text[] = "<Event><System><EventID>5059</EventID></System><EventData><Data Name='KeyName'>v</Data></EventData></Event>";
    static const char *const want[] = {"<Data Name='KeyName'>v</Data><Data Name='KEYNAME'>", "<Data Name='KeyName'>v</Data><Data Name='keyname'>",
        "<Data Name='KeyName'>v</Data><Data Name='KeyName '>", "<Data Name=' KeyName'>", "<Data Name='K\xd0\xb5yName'>", "<Data Name='KeyNam\xd0\xb5'>",
        "<Data Name='KeyNName'>", "<Data Name='KeyNme'>", "<Data Name='KeyName2'>", "<e:Data Name='KeyName'>v</e:Data>", "<data Name='KeyName'>v</data>",
        "<EventID>5059</EventID><EVENTID>", "<EventId>", NULL};
    size_t beside = 0;
    (void)state;
    struct wev_span input = {text, sizeof(text) - 1};
    reaches("tree-near", input, want, 60000);
    only("tree-near");
    for (uint64_t seed = 0; seed < 400; seed++) { beside += wev_mutator_run(one, input, none, seed, out, CAP) > input.n + 8; }
    wev_mutator_only(one, SIZE_MAX);
    assert_in_range(beside, 200, 390); // beside the original, or in its stead
}

// A value goes to a field that is read in the same way, though it is stored in another; in that field's own form.
static void values_of_the_same_outtype(void **state)
{
    static const char manifest[] = "<instrumentationManifest xmlns='http://schemas.microsoft.com/win/2004/08/events'><instrumentation><events>"
        "<provider name='P' guid='{11111111-2222-3333-4444-555555555555}' symbol='P' resourceFileName='r' messageFileName='m'><templates>"
        "<template tid='t'><data name='A' inType='win:UInt64' outType='win:HexInt64'/><data name='B' inType='win:HexInt64' outType='win:HexInt64'/>"
        "<data name='C' inType='win:UInt32' outType='win:PID'/><data name='D' inType='win:UInt64'/></template></templates>"
        "<events><event value='1' version='0' template='t' symbol='E'/></events></provider></events></instrumentation></instrumentationManifest>";
    static const char text[] = "<Event><System><Provider Name='P'/><EventID>1</EventID><Version>0</Version><Execution ProcessID='896' ThreadID='7'/></System>"
        "<EventData><Data Name='A'>0x1f</Data><Data Name='B'>0x2e</Data><Data Name='C'>77</Data><Data Name='D'>5</Data></EventData></Event>";
    static const char *const want[] = {"'A'>0x2e<", "'B'>0x1f<", "'C'>896<", "ProcessID='77'", "'D'>31<", "'A'>0x5<", "'A'>5<", NULL};
    char path[] = "/tmp/test_mutator_typed_XXXXXX";
    struct wev_error e;
    (void)state;
    int fd = mkstemp(path);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(f);
    fputs(manifest, f);
    assert_int_equal(fclose(f), 0);
    const char *names[] = {path};
    struct wev_schema *s = wev_builtin_load(names, 1, NULL, 0, &e);
    remove(path);
    if (!s) { fail_msg("%s", e.text); }
    struct wev_mutator *own = wev_mutator_new(s, NULL, &e), *kept = one;
    assert_non_null(own);
    one = own;
    reaches("value-kin", (struct wev_span){text, sizeof(text) - 1}, want, 20000);
    one = kept;
    wev_mutator_free(own);
    wev_schema_free(s);
}

// ---- times

static uint64_t time_behind(size_t n, const char *mark)
{
    struct wev_types_room room = {.bin = NULL};
    struct wev_value v = {.is.u = 0};
    size_t at;
    const char *p = memmem(out, n, mark, strlen(mark)), *end = p ? strpbrk(p + strlen(mark), "<'") : NULL;
    if (!end) { return 0; }
    p += strlen(mark);
    enum wev_verdict code = wev_types_parse(WEV_T_FILETIME, WEV_L_TIME, (struct wev_span){p, (size_t)(end - p)}, &room, &v, &at);
    return wev_verdict_rows[code].verdict == 'n' ? 0 : v.is.u;
}

// One time so long before or behind another: a tick, a second, a day, a year of either kind; and about what calendars turn on.
static void times_by_steps(void **state)
{
    static const uint64_t tick[] = {1, 10000000, 864000000000, 365 * 864000000000, 366 * 864000000000, 30 * 864000000000, 36000000000};
    static const char *const want[] = {"2024-02-29T", "1601-01-01T00:00:00", "2038-01-19T03:14:0", "1970-01-01T00:00:00", "2024-03-31T0", "1969-12-31T",
        "2024-02-28T23:59:59", "2023-02-28T", NULL};
    static char sample[4096];
    size_t n = make("xml", "5059:1", sample, sizeof(sample)), seen[WEV_COUNT(tick)][2] = {{0}};
    (void)state;
    sample[n] = 0;
    only("time-step");
    for (uint64_t seed = 0; seed < 4000; seed++) {
        size_t got = wev_mutator_run(one, (struct wev_span){sample, n}, none, seed, out, CAP - 1);
        out[got] = 0;
        uint64_t a = time_behind(got, "SystemTime='"), b = time_behind(got, "'ClientCreationTime'>");
        for (size_t k = 0; k < WEV_COUNT(tick); k++) {
            seen[k][0] += a && b && a > b && a - b == tick[k];
            seen[k][1] += a && b && b > a && b - a == tick[k];
        }
    }
    for (size_t k = 0; k < WEV_COUNT(tick); k++) {
        if (!seen[k][0] || !seen[k][1]) { fail_msg("no two times are %llu ticks apart", (unsigned long long)tick[k]); }
    }
    reaches("time-step", (struct wev_span){sample, n}, want, 20000);
}

// Edges of the calendar about the field's own date, and parts of the event's other times: nothing of it stands in a table.
static void times_by_their_own_date(void **state)
{
    static const char *const own[] = {">2087-06-30T", ">2087-06-31T", ">2087-12-31T", ">2087-01-01T", ">2088-01-01T", ">2088-02-29T",
        ">2087-02-29T", ">2100-02-29T", ">2087-07-01T", ">2087-02-17T", ">2086-06-17T", ">2091-06-17T", ">2187-06-17T", NULL};
    static const char text[] = "<Event><System><TimeCreated SystemTime='2043-11-09T04:05:06.25Z'/></System>"
        "<EventData><Data Name='x'>2087-06-17T11:22:33.5Z</Data></EventData></Event>";
    (void)state;
    reaches("value-boundary", (struct wev_span){text, sizeof(text) - 1}, own, 20000);
    static char sample[4096];
    size_t n = make("xml", "5059:1", sample, sizeof(sample));
    char *at = memmem(sample, n, "'ClientCreationTime'>", 21), *head = memmem(sample, n, "SystemTime='", 12);
    assert_true(at && head && n < sizeof(sample));
    memcpy(head + 12, "2043-11-09T04:05:06", 19);
    memcpy(at + 21, "2087-06-17T11:22:33", 19);
    const char *want[] = {"'>2043-11-09T11:22:33", "'>2087-06-17T04:05:06", "'>2043-06-17T", "'>2087-06-09T", "'>2043-11-09T04:05:06", NULL};
    reaches("value-boundary", (struct wev_span){sample, n}, want, 60000);
}

// What an operation composed and then had no place for is given back: another may need the room.
static void failed_tries_give_back(void **state)
{
    static char sample[4096];
    size_t n = make("xml", "5059:1", sample, sizeof(sample)), failed = 0;
    (void)state;
    only("attribute-repeat");
    for (uint64_t seed = 0; seed < 200; seed++) {
        wev_mutator_run(one, (struct wev_span){sample, n}, none, seed, out, n); // no byte more, so that no copy fits
        if (strcmp(wev_mutator_describe(one), "bytes") != 0) { continue; }
        failed++;
        if (one->b->edit_count == 0) { assert_int_equal(one->b->text_n, 0); }
    }
    wev_mutator_only(one, SIZE_MAX);
    assert_true(failed > 100);
}

// ---- messages

static char event[8192];
static size_t event_n;

static struct wev_span message_in(const char *p, size_t n)
{
    const char *from = memmem(p, n, "<Message>", 9), *end = memmem(p, n, "</Message>", 10);
    return from && end && from < end ? (struct wev_span){from + 9, (size_t)(end - from) - 9} : (struct wev_span){NULL, 0};
}

static struct wev_span line_with(struct wev_span text, const char *label)
{
    const char *from = text.p ? memmem(text.p, text.n, label, strlen(label)) : NULL;
    if (!from) { return none; }
    const char *end = memchr(from, '\r', (size_t)(text.p + text.n - from));
    return (struct wev_span){from, (size_t)((end ? end : text.p + text.n) - from)};
}

static struct wev_span data_named(const char *p, size_t n, const char *mark)
{
    const char *from = memmem(p, n, mark, strlen(mark)), *end = from ? memchr(from, '<', n - (size_t)(from - p)) : NULL;
    return end ? (struct wev_span){from + strlen(mark), (size_t)(end - from) - strlen(mark)} : none;
}

// A value changes in the Data and in the message, in one of them, or to two others.
static void message_values(void **state)
{
    size_t both = 0, data = 0, message = 0, differ = 0;
    (void)state;
    event_n = make("rendered", "5059:1", event, sizeof(event));
    struct wev_span old_line = line_with(message_in(event, event_n), "\tAccount Name:"), old = data_named(event, event_n, "'SubjectUserName'>");
    assert_true(old_line.n && old.n);
    only("message-value");
    for (uint64_t seed = 0; seed < 20000; seed++) {
        size_t n = wev_mutator_run(one, (struct wev_span){event, event_n}, none, seed, out, CAP);
        struct wev_span line = line_with(message_in((char *)out, n), "\tAccount Name:"), v = data_named((char *)out, n, "'SubjectUserName'>");
        bool line_same = wev_span_eq(line, old_line), same = wev_span_eq(v, old);
        bool shows = line.n >= v.n && v.n && !memcmp(line.p + line.n - v.n, v.p, v.n);
        both += !line_same && !same && shows;
        differ += !line_same && !same && !shows;
        data += line_same && !same;
        message += !line_same && same;
    }
    wev_mutator_only(one, SIZE_MAX);
    assert_true(both > 20 && data > 20 && message > 20 && differ > 20);
}

static void message_lines(void **state)
{
    static const char *const want[] = {"Subject:\r\n\tAccount Name:", "LOCAL SERVICE\r\n\tAccount Name:\t\tLOCAL SERVICE\r\n\tAccount Name:",
        "\tAccount Name:\t\t\r\n", "Subject:\n\tSecurity", "\tAccount Name: LOCAL SERVICE", "\r\nLOCAL SERVICE\r\n", "<Message></Message>", NULL};
    (void)state;
    event_n = make("rendered", "5059:1", event, sizeof(event));
    assert_non_null(memmem(event, event_n, "\tAccount Name:\t\tLOCAL SERVICE\r\n", 31)); // what these are about
    const char *all[WEV_COUNT(want)] = {NULL};
    memcpy(all, want, sizeof(want));
    all[WEV_COUNT(want) - 2] = "\t0x3E5\r\nProcess"; // the empty line behind it is gone
    reaches("message-line", (struct wev_span){event, event_n}, all, 60000);
}

// The message that it makes is the one that the generator renders, but for the marks that Windows puts into times.
static void message_from_the_schema(void **state)
{
    static char plain[4096];
    size_t n = make("xml", "5059:1", plain, sizeof(plain)), right = 0, unfilled = 0;
    (void)state;
    event_n = make("rendered", "5059:1", event, sizeof(event));
    struct wev_span want = message_in(event, event_n);
    only("message-made");
    for (uint64_t seed = 0; seed < 600; seed++) {
        size_t got = wev_mutator_run(one, (struct wev_span){plain, n}, none, seed, out, CAP), same = 0, lines = 0;
        struct wev_span text = message_in((char *)out, got), rest = want, mine = text;
        assert_true(text.n > 0);
        while (rest.n) {
            struct wev_span a = wev_span_cut(&rest, '\n'), b = wev_span_cut(&mine, '\n');
            same += wev_span_eq(a, b) || memmem(a.p, a.n, "\xe2\x80\x8e", 3) != NULL;
            lines++;
        }
        right += same == lines;
        unfilled += memchr(text.p, '%', text.n) != NULL;
    }
    wev_mutator_only(one, SIZE_MAX);
    assert_in_range(right, 150, 350); // one of three
    assert_in_range(unfilled, 100, 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_what_it_did), cmocka_unit_test(parts_of_values), cmocka_unit_test(twins_nearly_named),
        cmocka_unit_test(values_of_the_same_outtype), cmocka_unit_test(times_by_steps), cmocka_unit_test(times_by_their_own_date),
        cmocka_unit_test(failed_tries_give_back), cmocka_unit_test(message_values),
        cmocka_unit_test(message_lines), cmocka_unit_test(message_from_the_schema),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
