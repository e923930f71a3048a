// The smallest use of wev.h: load the schema, make ten events, judge each. Exit 0 when all are accepted.
#include <wev.h>

#include <stdio.h>

int main(void)
{
    char why[480], event[8192];
    struct wev_schema *schema = wev_schema_new(NULL, 0, NULL, 0, why, sizeof(why));
    struct wev_config config = {.seed = 7, .events = "5059", .format = "xml"};
    struct wev_options *options = schema ? wev_options_new(schema, &config, why, sizeof(why)) : NULL;
    if (!options) { return fprintf(stderr, "%s\n", why), 2; }
    int bad = 0;
    for (uint64_t i = 0; i < 10; i++) {
        size_t n = wev_make(schema, options, i, event, sizeof(event), NULL);
        struct wev_result result = {.verdict = '?'};
        int err = n <= sizeof(event) ? wev_decode(schema, NULL, event, n, &result) : 1;
        bad |= err || result.verdict != 'y';
    }
    wev_options_free(options);
    wev_schema_free(schema);
    return bad;
}
