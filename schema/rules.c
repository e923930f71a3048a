// The rules of a profile, checked on what was decoded.
#include "schema/decode_run.h"

#include <string.h>

enum order { LESS = -1, SAME = 0, MORE = 1, DIFFERENT };

static const struct wev_value *operand(const struct wev_decoder *d, const struct wev_ref *ref)
{
    if (ref->kind == WEV_R_HEADER) {
        const struct wev_value *v = &d->out->event.header[ref->slot];
        return v->flags & WEV_F_ABSENT ? NULL : v;
    }
    if (ref->kind != WEV_R_FIELD || ref->slot >= d->out->event.def->body->field_count) { return NULL; }
    uint32_t k = d->first[ref->slot];
    return k < d->value_count ? &d->values[k] : NULL;
}

static bool is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING || type == WEV_T_FLOAT || type == WEV_T_DOUBLE;
}

static bool is_signed(uint8_t type)
{
    return type == WEV_T_INT8 || type == WEV_T_INT16 || type == WEV_T_INT32 || type == WEV_T_INT64;
}

static enum order order_bytes(const void *a, size_t an, const void *b, size_t bn)
{
    size_t n = an < bn ? an : bn;
    int c = n ? memcmp(a, b, n) : 0;
    if (c != 0) { return c < 0 ? LESS : MORE; }
    return an < bn ? LESS : an > bn ? MORE : SAME;
}

static enum order order_numbers(const struct wev_value *a, const struct wev_value *b)
{
    bool a_minus = is_signed(a->type) && a->is.i < 0, b_minus = is_signed(b->type) && b->is.i < 0;
    if (a_minus != b_minus) { return a_minus ? LESS : MORE; }
    return a->is.u < b->is.u ? LESS : a->is.u > b->is.u ? MORE : SAME;
}

static bool is_number(uint8_t type)
{
    return !is_text(type) && type != WEV_T_NULL && type != WEV_T_BINARY && type != WEV_T_GUID && type != WEV_T_SID;
}

static bool same_sid(const struct wev_sid *a, const struct wev_sid *b)
{
    return a->authority == b->authority && a->count == b->count && !memcmp(a->sub, b->sub, a->count * sizeof(a->sub[0]));
}

static enum order order_values(const struct wev_value *a, const struct wev_value *b)
{
    if (is_number(a->type) && is_number(b->type)) { return order_numbers(a, b); }
    if (is_text(a->type) && is_text(b->type)) { return order_bytes(a->is.text, a->n, b->is.text, b->n); }
    if (a->type != b->type) { return DIFFERENT; }
    if (a->type == WEV_T_BINARY) { return order_bytes(a->is.bin, a->n, b->is.bin, b->n); }
    if (a->type == WEV_T_GUID) { return memcmp(a->is.guid, b->is.guid, sizeof(*a->is.guid)) ? DIFFERENT : SAME; }
    return a->type == WEV_T_SID && same_sid(a->is.sid, b->is.sid) ? SAME : DIFFERENT;
}

static char fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

// `*` any run, `?` one byte. Falls back to the last `*` alone, so at most text x pattern steps.
static bool like(const struct wev_value *v, const struct wev_value *pattern)
{
    if (!is_text(v->type) || !is_text(pattern->type)) { return false; }
    const char *s = v->is.text, *p = pattern->is.text;
    size_t k = 0, m = 0, star = SIZE_MAX, from = 0;
    while (k < v->n) {
        if (m < pattern->n && p[m] == '*') {
            star = m++;
            from = k;
        } else if (m < pattern->n && (p[m] == '?' || fold(p[m]) == fold(s[k]))) {
            m++;
            k++;
        } else if (star != SIZE_MAX) {
            m = star + 1;
            k = ++from;
        } else {
            return false;
        }
    }
    while (m < pattern->n && p[m] == '*') { m++; }
    return m == pattern->n;
}

static bool any_of(const struct wev_value *v, const struct wev_cond *c, const struct wev_value *right, bool pattern)
{
    uint32_t count = right ? 1 : c->value_count;
    for (uint32_t k = 0; k < count; k++) {
        const struct wev_value *r = right ? right : &c->values[k];
        if (pattern ? like(v, r) : order_values(v, r) == SAME) { return true; }
    }
    return false;
}

// What is absent equals nothing.
static bool holds(const struct wev_decoder *d, const struct wev_cond *c)
{
    const struct wev_value *left = operand(d, &c->left), *right = c->right_is_ref ? operand(d, &c->right) : NULL;
    bool denies = c->op == WEV_OP_NE || c->op == WEV_OP_NOT_IN || c->op == WEV_OP_NOT_LIKE;
    if (!left || (c->right_is_ref && !right) || (!c->right_is_ref && c->value_count == 0)) { return denies; }
    enum order o = order_values(left, right ? right : c->values);
    switch ((enum wev_op)c->op) {
    case WEV_OP_EQ: return o == SAME;
    case WEV_OP_NE: return o != SAME;
    case WEV_OP_LT: return o == LESS;
    case WEV_OP_LE: return o == LESS || o == SAME;
    case WEV_OP_GT: return o == MORE;
    case WEV_OP_GE: return o == MORE || o == SAME;
    case WEV_OP_IN: return any_of(left, c, right, false);
    case WEV_OP_NOT_IN: return !any_of(left, c, right, false);
    case WEV_OP_LIKE: return any_of(left, c, right, true);
    case WEV_OP_NOT_LIKE: return !any_of(left, c, right, true);
    }
    return false;
}

static const struct wev_cond *first_failing(const struct wev_decoder *d, const struct wev_cond *conds, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        if (!holds(d, &conds[k])) { return &conds[k]; }
    }
    return NULL;
}

static size_t place_of(const struct wev_decoder *d, const struct wev_ref *ref)
{
    if (ref->kind == WEV_R_FIELD && operand(d, ref)) { return d->value_at[d->first[ref->slot]]; }
    if (ref->kind != WEV_R_HEADER || !operand(d, ref)) { return d->n; }
    const char *attribute = wev_decode_system_attribute((enum wev_header)ref->slot);
    size_t at = d->header_at[ref->slot];
    return attribute ? wev_decode_text_attribute_at(d, at, attribute, 0) : at;
}

const struct wev_rule *wev_rules_broken(const struct wev_decoder *d, size_t *at)
{
    const struct wev_event_profile *p = d->out->event.def->profile;
    for (uint32_t k = 0; p && k < p->rule_count; k++) {
        const struct wev_rule *r = &p->rules[k];
        bool when = !first_failing(d, r->when, r->when_count);
        const struct wev_cond *c = when ? first_failing(d, r->then, r->then_count) : first_failing(d, r->otherwise, r->otherwise_count);
        if (c) {
            *at = place_of(d, &c->left);
            return r;
        }
    }
    return NULL;
}

static bool names(const struct wev_cond *conds, uint32_t count, enum wev_header h)
{
    for (uint32_t k = 0; k < count; k++) {
        if (conds[k].left.kind == WEV_R_HEADER && conds[k].left.slot == h) { return true; }
    }
    return false;
}

bool wev_rules_cover(const struct wev_event_profile *p, enum wev_header h)
{
    for (uint32_t k = 0; p && k < p->rule_count; k++) {
        const struct wev_rule *r = &p->rules[k];
        if (names(r->then, r->then_count, h) || names(r->otherwise, r->otherwise_count, h)) { return true; }
    }
    return false;
}
