// Evaluates one event: chooses it, and gives every header and field its value. No I/O, no malloc, no
// floating point; what it needs lies in struct wev_state and is gone with the event.
#include "gen/plan.h"

#include "gen/md5.h"
#include "gen/text.h"

#include <string.h>

enum {
    TRIES = 8,                // draws of a host before the next ones are walked to
    STEP_100NS = 27000000,    // mean distance of two units: 2.7 s
    RECORD_STEP = 3,          // record ids leave gaps for the events that are not made
    KIDS_MAX = 64,
    KEY_NAME_MAX = 1024,          // of a key container
    SIBLINGS_MAX = 1024,      // fields of one level, as the loader bounds them
    REPEAT_MAX = 64,          // of an array whose count is a number
};

// Paths of the draws that no profile names. Odd constants without meaning; no two alike.
#define PATH_GROUP 0x9fb21c651e98df25u
#define PATH_TIME 0xc2b2ae3d27d4eb4fu
#define PATH_RECORD 0x165667b19e3779f9u

// Reached from eval by a tail call alone: kept apart, so that the common kinds pay for no other's registers.
#define CALLED __attribute__((noinline))

static struct wev_value eval(struct wev_state *st, const struct wev_step *op);

// A slot that nobody has evaluated yet.
CALLED static struct wev_value late(struct wev_state *st, unsigned s)
{
    struct wev_value v = eval(st, st->base[s / WEV_LOCAL] + s % WEV_LOCAL);
    st->mark[s] = st->now;
    st->value[s] = v;
    return v;
}

static inline struct wev_value slot(struct wev_state *st, unsigned s)
{
    return __builtin_expect(st->mark[s] == st->now, 1) ? st->value[s] : late(st, s);
}

static inline uint64_t number_at(struct wev_state *st, unsigned s)
{
    return __builtin_expect(st->mark[s] == st->now, 1) ? st->value[s].is.u : late(st, s).is.u;
}

// A draw from the tape, or one of a repetition.
CALLED static uint64_t draw_special(struct wev_state *st, const struct wev_step *op, uint64_t n)
{
    if (st->choice.tape) { return wev_choice_tape(st->choice.tape); }
    uint64_t who = op->scope < WEV_SLOT_FIRST ? st->who[op->scope] : wev_choice_who(st->choice.seed, number_at(st, op->scope));
    return wev_choice_join(who, wev_choice_where(op->path + st->salt, n));
}

static inline uint64_t draw(struct wev_state *st, const struct wev_step *op, uint64_t n)
{
    if (__builtin_expect(st->special, 0)) { return draw_special(st, op, n); }
    uint64_t who = op->scope < WEV_SLOT_FIRST ? st->who[op->scope] : wev_choice_who(st->choice.seed, number_at(st, op->scope));
    return wev_choice_join(who, n == 0 ? op->where : wev_choice_where(op->path, n));
}

static inline uint64_t draw_of_unit(struct wev_state *st, uint64_t path)
{
    if (__builtin_expect(st->choice.tape != NULL, 0)) { return wev_choice_tape(st->choice.tape); }
    return wev_choice_join(st->who[0], wev_choice_where(path, 0));
}

static inline uint32_t by_weight(uint64_t d, const struct wev_alias *alias, uint32_t count)
{
    uint32_t k = (uint32_t)wev_choice_below(d, count);
    const struct wev_alias *a = &alias[k];
    uint32_t kept = ((uint32_t)d < a->keep) | (a->keep == UINT32_MAX);
    return a->other ^ ((k ^ a->other) & (0 - kept)); // no branch: nothing can predict it
}

static bool is_text(uint8_t type)
{
    return type == WEV_T_UNICODE_STRING || type == WEV_T_ANSI_STRING;
}

static struct wev_value number(const struct wev_step *op, uint64_t u)
{
    return (struct wev_value){.type = op->type, .is.u = u};
}

// ---- texts

static void fold_text(char *p, size_t n, uint8_t fold)
{
    for (size_t k = 0; k < n && fold; k++) {
        if (fold == WEV_FOLD_LOWER && p[k] >= 'A' && p[k] <= 'Z') { p[k] = (char)(p[k] | 0x20); }
        if (fold == WEV_FOLD_UPPER && p[k] >= 'a' && p[k] <= 'z') { p[k] = (char)(p[k] & ~0x20); }
    }
}

