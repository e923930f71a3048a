// A world as a whole: its events are read as they were made, they follow each other as recorded ones do, keep their keys and
// accounts, and their labels cannot be guessed from what has nothing to do with them.
#include "gen/md5.h"
#include "schema/builtin.h"
#include "schema/decode.h"
#include "schema/types.h"
#include "tests/world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// ---- laws

// forall i of a default fleet and of all scenarios: decode(make(i)) == event(i), rules of the profile included
static void all_is_read_as_made(void **state)
{
    (void)state;
    struct world w = wev_test_world((struct wev_config){.seed = 5, .total = 40000, .attack_rate = "20%"});
    struct wev_decoder *d = wev_decode_new(w.schema, NULL);
    uint64_t n = wev_test_scaled(40000);
    bool seen[256] = {false};
    assert_non_null(d);
    for (uint64_t i = 0; i < n; i++) {
        struct wev_decoded read;
        wev_test_make(&w, i);
        assert_int_equal(wev_decode_run(d, w.buf, w.n, &read), WEV_OK);
        if (read.code != WEV_V_OK) { fail_msg("unit %" PRIu64 ": %s at %zu\n%.*s", i, wev_verdict_rows[read.code].slug, read.at, (int)w.n, w.buf); }
        assert_int_equal(read.event.value_count, w.event.value_count);
        for (size_t k = 0; k < w.event.value_count; k++) {
            if (!wev_types_equal(&w.event.value[k], &read.event.value[k])) { fail_msg("unit %" PRIu64 ": value %zu\n%.*s", i, k, (int)w.n, w.buf); }
        }
        seen[w.state->frame.story - w.options->plan->world->stories] = true;
    }
    for (uint32_t k = 0; k < w.options->plan->world->count && n == 40000; k++) {
        if (!seen[k]) { fail_msg("no run of %s", w.options->plan->world->stories[k].story->name.p); }
    }
    wev_decode_free(d);
    wev_test_close(&w);
}

// forall blocks of 2,150: 5061, 5058 and 5059 are 1302, 663 and 185
static void base_rate_is_exact(void **state)
{
    (void)state;
    struct world w = wev_test_world((struct wev_config){.seed = 3, .total = 5 * 2150});
    uint32_t count[3] = {0};
    for (uint64_t i = 0; i < 5 * 2150; i++) {
        wev_test_make(&w, i);
        assert_string_equal(w.note.label, "benign");
        assert_string_equal(w.note.scenario, "");
        count[w.note.event == 5061 ? 0 : w.note.event == 5058 ? 1 : 2]++;
        if ((i + 1) % 2150) { continue; }
        assert_int_equal(count[0], 1302);
        assert_int_equal(count[1], 663);
        assert_int_equal(count[2], 185);
        memset(count, 0, sizeof(count));
    }
    wev_test_close(&w);
}

// forall units: no time goes back, none is outside of the window; on a computer record ids rise
static void clocks_and_numbers_rise(void **state)
{
    (void)state;
    for (size_t r = 0; r < 3; r++) {
        struct wev_config c = {.seed = r, .total = 30000, .attack_rate = r ? r == 1 ? "5%" : "50%" : NULL, .start = "2024-12-20T00:00:00Z", .end = "2025-01-10T12:34:56Z",
                               .hosts = r == 1 ? 2000 : 0, .time_zone = r == 2 ? "-05:30" : "+01:00"};
        struct world w = wev_test_world(c);
        struct table hosts = wev_test_table();
        uint64_t last = 0, start, end;
        assert_true(wev_make_time(wev_span_of(c.start), &start) && wev_make_time(wev_span_of(c.end), &end));
        for (uint64_t i = 0; i < wev_test_scaled(c.total); i++) {
            wev_test_make(&w, i);
            uint64_t t = w.event.header[WEV_H_TIME].is.u;
            struct seen *host = wev_test_row(&hosts, w.note.computer);
            if (t <= last || t < start || t >= end) { fail_msg("unit %" PRIu64 ": time %" PRIu64 " after %" PRIu64, i, t, last); }
            if (w.note.record_id <= host->number) { fail_msg("unit %" PRIu64 ": record %" PRIu64 " after %" PRIu64, i, w.note.record_id, host->number); }
            host->number = w.note.record_id;
            last = t;
        }
        free(hosts.rows);
        wev_test_close(&w);
    }
}

