// What each column of a row holds, found once for all the formats that the row is written in.
#include "gen/dataset/row.h"

#include "gen/out.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;

// Bytes of the character at p, 0 when it is not UTF-8 (RFC 3629); p[0] is 0x80 or more.
static size_t character(const unsigned char *p, size_t n)
{
    size_t want = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (want == 0 || want > n) { return 0; }
    for (size_t k = 1; k < want; k++) {
        if ((p[k] & 0xc0) != 0x80) { return 0; }
    }
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || outside ? 0 : want;
}

bool wev_row_is_text(struct wev_span s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t k = 0; k < s.n;) {
        uint64_t w, more[4];
        while (s.n - k >= sizeof(more)) {
            memcpy(more, p + k, sizeof(more));
            uint64_t all = more[0] | more[1] | more[2] | more[3];
            all |= (more[0] - ones) | (more[1] - ones) | (more[2] - ones) | (more[3] - ones);
            if (all & high) { break; }
            k += sizeof(more);
        }
        if (s.n - k >= sizeof(w)) {
            memcpy(&w, p + k, sizeof(w));
            if (!((w | (w - ones)) & high)) { // eight bytes of ASCII, no NUL
                k += sizeof(w);
                continue;
            }
        }
        size_t step = p[k] == 0 ? 0 : p[k] < 0x80 ? 1 : character(p + k, s.n - k);
        if (step == 0) { return false; }
        k += step;
    }
    return true;
}

// ---- one cell

static struct wev_cell number(uint64_t v)
{
    return (struct wev_cell){.kind = WEV_CELL_NUMBER, .is.number = v};
}

static struct wev_cell text(enum wev_cell_kind kind, struct wev_span s)
{
    return (struct wev_cell){.kind = (uint8_t)kind, .is.text = s};
}

static struct wev_cell word(const char *s)
{
    return text(s[0] ? WEV_CELL_WORD : WEV_CELL_NULL, wev_span_of(s));
}

static struct wev_cell meta(const struct wev_columns *columns, const struct wev_row *row, enum wev_meta m)
{
    static const struct wev_cell nothing = {.kind = WEV_CELL_NULL};
    const struct wev_note *note = row->note;
    bool broken = note->defect[0] != 0, staged = note->scenario[0] != 0;
    switch (m) {
    case WEV_M_SPLIT: return word(row->split);
    case WEV_M_UNIT: return number(note->unit);
    case WEV_M_SEED: return number(columns->seed);
    case WEV_M_FORM: return word(columns->form);
    case WEV_M_LABEL: return word(note->label[0] ? note->label : "benign");
    case WEV_M_SCENARIO: return text(staged ? WEV_CELL_TEXT : WEV_CELL_NULL, wev_span_of(note->scenario));
    case WEV_M_RUN: return staged ? number(note->run) : nothing;
    case WEV_M_STEP: return staged ? number(note->step) : nothing;
    case WEV_M_TECHNIQUES: return text(WEV_CELL_LIST, wev_span_of(note->techniques));
    case WEV_M_CLASS: return word(note->defect);
    case WEV_M_LAYER: return word(note->layer);
    case WEV_M_VERDICT: return text(WEV_CELL_WORD, (struct wev_span){&note->verdict, 1});
    case WEV_M_REASON: return word(note->reason);
    case WEV_M_OFFSET: return broken ? number(note->at) : nothing;
    case WEV_M_LENGTH: return broken ? number(note->at_length) : nothing;
    case WEV_M_RAW: return row->text ? text(WEV_CELL_TEXT, row->raw) : nothing;
    case WEV_M_RAW_BASE64: return row->text ? nothing : text(WEV_CELL_BASE64, row->raw);
    case WEV_M_COUNT: break;
    }
    return nothing;
}

