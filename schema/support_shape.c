// Whether a text looks as a generator would write it: GUIDs, names of key files, characters, wildcards. Knows no event.
#include "schema/support_shape.h"

#include <string.h>

static bool is_hex(char c, bool any_case, bool upper)
{
    bool digit = c >= '0' && c <= '9', low = c >= 'a' && c <= 'f', high = c >= 'A' && c <= 'F';
    return digit || (low && (any_case || !upper)) || (high && (any_case || upper));
}

static bool is_guid(struct wev_span s, bool any_case, bool upper)
{
    for (size_t k = 0; k < s.n; k++) {
        bool dash = k == 8 || k == 13 || k == 18 || k == 23;
        if (dash ? s.p[k] != '-' : !is_hex(s.p[k], any_case, upper)) { return false; }
    }
    return s.n == 36;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_char(char a, char b, bool nocase)
{
    return a == b || (nocase && lower(a) == lower(b));
}

bool wev_shape_like(struct wev_span s, struct wev_span p)
{
    size_t i = 0, k = 0, star = p.n, from = 0; // star == p.n: none met yet
    while (i < s.n) {
        if (k < p.n && p.p[k] == '*') {
            star = k++;
            from = i;
        } else if (k < p.n && (p.p[k] == '?' || lower(p.p[k]) == lower(s.p[i]))) {
            i++;
            k++;
        } else if (star < p.n) {
            k = star + 1;
            i = ++from;
        } else {
            return false;
        }
    }
    while (k < p.n && p.p[k] == '*') { k++; }
    return k == p.n;
}

bool wev_shape_like_any(struct wev_span s, struct wev_span patterns)
{
    while (patterns.n > 0) {
        const char *bar = memchr(patterns.p, '|', patterns.n);
        size_t n = bar ? (size_t)(bar - patterns.p) : patterns.n;
        if (wev_shape_like(s, (struct wev_span){patterns.p, n})) { return true; }
        n += bar != NULL;
        patterns = (struct wev_span){patterns.p + n, patterns.n - n};
    }
    return false;
}

bool wev_shape_guid(const struct wev_node *n, const struct wev_value *v, bool nocase)
{
    if (v->type == WEV_T_GUID) { return true; } // its case is spelling
    struct wev_span s = (struct wev_span){v->is.text, v->n};
    if (n->braces) {
        if (s.n < 2 || s.p[0] != '{' || s.p[s.n - 1] != '}') { return false; }
        s = (struct wev_span){s.p + 1, s.n - 2};
    }
    return is_guid(s, nocase, n->fold == WEV_FOLD_UPPER);
}

bool wev_shape_keyfile(const struct wev_value *v, bool nocase)
{
    struct wev_span s = (struct wev_span){v->is.text, v->n};
    for (size_t k = 0; k < 32 && k < s.n; k++) {
        if (!is_hex(s.p[k], nocase, false)) { return false; }
    }
    return s.n == 32 + 1 + 36 && s.p[32] == '_' && is_guid((struct wev_span){s.p + 33, 36}, true, false);
}

bool wev_shape_chars(const struct wev_node *n, const struct wev_value *v, bool nocase)
{
    if (v->n < n->min || v->n > n->max) { return false; }
    for (uint32_t k = 0; k < v->n; k++) {
        uint32_t a = 0;
        while (a < n->value.n && !same_char(v->is.text[k], n->value.is.text[a], nocase)) { a++; }
        if (a == n->value.n) { return false; }
    }
    return true;
}
