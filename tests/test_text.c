// Values as text against snprintf, odometers and a calendar that goes day by day: nothing here divides as gen/text.h does.
#include "gen/text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MARK "\xe2\x80\x8e" // U+200E

enum { ROOM = 256 };

static char buf[ROOM], guard[ROOM];

static uint64_t scaled(uint64_t n) // WEV_TEST_SHARE=k: one k-th of the cases, for sanitizer builds
{
    const char *share = getenv("WEV_TEST_SHARE");
    unsigned long k = share ? strtoul(share, NULL, 10) : 1;
    return k > 1 && n / k > 0 ? n / k : k > 1 ? 1 : n;
}

static uint64_t next(uint64_t *state) // SplitMix64
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// What was written must be `want`, and beyond `most` bytes nothing was touched.
static void same(const char *end, const char *want, size_t most)
{
    size_t n = (size_t)(end - buf);
    if (n != strlen(want) || memcmp(buf, want, n) != 0) { fail_msg("expected \"%s\", got \"%.*s\"", want, (int)n, buf); }
    if (memcmp(buf + most, guard + most, ROOM - most) != 0) { fail_msg("%s: more than %zu bytes were written", want, most); }
}

static void clean(void)
{
    memcpy(buf, guard, ROOM);
}

// ---- decimal

// Adds one to a number of eight ASCII digits.
static void tick(char *digits)
{
    for (int k = 7; k >= 0 && ++digits[k] > '9'; k--) { digits[k] = '0'; }
}

static void check_block(uint32_t first, uint32_t count)
{
    char digits[16];
    snprintf(digits, sizeof(digits), "%08" PRIu32, first);
    for (uint32_t v = first; v < first + count; v++, tick(digits)) {
        size_t zeros = 0;
        while (zeros < 7 && digits[zeros] == '0') { zeros++; }
        size_t n = (size_t)(wev_text_below_1e8(buf, v) - buf);
        if (n != 8 - zeros || memcmp(buf, digits + zeros, n) != 0) {
            fail_msg("below_1e8(%" PRIu32 ") is \"%.*s\"", v, (int)n, buf);
        }
        if (wev_text_eight(buf, v) != buf + 8 || memcmp(buf, digits, 8) != 0) { fail_msg("eight(%" PRIu32 ") is \"%.8s\"", v, buf); }
    }
}

// forall v < 10^8: eight digits, and the same without leading zeros
static void eight_digits_are_exact(void **state)
{
    (void)state;
    enum { BLOCK = 10000 };
    uint64_t blocks = scaled(10000), step = 10000 / blocks;
    for (uint64_t b = 0; b < 10000; b += step) { check_block((uint32_t)(b * BLOCK), BLOCK); }
    static const uint32_t near[] = {0, 90, 9900, 990000, 99990000};
    for (size_t k = 0; k < sizeof(near) / sizeof(near[0]); k++) { check_block(near[k], k == 4 ? 10000 : 20000); }
}

static void check_u64(uint64_t v)
{
    char want[64];
    clean();
    snprintf(want, sizeof(want), "%" PRIu64, v);
    same(wev_text_u64(buf, v), want, 20);
    clean();
    snprintf(want, sizeof(want), "%" PRId64, (int64_t)v);
    same(wev_text_i64(buf, (int64_t)v), want, 20);
    unsigned width = (unsigned)(v % 40);
    clean();
    snprintf(want, sizeof(want), "%0*" PRIu64, (int)width, v);
    same(wev_text_padded(buf, v, width), want, width + 8 > 20 ? width + 8 : 20);
}

static void check_hex(uint64_t v)
{
    char want[64];
    clean();
    snprintf(want, sizeof(want), "0x%" PRIx64, v);
    same(wev_text_hex(buf, v, WEV_TEXT_LOWER), want, 26);
    clean();
    snprintf(want, sizeof(want), "0x%" PRIX64, v);
    same(wev_text_hex(buf, v, WEV_TEXT_UPPER), want, 26);
}

