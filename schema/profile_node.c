// Generators: elements of a profile to struct wev_node.
#include "schema/profile_load.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string.h>

enum { KIDS_MAX = 4096 };

static const char *const generators[] = {"value", "choice", "pool", "pattern", "int", "text", "guid", "sid", "time", "ref", "switch",
                                         "calc", "keyfile", "clock", "sequence", "absent", "shares", "among", "period", "since"};

bool wev_profile_is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING;
}

bool wev_profile_is_integer(uint8_t type)
{
    uint8_t lex = wev_type_rows[type - 1].lex;
    return lex == WEV_L_INT || lex == WEV_L_UINT || lex == WEV_L_HEX;
}

bool wev_profile_same_kind(uint8_t a, uint8_t b)
{
    const struct wev_type_row *x = &wev_type_rows[a - 1], *y = &wev_type_rows[b - 1];
    return (wev_profile_is_integer(a) && wev_profile_is_integer(b)) || x->lex == y->lex;
}

uint64_t wev_profile_path(uint64_t parent, const char *kind, struct wev_span name)
{
    uint64_t h = XXH3_64bits_withSeed(kind, strlen(kind), parent);
    return XXH3_64bits_withSeed(name.p, name.n, h);
}

static uint64_t kid_path(uint64_t parent, uint32_t k)
{
    return XXH3_64bits_withSeed(&k, sizeof(k), parent);
}

