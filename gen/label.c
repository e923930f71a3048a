// Writes label lines by hand: the hot path reads no JSON library.
#include "gen/label.h"

#include "gen/choice.h"
#include "gen/text.h"

#include <string.h>

#define LIT(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

// Computer names are short; what JSON must escape becomes \u00xx.
static char *json_text(char *p, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x20 || c == '"' || c == '\\') {
            uint8_t b = c;
            p = LIT(p, "\\u00");
            p = wev_text_bytes(p, &b, 1, WEV_TEXT_LOWER);
        } else {
            *p++ = *s;
        }
    }
    return p;
}

char *wev_label_line(char *p, const struct wev_note *note, struct wev_span bytes, uint64_t offset)
{
    uint64_t hash = XXH3_64bits(bytes.p, bytes.n);
    p = LIT(p, "{\"unit\":");
    p = wev_text_u64(p, note->unit);
    p = LIT(p, ",\"event\":");
    p = wev_text_u64(p, note->event);
    p = LIT(p, ",\"version\":");
    p = wev_text_u64(p, note->version);
    p = LIT(p, ",\"computer\":\"");
    p = json_text(p, note->computer);
    p = LIT(p, "\",\"record_id\":");
    p = wev_text_u64(p, note->record_id);
    p = LIT(p, ",\"offset\":");
    p = wev_text_u64(p, offset);
    p = LIT(p, ",\"length\":");
    p = wev_text_u64(p, bytes.n);
    p = LIT(p, ",\"xxh3\":\"");
    for (int k = 60; k >= 0; k -= 4) { *p++ = WEV_TEXT_LOWER[hash >> k & 15]; }
    p = LIT(p, "\",\"verdict\":\"");
    *p++ = note->verdict;
    return LIT(p, "\"}\n");
}
