// What a user writes after an option, on any text: events, share of malformed units, classes, start, format. The first byte
// chooses the option. Laws: options, or one clean line that says why not; what was taken makes an event.
#include "fuzz/law.h"

#include "gen/make.h"
#include "schema/wev.h"

#include <stdlib.h>
#include <string.h>

static void law_options(const struct wev_config *config)
{
    char error[480] = "", event[1 << 16];
    struct wev_options *o = wev_options_new(wev_law_schema(), config, error, sizeof(error));
    size_t n = strnlen(error, sizeof(error));
    WEV_LAW(o ? n == 0 : n > 0 && n < sizeof(error), "%s, and the message \"%.480s\"", o ? "options" : "none", error);
    if (o && !(config->classes)) { // a class alone may be one of the huge ones
        WEV_LAW(wev_make(wev_law_schema(), o, 0, event, sizeof(event), NULL) > 0, "an event of no bytes");
    }
    wev_options_free(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    if (n == 0 || n > 4096) { return 0; }
    char *text = malloc(n);
    if (!text) { return 0; }
    memcpy(text, p + 1, n - 1);
    text[n - 1] = 0;
    switch (p[0] % 5) {
    case 0: law_options(&(struct wev_config){.events = text}); break;
    case 1: law_options(&(struct wev_config){.malformed = text}); break;
    case 2: law_options(&(struct wev_config){.classes = text}); break;
    case 3: law_options(&(struct wev_config){.start = text}); break;
    default: law_options(&(struct wev_config){.format = text}); break;
    }
    free(text);
    return 0;
}