static struct wev_value text_done(struct wev_state *st, const struct wev_step *op, char *from, uint8_t flags)
{
    struct wev_value v = {.type = op->type, .flags = flags, .n = (uint32_t)(st->at - from), .is.text = from};
    return v;
}

// A value that is not text, spelled as the default of its type.
static char *spell(char *p, const struct wev_value *v, unsigned width)
{
    switch (v->type) {
    case WEV_T_GUID:
        return wev_text_guid(p, v->is.guid, v->flags & WEV_F_UPPER ? WEV_TEXT_UPPER : WEV_TEXT_LOWER);
    case WEV_T_SID: return wev_text_sid(p, v->is.sid);
    case WEV_T_FILETIME: case WEV_T_SYSTEMTIME: return wev_text_time(p, v->is.u, v->digits, "");
    case WEV_T_HEX_INT32: case WEV_T_HEX_INT64: case WEV_T_POINTER: return wev_text_hex(p, v->is.u, WEV_TEXT_LOWER);
    case WEV_T_INT8: case WEV_T_INT16: case WEV_T_INT32: case WEV_T_INT64: return wev_text_i64(p, v->is.i);
    default: return width ? wev_text_padded(p, v->is.u, width) : wev_text_u64(p, v->is.u);
    }
}

static uint8_t append(struct wev_state *st, const struct wev_step *op, const struct wev_value *v)
{
    char *from = st->at;
    uint8_t plain = WEV_F_PLAIN;
    if (is_text(v->type) || v->type == WEV_T_FLOAT || v->type == WEV_T_DOUBLE) {
        memcpy(from, v->is.text, v->n);
        st->at += v->n;
        plain = v->flags & WEV_F_PLAIN;
    } else {
        st->at = spell(from, v, op->width);
    }
    if (op->fold) { fold_text(from, (size_t)(st->at - from), op->fold); }
    return plain;
}

// All kids first, then their texts in one piece: a kid's own scratch must not stand between them.
CALLED static struct wev_value eval_pattern(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value part[KIDS_MAX];
    uint32_t count = op->count < KIDS_MAX ? op->count : KIDS_MAX;
    for (uint32_t k = 0; k < count; k++) { part[k] = eval(st, &op->kids[k]); }
    char *from = st->at;
    uint8_t plain = WEV_F_PLAIN;
    for (uint32_t k = 0; k < count; k++) { plain &= append(st, &op->kids[k], &part[k]); }
    if (op->fold) { fold_text(from, (size_t)(st->at - from), op->fold); }
    return text_done(st, op, from, plain);
}

CALLED static struct wev_value eval_to_text(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v = slot(st, op->slot);
    char *from = st->at;
    uint8_t plain = append(st, op, &v);
    return text_done(st, op, from, plain);
}

CALLED static struct wev_value eval_text(struct wev_state *st, const struct wev_step *op)
{
    uint64_t n = op->is.range.min + wev_choice_below(draw(st, op, 0), op->is.range.steps + 1);
    char *from = st->at;
    for (uint64_t k = 0; k < n; k++) { *st->at++ = op->text.is.text[wev_choice_below(draw(st, op, k + 1), op->text.n)]; }
    return text_done(st, op, from, op->text.flags & WEV_F_PLAIN);
}

// ---- numbers, times, ids

static inline uint64_t span_draw(uint64_t d, uint64_t steps) // 0 to steps
{
    return steps == UINT64_MAX ? d : wev_choice_below(d, steps + 1);
}

static inline uint64_t steps_of(struct wev_state *st, const struct wev_step *op)
{
    uint64_t steps = op->is.range.steps;
    if (op->log && steps > 0) { // every order of magnitude alike: draw the number of bits, then the number
        unsigned bits = 64u - (unsigned)__builtin_clzll(steps);
        unsigned b = (unsigned)wev_choice_below(draw(st, op, 1), bits + 1);
        uint64_t top = b >= 64 ? UINT64_MAX : (1ull << b) - 1;
        steps = top < steps ? top : steps;
    }
    return span_draw(draw(st, op, 0), steps);
}

CALLED static uint64_t eval_range(struct wev_state *st, const struct wev_step *op)
{
    return op->is.range.min + op->is.range.step * steps_of(st, op);
}

