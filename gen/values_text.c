// Values that are composed in scratch: patterns, texts, GUIDs, SIDs, names of key files.
#include "gen/values_eval.h"

#include "gen/md5.h"
#include "gen/text.h"
#include "gen/virtual_sid.h"

#include <string.h>

enum {
    KIDS_MAX = 64,
    KEY_NAME_MAX = 1024, // of a key container
};

static void fold_text(char *p, size_t n, uint8_t fold)
{
    for (size_t k = 0; k < n && fold; k++) {
        if (fold == WEV_FOLD_LOWER && p[k] >= 'A' && p[k] <= 'Z') { p[k] = (char)(p[k] | 0x20); }
        if (fold == WEV_FOLD_UPPER && p[k] >= 'a' && p[k] <= 'z') { p[k] = (char)(p[k] & ~0x20); }
    }
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
    if (wev_values_is_text(v->type) || v->type == WEV_T_FLOAT || v->type == WEV_T_DOUBLE) {
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
struct wev_value wev_values_pattern(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value part[KIDS_MAX];
    uint32_t count = op->count < KIDS_MAX ? op->count : KIDS_MAX;
    for (uint32_t k = 0; k < count; k++) { part[k] = wev_values_eval(st, &op->kids[k]); }
    char *from = st->at;
    uint8_t plain = WEV_F_PLAIN;
    for (uint32_t k = 0; k < count; k++) { plain &= append(st, &op->kids[k], &part[k]); }
    if (op->fold) { fold_text(from, (size_t)(st->at - from), op->fold); }
    return text_done(st, op, from, plain);
}

struct wev_value wev_values_to_text(struct wev_state *st, const struct wev_step *op)
{
    struct wev_value v = slot(st, op->slot);
    char *from = st->at;
    uint8_t plain = append(st, op, &v);
    return text_done(st, op, from, plain);
}

struct wev_value wev_values_text(struct wev_state *st, const struct wev_step *op)
{
    uint64_t n = op->is.range.min + wev_choice_below(draw(st, op, 0), op->is.range.steps + 1);
    char *from = st->at;
    for (uint64_t k = 0; k < n; k++) { *st->at++ = op->text.is.text[wev_choice_below(draw(st, op, k + 1), op->text.n)]; }
    return text_done(st, op, from, op->text.flags & WEV_F_PLAIN);
}

struct wev_value wev_values_guid(struct wev_state *st, const struct wev_step *op)
{
    struct wev_guid g;
    uint64_t half[2] = {draw(st, op, 0), draw(st, op, 1)};
    wev_text_store((char *)g.byte, half[0]);
    wev_text_store((char *)g.byte + 8, half[1]);
    g.byte[6] = (uint8_t)(0x40 | (g.byte[6] & 0x0f)); // RFC 4122 version 4, variant 1
    g.byte[8] = (uint8_t)(0x80 | (g.byte[8] & 0x3f));
    if (!wev_values_is_text(op->type)) { align(st); }
    char *from = st->at;
    if (!wev_values_is_text(op->type)) {
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

struct wev_value wev_values_sid(struct wev_state *st, const struct wev_step *op)
{
    const struct wev_sid *base = op->slot && !op->wide ? slot(st, op->slot).is.sid : op->text.is.sid;
    struct wev_sid s = *base;
    for (uint32_t k = 0; k < op->is.pick.random && s.count < WEV_SID_SUBS_MAX; k++) {
        s.sub[s.count++] = (uint32_t)(draw(st, op, k) >> 32);
    }
    if (op->wide) { // of the name in `slot`
        struct wev_value name = slot(st, op->slot);
        wev_virtual_sid((struct wev_span){name.is.text, name.n}, op->fold == WEV_FOLD_UPPER, s.sub + s.count);
        s.count += WEV_VIRTUAL_SUBS;
    }
    for (uint32_t k = 0; k < op->count && s.count < WEV_SID_SUBS_MAX; k++) {
        s.sub[s.count++] = (uint32_t)wev_values_eval(st, &op->kids[k]).is.u;
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
    char name[2 * (KEY_NAME_MAX + 8)];
    uint32_t chars = key->n < KEY_NAME_MAX ? key->n : KEY_NAME_MAX, k = 0;
    unsigned step = wide ? 2 : 1;
    for (uint64_t w; k < chars; k += 8) { // what comes too much is written over
        uint32_t left = chars - k < 8 ? chars - k : 8;
        w = 0;
        memcpy(&w, key->is.text + k, left);
        w = wev_text_lower(le64toh(w));
        wev_text_store(name + step * k, wide ? wev_text_spread((uint32_t)w) : w);
        if (wide) { wev_text_store(name + step * k + 8, wev_text_spread((uint32_t)(w >> 32))); }
    }
    size_t n = (size_t)step * (chars + 1);
    memset(name + step * chars, 0, step);
    uint8_t digest[16], turned[16];
    wev_md5((const uint8_t *)name, n, digest);
    for (unsigned m = 0; m < 16; m++) { turned[m] = digest[(m & ~3u) + 3 - (m & 3)]; }
    wev_text_bytes(out, turned, 16, WEV_TEXT_LOWER);
}

struct wev_value wev_values_keyfile(struct wev_state *st, const struct wev_step *op)
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
