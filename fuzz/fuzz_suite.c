// The loader of a suite's index.jsonl on any bytes. Laws: an error that names file and line, or cases that are what the header
// says; a case's file lies in the suite's folder. The same bytes are also read as the list of statuses that reject.
#include "fuzz/law.h"
#include "fuzz/loader.h"

#include "corpus/result.h"
#include "corpus/suite.h"

#include <stdlib.h>
#include <string.h>

static void law_rejects(const uint8_t *p, size_t n)
{
    char text[256];
    struct wev_rejects r;
    if (n >= sizeof(text)) { return; }
    memcpy(text, p, n);
    text[n] = 0;
    if (!wev_result_rejects(&r, text)) { return; }
    WEV_LAW((r.bits[0] | r.bits[1] | r.bits[2] | r.bits[3]) && !(r.bits[0] & 1), "0 rejects, or nothing does: %s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct wev_suite suite = {.count = 0};
    struct wev_error error = {.code = WEV_OK};
    uint8_t *copy = wev_law_copy(p, n);
    // "/" has files of known names: "tmp", "etc"
    if (wev_suite_parse(&suite, "/", "index.jsonl", (struct wev_span){(const char *)copy, n}, &error)) {
        for (size_t k = 0; k < suite.count; k++) {
            const struct wev_suite_case *c = &suite.cases[k];
            WEV_LAW(c->verdict && strchr("yni", c->verdict), "verdict 0x%02x", (unsigned char)c->verdict);
            WEV_LAW(c->file[0] && !strchr(c->file, '/') && strcmp(c->file, "..") != 0, "a case's file is %s", c->file);
            WEV_LAW(c->class && c->layer && c->reason && c->rule && c->why && c->path, "case %zu is not whole", k);
        }
    } else {
        wev_loader_law_message(&error, "index.jsonl", (struct wev_span){NULL, 0});
    }
    wev_suite_free(&suite);
    law_rejects(copy, n);
    free(copy);
    return 0;
}
