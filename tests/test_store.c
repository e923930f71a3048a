// The store: what it holds is what was put, in order, once; what a killed writer leaves is taken away, and nothing else is.
#include "corpus/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[200];

static int make_folder(void **state)
{
    const char *tmp = getenv("T") ? getenv("T") : "/tmp";
    (void)state;
    snprintf(folder, sizeof(folder), "%.150s/store.XXXXXX", tmp);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[256];
    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%.200s'", folder);
    return system(command);
}

static struct wev_store opened(enum wev_store_mode mode)
{
    struct wev_store s = {.sync = false};
    struct wev_error e;
    if (!wev_store_open(&s, folder, mode, false, &e)) { fail_msg("%s", e.text); }
    return s;
}

static void refuses(const char *why)
{
    struct wev_store s = {.sync = false};
    struct wev_error e;
    assert_false(wev_store_open(&s, folder, WEV_STORE_CREATE, false, &e));
    if (!strstr(e.text, why)) { fail_msg("wanted \"%s\", got: %s", why, e.text); }
}

static bool put(struct wev_store *s, const char *text)
{
    struct wev_row row = {.verdict = 'y', .source = WEV_SPAN("test")};
    struct wev_error e;
    char file[WEV_INDEX_FILE_MAX];
    bool fresh = false;
    if (!wev_store_put(s, wev_span_of(text), &row, file, &fresh, &e)) { fail_msg("%s", e.text); }
    return fresh;
}

static void closed(struct wev_store *s)
{
    struct wev_error e;
    if (!wev_store_close(s, &e)) { fail_msg("%s", e.text); }
}

static char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void append(const char *name, const char *bytes, size_t n)
{
    int fd = open(path_of(name), O_WRONLY | O_APPEND | O_CREAT, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, n), n);
    close(fd);
}

static off_t size_of(const char *name)
{
    struct stat st;
    return stat(path_of(name), &st) == 0 ? st.st_size : -1;
}

struct seen {
    const struct wev_store *store;
    char texts[4096];
    size_t count;
};

static bool see(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e)
{
    struct seen *seen = context;
    struct wev_line bytes = {NULL, 0, 0, false};
    (void)line;
    if (!wev_store_read(seen->store, row->file.p, &bytes, e)) { return false; }
    assert_int_equal(bytes.n, row->size);
    size_t at = strlen(seen->texts);
    snprintf(seen->texts + at, sizeof(seen->texts) - at, "%.*s,", (int)bytes.n, bytes.n ? bytes.p : "");
    seen->count++;
    wev_line_free(&bytes);
    return true;
}

static void holds(const char *texts)
{
    struct wev_store s = opened(WEV_STORE_READ);
    struct seen seen = {.store = &s};
    struct wev_error e;
    if (!wev_store_each(&s, see, &seen, &e)) { fail_msg("%s", e.text); }
    assert_string_equal(seen.texts, texts);
    wev_store_drop(&s);
}

// forall documents: put once or twice, in one batch or in two, there is one line and one file, in the order of the first.
static void test_once(void **state)
{
    (void)state;
    struct wev_store s = opened(WEV_STORE_CREATE);
    struct wev_error e;
    assert_true(put(&s, "a"));
    assert_true(put(&s, ""));
    assert_false(put(&s, "a"));
    assert_true(wev_store_commit(&s, &e));
    assert_false(put(&s, "a"));
    assert_true(put(&s, "b"));
    closed(&s);
    holds("a,,b,");
    s = opened(WEV_STORE_CREATE);
    assert_int_equal(s.count, 3);
    assert_false(put(&s, ""));
    assert_false(put(&s, "b"));
    closed(&s);
    holds("a,,b,");
    assert_int_equal(access(path_of("aside"), F_OK), -1);
}

static struct wev_name weak(struct wev_span bytes)
{
    return (struct wev_name){bytes.n, 0}; // the empty document's is the name of all zeros
}

// Documents that share a hash are told apart by their bytes.
static void test_collisions(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        struct wev_store s = {.sync = false, .hash = weak, .batch = 3};
        struct wev_error e;
        if (!wev_store_open(&s, folder, WEV_STORE_CREATE, false, &e)) { fail_msg("%s", e.text); }
        static const char *const texts[] = {"aa", "", "bb", "cc", "x", "dd", "aa", "cc", "", "y"};
        for (size_t k = 0; k < WEV_COUNT(texts); k++) { assert_int_equal(put(&s, texts[k]), round == 0 && (k < 6 || k == 9)); }
        closed(&s);
    }
    holds("aa,,bb,cc,x,dd,y,");
    assert_int_equal(size_of("objects/00/00000000000000020000000000000000-3"), 2);
}