struct shown { // what a 5058, its 5061 and its 5059 have in common, as text
    char common[1000], client[64], algorithm[64], operation[16];
    uint64_t record, time;
    uint16_t event;
};

static struct shown show(const struct world *w)
{
    static const char *const names[] = {"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ProviderName", "KeyName", "KeyType"};
    struct shown s = {.record = w->note.record_id, .time = w->event.header[WEV_H_TIME].is.u, .event = w->note.event};
    int n = snprintf(s.common, sizeof(s.common), "%s %" PRIu64, w->note.computer, w->event.header[WEV_H_THREAD_ID].is.u);
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        char text[200];
        wev_test_keep_field(text, sizeof(text), &w->event, names[k]);
        n += snprintf(s.common + n, sizeof(s.common) - (size_t)n, "|%s", text);
    }
    char pid[24], start[24];
    wev_test_keep_field(pid, sizeof(pid), &w->event, "ClientProcessId");
    wev_test_keep_field(start, sizeof(start), &w->event, "ClientCreationTime");
    snprintf(s.client, sizeof(s.client), "%s %s", pid, start);
    wev_test_keep_field(s.algorithm, sizeof(s.algorithm), &w->event, "AlgorithmName");
    wev_test_keep_field(s.operation, sizeof(s.operation), &w->event, "Operation");
    return s;
}

// forall 5059: n is a 5058, n+1 a 5061, n+2 the 5059 (facts, the sequence rule: 6 of 6 recorded ones)
static void exports_stand_in_sequence(void **state)
{
    (void)state;
    struct world w = wev_test_world((struct wev_config){.seed = 8, .total = 30000, .attack_rate = "10%"});
    struct shown a = {.event = 0}, b = {.event = 0};
    uint64_t exports = 0;
    for (uint64_t i = 0; i < wev_test_scaled(30000); i++) {
        wev_test_make(&w, i);
        struct shown c = show(&w);
        if (c.event == 5059) {
            bool imports = !strcmp(c.operation, "%%2465");
            exports++;
            assert_int_equal(a.event, 5058);
            assert_int_equal(b.event, 5061);
            assert_int_equal(b.record, a.record + 1);
            assert_int_equal(c.record, a.record + 2);
            assert_string_equal(a.common, b.common);
            assert_string_equal(a.common, c.common);
            assert_string_equal(a.client, c.client);
            assert_string_equal(b.algorithm, c.algorithm);
            assert_string_equal(a.operation, imports ? "%%2459" : "%%2458");
            assert_string_equal(b.operation, imports ? "%%2481" : "%%2480");
            if (!imports) { assert_true(!strcmp(a.algorithm, "UNKNOWN") || !strcmp(a.algorithm, "%%2432")); }
            assert_true(c.time - a.time < 10000000);
        }
        a = b;
        b = c;
    }
    assert_in_range(exports, wev_test_scaled(30000) / 20, 30000);
    wev_test_close(&w);
}

// The rule as the facts state it, not as gen/values.c does it.
static void file_of(const char *key, bool wide, char out[33])
{
    uint8_t name[1024], digest[16];
    size_t n = 0;
    for (const char *p = key;; p++) {
        name[n++] = (uint8_t)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
        if (wide) { name[n++] = 0; }
        if (!*p) { break; }
    }
    wev_md5(name, n, digest);
    for (int k = 0; k < 4; k++) {
        uint32_t word = (uint32_t)digest[4 * k] | (uint32_t)digest[4 * k + 1] << 8 | (uint32_t)digest[4 * k + 2] << 16 | (uint32_t)digest[4 * k + 3] << 24;
        snprintf(out + 8 * k, 9, "%08x", word);
    }
}

