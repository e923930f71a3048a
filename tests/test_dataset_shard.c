// Rows as columns: what a shard's file holds, read back by code that knows Arrow's layout and not who wrote it.
#include "gen/choice.h"
#include "gen/dataset/shard.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { COLUMNS = WEV_M_COUNT + 8, ROWS = 5000, TEXT_MAX = 64 };

static const uint8_t types[COLUMNS] = {
    WEV_COL_TEXT, WEV_COL_UINT64, WEV_COL_LIST, WEV_COL_BOOL, WEV_COL_TIME, WEV_COL_REAL, WEV_COL_UINT8, WEV_COL_INT8, WEV_COL_UINT16,
    WEV_COL_INT16, WEV_COL_UINT32, WEV_COL_INT32, WEV_COL_INT64, WEV_COL_TEXT, WEV_COL_TEXT, WEV_COL_TEXT, WEV_COL_UINT8, WEV_COL_TEXT,
    WEV_COL_TIME, WEV_COL_UINT64, WEV_COL_BOOL, WEV_COL_REAL, WEV_COL_TEXT, WEV_COL_INT64, WEV_COL_TEXT,
};

// Bytes of a column's values by type; 0: texts.
static size_t width_of(uint8_t type)
{
    switch (type) {
    case WEV_COL_INT8: case WEV_COL_UINT8: case WEV_COL_BOOL: return 1;
    case WEV_COL_INT16: case WEV_COL_UINT16: return 2;
    case WEV_COL_INT32: case WEV_COL_UINT32: return 4;
    case WEV_COL_INT64: case WEV_COL_UINT64: case WEV_COL_TIME: return 8;
    default: return 0;
    }
}

static uint64_t drawn(uint64_t row, uint64_t column, uint64_t n, uint64_t below)
{
    return wev_choice_below(wev_choice_join(wev_choice_who(7, row), wev_choice_where(column, n)), below);
}

// What row r has in column k, and what a reader should find there: text, or the value's low bytes.
struct want {
    bool null;
    uint64_t number;
    char text[TEXT_MAX];
};

static struct wev_cell cell_of(uint64_t r, size_t k, struct wev_value *v, struct want *want, char bytes[TEXT_MAX])
{
    struct wev_cell c = {.kind = WEV_CELL_NULL};
    size_t n = drawn(r, k, 1, TEXT_MAX / 2 - 1);
    *want = (struct want){.null = k != WEV_M_UNIT && drawn(r, k, 2, 8) == 0};
    if (k == WEV_M_COUNT + 6) { want->null = true; } // a column of nulls
    if (want->null) { return c; }
    want->number = k == WEV_M_UNIT ? r : drawn(r, k, 3, UINT64_MAX);
    for (size_t at = 0; at < n; at++) { bytes[at] = (char)('a' + drawn(r, k, 10 + at, 26)); }
    c.is.text = (struct wev_span){bytes, n};
    switch (types[k]) {
    case WEV_COL_LIST:
        c.kind = WEV_CELL_LIST;
        want->null = n == 0; // a list of nothing
        break;
    case WEV_COL_REAL: c.kind = WEV_CELL_REAL; break;
    case WEV_COL_TEXT: c.kind = k % 3 == 0 ? WEV_CELL_HEX : k % 3 == 1 ? WEV_CELL_TEXT : WEV_CELL_WORD; break;
    case WEV_COL_TIME:
        c = (struct wev_cell){.kind = WEV_CELL_SPELLED, .lex = WEV_L_TIME, .is.value = v};
        *v = (struct wev_value){.type = WEV_T_FILETIME, .is.u = 116444736000000000u + want->number % 80000000000000000u};
        want->number = (v->is.u - 116444736000000000u) * 100;
        return c;
    default:
        if (k % 2 || k == WEV_M_UNIT) { return (struct wev_cell){.kind = WEV_CELL_NUMBER, .is.number = want->number}; }
        *v = (struct wev_value){.type = WEV_T_INT64, .is.u = want->number};
        return (struct wev_cell){.kind = WEV_CELL_BARE, .lex = WEV_L_INT, .is.value = v};
    }
    for (size_t at = 0; c.kind == WEV_CELL_HEX && at < n; at++) { snprintf(want->text + 2 * at, 3, "%02X", (unsigned)bytes[at]); }
    if (c.kind != WEV_CELL_HEX) { memcpy(want->text, bytes, n); }
    return c;
}

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *n = (size_t)ftell(f);
    rewind(f);
    char *p = malloc(*n + 1);
    assert_non_null(p);
    assert_int_equal(fread(p, 1, *n, f), *n);
    fclose(f);
    return p;
}

static const char *take(const char **at, const char *end, size_t n)
{
    const char *p = *at;
    n = (n + 7) / 8 * 8;
    assert_true((size_t)(end - p) >= n);
    *at = p + n;
    return p;
}