// A document that was changed is no other document: the writer names it and leaves all as it is.
static void test_changed(void **state)
{
    (void)state;
    struct wev_store s = opened(WEV_STORE_CREATE);
    struct wev_error e;
    struct wev_row row = {.verdict = 'y'};
    char file[WEV_INDEX_FILE_MAX];
    bool fresh;
    assert_true(put(&s, "abc"));
    closed(&s);
    struct wev_name name = wev_store_hash(WEV_SPAN("abc"));
    wev_index_file(name, 0, file);
    append(file, "x", 1);
    s = opened(WEV_STORE_WRITE);
    assert_true(put(&s, "before"));
    assert_false(wev_store_put(&s, WEV_SPAN("abc"), &row, file, &fresh, &e));
    assert_non_null(strstr(e.text, "its bytes are not those of its name"));
    closed(&s);
    assert_int_equal(size_of(file), 4);
}

static void leave_a_stop(void)
{
    assert_int_equal(mkdir(path_of("aside"), 0777), 0);
    append("aside/000000", "half a docu", 11);
}

// A torn last line, zeros at the end, documents without a line: gone with the next writer, when the last one was stopped.
static void test_stopped(void **state)
{
    static const struct {
        const char *tail;
        size_t n;
    } tails[] = {{"{\"file\":\"objects/", 17}, {"", 0}, {"\0\0\0\0", 4}, {"{\"fi\0\0\0\0\nle\0", 12}, {"{", 1}};
    (void)state;
    struct wev_store s = opened(WEV_STORE_CREATE);
    assert_true(put(&s, "kept"));
    closed(&s);
    off_t size = size_of("index.jsonl");
    for (size_t k = 0; k < WEV_COUNT(tails); k++) {
        char orphan[WEV_INDEX_FILE_MAX];
        wev_index_file(wev_store_hash(WEV_SPAN("orphan")), 0, orphan);
        mkdir(path_of("objects"), 0777);
        char fan[16];
        snprintf(fan, sizeof(fan), "%.10s", orphan);
        mkdir(path_of(fan), 0777);
        append(orphan, "orphan", 6);
        leave_a_stop();
        append("index.jsonl", tails[k].tail, tails[k].n);
        if (!memchr(tails[k].tail, '\n', tails[k].n)) { holds("kept,"); } // readers take whole lines alone
        s = opened(WEV_STORE_WRITE);
        assert_true(s.was_stopped);
        assert_int_equal(s.torn, tails[k].n);
        assert_int_equal(s.swept, 1);
        closed(&s);
        assert_int_equal(size_of("index.jsonl"), size);
        assert_int_equal(size_of(orphan), -1);
        assert_int_equal(size_of("aside"), -1);
        holds("kept,");
    }
}

// Without a stop, what is not ours is left alone: a person put it there.
static void test_foreign(void **state)
{
    (void)state;
    struct wev_store s = opened(WEV_STORE_CREATE);
    assert_true(put(&s, "kept"));
    closed(&s);
    char orphan[WEV_INDEX_FILE_MAX];
    wev_index_file(wev_store_hash(WEV_SPAN("kept")), 7, orphan);
    append(orphan, "kept", 4);
    append("objects/notes", "x", 1);
    s = opened(WEV_STORE_WRITE);
    closed(&s);
    assert_int_equal(size_of(orphan), 4);
    leave_a_stop();
    s = opened(WEV_STORE_WRITE);
    closed(&s);
    assert_int_equal(size_of(orphan), -1);
    assert_int_equal(size_of("objects/notes"), 1);
}

// What would lose documents is refused, and nothing is touched.
static void test_refused(void **state)
{
    (void)state;
    append("mine.txt", "x", 1);
    refuses("neither empty nor a store");
    unlink(path_of("mine.txt"));
    struct wev_store s = opened(WEV_STORE_CREATE), second = {.sync = false};
    struct wev_error e;
    assert_false(wev_store_open(&second, folder, WEV_STORE_WRITE, false, &e));
    assert_true(second.busy);
    assert_true(put(&s, "a"));
    closed(&s);
    append("index.jsonl", "no json\n", 8);
    refuses("index.jsonl:2: not JSON");
    append("index.jsonl", "{\"file\":\"x\",\"verdict\":\"y\"}\n", 26);
    refuses("index.jsonl:2: not JSON");
    assert_int_equal(size_of("aside"), -1);
    leave_a_stop();
    unlink(path_of("index.jsonl"));
    refuses("index.jsonl is missing, and there are documents");
    append("store", "x", 1);
    refuses("not that of a store that this version knows");
}

// A store whose making was cut short anywhere is made whole.
static void test_made_again(void **state)
{
    (void)state;
    for (size_t n = 0; n < 18; n++) {
        append("store", "wevcorpus store 1\n", n);
        if (n % 2) { mkdir(path_of("aside"), 0777); }
        struct wev_store s = opened(WEV_STORE_CREATE);
        assert_true(put(&s, "a"));
        closed(&s);
        holds("a,");
        assert_int_equal(remove_folder(NULL), 0);
        assert_int_equal(mkdir(folder, 0777), 0);
    }
}

static bool without_b(void *context, struct wev_span line)
{
    (void)context;
    return memmem(line.p, line.n, "\"size\":3,", 9) == NULL;
}