CALLED static struct wev_value eval_time(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v = slot(st, op->slot);
    uint64_t back = eval_range(st, op) + (op->slot2 ? number_at(st, op->slot2) : 0);
    v.type = op->type;
    v.is.u = back < v.is.u ? v.is.u - back : 0;
    if (op->digits) { v.digits = op->digits; }
    return v;
}

static inline struct wev_value eval_clock(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v = number(op, st->frame.time);
    if (!st->plan->world) {
        uint64_t jitter = wev_choice_below(draw_of_unit(st, PATH_TIME), STEP_100NS);
        v.is.u = st->plan->start_100ns + st->unit * STEP_100NS + jitter;
    }
    v.digits = op->digits ? op->digits : 7;
    return v;
}

static inline struct wev_value eval_sequence(struct wev_state *st, const struct wev_step *op)
{
    if (st->plan->world) { return number(op, slot(st, op->slot).is.u + st->frame.record); }
    uint64_t jitter = wev_choice_below(draw_of_unit(st, PATH_RECORD), RECORD_STEP);
    return number(op, slot(st, op->slot).is.u + st->unit * RECORD_STEP + jitter);
}

static void align(struct wev_state *st)
{
    st->at += -(uintptr_t)st->at & 7;
}

CALLED static struct wev_value eval_guid(struct wev_state *st, const struct wev_step *op)
{
    struct wev_guid g;
    uint64_t half[2] = {draw(st, op, 0), draw(st, op, 1)};
    wev_text_store((char *)g.byte, half[0]);
    wev_text_store((char *)g.byte + 8, half[1]);
    g.byte[6] = (uint8_t)(0x40 | (g.byte[6] & 0x0f)); // RFC 4122 version 4, variant 1
    g.byte[8] = (uint8_t)(0x80 | (g.byte[8] & 0x3f));
    if (!is_text(op->type)) { align(st); }
    char *from = st->at;
    if (!is_text(op->type)) {
        memcpy(from, &g, sizeof(g));
        st->at += sizeof(g);
        return (struct wev_value){.type = op->type, .flags = op->fold == WEV_FOLD_UPPER ? WEV_F_UPPER : 0,
                                  .is.guid = (const struct wev_guid *)(const void *)from};
    }
    if (op->braces) { *st->at++ = '{'; }
    st->at = wev_text_guid(st->at, &g, op->fold == WEV_FOLD_UPPER ? WEV_TEXT_UPPER : WEV_TEXT_LOWER);
    if (op->braces) { *st->at++ = '}'; }
    return text_done(st, op, from, WEV_F_PLAIN);
}

CALLED static struct wev_value eval_sid(struct wev_state *st, const struct wev_step *op)
{
    const struct wev_sid *base = op->slot ? slot(st, op->slot).is.sid : op->text.is.sid;
    struct wev_sid s = *base;
    for (uint32_t k = 0; k < op->is.pick.random && s.count < WEV_SID_SUBS_MAX; k++) {
        s.sub[s.count++] = (uint32_t)(draw(st, op, k) >> 32);
    }
    for (uint32_t k = 0; k < op->count && s.count < WEV_SID_SUBS_MAX; k++) {
        s.sub[s.count++] = (uint32_t)eval(st, &op->kids[k]).is.u;
    }
    align(st);
    struct wev_sid *out = (struct wev_sid *)(void *)st->at;
    *out = s;
    st->at += sizeof(s);
    return (struct wev_value){.type = op->type, .is.sid = out};
}

