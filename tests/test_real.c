// Real records against the write side: their field values give their messages byte for byte. That they lie in the
// profile's support is tested by cli/support. Reads the folder WEV_SAMPLES; without it says what was not run.
#include "corpus/real.h"
#include "gen/make.h"
#include "gen/out.h"
#include "schema/builtin.h"
#include "schema/decode.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

enum { CAP = 1 << 20 };

static const char *samples;
static struct wev_schema *schema;

static int open_schema(void **state)
{
    (void)state;
    struct wev_error e = {.code = WEV_OK};
    schema = wev_builtin_load(NULL, 0, NULL, 0, &e);
    if (!schema) { print_error("%s\n", e.text); }
    return schema ? 0 : -1;
}

static int close_schema(void **state)
{
    (void)state;
    wev_schema_free(schema);
    return 0;
}

static struct wev_options *options_for(const struct wev_event_def *def, const char *format)
{
    char events[32], error[480];
    snprintf(events, sizeof(events), "%u:%u", def->id, def->version);
    struct wev_config c = {.events = events, .format = format};
    struct wev_options *o = wev_options_new(schema, &c, error, sizeof(error));
    if (!o) { fail_msg("%s", error); }
    return o;
}

static size_t print_as(const struct wev_real *r, const char *format, char *buf)
{
    struct wev_options *o = options_for(r->event.def, format);
    size_t n = wev_out_event(&o->plan->groups[0].events[0], &r->event, buf, CAP);
    assert_in_range(n, 1, CAP);
    wev_options_free(o);
    return n;
}

static size_t drop_cr(char *p, size_t n)
{
    size_t out = 0;
    for (size_t k = 0; k < n; k++) {
        if (p[k] != '\r') { p[out++] = p[k]; }
    }
    return out;
}

static size_t unescape(char *p, size_t n)
{
    static const struct { const char *from; char to; } pairs[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    size_t out = 0;
    for (size_t k = 0; k < n;) {
        size_t e = 0;
        while (e < 5 && strncmp(p + k, pairs[e].from, strlen(pairs[e].from)) != 0) { e++; }
        p[out++] = e < 5 ? pairs[e].to : p[k];
        k += e < 5 ? strlen(pairs[e].from) : 1;
    }
    return out;
}

static void same_message(const char *name, const char *form, const char *message, char *got, size_t n)
{
    if (!strchr(message, '\r')) { n = drop_cr(got, n); }
    if (n != strlen(message) || memcmp(got, message, n) != 0) {
        fail_msg("%s: %s differs\nexpected <%s>\ngot      <%.*s>", name, form, message, (int)n, got);
    }
}

// forall real records r: message(fields(r)) == r.Message, as form text and inside form rendered
static void check_message(const char *name, const struct wev_real *r)
{
    const char *message = json_string_value(r->message);
    char *buf = malloc(CAP + 1);
    assert_non_null(buf);
    assert_non_null(message);
    size_t n = print_as(r, "text", buf);
    assert_true(n >= 4);
    same_message(name, "text", message, buf, n - 4); // the empty line between events
    n = print_as(r, "rendered", buf);
    buf[n] = 0;
    char *from = strstr(buf, "<Message>"), *to = strstr(buf, "</Message>");
    assert_non_null(from);
    assert_non_null(to);
    from += strlen("<Message>");
    same_message(name, "rendered", message, from, unescape(from, (size_t)(to - from)));
    free(buf);
}

struct walk {
    const char *name;
    void (*check)(const char *name, const struct wev_real *r);
    size_t count;
};

static bool walk_record(void *user, struct wev_real *r)
{
    struct walk *w = user;
    if (!r->event.def) { return true; }
    if (json_array_size(r->problems)) {
        char *why = json_dumps(r->problems, JSON_COMPACT);
        fail_msg("%s: %s", w->name, why);
    }
    if (w->check == check_message && !r->message) { return true; }
    w->check(w->name, r);
    w->count++;
    return true;
}

static size_t each_json(const char *folder, void (*check)(const char *, const struct wev_real *))
{
    char path[4096];
    struct walk w = {.check = check};
    snprintf(path, sizeof(path), "%s/%s", samples, folder);
    DIR *d = opendir(path);
    if (!d) { fail_msg("%s: cannot open", path); }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        size_t n = strlen(e->d_name);
        char file[4400];
        struct wev_error error;
        struct wev_span bytes;
        struct wev_reals reals = {.schema = schema, .take = walk_record, .user = &w};
        snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
        if (n <= 5 || strcmp(e->d_name + n - 5, ".json") != 0) { continue; }
        if (!wev_file_read(file, WEV_REAL_FILE_MAX, &bytes, &error)) { fail_msg("%s", error.text); }
        w.name = e->d_name;
        wev_real_each(&reals, bytes);
        free((char *)(uintptr_t)bytes.p);
    }
    closedir(d);
    return w.count;
}

