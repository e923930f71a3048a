// Patterns: text with the places of parts and references.
#include "schema/profile_load.h"

#include <string.h>

enum { PATTERN_KIDS_MAX = 64 };

// What a generator gives when nobody asks for a type.
static uint8_t natural_type(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *holder)
{
    struct wev_span ref = wev_tree_attr(holder, "ref");
    const struct wev_elem *e = holder->kids;
    while (e && wev_span_is(e->name, "if")) { e = e->next; }
    if (ref.p) { return wev_profile_ref(pl, at, ref, holder->line).type; }
    if (!e) { return WEV_T_UNICODE_STRING; }
    if (wev_span_is(e->name, "ref")) { return wev_profile_ref(pl, at, wev_profile_need(pl, e, "to"), e->line).type; }
    if (wev_span_is(e->name, "int") || wev_span_is(e->name, "calc")) { return WEV_T_UINT64; }
    if (wev_span_is(e->name, "sid")) { return WEV_T_SID; }
    if (wev_span_is(e->name, "time") || wev_span_is(e->name, "clock")) { return WEV_T_FILETIME; }
    return WEV_T_UNICODE_STRING;
}

static struct wev_node *literal_node(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_span text)
{
    struct wev_node *n = WEV_NEW(pl->load->arena, struct wev_node);
    n->gen = WEV_G_VALUE;
    n->type = WEV_T_UNICODE_STRING;
    n->line = e->line;
    n->value = wev_pool_literal(pl, text, WEV_T_UNICODE_STRING, e->line);
    return n;
}

static void fold_of(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_node *n, struct wev_span how)
{
    uint64_t width;
    if (wev_span_is(how, "upper")) {
        n->fold = WEV_FOLD_UPPER;
    } else if (wev_span_is(how, "lower")) {
        n->fold = WEV_FOLD_LOWER;
    } else if (how.n >= 2 && how.p[0] == '0' && wev_span_u64(how, &width) && width <= 20 && wev_type_rows[n->type - 1].lex == WEV_L_UINT) {
        n->width = (uint8_t)width;
    } else {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "\"%.*s\" is not upper, lower, or 0 and a width for a number", (int)how.n, how.p);
    }
}

static void check_part(struct wev_profile_load *pl, const struct wev_elem *e)
{
    static const char *const allowed[] = {"name", "value", "ref", "pattern", "source", NULL};
    wev_tree_only_attrs(pl->load, e, allowed);
}

static const struct wev_node *part_node(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                        struct wev_span name, uint64_t path)
{
    struct wev_span how = {NULL, 0};
    size_t colon = name.n;
    while (colon > 0 && name.p[colon - 1] != ':') { colon--; }
    bool header = name.n > 7 && !memcmp(name.p, "header:", 7) && colon == 7;
    if (colon > 0 && !header) {
        how = (struct wev_span){name.p + colon, name.n - colon};
        name.n = colon - 1;
    }
    struct wev_node *n = NULL;
    for (size_t k = 0; k < at->part_count && !n; k++) {
        if (!wev_span_eq(wev_tree_attr(at->parts[k], "name"), name)) { continue; }
        struct wev_place inner = *at;
        inner.part_count = 0;
        check_part(pl, at->parts[k]);
        const struct wev_node *made = wev_profile_node(pl, &inner, at->parts[k], natural_type(pl, &inner, at->parts[k]),
                                                       wev_profile_path(path, "part", name));
        n = WEV_NEW(pl->load->arena, struct wev_node);
        *n = *made;
    }
    if (!n) {
        n = WEV_NEW(pl->load->arena, struct wev_node);
        n->gen = WEV_G_REF;
        n->line = e->line;
        n->ref = wev_profile_ref(pl, at, name, e->line);
        n->type = n->ref.type;
        if (n->type == WEV_T_BINARY) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "\"%.*s\" has no text", (int)name.n, name.p); }
    }
    if (how.p) { fold_of(pl, e, n, how); }
    return n;
}

static void pattern_kids(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n,
                         struct wev_span text)
{
    const struct wev_node *kids[PATTERN_KIDS_MAX];
    size_t count = 0, held = 0;
    char *run = wev_arena_take(pl->load->arena, text.n + 1, 1, 1);
    for (size_t k = 0; k <= text.n; k++) {
        char c = k < text.n ? text.p[k] : 0;
        bool twice = k + 1 < text.n && text.p[k + 1] == c;
        if (k < text.n && ((c != '{' && c != '}') || twice)) {
            run[held++] = c;
            k += (c == '{' || c == '}');
            continue;
        }
        if (c == '}') { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "a } without its { in \"%.*s\"", (int)text.n, text.p); }
        if (count + 2 > PATTERN_KIDS_MAX) { wev_fail(pl->load, WEV_E_LIMIT, e->line, "a pattern of more than 64 parts"); }
        if (held) { kids[count++] = literal_node(pl, e, (struct wev_span){run, held}); }
        held = 0;
        if (k == text.n) { break; }
        const char *end = memchr(text.p + k, '}', text.n - k);
        if (!end) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "a { without its } in \"%.*s\"", (int)text.n, text.p); }
        struct wev_span name = {text.p + k + 1, (size_t)(end - text.p) - k - 1};
        kids[count++] = part_node(pl, at, e, name, n->path);
        k = (size_t)(end - text.p);
    }
    memcpy(wev_profile_kids(pl, n, count), kids, count * sizeof(kids[0]));
}

// Whether {name} or {name:…} stands in the text.
static bool mentions(struct wev_span text, struct wev_span name)
{
    for (size_t k = 0; name.n > 0 && k + name.n + 2 <= text.n; k++) {
        const char *p = text.p + k;
        char after = p[name.n + 1];
        if (*p == '{' && !memcmp(p + 1, name.p, name.n) && (after == '}' || after == ':')) { return true; }
    }
    return false;
}

const struct wev_node *wev_profile_pattern(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                           struct wev_span text, uint8_t type, uint64_t path)
{
    struct wev_place inner = *at;
    size_t n = 0;
    inner.header = 0;
    if (!wev_profile_is_text(type)) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "a pattern gives text, wanted is %s", wev_type_rows[type - 1].name);
    }
    for (const struct wev_elem *k = e->kids; k; k = k->next) { n++; }
    const struct wev_elem **parts = WEV_NEW_N(pl->load->arena, n + 1, const struct wev_elem *);
    n = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) {
        struct wev_span name = wev_tree_attr(k, "name");
        if (wev_span_is(k->name, "if")) { continue; } // of the <when> that this pattern stands on
        if (!wev_span_is(k->name, "part")) { wev_profile_unknown_word(pl, k->line, "element in pattern", k->name, (const char *const[]){"part"}, 1); }
        if (!mentions(text, name)) {
            wev_fail(pl->load, WEV_E_SYNTAX, k->line, "the pattern has no place for part \"%.*s\"", (int)name.n, name.n ? name.p : "");
        }
        parts[n++] = k;
    }
    if (n) {
        inner.parts = parts;
        inner.part_count = n;
    }
    struct wev_node *node = wev_profile_new(pl, e, WEV_G_PATTERN, type, path);
    pattern_kids(pl, &inner, e, node, text);
    return node;
}
