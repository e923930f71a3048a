// Why bytes are not XML: encoding, wrappers and expat's errors, named. Knows nothing of events.
#include "schema/decode_run.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Length of the UTF-8 character at p, 0 when it is none (RFC 3629).
static size_t utf8(const char *text, size_t n, uint32_t *out)
{
    const unsigned char *p = (const unsigned char *)text;
    if (n == 0) { return 0; }
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (size == 0 || size > n) { return 0; }
    uint32_t c = size == 1 ? p[0] : p[0] & (0x7fu >> size);
    for (size_t k = 1; k < size; k++) {
        if ((p[k] & 0xc0) != 0x80) { return 0; }
        c = c << 6 | (p[k] & 0x3fu);
    }
    if ((size == 3 && c < 0x800) || (size == 4 && (c < 0x10000 || c > 0x10ffff)) || (c >= 0xd800 && c <= 0xdfff)) { return 0; }
    *out = c;
    return size;
}

static bool is_char(uint32_t c) // XML 1.0 [2]
{
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) || c > 0xffff;
}

static bool starts(const struct wev_decoder *d, size_t at, const char *text)
{
    size_t n = strlen(text);
    return d->n - at >= n && memcmp(d->doc + at, text, n) == 0;
}

static const char *find(const struct wev_decoder *d, size_t at, size_t end, const char *text)
{
    return memmem(d->doc + at, end - at, text, strlen(text));
}

// What stands before the first '<', or a syslog priority: another format around the event.
static enum wev_verdict wrapper(const struct wev_decoder *d, size_t at)
{
    if (starts(d, at, "&lt;")) { return WEV_V_WRAPPER_ESCAPED; }
    if (d->doc[at] && strchr("{[\"", d->doc[at])) { return WEV_V_WRAPPER_JSON; } // strchr alone finds NUL, too
    if (d->doc[at] == '-') {
        size_t k = at + 1;
        while (k < d->n && is_blank(d->doc[k])) { k++; }
        if (k < d->n && d->doc[k] == '<') { return WEV_V_WRAPPER_VIEW; }
    }
    const char *line = memchr(d->doc + at, '\n', d->n - at);
    size_t end = line ? (size_t)(line - d->doc) : d->n;
    return find(d, at + 1, end, "<Event") || find(d, at + 1, end, "<?xml") ? WEV_V_WRAPPER_SYSLOG : WEV_V_OK;
}

enum wev_verdict wev_decode_bytes_start(struct wev_decoder *d, size_t *at)
{
    size_t k = 0;
    *at = d->limits.document;
    if (d->n > d->limits.document) { return WEV_V_LIMIT_SIZE; }
    *at = 0;
    if (starts(d, 0, "\xff\xfe") || starts(d, 0, "\xfe\xff")) {
        d->wide = true;
    } else if (d->n >= 4 && (!memcmp(d->doc, "<\0", 2) || !memcmp(d->doc, "\0<", 2))) {
        d->wide = true;
    }
    if (d->wide) {
        wev_decode_note(d, WEV_V_UTF16, 0);
        return WEV_V_OK;
    }
    if (starts(d, 0, "\xef\xbb\xbf")) {
        wev_decode_note(d, WEV_V_BOM, 0);
        k = 3;
    }
    while (k < d->n && is_blank(d->doc[k])) { k++; }
    *at = k;
    if (k == d->n) { return WEV_V_EMPTY; }
    if (d->doc[k] != '<') { return wrapper(d, k); }
    if (k + 1 < d->n && d->doc[k + 1] >= '0' && d->doc[k + 1] <= '9') { return wrapper(d, k + 1); }
    return WEV_V_OK;
}

static uint32_t unit16(const struct wev_decoder *d, size_t at)
{
    const unsigned char *p = (const unsigned char *)d->doc + at;
    bool little = starts(d, 0, "\xff\xfe") || starts(d, 0, "<");
    return little ? p[0] | (uint32_t)p[1] << 8 : p[1] | (uint32_t)p[0] << 8;
}

// expat's releases differ here: some take any unit for the second half of a pair, and swallow a tag with it.
size_t wev_decode_bytes_lone_surrogate(const struct wev_decoder *d)
{
    for (size_t k = 0; d->wide && k + 2 <= d->n; k += 2) {
        uint32_t unit = unit16(d, k);
        if ((unit & 0xf800) != 0xd800) { continue; }
        bool high = unit < 0xdc00;
        if (high && k + 4 > d->n) { break; } // it is cut, which is another matter
        if (!high || (unit16(d, k + 2) & 0xfc00) != 0xdc00) { return k; }
        k += 2;
    }
    return d->n;
}

