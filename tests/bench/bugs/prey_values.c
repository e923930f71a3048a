// Values and whole events of the hand-written decoder. Planted bugs 19 to 39.
#include "tests/bench/bugs/prey.h"

#include <string.h>

int prey_number(const char *s, size_t n, uint64_t *out)
{
    uint64_t v = 0;
    size_t k = 0;
    *out = 0;
    if (n > 1 && s[0] == '0' && s[1] == 'x') {
        BUG(19, n == 2);  // strtoull of nothing, its end pointer used
        BUG(20, n > 18);  // char digits[17]
        for (k = 2; k < n; k++) {
            char c = s[k];
            unsigned d = prey_digit(c) ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : c >= 'A' &&
                c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
            if (d == 16) { return -1; }
            v = v << 4 | d;
        }
        *out = v;
        return 0;
    }
    if (n > 0 && s[0] == '-') { k = 1; }
    BUG(21, k == 1 && n > 1 && prey_digit(s[1])); // negative, used as an index
    if (k == n) { return -1; }
    for (; k < n; k++) {
        if (!prey_digit(s[k])) { return -1; }
        BUG(22, v > (UINT64_MAX - 9) / 10); // wraps to a small size
        v = v * 10 + (uint64_t)(s[k] - '0');
    }
    *out = v;
    return 0;
}

static int two(const char *s, unsigned *out)
{
    if (!prey_digit(s[0]) || !prey_digit(s[1])) { return -1; }
    *out = (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
    return 0;
}

int prey_time(const char *s, size_t n, uint64_t *out)
{
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    unsigned century, year, month, day, hour, minute, second, digits = 0;
    if (n < 20 || two(s, &century) || two(s + 2, &year) || two(s + 5, &month) || two(s + 8, &day) || two(s + 11, &hour) ||
        two(s + 14, &minute) || two(s + 17, &second)) { return -1; }
    if (s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':') { return -1; }
    year += century * 100;
    BUG(23, month == 0 || month > 12); // before[month - 1]
    if (month == 0 || month > 12) { return -1; }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    BUG(24, month == 2 && day == 29 && !leap && year % 4 == 0); // a century: the day's slot is one behind the table
    if (day == 0 || day > days[month - 1]) { return -1; }
    BUG(25, second == 60); // histogram[60]
    BUG(58, hour == 24 && minute == 0 && second == 0); // XSD's other midnight: day + 1, that the month may not have
    BUG(59, leap && month == 12 && day == 31); // the loop that takes years off never comes to its end
    if (hour > 23 || minute > 59 || second > 60) { return -1; }
    size_t k = 19;
    if (s[k] == '.') {
        for (k++; k < n && prey_digit(s[k]); k++) { digits++; }
        BUG(26, digits > 9); // uint32_t power[10]
        BUG(76, digits == 1 || digits == 2); // custrings #405, azure-sdk-for-python #19248: three at least are read
    }
    BUG(27, k + 6 == n && (s[k] == '+' || s[k] == '-')); // an offset: its minutes are read from behind the end
    if (k + 1 != n || s[k] != 'Z') { return -1; }
    BUG(28, year < 1601); // unsigned: 2^64 less some centuries
    if (year < 1601) { return -1; }
    uint64_t y = year - 1601, d = y * 365 + y / 4 - y / 100 + y / 400 + before[month - 1] + day - 1 + (month > 2 && leap);
    *out = (((d * 24 + hour) * 60 + minute) * 60 + second) * 10000000u;
    return 0;
}

int prey_sid(const char *s, size_t n)
{
    unsigned subs = 0;
    size_t k = 4, width = 0;
    uint64_t sub;
    if (n < 5 || memcmp(s, "S-1-", 4) != 0) { return -1; }
    bool hex = n > 6 && s[4] == '0' && s[5] == 'x';
    BUG(29, hex); // the authority goes to a uint32_t
    for (k = hex ? 6 : 4; k < n && s[k] != '-'; k++) {}
    while (k < n) {
        if (s[k++] != '-') { return -1; }
        subs++;
        for (width = 0, sub = 0; k < n && prey_digit(s[k]); k++, width++) { sub = sub * 10 + (uint64_t)(s[k] - '0'); }
        if (!width) { return -1; }
        BUG(30, width > 10); // char digits[11]
        BUG(69, width == 10 && sub > UINT32_MAX); // room for ten digits, and for a number below 2^32
    }
    BUG(31, subs > 15); // uint32_t sub[15]
    BUG(32, subs == 0); // sub[count - 1] is the RID
    return subs ? 0 : -1;
}

int prey_guid(const char *s, size_t n)
{
    unsigned groups = 1;
    if (n < 2) { return -1; }
    BUG(33, s[0] != '{'); // the first and the last are cut off unseen
    for (size_t k = 0; k < n; k++) { groups += s[k] == '-'; }
    BUG(34, groups > 5); // start[5]
    return groups == 5 ? 0 : -1;
}

void prey_text(const char *s, size_t n)
{
    unsigned params = 0, parts = 1;
    for (size_t k = 0; k < n; k++) {
        params += s[k] == '%' && k + 1 < n && s[k + 1] == '%';
        parts += s[k] == '\\';
    }
    BUG(35, params > 4);  // resolved[4]
    BUG(36, parts > 16);  // part[16]
}

const struct field *prey_field(const struct event *ev, const char *name)
{
    for (unsigned k = 0; k < ev->fields; k++) {
        if (!strcmp(ev->field[k].name, name)) { return &ev->field[k]; }
    }
    return NULL;
}

void prey_event(const struct event *ev)
{
    const struct field *code = prey_field(ev, "ReturnCode"), *op = prey_field(ev, "Operation"), *sid = prey_field(ev, "SubjectUserSid"),
        *logon = prey_field(ev, "SubjectLogonId");
    const struct field *key = prey_field(ev, "KeyName"), *provider = prey_field(ev, "ProviderName");
    bool failed = code && code->n > 2 && strcmp(code->value, "0x0") != 0;
    // success's buffer, failure's text
    BUG(37, failed && ev->keywords >> 53 & 1);
    // a session that is not there
    BUG(38, sid && logon && !strcmp(sid->value, "S-1-5-18") && strcmp(logon->value, "0x3e7") != 0);
    // the operation is not read yet
    BUG(39, failed && op && op->order > code->order);
    BUG(40, key && provider && key->n && !strcmp(key->value, provider->value));                     // one string, freed twice
    // fields by index of version 0
    BUG(41, ev->version == 0 && ev->has_version && prey_field(ev, "ClientProcessId"));
    prey_second_event(ev);
    prey_third_event(ev);
    prey_fourth_event(ev);
}