static void test_keep(void **state)
{
    (void)state;
    struct wev_store s = opened(WEV_STORE_CREATE);
    struct wev_error e;
    uint64_t dropped;
    static const char *const texts[] = {"a", "bbb", "cc", "ddd", "e"};
    for (size_t k = 0; k < WEV_COUNT(texts); k++) { assert_true(put(&s, texts[k])); }
    if (!wev_store_keep(&s, without_b, NULL, &dropped, &e)) { fail_msg("%s", e.text); }
    assert_int_equal(dropped, 2);
    closed(&s);
    holds("a,cc,e,");
    s = opened(WEV_STORE_WRITE);
    assert_true(put(&s, "bbb"));
    closed(&s);
    holds("a,cc,e,bbb,");
}

// ---- the index

static bool count_row(void *context, const struct wev_row *row)
{
    (void)row;
    ++*(size_t *)context;
    return true;
}

// Every line says what was written; any one bit changed is noticed; every prefix gives its whole lines.
static void test_index(void **state)
{
    struct wev_line l = {NULL, 0, 0, false};
    struct wev_row row = {.file = WEV_SPAN("objects/0f/0f000000000000000000000000000001"), .size = 7, .verdict = 'n', .layer = WEV_SPAN("type"),
                          .reason = WEV_SPAN("sid-short"), .offset = 5, .has_event = true, .event = 5059, .version = 1,
                          .source = WEV_SPAN("a\"b\\c\x01\xff"), .made = true, .seed = UINT64_MAX, .unit = 12, .twin = true,
                          .options = WEV_SPAN("-f xml"), .class = WEV_SPAN("type.sid-short"), .at = 3, .at_length = 2,
                          .schema = WEV_SPAN("00"), .generator = WEV_SPAN("0.1.0")}, is;
    char why[200];
    size_t wrong, rows = 0;
    struct wev_span file;
    (void)state;
    wev_index_write(&l, &row);
    size_t one = l.n;
    json_t *root = wev_index_parse((struct wev_span){l.p, one - 1}, &is, why);
    assert_non_null(root);
    assert_true(is.seed == UINT64_MAX && is.unit == 12 && is.twin && is.verdict == 'n' && is.offset == 5 && is.at == 3 && is.event == 5059);
    assert_true(wev_span_is(is.source, "a\"b\\c\x01\xef\xbf\xbd"));
    json_decref(root);
    wev_index_write(&l, &row);
    for (size_t bit = 0; bit < 8 * (one - 1); bit++) {
        l.p[bit / 8] = (char)(l.p[bit / 8] ^ 1 << bit % 8);
        assert_false(wev_index_check((struct wev_span){l.p, one - 1}, &file));
        l.p[bit / 8] = (char)(l.p[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t n = 0; n <= l.n; n++) {
        assert_int_equal(wev_index_load((struct wev_span){l.p, n}, count_row, &rows, &wrong), (n >= one) + (n == l.n));
        assert_int_equal(wrong, 0);
    }
    wev_line_free(&l);
}

static void test_names(void **state)
{
    static const char *const not[] = {"", "objects/0f/0e000000000000000000000000000001", "objects/0f/0f00000000000000000000000000000",
                                      "objects/0f/0F000000000000000000000000000001", "objects/0f/0f000000000000000000000000000001-",
                                      "objects/0f/0f000000000000000000000000000001-0", "objects/0f/0f000000000000000000000000000001-01",
                                      "objects/0f/0f000000000000000000000000000001-256", "objects/0f/0f000000000000000000000000000001x",
                                      "object/00f/0f000000000000000000000000000001", "objects/0f/0f000000000000000000000000000001-1-1"};
    struct wev_name name, again;
    unsigned turn;
    (void)state;
    for (size_t k = 0; k < WEV_COUNT(not); k++) { assert_false(wev_index_name(wev_span_of(not[k]), &name, &turn)); }
    struct wev_names set = {NULL, 0, 0};
    for (uint64_t k = 0; k < 5000; k++) {
        char file[WEV_INDEX_FILE_MAX];
        bool fresh;
        name = k ? wev_store_hash((struct wev_span){(const char *)&k, sizeof(k)}) : (struct wev_name){0, 0};
        wev_index_file(name, (unsigned)(k % 256), file);
        assert_true(wev_index_name(wev_span_of(file), &again, &turn));
        assert_true(again.high == name.high && again.low == name.low && turn == k % 256);
        assert_false(wev_names_has(&set, wev_index_key(name, turn)));
        assert_true(wev_names_add(&set, wev_index_key(name, turn), &fresh) && fresh);
        assert_true(wev_names_add(&set, wev_index_key(name, turn), &fresh) && !fresh);
        assert_true(wev_names_has(&set, wev_index_key(name, turn)));
    }
    assert_int_equal(set.count, 5000);
    wev_names_free(&set);
}

int main(void)
{
#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_once), IN_FOLDER(test_collisions), IN_FOLDER(test_changed), IN_FOLDER(test_stopped), IN_FOLDER(test_foreign),
        IN_FOLDER(test_refused), IN_FOLDER(test_made_again), IN_FOLDER(test_keep), cmocka_unit_test(test_index), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