static struct wev_cell value(const struct wev_column *column, const struct wev_value *v)
{
    bool bare = column->type >= WEV_COL_INT8 && column->type <= WEV_COL_BOOL;
    if (v->flags & WEV_F_ABSENT) { return (struct wev_cell){.kind = WEV_CELL_NULL}; }
    switch ((enum wev_lex)column->lex) {
    case WEV_L_TEXT: return text(WEV_CELL_TEXT, (struct wev_span){v->is.text, v->n});
    case WEV_L_FLOAT: return text(WEV_CELL_REAL, (struct wev_span){v->is.text, v->n});
    case WEV_L_BINARY: return text(WEV_CELL_HEX, (struct wev_span){(const char *)v->is.bin, v->n});
    default: return (struct wev_cell){.kind = bare ? WEV_CELL_BARE : WEV_CELL_SPELLED, .lex = column->lex, .is.value = v};
    }
}

// ---- leaves: the values of a template with arrays or structs, in document order, as the text of a JSON array

static bool is_text(const struct wev_value *v)
{
    return v->type == WEV_T_UNICODE_STRING || v->type == WEV_T_ANSI_STRING || v->type == WEV_T_FLOAT || v->type == WEV_T_DOUBLE;
}

static char *leaf(char *p, const struct wev_value *v)
{
    *p++ = '"';
    if (is_text(v)) {
        p = wev_json_escape(p, v->is.text, v->n);
    } else if (v->type == WEV_T_BINARY) {
        p = wev_text_bytes(p, v->is.bin, v->n, WEV_TEXT_UPPER);
    } else if (v->type != WEV_T_NULL) {
        p = wev_out_spell(p, v, wev_type_rows[v->type - 1].lex);
    }
    *p++ = '"';
    return p;
}

static bool leaves(struct wev_cells *cells, const struct wev_event *event, struct wev_span *out)
{
    size_t need = 8;
    for (size_t k = 0; k < event->value_count; k++) {
        const struct wev_value *v = &event->value[k];
        need += WEV_TEXT_VALUE_MAX + 8 + (is_text(v) || v->type == WEV_T_BINARY ? 6 * (size_t)v->n : 0);
    }
    if (need > cells->room_cap) {
        free(cells->room);
        cells->room = malloc(need);
        cells->room_cap = cells->room ? need : 0;
        if (!cells->room) { return false; }
    }
    char *p = cells->room;
    *p++ = '[';
    for (size_t k = 0; k < event->value_count; k++) {
        if (k) { *p++ = ','; }
        p = leaf(p, &event->value[k]);
    }
    *p++ = ']';
    *out = (struct wev_span){cells->room, (size_t)(p - cells->room)};
    return true;
}

// ---- a row

bool wev_row_cells(struct wev_cells *cells, const struct wev_columns *c, const struct wev_row *row)
{
    const struct wev_event *event = row->event;
    const uint16_t *field_of = wev_columns_of(c, event->def);
    struct wev_span all = {NULL, 0};
    if (!event->def->body->flat && !leaves(cells, event, &all)) { return false; }
    cells->text_n = 0;
    for (size_t k = 0; k < c->count; k++) {
        const struct wev_column *column = &c->column[k];
        struct wev_cell *cell = &cells->at[k];
        if (column->header == WEV_COLUMN_LEAVES) {
            *cell = text(all.p ? WEV_CELL_TEXT : WEV_CELL_NULL, all);
        } else if (k < WEV_M_COUNT) {
            *cell = meta(c, row, (enum wev_meta)k);
        } else if (column->header >= 0) {
            *cell = value(column, &event->header[column->header]);
        } else if (field_of[k]) {
            *cell = value(column, &event->value[field_of[k] - 1]);
        } else {
            *cell = (struct wev_cell){.kind = WEV_CELL_NULL};
        }
        cells->text_n += cell->kind >= WEV_CELL_WORD ? cell->is.text.n : 0;
    }
    return true;
}

bool wev_cells_make(struct wev_cells *cells, const struct wev_columns *c)
{
    *cells = (struct wev_cells){.at = malloc(c->count * sizeof(*cells->at))};
    return cells->at != NULL;
}

void wev_cells_free(struct wev_cells *cells)
{
    free(cells->at);
    free(cells->room);
    *cells = (struct wev_cells){.at = NULL};
}