_Noreturn void wev_profile_unknown(struct wev_profile_load *pl, unsigned line, const char *what, struct wev_span word,
                                   const struct wev_span *list, size_t count)
{
    struct wev_span near = wev_nearest(word, list, count);
    wev_fail(pl->load, WEV_E_SYNTAX, line, "unknown %s \"%.*s\"%s%.*s%s", what, (int)(word.n > 100 ? 100 : word.n), word.p,
             near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

_Noreturn void wev_profile_unknown_word(struct wev_profile_load *pl, unsigned line, const char *what, struct wev_span word,
                                        const char *const *list, size_t count)
{
    struct wev_span names[64];
    if (count > 64) { count = 64; }
    for (size_t k = 0; k < count; k++) { names[k] = wev_span_of(list[k]); }
    wev_profile_unknown(pl, line, what, word, names, count);
}

uint8_t wev_profile_type(struct wev_profile_load *pl, const struct wev_elem *e)
{
    struct wev_span t = wev_tree_attr(e, "type"), names[64];
    if (!t.p) { return WEV_T_UNICODE_STRING; }
    if (t.n > 4 && !memcmp(t.p, "win:", 4)) { t = (struct wev_span){t.p + 4, t.n - 4}; }
    size_t n = wev_type_row_count < 64 ? wev_type_row_count : 64;
    for (size_t k = 0; k < n; k++) {
        names[k] = wev_span_of(wev_type_rows[k].name);
        if (wev_span_eq(names[k], t)) { return wev_type_rows[k].type; }
    }
    struct wev_span near = wev_nearest(t, names, n);
    wev_fail(pl->load, WEV_E_SYNTAX, e->line, "unknown type \"%.*s\"%s%.*s%s", (int)t.n, t.p, near.n ? ", did you mean \"" : "",
             (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

struct wev_span wev_profile_need(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr)
{
    struct wev_span s = wev_tree_attr(e, attr);
    if (!s.p) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> needs the attribute %s", (int)e->name.n, e->name.p, attr); }
    return s;
}

uint64_t wev_profile_number(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, uint64_t none)
{
    struct wev_span s = wev_tree_attr(e, attr);
    uint64_t v;
    if (!s.p) { return none; }
    if (!wev_span_u64(s, &v)) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is not a number", attr, (int)s.n, s.p);
    }
    return v;
}

bool wev_profile_flag(struct wev_profile_load *pl, const struct wev_elem *e, const char *attr, const char *yes, const char *no)
{
    struct wev_span s = wev_tree_attr(e, attr);
    if (!s.p || wev_span_is(s, no)) { return false; }
    if (!wev_span_is(s, yes)) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%s \"%.*s\" is neither %s nor %s", attr, (int)s.n, s.p, yes, no);
    }
    return true;
}

static size_t count_kids(const struct wev_elem *e)
{
    size_t n = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next) { n++; }
    return n;
}

const struct wev_node **wev_profile_kids(struct wev_profile_load *pl, struct wev_node *n, size_t count)
{
    if (count > KIDS_MAX) { wev_fail(pl->load, WEV_E_LIMIT, n->line, "more than %d choices", (int)KIDS_MAX); }
    const struct wev_node **kids = WEV_NEW_N(pl->load->arena, count ? count : 1, const struct wev_node *);
    n->kids = kids;
    n->kid_count = (uint32_t)count;
    return kids;
}

static const struct wev_node *generator(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                        uint8_t type, uint64_t path);

struct wev_node *wev_profile_new(struct wev_profile_load *pl, const struct wev_elem *e, enum wev_gen gen, uint8_t type, uint64_t path)
{
    struct wev_node *n = WEV_NEW(pl->load->arena, struct wev_node);
    n->gen = (uint8_t)gen;
    n->type = type;
    n->path = path;
    n->line = e->line;
    n->file = pl->load->file;
    n->cardinality = wev_profile_number(pl, e, "cardinality", 0);
    return n;
}

// ---- the single generators

static void weigh(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_node *n)
{
    uint64_t *weights = WEV_NEW_N(pl->load->arena, n->kid_count, uint64_t);
    size_t m = 0;
    for (const struct wev_elem *k = e->kids; k; k = k->next, m++) {
        weights[m] = wev_profile_number(pl, k, "weight", 1);
        if (weights[m] > UINT32_MAX) { wev_fail(pl->load, WEV_E_SYNTAX, k->line, "a weight above 4294967295"); }
    }
    n->alias = wev_pool_alias(pl, weights, n->kid_count, e->line);
}

static void gen_range(struct wev_profile_load *pl, const struct wev_elem *e, struct wev_node *n)
{
    if (n->gen == WEV_G_INT) {
        n->min = wev_pool_literal(pl, wev_profile_need(pl, e, "min"), n->type, e->line).is.u;
        n->max = wev_pool_literal(pl, wev_profile_need(pl, e, "max"), n->type, e->line).is.u;
        n->step = wev_profile_number(pl, e, "step", 1);
    } else if (n->gen == WEV_G_TIME) {
        n->min = wev_profile_duration(pl, e, "min", 0);
        n->max = wev_profile_duration(pl, e, "max", wev_tree_attr(e, "less").p ? n->min : 36000000000);
        n->step = 1;
    } else {
        n->min = wev_profile_number(pl, e, "min", 1);
        n->max = wev_profile_number(pl, e, "max", n->min);
        n->step = 1;
    }
    bool is_signed = n->gen == WEV_G_INT && wev_type_rows[n->type - 1].lex == WEV_L_INT;
    if (is_signed ? (int64_t)n->min > (int64_t)n->max : n->min > n->max) {
        struct wev_span min = wev_tree_attr(e, "min"), max = wev_tree_attr(e, "max");
        if (!min.p) { min = WEV_SPAN("0s"); }
        if (!max.p) { max = WEV_SPAN("1h"); } // only a time has these defaults
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "min \"%.*s\" is above max \"%.*s\"", (int)min.n, min.p, (int)max.n, max.p);
    }
    if (!n->step) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "step is 0"); }
    n->log = wev_profile_flag(pl, e, "spread", "log", "even");
}

