// Writes label lines by hand: the hot path reads no JSON library.
#include "gen/label.h"

#include "gen/hash.h"
#include "gen/text.h"

#include <stdbool.h>
#include <string.h>

#define LIT(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

// Whether a byte of the word is below 0x20, '"' or '\\', or above 0x7f, which JSON takes as it is, but is rare here.
static bool is_odd(uint64_t w)
{
    uint64_t ones = 0x0101010101010101u, high = ones << 7, quote = w ^ ones * '"', slash = w ^ ones * '\\';
    return ((w - ones * 0x20) | (quote - ones) | (slash - ones) | w) & high;
}

// What JSON must escape becomes \u00xx.
static char *json_slowly(char *p, const char *s)
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

// Computer names are short, and of letters, digits, '-' and '.': by words, the last of which may overlap the one before.
static char *json_text(char *p, const char *s)
{
    size_t n = strlen(s);
    if (n < 8) { return json_slowly(p, s); }
    for (size_t k = 0; k < n; k += 8) {
        uint64_t w;
        size_t at = k < n - 8 ? k : n - 8;
        memcpy(&w, s + at, sizeof(w));
        if (is_odd(w)) { return json_slowly(p, s); }
        memcpy(p + at, &w, sizeof(w));
    }
    return p + n;
}

static char *number(char *p, uint64_t v) // mostly of one digit or four
{
    if (v < 10) {
        *p++ = (char)('0' + v);
        return p;
    }
    if (v < 1000 || v > 9999) { return wev_text_u64(p, v); }
    return wev_text_two(wev_text_two(p, (unsigned)v / 100), (unsigned)v % 100);
}

static char *common(char *p, const struct wev_note *note, struct wev_span bytes, uint64_t offset, char verdict)
{
    uint64_t hash = wev_hash64(bytes.p, bytes.n);
    p = LIT(p, "{\"unit\":");
    p = wev_text_u64(p, note->unit);
    p = LIT(p, ",\"event\":");
    p = number(p, note->event);
    p = LIT(p, ",\"version\":");
    p = number(p, note->version);
    p = LIT(p, ",\"computer\":\"");
    p = json_text(p, note->computer);
    p = LIT(p, "\",\"record_id\":");
    p = wev_text_u64(p, note->record_id);
    p = LIT(p, ",\"offset\":");
    p = wev_text_u64(p, offset);
    p = LIT(p, ",\"length\":");
    p = number(p, bytes.n);
    p = LIT(p, ",\"xxh3\":\"");
    wev_text_store(p, wev_text_nibbles((uint32_t)(hash >> 32), WEV_TEXT_LOWER));
    wev_text_store(p + 8, wev_text_nibbles((uint32_t)hash, WEV_TEXT_LOWER));
    p += 16;
    p = LIT(p, "\",\"verdict\":\"");
    *p++ = verdict;
    *p++ = '"';
    return p;
}

static char *pair(char *p, const char *name, const char *value) // both ours: nothing to escape
{
    size_t n = strlen(name), m = strlen(value);
    p = LIT(p, ",\"");
    memcpy(p, name, n);
    p = LIT(p + n, "\":\"");
    memcpy(p, value, m);
    p += m;
    *p++ = '"';
    return p;
}

// "T1649,T1552.004" as an array: ids of letters, digits and dots.
static char *list(char *p, const char *ids)
{
    *p++ = '[';
    for (bool first = true; *ids; first = false) {
        size_t n = strcspn(ids, ",");
        if (!first) { *p++ = ','; }
        *p++ = '"';
        memcpy(p, ids, n);
        p += n;
        *p++ = '"';
        ids += n + (ids[n] == ',');
    }
    *p++ = ']';
    return p;
}

// What the event is in its world.
static char *truth(char *p, const struct wev_note *note)
{
    if (!note->label[0]) { return p; }
    p = note->label[0] == 'b' ? LIT(p, ",\"label\":\"benign\"") : LIT(p, ",\"label\":\"malicious\"");
    if (!note->scenario[0]) { return p; }
    p = pair(p, "scenario", note->scenario);
    p = LIT(p, ",\"run\":");
    p = wev_text_u64(p, note->run);
    p = LIT(p, ",\"step\":");
    p = wev_text_u64(p, note->step);
    p = LIT(p, ",\"techniques\":");
    return list(p, note->techniques);
}

char *wev_label_line(char *p, const struct wev_note *note, struct wev_span bytes, uint64_t offset)
{
    p = truth(common(p, note, bytes, offset, note->verdict), note);
    if (note->defect[0]) {
        p = pair(p, "class", note->defect);
        p = pair(p, "layer", note->layer);
        p = pair(p, "reason", note->reason);
        p = LIT(p, ",\"at\":");
        p = wev_text_u64(p, note->at);
        p = LIT(p, ",\"at_length\":");
        p = wev_text_u64(p, note->at_length);
    }
    return LIT(p, "}\n");
}

char *wev_label_twin(char *p, const struct wev_note *note, struct wev_span bytes, uint64_t offset)
{
    p = truth(common(p, note, bytes, offset, 'y'), note);
    p = pair(p, "twin_of", note->defect);
    return LIT(p, "}\n");
}
