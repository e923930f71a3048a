// Reads time zones and says when summer time is in force. Whole numbers; knows no time zone database and no clock.
#include "gen/zone.h"

#include "gen/clock.h"

enum { LETTERS_MIN = 3, LETTERS_MAX = 32, HOURS_MAX = 24, SHIFT_MAX = 3 };

static bool eat(struct wev_span *s, char c)
{
    bool here = s->n > 0 && s->p[0] == c;
    s->p += here;
    s->n -= here;
    return here;
}

// One to `digits` digits, up to `most`.
static bool number(struct wev_span *s, size_t digits, unsigned most, unsigned *out)
{
    size_t k = 0;
    *out = 0;
    for (; k < s->n && k < digits && s->p[k] >= '0' && s->p[k] <= '9'; k++) { *out = 10 * *out + (unsigned)(s->p[k] - '0'); }
    s->p += k;
    s->n -= k;
    return k > 0 && *out <= most;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// CET or <+0330>.
static bool name(struct wev_span *s)
{
    bool quoted = eat(s, '<');
    size_t k = 0;
    while (k < s->n && (is_letter(s->p[k]) || (quoted && ((s->p[k] >= '0' && s->p[k] <= '9') || s->p[k] == '+' || s->p[k] == '-')))) { k++; }
    s->p += k;
    s->n -= k;
    return k >= LETTERS_MIN && k <= LETTERS_MAX && (!quoted || eat(s, '>'));
}

// [+-]hh[:mm[:ss]], in seconds west of Greenwich as POSIX has it.
static bool offset(struct wev_span *s, int32_t *seconds)
{
    unsigned part[3] = {0, 0, 0};
    bool minus = eat(s, '-');
    if (!minus) { eat(s, '+'); }
    if (!number(s, 2, HOURS_MAX, &part[0])) { return false; }
    for (unsigned k = 1; k < 3 && eat(s, ':'); k++) {
        if (!number(s, 2, 59, &part[k])) { return false; }
    }
    int32_t size = (int32_t)(part[0] * 3600 + part[1] * 60 + part[2]);
    *seconds = minus ? -size : size;
    return true;
}

static bool rule(struct wev_span *s, struct wev_zone_rule *r)
{
    unsigned a = 0, b = 0, c = 0, hour = 2; // 2:00 where nothing is said
    *r = (struct wev_zone_rule){.form = 0};
    if (!eat(s, ',')) { return false; }
    if (eat(s, 'M')) {
        bool good = number(s, 2, 12, &a) && a > 0 && eat(s, '.') && number(s, 1, 5, &b) && b > 0 && eat(s, '.') && number(s, 1, 6, &c);
        if (!good) { return false; }
        *r = (struct wev_zone_rule){.form = 'M', .month = (uint8_t)a, .week = (uint8_t)b, .day = (uint16_t)c};
    } else {
        bool julian = eat(s, 'J');
        if (!number(s, 3, 365, &a) || (julian && a == 0)) { return false; }
        *r = (struct wev_zone_rule){.form = julian ? 'J' : 0, .day = (uint16_t)a};
    }
    if (eat(s, '/')) {
        unsigned zero = 0;
        if (!number(s, 2, HOURS_MAX, &hour)) { return false; }
        while (eat(s, ':')) {
            if (!number(s, 2, 0, &zero)) { return false; }
        }
    }
    r->hour = (uint8_t)hour;
    return true;
}

static bool read_posix(struct wev_span s, struct wev_zone *z)
{
    int32_t west, summer;
    if (!name(&s) || !offset(&s, &west)) { return false; }
    z->offset_100ns = -(int64_t)west * WEV_SECOND;
    if (!s.n) { return true; }
    summer = west - 3600;
    if (!name(&s) || (s.n && s.p[0] != ',' && !offset(&s, &summer))) { return false; }
    int32_t shift = west - summer;
    if (shift % 3600 != 0 || shift == 0 || shift > SHIFT_MAX * 3600 || shift < -SHIFT_MAX * 3600) { return false; }
    z->shift = shift / 3600;
    return rule(&s, &z->begin) && rule(&s, &z->end) && !s.n;
}

bool wev_zone_read(struct wev_span s, struct wev_zone *z)
{
    unsigned h = 0, m = 0;
    struct wev_span rest = s;
    *z = (struct wev_zone){.offset_100ns = 0};
    if (wev_span_is(s, "UTC")) { return true; }
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-')) { return read_posix(s, z); }
    bool minus = eat(&rest, '-');
    if (!minus) { eat(&rest, '+'); }
    bool good = number(&rest, 2, 14, &h) && eat(&rest, ':') && number(&rest, 2, 59, &m) && !rest.n;
    z->offset_100ns = (int64_t)((h * 60 + m) * 60ull * WEV_SECOND) * (minus ? -1 : 1);
    return good;
}

// ---- when

static uint64_t first_of(uint64_t year, unsigned month) // days since 1601-01-01
{
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    uint64_t y = year - 1601;
    return y * 365 + y / 4 - y / 100 + y / 400 + before[month - 1] + (month > 2 && wev_clock_is_leap(year) ? 1u : 0u);
}

static uint64_t day_of(const struct wev_zone_rule *r, uint64_t year)
{
    uint64_t new_year = first_of(year, 1);
    if (r->form == 0) { return new_year + r->day; }
    if (r->form == 'J') { return new_year + r->day - 1u + (r->day > 59 && wev_clock_is_leap(year) ? 1u : 0u); }
    uint64_t first = first_of(year, r->month), next = r->month == 12 ? first_of(year + 1, 1) : first_of(year, r->month + 1u);
    uint64_t day = first + (r->day + 6u + 7u - first % 7) % 7 + 7u * (r->week - 1u); // 1601-01-01 was a Monday
    return day < next ? day : day - 7;
}

bool wev_zone_is_summer(const struct wev_zone *z, uint64_t hour)
{
    if (!z->shift) { return false; }
    uint64_t year = wev_clock_year(hour / 24);
    uint64_t begin = day_of(&z->begin, year) * 24 + z->begin.hour, end = day_of(&z->end, year) * 24 + z->end.hour - (uint64_t)(int64_t)z->shift;
    return begin < end ? hour >= begin && hour < end : hour >= begin || hour < end;
}