static void gen_sid(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    struct wev_span parent = wev_tree_attr(e, "parent"), prefix = wev_tree_attr(e, "prefix");
    if (!parent.p == !prefix.p) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<sid> needs either prefix or parent"); }
    if (parent.p) {
        n->ref = wev_profile_ref(pl, at, parent, e->line);
        if (n->ref.type != WEV_T_SID) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "\"%.*s\" is not a SID", (int)parent.n, parent.p); }
    } else {
        n->value = wev_pool_literal(pl, prefix, WEV_T_SID, e->line);
    }
    uint64_t random = wev_profile_number(pl, e, "random", 0);
    n->random = random < WEV_SID_SUBS_MAX ? (uint32_t)random : WEV_SID_SUBS_MAX;
    if (wev_profile_sid_name(pl, at, e, n)) { return; }
    struct wev_place inside = *at;
    inside.header = 0;
    const struct wev_node **kids = wev_profile_kids(pl, n, count_kids(e));
    uint32_t k = 0;
    for (const struct wev_elem *kid = e->kids; kid; kid = kid->next, k++) {
        kids[k] = generator(pl, &inside, kid, WEV_T_UINT32, kid_path(n->path, k));
    }
    if ((parent.p ? 1 : n->value.is.sid->count) + n->random + k > WEV_SID_SUBS_MAX) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "a SID of more than 15 sub-authorities");
    }
}

static void gen_switch(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    static const char *const otherwise[] = {"value", "ref", "pattern", NULL};
    size_t count = count_kids(e), k = 0;
    const struct wev_node **kids = wev_profile_kids(pl, n, count);
    struct wev_case *cases = WEV_NEW_N(pl->load->arena, count ? count : 1, struct wev_case);
    for (const struct wev_elem *kid = e->kids; kid; kid = kid->next, k++) {
        bool last = wev_span_is(kid->name, "otherwise");
        if (!last && !wev_span_is(kid->name, "when")) {
            wev_profile_unknown_word(pl, kid->line, "element in switch", kid->name, (const char *const[]){"when", "otherwise"}, 2);
        }
        if (last != !kid->next) { wev_fail(pl->load, WEV_E_SYNTAX, kid->line, "<switch> needs <otherwise>, once and last"); }
        if (last) { wev_tree_only_attrs(pl->load, kid, otherwise); } else { cases[k] = wev_profile_case(pl, at, kid); }
        struct wev_elem holder = *kid; // its own `ref` belongs to the comparison
        struct wev_attribute *attrs = WEV_NEW_N(pl->load->arena, kid->attr_count + 1, struct wev_attribute);
        holder.attrs = attrs;
        holder.attr_count = 0;
        for (size_t m = 0; m < kid->attr_count; m++) {
            if (last || !wev_span_is(kid->attrs[m].name, "ref")) { attrs[holder.attr_count++] = kid->attrs[m]; }
        }
        kids[k] = wev_profile_node(pl, at, &holder, n->type, kid_path(n->path, (uint32_t)k));
    }
    if (!count) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "an empty <switch>"); }
    n->cases = cases;
}

static void gen_refs(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    static const char *const names[][2] = {
        [WEV_G_REF] = {"to", NULL}, [WEV_G_CALC] = {"ref", "plus-ref"}, [WEV_G_KEYFILE] = {"key", "machine"},
        [WEV_G_SEQUENCE] = {"from", NULL}, [WEV_G_TIME] = {"before", "less"},
        [WEV_G_PERIOD] = {"of", "phase"}, [WEV_G_SINCE] = {"of", "phase"}};
    n->ref = wev_profile_ref(pl, at, wev_profile_need(pl, e, names[n->gen][0]), e->line);
    struct wev_span second = names[n->gen][1] ? wev_tree_attr(e, names[n->gen][1]) : (struct wev_span){NULL, 0};
    if (n->gen == WEV_G_KEYFILE) { second = wev_profile_need(pl, e, "machine"); }
    if (second.p) { n->plus_ref = wev_profile_ref(pl, at, second, e->line); }
    bool time = n->gen == WEV_G_TIME || n->gen == WEV_G_PERIOD || n->gen == WEV_G_SINCE, is_number = n->gen == WEV_G_CALC || n->gen == WEV_G_SEQUENCE;
    if (time && wev_type_rows[n->ref.type - 1].lex != WEV_L_TIME) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%s names no time", names[n->gen][0]); }
    if (time && second.p && !wev_profile_is_integer(n->plus_ref.type)) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "%s names no number", names[n->gen][1]);
    }
    if (is_number && (!wev_profile_is_integer(n->ref.type) || (second.p && !wev_profile_is_integer(n->plus_ref.type)))) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> names no number", (int)e->name.n, e->name.p);
    }
    if (n->gen == WEV_G_KEYFILE && (!wev_profile_is_text(n->ref.type) || !wev_profile_is_text(n->plus_ref.type))) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<keyfile> names no text");
    }
}