// The container's file name: MD5 over the lower-case key name and its NUL (UTF-16LE for CNG, bytes for CAPI),
// the digest as four little-endian numbers, then the machine's Guid. Holds on nine recorded pairs (OTRF
// Security-Datasets, omerbenamram/evtx).
static void compute_keyfile(const struct wev_value *key, bool wide, char out[32])
{
    uint8_t name[2 * (KEY_NAME_MAX + 1)];
    size_t n = 0;
    for (uint32_t k = 0; k < key->n && k < KEY_NAME_MAX; k++) {
        char c = key->is.text[k];
        name[n++] = (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        if (wide) { name[n++] = 0; }
    }
    name[n++] = 0;
    if (wide) { name[n++] = 0; }
    uint8_t digest[16], turned[16];
    wev_md5(name, n, digest);
    for (unsigned k = 0; k < 16; k++) { turned[k] = digest[(k & ~3u) + 3 - (k & 3)]; }
    wev_text_bytes(out, turned, 16, WEV_TEXT_LOWER);
}

CALLED static struct wev_value eval_keyfile(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value key = slot(st, op->slot), machine = slot(st, op->slot2);
    char *from = st->at;
    st->at += 32;
    if (key.n == 0 || key.n > WEV_KEY_MAX) {
        compute_keyfile(&key, op->wide, from);
    } else {
        struct wev_key *seen = &st->keys[XXH3_64bits(key.is.text, key.n) % WEV_KEYS];
        if (seen->n != key.n || seen->wide != op->wide || memcmp(seen->name, key.is.text, key.n) != 0) {
            compute_keyfile(&key, op->wide, seen->file);
            memcpy(seen->name, key.is.text, key.n);
            seen->n = (uint8_t)key.n;
            seen->wide = op->wide;
        }
        memcpy(from, seen->file, sizeof(seen->file));
    }
    *st->at++ = '_';
    uint8_t plain = append(st, &(struct wev_step){.fold = WEV_FOLD_NONE}, &machine);
    return text_done(st, op, from, plain);
}

// ---- choices

CALLED static struct wev_value eval_link(struct wev_state *st, const struct wev_step *op)
{
    uint64_t count = op->is.range.steps;
    if (op->kids) {
        uint64_t u = eval(st, op->kids).is.u;
        return number(op, u < count ? u : u % count);
    }
    if (op->scope) { return number(op, wev_choice_below(draw(st, op, 0), count)); }
    uint64_t n = st->attempt < TRIES ? st->attempt : TRIES - 1;
    return number(op, (wev_choice_below(draw(st, op, n), count) + (st->attempt - n)) % count);
}

// Row for index k so that no row repeats before all are used, and pools of one attribute do not march in
// step: digit k / radix, turned by a draw that belongs to the digits below it. 7919 is prime.
CALLED static struct wev_value eval_nth(struct wev_state *st, const struct wev_step *op)
{
    uint64_t index = slot(st, op->scope).is.u, radix = op->is.pool.radix;
    uint64_t turn = wev_choice_draw(&st->choice, index % radix, op->path, 0) >> 32;
    uint64_t digit = index / radix % op->count;
    uint64_t spread = op->count % 7919u ? 7919u : 1u;
    return op->is.pool.values[(digit * spread + turn) % op->count];
}

CALLED static struct wev_value eval_shares(struct wev_state *st, const struct wev_step *op)
{
    uint64_t index = number_at(st, op->scope);
    uint32_t k = 0;
    while (k + 1 < op->count && index >= op->is.shares.until[k]) { k++; }
    return op->is.shares.values[k];
}

CALLED static struct wev_value eval_pinned(struct wev_state *st, const struct wev_step *op)
{
    uint64_t index = number_at(st, op->scope), at = index - op->is.pinned.low;
    if (index >= op->is.pinned.low && index < op->is.pinned.high && at < op->is.pinned.count) { return op->is.pinned.values[at]; }
    return eval(st, op->kids);
}

// Which period a time lies in, or when that one began.
CALLED static struct wev_value eval_period(struct wev_state *st, const struct wev_step *op)
{
    uint64_t late = (op->slot2 ? number_at(st, op->slot2) * WEV_SECOND : 0) - op->is.period.plus;
    uint64_t n = (number_at(st, op->slot) - late) / op->is.period.step;
    struct wev_value v = number(op, op->gen == WEV_G_PERIOD ? n : n * op->is.period.step + late);
    v.digits = 7;
    return v;
}

static bool holds(struct wev_state *st, const struct wev_compare *c)
{
    if (c->known) { return c->known[slot(st, c->right).is.u]; }
    if (c->number) { return (slot(st, c->left).is.u == c->values[0].is.u) == (c->op == WEV_OP_EQ); }
    struct wev_value left = slot(st, c->left), right = c->right ? slot(st, c->right) : c->values[0];
    return wev_compare_holds(c, &left, &right);
}

static bool all_hold(struct wev_state *st, const struct wev_test *t)
{
    for (uint32_t k = 0; k < t->count; k++) {
        if (!holds(st, &t->compares[k])) { return false; }
    }
    return true;
}

CALLED static struct wev_value eval_switch(struct wev_state *st, const struct wev_step *op)
{
    uint32_t k = 0;
    while (k + 1 < op->count && !all_hold(st, &op->tests[k])) { k++; }
    return eval(st, &op->kids[k]);
}

// ---- values from the inType alone

static const char *const words[] = {"alpha", "bravo", "Service", "contoso", "device", "Default", "update", "kilo"};

static struct wev_value auto_text(struct wev_state *st, const struct wev_step *op, const struct wev_field *f)
{
    char *from = st->at;
    uint64_t d = draw(st, op, 0);
    if (f->length.kind != WEV_X_NONE) { // exactly that many characters; long constants stay short: length is a maximum
        uint64_t n = f->length.kind == WEV_X_CONST ? f->length.n : slot(st, op->slot).is.u;
        for (uint64_t k = 0; k < n && k < 64; k++) { *st->at++ = (char)('a' + (d >> (k % 56)) % 26); }
        return text_done(st, op, from, WEV_F_PLAIN);
    }
    const char *word = words[d >> 61];
    memcpy(from, word, strlen(word));
    st->at += strlen(word);
    *st->at++ = '-';
    st->at = wev_text_u64(st->at, d & 0xffff);
    return text_done(st, op, from, WEV_F_PLAIN);
}

static struct wev_value auto_binary(struct wev_state *st, const struct wev_step *op, const struct wev_field *f)
{
    uint64_t n = wev_choice_below(draw(st, op, 0), 17);
    if (f->length.kind == WEV_X_CONST) { n = f->length.n; }
    if (f->length.kind == WEV_X_FIELD) { n = slot(st, op->slot).is.u; }
    if (f->lex == WEV_L_IPV6) { n = 16; }
    if (f->lex == WEV_L_SOCKADDR) { n = 16; }
    n = n < 64 ? n : 64;
    uint8_t *b = (uint8_t *)st->at;
    for (uint64_t k = 0; k < n; k++) { b[k] = (uint8_t)(draw(st, op, 1 + k / 8) >> (8 * (k & 7))); }
    if (f->lex == WEV_L_SOCKADDR) { // sockaddr_in: family 2 little-endian, port big-endian, address, eight zeros
        b[0] = 2;
        b[1] = 0;
        memset(b + 8, 0, 8);
    }
    st->at += n;
    return (struct wev_value){.type = op->type, .n = (uint32_t)n, .is.bin = b};
}

static uint64_t auto_number(struct wev_state *st, const struct wev_step *op, const struct wev_field *f)
{
    uint64_t d = draw(st, op, 0);
    if (f->is_extent) { return wev_choice_below(d, 9); }
    if (f->map && f->map->count) { return f->map->entries[wev_choice_below(d, f->map->count)].value; }
    return d;
}

static struct wev_value auto_float(struct wev_state *st, const struct wev_step *op)
{
    char *from = st->at;
    uint64_t d = draw(st, op, 0);
    st->at = wev_text_i64(st->at, (int64_t)(d >> 48) - 32768);
    *st->at++ = '.';
    *st->at++ = "05"[d & 1];
    return text_done(st, op, from, WEV_F_PLAIN);
}

CALLED static struct wev_value eval_auto(struct wev_state *st, const struct wev_step *op)
{
    static const struct wev_sid user = {5, 5, {21, 0, 0, 0, 0}};
    static const struct wev_field none = {.lex = WEV_L_TEXT};
    const struct wev_field *f = op->is.field ? op->is.field : &none;
    struct wev_value v = {.type = op->type};
    switch ((enum wev_type)op->type) {
    case WEV_T_UNICODE_STRING: case WEV_T_ANSI_STRING: return auto_text(st, op, f);
    case WEV_T_INT8: v.is.i = (int8_t)auto_number(st, op, f); return v;
    case WEV_T_INT16: v.is.i = (int16_t)auto_number(st, op, f); return v;
    case WEV_T_INT32: v.is.i = (int32_t)auto_number(st, op, f); return v;
    case WEV_T_UINT8: v.is.u = (uint8_t)auto_number(st, op, f); return v;
    case WEV_T_UINT16: v.is.u = (uint16_t)auto_number(st, op, f); return v;
    case WEV_T_UINT32: case WEV_T_HEX_INT32: v.is.u = (uint32_t)auto_number(st, op, f); return v;
    case WEV_T_INT64: case WEV_T_UINT64: case WEV_T_HEX_INT64: case WEV_T_POINTER:
        v.is.u = auto_number(st, op, f);
        return v;
    case WEV_T_BOOLEAN: v.is.u = draw(st, op, 0) >> 63; return v;
    case WEV_T_FLOAT: case WEV_T_DOUBLE: return auto_float(st, op);
    case WEV_T_BINARY: return auto_binary(st, op, f);
    case WEV_T_GUID: return eval_guid(st, op);
    case WEV_T_FILETIME: case WEV_T_SYSTEMTIME:
        v.is.u = (st->plan->world ? st->frame.time : st->plan->start_100ns + st->unit * STEP_100NS) - wev_choice_below(draw(st, op, 0), 864000000000u);
        v.digits = 7;
        return v;
    case WEV_T_SID: {
        align(st);
        struct wev_sid *s = (struct wev_sid *)(void *)st->at;
        *s = user;
        for (unsigned k = 1; k < 4; k++) { s->sub[k] = (uint32_t)(draw(st, op, k) >> 32); }
        s->sub[4] = 1000 + (uint32_t)wev_choice_below(draw(st, op, 4), 9000);
        st->at += sizeof(*s);
        v.is.sid = s;
        return v;
    }
    case WEV_T_NULL: case WEV_T_COUNT: break;
    }
    return v;
}

CALLED static struct wev_value eval_calc(struct wev_state *st, const struct wev_step *op)
{
    uint64_t u = slot(st, op->slot).is.u * op->is.calc.times + op->is.calc.plus;
    if (op->slot2) { u += slot(st, op->slot2).is.u; }
    return number(op, op->is.calc.modulo ? u % op->is.calc.modulo : u);
}

// The rare kinds, each a call.
CALLED static struct wev_value eval_rare(struct wev_state *st, const struct wev_step *op)
{
    switch (op->gen) {
    case WEV_G_SWITCH: return eval_switch(st, op);
    case WEV_G_PATTERN: return eval_pattern(st, op);
    case WEV_G_LINK: return eval_link(st, op);
    case WEV_G_NTH: return eval_nth(st, op);
    case WEV_G_CALC: return eval_calc(st, op);
    case WEV_G_TEXT: return eval_text(st, op);
    case WEV_G_GUID: return eval_guid(st, op);
    case WEV_G_SID: return eval_sid(st, op);
    case WEV_G_TIME: return eval_time(st, op);
    case WEV_G_KEYFILE: return eval_keyfile(st, op);
    case WEV_G_TO_TEXT: return eval_to_text(st, op);
    case WEV_G_SHARES: return eval_shares(st, op);
    case WEV_G_PINNED: return eval_pinned(st, op);
    case WEV_G_PERIOD: case WEV_G_SINCE: return eval_period(st, op);
    default: return eval_auto(st, op);
    }
}

// The common kinds without a call. Inlined where slots are filled in a row, and once as eval for all others.
static inline __attribute__((always_inline)) struct wev_value step(struct wev_state *st, const struct wev_step *op)
{
    for (;;) {
        switch (op->gen) {
        case WEV_G_VALUE: return op->is.value;
        case WEV_G_TABLE: return op->is.pool.values[number_at(st, op->slot)];
        case WEV_G_POOL: return op->is.pool.values[by_weight(draw(st, op, 0), op->is.pool.alias, op->count)];
        case WEV_G_CHOICE: op = &op->kids[by_weight(draw(st, op, 0), op->is.pick.alias, op->count)]; continue;
        case WEV_G_BRANCH: op = &op->kids[op->is.branch.kid[number_at(st, op->slot)]]; continue;
        case WEV_G_LET: op = &op->kids[number_at(st, op->slot)]; continue;
        case WEV_G_MATCH: {
            const struct wev_step *last = op->kids + op->count - 1, *kid = op->kids;
            uint64_t v = number_at(st, op->slot);
            for (const uint64_t *n = op->is.numbers; kid < last && *n != v; n++) { kid++; }
            op = kid;
            continue;
        }
        case WEV_G_EITHER: return op->kids[number_at(st, op->slot) != op->is.number].is.value;
        case WEV_G_INT:
            if (op->log) { return number(op, eval_range(st, op)); }
            return number(op, op->is.range.min + op->is.range.step * span_draw(draw(st, op, 0), op->is.range.steps));
        case WEV_G_REF: {
            struct wev_value v = slot(st, op->slot);
            v.type = op->type;
            return v;
        }
        case WEV_G_CLOCK: return eval_clock(st, op);
        case WEV_G_SEQUENCE: return eval_sequence(st, op);
        default: return eval_rare(st, op);
        }
    }
}

CALLED static struct wev_value eval(struct wev_state *st, const struct wev_step *op)
{
    return step(st, op);
}

static inline __attribute__((always_inline)) void fill(struct wev_state *st, const struct wev_need *need, uint32_t count)
{
    for (const struct wev_need *end = need + count; need < end; need++) {
        unsigned s = need->slot;
        if (st->mark[s] == st->now) { continue; }
        st->value[s] = step(st, need->op);
        st->mark[s] = st->now;
    }
}

// ---- events

static void reset(struct wev_state *st)
{
    if (++st->now == 0) { // after 2^32 events the marks of old ones would count again
        memset(st->mark, 0, sizeof(st->mark));
        st->now = 1;
    }
    st->mark[0] = st->now; // slot 0: the unit
    st->value[0] = (struct wev_value){.type = WEV_T_UINT64, .is.u = st->unit};
    st->who[0] = wev_choice_who(st->choice.seed, st->unit);
    st->at = st->scratch;
    st->salt = 0;
    st->special = st->choice.tape != NULL;
}

static void choose(struct wev_state *st, const struct wev_plan_event *e)
{
    st->event = e;
    st->base[0] = e->shared;
    st->base[1] = e->locals;
}

void wev_values_init(struct wev_state *st, const struct wev_plan *plan, uint64_t seed)
{
    st->plan = plan;
    st->choice = (struct wev_choice){.seed = seed};
    st->broken = NULL;
    st->base[0] = st->base[1] = plan->slots;
    st->now = 0;
    st->attempt = 0;
    st->date.day = UINT64_MAX;
    memset(st->mark, 0, sizeof(st->mark));
    memset(st->keys, 0, sizeof(st->keys));
}

static const struct wev_plan_group *group_of(struct wev_state *st)
{
    const struct wev_plan *p = st->plan;
    if (p->group_count == 1) { return p->groups; }
    uint64_t at = wev_choice_below(draw_of_unit(st, PATH_GROUP), p->weight);
    size_t low = 0, high = p->group_count - 1;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (p->groups[mid].until > at) { high = mid; } else { low = mid + 1; }
    }
    return &p->groups[low];
}

