// The type layer: the lexical form of one value. A class takes every value of its form, in any schema.
#include "gen/break/classes.h"

#include <string.h>

static bool begins(const struct wev_break *b, const struct wev_spot *s, const char *text)
{
    size_t n = strlen(text);
    return s->n >= n && !memcmp(b->page + s->at, text, n);
}

// ---- SID

// A SID of a domain's account: what it becomes no rule looks at.
static const struct wev_spot *account_sid(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED);
    return s && begins(b, s, "S-1-5-21-") ? s : NULL;
}

// Sub-authorities to n of them.
static bool grow_sid(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    uint32_t subs = 0;
    if (!s || (b->class->reason == WEV_V_OK && !begins(b, s, "S-1-5-21-"))) { return false; }
    for (uint32_t k = 0; k < s->n; k++) { subs += b->page[s->at + k] == '-'; }
    if (subs < 3 || subs - 2 >= b->class->n) { return false; }
    return wev_break_fill(b, s->at + s->n, 0, WEV_SPAN("-1104"), b->class->n - (subs - 2));
}

static bool account_value(struct wev_break *b)
{
    const struct wev_spot *s = account_sid(b);
    return s && wev_break_edit(b, s->at, s->n, b->class->text);
}

static bool account_suffix(struct wev_break *b)
{
    const struct wev_spot *s = account_sid(b);
    return s && wev_break_edit(b, s->at + s->n, 0, b->class->text);
}

static bool lower_s(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED);
    return s && begins(b, s, "S-") && wev_break_edit(b, s->at, 1, WEV_SPAN("s"));
}

// ---- patches: the text over the value from byte n on

static bool patch(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    size_t n = b->class->text.n, from = b->class->n;
    if (!s || from + n > s->n || !memcmp(b->page + s->at + from, b->class->text.p, n)) { return false; }
    return wev_break_edit(b, s->at + from, n, b->class->text);
}

static bool cut_ends(struct wev_break *b) // n bytes off the start, as many off the end
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    if (!s || s->n < 2 * b->class->n) { return false; }
    return wev_break_edit(b, s->at, b->class->n, b->class->text) &&
           wev_break_edit(b, s->at + s->n - b->class->n, b->class->n, b->class->text);
}

static bool cut_last(struct wev_break *b) // the last n bytes become the text
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    if (!s || s->n <= b->class->n) { return false; }
    return wev_break_edit(b, s->at + s->n - b->class->n, b->class->n, b->class->text);
}

// The letters a to f in the other case: n 1 makes them upper case alone.
static bool fold_hex(struct wev_break *b)
{
    char text[64];
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    bool changed = false;
    if (!s || s->n > sizeof(text)) { return false; }
    for (uint32_t k = 0; k < s->n; k++) {
        char c = b->page[s->at + k];
        bool lower = c >= 'a' && c <= 'f', upper = c >= 'A' && c <= 'F' && !b->class->n;
        text[k] = lower ? (char)(c - 32) : upper ? (char)(c + 32) : c;
        changed = changed || text[k] != c;
    }
    struct wev_span folded = {text, s->n};
    return changed && wev_break_edit(b, s->at, s->n, wev_break_compose(b, &folded, 1));
}

// ---- time

static const struct wev_spot *whole_time(struct wev_break *b, unsigned filter)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | filter);
    return s && s->n >= 22 && b->page[s->at + 19] == '.' && b->page[s->at + s->n - 1] == 'Z' ? s : NULL;
}

// A field's fraction of n digits: shorter is earlier, and nothing asks a field to be later.
static bool time_digits(struct wev_break *b)
{
    const struct wev_spot *s = whole_time(b, WEV_SPOT_FIELD);
    uint32_t n = b->class->n, has = s ? s->n - 21 : 0;
    if (!s || n >= has) { return false; }
    return wev_break_edit(b, s->at + 19u + (n ? n + 1 : 0), has - n + (n ? 0 : 1u), (struct wev_span){"", 0});
}