// What is not text becomes text by being the one part of a pattern.
static const struct wev_node *as_text(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, uint8_t type,
                                      uint64_t path, uint8_t inner)
{
    struct wev_node *n = WEV_NEW(pl->load->arena, struct wev_node);
    struct wev_place inside = *at;
    inside.header = 0;
    n->gen = WEV_G_PATTERN;
    n->type = type;
    n->path = path;
    n->line = e->line;
    wev_profile_kids(pl, n, 1)[0] = generator(pl, &inside, e, inner, path);
    return n;
}

static void gen_choice(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    size_t count = count_kids(e);
    if (!count) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "an empty <choice>"); }
    const struct wev_node **kids = wev_profile_kids(pl, n, count);
    uint32_t k = 0;
    for (const struct wev_elem *kid = e->kids; kid; kid = kid->next, k++) { kids[k] = generator(pl, at, kid, n->type, kid_path(n->path, k)); }
    weigh(pl, e, n);
}

// Kids stand in the order of the index, each for its share of the entity.
static void gen_shares(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    if (!at->entity) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<shares> is for entities"); }
    gen_choice(pl, at, e, n);
    uint64_t *weights = WEV_NEW_N(pl->load->arena, n->kid_count, uint64_t), total = 0;
    size_t k = 0;
    for (const struct wev_elem *kid = e->kids; kid; kid = kid->next, k++) {
        weights[k] = wev_profile_number(pl, kid, "weight", 1);
        total += weights[k];
        if (n->kids[k]->gen != WEV_G_VALUE) { wev_fail(pl->load, WEV_E_SYNTAX, kid->line, "<shares> holds <value> alone"); }
    }
    if (!total || total > UINT32_MAX) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "the weights' sum is not 1 to 4294967295"); }
    n->weights = weights;
}

static void gen_period(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    gen_refs(pl, at, e, n);
    n->step = wev_profile_duration(pl, e, "every", 864000000000);
    if (!n->step) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "every is 0"); }
}

static void gen_pool(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, struct wev_node *n)
{
    struct wev_span column = wev_tree_attr(e, "column");
    struct wev_pool pool = wev_pool_load(pl, wev_profile_need(pl, e, "file"), column.p ? column : WEV_SPAN("value"), n->type, false, e->line);
    n->values = pool.values;
    n->alias = pool.alias;
    n->value_count = pool.count;
    n->unique = wev_profile_flag(pl, e, "unique", "yes", "no");
    n->radix = 1;
    if (n->unique && !at->entity) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "unique is for entities"); }
}

static void wrong_type(struct wev_profile_load *pl, const struct wev_elem *e, uint8_t type)
{
    wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> cannot give a %s", (int)e->name.n, e->name.p, wev_type_rows[type - 1].name);
}