// The first version whose requirements hold for the host that was drawn; if none does, another host, and
// after some draws the next host and the next: every host is tried before the first version is taken.
static const struct wev_plan_event *event_of(struct wev_state *st, const struct wev_plan_group *g)
{
    st->attempt = 0;
    if (g->version) {
        choose(st, &g->events[0]);
        uint8_t k = g->version[number_at(st, g->version_slot)];
        if (k < g->event_count) {
            choose(st, &g->events[k]);
            return st->event;
        }
    }
    for (; st->attempt < TRIES + st->plan->links_max; st->attempt++) {
        for (uint32_t k = 0; k < g->event_count; k++) {
            choose(st, &g->events[k]);
            if (all_hold(st, &g->events[k].require)) { return st->event; }
        }
        reset(st);
    }
    st->attempt = 0;
    choose(st, &g->events[0]);
    return st->event;
}

static void set_frame(struct wev_state *st, unsigned s, uint8_t type, uint64_t u)
{
    st->value[s] = (struct wev_value){.type = type, .digits = 7, .is.u = u};
    st->mark[s] = st->now;
    st->who[s] = wev_choice_who(st->choice.seed, u);
}

// In a world the unit is a step: where it stands says which event it is; its episode's host decides the version.
static const struct wev_plan_event *event_of_step(struct wev_state *st)
{
    wev_layout_find(st->layout, st->plan->world, st->unit, &st->frame);
    set_frame(st, WEV_SLOT_EPISODE, WEV_T_UINT64, st->frame.episode);
    set_frame(st, WEV_SLOT_RUN, WEV_T_UINT64, st->frame.run);
    set_frame(st, WEV_SLOT_MOMENT, WEV_T_FILETIME, st->frame.moment);
    set_frame(st, WEV_SLOT_PERSON, WEV_T_UINT64, st->frame.person);
    const struct wev_plan_group *g = &st->frame.act->groups[st->frame.at];
    uint32_t k = 0;
    choose(st, &g->events[0]);
    if (g->version) {
        k = g->version[number_at(st, g->version_slot)];
    } else {
        while (k < g->event_count && !all_hold(st, &g->events[k].require)) { k++; }
    }
    choose(st, &g->events[k < g->event_count ? k : 0]);
    return st->event;
}

