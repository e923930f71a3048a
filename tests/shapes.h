// Shapes of one value, for test_mutator_shapes.c: what it was and what it is.
#ifndef TESTS_SHAPES_H
#define TESTS_SHAPES_H

#include "schema/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 16 };

struct field {
    struct wev_span name, old;
    char form; // i: integer, h: hexadecimal, s: SID, g: GUID, t: time, x: text
};

struct wev_mutator;
struct input {
    struct wev_schema *schema;
    struct wev_mutator *mutator;
    char text[4096];
    size_t n;
    struct field fields[FIELDS_MAX];
    size_t field_count;
};

static struct wev_span span(const char *p, const char *end)
{
    return (struct wev_span){p, (size_t)(end - p)};
}

static const char *find(struct wev_span s, const char *what)
{
    return s.n ? memmem(s.p, s.n, what, strlen(what)) : NULL;
}

static bool has(struct wev_span s, const char *what)
{
    return find(s, what) != NULL;
}

static bool starts(struct wev_span s, const char *what)
{
    return s.n >= strlen(what) && !memcmp(s.p, what, strlen(what));
}

static bool ends(struct wev_span s, const char *what)
{
    size_t n = strlen(what);
    return s.n >= n && !memcmp(s.p + s.n - n, what, n);
}

static size_t count(struct wev_span s, const char *what)
{
    size_t n = 0;
    for (const char *p; (p = find(s, what)) != NULL; n++) { s = span(p + strlen(what), s.p + s.n); }
    return n;
}

// What stands behind "Name='NAME'>", up to the end tag; absent: it has none.
static struct wev_span value_of(struct wev_span doc, struct wev_span name)
{
    char mark[80];
    snprintf(mark, sizeof(mark), "Name='%.*s'>", (int)name.n, name.p);
    const char *from = find(doc, mark);
    if (!from) { return (struct wev_span){NULL, 0}; }
    from += strlen(mark);
    const char *end = find(span(from, doc.p + doc.n), "</Data>");
    return end ? span(from, end) : (struct wev_span){NULL, 0};
}

// ---- shapes of a value: old is what it was, v what it is

#define VALUE(name) static bool name(__attribute__((unused)) struct wev_span old, struct wev_span v)

static bool of_one(struct wev_span s)
{
    for (size_t k = 1; k < s.n; k++) {
        if (s.p[k] != s.p[0]) { return false; }
    }
    return s.n > 0;
}

// What was put in between: v is old's start, this, and old's end.
static struct wev_span inserted(struct wev_span old, struct wev_span v)
{
    size_t head = 0;
    if (v.n <= old.n) { return (struct wev_span){NULL, 0}; }
    while (head < old.n && old.p[head] == v.p[head]) { head++; }
    size_t tail = old.n - head;
    if (tail && memcmp(old.p + head, v.p + v.n - tail, tail) != 0) { return (struct wev_span){NULL, 0}; }
    return (struct wev_span){v.p + head, v.n - old.n};
}

