// Real records against both sides: their field values give their messages byte for byte, lie in the
// profile's support, and break no rule. Reads the folder WEV_SAMPLES; without it says what was not run.
#include "gen/make.h"
#include "gen/out.h"
#include "schema/builtin.h"
#include "schema/decode.h"
#include "schema/support.h"
#include "schema/types.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

enum { CAP = 1 << 20, FIELDS_MAX = 32 };

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

struct record {
    struct wev_event event;
    struct wev_value values[FIELDS_MAX];
    struct wev_types_room rooms[FIELDS_MAX], time_room;
    uint8_t bytes[FIELDS_MAX][64];
    const char *message;
};

static const char *text_of(const json_t *v, char *small, size_t cap)
{
    if (json_is_integer(v)) {
        snprintf(small, cap, "%lld", (long long)json_integer_value(v));
        return small;
    }
    return json_string_value(v);
}

static void no_headers(struct record *r)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        r->event.header[h] = (struct wev_value){.type = wev_header_types[h], .flags = WEV_F_ABSENT};
    }
}

// Shapes seen: NXLog and Logstash flat, Winlogbeat 6 with event_data.
static bool read_record(const char *name, const json_t *root, struct record *r)
{
    const json_t *id = json_object_get(root, "EventID"), *old = json_object_get(root, "event_id");
    const json_t *data = json_object_get(root, "event_data"), *version;
    char small[32];
    if (!id) { id = old; }
    const char *text = id ? text_of(id, small, sizeof(small)) : NULL;
    uint64_t number = 0;
    if (!text || !wev_span_u64(wev_span_of(text), &number)) { return false; }
    version = json_object_get(root, "Version") ? json_object_get(root, "Version") : json_object_get(root, "version");
    if (!data) { data = root; }
    uint32_t v = version ? (uint32_t)json_integer_value(version) : json_object_get(data, "ClientProcessId") ? 1 : 0;
    const struct wev_event_def *def = wev_manifest_find(schema, WEV_SPAN("Microsoft-Windows-Security-Auditing"), NULL,
                                                        (uint32_t)number, v, NULL);
    if (!def) { return false; }
    *r = (struct record){.event = {.def = def, .value = r->values, .value_count = def->body->field_count}};
    no_headers(r);
    for (size_t k = 0; k < def->body->field_count; k++) {
        const struct wev_field *f = &def->body->fields[k];
        char key[128];
        size_t at = 0;
        snprintf(key, sizeof(key), "%.*s", (int)f->name.n, f->name.p);
        const json_t *value = json_object_get(data, key);
        const char *s = value ? text_of(value, small, sizeof(small)) : NULL;
        if (!s) { fail_msg("%s: no field %s", name, key); }
        r->rooms[k].bin = r->bytes[k];
        r->rooms[k].bin_cap = sizeof(r->bytes[k]);
        enum wev_verdict code = wev_types_parse(f->type, f->lex, wev_span_of(s), &r->rooms[k], &r->values[k], &at);
        if (code != WEV_V_OK) { fail_msg("%s: %s is \"%s\": %s", name, key, s, wev_verdict_rows[code].slug); }
    }
    const json_t *message = json_object_get(root, "Message") ? json_object_get(root, "Message") : json_object_get(root, "message");
    r->message = json_string_value(message);
    return true;
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

static size_t print_as(const struct record *r, const char *format, char *buf)
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

static void same_message(const char *name, const char *form, const struct record *r, char *got, size_t n)
{
    if (!strchr(r->message, '\r')) { n = drop_cr(got, n); }
    if (n != strlen(r->message) || memcmp(got, r->message, n) != 0) {
        fail_msg("%s: %s differs\nexpected <%s>\ngot      <%.*s>", name, form, r->message, (int)n, got);
    }
}

// forall real records r: message(fields(r)) == r.Message, as form text and inside form rendered
static void check_message(const char *name, const struct record *r)
{
    char *buf = malloc(CAP + 1);
    assert_non_null(buf);
    size_t n = print_as(r, "text", buf);
    assert_true(n >= 4);
    same_message(name, "text", r, buf, n - 4); // the empty line between events
    n = print_as(r, "rendered", buf);
    buf[n] = 0;
    char *from = strstr(buf, "<Message>"), *to = strstr(buf, "</Message>");
    assert_non_null(from);
    assert_non_null(to);
    from += strlen("<Message>");
    same_message(name, "rendered", r, from, unescape(from, (size_t)(to - from)));
    free(buf);
}

static void check_support(const char *name, const struct record *r)
{
    for (size_t k = 0; k < r->event.value_count; k++) {
        const struct wev_field *f = &r->event.def->body->fields[k];
        if (!wev_support_field(r->event.def, k, &r->event)) {
            fail_msg("%s: the profile cannot make its %.*s", name, (int)f->name.n, f->name.p);
        }
    }
}

static size_t each_json(const char *folder, void (*check)(const char *, const struct record *))
{
    char path[4096];
    size_t count = 0;
    snprintf(path, sizeof(path), "%s/%s", samples, folder);
    DIR *d = opendir(path);
    if (!d) { fail_msg("%s: cannot open", path); }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        size_t n = strlen(e->d_name);
        json_error_t error;
        struct record *r = calloc(1, sizeof(*r));
        assert_non_null(r);
        char file[4400];
        snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
        json_t *root = n > 5 && !strcmp(e->d_name + n - 5, ".json") ? json_load_file(file, 0, &error) : NULL;
        if (root && read_record(e->d_name, root, r)) {
            check(e->d_name, r);
            count++;
        }
        json_decref(root);
        free(r);
    }
    closedir(d);
    return count;
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

static void support(void **state)
{
    (void)state;
    need_samples("support of real values");
    assert_true(each_json("real", check_support) + each_json("formats", check_support) >= 1);
}

// One record's values written out here, so that the message test runs without samples too. Values and text:
// OTRF Security-Datasets, a 5059 of September 2020 with the account's numbers changed.
static void message_by_hand(void **state)
{
    (void)state;
    static const char *const text[] = {"S-1-5-21-1-2-3-1104", "someone", "CONTOSO", "0x10ac67", "7828",
        "2020-09-22T06:17:49.310995100Z", "Microsoft Software Key Storage Provider", "ECDSA_P256", "TB_2_bing.com",
        "%%2500", "%%2464", "0x80090016"};
    static const char expected[] = "Key migration operation.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-5-21-1-2-3-1104\r\n"
        "\tAccount Name:\t\tsomeone\r\n\tAccount Domain:\t\tCONTOSO\r\n\tLogon ID:\t\t0x10AC67\r\n\r\n"
        "Process Information:\r\n\tProcess ID:\t\t7828\r\n\tProcess Creation Time:\t\xe2\x80\x8e" "2020\xe2\x80\x8e-"
        "\xe2\x80\x8e" "09\xe2\x80\x8e-\xe2\x80\x8e" "22T06:17:49.310995100Z\r\n\r\nCryptographic Parameters:\r\n"
        "\tProvider Name:\tMicrosoft Software Key Storage Provider\r\n\tAlgorithm Name:\tECDSA_P256\r\n"
        "\tKey Name:\tTB_2_bing.com\r\n\tKey Type:\tUser key.\r\n\r\nAdditional Information:\r\n"
        "\tOperation:\tExport of persistent cryptographic key.\r\n\tReturn Code:\t0x80090016";
    struct record *r = calloc(1, sizeof(*r));
    assert_non_null(r);
    const struct wev_event_def *def = wev_manifest_find(schema, WEV_SPAN("Microsoft-Windows-Security-Auditing"), NULL,
                                                        5059, 1, NULL);
    assert_non_null(def);
    assert_int_equal(def->body->field_count, 12);
    r->event = (struct wev_event){.def = def, .value = r->values, .value_count = 12};
    no_headers(r);
    for (size_t k = 0; k < 12; k++) {
        size_t at;
        const struct wev_field *f = &def->body->fields[k];
        assert_int_equal(wev_types_parse(f->type, f->lex, wev_span_of(text[k]), &r->rooms[k], &r->values[k], &at), WEV_V_OK);
    }
    r->message = expected;
    check_message("by hand", r);
    free(r);
}

int main(void)
{
    samples = getenv("WEV_SAMPLES");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_by_hand),
        cmocka_unit_test(messages),
        cmocka_unit_test(support),
    };
    return cmocka_run_group_tests(tests, open_schema, close_schema);
}
