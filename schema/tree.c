// Reads a manifest or profile file: expat for well-formedness and lines, mxml for the tree.
#include "schema/tree.h"

#include "schema/mxml_shim.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

// ---- bytes to UTF-8

static void put_utf8(char **p, uint32_t c)
{
    char *o = *p;
    if (c < 0x80) {
        *o++ = (char)c;
    } else if (c < 0x800) {
        *o++ = (char)(0xc0 | c >> 6);
        *o++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *o++ = (char)(0xe0 | c >> 12);
        *o++ = (char)(0x80 | (c >> 6 & 63));
        *o++ = (char)(0x80 | (c & 63));
    } else {
        *o++ = (char)(0xf0 | c >> 18);
        *o++ = (char)(0x80 | (c >> 12 & 63));
        *o++ = (char)(0x80 | (c >> 6 & 63));
        *o++ = (char)(0x80 | (c & 63));
    }
    *p = o;
}

// A lone surrogate becomes U+FFFD: the text is for a person's manifest, and expat judges the rest.
static struct wev_span from_utf16(struct wev_load *load, struct wev_span in, bool big)
{
    const unsigned char *p = (const unsigned char *)in.p;
    if (in.n & 1) { wev_fail(load, WEV_E_SYNTAX, 0, "UTF-16 of an odd number of bytes, %zu", in.n); }
    char *out = wev_arena_take(load->arena, in.n / 2 * 3 + 1, 1, 1), *o = out;
    for (size_t k = 0; k + 1 < in.n; k += 2) {
        uint32_t c = big ? (uint32_t)p[k] << 8 | p[k + 1] : (uint32_t)p[k + 1] << 8 | p[k];
        if (c >= 0xd800 && c < 0xe000) {
            uint32_t low = 0;
            if (c < 0xdc00 && k + 3 < in.n) { low = big ? (uint32_t)p[k + 2] << 8 | p[k + 3] : (uint32_t)p[k + 3] << 8 | p[k + 2]; }
            bool pair = low >= 0xdc00 && low < 0xe000;
            c = pair ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
            k += pair ? 2 : 0;
        }
        put_utf8(&o, c);
    }
    return (struct wev_span){out, (size_t)(o - out)};
}

static unsigned line_of(struct wev_span s, size_t at)
{
    unsigned line = 1;
    for (size_t k = 0; k < at; k++) { line += s.p[k] == '\n'; }
    return line;
}

// CR LF and CR alone are LF (XML 1.0 2.11), which Mini-XML leaves undone.
static size_t join_lines(char *text, size_t n)
{
    size_t out = 0;
    for (size_t k = 0; k < n; k++) {
        if (text[k] == '\r' && k + 1 < n && text[k + 1] == '\n') { continue; }
        text[out++] = text[k] == '\r' ? '\n' : text[k];
    }
    text[out] = 0;
    return out;
}

static char *behind(char *p, const char *end)
{
    char *found = strstr(p, end);
    return found ? found + strlen(end) : p + strlen(p);
}