// A misspelt attribute would silently leave its default, a misplaced element would silently do nothing.
static void check_spelling(struct wev_profile_load *pl, const struct wev_elem *e, enum wev_gen gen)
{
    static const char *const own[][6] = {
        [WEV_G_POOL] = {"file", "column", "unique"}, [WEV_G_PATTERN] = {"text"}, [WEV_G_INT] = {"min", "max", "step", "spread"},
        [WEV_G_TEXT] = {"min", "max", "alphabet"}, [WEV_G_GUID] = {"case", "braces"}, [WEV_G_SID] = {"prefix", "parent", "random", "name", "case"},
        [WEV_G_TIME] = {"before", "min", "max", "spread", "digits", "less"}, [WEV_G_REF] = {"to"},
        [WEV_G_CALC] = {"ref", "times", "plus", "plus-ref", "modulo"}, [WEV_G_KEYFILE] = {"key", "machine", "store"},
        [WEV_G_CLOCK] = {"digits"}, [WEV_G_SEQUENCE] = {"from"}, [WEV_G_ABSENT] = {NULL},
        [WEV_G_SHARES] = {NULL}, [WEV_G_AMONG] = {"entity", "attr", "is"}, [WEV_G_PERIOD] = {"of", "every", "phase"},
        [WEV_G_SINCE] = {"of", "every", "phase"}};
    const char *allowed[10] = {"weight", "source", "cardinality"};
    for (size_t k = 0; k < 6; k++) { allowed[3 + k] = own[gen][k]; }
    wev_tree_only_attrs(pl->load, e, allowed);
    bool inner = gen == WEV_G_CHOICE || gen == WEV_G_SHARES || gen == WEV_G_SWITCH || gen == WEV_G_SID || gen == WEV_G_PATTERN;
    if (!inner && e->kids) {
        wev_fail(pl->load, WEV_E_SYNTAX, e->kids->line, "<%.*s> holds no element, it has <%.*s>", (int)e->name.n, e->name.p,
                 (int)(e->kids->name.n > 100 ? 100 : e->kids->name.n), e->kids->name.p);
    }
}

static void check_header(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e, int header)
{
    if (at->header == header) { return; }
    wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<%.*s> is for the header %s", (int)e->name.n, e->name.p, wev_header_names[header - 1]);
}

