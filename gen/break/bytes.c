// The bytes layer: encodings, characters that XML does not have, documents that end early.
#include "gen/break/classes.h"

#include <string.h>

// ---- functions

// One of the controls that XML 1.0 has no place for.
static bool put_control(struct wev_break *b)
{
    static const char controls[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
    size_t at;
    if (!wev_verb_place(b, (enum wev_place)b->class->n, &at)) { return false; }
    return wev_break_edit(b, at, 0, (struct wev_span){controls + wev_break_draw(b, sizeof(controls) - 1), 1});
}

// The whole document in UTF-16; n: enum wev_wide, text: what stands before it.
static bool to_utf16(struct wev_break *b)
{
    if (b->wide) { return false; }
    if (!wev_break_raw(b, 0, b->class->text)) { return false; }
    b->wide = (uint8_t)b->class->n;
    return true;
}

static const struct wev_span bom_le = {"\xff\xfe", 2};

static bool utf16_with(struct wev_break *b, size_t at, struct wev_span raw)
{
    if (b->wide || !wev_break_raw(b, 0, bom_le) || !wev_break_raw(b, at, raw)) { return false; }
    b->wide = WEV_UTF16_LE;
    return true;
}

static bool utf16_raw_in_text(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, WEV_PLACE_TEXT, &at) && utf16_with(b, at, b->class->text);
}

// A byte too few at the end: what follows is read askew.
static bool utf16_raw_at_end(struct wev_break *b)
{
    return utf16_with(b, b->size, b->class->text);
}

static bool utf16_declared(struct wev_break *b)
{
    if (b->wide || !wev_break_raw(b, 0, bom_le)) { return false; }
    b->wide = WEV_UTF16_LE;
    return wev_break_edit(b, 0, 0, b->class->text);
}

// Another document altogether: nothing, or blanks.
static bool replace_all(struct wev_break *b)
{
    return wev_break_edit(b, 0, b->size, b->class->text);
}

static bool cut_in_start_tag(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_INNER);
    return k != WEV_DOC_NONE && wev_verb_cut_from(b, b->doc.elements[k].at + 1 + (size_t)wev_break_draw(b, b->doc.elements[k].name_n + 1u));
}

static bool cut_in_end_tag(struct wev_break *b)
{
    uint32_t k = wev_verb_element(b, WEV_EL_CLOSED);
    return k != WEV_DOC_NONE && wev_verb_cut_from(b, b->doc.elements[k].tail + 1 + (size_t)wev_break_draw(b, b->doc.elements[k].name_n + 1u));
}

static bool cut_at_place(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, (enum wev_place)b->class->n, &at) && at < b->size &&
           wev_break_edit(b, at, b->size - at, b->class->text);
}

static bool cut_between(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, WEV_PLACE_BEHIND, &at) && wev_verb_cut_from(b, at);
}

static bool cut_last_tag(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    return d->event != WEV_DOC_NONE && wev_verb_cut_from(b, d->elements[d->event].tail);
}

static bool cut_in_message(struct wev_break *b)
{
    const struct wev_doc *d = wev_break_doc(b);
    uint32_t k = d->rendering == WEV_DOC_NONE ? WEV_DOC_NONE : wev_doc_child(d, d->rendering, 0);
    if (k == WEV_DOC_NONE || d->elements[k].tail == d->elements[k].head_end) { return false; }
    struct wev_spot s = {.at = d->elements[k].head_end, .n = d->elements[k].tail - d->elements[k].head_end};
    return wev_verb_cut_from(b, wev_break_inside(b, &s));
}

// A document longer than n bytes, then cut to them: the limits of syslog, agents and datagrams.
static bool cut_at_size(struct wev_break *b)
{
    static const char filler[] = "0123456789abcdef";
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_FREE | WEV_SPOT_ELEMENT);
    size_t want = b->class->n;
    if (b->limit != SIZE_MAX || b->edit_count) { return false; }
    if (b->size <= want) {
        size_t times = (want - b->size) / (sizeof(filler) - 1) + 2;
        if (!s || !wev_break_fill(b, s->at + s->n, 0, (struct wev_span){filler, sizeof(filler) - 1}, times)) { return false; }
    }
    b->limit = want;
    return true;
}

static bool fill_to_size(struct wev_break *b)
{
    size_t at;
    return wev_verb_place(b, WEV_PLACE_FREE, &at) && wev_break_fill(b, at, 0, b->class->text, b->class->n / b->class->text.n);
}

// ---- classes