// The end of the tag at p, whose values' line ends and tabs become blanks (XML 1.0 3.3.3), which Mini-XML leaves undone.
static char *blank_values(char *p)
{
    for (char quote = 0; quote || *p != '>'; p++) {
        if (quote && (*p == '\n' || *p == '\t')) { *p = ' '; }
        if (*p == '"' || *p == '\'') { quote = !quote ? *p : quote == *p ? 0 : quote; }
    }
    return p + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

// The text without comments, and without the blanks that only indent elements: a third of a profile, and a node each to
// Mini-XML. It is well-formed by now, and expat has noted the lines.
static void slim(char *p)
{
    char *out = p, *mark = p; // behind the last tag
    bool blank = true, closed = true; // since the mark; the last tag ended an element
    while (*p) {
        char *from = p;
        if (*p != '<') {
            for (; *p && *p != '<'; p++) { blank = blank && is_blank(*p); }
        } else if (p[1] == '!' && p[2] == '-') {
            p = behind(p + 4, "-->");
            continue;
        } else if (p[1] == '!' || p[1] == '?') {
            p = p[1] == '!' ? behind(p + 9, "]]>") : behind(p + 2, "?>");
            blank = false;
        } else {
            p = blank_values(p);
            if (blank && (closed || from[1] != '/')) { out = mark; }
            closed = from[1] == '/' || p[-2] == '/';
            blank = true;
        }
        memmove(out, from, (size_t)(p - from));
        out += p - from;
        if (p[-1] == '>' && blank) { mark = out; }
    }
    *out = 0;
}

// UTF-8 with a NUL behind it; the XML declaration is blanked, since its encoding no longer speaks of these bytes.
static struct wev_span to_text(struct wev_load *load, struct wev_span in)
{
    if (in.n > WEV_TREE_BYTES_MAX) {
        wev_fail(load, WEV_E_LIMIT, 0, "%zu bytes, the limit is %d", in.n, (int)WEV_TREE_BYTES_MAX);
    }
    const unsigned char *p = (const unsigned char *)in.p;
    struct wev_span s = in;
    if (in.n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
        s = from_utf16(load, (struct wev_span){in.p + 2, in.n - 2}, p[0] == 0xfe);
    } else if (in.n >= 4 && ((p[0] == '<' && p[1] == 0) || (p[0] == 0 && p[1] == '<'))) {
        s = from_utf16(load, in, p[0] == 0);
    } else if (in.n >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) {
        s = (struct wev_span){in.p + 3, in.n - 3};
    }
    char *text = wev_arena_take(load->arena, s.n + 1, 1, 1);
    if (s.n) { memcpy(text, s.p, s.n); }
    const char *nul = s.n ? memchr(text, 0, s.n) : NULL;
    if (nul) { wev_fail(load, WEV_E_SYNTAX, line_of(s, (size_t)(nul - text)), "a NUL byte"); }
    s.n = join_lines(text, s.n);
    if (s.n > 5 && !memcmp(text, "<?xml", 5)) {
        for (size_t k = 0; k + 1 < s.n; k++) {
            bool end = text[k] == '?' && text[k + 1] == '>';
            if (text[k] != '\n') { text[k] = ' '; }
            if (end) {
                text[k + 1] = ' ';
                break;
            }
        }
    }
    return (struct wev_span){text, s.n};
}

// ---- expat: well-formed, bounded, and where each element starts

struct scan {
    XML_Parser parser;
    unsigned *line; // of start tag k
    struct wev_span *space;
    size_t count, cap;
    unsigned depth;
    const char *what; // why it was stopped
    struct wev_load *load;
    bool no_memory;
};

// The first reason stays.
static void stop(struct scan *s, const char *what)
{
    if (!s->what) { s->what = what; }
    XML_StopParser(s->parser, XML_FALSE);
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attrs)
{
    struct scan *s = arg;
    size_t n = 0;
    while (attrs[n]) { n += 2; }
    if (++s->depth > WEV_TREE_DEPTH_MAX) { stop(s, "elements nest deeper than 64"); return; }
    if (n / 2 > WEV_TREE_ATTRS_MAX) { stop(s, "an element with more than 64 attributes"); return; }
    if (s->count == WEV_TREE_ELEMS_MAX) { stop(s, "more than 1048576 elements"); return; }
    if (s->count == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 256;
        unsigned *line = realloc(s->line, cap * sizeof(*line));
        if (line) { s->line = line; }
        struct wev_span *space = line ? realloc(s->space, cap * sizeof(*space)) : NULL;
        if (!space) {
            s->no_memory = true;
            stop(s, "out of memory");
            return;
        }
        s->space = space;
        s->cap = cap;
    }
    s->line[s->count] = (unsigned)XML_GetCurrentLineNumber(s->parser);
    const char *bar = strchr(name, '\n'); // expat's namespace and local name
    struct wev_span *space = &s->space[s->count++];
    *space = (struct wev_span){NULL, 0};
    if (!bar) { return; }
    space->n = (size_t)(bar - name);
    const struct wev_span *before = s->count > 1 ? &s->space[s->count - 2] : NULL;
    if (before && before->n == space->n && before->p && !memcmp(before->p, name, space->n)) {
        space->p = before->p;
    } else { // kept by malloc until the tree is made: a jump out of expat's callback would leak its parser
        char *copy = malloc(space->n + 1);
        if (!copy) { s->no_memory = true; stop(s, "out of memory"); space->n = 0; return; }
        memcpy(copy, name, space->n);
        copy[space->n] = 0;
        space->p = copy;
    }
}

static void on_end(void *arg, const XML_Char *name)
{
    (void)name;
    ((struct scan *)arg)->depth--;
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    stop(arg, "a DOCTYPE, which no manifest or profile needs");
}

static void scan_free(struct scan *s)
{
    for (size_t k = 0; k < s->count; k++) {
        if (s->space[k].p && (k == 0 || s->space[k - 1].p != s->space[k].p)) { free((char *)(uintptr_t)s->space[k].p); }
    }
    if (s->parser) { XML_ParserFree(s->parser); }
    free(s->line);
    free(s->space);
}

// On failure everything of the scan is released first.
static void scan_all(struct wev_load *load, struct scan *s, struct wev_span text)
{
    s->load = load;
    s->parser = XML_ParserCreateNS("UTF-8", '\n');
    if (!s->parser) { wev_fail(load, WEV_E_MEMORY, 0, "out of memory"); }
    XML_SetUserData(s->parser, s);
    XML_SetElementHandler(s->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(s->parser, on_doctype);
    if (XML_Parse(s->parser, text.p, (int)text.n, 1) == XML_STATUS_OK) { return; }
    unsigned line = (unsigned)XML_GetErrorLineNumber(s->parser);
    const char *why = s->what ? s->what : XML_ErrorString(XML_GetErrorCode(s->parser));
    bool limit = s->what != NULL, no_memory = s->no_memory;
    scan_free(s);
    wev_fail(load, no_memory ? WEV_E_MEMORY : limit ? WEV_E_LIMIT : WEV_E_SYNTAX, line, "not XML that we take: %s", why);
}

// ---- the tree, from Mini-XML

struct convert {
    struct wev_load *load;
    const struct scan *scan;
    size_t at; // elements converted
};

static struct wev_span local(struct wev_span name)
{
    const char *colon = memchr(name.p, ':', name.n);
    return colon ? (struct wev_span){colon + 1, name.n - (size_t)(colon + 1 - name.p)} : name;
}

static void convert_attrs(struct convert *c, mxml_node_t *node, struct wev_elem *e)
{
    size_t count = (size_t)mxmlElementGetAttrCount(node);
    struct wev_attribute *attrs = WEV_NEW_N(c->load->arena, count + 1, struct wev_attribute);
    for (size_t k = 0; k < count; k++) {
        const char *name = NULL, *value = WEV_MXML_ATTR_AT(node, k, &name);
        attrs[k].name = wev_arena_text(c->load->arena, wev_span_of(name));
        attrs[k].value = wev_arena_text(c->load->arena, wev_span_of(value ? value : ""));
    }
    e->attrs = attrs;
    e->attr_count = count;
}

static const char *text_of(mxml_node_t *node)
{
    if (WEV_MXML_IS_TEXT(node)) { return mxmlGetOpaque(node); }
    return WEV_MXML_IS_CDATA(node) ? mxmlGetCDATA(node) : NULL;
}

static struct wev_span join_text(struct convert *c, mxml_node_t *node)
{
    size_t n = 0;
    for (mxml_node_t *k = mxmlGetFirstChild(node); k; k = mxmlGetNextSibling(k)) {
        const char *t = text_of(k);
        n += t ? strlen(t) : 0;
    }
    char *out = wev_arena_take(c->load->arena, n + 1, 1, 1), *p = out;
    for (mxml_node_t *k = mxmlGetFirstChild(node); k; k = mxmlGetNextSibling(k)) {
        const char *t = text_of(k);
        if (!t) { continue; }
        size_t m = strlen(t);
        memcpy(p, t, m);
        p += m;
    }
    return (struct wev_span){out, n};
}

// Depth is bounded by the scan: mxml saw the same text.
static struct wev_elem *convert(struct convert *c, mxml_node_t *node, unsigned depth)
{
    struct wev_elem *e = WEV_NEW(c->load->arena, struct wev_elem), **link = &e->kids;
    if (c->at >= c->scan->count || depth > WEV_TREE_DEPTH_MAX) { return NULL; }
    e->line = c->scan->line[c->at];
    struct wev_span space = c->scan->space[c->at++];
    if (space.p) { e->space = wev_arena_text(c->load->arena, space); }
    e->name = local(wev_arena_text(c->load->arena, wev_span_of(mxmlGetElement(node))));
    convert_attrs(c, node, e);
    e->text = join_text(c, node);
    for (mxml_node_t *k = mxmlGetFirstChild(node); k; k = mxmlGetNextSibling(k)) {
        if (!WEV_MXML_IS_ELEMENT(k) || WEV_MXML_IS_CDATA(k)) { continue; }
        *link = convert(c, k, depth + 1);
        if (!*link) { return NULL; }
        link = &(*link)->next;
    }
    return e;
}

// The tree below `top`, NULL when Mini-XML saw other elements than expat. *no_room: the arena is full.
static struct wev_elem *convert_all(struct wev_load *load, const struct scan *scan, mxml_node_t *top, bool *no_room)
{
    struct convert c = {load, scan, 0};
    jmp_buf *outer = load->arena->full, full;
    load->arena->full = &full;
    if (setjmp(full)) {
        load->arena->full = outer;
        *no_room = true;
        return NULL;
    }
    mxml_node_t *node = mxmlGetFirstChild(top);
    while (node && !WEV_MXML_IS_ELEMENT(node)) { node = mxmlGetNextSibling(node); }
    struct wev_elem *root = node ? convert(&c, node, 1) : NULL;
    load->arena->full = outer;
    return c.at == scan->count ? root : NULL;
}

struct wev_elem *wev_tree_load(struct wev_load *load, const struct wev_source *source)
{
    load->file = source->name;
    struct wev_span text = to_text(load, source->bytes);
    struct scan scan = {.parser = NULL};
    scan_all(load, &scan, text);
    slim((char *)(uintptr_t)text.p);
    bool no_room = false;
    mxml_node_t *top = mxmlNewElement(NULL, "top"); // mxml leaks on errors without a parent (issues 278, 354)
    struct wev_elem *root = top && wev_mxml_load(top, text.p) ? convert_all(load, &scan, top, &no_room) : NULL;
    mxmlDelete(top);
    scan_free(&scan);
    if (no_room) { longjmp(*load->arena->full, 1); }
    if (!root) { wev_fail(load, WEV_E_SYNTAX, 0, "Mini-XML does not read this as expat does"); }
    return root;
}

struct wev_span wev_tree_attr(const struct wev_elem *e, const char *name)
{
    for (size_t k = 0; k < e->attr_count; k++) {
        if (wev_span_is(e->attrs[k].name, name)) { return e->attrs[k].value; }
    }
    return (struct wev_span){NULL, 0};
}

static _Noreturn void unknown_attribute(struct wev_load *load, const struct wev_elem *e, struct wev_span name,
                                        const char *const *allowed)
{
    struct wev_span names[64];
    size_t n = 0;
    for (; allowed[n] && n < 64; n++) { names[n] = wev_span_of(allowed[n]); }
    struct wev_span near = wev_nearest(name, names, n);
    wev_fail(load, WEV_E_SYNTAX, e->line, "unknown attribute \"%.*s\" on %.*s%s%.*s%s", (int)name.n, name.p, (int)e->name.n,
             e->name.p, near.n ? ", did you mean \"" : "", (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
}

void wev_tree_only_attrs(struct wev_load *load, const struct wev_elem *e, const char *const *allowed)
{
    for (size_t k = 0; k < e->attr_count; k++) {
        struct wev_span name = e->attrs[k].name;
        size_t m = 0;
        if (name.n >= 5 && !memcmp(name.p, "xmlns", 5)) { continue; }
        while (allowed[m] && !wev_span_is(name, allowed[m])) { m++; }
        if (!allowed[m]) { unknown_attribute(load, e, name, allowed); }
    }
}