VALUE(character_repeats) { struct wev_span s = inserted(old, v); return s.n >= 8 && of_one(s); }
VALUE(part_repeats)
{
    struct wev_span s = inserted(old, v);
    for (size_t unit = 2; unit <= s.n / 3; unit++) {
        if (s.n % unit == 0 && !memcmp(s.p, s.p + unit, s.n - unit) && !of_one(s)) { return true; }
    }
    return false;
}
VALUE(whole_again)
{
    return old.n && v.n >= 2 * old.n && !memcmp(v.p, old.p, old.n) && !memcmp(v.p + v.n - old.n, old.p, old.n);
}
VALUE(entities_repeat) { return count(v, ";") >= 8 && count(v, "&") >= 8; }
VALUE(entity_first) { return v.n > 3 && v.p[0] == '&' && memchr(v.p, ';', v.n) != NULL; }
VALUE(own_first_as_decimal)
{
    char want[16];
    snprintf(want, sizeof(want), "&#%d;", old.n ? old.p[0] : 0);
    return starts(v, want);
}
VALUE(own_first_as_hex)
{
    char want[16];
    snprintf(want, sizeof(want), "&#x%x;", old.n ? (unsigned)old.p[0] : 0);
    return starts(v, want);
}
VALUE(first_as_padded) { return starts(v, "&#0") || starts(v, "&#x0"); }
VALUE(entity_last) { return ends(v, ";") && memrchr(v.p, '&', v.n) != NULL; }
VALUE(all_entities) { return old.n > 1 && count(v, "&#") == old.n && count(v, ";") == old.n; }
VALUE(reference_to_none)
{
    (void)old;
    return has(v, "&#0;") || has(v, "&#x0;") || has(v, "&#xD800;") || has(v, "&#x110000;") ||
           has(v, "&#4294967361;") || has(v, "&#x;") || has(v, "&#;");
}
VALUE(unknown_entity) { return has(v, "&nbsp;") || has(v, "&x;"); }
VALUE(bare_ampersand) { return has(v, "&") && !has(v, ";"); }
VALUE(is_empty) { return v.p && v.n == 0; }
VALUE(is_dash) { return v.n == 1 && v.p[0] == '-'; }
VALUE(blank_first) { return v.n > old.n && memchr(" \t\r\n", v.p[0], 4) && memmem(v.p, v.n, old.p, old.n); }
VALUE(blank_last) { return v.n > old.n && memchr(" \t\r\n", v.p[v.n - 1], 4) && memmem(v.p, v.n, old.p, old.n); }
VALUE(section) { return starts(v, "<![CDATA[") && ends(v, "]]>") && memmem(v.p, v.n, old.p, old.n); }
VALUE(section_within) { return has(v, "<![CDATA[") && has(v, "]]>") && (!starts(v, "<![CDATA[") || !ends(v, "]]>")); }
VALUE(comment_within) { return has(v, "<!--") && has(v, "-->"); }
VALUE(instruction_within) { return has(v, "<?") && has(v, "?>"); }
VALUE(element_within) { return has(v, "<b") || has(v, "<x") || has(v, "<Data"); }
VALUE(other_case)
{
    size_t differ = 0;
    if (v.n != old.n) { return false; }
    for (size_t k = 0; k < v.n; k++) {
        if (v.p[k] == old.p[k]) { continue; }
        if ((v.p[k] ^ old.p[k]) != 32) { return false; }
        differ++;
    }
    return differ > 0;
}
VALUE(nul_within) { return v.n && memchr(v.p, 0, v.n); }
VALUE(control_within) { return v.n && (memchr(v.p, 1, v.n) || memchr(v.p, 0x1f, v.n)); }
VALUE(overlong) { return has(v, "\xc0\x80") || has(v, "\xc0\xaf") || has(v, "\xe0\x80"); }
VALUE(surrogate) { return has(v, "\xed\xa0\x80"); }
VALUE(sequence_cut) { return v.n && ((unsigned char)v.p[v.n - 1] >= 0xc0 || ends(v, "\xf0\x9f") || ends(v, "\xe2\x82")); }
VALUE(lone_continuation) { return v.n && (unsigned char)v.p[0] >= 0x80 && (unsigned char)v.p[0] < 0xc0; }
VALUE(byte_order_mark) { return has(v, "\xef\xbb\xbf") || has(v, "\xfe\xff") || has(v, "\xff\xfe"); }
VALUE(of_255) { return v.n >= 255; }
VALUE(of_1023) { return v.n >= 1023; }
VALUE(only_a_start) { return v.n && v.n < old.n && !memcmp(v.p, old.p, v.n); }
VALUE(only_an_end) { return v.n && v.n < old.n && !memcmp(v.p, old.p + old.n - v.n, v.n); }
VALUE(percent) { return count(v, "%") > count(old, "%"); }
VALUE(quote_within) { return has(v, "'") || has(v, "\"") || has(v, "&quot;") || has(v, "&apos;"); }
VALUE(bracket_within) { return has(v, "<") && !has(v, ">"); }
VALUE(backslash_last) { return ends(v, "\\"); }