#define UTF8 "XML 1.0 4.3.3; RFC 3629 3"
#define CHARS "XML 1.0 [2] Char"
#define WHOLE "XML 1.0 [1] document"
#define ENCODED "XML 1.0 4.3.3"
#define DECLARED(e) T("<?xml version=\"1.0\" encoding=\"" e "\"?>")
#define TEXTS LEX(TEXT)

const struct wev_class wev_break_bytes[] = {
    {"bytes.utf8-overlong2", 10, WEV_V_UTF8, wev_verb_put, T("\xc0\xaf"), WEV_PLACE_VALUE, 0, UTF8, "tinyxml2 #701", NULL},
    {"bytes.utf8-overlong3", 10, WEV_V_UTF8, wev_verb_put, T("\xe0\x80\xaf"), WEV_PLACE_VALUE, 0, UTF8, "libexpat #136, pugixml #162", NULL},
    {"bytes.utf8-overlong4", 10, WEV_V_UTF8, wev_verb_put, T("\xf0\x80\x80\xaf"), WEV_PLACE_VALUE, 0, UTF8, NULL, NULL},
    {"bytes.utf8-overlong-nul", 10, WEV_V_UTF8, wev_verb_put, T("\xc0\x80"), WEV_PLACE_VALUE, 0, UTF8, "Java's modified UTF-8", NULL},
    {"bytes.utf8-continuation", 10, WEV_V_UTF8, wev_verb_put, T("\xbf"), WEV_PLACE_VALUE, 0, UTF8, NULL, NULL},
    {"bytes.utf8-5-bytes", 10, WEV_V_UTF8, wev_verb_put, T("\xf8\x88\x80\x80\x80"), WEV_PLACE_VALUE, 0, UTF8, NULL, NULL},
    {"bytes.utf8-surrogate", 10, WEV_V_UTF8, wev_verb_put, T("\xed\xa0\x80"), WEV_PLACE_VALUE, 0, UTF8, "libexpat #136", NULL},
    {"bytes.utf8-surrogate-pair", 10, WEV_V_UTF8, wev_verb_put, T("\xed\xa0\xbd\xed\xb8\x80"), WEV_PLACE_VALUE, 0, UTF8, "CESU-8", NULL},
    {"bytes.utf8-above-10ffff", 10, WEV_V_UTF8, wev_verb_put, T("\xf4\x90\x80\x80"), WEV_PLACE_VALUE, 0, UTF8, NULL, NULL},
    {"bytes.utf8-ff", 10, WEV_V_UTF8, wev_verb_put, T("\xff"), WEV_PLACE_VALUE, 0, UTF8, NULL, NULL},
    {"bytes.utf8-fe-ff", 10, WEV_V_UTF8, wev_verb_put, T("\xfe\xff"), WEV_PLACE_VALUE, 0, UTF8, "mxml #355: reads past the buffer", NULL},
    {"bytes.utf8-latin1", 10, WEV_V_UTF8, wev_verb_put, T("caf\xe9 "), WEV_PLACE_VALUE, 0, UTF8, "ANSI text taken for UTF-8", NULL},
    {"bytes.utf8-cut-in-value", 10, WEV_V_UTF8, wev_verb_put, T("\xe2\x82"), WEV_PLACE_TEXT_END, 0, UTF8, NULL, NULL},
    {"bytes.utf8-cut-at-end", 10, WEV_V_TRUNCATED, cut_at_place, T("\xf0\x9f\x94"), WEV_PLACE_TEXT, 0, UTF8, "tinyxml2 #701: over-read", NULL},
    {"bytes.utf8-in-name", 10, WEV_V_UTF8, wev_verb_put, T("\xc0\xaf"), WEV_PLACE_NAME, 0, UTF8, NULL, NULL},
    {"bytes.utf8-in-attribute", 10, WEV_V_UTF8, wev_verb_put, T("\xe0\x80"), WEV_PLACE_ATTRIBUTE, 0, UTF8, NULL, NULL},
    {"bytes.utf8-fffe", 10, WEV_V_CHAR, wev_verb_put, T("\xef\xbf\xbe"), WEV_PLACE_VALUE, 0, CHARS, NULL, NULL},
    {"bytes.utf8-ffff", 10, WEV_V_CHAR, wev_verb_put, T("\xef\xbf\xbf"), WEV_PLACE_VALUE, 0, CHARS, NULL, NULL},
    {"bytes.utf8-longest", 10, WEV_V_OK, wev_verb_put, T("\xf4\x8f\xbf\xbd"), WEV_PLACE_FREE, TEXTS, CHARS, NULL, NULL},

    {"bytes.nul-text", 10, WEV_V_CHAR, wev_verb_put, T("\0"), WEV_PLACE_TEXT, 0, CHARS, "mxml: a C string ends there", NULL},
    {"bytes.nul-name", 10, WEV_V_CHAR, wev_verb_put, T("\0"), WEV_PLACE_NAME, 0, CHARS, "mxml", NULL},
    {"bytes.nul-attribute", 10, WEV_V_CHAR, wev_verb_put, T("\0"), WEV_PLACE_ATTRIBUTE, 0, CHARS, "mxml", NULL},
    {"bytes.nul-after-root", 10, WEV_V_CHAR, wev_verb_put, T("\0<evil/>"), WEV_PLACE_END, 0, CHARS, "xmllint 2.9.14",
     "libxml2 2.9 stops at the NUL and accepts"},
    {"bytes.nul-before-root", 10, WEV_V_CHAR, wev_verb_put, T("<!--\0-->"), WEV_PLACE_START, 0, CHARS, NULL, NULL},

    {"bytes.control-text", 20, WEV_V_CHAR, put_control, NO_TEXT, WEV_PLACE_TEXT, 0, CHARS, "beats #11006, libevtx #20", NULL},
    {"bytes.control-attribute", 10, WEV_V_CHAR, put_control, NO_TEXT, WEV_PLACE_ATTRIBUTE, 0, CHARS, "libexpat #931", NULL},
    {"bytes.control-name", 10, WEV_V_CHAR, put_control, NO_TEXT, WEV_PLACE_NAME, 0, CHARS, NULL, NULL},
    {"bytes.control-after-root", 10, WEV_V_CHAR, wev_verb_put, T("\x1a"), WEV_PLACE_END, 0, CHARS, "DOS end of file", NULL},
    {"bytes.control-del", 10, WEV_V_OK, wev_verb_put, T("\x7f"), WEV_PLACE_FREE, TEXTS, CHARS, NULL, NULL},
    {"bytes.control-c1", 10, WEV_V_OK, wev_verb_put, T("\xc2\x9b"), WEV_PLACE_FREE, TEXTS, CHARS, NULL, NULL},
    {"bytes.control-nel", 10, WEV_V_OK, wev_verb_put, T("\xc2\x85"), WEV_PLACE_FREE, TEXTS, CHARS, NULL, NULL},

    {"bytes.utf16-le", 10, WEV_V_UTF16, to_utf16, T("\xff\xfe"), WEV_UTF16_LE, 0, ENCODED, "mxml #355", NULL},
    {"bytes.utf16-be", 10, WEV_V_UTF16, to_utf16, T("\xfe\xff"), WEV_UTF16_BE, 0, ENCODED, NULL, NULL},
    {"bytes.utf16-le-no-bom", 10, WEV_V_UTF16, to_utf16, T(""), WEV_UTF16_LE, 0, ENCODED, NULL, NULL},
    {"bytes.utf16-be-no-bom", 10, WEV_V_UTF16, to_utf16, T(""), WEV_UTF16_BE, 0, ENCODED, NULL, NULL},
    {"bytes.utf16-wrong-bom", 10, WEV_V_ENCODING, to_utf16, T("\xfe\xff"), WEV_UTF16_LE, 0, ENCODED, NULL, NULL},
    {"bytes.utf16-odd", 10, WEV_V_TRUNCATED, utf16_raw_in_text, T("\x01"), 0, 0, ENCODED, NULL, NULL},
    {"bytes.utf16-high-surrogate", 10, WEV_V_CHAR, utf16_raw_in_text, T("\x3d\xd8"), 0, 0, CHARS, NULL, NULL},
    {"bytes.utf16-low-surrogate", 10, WEV_V_CHAR, utf16_raw_in_text, T("\x00\xde"), 0, 0, CHARS, NULL, NULL},
    {"bytes.utf16-fffe", 10, WEV_V_CHAR, utf16_raw_in_text, T("\xfe\xff"), 0, 0, CHARS, NULL, NULL},
    {"bytes.utf16-nul-end", 10, WEV_V_CHAR, utf16_raw_at_end, T("\0\0"), 0, 0, CHARS, "a wide string with its end mark",
     "libxml2 2.9 stops at the NUL and accepts"},
    {"bytes.utf16-says-utf8", 10, WEV_V_ENCODING, utf16_declared, DECLARED("UTF-8"), 0, 0, ENCODED, "expat CVE-2026-72522",
     "libxml2 believes the byte order mark alone"},
    {"bytes.utf16-declared", 10, WEV_V_UTF16, utf16_declared, DECLARED("UTF-16"), 0, 0, ENCODED, "wevtutil's files", NULL},

    {"bytes.bom", 10, WEV_V_BOM, wev_verb_put, T("\xef\xbb\xbf"), WEV_PLACE_START, 0, ENCODED, NULL, NULL},
    {"bytes.bom-in-text", 10, WEV_V_OK, wev_verb_put, T("\xef\xbb\xbf"), WEV_PLACE_FREE, TEXTS, CHARS, NULL, NULL},

    {"bytes.encoding-says-utf16", 10, WEV_V_ENCODING, wev_verb_put, DECLARED("UTF-16"), WEV_PLACE_START, 0, ENCODED,
     "wevtutil output saved as UTF-8", NULL},
    {"bytes.encoding-unknown", 10, WEV_V_ENCODING, wev_verb_put, DECLARED("x-unknown-7"), WEV_PLACE_START, 0, ENCODED,
     "process-forest #10", NULL},
    {"bytes.encoding-utf8", 10, WEV_V_OK, wev_verb_put, DECLARED("utf-8"), WEV_PLACE_START, 0, ENCODED, NULL, NULL},

    {"bytes.empty", 10, WEV_V_EMPTY, replace_all, T(""), 0, 0, WHOLE, NULL, NULL},
    {"bytes.empty-blanks", 10, WEV_V_EMPTY, replace_all, T(" \t \n"), 0, 0, WHOLE, NULL, NULL},

    {"bytes.truncated-start-tag", 10, WEV_V_TRUNCATED, cut_in_start_tag, NO_TEXT, 0, 0, WHOLE, "beats #33966, openwec #46", NULL},
    {"bytes.truncated-end-tag", 10, WEV_V_TRUNCATED, cut_in_end_tag, NO_TEXT, 0, 0, WHOLE, "roxmltree 0.16, quick-xml", NULL},
    {"bytes.truncated-text", 10, WEV_V_TRUNCATED, cut_at_place, T(""), WEV_PLACE_TEXT, 0, WHOLE, "beats #41245, fluentd #1123", NULL},
    {"bytes.truncated-attribute", 10, WEV_V_TRUNCATED, cut_at_place, T(""), WEV_PLACE_ATTRIBUTE, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-entity", 10, WEV_V_TRUNCATED, cut_at_place, T("&am"), WEV_PLACE_TEXT, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-charref", 10, WEV_V_TRUNCATED, cut_at_place, T("&#x4"), WEV_PLACE_TEXT, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-cdata", 10, WEV_V_TRUNCATED, cut_at_place, T("<![CDATA[x]]"), WEV_PLACE_TEXT, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-comment", 10, WEV_V_TRUNCATED, cut_at_place, T("<!-- x --"), WEV_PLACE_TEXT, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-declaration", 10, WEV_V_TRUNCATED, replace_all, T("<?xml version='1.0"), 0, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-first-byte", 10, WEV_V_TRUNCATED, replace_all, T("<"), 0, 0, WHOLE, NULL, NULL},
    {"bytes.truncated-between", 10, WEV_V_TRUNCATED, cut_between, NO_TEXT, 0, 0, WHOLE, "wazuh #308, libevtx #7", NULL},
    {"bytes.truncated-last-tag", 10, WEV_V_TRUNCATED, cut_last_tag, NO_TEXT, 0, 0, WHOLE, "mxml accepts it", NULL},
    {"bytes.truncated-message", 10, WEV_V_TRUNCATED, cut_in_message, NO_TEXT, 0, 0, WHOLE, "beats #33966", NULL},
    {"bytes.truncated-1024", 10, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 1024, TEXTS, WHOLE, "RFC 3164 4.1: 1,024 bytes", NULL},
    {"bytes.truncated-2048", 5, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 2048, TEXTS, WHOLE, "RFC 5424 6.1: 2,048 bytes", NULL},
    {"bytes.truncated-6144", 2, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 6144, TEXTS, WHOLE, "wazuh #308", NULL},
    {"bytes.truncated-8192", 2, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 8192, TEXTS, WHOLE, "rsyslog's default", NULL},
    {"bytes.truncated-10000", 2, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 10000, TEXTS, WHOLE, "Splunk's TRUNCATE", NULL},
    {"bytes.truncated-20480", 1, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 20480, TEXTS, WHOLE, "wazuh #308", NULL},
    {"bytes.truncated-65507", 1, WEV_V_TRUNCATED, cut_at_size, NO_TEXT, 65507, TEXTS, WHOLE, "UDP over IPv4", NULL},
    {"bytes.size-5mb", 0, WEV_V_LIMIT_SIZE, fill_to_size, T("0123456789abcdef"), 5000000, TEXTS, "our limit: 4 MiB", NULL,
     "libxml2 has no such limit below 10 MB of text"},
};
const size_t wev_break_bytes_count = WEV_COUNT(wev_break_bytes);