// forall v: as %llu, %lld, %0*llu, 0x%llx: around every power of 10 and of 2, and numbers of every length
static void integers_are_as_printf_writes_them(void **state)
{
    (void)state;
    for (uint64_t p = 1;; p *= 10) {
        for (uint64_t d = 0; d < 200; d++) {
            check_u64(p - 100 + d);
            check_hex(p - 100 + d);
        }
        if (p > UINT64_MAX / 10) { break; }
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        for (uint64_t d = 0; d < 6; d++) {
            check_u64((1ull << bit) - 3 + d);
            check_hex((1ull << bit) - 3 + d);
        }
    }
    uint64_t seed = 1, n = scaled(500000);
    for (uint64_t k = 0; k < n; k++) {
        uint64_t v = next(&seed) >> k % 64;
        check_u64(v);
        check_hex(v);
    }
    for (unsigned v = 0; v < 100; v++) { // the pair table
        char want[8];
        clean();
        snprintf(want, sizeof(want), "%02u", v);
        same(wev_text_two(buf, v), want, 2);
    }
}

// ---- GUID, SID, bytes

static void guids_are_their_bytes(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int k = 0; k < 20000; k++) {
        struct wev_guid g;
        char want[64];
        for (size_t b = 0; b < 16; b++) { g.byte[b] = k < 256 ? (uint8_t)k : (uint8_t)next(&seed); }
        for (int upper = 0; upper < 2; upper++) {
            const uint8_t *b = g.byte;
            snprintf(want, sizeof(want),
                     upper ? "%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X"
                           : "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                     b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
            clean();
            same(wev_text_guid(buf, &g, upper ? WEV_TEXT_UPPER : WEV_TEXT_LOWER), want, 36);
        }
    }
    clean();
    same(wev_text_bytes(buf, (const uint8_t *)"\x00\x7f\x80\xff", 4, WEV_TEXT_UPPER), "007F80FF", 8);
    clean();
    same(wev_text_bytes(buf, NULL, 0, WEV_TEXT_UPPER), "", 0);
}

// MS-DTYP 2.4.2.1: IdentifierAuthorityDec below 2^32, IdentifierAuthorityHex = 0x and twelve digits from there
static void sids_follow_ms_dtyp(void **state)
{
    (void)state;
    static const struct { struct wev_sid sid; const char *text; } rows[] = {
        {{5, 1, {18}}, "S-1-5-18"},
        {{0, 1, {0}}, "S-1-0-0"},
        {{5, 5, {21, 3457937927u, 2839227994u, 823803824u, 1104}}, "S-1-5-21-3457937927-2839227994-823803824-1104"},
        {{UINT32_MAX, 1, {UINT32_MAX}}, "S-1-4294967295-4294967295"},
        {{1ull << 32, 1, {1}}, "S-1-0x000100000000-1"},
        {{0xfedcba987654u, 2, {7, 8}}, "S-1-0xfedcba987654-7-8"},
        {{(1ull << 48) - 1, 1, {0}}, "S-1-0xffffffffffff-0"},
    };
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
        clean();
        same(wev_text_sid(buf, &rows[k].sid), rows[k].text, 183);
    }
    uint64_t seed = 4;
    for (int k = 0; k < 50000; k++) {
        struct wev_sid s = {.authority = next(&seed) >> 16 >> next(&seed) % 48, .count = 1 + (uint32_t)(next(&seed) % WEV_SID_SUBS_MAX)};
        if (k == 0) { s = (struct wev_sid){.authority = (1ull << 48) - 1, .count = WEV_SID_SUBS_MAX}; } // the longest
        char want[ROOM];
        int n = snprintf(want, sizeof(want), s.authority > UINT32_MAX ? "S-1-0x%012" PRIx64 : "S-1-%" PRIu64, s.authority);
        for (uint32_t i = 0; i < s.count; i++) {
            s.sub[i] = k == 0 ? UINT32_MAX : (uint32_t)(next(&seed) >> 32 >> next(&seed) % 32);
            n += snprintf(want + n, sizeof(want) - (size_t)n, "-%" PRIu32, s.sub[i]);
        }
        clean();
        same(wev_text_sid(buf, &s), want, 183);
    }
}

// ---- dates and times

struct day {
    uint64_t year;
    unsigned month, day;
};