// A document that was cut does not end as a whole one does: after a child of <Events> it is cut, too.
static bool ends_whole(const struct wev_decoder *d)
{
    static const char *const ends[] = {"</Events>", "</Event>"};
    size_t n = d->n, count = d->depth > 0 && d->place[1] == WEV_AT_EVENTS ? 1 : WEV_COUNT(ends);
    while (n > 0 && is_blank(d->doc[n - 1])) { n--; }
    for (size_t k = 0; k < count; k++) {
        size_t e = strlen(ends[k]);
        if (n >= e && memcmp(d->doc + n - e, ends[k], e) == 0) { return true; }
    }
    return false;
}

static enum wev_verdict wide_token(const struct wev_decoder *d, size_t at)
{
    if (d->n - at < 2) { return WEV_V_TRUNCATED; }
    uint32_t unit = unit16(d, at);
    if (at == 2 && unit == '<' << 8) { return WEV_V_ENCODING; } // the byte order mark says the other order
    return is_char(unit) ? WEV_V_XML_SYNTAX : WEV_V_CHAR; // a surrogate alone is none
}

static enum wev_verdict bad_token(const struct wev_decoder *d, size_t at)
{
    uint32_t c = 0;
    if (d->wide) { return wide_token(d, at); }
    if (at >= d->n) { return WEV_V_XML_SYNTAX; }
    size_t size = utf8(d->doc + at, d->n - at, &c);
    if (d->ascii && (d->doc[at] & 0x80)) { return WEV_V_ENCODING; }
    if (!d->latin && size == 0) { return WEV_V_UTF8; }
    if (size != 0 && !is_char(c)) { return WEV_V_CHAR; }
    bool outside = d->depth == 0 && (d->root_seen || d->doc[at] != '<');
    return outside && (d->root_seen || !memchr(d->doc, '<', at)) ? WEV_V_XML_OUTSIDE : WEV_V_XML_SYNTAX;
}

static enum wev_verdict ended(const struct wev_decoder *d, enum wev_verdict whole, size_t *at)
{
    if (ends_whole(d)) { return whole; }
    *at = d->n;
    return WEV_V_TRUNCATED;
}

static bool is_text_before_root(const struct wev_decoder *d, size_t at)
{
    return !d->root_seen && !d->in_doctype && !d->wide && at < d->n && d->doc[at] != '<';
}

enum wev_verdict wev_decode_bytes_error(const struct wev_decoder *d, enum XML_Error error, size_t *at)
{
    switch (error) {
    case XML_ERROR_INVALID_TOKEN: return bad_token(d, *at);
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_NO_ELEMENTS: return ended(d, WEV_V_XML_TAG, at);
    case XML_ERROR_UNCLOSED_TOKEN: return ended(d, WEV_V_XML_SYNTAX, at);
    case XML_ERROR_UNCLOSED_CDATA_SECTION: return ended(d, WEV_V_XML_CDATA, at);
    case XML_ERROR_TAG_MISMATCH: return WEV_V_XML_TAG;
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT: return WEV_V_XML_OUTSIDE;
    case XML_ERROR_DUPLICATE_ATTRIBUTE: return WEV_V_XML_ATTRIBUTE;
    case XML_ERROR_UNDEFINED_ENTITY:
    case XML_ERROR_RECURSIVE_ENTITY_REF:
    case XML_ERROR_BINARY_ENTITY_REF:
    case XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF: return WEV_V_XML_ENTITY;
    case XML_ERROR_BAD_CHAR_REF: return WEV_V_XML_CHARREF;
    case XML_ERROR_MISPLACED_XML_PI:
    case XML_ERROR_XML_DECL:
    case XML_ERROR_TEXT_DECL: return WEV_V_XML_DECL;
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING: return WEV_V_ENCODING;
    case XML_ERROR_UNBOUND_PREFIX:
    case XML_ERROR_UNDECLARING_PREFIX:
    case XML_ERROR_RESERVED_PREFIX_XML:
    case XML_ERROR_RESERVED_PREFIX_XMLNS:
    case XML_ERROR_RESERVED_NAMESPACE_URI: return WEV_V_XML_PREFIX;
    case XML_ERROR_SYNTAX: return is_text_before_root(d, *at) ? WEV_V_XML_OUTSIDE : WEV_V_XML_SYNTAX;
    default: return WEV_V_XML_SYNTAX;
    }
}