// The number that an extent stands for, given the numbers of the earlier siblings.
static uint64_t extent(const struct wev_extent *x, const uint64_t *seen, uint64_t none)
{
    return x->kind == WEV_X_NONE ? none : x->kind == WEV_X_CONST ? x->n : seen[x->n % SIBLINGS_MAX];
}

// Leaves of arrays and structs, in document order. Every repetition has draws of its own. `slots` is NULL
// inside a struct, whose members no profile names.
static size_t eval_leaves(struct wev_state *st, const struct wev_field *fields, size_t count, const uint16_t *slots,
                          size_t n)
{
    uint64_t seen[SIBLINGS_MAX] = {0}, salt = st->salt;
    for (size_t k = 0; k < count && n < WEV_ITEMS_MAX; k++) {
        struct wev_field f = fields[k];
        uint64_t repeat = extent(&f.count, seen, 1);
        if (f.length.kind == WEV_X_FIELD) { f.length = (struct wev_extent){WEV_X_CONST, (uint32_t)extent(&f.length, seen, 0)}; }
        for (uint64_t r = 0; r < repeat && r < REPEAT_MAX && n < WEV_ITEMS_MAX; r++) {
            st->salt = salt + (r + 1) * 0x9e3779b97f4a7c15u + k;
            st->special = true;
            if (f.field_count) {
                n = eval_leaves(st, f.fields, f.field_count, NULL, n);
                continue;
            }
            struct wev_step op = {.gen = WEV_G_AUTO, .type = f.type, .path = 0x5bd1e995u + k, .is.field = &f};
            if (slots && r == 0) {
                st->salt = salt;
                st->special = salt || st->choice.tape;
            }
            struct wev_value v = slots && r == 0 ? slot(st, slots[k]) : eval(st, &op);
            seen[k % SIBLINGS_MAX] = v.is.u;
            st->item[n++] = v;
        }
    }
    st->salt = salt;
    st->special = salt || st->choice.tape;
    return n;
}