static unsigned days_of(uint64_t year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static void step(struct day *d)
{
    if (++d->day <= days_of(d->year, d->month)) { return; }
    d->day = 1;
    if (++d->month <= 12) { return; }
    d->month = 1;
    d->year++;
}

// forall days that a FILETIME holds, 1601-01-01 to 60056-05-28: as a calendar counts them
static void every_day_has_its_date(void **state)
{
    (void)state;
    struct day d = {1601, 1, 1};
    uint64_t last = UINT64_MAX / 10000000u / 86400u, stride = 1000 / scaled(1000);
    char month_day[16];
    for (uint64_t day = 0; day <= last; day++, step(&d)) {
        if (day % stride != 0 && day > 400000) { continue; }
        size_t n = (size_t)(wev_text_date(buf, day, "") - buf), y = d.year >= 10000;
        uint64_t year = 0;
        for (size_t k = 0; k < 4 + y; k++) { year = year * 10 + (uint64_t)(buf[k] - '0'); }
        memcpy(month_day, (const char[]){'-', (char)('0' + d.month / 10), (char)('0' + d.month % 10), '-',
                                         (char)('0' + d.day / 10), (char)('0' + d.day % 10)}, 6);
        if (n != 10 + y || year != d.year || memcmp(buf + 4 + y, month_day, 6) != 0) {
            fail_msg("day %" PRIu64 ": expected %04" PRIu64 "-%02u-%02u, got %.*s", day, d.year, d.month, d.day, (int)n, buf);
        }
    }
    assert_true(d.year == 60056 && d.month == 5 && d.day == 29); // `date -u` agrees on the day before
}

// forall seconds of a day and digits 0 to 9
static void every_second_has_its_clock(void **state)
{
    (void)state;
    uint64_t seed = 5, stride = 1000 / scaled(1000);
    for (uint64_t s = 0; s < 86400; s += s < 4000 || s > 86000 ? 1 : stride) {
        uint64_t fraction = s % 3 ? next(&seed) % 10000000u : s % 2 ? 9999999u : s % 10;
        char whole[32], want[48];
        snprintf(whole, sizeof(whole), "%09" PRIu64, fraction * 100);
        for (unsigned digits = 0; digits <= 9; digits++) {
            snprintf(want, sizeof(want), "T%02u:%02u:%02u%s%.*sZ", (unsigned)(s / 3600), (unsigned)(s % 3600 / 60),
                     (unsigned)(s % 60), digits ? "." : "", (int)digits, whole);
            clean();
            same(wev_text_clock(buf, s, fraction, digits), want, 20);
        }
    }
}

// the times of real records (facts, 2), the ends of FILETIME, and U+200E where messages have it
static void times_are_those_of_real_records(void **state)
{
    (void)state;
    static const struct { uint64_t filetime; unsigned digits; const char *mark, *text; } rows[] = {
        {0, 0, "", "1601-01-01T00:00:00Z"},
        {116444736000000000u, 7, "", "1970-01-01T00:00:00.0000000Z"},
        {132436769025182329u, 9, "", "2020-09-04T07:08:22.518232900Z"}, // 5059_v1_a
        {130893253281352656u, 9, "", "2015-10-14T19:42:08.135265600Z"}, // 5059_v0_eventviewer
        {133113402065647827u, 7, "", "2022-10-27T10:30:06.5647827Z"},   // wef-renderedxml-4689
        {132274943999999999u, 3, "", "2020-02-29T23:59:59.999Z"},
        {132436769025182329u, 9, MARK, MARK "2020" MARK "-" MARK "09" MARK "-" MARK "04T07:08:22.518232900Z"},
        {UINT64_MAX, 9, "", "60056-05-28T05:36:10.955161500Z"},
        {INT64_MAX, 7, "", "30828-09-14T02:48:05.4775807Z"},
        {0, 0, MARK, MARK "1601" MARK "-" MARK "01" MARK "-" MARK "01T00:00:00Z"},
        {UINT64_MAX, 9, MARK, MARK "60056" MARK "-" MARK "05" MARK "-" MARK "28T05:36:10.955161500Z"},
    };
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
        clean();
        same(wev_text_time(buf, rows[k].filetime, rows[k].digits, rows[k].mark), rows[k].text, 46);
    }
}

int main(void)
{
    memset(guard, '\x7f', sizeof(guard));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_digits_are_exact),  cmocka_unit_test(integers_are_as_printf_writes_them),
        cmocka_unit_test(guids_are_their_bytes),   cmocka_unit_test(sids_follow_ms_dtyp),
        cmocka_unit_test(every_day_has_its_date),  cmocka_unit_test(every_second_has_its_clock),
        cmocka_unit_test(times_are_those_of_real_records),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
