// Constants and messages: texts at one address each, so that a comparison of two is that of two numbers; what a manifest fixes.
#include "gen/plan_build.h"

#include <stdio.h>
#include <string.h>

static uint32_t place_of(const struct compile *c, struct wev_span s)
{
    uint32_t at = (uint32_t)XXH3_64bits(s.n ? s.p : "", s.n) % WEV_TEXTS_MAX;
    while (c->texts[at].p && !wev_span_eq(c->texts[at], s)) { at = (at + 1) % WEV_TEXTS_MAX; }
    return at;
}

static bool is_in(const struct compile *c, const struct wev_value *v)
{
    return is_text(v->type) && !(v->flags & WEV_F_ABSENT) && v->is.text && c->texts[place_of(c, (struct wev_span){v->is.text, v->n})].p == v->is.text;
}

struct wev_value wev_plan_intern(struct compile *c, struct wev_value v)
{
    if (!is_text(v.type) || (v.flags & WEV_F_ABSENT) || !v.is.text) { return v; }
    uint32_t at = place_of(c, (struct wev_span){v.is.text, v.n});
    if (!c->texts[at].p) {
        if (c->text_count == WEV_TEXTS_MAX / 2) { return v; } // compared as text
        c->texts[at] = (struct wev_span){v.is.text, v.n};
        c->text_count++;
    }
    v.is.text = c->texts[at].p;
    return v;
}

bool wev_plan_is_interned(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op, unsigned depth)
{
    if (depth > WEV_PLAN_DEPTH_MAX || op->fold || !is_text(op->type)) { return false; }
    switch (op->gen) {
    case WEV_G_VALUE: return is_in(c, &op->is.value);
    case WEV_G_REF: return wev_plan_is_interned(c, e, step_at(c, e, op->slot), depth + 1);
    case WEV_G_POOL: case WEV_G_TABLE:
        for (uint32_t k = 0; k < op->count; k++) {
            if (!is_in(c, &op->is.pool.values[k])) { return false; }
        }
        return true;
    case WEV_G_SHARES:
        for (uint32_t k = 0; k < op->count; k++) {
            if (!is_in(c, &op->is.shares.values[k])) { return false; }
        }
        return true;
    case WEV_G_CHOICE: case WEV_G_SWITCH: case WEV_G_BRANCH: case WEV_G_LET: case WEV_G_EITHER: case WEV_G_MATCH:
        for (uint32_t k = 0; k < op->count; k++) {
            if (!wev_plan_is_interned(c, e, &op->kids[k], depth + 1)) { return false; }
        }
        return op->count > 0;
    default: return false;
    }
}

static struct wev_value text(struct wev_span s)
{
    struct wev_value v = {.type = WEV_T_UNICODE_STRING, .n = (uint32_t)s.n, .is.text = s.p};
    uint8_t plain = WEV_F_PLAIN;
    for (size_t k = 0; k < s.n; k++) {
        unsigned char b = (unsigned char)s.p[k];
        if (b < 0x20 || b > 0x7e || strchr("&<>\"'", b)) { plain = 0; }
    }
    v.flags = plain;
    return v;
}

// What the manifest alone says of a header.
struct wev_value wev_plan_manifest_header(const struct wev_event_def *d, enum wev_header h)
{
    struct wev_value v = {.type = wev_header_types[h], .flags = WEV_F_ABSENT};
    switch (h) {
    case WEV_H_PROVIDER: return text(d->provider->name);
    case WEV_H_GUID:
        v.flags = 0;
        v.is.guid = &d->provider->guid;
        return v;
    case WEV_H_EVENT_ID: return number(v.type, d->id);
    case WEV_H_VERSION: return number(v.type, d->version);
    case WEV_H_LEVEL: return number(v.type, d->level);
    case WEV_H_TASK: return number(v.type, d->task);
    case WEV_H_OPCODE: return number(v.type, d->opcode);
    case WEV_H_KEYWORDS: return number(v.type, d->keywords);
    case WEV_H_CHANNEL: return d->channel.n > 0 ? text(d->channel) : v;
    default: return v;
    }
}

_Noreturn void wev_plan_stop(struct compile *c, enum wev_err code, const char *what)
{
    c->error->code = code;
    const struct wev_event_def *d = c->def;
    if (d) {
        snprintf(c->error->text, sizeof(c->error->text), "%s:%u: event %u version %u: %s", d->file, d->line, d->id,
                 d->version, what);
    } else {
        snprintf(c->error->text, sizeof(c->error->text), "%s", what);
    }
    longjmp(c->out, 1);
}
