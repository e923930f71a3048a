// The reader of crash reports on any text: total, the same twice, and what it says is fit for file names and terminals.
#include "fuzz/crash.h"
#include "fuzz/law.h"

#include <stdlib.h>
#include <string.h>

static void hold_word(const char *word)
{
    WEV_LAW(word[0] && strlen(word) < WEV_CRASH_WORD, "a word is empty or has no end");
    for (; *word; word++) { WEV_LAW(*word > 0x20 && *word < 0x7f, "byte %d in a word", *word); }
}

static void hold_name(const struct wev_crash *c)
{
    char name[WEV_CRASH_NAME];
    wev_crash_name(c, name);
    size_t n = strlen(name);
    WEV_LAW(n > 0 && name[0] != '.', "not a file name");
    for (size_t k = 0; k < n; k++) {
        WEV_LAW(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", name[k]), "byte %d in a name", name[k]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct wev_crash a, b;
    const char *copy = (const char *)wev_law_copy(p, n);
    struct wev_span text = {copy, n};
    bool found = wev_crash_read(&a, text, NULL);
    WEV_LAW(found == wev_crash_read(&b, text, NULL), "once a report, once none");
    if (found) {
        hold_word(a.kind);
        hold_word(a.function);
        hold_name(&a);
        WEV_LAW(!strcmp(a.kind, b.kind) && !strcmp(a.function, b.function) && a.line == b.line, "two answers");
        WEV_LAW(a.report.p >= copy && a.report.p + a.report.n <= copy + n, "the report lies outside");
        for (const char *f = a.file; *f; f++) { WEV_LAW(*f >= 0x20 && *f < 0x7f, "byte %d in a file's name", *f); }
    }
    wev_crash_read(&b, text, "parse,src/");
    free((char *)(uintptr_t)copy);
    return 0;
}
