// The C ABI of wevgen: load a schema, make event i, judge bytes.
//
// Everything is const after loading and may be shared by threads, but for a struct wev_decoder, which
// is for one thread at a time. No function prints, exits, reads a clock or keeps hidden state. Text is
// UTF-8. Pointers must not be NULL unless it says so. Offsets and sizes are in bytes.
#ifndef WEV_H
#define WEV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WEV_VERSION "0.1.0"

struct wev_schema;  // manifests and profiles, compiled; immutable
struct wev_options; // what to make, checked and compiled against one schema; immutable
struct wev_decoder; // the reference decoder's buffers; for one thread

// Loads manifests and profiles on top of the built-in ones (Security 5056 to 5061).
// Either list may be NULL when its count is 0. NULL on error: `error` (at least 1 byte, 480 hold every
// message) then says file:line, what, the value. Free with wev_schema_free; NULL is fine there.
struct wev_schema *wev_schema_new(const char *const *manifests, size_t manifest_count,
                                  const char *const *profiles, size_t profile_count,
                                  char *error, size_t error_cap);
void wev_schema_free(struct wev_schema *schema);

// What to make. Zero or NULL in a member is its default.
struct wev_config {
    uint64_t seed;      // 0 is a seed like any other
    const char *events; // "5059" (default), "5059:1", "5058,5059", "all", "Provider/5059:1"
    const char *format; // "xml" (default), see wevgen --list formats
    const char *start;  // "2024-03-04T08:00:00Z"; NULL is that fixed default, so a run repeats
    uint64_t total;     // units of the whole run, which only the form `events` needs for its end; 0 unknown
    const char *malformed; // share of units that break: "0.05", "5%", "0.05,xml.*=3"; NULL: none, or all with `classes`
    const char *classes;   // id or glob of the classes to break by; NULL: all. See wevgen --list classes
    uint32_t breaks;       // breaks stacked on one unit, to 8; 0 is 1. From 2 on `y` classes stay out, and the verdict is only "not y"
    int twin;              // not 0: each broken unit is followed by the same unit unbroken
    // A world, which needs the profile "builtin:world" (with all scenarios) or "builtin:everyday" in wev_schema_new, and `total`
    // or `rate`: units are then the steps of episodes, in one window of time. `world` 0 and the rest zero or NULL: none, each
    // unit is an event of its own. Any member below but `world` alone asks for a world, too.
    int world;
    uint64_t hosts, users, domains; // counts of the entities host, account, domain; 0: as the profiles say
    const char *end;         // the window is [start, end): "2024-04-03T08:00:00Z"; NULL: 30 days
    const char *rate;        // events per host and day, "10" or "0.5": gives the total, which must then be 0
    const char *scenarios;   // "golden-certificate:2,user-export"; a name without a count is once. NULL: none, or all with attack_rate
    const char *attack_rate; // share of events that belong to scenarios' runs: "0.01", "1%"; NULL: only counted ones
    const char *time_zone;   // the office's: "UTC" (default), "+01:00"
};
// NULL on error, as above. The schema must outlive it. Free with wev_options_free.
struct wev_options *wev_options_new(const struct wev_schema *schema, const struct wev_config *config,
                                    char *error, size_t error_cap);
void wev_options_free(struct wev_options *options);
// Units of the whole run: config.total, or in a world what its rate and window give. 0: unknown.
uint64_t wev_options_total(const struct wev_options *options);

// What one made event is: the ground truth beside the bytes.
struct wev_note {
    uint64_t unit;
    uint64_t record_id;
    uint16_t event;
    uint8_t version;
    char verdict;      // 'y', 'n', 'i'
    char computer[256]; // NUL-terminated
    // Static text, "" when the unit is not broken.
    const char *defect; // its class: "type.sid-16-subs"; the first, when breaks are stacked
    const char *layer;  // "bytes", "xml", "schema", "type", "rule"
    const char *reason; // why a reader must refuse it, "ok" when it must not: as struct wev_result
    size_t at, at_length; // the break, as bytes of the event
    size_t twin_at;     // the unbroken twin begins there; 0: there is none
    // In a world; static or the schema's text, "" and 0 where it says nothing, never NULL.
    const char *label;      // "benign" or "malicious"; "" without a world
    const char *scenario;   // "golden-certificate"; "": everyday life
    const char *techniques; // "T1649,T1552.004"
    uint64_t run;           // of that scenario, from 0
    uint32_t step;          // of that run, from 0
};

// Makes event i into buf and returns its full size. More than `cap` means: nothing useful is in buf,
// call again with that much room; legal because an event is a pure function of its arguments. SIZE_MAX: out of
// memory, only where malformed events or a world are asked for: each then takes room of its own. 0: the unit is
// missing from its stream, because a class of streams (rule.stream-*) breaks a later one that way.
// Neither NUL nor anything else is written after the event. note may be NULL.
size_t wev_make(const struct wev_schema *schema, const struct wev_options *options, uint64_t i,
                char *buf, size_t cap, struct wev_note *note);

// The verdict on one document. `reason`, `layer`, `rule`, `text` are static or the schema's strings,
// never NULL. `at` is the offset at which a strict reader must stop; for `y` it is the document's size.
struct wev_result {
    char verdict;       // 'y' accept, 'n' reject, 'i' a reader may do either
    const char *layer;  // "none", "bytes", "xml", "schema", "type", "rule"
    const char *reason; // slug: "ok", "sid-short", …
    const char *text;   // the same in words
    const char *rule;   // the profile's name of the rule that is broken, else ""
    size_t at;
    uint16_t event;     // EventID and Version as far as they were read, else 0
    uint8_t version;
};

// Judges one document of n bytes (any bytes; p may be NULL when n is 0). Returns 0, or an enum wev_err
// when the judging itself failed (out of memory). decoder may be NULL: one is then made for this call.
int wev_decode(const struct wev_schema *schema, struct wev_decoder *decoder, const char *p, size_t n,
               struct wev_result *result);
struct wev_decoder *wev_decoder_new(const struct wev_schema *schema); // NULL: out of memory
void wev_decoder_free(struct wev_decoder *decoder);                   // NULL is fine

#ifdef __cplusplus
}
#endif
#endif
