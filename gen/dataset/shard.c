// Writes rows as columns. Knows Arrow's layout of buffers, and neither Arrow's library nor Parquet.
#include "gen/dataset/shard.h"

#include "gen/out.h"
#include "gen/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_ROWS = 2048,      // DuckDB's vector
    BATCH_BYTES = 8 << 20,  // of text: a batch of huge documents ends earlier
    STAGE = 64 << 10,       // small buffers are written together
    TEXT_FIRST = 4096,
};

struct buffers {
    uint8_t width;     // bytes of a value; 0: texts
    uint8_t *valid;    // bitmap; a bit is set when the row has a value
    char *values;      // or the texts' offsets
    char *text;
    size_t text_n, text_cap;
    uint32_t nulls;
};

struct wev_shard {
    const struct wev_columns *columns;
    struct buffers *of; // one a column
    int64_t *words;     // a batch's first
    struct wev_sink sink;
    char *stage;
    size_t staged;
    unsigned rows;      // of the batch
    size_t text_n;      // of the batch
    uint64_t file_rows, file_bytes;
    bool open;
};

static const struct {
    const char *format;
    uint8_t width;
} layouts[WEV_COL_TYPES] = {
    [WEV_COL_TEXT] = {"u", 0}, [WEV_COL_LIST] = {"u", 0}, // with commas between
    [WEV_COL_INT8] = {"c", 1}, [WEV_COL_UINT8] = {"C", 1}, [WEV_COL_INT16] = {"s", 2}, [WEV_COL_UINT16] = {"S", 2},
    [WEV_COL_INT32] = {"i", 4}, [WEV_COL_UINT32] = {"I", 4}, [WEV_COL_INT64] = {"l", 8}, [WEV_COL_UINT64] = {"L", 8},
    [WEV_COL_REAL] = {"u", 0}, // its decimal digits: nothing here computes with fractions
    [WEV_COL_BOOL] = {"C", 1}, [WEV_COL_TIME] = {"tsn:", 8},
};

const char *wev_shard_format(const struct wev_column *column)
{
    return layouts[column->type].format;
}

struct wev_shard *wev_shard_new(const struct wev_columns *c)
{
    struct wev_shard *s = calloc(1, sizeof(*s));
    if (!s) { return NULL; }
    s->columns = c;
    s->sink = (struct wev_sink){.fd = -1, .dir = -1};
    s->of = calloc(c->count, sizeof(*s->of));
    s->words = malloc((1 + 2 * c->count) * sizeof(*s->words));
    s->stage = malloc(STAGE);
    bool good = s->of && s->words && s->stage;
    for (size_t k = 0; good && k < c->count; k++) {
        struct buffers *b = &s->of[k];
        b->width = layouts[c->column[k].type].width;
        b->valid = calloc(1, BATCH_ROWS / 8);
        b->values = calloc(BATCH_ROWS + 1, b->width ? b->width : sizeof(int32_t));
        good = b->valid && b->values;
    }
    if (good) { return s; }
    wev_shard_free(s);
    return NULL;
}

void wev_shard_free(struct wev_shard *s)
{
    if (!s) { return; }
    if (s->open) { wev_sink_drop(&s->sink); }
    for (size_t k = 0; s->of && k < s->columns->count; k++) {
        free(s->of[k].valid);
        free(s->of[k].values);
        free(s->of[k].text);
    }
    free(s->of);
    free(s->words);
    free(s->stage);
    free(s);
}

// ---- values

static bool full(struct wev_error *e, enum wev_err code, const char *what, uint64_t unit)
{
    e->code = code;
    snprintf(e->text, sizeof(e->text), "Parquet: unit %llu: %s", (unsigned long long)unit, what);
    return false;
}

// 100 ns since 1601 to ns since 1970. False: beyond 64 bits.
static bool nanoseconds(uint64_t t, uint64_t *out)
{
    const int64_t most = INT64_MAX / 100;
    int64_t since = (int64_t)(t - 116444736000000000u);
    if (t > INT64_MAX || since > most || since < -most) { return false; }
    *out = (uint64_t)(since * 100);
    return true;
}

static void store(struct buffers *b, unsigned row, uint64_t v)
{
    const uint8_t v8 = (uint8_t)v;
    const uint16_t v16 = (uint16_t)v;
    const uint32_t v32 = (uint32_t)v;
    char *at = b->values + (size_t)row * b->width;
    switch (b->width) {
    case 1: memcpy(at, &v8, 1); return;
    case 2: memcpy(at, &v16, 2); return;
    case 4: memcpy(at, &v32, 4); return;
    default: memcpy(at, &v, 8); return;
    }
}

static size_t text_room(const struct wev_cell *c)
{
    switch ((enum wev_cell_kind)c->kind) {
    case WEV_CELL_NULL: return 0;
    case WEV_CELL_NUMBER: case WEV_CELL_BARE: case WEV_CELL_SPELLED: return WEV_TEXT_VALUE_MAX;
    case WEV_CELL_BASE64: return (c->is.text.n + 2) / 3 * 4;
    case WEV_CELL_HEX: return 2 * c->is.text.n;
    default: return c->is.text.n;
    }
}