static const struct wev_node *generator(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                        uint8_t type, uint64_t path)
{
    static const uint8_t inner[] = {[WEV_G_INT] = WEV_T_UINT64, [WEV_G_CALC] = WEV_T_UINT64, [WEV_G_SID] = WEV_T_SID,
                                    [WEV_G_TIME] = WEV_T_FILETIME, [WEV_G_CLOCK] = WEV_T_FILETIME,
                                    [WEV_G_PERIOD] = WEV_T_UINT64, [WEV_G_SINCE] = WEV_T_FILETIME};
    static const uint8_t gens[] = {WEV_G_VALUE, WEV_G_CHOICE, WEV_G_POOL, WEV_G_PATTERN, WEV_G_INT, WEV_G_TEXT, WEV_G_GUID, WEV_G_SID,
                                   WEV_G_TIME, WEV_G_REF, WEV_G_SWITCH, WEV_G_CALC, WEV_G_KEYFILE, WEV_G_CLOCK, WEV_G_SEQUENCE, WEV_G_ABSENT,
                                   WEV_G_SHARES, WEV_G_AMONG, WEV_G_PERIOD, WEV_G_SINCE};
    size_t g = 0;
    while (g < WEV_COUNT(generators) && !wev_span_is(e->name, generators[g])) { g++; }
    if (g == WEV_COUNT(generators)) { wev_profile_unknown_word(pl, e->line, "generator", e->name, generators, WEV_COUNT(generators)); }
    enum wev_gen gen = (enum wev_gen)gens[g];
    check_spelling(pl, e, gen);
    if (wev_profile_is_text(type) && gen < WEV_COUNT(inner) && inner[gen]) { return as_text(pl, at, e, type, path, inner[gen]); }
    if (gen == WEV_G_PATTERN) {
        struct wev_span text = wev_tree_attr(e, "text");
        return wev_profile_pattern(pl, at, e, text.p ? text : e->text, type, path);
    }
    struct wev_node *n = wev_profile_new(pl, e, gen, type, path);
    switch (gen) {
    case WEV_G_VALUE: n->value = wev_pool_literal(pl, e->text, type, e->line); break;
    case WEV_G_CHOICE: gen_choice(pl, at, e, n); break;
    case WEV_G_POOL: gen_pool(pl, at, e, n); break;
    case WEV_G_INT:
        if (!wev_profile_is_integer(type)) { wrong_type(pl, e, type); }
        gen_range(pl, e, n);
        break;
    case WEV_G_TEXT:
        if (!wev_profile_is_text(type)) { wrong_type(pl, e, type); }
        gen_range(pl, e, n);
        n->value = wev_pool_literal(pl, wev_profile_need(pl, e, "alphabet"), type, e->line);
        if (!n->value.n || n->max > 4096) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<text> needs an alphabet and at most 4096 characters"); }
        break;
    case WEV_G_GUID:
        if (!wev_profile_is_text(type) && type != WEV_T_GUID) { wrong_type(pl, e, type); }
        n->fold = wev_profile_flag(pl, e, "case", "upper", "lower") ? WEV_FOLD_UPPER : WEV_FOLD_NONE;
        n->braces = wev_profile_flag(pl, e, "braces", "yes", "no");
        break;
    case WEV_G_SID:
        if (type != WEV_T_SID) { wrong_type(pl, e, type); }
        gen_sid(pl, at, e, n);
        break;
    case WEV_G_TIME:
        if (type != WEV_T_FILETIME && type != WEV_T_SYSTEMTIME) { wrong_type(pl, e, type); }
        gen_range(pl, e, n);
        gen_refs(pl, at, e, n);
        n->digits = (uint8_t)wev_profile_number(pl, e, "digits", 0);
        break;
    case WEV_G_REF:
        gen_refs(pl, at, e, n);
        if (wev_profile_is_text(type) ? n->ref.type == WEV_T_BINARY : !wev_profile_same_kind(type, n->ref.type)) { wrong_type(pl, e, type); }
        break;
    case WEV_G_SWITCH: gen_switch(pl, at, e, n); break;
    case WEV_G_CALC:
        if (!wev_profile_is_integer(type)) { wrong_type(pl, e, type); }
        gen_refs(pl, at, e, n);
        n->times = wev_profile_number(pl, e, "times", 1);
        n->plus = wev_profile_number(pl, e, "plus", 0);
        n->modulo = wev_profile_number(pl, e, "modulo", 0);
        break;
    case WEV_G_KEYFILE:
        if (!wev_profile_is_text(type)) { wrong_type(pl, e, type); }
        gen_refs(pl, at, e, n);
        n->wide = wev_profile_flag(pl, e, "store", "cng", "capi");
        break;
    case WEV_G_CLOCK:
        check_header(pl, at, e, WEV_H_TIME + 1);
        n->digits = (uint8_t)wev_profile_number(pl, e, "digits", 7);
        if (n->digits > 9) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "a second has at most 9 digits"); }
        break;
    case WEV_G_SEQUENCE:
        check_header(pl, at, e, WEV_H_RECORD_ID + 1);
        gen_refs(pl, at, e, n);
        break;
    case WEV_G_ABSENT:
        if (!at->header) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "<absent> is for headers"); }
        break;
    case WEV_G_SHARES: gen_shares(pl, at, e, n); break;
    case WEV_G_AMONG: wev_profile_among(pl, e, n); break;
    case WEV_G_PERIOD:
        if (!wev_profile_is_integer(type)) { wrong_type(pl, e, type); }
        gen_period(pl, at, e, n);
        break;
    case WEV_G_SINCE:
        if (type != WEV_T_FILETIME && type != WEV_T_SYSTEMTIME) { wrong_type(pl, e, type); }
        gen_period(pl, at, e, n);
        break;
    case WEV_G_AUTO: case WEV_G_PATTERN: case WEV_G_RECORD: case WEV_G_PINNED: break;
    }
    return n;
}