static bool before_z(struct wev_break *b)
{
    const struct wev_spot *s = whole_time(b, 0);
    return s && wev_break_edit(b, s->at + s->n - 1u, 0, b->class->text);
}

// Zeros behind the fraction until it has n digits: the same time.
static bool time_grow(struct wev_break *b)
{
    const struct wev_spot *s = whole_time(b, 0);
    return s && s->n - 21 < b->class->n && wev_break_fill(b, s->at + s->n - 1u, 0, WEV_SPAN("0"), b->class->n - (s->n - 21));
}

static bool replace_fraction(struct wev_break *b)
{
    const struct wev_spot *s = whole_time(b, 0);
    return s && wev_break_edit(b, s->at + 19u, s->n - 20u, b->class->text);
}

static bool created(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_header(b, WEV_H_TIME);
    return s && wev_break_edit(b, s->at, s->n, b->class->text);
}

// ---- numbers

static bool insert_at(struct wev_break *b) // the text behind n bytes, in a field
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FIELD | WEV_SPOT_FILLED);
    return s && s->n >= b->class->n && wev_break_edit(b, s->at + b->class->n, 0, b->class->text);
}

static bool hex_zero(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FIELD | WEV_SPOT_FILLED);
    if (!s || s->n - 2u >= 2u * wev_type_rows[s->type - 1].bytes || !begins(b, s, "0x")) { return false; }
    return wev_break_edit(b, s->at + 2u, 0, WEV_SPAN("0"));
}

static bool hex_9(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED);
    return s && s->type == WEV_T_HEX_INT32 && wev_break_edit(b, s->at, s->n, b->class->text);
}

static bool no_prefix(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    return s && begins(b, s, "0x") && wev_break_edit(b, s->at, 2, (struct wev_span){"", 0});
}

// One more than the type holds.
static bool over_width(struct wev_break *b)
{
    static const struct { uint8_t bytes; const char *is_signed, *is_unsigned; } rows[] = {
        {1, "128", "256"}, {2, "32768", "65536"}, {4, "2147483648", "4294967296"}, {8, "9223372036854775808", "18446744073709551616"}};
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED);
    for (size_t k = 0; s && k < WEV_COUNT(rows); k++) {
        if (wev_type_rows[s->type - 1].bytes != rows[k].bytes) { continue; }
        return wev_break_edit(b, s->at, s->n, wev_span_of(s->lex == WEV_L_INT ? rows[k].is_signed : rows[k].is_unsigned));
    }
    return false;
}

static bool minus(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    return s && b->page[s->at] != '0' && wev_break_edit(b, s->at, 0, WEV_SPAN("-"));
}

static bool plain_number(struct wev_break *b) // n bytes of text before a number without a sign
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_TYPED | WEV_SPOT_FILLED);
    return s && b->page[s->at] != '-' && wev_break_edit(b, s->at, 0, b->class->text);
}

// ---- text

// Only these hold references to parameters.
static bool unicode_value(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_FREE | WEV_SPOT_ELEMENT);
    return s && s->type == WEV_T_UNICODE_STRING && wev_break_edit(b, s->at, s->n, b->class->text);
}

static bool text_times(struct wev_break *b)
{
    const struct wev_spot *s = wev_break_spot(b, WEV_SPOT_FREE | WEV_SPOT_ELEMENT);
    return s && wev_break_fill(b, s->at, s->n, b->class->text, b->class->n);
}

// ---- classes

#define SIDS "MS-DTYP 2.4.2.1"
#define GUIDS "event.xsd: GUIDType; MS-DTYP 2.3.4.3"
#define TIMES "XML Schema 2 3.2.7; MS-EVEN6 2.2.12"
#define HEXES "event.xsd: HexInt32Type, HexInt64Type"
#define INTS "winmeta.xml: inTypes; XML Schema 2 3.3"
#define PARAMETERS "msobjs.dll message parameters"
#define STRINGS "winmeta.xml: win:UnicodeString"
#define FIELDS WEV_SPOT_FIELD
#define ANY WEV_SPOT_TYPED
#define FREE (WEV_SPOT_FREE | WEV_SPOT_ELEMENT)
#define LI (LEX(UINT) | LEX(INT))

