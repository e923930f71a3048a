// UserData against the parts of its template: elements, literal text and fields, in order.
#include "schema/decode_run.h"

#include <string.h>

static const struct wev_user_part *part(const struct wev_decoder *d)
{
    const struct wev_template *t = d->out->event.def->body;
    return d->user_part < t->user_count ? &t->user[d->user_part] : NULL;
}

static bool is_content(const struct wev_user_part *p)
{
    return p && (p->kind == WEV_U_TEXT || p->kind == WEV_U_FIELD);
}

// The text before the next tag is what the template has there: one field, one literal, or blanks.
static bool take_text(struct wev_decoder *d)
{
    const struct wev_template *t = d->out->event.def->body;
    struct wev_span s = wev_decode_text_end(d);
    const struct wev_user_part *p = part(d);
    if (!is_content(p)) { return wev_span_trim(s).n == 0 || wev_decode_stop(d, WEV_V_TEXT_STRAY, wev_decode_text_at(d, 0)); }
    d->user_part++;
    if (p->kind == WEV_U_TEXT) {
        return wev_span_eq(wev_span_trim(s), p->name) || wev_decode_stop(d, WEV_V_TEXT_STRAY, wev_decode_text_at(d, 0));
    }
    if (p->field >= t->field_count) { return true; }
    d->first[p->field] = (uint32_t)d->value_count;
    return wev_decode_field(d, &t->fields[p->field], d->first, s);
}

void wev_decode_user_start(struct wev_decoder *d, const XML_Char *name, const XML_Char **atts, size_t at)
{
    if (d->place[d->depth] == WEV_AT_USER && !take_text(d)) { return; }
    const struct wev_user_part *p = part(d);
    const char *cut = strchr(name, '\n');
    struct wev_span space = cut ? (struct wev_span){name, (size_t)(cut - name)} : (struct wev_span){NULL, 0};
    if (!p || p->kind != WEV_U_OPEN) {
        wev_decode_stop(d, p ? WEV_V_CHILD_UNKNOWN : WEV_V_FIELD_EXTRA, at);
    } else if (!wev_span_is(p->name, cut ? cut + 1 : name)) {
        wev_decode_stop(d, WEV_V_CHILD_UNKNOWN, at);
    } else if (p->space.n && !wev_span_eq(p->space, space)) {
        wev_decode_stop(d, WEV_V_NAMESPACE, at);
    } else if (atts[0]) {
        wev_decode_stop(d, WEV_V_ATTR_UNKNOWN, at);
    } else {
        d->user_part++;
        wev_decode_push(d, WEV_AT_USER);
        wev_decode_text_begin(d);
    }
}

void wev_decode_user_end(struct wev_decoder *d, size_t at)
{
    if (!take_text(d)) { return; }
    const struct wev_user_part *p = part(d);
    if (!p || p->kind != WEV_U_CLOSE) {
        wev_decode_stop(d, WEV_V_FIELD_MISSING, at);
        return;
    }
    d->user_part++;
    wev_decode_text_begin(d); // text of the parent goes on
}

void wev_decode_user_done(struct wev_decoder *d, size_t at)
{
    if (part(d)) { wev_decode_stop(d, WEV_V_FIELD_MISSING, at); }
}