const struct wev_node *wev_profile_node(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *holder,
                                        uint8_t type, uint64_t path)
{
    struct wev_span value = wev_tree_attr(holder, "value"), ref = wev_tree_attr(holder, "ref"), text = wev_tree_attr(holder, "pattern");
    const struct wev_elem *kid = holder->kids;
    while (kid && wev_span_is(kid->name, "if")) { kid = kid->next; }
    unsigned ways = (value.p ? 1u : 0u) + (ref.p ? 1u : 0u);
    if (text.p && !ref.p && !value.p) { return wev_profile_pattern(pl, at, holder, text, type, path); }
    if (ways + (kid ? 1u : 0u) != 1 || text.p) {
        wev_fail(pl->load, WEV_E_SYNTAX, holder->line, "<%.*s> needs one generator: value, ref, pattern or one element inside",
                 (int)holder->name.n, holder->name.p);
    }
    if (kid) {
        for (const struct wev_elem *k = kid->next; k; k = k->next) {
            if (!wev_span_is(k->name, "if")) {
                wev_fail(pl->load, WEV_E_SYNTAX, k->line, "<%.*s> holds more than one generator", (int)holder->name.n, holder->name.p);
            }
        }
        return generator(pl, at, kid, type, path);
    }
    struct wev_elem one = *holder; // the shorthand as the element that it stands for
    struct wev_attribute to = {WEV_SPAN("to"), ref};
    one.name = ref.p ? WEV_SPAN("ref") : WEV_SPAN("value");
    one.text = value;
    one.attrs = &to;
    one.kids = NULL;
    one.attr_count = ref.p ? 1 : 0;
    return generator(pl, at, &one, type, path);
}

const struct wev_node *wev_profile_pick(struct wev_profile_load *pl, const struct wev_place *at, const struct wev_elem *e,
                                        uint64_t path, const struct wev_elem **records, uint32_t *count)
{
    static const char *const allowed[] = {"weight", "source", NULL};
    struct wev_node *n = wev_profile_new(pl, e, WEV_G_RECORD, WEV_T_UINT64, path);
    wev_tree_only_attrs(pl->load, e, allowed);
    if (wev_span_is(e->name, "record")) {
        if (*count == KIDS_MAX) { wev_fail(pl->load, WEV_E_LIMIT, e->line, "more than %d records", (int)KIDS_MAX); }
        n->ordinal = *count;
        records[(*count)++] = e;
        return n;
    }
    size_t kids = count_kids(e), k = 0;
    bool choice = wev_span_is(e->name, "choice");
    if (!choice && !wev_span_is(e->name, "switch")) {
        wev_profile_unknown_word(pl, e->line, "element in let", e->name, (const char *const[]){"choice", "switch", "record"}, 3);
    }
    if (!kids) { wev_fail(pl->load, WEV_E_SYNTAX, e->line, "an empty <%.*s>", (int)e->name.n, e->name.p); }
    const struct wev_node **out = wev_profile_kids(pl, n, kids);
    struct wev_case *cases = WEV_NEW_N(pl->load->arena, kids, struct wev_case);
    n->gen = choice ? WEV_G_CHOICE : WEV_G_SWITCH;
    for (const struct wev_elem *kid = e->kids; kid; kid = kid->next, k++) {
        const struct wev_elem *inner = kid;
        if (!choice) {
            bool last = wev_span_is(kid->name, "otherwise");
            if ((!last && !wev_span_is(kid->name, "when")) || last != !kid->next) {
                wev_fail(pl->load, WEV_E_SYNTAX, kid->line, "<switch> holds <when>…, then one <otherwise>");
            }
            if (!last) { cases[k] = wev_profile_case(pl, at, kid); }
            for (inner = kid->kids; inner && wev_span_is(inner->name, "if");) { inner = inner->next; }
            if (!inner) { wev_fail(pl->load, WEV_E_SYNTAX, kid->line, "an empty <%.*s>", (int)kid->name.n, kid->name.p); }
        }
        out[k] = wev_profile_pick(pl, at, inner, kid_path(path, (uint32_t)k), records, count);
    }
    if (choice) { weigh(pl, e, n); } else { n->cases = cases; }
    return n;
}
