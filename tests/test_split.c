// The splitter: which documents a stream has, whatever the sizes of its reads.
#include "corpus/split.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LIMIT = 1 << 16 };
#define E "<Event x='1'><A/></Event>"

// `want`: each document in brackets, with its kind before it: d document, c child, w wrapper, x cut.
static const struct { const char *input, *want; } cases[] = {
    {"", "d[]"},
    {" \n ", "d[]"},
    {E, "d[" E "]"},
    {E "\n" E "\n\n" E "\r\n", "d[" E "]d[" E "]d[" E "]"},
    {"\xef\xbb\xbf" E "\n", "d[\xef\xbb\xbf" E "]"},
    {E E "\n", "d[" E E "]"},
    {"<Event>\n<A>\n</A>\n</Event> \n" E, "d[<Event>\n<A>\n</A>\n</Event>]d[" E "]"},
    {"<Event><A>\n" E "\n", "d[<Event><A>]d[" E "]"},
    {"<?xml version='1.0'?>\n" E "\n<?xml version='1.0'?>\n" E, "d[<?xml version='1.0'?>\n" E "]d[<?xml version='1.0'?>\n" E "]"},
    {"- <Event>\n- <A>\n </A>\n </Event>\n- <Event>\n </Event>", "d[- <Event>\n- <A>\n </A>\n </Event>]d[- <Event>\n </Event>]"},
    {"<13>h: " E "\n<13>h: <Event><A\n<13>h: " E "\n", "d[<13>h: " E "]d[<13>h: <Event><A]d[<13>h: " E "]"},
    {"<Events>\n" E "\n" E "</Events>\n", "w[<Events>]c[" E "]c[" E "]"},
    {"<?xml version='1.0'?><Events a='b'>" E "</Events>" E, "w[<?xml version='1.0'?><Events a='b'>]c[" E "]d[" E "]"},
    {"<Events/>" E, "w[<Events/>]d[" E "]"},
    {"<Events>" E "junk</Events>", "w[<Events>]c[" E "]c[junk]"},
    {"<Events><Event><A\n" E "</Events>", "w[<Events>]c[<Event><A]c[" E "]"},
    {"<Events>" E "\n", "w[<Events>]c[" E "]x[]"},
    {"<Events><Event><EventData></EventData><A", "w[<Events>]c[<Event><EventData></EventData><A]x[]"},
    {"<Eventsx>" E "</Eventsx>", "d[<Eventsx>" E "</Eventsx>]"},
    {"\xff\xfe<\nE", "d[\xff\xfe<\nE]"},
};

static char *documents(int fd, const char *input, bool one)
{
    struct wev_split s;
    struct wev_slice slice;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(wev_split_open(&s, fd, LIMIT, one));
    while (wev_split_next(&s, &slice)) {
        fprintf(out, "%c[%.*s]", "dcwx"[slice.kind], (int)slice.n, slice.n ? slice.p : "");
        if (slice.n) { assert_memory_equal(input + slice.offset, slice.p, slice.n); }
    }
    assert_int_equal(s.error, 0);
    wev_split_close(&s);
    fclose(out);
    return text;
}

static int file_of(const char *p, size_t n)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p, n), (ssize_t)n);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void every_stream(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        int fd = file_of(cases[k].input, strlen(cases[k].input));
        char *got = documents(fd, cases[k].input, false);
        if (strcmp(got, cases[k].want) != 0) { fail_msg("%s\nexpected %s\ngot      %s", cases[k].input, cases[k].want, got); }
        free(got);
        close(fd);
    }
}

// forall streams: a byte a read gives the same documents
static void small_reads(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        int ends[2];
        const char *input = cases[k].input;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(ends[0]);
            for (; *input; input++) {
                if (write(ends[1], input, 1) != 1) { _exit(1); }
                sched_yield();
            }
            _exit(0);
        }
        close(ends[1]);
        char *got = documents(ends[0], cases[k].input, false);
        if (strcmp(got, cases[k].want) != 0) { fail_msg("%s\nexpected %s\ngot      %s", input, cases[k].want, got); }
        free(got);
        close(ends[0]);
        waitpid(child, NULL, 0);
    }
}

static void whole_input(void **state)
{
    (void)state;
    int fd = file_of(E "\n" E "\n", 2 * strlen(E) + 2);
    char *got = documents(fd, E "\n" E "\n", true);
    assert_string_equal(got, "d[" E "\n" E "\n]");
    free(got);
    close(fd);
}

// forall sizes above the limit: that document is told as too large, and the next one is whole
static void too_large(void **state)
{
    (void)state;
    static const char *const forms[][3] = {{"<Event>", "</Event>\n" E "\n", "d"}, {"<Events><Event>", "</Event>" E "</Events>", "c"}};
    for (size_t f = 0; f < 2; f++) {
        for (size_t filler = LIMIT - 40; filler < 12u * LIMIT; filler += filler < LIMIT + 40 ? 7 : 60001) {
            size_t head = strlen(forms[f][0]), tail = strlen(forms[f][1]), n = head + filler + tail;
            char *p = malloc(n);
            struct wev_split s;
            struct wev_slice slice;
            assert_non_null(p);
            memcpy(p, forms[f][0], head);
            memset(p + head, 'a', filler);
            memcpy(p + head + filler, forms[f][1], tail);
            int fd = file_of(p, n);
            assert_true(wev_split_open(&s, fd, LIMIT, false));
            assert_true(wev_split_next(&s, &slice));
            if (f == 1) { assert_true(wev_split_next(&s, &slice)); }
            assert_int_equal(slice.n, strlen("<Event></Event>") + filler);
            assert_true(wev_split_next(&s, &slice));
            assert_int_equal(slice.n, strlen(E));
            assert_memory_equal(slice.p, E, strlen(E));
            assert_memory_equal(p + slice.offset, E, strlen(E));
            assert_int_equal("dcwx"[slice.kind], forms[f][2][0]);
            assert_false(wev_split_next(&s, &slice));
            assert_true(s.cap < 8u * LIMIT);
            wev_split_close(&s);
            close(fd);
            free(p);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stream),
        cmocka_unit_test(small_reads),
        cmocka_unit_test(whole_input),
        cmocka_unit_test(too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