// A key keeps its algorithm, type and file, an account its SID, a logon its account; no process starts after its event.
static void things_stay_what_they_are(void **state)
{
    (void)state;
    struct world w = wev_test_world((struct wev_config){.seed = 2, .total = 40000, .attack_rate = "10%"});
    struct table t = wev_test_table();
    uint64_t files = 0, by_file = 0;
    for (uint64_t i = 0; i < wev_test_scaled(40000); i++) {
        char sid[200], name[200], domain[100], key[200], algorithm[64], text[400], id[1000];
        wev_test_make(&w, i);
        const struct wev_event *e = &w.event;
        wev_test_keep_field(sid, sizeof(sid), e, "SubjectUserSid");
        wev_test_keep_field(name, sizeof(name), e, "SubjectUserName");
        wev_test_keep_field(domain, sizeof(domain), e, "SubjectDomainName");
        wev_test_keep_field(key, sizeof(key), e, "KeyName");
        wev_test_keep_field(algorithm, sizeof(algorithm), e, "AlgorithmName");
        bool machine = !strncmp(sid, "S-1-5-18", 8) || !strncmp(sid, "S-1-5-20", 8), local = strstr(w.note.computer, domain) == w.note.computer;
        snprintf(id, sizeof(id), "sid of %s%s\\%s", machine || local ? w.note.computer : "", machine ? sid : strstr(sid, "S-1-5-21") && !local ? "" : domain, name);
        wev_test_same(&t, id, sid);
        if (wev_test_field(e, "SubjectLogonId").is.u >= 0x1000) { // not one of the system's own
            snprintf(id, sizeof(id), "account of logon %" PRIx64 " on %s %s", wev_test_field(e, "SubjectLogonId").is.u, w.note.computer, sid);
            wev_test_same(&t, id, name);
        }
        assert_true(wev_test_field(e, "ClientCreationTime").is.u <= e->header[WEV_H_TIME].is.u);
        if (w.note.event != 5058 && wev_test_field(e, "ReturnCode").is.u == 0) {
            snprintf(id, sizeof(id), "algorithm of %s %s %s", w.note.computer, sid, key);
            wev_test_same(&t, id, algorithm);
        }
        struct wev_value path = wev_test_field(e, "KeyFilePath");
        if (path.type == WEV_T_NULL) { continue; }
        char file[33], want[33];
        bool capi = path.n > 48 && memmem(path.is.text, path.n, "\\Crypto\\RSA\\", 12) != NULL;
        assert_true(path.n > 70);
        snprintf(file, sizeof(file), "%.32s", path.is.text + path.n - 69);
        bool named = capi && strlen(key) == 69 && !memcmp(key, path.is.text + path.n - 69, 69); // known by its file (recorded)
        by_file += named;
        file_of(key, !capi, want);
        if (!named) { assert_string_equal(file, want); }
        wev_test_keep(text, sizeof(text), path);
        snprintf(id, sizeof(id), "file of %s %s %s", w.note.computer, wev_span_is((struct wev_span){wev_test_field(e, "KeyType").is.text, wev_test_field(e, "KeyType").n}, "%%2499") ? "the machine" : sid, key);
        wev_test_same(&t, id, text);
        files++;
    }
    assert_in_range(files, wev_test_scaled(40000) / 5, 40000);
    assert_in_range(by_file, files / 100, files / 5);
    free(t.rows);
    wev_test_close(&w);
}

