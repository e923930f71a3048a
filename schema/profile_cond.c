// Comparisons in profiles: what <when>, <if>, <then>, <else> and <require> say.
#include "schema/profile_load.h"

#include <string.h>

static const struct { const char *name; uint8_t op; } operators[] = {
    {"eq", WEV_OP_EQ}, {"ne", WEV_OP_NE}, {"lt", WEV_OP_LT}, {"le", WEV_OP_LE}, {"gt", WEV_OP_GT}, {"ge", WEV_OP_GE},
    {"in", WEV_OP_IN}, {"not-in", WEV_OP_NOT_IN}, {"like", WEV_OP_LIKE}, {"not-like", WEV_OP_NOT_LIKE},
};

static void values_of(struct wev_profile_load *pl, struct wev_cond *c, struct wev_span text)
{
    bool many = c->op == WEV_OP_IN || c->op == WEV_OP_NOT_IN;
    size_t n = 1;
    for (size_t k = 0; many && k < text.n; k++) { n += text.p[k] == '|'; }
    struct wev_value *values = WEV_NEW_N(pl->load->arena, n, struct wev_value);
    for (size_t k = 0; k < n; k++) {
        struct wev_span one = many ? wev_span_cut(&text, '|') : text;
        values[k] = wev_pool_literal(pl, one, c->left.type, c->line);
    }
    c->values = values;
    c->value_count = (uint32_t)n;
}

static bool is_op(struct wev_span name, size_t *op, bool *is_ref)
{
    *is_ref = name.n > 4 && !memcmp(name.p + name.n - 4, "-ref", 4);
    if (*is_ref) { name.n -= 4; }
    for (*op = 0; *op < WEV_COUNT(operators); ++*op) {
        if (wev_span_is(name, operators[*op].name)) { return true; }
    }
    return false;
}

static const char *type_name(uint8_t type)
{
    return wev_type_rows[type - 1].name;
}

// What each comparison can compare: order needs numbers, times or text, like needs text.
static void check_kinds(struct wev_profile_load *pl, const struct wev_cond *c, struct wev_span name)
{
    uint8_t type = c->left.type, lex = wev_type_rows[type - 1].lex;
    bool text = wev_profile_is_text(type), ordered = text || wev_profile_is_integer(type) || lex == WEV_L_TIME;
    bool equal = c->op == WEV_OP_EQ || c->op == WEV_OP_NE || c->op == WEV_OP_IN || c->op == WEV_OP_NOT_IN;
    bool pattern = c->op == WEV_OP_LIKE || c->op == WEV_OP_NOT_LIKE;
    bool never = lex == WEV_L_FLOAT || lex == WEV_L_BINARY;
    if (never || (pattern && !text) || (!equal && !ordered)) {
        wev_fail(pl->load, WEV_E_SYNTAX, c->line, "%.*s does not compare a %s", (int)name.n, name.p, type_name(type));
    }
    bool list = c->op == WEV_OP_IN || c->op == WEV_OP_NOT_IN || pattern;
    if (c->right_is_ref && list) { wev_fail(pl->load, WEV_E_SYNTAX, c->line, "%.*s: only eq to ge take a reference", (int)name.n, name.p); }
}

struct wev_cond wev_profile_cond(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e)
{
    struct wev_cond c = {.line = e->line};
    unsigned found = 0;
    bool when = wev_span_is(e->name, "when"); // it holds a generator too
    c.left = wev_profile_ref(pl, at, wev_profile_need(pl, e, "ref"), e->line);
    for (size_t k = 0; k < e->attr_count; k++) {
        size_t op;
        struct wev_span name = e->attrs[k].name;
        if (wev_span_is(name, "ref")) { continue; }
        if (when && (wev_span_is(name, "value") || wev_span_is(name, "pattern"))) { continue; }
        if (!is_op(name, &op, &c.right_is_ref)) {
            const char *list[WEV_COUNT(operators)];
            for (size_t m = 0; m < WEV_COUNT(operators); m++) { list[m] = operators[m].name; }
            wev_profile_unknown_word(pl, e->line, "comparison", name, list, WEV_COUNT(operators));
        }
        c.op = operators[op].op;
        check_kinds(pl, &c, name);
        if (c.right_is_ref) {
            c.right = wev_profile_ref(pl, at, e->attrs[k].value, e->line);
            if (!wev_profile_same_kind(c.right.type, c.left.type)) {
                wev_fail(pl->load, WEV_E_SYNTAX, e->line, "a %s cannot be compared with \"%.*s\", a %s", type_name(c.left.type),
                         (int)e->attrs[k].value.n, e->attrs[k].value.p, type_name(c.right.type));
            }
        } else {
            values_of(pl, &c, e->attrs[k].value);
        }
        found++;
    }
    if (found != 1) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> needs one comparison such as eq, it has %u", (int)e->name.n, e->name.p, found);
    }
    return c;
}

bool wev_profile_names(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e)
{
    struct wev_ref r;
    struct wev_span ref = wev_tree_attr(e, "ref");
    if (ref.p && !wev_profile_find(pl, at, ref, &r)) { return false; }
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (!wev_profile_names(pl, at, k)) { return false; }
    }
    return true;
}

// A <when>: its own comparison when it has one, and every <if> inside.
struct wev_case wev_profile_case(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e)
{
    bool own = wev_tree_attr(e, "ref").p != NULL;
    size_t n = own;
    for (const struct wev_elem *k = e->kids; k; k = k->next) { n += wev_span_is(k->name, "if"); }
    if (!n) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<when> without a comparison"); }
    struct wev_cond *conds = WEV_NEW_N(pl->load->arena, n, struct wev_cond);
    size_t m = 0;
    if (own) { conds[m++] = wev_profile_cond(pl, at, e); }
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        if (wev_span_is(k->name, "if")) { conds[m++] = wev_profile_cond(pl, at, k); }
    }
    return (struct wev_case){conds, (uint32_t)n};
}