// by type
static bool is_digits(struct wev_span s)
{
    size_t k = 0;
    while (k < s.n && s.p[k] >= '0' && s.p[k] <= '9') { k++; }
    return s.n > 0 && k == s.n;
}
VALUE(negative) { return v.n > 1 && v.p[0] == '-' && is_digits(span(v.p + 1, v.p + v.n)); }
VALUE(plus) { return v.n > 1 && v.p[0] == '+'; }
VALUE(zeros_first) { return v.n > old.n && v.p[0] == '0' && is_digits(v) && !memcmp(v.p + v.n - old.n, old.p, old.n); }
VALUE(as_hex) { return starts(v, "0x") || starts(v, "0X"); }
VALUE(about_2_32) { return has(v, "429496729"); }
VALUE(about_2_64) { return has(v, "1844674407370955161"); }
VALUE(just_more)
{
    uint64_t a, b;
    return wev_span_u64(old, &a) && wev_span_u64(v, &b) && (b == a + 1 || b == a - 1);
}
VALUE(prefix_alone) { return v.n == 2 && starts(v, "0x"); }
VALUE(without_prefix) { return is_digits(v) || (v.n + 2 == old.n && !memcmp(v.p, old.p + 2, v.n)); }
VALUE(upper_prefix) { return starts(v, "0X"); }
VALUE(many_digits) { return starts(v, "0x") && v.n > 18; }
VALUE(hex_zeros) { return starts(v, "0x0") && v.n > old.n; }
VALUE(subs_15) { return starts(v, "S-1-") && count(v, "-") >= 17; }
VALUE(no_sub) { return starts(v, "S-1-") && count(v, "-") == 2; }
VALUE(hex_authority) { return starts(v, "S-1-0x"); }
VALUE(lower_s) { return starts(v, "s-"); }
VALUE(sid_name) { return v.n && !memchr(v.p, '-', v.n) && v.n < 30; }
VALUE(no_braces) { return v.n == 36 && v.p[0] != '{'; }
VALUE(parentheses) { return v.n == 38 && v.p[0] == '('; }
VALUE(nil) { return has(v, "00000000-0000-0000"); }
VALUE(a_digit_less) { return v.n > 30 && v.n < 38 && v.p[0] == '{' && ends(v, "}"); }

