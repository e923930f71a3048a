// naive N: what an engineer writes in an hour. One printf an event, rand() for every field, strftime.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PICK(table) table[(size_t)rand() % (sizeof(table) / sizeof(*(table)))]

static const char *const users[] = {"dadmin", "jsmith", "svc_backup", "Administrator", "DC01$", "WEB07$"};
static const char *const providers[] = {"Microsoft Software Key Storage Provider",
                                        "Microsoft Smart Card Key Storage Provider"};
static const char *const algorithms[] = {"RSA",        "DSA",        "DH",         "ECDH_P256",  "ECDH_P384",
                                         "ECDH_P521",  "ECDSA_P256", "ECDSA_P384", "ECDSA_P521", "UNKNOWN"};
static const char *const types[] = {"%%2499", "%%2500"};
static const char *const operations[] = {"%%2464", "%%2465"};

static const char format[] =
    "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n<System>\n"
    " <Provider Name=\"Microsoft-Windows-Security-Auditing\" Guid=\"{54849625-5478-4994-A5BA-3E3B0328C30D}\" />\n"
    " <EventID>5059</EventID>\n <Version>0</Version>\n <Level>0</Level>\n <Task>12292</Task>\n"
    " <Opcode>0</Opcode>\n <Keywords>0x80%d000000000000</Keywords>\n"
    " <TimeCreated SystemTime=\"%s.%07d00Z\" />\n <EventRecordID>%ld</EventRecordID>\n <Correlation />\n"
    " <Execution ProcessID=\"%d\" ThreadID=\"%d\" />\n <Channel>Security</Channel>\n"
    " <Computer>DC%02d.contoso.local</Computer>\n <Security />\n </System>\n<EventData>\n"
    " <Data Name=\"SubjectUserSid\">S-1-5-21-%u-%u-%u-%d</Data>\n"
    " <Data Name=\"SubjectUserName\">%s</Data>\n <Data Name=\"SubjectDomainName\">CONTOSO</Data>\n"
    " <Data Name=\"SubjectLogonId\">0x%x</Data>\n <Data Name=\"ProviderName\">%s</Data>\n"
    " <Data Name=\"AlgorithmName\">%s</Data>\n"
    " <Data Name=\"KeyName\">le-%s-%08x-%04x-%04x-%04x-%08x%04x</Data>\n"
    " <Data Name=\"KeyType\">%s</Data>\n <Data Name=\"Operation\">%s</Data>\n"
    " <Data Name=\"ReturnCode\">0x%x</Data>\n </EventData>\n </Event>\n";

static unsigned word(void)
{
    return (unsigned)rand();
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
    srand(1);
    for (long i = 0; i < n; i++) {
        time_t at = 1444851728 + (time_t)i;
        struct tm tm;
        char when[32];
        gmtime_r(&at, &tm);
        strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
        printf(format, rand() % 10 ? 20 : 10, when, rand() % 10000000, 1048447 + i, 4 * (rand() % 2000),
               4 * (rand() % 4000), 1 + rand() % 8, word() * 2, word() * 2, word() * 2, 1000 + rand() % 9000,
               PICK(users), word(), PICK(providers), PICK(algorithms), PICK(users), word(), word() & 0xffff,
               word() & 0xffff, word() & 0xffff, word(), word() & 0xffff, PICK(types), PICK(operations),
               rand() % 10 ? 0u : 0x80090016u);
    }
    return fflush(stdout) != 0;
}