static char *put_text(char *p, const struct wev_cell *c)
{
    switch ((enum wev_cell_kind)c->kind) {
    case WEV_CELL_NULL: return p;
    case WEV_CELL_NUMBER: return wev_text_u64(p, c->is.number);
    case WEV_CELL_BARE: case WEV_CELL_SPELLED: return wev_out_spell(p, c->is.value, c->lex);
    case WEV_CELL_BASE64: return wev_row_base64(p, c->is.text);
    case WEV_CELL_HEX: return wev_text_bytes(p, (const uint8_t *)c->is.text.p, c->is.text.n, WEV_TEXT_UPPER);
    default:
        if (c->is.text.n) { memcpy(p, c->is.text.p, c->is.text.n); }
        return p + c->is.text.n;
    }
}

static bool room(struct buffers *b, size_t more)
{
    size_t cap = b->text_cap ? b->text_cap : TEXT_FIRST;
    if (more <= b->text_cap - b->text_n) { return true; }
    if (more > INT32_MAX - b->text_n) { return false; } // offsets have 32 bits
    while (cap - b->text_n < more) { cap *= 2; }
    char *text = realloc(b->text, cap);
    if (!text) { return false; }
    b->text = text;
    b->text_cap = cap;
    return true;
}

static bool put_cell(struct buffers *b, const struct wev_cell *c, unsigned row, uint64_t unit, struct wev_error *e)
{
    bool null = c->kind == WEV_CELL_NULL || (c->kind == WEV_CELL_LIST && !c->is.text.n);
    b->nulls += null;
    if (!null) { b->valid[row / 8] |= (uint8_t)(1u << row % 8); }
    if (b->width) {
        uint64_t v = null ? 0 : c->kind == WEV_CELL_NUMBER ? c->is.number : c->is.value->is.u;
        if (c->kind == WEV_CELL_SPELLED && !nanoseconds(v, &v)) {
            return full(e, WEV_E_ARGUMENT, "a time that no column of nanoseconds can hold (1677 to 2262 can)", unit);
        }
        store(b, row, v);
        return true;
    }
    if (!room(b, text_room(c))) { return full(e, WEV_E_MEMORY, "out of memory for its text", unit); }
    if (!null) { b->text_n = (size_t)(put_text(b->text + b->text_n, c) - b->text); }
    const int32_t end = (int32_t)b->text_n;
    memcpy(b->values + ((size_t)row + 1) * sizeof(end), &end, sizeof(end));
    return true;
}

// ---- files

static bool write_out(struct wev_shard *s, struct wev_error *e)
{
    size_t n = s->staged;
    s->staged = 0;
    s->file_bytes += n;
    return wev_sink_write(&s->sink, (struct wev_span){s->stage, n}, e);
}

static bool put_bytes(struct wev_shard *s, const void *p, size_t n, struct wev_error *e)
{
    static const char zeros[8];
    size_t pad = (8 - n % 8) % 8;
    if (n + pad > STAGE - s->staged && !write_out(s, e)) { return false; }
    if (n + pad > STAGE) {
        s->file_bytes += n + pad;
        return wev_sink_write(&s->sink, (struct wev_span){p, n}, e) && wev_sink_write(&s->sink, (struct wev_span){zeros, pad}, e);
    }
    if (n) { memcpy(s->stage + s->staged, p, n); }
    memset(s->stage + s->staged + n, 0, pad);
    s->staged += n + pad;
    return true;
}

static bool put_batch(struct wev_shard *s, struct wev_error *e)
{
    size_t count = s->columns->count;
    if (!s->rows) { return true; }
    s->words[0] = s->rows;
    for (size_t k = 0; k < count; k++) {
        s->words[1 + 2 * k] = s->of[k].nulls;
        s->words[2 + 2 * k] = (int64_t)s->of[k].text_n;
    }
    if (!put_bytes(s, s->words, (1 + 2 * count) * sizeof(*s->words), e)) { return false; }
    for (size_t k = 0; k < count; k++) {
        struct buffers *b = &s->of[k];
        size_t values = b->width ? (size_t)s->rows * b->width : ((size_t)s->rows + 1) * sizeof(int32_t);
        if (b->nulls && !put_bytes(s, b->valid, (s->rows + 7) / 8, e)) { return false; }
        if (!put_bytes(s, b->values, values, e) || !put_bytes(s, b->text, b->text_n, e)) { return false; }
        memset(b->valid, 0, BATCH_ROWS / 8);
        b->text_n = 0;
        b->nulls = 0;
    }
    s->rows = 0;
    s->text_n = 0;
    return true;
}

bool wev_shard_open(struct wev_shard *s, const char *path, struct wev_error *error)
{
    s->file_rows = s->file_bytes = 0;
    s->open = wev_sink_open(&s->sink, path, error);
    return s->open;
}

bool wev_shard_is_open(const struct wev_shard *s)
{
    return s->open;
}

bool wev_shard_put(struct wev_shard *s, const struct wev_cells *row, struct wev_error *error)
{
    for (size_t k = 0; k < s->columns->count; k++) {
        if (!put_cell(&s->of[k], &row->at[k], s->rows, row->at[WEV_M_UNIT].is.number, error)) { return false; }
    }
    s->rows++;
    s->file_rows++;
    s->text_n += row->text_n;
    return (s->rows < BATCH_ROWS && s->text_n < BATCH_BYTES) || put_batch(s, error);
}

bool wev_shard_close(struct wev_shard *s, struct wev_error *error)
{
    if (!put_batch(s, error) || !write_out(s, error)) { return false; }
    s->open = false;
    if (wev_sink_close(&s->sink, error)) { return true; }
    wev_sink_drop(&s->sink);
    return false;
}

uint64_t wev_shard_rows(const struct wev_shard *s)
{
    return s->file_rows;
}

uint64_t wev_shard_bytes(const struct wev_shard *s)
{
    return s->file_bytes;
}
