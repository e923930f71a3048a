// tuned N: the same event and as many random fields by hand: fixed pieces copied at constant sizes, digits
// by own loops, xoshiro256**, a 1 MiB buffer. No realism; a bound on what a generator may cost.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LIT(text) (memcpy(p, text, sizeof(text) - 1), p += sizeof(text) - 1)
#define PICK(table) (p = put_text(p, table[below(sizeof(table) / sizeof(*(table)))]))

static const char *const users[] = {"dadmin", "jsmith", "svc_backup", "Administrator", "DC01$", "WEB07$"};
static const char *const providers[] = {"Microsoft Software Key Storage Provider",
                                        "Microsoft Smart Card Key Storage Provider"};
static const char *const algorithms[] = {"RSA",        "DSA",        "DH",         "ECDH_P256",  "ECDH_P384",
                                         "ECDH_P521",  "ECDSA_P256", "ECDSA_P384", "ECDSA_P521", "UNKNOWN"};
static uint64_t state[4];

static inline uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static inline uint64_t next(void)
{
    uint64_t result = rotate(state[1] * 5, 7) * 9, t = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotate(state[3], 45);
    return result;
}

static inline uint32_t below(uint32_t n)
{
    return (uint32_t)(((next() >> 32) * n) >> 32);
}

static inline char *put_text(char *p, const char *text)
{
    size_t n = strlen(text);
    memcpy(p, text, n);
    return p + n;
}

static inline char *put_u64(char *p, uint64_t v)
{
    char digits[20];
    int at = 20;
    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    memcpy(p, digits + at, (size_t)(20 - at));
    return p + 20 - at;
}

static inline char *put_digits(char *p, uint32_t v, int n)
{
    for (int k = n - 1; k >= 0; k--) {
        p[k] = (char)('0' + v % 10);
        v /= 10;
    }
    return p + n;
}

static inline char *put_hex(char *p, uint64_t v, int n)
{
    for (int k = n - 1; k >= 0; k--) { *p++ = "0123456789abcdef"[v >> (4 * k) & 15]; }
    return p;
}

static inline int hex_width(uint32_t v)
{
    return v ? (35 - __builtin_clz(v)) / 4 : 1;
}

static inline char *put_two(char *p, unsigned v, char after)
{
    p[0] = (char)('0' + v / 10);
    p[1] = (char)('0' + v % 10);
    p[2] = after;
    return p + 3;
}

static inline char *put_time(char *p, time_t at)
{
    struct tm tm;
    gmtime_r(&at, &tm);
    unsigned year = (unsigned)tm.tm_year + 1900;
    *p++ = (char)('0' + year / 1000);
    *p++ = (char)('0' + year / 100 % 10);
    p = put_two(p, year % 100, '-');
    p = put_two(p, (unsigned)tm.tm_mon + 1, '-');
    p = put_two(p, (unsigned)tm.tm_mday, 'T');
    p = put_two(p, (unsigned)tm.tm_hour, ':');
    p = put_two(p, (unsigned)tm.tm_min, ':');
    p = put_two(p, (unsigned)tm.tm_sec, '.');
    return put_digits(p, below(10000000), 7);
}

static inline char *put_system(char *p, uint64_t i, int failed)
{
    LIT("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n<System>\n <Provider "
        "Name=\"Microsoft-Windows-Security-Auditing\" Guid=\"{54849625-5478-4994-A5BA-3E3B0328C30D}\" />\n "
        "<EventID>5059</EventID>\n <Version>0</Version>\n <Level>0</Level>\n <Task>12292</Task>\n "
        "<Opcode>0</Opcode>\n <Keywords>0x80");
    *p++ = failed ? '1' : '2';
    LIT("0000000000000</Keywords>\n <TimeCreated SystemTime=\"");
    p = put_time(p, 1444851728 + (time_t)i);
    LIT("00Z\" />\n <EventRecordID>");
    p = put_u64(p, 1048447 + i);
    LIT("</EventRecordID>\n <Correlation />\n <Execution ProcessID=\"");
    p = put_u64(p, 4 * below(2000));
    LIT("\" ThreadID=\"");
    p = put_u64(p, 4 * below(4000));
    LIT("\" />\n <Channel>Security</Channel>\n <Computer>DC0");
    *p++ = (char)('1' + below(8));
    LIT(".contoso.local</Computer>\n <Security />\n </System>\n");
    return p;
}

static inline char *put_fields(char *p, int failed)
{
    LIT("<EventData>\n <Data Name=\"SubjectUserSid\">S-1-5-21-");
    for (int k = 0; k < 3; k++) {
        p = put_u64(p, (uint32_t)next());
        *p++ = '-';
    }
    p = put_u64(p, 1000 + below(9000));
    LIT("</Data>\n <Data Name=\"SubjectUserName\">");
    PICK(users);
    LIT("</Data>\n <Data Name=\"SubjectDomainName\">CONTOSO</Data>\n <Data Name=\"SubjectLogonId\">0x");
    uint32_t logon = (uint32_t)next() >> 1;
    p = put_hex(p, logon, hex_width(logon));
    LIT("</Data>\n <Data Name=\"ProviderName\">");
    PICK(providers);
    LIT("</Data>\n <Data Name=\"AlgorithmName\">");
    PICK(algorithms);
    LIT("</Data>\n <Data Name=\"KeyName\">le-");
    PICK(users);
    uint64_t high = next(), low = next();
    *p++ = '-';
    p = put_hex(p, high >> 32, 8);
    *p++ = '-';
    p = put_hex(p, high >> 16, 4);
    *p++ = '-';
    p = put_hex(p, high, 4);
    *p++ = '-';
    p = put_hex(p, low >> 48, 4);
    *p++ = '-';
    p = put_hex(p, low, 12);
    LIT("</Data>\n <Data Name=\"KeyType\">%%");
    p = below(2) ? put_text(p, "2499") : put_text(p, "2500");
    LIT("</Data>\n <Data Name=\"Operation\">%%");
    p = below(2) ? put_text(p, "2464") : put_text(p, "2465");
    LIT("</Data>\n <Data Name=\"ReturnCode\">0x");
    p = failed ? put_text(p, "80090016") : put_text(p, "0");
    LIT("</Data>\n </EventData>\n </Event>\n");
    return p;
}

static int put_out(const char *p, const char *end)
{
    while (p < end) {
        ssize_t n = write(1, p, (size_t)(end - p));
        if (n < 0) { return 1; }
        p += n;
    }
    return 0;
}

int main(int argc, char **argv)
{
    enum { CAP = 1 << 20, EVENT_MAX = 8192 };
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    char *buffer = malloc(CAP + EVENT_MAX), *p = buffer;
    if (!buffer) { return 2; }
    for (uint64_t k = 0; k < 4; k++) { state[k] = (k + 1) * 0x9e3779b97f4a7c15u; }
    for (uint64_t i = 0; i < (uint64_t)n; i++) {
        int failed = below(10) == 0;
        p = put_fields(put_system(p, i, failed), failed);
        if (p - buffer >= CAP) {
            if (put_out(buffer, p)) { return 1; }
            p = buffer;
        }
    }
    int failed = put_out(buffer, p);
    free(buffer);
    return failed;
}
