// Times: every edge of the calendar and of the clock, and of how they are written. Knows no event.
#include "fuzz/mutator_run.h"

#include <string.h>

struct parts {
    unsigned part[6]; // year, month, day, hour, minute, second
    uint8_t width[6];
    struct wev_span fraction; // with its point
    struct wev_span zone;
    char between; // date and time
};

static size_t take_number(struct wev_span *s, unsigned *v)
{
    size_t k = 0;
    *v = 0;
    while (k < s->n && k < 9 && s->p[k] >= '0' && s->p[k] <= '9') { *v = *v * 10 + (unsigned)(s->p[k++] - '0'); }
    s->p += k;
    s->n -= k;
    return k;
}

// As far as it goes; what is missing is that of an ordinary day.
static void take_apart(struct wev_span s, struct parts *t)
{
    static const unsigned plain[6] = {2024, 3, 4, 8, 0, 2};
    *t = (struct parts){.fraction = WEV_SPAN(".2977114"), .zone = WEV_SPAN("Z"), .between = 'T'};
    for (unsigned k = 0; k < 6; k++) {
        unsigned v;
        t->part[k] = plain[k];
        t->width[k] = k ? 2 : 4;
        if (!s.n || !take_number(&s, &v)) { continue; }
        t->part[k] = v;
        if (k < 5 && s.n) {
            if (k == 2) { t->between = *s.p; }
            s.p++;
            s.n--;
        }
    }
    if (!s.n) { return; }
    size_t n = 0;
    while (n < s.n && (s.p[n] == '.' || (s.p[n] >= '0' && s.p[n] <= '9'))) { n++; }
    t->fraction = (struct wev_span){s.p, n};
    t->zone = (struct wev_span){s.p + n, s.n - n};
}

static void put_together(const struct parts *t, struct wev_words *w)
{
    for (unsigned k = 0; k < 6; k++) {
        if (k) { wev_words_byte(w, k < 3 ? '-' : k == 3 ? t->between : ':'); }
        wev_words_padded(w, t->part[k], t->width[k]);
    }
    wev_words_put(w, t->fraction);
    wev_words_put(w, t->zone);
}

static const uint16_t years[] = {2000, 1900, 2100, 2023, 2024, 2028, 1601, 1600, 1602, 1970, 1969, 1999, 2001, 2037, 2038,
    2039, 2106, 2107, 2200, 2262, 2400, 9999, 10000, 30827, 30828, 60056, 0, 1, 999, 1000, 1582, 1752, 1899, 1904, 1980, 65535};
static const uint8_t months[] = {0, 1, 2, 3, 6, 9, 11, 12, 13, 99}, days[] = {0, 1, 15, 28, 29, 30, 31, 32, 99},
    hours[] = {0, 1, 2, 12, 23, 24, 25, 99},
    sixties[] = {0, 1, 30, 58, 59, 60, 61, 99};
static const uint8_t dates[][2] = {{2, 29}, {2, 29}, {2, 30}, {2, 28}, {2, 31}, {3, 1}, {3, 31}, {4, 31}, {6, 31}, {9, 31},
    {11, 31}, {12, 31}, {12, 31},
        {1, 1}, {1, 31}, {12, 32}, {1, 0}, {0, 1}, {0, 0}, {13, 1}, {4, 30}, {10, 25}, {6, 30},
        {1, 19}, {2, 7}, {5, 31}};

// Days of the calendar, whatever the value is.
static void move_date(struct wev_mutator *m, struct parts *t)
{
    static const uint16_t leaps[] = {1900, 2100, 2200, 2300, 1700, 2000, 2400, 1600, 2023, 2024, 1904};
    if (wev_mutator_chance(m, 4)) { // the 29th of February, where it is one and where it is none
        t->part[0] = leaps[wev_mutator_draw(m, WEV_COUNT(leaps))];
        t->part[1] = 2;
        t->part[2] = 29;
        return;
    }
    size_t row = wev_mutator_draw(m, WEV_COUNT(dates));
    t->part[1] = dates[row][0];
    t->part[2] = dates[row][1];
    if (wev_mutator_chance(m, 2)) { t->part[0] = years[wev_mutator_draw(m, WEV_COUNT(years))]; }
}

