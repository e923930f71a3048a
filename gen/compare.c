// Comparisons of a `when`: whether one holds for two values. Write side only; schema/rules.c checks rules with other code.
#include "gen/plan.h"

#include <string.h>

static bool same(const struct wev_value *a, const struct wev_value *b)
{
    switch (a->type) {
    case WEV_T_UNICODE_STRING: case WEV_T_ANSI_STRING:
        return a->n == b->n && (a->n == 0 || memcmp(a->is.text, b->is.text, a->n) == 0);
    case WEV_T_SID: {
        const struct wev_sid *x = a->is.sid, *y = b->is.sid;
        return x->authority == y->authority && x->count == y->count && !memcmp(x->sub, y->sub, 4 * x->count);
    }
    case WEV_T_GUID: return !memcmp(a->is.guid, b->is.guid, sizeof(struct wev_guid));
    default: return a->is.u == b->is.u;
    }
}

static int order(const struct wev_value *a, const struct wev_value *b)
{
    if (a->type == WEV_T_UNICODE_STRING || a->type == WEV_T_ANSI_STRING) {
        size_t n = a->n < b->n ? a->n : b->n;
        int d = n ? memcmp(a->is.text, b->is.text, n) : 0;
        return d ? d : (a->n > b->n) - (a->n < b->n);
    }
    if (a->type == WEV_T_INT8 || a->type == WEV_T_INT16 || a->type == WEV_T_INT32 || a->type == WEV_T_INT64) {
        return (a->is.i > b->is.i) - (a->is.i < b->is.i);
    }
    return (a->is.u > b->is.u) - (a->is.u < b->is.u);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

// `*` and `?`, without recursion: on a mismatch go back to the last star and let it take one more byte.
static bool like(struct wev_span s, struct wev_span pattern)
{
    size_t i = 0, k = 0, star = SIZE_MAX, from = 0;
    while (i < s.n) {
        if (k < pattern.n && pattern.p[k] == '*') {
            star = k++;
            from = i;
        } else if (k < pattern.n && (pattern.p[k] == '?' || lower(pattern.p[k]) == lower(s.p[i]))) {
            i++;
            k++;
        } else if (star != SIZE_MAX) {
            k = star + 1;
            i = ++from;
        } else {
            return false;
        }
    }
    while (k < pattern.n && pattern.p[k] == '*') { k++; }
    return k == pattern.n;
}

bool wev_compare_holds(const struct wev_compare *c, const struct wev_value *left, const struct wev_value *right)
{
    uint32_t k = 0;
    switch ((enum wev_op)c->op) {
    case WEV_OP_LT: return order(left, right) < 0;
    case WEV_OP_LE: return order(left, right) <= 0;
    case WEV_OP_GT: return order(left, right) > 0;
    case WEV_OP_GE: return order(left, right) >= 0;
    case WEV_OP_IN: case WEV_OP_NOT_IN:
        while (k < c->count && !same(left, &c->values[k])) { k++; }
        return (k < c->count) == (c->op == WEV_OP_IN);
    case WEV_OP_LIKE: case WEV_OP_NOT_LIKE:
        return like((struct wev_span){left->is.text, left->n}, (struct wev_span){right->is.text, right->n}) ==
               (c->op == WEV_OP_LIKE);
    case WEV_OP_EQ: return same(left, right);
    case WEV_OP_NE: return !same(left, right);
    }
    return false;
}
