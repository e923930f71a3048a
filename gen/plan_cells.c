// Values of small tables, spelled when the plan is made: what one index chooses lies in one row, so that an event about a
// host finds the host's texts side by side.
#include "gen/plan_build.h"

#include "gen/form.h"

#include <string.h>

enum {
    COLUMNS_MAX = 512,
    STRIDE_MAX = 4096,   // bytes of a row
    TEXT_MAX = UINT8_MAX, // of a cell: its length is its first byte
};

struct user {
    struct wev_piece *piece;
    const struct user *next;
};

// Texts of a table as one kind of piece prints them.
struct wev_plan_column {
    const struct wev_value *values; // a table is known by its address
    const void *rows;               // what the index counts: an entity, or an op of one event
    uint32_t count;
    uint8_t lex, escape;
    bool fit;                       // every value has a short text
    uint32_t width, at;             // bytes with the length, where in the row
    struct wev_span *texts;
    const struct user *users;
};

static bool spell(struct wev_form_build *b, const struct wev_value *v, const struct wev_plan_column *column)
{
    b->text_n = 0;
    return !(v->flags & WEV_F_ABSENT) && wev_form_constant(b, v, column->lex, (enum wev_escape)column->escape) && b->text_n <= TEXT_MAX;
}

static void measure(struct compile *c, struct wev_plan_column *column)
{
    struct wev_form_build b = {.arena = c->arena};
    column->texts = WEV_NEW_N(c->arena, column->count, struct wev_span);
    for (uint32_t k = 0; k < column->count; k++) {
        if (!spell(&b, &column->values[k], column)) { return; }
        column->texts[k] = wev_arena_text(c->arena, (struct wev_span){b.text, b.text_n});
        if (b.text_n >= column->width) { column->width = (uint32_t)b.text_n + 1; }
    }
    column->fit = true;
}

static struct wev_plan_column *column_of(struct compile *c, const struct wev_step *op, const struct wev_piece *p)
{
    const struct wev_value *values = op->is.pool.values;
    if (!c->columns) { c->columns = WEV_NEW_N(c->arena, COLUMNS_MAX, struct wev_plan_column); }
    for (uint32_t k = 0; k < c->column_count; k++) {
        struct wev_plan_column *x = &c->columns[k];
        if (x->values == values && x->count == op->count && x->lex == p->lex && x->escape == p->escape) { return x; }
    }
    if (c->column_count == COLUMNS_MAX) { return NULL; }
    struct wev_plan_column *x = &c->columns[c->column_count++];
    const void *entity = op->slot < WEV_LOCAL ? c->keys[op->slot].entity : NULL;
    *x = (struct wev_plan_column){.values = values, .rows = entity ? entity : values, .count = op->count, .lex = p->lex, .escape = p->escape};
    measure(c, x);
    return x;
}

struct wev_piece wev_plan_cell(struct compile *c, struct wev_piece p, const struct wev_step *op)
{
    bool header = p.kind == WEV_P_HEADER && p.code != WEV_C_RARE;
    if (op->gen != WEV_G_TABLE || (p.kind != WEV_P_VALUE && !header)) { return p; }
    struct wev_plan_column *column = column_of(c, op, &p);
    if (!column || !column->fit) { return p; }
    p.code = WEV_C_CELL;
    p.slot = op->slot;
    p.cells = (const char *)column;
    return p;
}

void wev_plan_cell_user(struct compile *c, struct wev_piece *p)
{
    struct wev_plan_column *column = (struct wev_plan_column *)(uintptr_t)p->cells;
    struct user *user = WEV_NEW(c->arena, struct user);
    *user = (struct user){p, column->users};
    column->users = user;
}

static void place(char *rows, uint32_t stride, const struct wev_plan_column *x)
{
    for (uint32_t k = 0; k < x->count; k++) {
        char *cell = rows + (size_t)k * stride + x->at;
        *cell = (char)(uint8_t)x->texts[k].n;
        memcpy(cell + 1, x->texts[k].p, x->texts[k].n);
    }
    for (const struct user *u = x->users; u; u = u->next) {
        u->piece->cells = rows + x->at;
        u->piece->stride = (uint16_t)stride;
    }
}

// The columns from `first` on that have its rows and find room in one row.
static void lay_out(struct compile *c, uint32_t first)
{
    const struct wev_plan_column *head = &c->columns[first];
    struct wev_plan_column *taken[COLUMNS_MAX];
    uint32_t stride = 0, n = 0;
    for (uint32_t k = first; k < c->column_count; k++) {
        struct wev_plan_column *x = &c->columns[k];
        if (!x->users || x->rows != head->rows || x->count != head->count || stride + x->width > STRIDE_MAX) { continue; }
        x->at = stride;
        stride += x->width;
        taken[n++] = x;
    }
    char *rows = WEV_NEW_N(c->arena, (size_t)head->count * stride + WEV_LITERAL_PAD, char);
    for (uint32_t k = 0; k < n; k++) {
        place(rows, stride, taken[k]);
        taken[k]->users = NULL;
    }
}

void wev_plan_cells(struct compile *c)
{
    for (uint32_t k = 0; k < c->column_count; k++) {
        if (c->columns[k].users) { lay_out(c, k); }
    }
}