struct wev_value wev_values_shared(struct wev_state *st, uint16_t slot_wanted, uint16_t link, uint64_t index)
{
    st->unit = 0;
    reset(st);
    st->value[link] = (struct wev_value){.type = WEV_T_UINT64, .is.u = index};
    st->mark[link] = st->now;
    return slot(st, slot_wanted);
}

static const struct wev_plan_event *evaluate(struct wev_state *st, const struct wev_plan_event *e)
{
    const struct wev_need *need = e->needed;
    uint32_t count = e->needed_count;
    const struct wev_segment *s = e->segments, *end = s + e->segment_count;
    for (;;) { // one loop that fills: the common list, then each segment's
        fill(st, need, count);
        while (s < end && !s->slot) { s++; }
        if (s == end) { break; }
        const struct wev_variant *v = wev_variant_of(st, s++);
        need = v->needed;
        count = v->needed_count;
    }
    const struct wev_template *body = e->def->body;
    if (!body->flat) { st->item_count = eval_leaves(st, body->fields, body->field_count, e->field, 0); }
    return e;
}

const struct wev_plan_event *wev_values_event(struct wev_state *st, uint64_t i)
{
    st->unit = i;
    reset(st);
    return evaluate(st, st->plan->world ? event_of_step(st) : event_of(st, group_of(st)));
}

void wev_values_as(struct wev_state *st, const struct wev_plan_event *e, uint64_t i)
{
    const struct wev_plan_group alone = {.events = e, .event_count = 1};
    st->unit = i;
    reset(st);
    evaluate(st, event_of(st, &alone));
}

const struct wev_value *wev_values_at(struct wev_state *st, uint16_t s)
{
    slot(st, s);
    return &st->value[s];
}

void wev_values_copy(struct wev_state *st, struct wev_event *event)
{
    const struct wev_plan_event *e = st->event;
    event->def = e->def;
    event->value = st->item; // a flat event leaves them unused
    event->value_count = e->def->body->flat ? e->def->body->field_count : st->item_count;
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        event->header[h] = e->fixed[h].type != WEV_T_NULL ? e->fixed[h] : *wev_values_at(st, e->header[h]);
    }
    for (size_t k = 0; e->def->body->flat && k < event->value_count; k++) { st->item[k] = *wev_values_at(st, e->field[k]); }
}
