// Mini-XML as a target, used the way C programs use it to read events: load a string, find elements by name, look fields
// up in an index. "mxml" does no more than that; "mxml-strict" is the same behind the checks that a careful program
// makes first, since Mini-XML makes none of them: size, NUL, UTF-8, and a parent so that an error leaks nothing.
#include "fuzz/fields.h"

#include "schema/manifest.h"
#include "schema/mxml_shim.h"

#include <stdlib.h>
#include <string.h>
#ifdef WEV_GUARD_PAGES
#include <sys/mman.h>
#include <unistd.h>
#endif

enum { STRICT_MAX = 64 << 10 }; // an event record holds no more (MS-EVEN6, EVTX chunks)

struct reader {
    struct wev_fields fields;
    bool strict;
    char *text; // the document with a NUL behind it
#ifdef WEV_GUARD_PAGES
    char *map;     // text stands at the end of it, before the guard
    size_t mapped;
#endif
    mxml_node_t *top, *tree;
    mxml_index_t *index;
};

// The document with a NUL behind it, in a block of exactly that size. Where Mini-XML is not instrumented no sanitizer sees
// what it reads: then a page that may not be read stands behind the block, and an over-read ends the process.
#ifdef WEV_GUARD_PAGES
static bool take_text(struct reader *r, const uint8_t *p, size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (n + 1 + page - 1) / page * page;
    char *map = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) { return false; }
    r->map = map;
    r->mapped = room + page;
    r->text = map + room - (n + 1);
    if (mprotect(map + room, page, PROT_NONE) != 0) { return false; }
    if (n) { memcpy(r->text, p, n); }
    r->text[n] = 0;
    return true;
}

static void drop_text(struct reader *r)
{
    if (r->text) { munmap(r->map, r->mapped); }
    r->text = NULL;
}
#else
static bool take_text(struct reader *r, const uint8_t *p, size_t n)
{
    r->text = malloc(n + 1);
    if (!r->text) { return false; }
    if (n) { memcpy(r->text, p, n); }
    r->text[n] = 0;
    return true;
}

static void drop_text(struct reader *r)
{
    free(r->text);
    r->text = NULL;
}
#endif

static void release(struct reader *r)
{
    mxmlIndexDelete(r->index);
    mxmlDelete(r->top ? r->top : r->tree);
    drop_text(r);
    r->index = NULL;
    r->top = r->tree = NULL;
}

static void *open_reader(const struct wev_schema *schema, bool strict)
{
    struct reader *r = calloc(1, sizeof(*r));
    if (!r) { return NULL; }
    r->fields.schema = schema;
    r->strict = strict;
    return r;
}

static void *open_plain(const struct wev_schema *schema) { return open_reader(schema, false); }
static void *open_strict(const struct wev_schema *schema) { return open_reader(schema, true); }

static void close_reader(void *self)
{
    struct reader *r = self;
    if (!r) { return; }
    release(r);
    wev_fields_free(&r->fields);
    free(r);
}

// RFC 3629: shortest forms, no surrogates, at most U+10FFFF.
static bool is_utf8(const uint8_t *p, size_t n)
{
    for (size_t k = 0; k < n;) {
        uint8_t c = p[k++];
        if (c < 0x80) { continue; }
        unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        uint8_t low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80, high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
        if (c < 0xc2 || c > 0xf4 || n - k < more || p[k] < low || p[k] > high) { return false; }
        for (k++; --more; k++) {
            if ((p[k] & 0xc0) != 0x80) { return false; }
        }
    }
    return true;
}

static const char *shell(const uint8_t *p, size_t n)
{
    if (n > STRICT_MAX) { return "limit-size"; }
    if (n == 0) { return "empty"; }
    if (memchr(p, 0, n)) { return "nul"; }
    return is_utf8(p, n) ? NULL : "utf8";
}

static struct wev_span opaque(mxml_node_t *element)
{
    return wev_span_of(mxmlGetOpaque(element));
}