// forall runs: steps 0, 1, … in the order of time, on one computer by one subject, as often as the scenario has them
static void runs_are_whole(void **state)
{
    (void)state;
    struct world w = wev_test_world((struct wev_config){.seed = 4, .total = 60000, .scenarios = "all:3"});
    struct table t = wev_test_table();
    uint64_t ends = 0;
    for (uint64_t i = 0; i < 60000; i++) {
        char id[200], who[500], sid[200];
        wev_test_make(&w, i);
        if (!w.note.scenario[0]) { continue; }
        snprintf(id, sizeof(id), "%s %" PRIu64, w.note.scenario, w.note.run);
        wev_test_keep_field(sid, sizeof(sid), &w.event, "SubjectUserSid");
        snprintf(who, sizeof(who), "%s %s %s", w.note.computer, sid, w.note.label);
        wev_test_same(&t, id, who);
        struct seen *s = wev_test_row(&t, id);
        if (s->number != w.note.step) { fail_msg("%s: step %u, not %" PRIu64, id, w.note.step, s->number); }
        s->number++;
        ends += s->number == w.state->frame.story->story->step_count;
    }
    assert_in_range(ends, 45, 600);
    assert_int_equal(ends, 3 * (w.options->plan->world->count - w.options->plan->world->everyday));
    free(t.rows);
    wev_test_close(&w);
}

// The share of malicious events is the one asked for, to less than one run of the shortest.
static void attack_rate_is_kept(void **state)
{
    (void)state;
    struct world w = wev_test_world((struct wev_config){.seed = 4, .total = 40000, .attack_rate = "2.5%"});
    uint64_t bad = 0, want = 1000;
    for (uint64_t i = 0; i < 40000; i++) {
        wev_test_make(&w, i);
        bad += w.note.label[0] == 'm';
        if (w.note.label[0] == 'm') { assert_true(w.note.scenario[0] && w.note.techniques[0] == 'T'); }
    }
    assert_in_range(bad, want - 5, want);
    wev_test_close(&w);
}

// ---- what does not tell the label

struct point {
    uint64_t value;
    bool bad;
};

static int by_value(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

// The share of pairs (malicious, benign) that the value puts in order, ties half: in thousandths, by counting.
static uint64_t auc_permille(struct point *p, size_t n)
{
    uint64_t bad = 0, good = 0, twice = 0;
    qsort(p, n, sizeof(*p), by_value);
    for (size_t k = 0; k < n;) {
        uint64_t b = 0, g = 0;
        for (uint64_t v = p[k].value; k < n && p[k].value == v; k++) {
            b += p[k].bad;
            g += !p[k].bad;
        }
        twice += b * (2 * good + g);
        bad += b;
        good += g;
    }
    assert_true(bad > 0 && good > 0);
    return (uint64_t)((wev_u128)twice * 500 / ((wev_u128)bad * good));
}

static void labels_are_not_given_away(void **state)
{
    (void)state;
    enum { N = 100000, KINDS = 6 };
    static const char *const names[KINDS] = {"record id", "parity of the record id", "parity of the time", "parity of the second", "size", "order"};
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct world w = wev_test_world((struct wev_config){.seed = seed, .total = N, .attack_rate = "5%"});
        struct point *p = calloc((size_t)N * KINDS, sizeof(*p));
        assert_non_null(p);
        for (uint64_t i = 0; i < N; i++) {
            wev_test_make(&w, i);
            uint64_t t = w.event.header[WEV_H_TIME].is.u, value[KINDS] = {w.note.record_id, w.note.record_id & 1, t & 1, t / 10000000 & 1, w.n, i};
            for (size_t k = 0; k < KINDS; k++) { p[k * N + i] = (struct point){value[k], w.note.label[0] == 'm'}; }
        }
        for (size_t k = 0; k < KINDS; k++) {
            uint64_t auc = auc_permille(p + k * N, N);
            if (auc < 450 || auc > 550) { fail_msg("seed %" PRIu64 ": the %s tells the label, AUC 0.%03" PRIu64, seed, names[k], auc); }
        }
        free(p);
        wev_test_close(&w);
    }
}

// ---- pure functions