static unsigned last_day(unsigned year, unsigned month)
{
    static const uint8_t last[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month < 1 || month > 12 ? 31u : last[month - 1] + (month == 2 && leaps ? 1u : 0u);
}

// The edges about the value's own date: of its month, of its year, the leap day nearby, the same day elsewhere.
static void move_near(struct wev_mutator *m, struct parts *t)
{
    static const int16_t far[] = {-1, 1, -4, 4, -100, 100, -400, 400};
    unsigned *year = &t->part[0], *month = &t->part[1], *day = &t->part[2];
    size_t kind = wev_mutator_draw(m, 11);
    switch (kind) {
    case 0: case 1: *day = last_day(*year, *month) + (unsigned)kind; break; // the month's last, and one behind it
    case 2: case 3: *month = 12, *day = 31; break;
    case 4: case 5: *year += (unsigned)kind - 4, *month = *day = 1; break;
    case 6: // the leap day of about now, where there is one or not
        *year = wev_mutator_chance(m, 3) ? *year / 100 * 100 + 100 : *year + (unsigned)wev_mutator_draw(m, 9) - 4u;
        *month = 2, *day = 29;
        break;
    case 7: *year = (*year & ~3u) + (wev_mutator_chance(m, 2) ? 4 : 0), *month = 2, *day = 29 + (unsigned)wev_mutator_draw(m, 2); break;
    case 8: *month = 1 + (unsigned)wev_mutator_draw(m, 12); break; // the day may be none there
    case 9: *year += (unsigned)far[wev_mutator_draw(m, WEV_COUNT(far))]; break;
    default: // the first of a month, and the day before it
        *day = wev_mutator_chance(m, 2) ? 1 : 0;
        *month += (unsigned)wev_mutator_draw(m, 2);
        break;
    }
}

// Parts of another time that the event has: its date, its clock, its fraction, one number of it, its form.
static void move_toward(struct wev_mutator *m, struct parts *t)
{
    const struct wev_break *b = m->b;
    const struct wev_spot *of = NULL;
    struct parts other;
    size_t count = 0, kind = wev_mutator_draw(m, 6);
    wev_break_header(m->b, WEV_H_PROVIDER); // lists the spots
    for (uint32_t k = 0; k < b->spot_count; k++) {
        if (b->spots[k].lex == WEV_L_TIME && wev_mutator_draw(m, ++count) == 0) { of = &b->spots[k]; }
    }
    if (!of) { return; }
    take_apart(wev_mutator_text(m, of), &other);
    switch (kind) {
    case 0: memcpy(t->part, other.part, 3 * sizeof(t->part[0])); break;
    case 1: memcpy(t->part + 3, other.part + 3, 3 * sizeof(t->part[0])); break;
    case 2: t->fraction = other.fraction; break;
    case 3: t->zone = other.zone; break;
    case 4: memcpy(t->part, other.part, sizeof(t->part)); break; // the same second
    default: kind = wev_mutator_draw(m, 6), t->part[kind] = other.part[kind]; break;
    }
}

static void move_clock(struct wev_mutator *m, struct parts *t)
{
    static const uint8_t clocks[][3] = {{0, 0, 0}, {23, 59, 59}, {23, 59, 60}, {24, 0, 0}, {24, 0, 1}, {0, 0, 60},
        {12, 0, 0}, {2, 30, 0}, {23, 60, 0}, {3, 14, 7}, {3, 14, 8},
        {6, 28, 15}, {6, 28, 16}, {99, 99, 99}, {11, 59, 60}, {23, 59, 61}};
    size_t row = wev_mutator_draw(m, WEV_COUNT(clocks));
    for (unsigned k = 0; k < 3; k++) { t->part[3 + k] = clocks[row][k]; }
}

static void move_fraction(struct wev_mutator *m, struct parts *t)
{
    static const char *const rows[] = {"", ".", ".0", ".9", ".00", ".999", ".000", ".500", ".999999", ".000000",
        ".0000000", ".9999999", ".99999999", ".000000000", ".999999999",
        ".999999950", ".0000000000", ".9999999999", ".1234567890", ".123456789012",
        ".999999999999999999", ".18446744073709551615",
        ".18446744073709551616", ".000000000000000000000000000000001", ".4294967296", "..5",
        ".5.5", ".-1",
        ".99999999999999999999999999999999999999999999999999999999999999999999999"};
    t->fraction = wev_span_of(rows[wev_mutator_draw(m, WEV_COUNT(rows))]);
}

static void move_zone(struct wev_mutator *m, struct parts *t)
{
    static const char *const rows[] = {"Z", "", "z", "+00:00", "-00:00", "+01:00", "-08:00", "+14:00", "-12:00", "+23:59",
        "+24:00", "-24:00", "+99:99", "+0530", "+05", "+5:30",
        " UTC", " +00:00", "ZZ", "+", "-", "Z+01:00", "Z ", "GMT", "+00:60", "-14:00", "+12:45"};
    t->zone = wev_span_of(rows[wev_mutator_draw(m, WEV_COUNT(rows))]);
}

static void move_part(struct wev_mutator *m, struct parts *t)
{
    size_t k = wev_mutator_draw(m, 6);
    switch (k) {
    case 0: t->part[0] = years[wev_mutator_draw(m, WEV_COUNT(years))]; break;
    case 1: t->part[1] = months[wev_mutator_draw(m, WEV_COUNT(months))]; break;
    case 2: t->part[2] = days[wev_mutator_draw(m, WEV_COUNT(days))]; break;
    case 3: t->part[3] = hours[wev_mutator_draw(m, WEV_COUNT(hours))]; break;
    default: t->part[k] = sixties[wev_mutator_draw(m, WEV_COUNT(sixties))]; break;
    }
}

// The written form: a width, what stands between.
static void move_form(struct wev_mutator *m, struct parts *t)
{
    if (wev_mutator_chance(m, 2)) { t->between = "t _TTT/+"[wev_mutator_draw(m, 8)]; } else { t->width[wev_mutator_draw(m,
        6)] = (uint8_t)(1 + wev_mutator_draw(m, 6)); }
}

// A moment at an edge of the calendar about this time: one that is, to the day or to the second.
void wev_mutator_time_edge(struct wev_mutator *m, struct wev_span old, struct wev_words *w)
{
    struct parts t;
    take_apart(old, &t);
    do { move_near(m, &t); } while (wev_mutator_chance(m, 4));
    if (wev_mutator_chance(m, 2)) { move_clock(m, &t); }
    if (wev_mutator_chance(m, 2)) { t.fraction = wev_mutator_chance(m, 2) ? WEV_SPAN(".0000000") : WEV_SPAN(".9999999"); }
    put_together(&t, w);
}

void wev_mutator_time(struct wev_mutator *m, struct wev_span old, struct wev_words *w)
{
    static const char *const whole[] = {"1601-01-01T00:00:00.0000000Z", "1601-01-01T00:00:00.0000001Z",
        "1600-12-31T23:59:59.9999999Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
        "2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z",
        "9999-12-31T23:59:59.9999999Z", "30828-09-14T02:48:05.4775807Z",
        "60056-05-28T05:36:10.9551615Z", "2016-12-31T23:59:60Z", "0000-00-00T00:00:00Z",
        "", "-", "0", "2024-03-04", "08:00:00", "2024-W10-1T08:00:00Z",
        "2024-064T08:00:00Z", "3/4/2024 8:00:00 AM", "133540128000000000",
        "-1970-01-01T00:00:00Z", "20240304T080000Z",
        "\342\200\2162024-03-04T08:00:00Z"};
    static void (*const moves[])(struct wev_mutator *, struct parts *) = {move_date, move_near, move_near, move_part,
        move_toward, move_clock, move_fraction, move_zone, move_form};
    struct parts t;
    if (wev_mutator_chance(m, 6)) {
        wev_words_text(w, whole[wev_mutator_draw(m, WEV_COUNT(whole))]);
        return;
    }
    take_apart(old, &t);
    do { moves[wev_mutator_draw(m, WEV_COUNT(moves))](m, &t); } while (wev_mutator_chance(m, 3));
    put_together(&t, w);
}