// One column of a batch that begins with row `first`; *at moves behind its buffers.
static void check_column(const char **at, const char *end, size_t k, uint64_t first, const int64_t words[3])
{
    size_t rows = (size_t)words[0], width = width_of(types[k]), nulls = 0;
    const char *valid = words[1] ? take(at, end, (rows + 7) / 8) : NULL;
    const char *values = take(at, end, width ? width * rows : 4 * (rows + 1)), *text = take(at, end, width ? 0 : (size_t)words[2]);
    for (size_t r = 0; r < rows; r++) {
        struct wev_value v;
        struct want want;
        char bytes[TEXT_MAX];
        cell_of(first + r, k, &v, &want, bytes);
        bool null = valid && !((uint8_t)valid[r / 8] >> r % 8 & 1);
        nulls += null;
        if (null != want.null) { fail_msg("row %zu, column %zu: null %d", r, k, null); }
        if (width && !null && memcmp(values + r * width, &want.number, width) != 0) { fail_msg("row %zu, column %zu: another number", r, k); }
        if (width) { continue; }
        int32_t from, to;
        memcpy(&from, values + 4 * r, 4);
        memcpy(&to, values + 4 * r + 4, 4);
        assert_true(from >= 0 && from <= to && to <= words[2] && (r > 0 || from == 0));
        if ((size_t)(to - from) != strlen(want.text) || memcmp(text + from, want.text, (size_t)(to - from)) != 0) {
            fail_msg("row %zu, column %zu: \"%.*s\", not \"%s\"", r, k, (int)(to - from), text + from, want.text);
        }
    }
    assert_int_equal(nulls, words[1]);
}

// forall rows: each is in the file, once, in order, with its values; a second file of the same shard begins anew. (The low bytes
// of a number are its first: x86-64 and arm64 are little-endian, and so is this test.)
static void rows_come_back(void **state)
{
    static struct wev_column column[COLUMNS];
    static struct wev_value value[COLUMNS];
    static char bytes[COLUMNS][TEXT_MAX];
    static struct wev_cell cell[COLUMNS];
    struct wev_columns columns = {.column = column, .count = COLUMNS};
    struct wev_cells row = {.at = cell};
    char path[] = "/tmp/wev-shard-XXXXXX";
    struct wev_error e;
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t k = 0; k < COLUMNS; k++) { column[k].type = types[k]; }
    struct wev_shard *s = wev_shard_new(&columns);
    assert_non_null(s);
    for (uint64_t from = 0, rows = ROWS; rows >= 1; from += rows, rows /= 70) {
        assert_true(wev_shard_open(s, path, &e));
        for (uint64_t r = from; r < from + rows; r++) {
            for (size_t k = 0; k < COLUMNS; k++) {
                struct want want;
                cell[k] = cell_of(r, k, &value[k], &want, bytes[k]);
            }
            assert_true(wev_shard_put(s, &row, &e));
        }
        assert_int_equal(wev_shard_rows(s), rows);
        assert_true(wev_shard_close(s, &e));
        size_t n, batches = 0;
        char *all = read_all(path, &n);
        uint64_t r = from;
        for (const char *at = all, *end = all + n; at < end; batches++) {
            int64_t words[1 + 2 * COLUMNS];
            memcpy(words, take(&at, end, sizeof(words)), sizeof(words));
            for (size_t k = 0; k < COLUMNS; k++) { check_column(&at, end, k, r, (int64_t[]){words[0], words[1 + 2 * k], words[2 + 2 * k]}); }
            r += (uint64_t)words[0];
        }
        assert_int_equal(r, from + rows);
        assert_true(batches == 1 || rows > 1000);
        free(all);
    }
    wev_shard_free(s);
    unlink(path);
}

// Both ends of what 64 bits of nanoseconds hold, and the steps over them.
static void times_that_do_not_fit_are_errors(void **state)
{
    static const struct { uint64_t t; bool fits; } cases[] = {
        {116444736000000000u, true}, {116444736000000000u - 92233720368547758u, true}, {116444736000000000u - 92233720368547759u, false},
        {116444736000000000u + 92233720368547758u, true}, {116444736000000000u + 92233720368547759u, false}, {0, false}, {UINT64_MAX, false},
    };
    static struct wev_column column[COLUMNS];
    static struct wev_cell cell[COLUMNS];
    struct wev_columns columns = {.column = column, .count = WEV_M_COUNT};
    struct wev_cells row = {.at = cell};
    (void)state;
    for (size_t k = 0; k < WEV_M_COUNT; k++) { column[k].type = WEV_COL_TEXT; }
    column[WEV_M_STEP].type = WEV_COL_TIME;
    cell[WEV_M_UNIT] = (struct wev_cell){.kind = WEV_CELL_NUMBER, .is.number = 12};
    for (size_t k = 0; k < WEV_COUNT(cases); k++) {
        struct wev_value v = {.type = WEV_T_FILETIME, .is.u = cases[k].t};
        struct wev_error e = {.code = WEV_OK};
        struct wev_shard *s = wev_shard_new(&columns);
        cell[WEV_M_STEP] = (struct wev_cell){.kind = WEV_CELL_SPELLED, .lex = WEV_L_TIME, .is.value = &v};
        assert_non_null(s);
        bool good = wev_shard_put(s, &row, &e);
        if (good != cases[k].fits) { fail_msg("case %zu: %s", k, good ? "taken" : e.text); }
        if (!good) { assert_non_null(strstr(e.text, "unit 12: a time")); }
        wev_shard_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back),
        cmocka_unit_test(times_that_do_not_fit_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
