// The dictionary of a schema, read back by the grammar that libFuzzer and AFL++ share.
#include "gen/dict.h"

#include "schema/builtin.h"
#include "schema/wev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TOKENS = 4096 };

struct token {
    char p[WEV_DICT_TOKEN_MAX];
    size_t n;
};

static unsigned hex(char c)
{
    const char *digits = "0123456789ABCDEF", *at = strchr(digits, c);
    assert_non_null(at);
    return (unsigned)(at - digits);
}

// One line between its quotes: \\ \" \xNN, all else printable ASCII.
static void read_token(const char *s, const char *end, struct token *t)
{
    t->n = 0;
    while (s < end) {
        char c = *s++;
        assert_in_range((unsigned char)c, ' ', '~');
        assert_int_not_equal(c, '"');
        if (c == '\\') {
            c = *s++;
            if (c == 'x') {
                c = (char)(hex(s[0]) << 4 | hex(s[1]));
                s += 2;
            } else {
                assert_true(c == '\\' || c == '"');
            }
        }
        assert_true(t->n < sizeof(t->p));
        t->p[t->n++] = c;
    }
    assert_ptr_equal(s, end);
}

static size_t read_dict(const char *text, size_t n, struct token *out)
{
    size_t count = 0;
    for (const char *line = text, *end; line < text + n; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + n - line));
        assert_non_null(end);
        if (line == end || *line == '#') { continue; }
        assert_true(line[0] == '"' && end - line > 2 && end[-1] == '"' && count < TOKENS);
        read_token(line + 1, end - 1, &out[count++]);
    }
    return count;
}

static bool has(const struct token *t, size_t count, const char *text, size_t n)
{
    for (size_t k = 0; k < count; k++) {
        if (t[k].n == n && !memcmp(t[k].p, text, n)) { return true; }
    }
    return false;
}

static size_t tokens_of(const char *manifest, struct token *out)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *s = wev_builtin_load(&manifest, manifest != NULL, NULL, 0, &e);
    size_t n, m;
    assert_non_null(s);
    char *text = wev_dict_new(s, &n), *again = wev_dict_new(s, &m);
    assert_non_null(text);
    assert_non_null(again);
    assert_int_equal(n, m);
    assert_memory_equal(text, again, n);
    size_t count = read_dict(text, n, out);
    for (size_t k = 0; k < count; k++) { assert_false(has(out, k, out[k].p, out[k].n)); }
    free(text);
    free(again);
    wev_schema_free(s);
    return count;
}

static void names_and_constants(void **state)
{
    static struct token t[TOKENS];
    static const char *const wanted[] = {"5059", "SubjectUserSid", "<Data Name='KeyName'>", "%%2464", "Microsoft-Windows-Security-Auditing",
                                         "NT AUTHORITY", "S-1-5-18", "0x3e7", "\xff\xfe", "&amp;", "S-1-5-21-0-0-0-500"};
    size_t count = tokens_of(NULL, t);
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(wanted); k++) {
        if (!has(t, count, wanted[k], strlen(wanted[k]))) { fail_msg("no token %s", wanted[k]); }
    }
    assert_false(has(t, count, "ConnectionGuid", 14));
}

// Another manifest's names are there beside our own.
static void any_manifest(void **state)
{
    static struct token t[TOKENS];
    size_t count = tokens_of("tests/bench/foreign.man", t);
    (void)state;
    assert_true(has(t, count, "Wevgen-Bench-Foreign", 20));
    assert_true(has(t, count, "<Data Name='ConnectionGuid'>", 28));
    assert_true(has(t, count, "5059", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_and_constants), cmocka_unit_test(any_manifest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