static void need_samples(const char *what)
{
    if (samples) { return; }
    print_message("skipped: %s (set WEV_SAMPLES to a folder of real records)\n", what);
    skip();
}

static void messages(void **state)
{
    (void)state;
    need_samples("messages of real records");
    assert_true(each_json("real", check_message) + each_json("formats", check_message) >= 1);
}

// One record's values written out here, so that the message test runs without samples too. Values and text:
// OTRF Security-Datasets, a 5059 of September 2020 with the account's numbers changed.
static void message_by_hand(void **state)
{
    (void)state;
    static const char record[] = "{\"EventID\":5059,\"Version\":1,\"SubjectUserSid\":\"S-1-5-21-1-2-3-1104\",\"SubjectUserName\":\"someone\","
        "\"SubjectDomainName\":\"CONTOSO\",\"SubjectLogonId\":\"0x10ac67\",\"ClientProcessId\":\"7828\",\"ClientCreationTime\":"
        "\"2020-09-22T06:17:49.310995100Z\",\"ProviderName\":\"Microsoft Software Key Storage Provider\",\"AlgorithmName\":"
        "\"ECDSA_P256\",\"KeyName\":\"TB_2_bing.com\",\"KeyType\":\"%%2500\",\"Operation\":\"%%2464\",\"ReturnCode\":\"0x80090016\","
        "\"Message\":\"Key migration operation.\\r\\n\\r\\nSubject:\\r\\n\\tSecurity ID:\\t\\tS-1-5-21-1-2-3-1104\\r\\n\\tAccount Name:"
        "\\t\\tsomeone\\r\\n\\tAccount Domain:\\t\\tCONTOSO\\r\\n\\tLogon ID:\\t\\t0x10AC67\\r\\n\\r\\nProcess Information:\\r\\n\\tProcess ID:"
        "\\t\\t7828\\r\\n\\tProcess Creation Time:\\t\\u200e2020\\u200e-\\u200e09\\u200e-\\u200e22T06:17:49.310995100Z\\r\\n\\r\\n"
        "Cryptographic Parameters:\\r\\n\\tProvider Name:\\tMicrosoft Software Key Storage Provider\\r\\n\\tAlgorithm Name:\\tECDSA_P256"
        "\\r\\n\\tKey Name:\\tTB_2_bing.com\\r\\n\\tKey Type:\\tUser key.\\r\\n\\r\\nAdditional Information:\\r\\n\\tOperation:\\tExport of "
        "persistent cryptographic key.\\r\\n\\tReturn Code:\\t0x80090016\"}";
    struct walk w = {.name = "by hand", .check = check_message};
    struct wev_reals reals = {.schema = schema, .take = walk_record, .user = &w};
    wev_real_each(&reals, WEV_SPAN(record));
    assert_int_equal(w.count, 1);
}

int main(void)
{
    samples = getenv("WEV_SAMPLES");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_by_hand),
        cmocka_unit_test(messages),
    };
    return cmocka_run_group_tests(tests, open_schema, close_schema);
}