// forall i, in any order and by wev_make alone: the bytes and notes of the run from the start
static void any_order_is_the_same(void **state)
{
    (void)state;
    struct wev_config c = {.seed = 6, .total = 9000, .attack_rate = "5%", .hosts = 1000000, .users = 900000, .domains = 3};
    struct world a = wev_test_world(c), b = wev_test_world(c);
    for (uint64_t k = 0; k < 3000; k++) {
        uint64_t i = k * 7919 % 9000;
        static char once[1 << 16];
        struct wev_note note;
        wev_test_make(&a, k);
        wev_test_make(&b, i);
        if (k % 30) { continue; }
        size_t n = wev_make(b.schema, b.options, i, once, sizeof(once), &note);
        assert_int_equal(n, b.n);
        assert_memory_equal(once, b.buf, n);
        assert_int_equal(note.step, b.note.step);
        wev_test_make(&a, i);
        assert_int_equal(n, a.n);
        assert_memory_equal(once, a.buf, n);
    }
    wev_test_close(&a);
    wev_test_close(&b);
}

static void refused(struct wev_config c, const char *want)
{
    char error[480] = "";
    struct wev_schema *s = wev_test_schema(NULL);
    struct wev_options *o = wev_options_new(s, &c, error, sizeof(error));
    if (o) { fail_msg("taken, expected \"%s\"", want); }
    if (!strstr(error, want)) { fail_msg("got \"%s\", expected \"%s\"", error, want); }
    wev_schema_free(s);
}

static void mistakes_name_their_numbers(void **state)
{
    (void)state;
    refused((struct wev_config){.world = 1, .total = 10, .start = "2024-03-04T08:00:00Z", .end = "2024-03-04T07:00:00Z"}, "--end is 3600 s before --start");
    refused((struct wev_config){.world = 1, .total = 10, .end = "tomorrow"}, "--end is not a time");
    refused((struct wev_config){.total = 6000000, .end = "2024-03-04T08:00:01Z"}, "6000000 events of 240 hosts in 1 s: the window holds 1 to 5000000");
    refused((struct wev_config){.world = 1}, "0 events");
    refused((struct wev_config){.scenarios = "golden-certifcate", .total = 1000}, "unknown scenario \"golden-certifcate\", did you mean \"golden-certificate\"?");
    refused((struct wev_config){.scenarios = "slow-theft", .total = 1000, .end = "2024-03-06T08:00:00Z"}, "takes 1123200 s and 70 events; the run has 172800 s and 1000 events");
    refused((struct wev_config){.scenarios = "golden-certificate:0", .total = 1000}, "the count of runs is not 1 or more");
    refused((struct wev_config){.scenarios = "bulk-export:900", .total = 90000}, "90000 events of scenarios among 90000");
    refused((struct wev_config){.attack_rate = "0.6", .total = 1000}, "--attack-rate is a share above 0");
    refused((struct wev_config){.attack_rate = "0.0001", .total = 1000}, "less than one run");
    refused((struct wev_config){.rate = "x"}, "--rate is not a number");
    refused((struct wev_config){.rate = "1", .total = 5}, "exclude each other");
    refused((struct wev_config){.time_zone = "Berlin", .total = 5}, "--time-zone is UTC, an offset such as +01:00 or a POSIX rule");
    refused((struct wev_config){.events = "5059", .world = 1, .total = 5}, "not --events");
    refused((struct wev_config){.scenarios = "adfs-token-key", .total = 5000, .hosts = 3}, "none of the 3 of the entity \"host\" has role \"adfs\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_read_as_made), cmocka_unit_test(base_rate_is_exact), cmocka_unit_test(clocks_and_numbers_rise), cmocka_unit_test(exports_stand_in_sequence),
        cmocka_unit_test(things_stay_what_they_are), cmocka_unit_test(runs_are_whole), cmocka_unit_test(attack_rate_is_kept), cmocka_unit_test(labels_are_not_given_away),
        cmocka_unit_test(any_order_is_the_same), cmocka_unit_test(mistakes_name_their_numbers),
    };
    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