struct date {
    int y, m, d;
};
static bool date_of(struct wev_span v, struct date *out)
{
    char text[12] = "";
    if (v.n < 12 || v.p[4] != '-' || v.p[7] != '-') { return false; }
    memcpy(text, v.p, 11);
    out->y = (int)strtol(text, NULL, 10), out->m = (int)strtol(text + 5, NULL, 10), out->d = (int)strtol(text + 8, NULL, 10);
    return true;
}
static int last_of(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m < 1 || m > 12 ? 0 : days[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}
#define DATE(name, that)                                        \
    static bool is_##name(struct date old, struct date v)       \
    {                                                           \
        (void)old;                                              \
        return that;                                            \
    }                                                           \
    VALUE(name)                                                 \
    {                                                           \
        struct date was, is;                                    \
        return date_of(old, &was) && date_of(v, &is) && is_##name(was, is); \
    }
DATE(month_end, v.y == old.y && v.m == old.m && v.d == last_of(v.y, v.m))
DATE(behind_month_end, v.m >= 1 && v.m <= 12 && v.d == last_of(v.y, v.m) + 1)
DATE(year_end, v.y == old.y && v.m == 12 && v.d == 31)
DATE(year_begin, (v.y == old.y || v.y == old.y + 1) && v.m == 1 && v.d == 1)
DATE(leap_day, v.m == 2 && v.d == 29 && last_of(v.y, 2) == 29)
DATE(leap_day_near, v.m == 2 && v.d == 29 && v.y >= old.y - 4 && v.y <= old.y + 4)
DATE(no_leap_day, v.m == 2 && v.d == 29 && last_of(v.y, 2) == 28)
DATE(february_30, v.m == 2 && v.d == 30)
DATE(month_0_or_13, v.m == 0 || v.m == 13)
DATE(other_month, v.y == old.y && v.m != old.m && v.d == old.d && v.m >= 1 && v.m <= 12)
DATE(other_year, v.y != old.y && v.m == old.m && v.d == old.d)
VALUE(midnight) { return has(v, "T00:00:00"); }
VALUE(end_of_day) { return has(v, "T23:59:59"); }
VALUE(second_60) { return v.n > 19 && !memcmp(v.p + 17, "60", 2); }
VALUE(hour_24) { return has(v, "T24:"); }
VALUE(offset) { return v.n > 19 && (memchr(v.p + 19, '+', v.n - 19) || memchr(v.p + 19, '-', v.n - 19)); }
VALUE(no_zone) { return v.n >= 19 && v.p[4] == '-' && is_digits(span(v.p + v.n - 1, v.p + v.n)); }
VALUE(no_fraction) { return v.n == 20 && v.p[19] == 'Z'; }
VALUE(long_fraction) { return v.n > 32 && v.p[19] == '.' && ends(v, "Z"); }
VALUE(space_between) { return v.n > 19 && (v.p[10] == ' ' || v.p[10] == 't'); }
VALUE(year_1601) { return starts(v, "1601-01-01") || starts(v, "1600-12-31"); }
VALUE(unknown_id) { return starts(v, "%%") && !wev_span_eq(old, v) && is_digits(span(v.p + 2, v.p + v.n)); }
VALUE(id_without_number) { return starts(v, "%") && (v.n < 2 || !is_digits(span(v.p + v.n - 1, v.p + v.n))); }

// forms: those fields' values have; "": any
static const struct shape {
    const char *family, *forms, *name;
    bool (*is)(struct wev_span old, struct wev_span v);
} shapes[] = {
#define S(family, forms, f) {family, forms, #f, f}
    S("repetition", "", character_repeats), S("repetition", "", part_repeats), S("repetition", "", whole_again),
    S("repetition", "", entities_repeat), S("entity", "", entity_first), S("entity", "", own_first_as_decimal),
    S("entity", "", own_first_as_hex), S("entity", "", first_as_padded), S("entity", "", entity_last),
    S("entity", "", all_entities), S("entity", "", reference_to_none), S("entity", "", unknown_entity),
    S("entity", "", bare_ampersand), S("syntax", "", is_empty), S("syntax", "", is_dash),
    S("syntax", "", blank_first), S("syntax", "", blank_last), S("syntax", "", section),
    S("syntax", "", section_within), S("syntax", "", comment_within), S("syntax", "", instruction_within),
    S("syntax", "", element_within), S("syntax", "xhgs", other_case), S("encoding", "", nul_within),
    S("encoding", "", control_within), S("encoding", "", overlong), S("encoding", "", surrogate),
    S("encoding", "", sequence_cut), S("encoding", "", lone_continuation), S("encoding", "", byte_order_mark),
    S("length", "", of_255), S("length", "", of_1023), S("length", "", only_a_start),
    S("length", "", only_an_end), S("text", "", percent), S("text", "", quote_within),
    S("text", "", bracket_within), S("text", "", backslash_last), S("number", "i", negative),
    S("number", "i", plus), S("number", "i", zeros_first), S("number", "i", as_hex),
    S("number", "i", about_2_32), S("number", "i", about_2_64), S("number", "ih", just_more),
    S("number", "h", prefix_alone), S("number", "h", without_prefix), S("number", "h", upper_prefix),
    S("number", "h", many_digits), S("number", "h", hex_zeros), S("SID", "s", subs_15), S("SID", "s", no_sub),
    S("SID", "s", hex_authority), S("SID", "s", lower_s), S("SID", "s", sid_name), S("GUID", "g", no_braces),
    S("GUID", "g", parentheses), S("GUID", "g", nil), S("GUID", "g", a_digit_less),
    S("calendar", "t", month_end), S("calendar", "t", behind_month_end), S("calendar", "t", year_end),
    S("calendar", "t", year_begin), S("calendar", "t", leap_day), S("calendar", "t", leap_day_near),
    S("calendar", "t", no_leap_day), S("calendar", "t", february_30), S("calendar", "t", month_0_or_13),
    S("calendar", "t", other_month), S("calendar", "t", other_year), S("calendar", "t", midnight),
    S("calendar", "t", end_of_day), S("calendar", "t", second_60), S("calendar", "t", hour_24),
    S("time", "t", offset), S("time", "t", no_zone), S("time", "t", no_fraction), S("time", "t", long_fraction),
    S("time", "t", space_between), S("time", "t", year_1601), S("id", "%", unknown_id),
    S("id", "%", id_without_number),
#undef S
};

#endif
