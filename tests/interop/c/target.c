// The targets of fuzz/ by name: Mini-XML as C programs use it, the same behind checks, and our own decoder.
#include "adapter.h"

#include "fuzz/target.h"
#include "schema/wev.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef TARGET
#define TARGET "mxml"
#endif

static void read_header(const struct wev_target_result *r)
{
    static const struct { unsigned h; const char *element, *attribute; } rows[] = {
        {WEV_H_PROVIDER, "Provider", "Name"}, {WEV_H_EVENT_ID, "EventID", NULL}, {WEV_H_VERSION, "Version", NULL},
        {WEV_H_RECORD_ID, "EventRecordID", NULL}, {WEV_H_CHANNEL, "Channel", NULL}, {WEV_H_COMPUTER, "Computer", NULL}};
    char text[1024];
    for (size_t k = 0; k < WEV_COUNT(rows); k++) {
        const struct wev_value *v = &r->header[rows[k].h];
        if (v->flags & WEV_F_ABSENT) { continue; }
        if (v->type == WEV_T_UNICODE_STRING) {
            snprintf(text, sizeof(text), "%.*s", (int)v->n, v->is.text);
        } else {
            snprintf(text, sizeof(text), "%llu", (unsigned long long)v->is.u);
        }
        if (rows[k].attribute) { read_attribute(rows[k].element, rows[k].attribute, text); } else { read_system(rows[k].element, text); }
    }
}

static char *copy(struct wev_span s)
{
    char *p = malloc(s.n + 1);
    if (!p) { abort(); }
    if (s.n) { memcpy(p, s.p, s.n); }
    p[s.n] = 0;
    return p;
}

bool parse(char *bytes, size_t n)
{
    static struct wev_schema *schema;
    static void *self;
    char why[480];
    const struct wev_target *target = wev_target_find(TARGET);
    if (!schema) {
        const char *manifest = getenv("WEV_MANIFEST"); // what run --manifests names
        schema = wev_schema_new(&manifest, manifest != NULL, NULL, 0, why, sizeof(why));
        self = schema && target ? target->open(schema) : NULL;
    }
    if (!self) { abort(); }
    struct wev_target_result r;
    target->run(self, (const unsigned char *)bytes, n, &r);
    if (!r.accepted) { return false; }
    read_header(&r);
    for (size_t k = 0; k < r.count; k++) {
        char *name = copy(r.names[k]), *text = copy(r.texts[k]);
        read_data(r.names[k].p ? name : NULL, text);
        free(name);
        free(text);
    }
    return true;
}