const struct wev_class wev_break_type[] = {
    {"type.sid-0-subs", 10, WEV_V_SID_SHORT, wev_verb_value, T("S-1-5"), ANY, LEX(SID), SIDS, "libevtx #5", NULL},
    {"type.sid-10-subs", 10, WEV_V_OK, grow_sid, NO_TEXT, 10, LEX(SID), SIDS, "plaso #66", NULL},
    {"type.sid-11-subs", 10, WEV_V_OK, grow_sid, NO_TEXT, 11, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-15-subs", 10, WEV_V_OK, grow_sid, NO_TEXT, 15, LEX(SID), "MS-DTYP 2.4.2.2", NULL, NULL},
    {"type.sid-16-subs", 10, WEV_V_SID_LONG, grow_sid, NO_TEXT, 16, LEX(SID), "MS-DTYP 2.4.2.2", NULL, NULL},
    {"type.sid-255-subs", 10, WEV_V_SID_LONG, grow_sid, NO_TEXT, 255, LEX(SID), "MS-DTYP 2.4.2.2", "libevtx #5", NULL},
    {"type.sid-sub-max", 10, WEV_V_OK, account_suffix, T("-4294967295"), 0, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-over", 10, WEV_V_SID_SUB, wev_verb_suffix, T("-4294967296"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-over-64", 10, WEV_V_SID_SUB, wev_verb_suffix, T("-18446744073709551616"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-zeros", 10, WEV_V_SID_SUB, wev_verb_suffix, T("-007"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-empty", 10, WEV_V_SID_SUB, wev_verb_suffix, T("--1"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-trailing", 10, WEV_V_SID_SUB, wev_verb_suffix, T("-"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-hex", 10, WEV_V_SID_SUB, wev_verb_suffix, T("-0x10"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-sub-negative", 10, WEV_V_SID_SUB, wev_verb_suffix, T("--5"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-authority-hex", 10, WEV_V_OK, account_value, T("S-1-0x100000000000-21-1104"), 0, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-authority-short-hex", 10, WEV_V_SID_AUTHORITY, wev_verb_value, T("S-1-0x5-21-1104"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-authority-over", 10, WEV_V_SID_AUTHORITY, wev_verb_value, T("S-1-4294967296-21-1104"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-authority-zeros", 10, WEV_V_SID_AUTHORITY, wev_verb_value, T("S-1-05-18"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-revision", 10, WEV_V_SID_PREFIX, wev_verb_value, T("S-2-5-18"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-lower-case", 10, WEV_V_SID_PREFIX, lower_s, NO_TEXT, 0, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-name", 10, WEV_V_SID_PREFIX, wev_verb_value, T("CONTOSO\\dadmin"), ANY, LEX(SID), SIDS, "wazuh #1274: a resolved name", NULL},
    {"type.sid-sddl", 10, WEV_V_SID_PREFIX, wev_verb_value, T("SY"), ANY, LEX(SID), SIDS, "SDDL's short form", NULL},
    {"type.sid-dash", 10, WEV_V_SID_PREFIX, wev_verb_value, T("-"), ANY, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-empty", 10, WEV_V_VALUE_EMPTY, wev_verb_value, T(""), FIELDS, LEX(SID), SIDS, NULL, NULL},
    {"type.sid-blanks", 10, WEV_V_BLANKS, wev_verb_prefix, T(" "), FIELDS, LEX(SID), "XML Schema 2 4.3.6", NULL, NULL},

    {"type.guid-case", 10, WEV_V_OK, fold_hex, NO_TEXT, 0, LEX(GUID), GUIDS, "whids #7", NULL},
    {"type.guid-no-braces", 10, WEV_V_GUID, cut_ends, T(""), 1, LEX(GUID), GUIDS, "beats #13047", NULL},
    {"type.guid-parentheses", 10, WEV_V_GUID, cut_ends, T("("), 1, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-short", 10, WEV_V_GUID, cut_last, T("}"), 2, LEX(GUID), GUIDS, "whids #7", NULL},
    {"type.guid-long", 10, WEV_V_GUID, cut_last, T("0}"), 1, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-group-1", 10, WEV_V_GUID, patch, T("g"), 3, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-group-2", 10, WEV_V_GUID, patch, T("g"), 11, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-group-3", 10, WEV_V_GUID, patch, T("g"), 16, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-group-4", 10, WEV_V_GUID, patch, T("g"), 21, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-group-5", 10, WEV_V_GUID, patch, T("g"), 30, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-hyphen", 10, WEV_V_GUID, patch, T("0"), 14, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-urn", 10, WEV_V_GUID, wev_verb_value, T("urn:uuid:54849625-5478-4994-a5ba-3e3b0328c30d"), ANY, LEX(GUID), GUIDS, NULL, NULL},
    {"type.guid-c-struct", 10, WEV_V_GUID, wev_verb_value, T("0x54849625,0x5478,0x4994"), ANY, LEX(GUID), GUIDS, NULL, NULL},

    {"type.time-0-digits", 10, WEV_V_OK, time_digits, NO_TEXT, 0, LEX(TIME), TIMES, "golang-evtx #17", NULL},
    {"type.time-3-digits", 10, WEV_V_OK, time_digits, NO_TEXT, 3, LEX(TIME), TIMES, "golang-evtx #17", NULL},
    {"type.time-6-digits", 10, WEV_V_OK, time_digits, NO_TEXT, 6, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-9-digits", 10, WEV_V_OK, time_grow, NO_TEXT, 9, LEX(TIME), TIMES, "Windows 10 and newer", NULL},
    {"type.time-10-digits", 10, WEV_V_TIME_DIGITS, time_grow, NO_TEXT, 10, LEX(TIME), "Windows writes 7 or 9", "beats #33966", NULL},
    {"type.time-30-digits", 10, WEV_V_TIME_DIGITS, time_grow, NO_TEXT, 30, LEX(TIME), "Windows writes 7 or 9", NULL, NULL},
    {"type.time-no-digits", 10, WEV_V_TIME, replace_fraction, T("."), 0, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-comma", 10, WEV_V_TIME, replace_fraction, T(",123"), 0, LEX(TIME), TIMES, "a German locale", NULL},
    {"type.time-no-z", 10, WEV_V_TIME_ZONE, cut_last, T(""), 1, LEX(TIME), TIMES, "python-evtx #71", NULL},
    {"type.time-offset", 10, WEV_V_TIME_ZONE, cut_last, T("+00:00"), 1, LEX(TIME), TIMES, "fluent-bit #12320", NULL},
    {"type.time-offset-over", 10, WEV_V_TIME, cut_last, T("+15:00"), 1, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-two-z", 10, WEV_V_TIME, before_z, T("Z"), 0, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-lower-z", 10, WEV_V_TIME, cut_last, T("z"), 1, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-lower-t", 10, WEV_V_TIME, patch, T("t"), 10, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-blank", 10, WEV_V_TIME_BLANK, patch, T(" "), 10, LEX(TIME), TIMES, "python-evtx's spelling", NULL},
    {"type.time-second-60", 10, WEV_V_TIME, patch, T("60"), 17, LEX(TIME), TIMES, "leap seconds", NULL},
    {"type.time-minute-60", 10, WEV_V_TIME, patch, T("60"), 14, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-hour-24", 10, WEV_V_TIME, patch, T("24"), 11, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-february-30", 10, WEV_V_TIME, patch, T("02-30"), 5, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-month-13", 10, WEV_V_TIME, patch, T("13"), 5, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-day-0", 10, WEV_V_TIME, patch, T("00"), 8, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-slashes", 10, WEV_V_TIME, patch, T("/"), 4, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-year-0", 10, WEV_V_TIME_RANGE, patch, T("0000"), 0, LEX(TIME), "MS-DTYP 2.3.3", "fluent-bit #12320", NULL},
    {"type.time-year-1600", 10, WEV_V_TIME_RANGE, patch, T("1600"), 0, LEX(TIME), "MS-DTYP 2.3.3", NULL, NULL},
    {"type.time-year-1601", 10, WEV_V_OK, wev_verb_value, T("1601-01-01T00:00:00.0000000Z"), FIELDS, LEX(TIME), "MS-DTYP 2.3.3: FILETIME 0", "golang-evtx #17", NULL},
    {"type.time-year-9999", 10, WEV_V_OK, created, T("9999-12-31T23:59:59.9999999Z"), 0, LEX(TIME), "MS-DTYP 2.3.3", "nanoseconds in 64 bits end in 2262", NULL},
    {"type.time-year-30827", 10, WEV_V_OK, created, T("30827-12-31T23:59:59.9999999Z"), 0, LEX(TIME), "MS-DTYP 2.3.13: SYSTEMTIME's last year", NULL, NULL},
    {"type.time-year-30828", 10, WEV_V_TIME_RANGE, wev_verb_value, T("30828-09-14T02:48:05.4775807Z"), ANY, LEX(TIME), "MS-DTYP 2.3.13", NULL, NULL},
    {"type.time-epoch", 10, WEV_V_TIME, wev_verb_value, T("1709539201"), ANY, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-filetime", 10, WEV_V_TIME, wev_verb_value, T("0x1da6e0a3f5c8b00"), ANY, LEX(TIME), TIMES, NULL, NULL},
    {"type.time-local", 10, WEV_V_TIME, wev_verb_value, T("3/4/2024 8:00:01 AM"), ANY, LEX(TIME), TIMES, "Event Viewer's general view", NULL},
    {"type.time-marks", 10, WEV_V_TIME, wev_verb_prefix, T("\xe2\x80\x8e"), ANY, LEX(TIME), TIMES, "U+200E of rendered messages", NULL},
    {"type.time-empty", 10, WEV_V_VALUE_EMPTY, wev_verb_value, T(""), ANY, LEX(TIME), TIMES, "OTel: becomes now", NULL},

    {"type.hex-alone", 10, WEV_V_HEX, wev_verb_value, T("0x"), ANY, LEX(HEX), HEXES, "python-evtx #38", NULL},
    {"type.hex-zeros", 10, WEV_V_HEX_ZEROS, hex_zero, NO_TEXT, 0, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-upper-case", 10, WEV_V_HEX_UPPER, fold_hex, NO_TEXT, 1, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-upper-x", 10, WEV_V_HEX_UPPER, patch, T("X"), 1, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-9-digits", 10, WEV_V_HEX_RANGE, hex_9, T("0x123456789"), 0, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-17-digits", 10, WEV_V_HEX_RANGE, wev_verb_value, T("0x12345678901234567"), ANY, LEX(HEX), HEXES, "golang-evtx #17", NULL},
    {"type.hex-decimal", 10, WEV_V_HEX, wev_verb_value, T("999"), ANY, LEX(HEX), HEXES, "python-evtx #38", NULL},
    {"type.hex-no-prefix", 10, WEV_V_HEX, no_prefix, NO_TEXT, 0, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-sign", 10, WEV_V_HEX, wev_verb_prefix, T("-"), ANY, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-digit", 10, WEV_V_HEX, wev_verb_suffix, T("g"), ANY, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-suffix", 10, WEV_V_HEX, wev_verb_suffix, T("h"), ANY, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-blank-inside", 10, WEV_V_HEX, insert_at, T(" "), 2, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-empty", 10, WEV_V_VALUE_EMPTY, wev_verb_value, T(""), FIELDS, LEX(HEX), HEXES, NULL, NULL},
    {"type.hex-blanks", 10, WEV_V_BLANKS, wev_verb_suffix, T(" "), FIELDS, LEX(HEX), "XML Schema 2 4.3.6", NULL, NULL},

    {"type.integer-negative", 10, WEV_V_INT_RANGE, minus, NO_TEXT, 0, LEX(UINT), INTS, NULL, NULL},
    {"type.integer-over", 10, WEV_V_INT_RANGE, over_width, NO_TEXT, 0, LI, INTS, NULL, NULL},
    {"type.integer-over-64", 10, WEV_V_INT_RANGE, wev_verb_value, T("18446744073709551616"), ANY, LI, INTS, NULL, NULL},
    {"type.integer-over-128", 10, WEV_V_INT_RANGE, wev_verb_value, T("340282366920938463463374607431768211456"), ANY, LI, INTS, NULL, NULL},
    {"type.integer-hex", 10, WEV_V_INT, wev_verb_value, T("0x238"), ANY, LI, INTS, "process ids in Security events of old", NULL},
    {"type.integer-fraction", 10, WEV_V_INT, wev_verb_suffix, T(".0"), ANY, LI, INTS, "a float on the way", NULL},
    {"type.integer-exponent", 10, WEV_V_INT, wev_verb_value, T("1e3"), ANY, LI, INTS, "JSON number on the way", NULL},
    {"type.integer-thousands", 10, WEV_V_INT, wev_verb_value, T("1,024"), ANY, LI, INTS, NULL, NULL},
    {"type.integer-letters", 10, WEV_V_INT, wev_verb_value, T("none"), ANY, LI, INTS, NULL, NULL},
    {"type.integer-full-width", 10, WEV_V_INT, wev_verb_value, T("\xef\xbc\x91"), ANY, LI, INTS, NULL, NULL},
    {"type.integer-empty", 10, WEV_V_VALUE_EMPTY, wev_verb_value, T(""), FIELDS, LI, INTS, NULL, NULL},
    {"type.integer-blanks", 10, WEV_V_BLANKS, wev_verb_prefix, T(" "), ANY, LI, "XML Schema 2 4.3.6", NULL, NULL},
    {"type.integer-lines", 10, WEV_V_BLANKS, wev_verb_suffix, T("\n"), FIELDS, LI, "XML Schema 2 4.3.6", NULL, NULL},
    {"type.integer-zeros", 10, WEV_V_INT_ZEROS, plain_number, T("00"), 0, LI, INTS, NULL, NULL},
    {"type.integer-plus", 10, WEV_V_INT_ZEROS, plain_number, T("+"), 0, LI, INTS, NULL, NULL},

    {"type.float-comma", 10, WEV_V_FLOAT, wev_verb_value, T("1,5"), ANY, LEX(FLOAT), "XML Schema 2 3.2.4", "a German locale", NULL},
    {"type.float-hex", 10, WEV_V_FLOAT, wev_verb_value, T("0x1p3"), ANY, LEX(FLOAT), "XML Schema 2 3.2.4", NULL, NULL},
    {"type.float-infinity", 10, WEV_V_FLOAT, wev_verb_value, T("1.#INF"), ANY, LEX(FLOAT), "XML Schema 2 3.2.4", "Microsoft's C library", NULL},
    {"type.float-empty", 10, WEV_V_VALUE_EMPTY, wev_verb_value, T(""), FIELDS, LEX(FLOAT), "XML Schema 2 3.2.4", NULL, NULL},
    {"type.boolean-word", 10, WEV_V_BOOLEAN, wev_verb_value, T("yes"), ANY, LEX(BOOL), "XML Schema 2 3.2.2", NULL, NULL},
    {"type.boolean-case", 10, WEV_V_BOOLEAN, wev_verb_value, T("True"), ANY, LEX(BOOL), "XML Schema 2 3.2.2", "Python's spelling", NULL},
    {"type.boolean-2", 10, WEV_V_BOOLEAN, wev_verb_value, T("2"), ANY, LEX(BOOL), "XML Schema 2 3.2.2", NULL, NULL},
    {"type.binary-odd", 10, WEV_V_HEXBIN, wev_verb_suffix, T("A"), ANY, LEX(BINARY), "event.xsd: hexBinary", NULL, NULL},
    {"type.binary-prefix", 10, WEV_V_HEXBIN, wev_verb_prefix, T("0x"), ANY, LEX(BINARY), "event.xsd: hexBinary", NULL, NULL},
    {"type.binary-base64", 10, WEV_V_HEXBIN, wev_verb_value, T("/+8="), ANY, LEX(BINARY), "event.xsd: hexBinary", NULL, NULL},
    {"type.address-256", 10, WEV_V_ADDRESS, wev_verb_value, T("10.0.0.256"), ANY, LEX(IPV4) | LEX(IPV6) | LEX(SOCKADDR), "winmeta.xml: outTypes", NULL, NULL},
    {"type.address-three", 10, WEV_V_ADDRESS, wev_verb_value, T("10.0.1"), ANY, LEX(IPV4) | LEX(IPV6) | LEX(SOCKADDR), "winmeta.xml: outTypes", NULL, NULL},
    {"type.address-two-gaps", 10, WEV_V_ADDRESS, wev_verb_value, T("1::2::3"), ANY, LEX(IPV4) | LEX(IPV6) | LEX(SOCKADDR), "RFC 4291 2.2", NULL, NULL},
    {"type.address-zone", 10, WEV_V_ADDRESS, wev_verb_value, T("fe80::1%eth0"), ANY, LEX(IPV4) | LEX(IPV6) | LEX(SOCKADDR), "winmeta.xml: outTypes", NULL, NULL},

    {"type.parameter-unknown", 10, WEV_V_PARAMETER_UNKNOWN, unicode_value, T("%%60999"), 0, LEX(TEXT), PARAMETERS, "EventLogExpert #92", NULL},
    {"type.parameter-6-digits", 10, WEV_V_PARAMETER, unicode_value, T("%%246500"), 0, LEX(TEXT), PARAMETERS, "plaso #5138", NULL},
    {"type.parameter-no-digits", 10, WEV_V_PARAMETER, unicode_value, T("%%"), 0, LEX(TEXT), PARAMETERS, "cloudwatch-agent #627", NULL},
    {"type.parameter-three", 10, WEV_V_PARAMETER, unicode_value, T("%%%"), 0, LEX(TEXT), PARAMETERS, NULL, NULL},
    {"type.parameter-three-digits", 10, WEV_V_PARAMETER, unicode_value, T("%%%2465"), 0, LEX(TEXT), PARAMETERS, NULL, NULL},
    {"type.parameter-insert", 10, WEV_V_OK, wev_verb_value, T("%1"), FREE, LEX(TEXT), "FormatMessage: inserts are in messages alone", "EventLogExpert #92", NULL},

    {"type.text-empty", 10, WEV_V_OK, wev_verb_value, T(""), FREE, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-dash", 10, WEV_V_OK, wev_verb_value, T("-"), FREE, LEX(TEXT), STRINGS, "Windows' own mark for nothing", NULL},
    {"type.text-null", 10, WEV_V_OK, wev_verb_value, T("(NULL)"), FREE, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-blank-before", 10, WEV_V_OK, wev_verb_prefix, T("  "), FREE, LEX(TEXT), STRINGS, "readers that trim", NULL},
    {"type.text-blank-behind", 10, WEV_V_OK, wev_verb_suffix, T("  "), FREE, LEX(TEXT), STRINGS, "readers that trim", NULL},
    {"type.text-backslash", 10, WEV_V_OK, wev_verb_suffix, T("\\"), FREE, LEX(TEXT), STRINGS, "wazuh #3343", NULL},
    {"type.text-20479", 2, WEV_V_OK, text_times, T("x"), 20479, LEX(TEXT), STRINGS, "wazuh 4.12's limit", NULL},
    {"type.text-20481", 2, WEV_V_OK, text_times, T("x"), 20481, LEX(TEXT), STRINGS, "wazuh 4.12's limit", NULL},
    {"type.text-1000000", 0, WEV_V_OK, text_times, T("x"), 1000000, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-lf", 10, WEV_V_OK, wev_verb_value, T("one\ntwo"), FREE, LEX(TEXT), STRINGS, "line-based collectors", NULL},
    {"type.text-crlf", 10, WEV_V_OK, wev_verb_value, T("one\r\ntwo"), FREE, LEX(TEXT), "XML 1.0 2.11 End-of-Line Handling", NULL, NULL},
    {"type.text-cr-reference", 10, WEV_V_OK, wev_verb_value, T("one&#13;&#10;two"), FREE, LEX(TEXT), "XML 1.0 2.11", NULL, NULL},
    {"type.text-tab", 10, WEV_V_OK, wev_verb_value, T("one\ttwo"), FREE, LEX(TEXT), STRINGS, "TSV writers", NULL},
    {"type.text-marks", 10, WEV_V_OK, wev_verb_value, T("\xe2\x80\x8e" "2024\xe2\x80\x8e-\xe2\x80\x8e" "03"), FREE, LEX(TEXT), STRINGS, "U+200E of rendered dates", NULL},
    {"type.text-right-to-left", 10, WEV_V_OK, wev_verb_value, T("\xd7\x9e\xd7\xa4\xd7\xaa\xd7\x97 \xe2\x80\xae" "exe.txt"), FREE, LEX(TEXT), STRINGS, "U+202E", NULL},
    {"type.text-plane-16", 10, WEV_V_OK, wev_verb_value, T("\xf4\x8f\xbf\xbd\xf0\x9f\x94\x91"), FREE, LEX(TEXT), STRINGS, "three-byte UTF-8 databases", NULL},
    {"type.text-combining", 10, WEV_V_OK, wev_verb_value, T("e\xcc\x81\xcc\x82\xcc\x83"), FREE, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-closing-tag", 10, WEV_V_OK, wev_verb_value, T("a&lt;/Data&gt;b"), FREE, LEX(TEXT), STRINGS, "a regex ends there", NULL},
    {"type.text-event", 10, WEV_V_OK, wev_verb_value, T("&lt;Event&gt;&lt;System/&gt;&lt;/Event&gt;"), FREE, LEX(TEXT), STRINGS, "log injection", NULL},
    {"type.text-twice-escaped", 10, WEV_V_OK, wev_verb_value, T("&amp;amp;lt;"), FREE, LEX(TEXT), STRINGS, "readers that unescape twice", NULL},
    {"type.text-json", 10, WEV_V_OK, wev_verb_value, T("&quot;}],\"a\":{\"b\":\"\\u0000"), FREE, LEX(TEXT), STRINGS, "wazuh #3344", NULL},
    {"type.text-insert", 10, WEV_V_OK, wev_verb_value, T("%10 %n %%TEMP%% 100%"), FREE, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-markdown", 10, WEV_V_OK, wev_verb_value, T("ECDH\\_P521"), FREE, LEX(TEXT), STRINGS, "Microsoft Learn's own page", NULL},
    {"type.text-formula", 10, WEV_V_OK, wev_verb_value, T("=HYPERLINK(\"http://127.0.0.1\")"), FREE, LEX(TEXT), STRINGS, "CSV injection", NULL},
    {"type.text-lookup", 10, WEV_V_OK, wev_verb_value, T("${jndi:ldap://127.0.0.1/a}"), FREE, LEX(TEXT), STRINGS, "CVE-2021-44228", NULL},
    {"type.text-sql", 10, WEV_V_OK, wev_verb_value, T("'; DROP TABLE events; --"), FREE, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-printf", 10, WEV_V_OK, wev_verb_value, T("%s%s%n%x"), FREE, LEX(TEXT), STRINGS, NULL, NULL},
    {"type.text-escape", 10, WEV_V_OK, wev_verb_value, T("[31m&#x9b;31m"), FREE, LEX(TEXT), STRINGS, "terminals", NULL},
};
const size_t wev_break_type_count = WEV_COUNT(wev_break_type);
