// A valid value of an inType, where no profile says anything.
#include "gen/values_eval.h"

#include "gen/text.h"

#include <string.h>

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

struct wev_value wev_values_auto(struct wev_state *st, const struct wev_step *op)
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
    case WEV_T_GUID: return wev_values_guid(st, op);
    case WEV_T_FILETIME: case WEV_T_SYSTEMTIME:
        v.is.u = (st->plan->world ? st->frame.time : st->plan->start_100ns + st->unit * WEV_STEP_100NS) - wev_choice_below(draw(st, op, 0), 864000000000u);
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