static struct wev_span find_field(void *tree, struct wev_span name)
{
    struct reader *r = tree;
    mxmlIndexReset(r->index);
    mxml_node_t *node = mxmlIndexFind(r->index, "Data", name.p); // a schema's spans are NUL-terminated
    struct wev_span s = node ? opaque(node) : (struct wev_span){NULL, 0};
    return node && !s.p ? WEV_SPAN("") : s;
}

static mxml_node_t *child_of(mxml_node_t *node, const char *name)
{
    return mxmlFindElement(node, node, name, NULL, NULL, WEV_MXML_CHILDREN);
}

static void take_headers(struct reader *r, mxml_node_t *system)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_fields_place *at = &wev_fields_places[h];
        mxml_node_t *node = child_of(system, at->element);
        if (!node) { continue; }
        r->fields.header[h] = at->attribute ? wev_span_of(mxmlElementGetAttr(node, at->attribute)) : opaque(node);
    }
}

static bool take_fields(struct reader *r, mxml_node_t *event)
{
    mxml_node_t *body = child_of(event, "EventData");
    for (mxml_node_t *k = body ? child_of(body, "Data") : NULL; k;
         k = mxmlFindElement(k, body, "Data", NULL, NULL, WEV_MXML_SIBLINGS)) {
        struct wev_span text = opaque(k);
        if (!wev_fields_add(&r->fields, wev_span_of(mxmlElementGetAttr(k, "Name")), text.p ? text : WEV_SPAN(""))) { return false; }
    }
    return true;
}

static const char *read_tree(struct reader *r)
{
    const char *root = WEV_MXML_IS_ELEMENT(r->tree) ? mxmlGetElement(r->tree) : NULL;
    mxml_node_t *event = r->tree;
    if (!root || strcmp(root, "Event") != 0) { event = mxmlFindElement(r->tree, r->tree, "Event", NULL, NULL, WEV_MXML_DEEP); }
    if (!event) { return "root"; }
    mxml_node_t *system = child_of(event, "System");
    if (!system) { return "system-missing"; }
    take_headers(r, system);
    if (!take_fields(r, event)) { return "limit-fields"; }
    r->index = mxmlIndexNew(event, "Data", "Name");
    if (!r->index) { return "memory"; }
    r->fields.find = find_field;
    r->fields.tree = r;
    return NULL;
}

static const char *load(struct reader *r, const uint8_t *p, size_t n)
{
    const char *why = r->strict ? shell(p, n) : NULL;
    if (why) { return why; }
    r->top = r->strict ? mxmlNewElement(NULL, "top") : NULL;
    if (!take_text(r, p, n) || (r->strict && !r->top)) { return "memory"; }
    r->tree = wev_mxml_load(r->top, r->text);
    return r->tree ? NULL : "mxml";
}

static void run_reader(void *self, const uint8_t *p, size_t n, struct wev_target_result *out)
{
    struct reader *r = self;
    *out = (struct wev_target_result){.reason = "ok", .at = SIZE_MAX};
    for (unsigned h = 0; h < WEV_H_COUNT; h++) { out->header[h] = (struct wev_value){.type = wev_header_types[h], .flags = WEV_F_ABSENT}; }
    release(r);
    wev_fields_reset(&r->fields);
    const char *why = load(r, p, n);
    if (!why) { why = read_tree(r); }
    if (why) {
        wev_fields_reject(out, why);
    } else {
        wev_fields_check(&r->fields, out);
    }
}

extern const struct wev_target wev_target_mxml, wev_target_mxml_strict;
const struct wev_target wev_target_mxml = {
    "mxml", "Mini-XML, as C programs use it", open_plain, close_reader, run_reader,
};
const struct wev_target wev_target_mxml_strict = {
    "mxml-strict", "the same behind checks of size, NUL and UTF-8", open_strict, close_reader, run_reader,
};
