// Mini-XML as one library: what differs between its major versions 3 and 4. The one place that includes mxml.h.
// The minor version says nothing: 3.3.1's header calls itself 3.2.
#ifndef WEV_MXML_SHIM_H
#define WEV_MXML_SHIM_H

#include <mxml.h>
#include <stddef.h>

// Loads NUL-terminated text, character data as opaque strings. `top` is the parent of what is read, or NULL: then
// Mini-XML up to 3.3 leaks what it had read when it meets an error (its issues 278 and 354).
#if MXML_MAJOR_VERSION >= 4
static inline void wev_mxml_quiet(void *context, const char *message) { (void)context, (void)message; }

static inline mxml_node_t *wev_mxml_load(mxml_node_t *top, const char *text)
{
    mxml_options_t *options = mxmlOptionsNew();
    mxmlOptionsSetTypeValue(options, MXML_TYPE_OPAQUE);
    mxmlOptionsSetErrorCallback(options, wev_mxml_quiet, NULL);
    mxml_node_t *got = mxmlLoadString(top, options, text);
    mxmlOptionsDelete(options);
    return got;
}
#define WEV_MXML_IS_ELEMENT(node) (mxmlGetType(node) == MXML_TYPE_ELEMENT)
#define WEV_MXML_IS_TEXT(node) (mxmlGetType(node) == MXML_TYPE_OPAQUE)
#define WEV_MXML_IS_CDATA(node) (mxmlGetType(node) == MXML_TYPE_CDATA)
#define WEV_MXML_ATTR_AT(node, k, name) mxmlElementGetAttrByIndex((node), (k), (name))
#define WEV_MXML_DEEP MXML_DESCEND_ALL
#define WEV_MXML_SIBLINGS MXML_DESCEND_NONE
#else
static inline void wev_mxml_quiet(const char *message) { (void)message; }

static inline mxml_node_t *wev_mxml_load(mxml_node_t *top, const char *text)
{
    mxmlSetErrorCallback(wev_mxml_quiet);
    return mxmlLoadString(top, text, MXML_OPAQUE_CALLBACK);
}
#define WEV_MXML_IS_CDATA(node) (mxmlGetType(node) == MXML_ELEMENT && mxmlGetCDATA(node) != NULL)
#define WEV_MXML_IS_ELEMENT(node) (mxmlGetType(node) == MXML_ELEMENT && mxmlGetElement(node)[0] != '!' && mxmlGetElement(node)[0] != '?')
#define WEV_MXML_IS_TEXT(node) (mxmlGetType(node) == MXML_OPAQUE)
#define WEV_MXML_ATTR_AT(node, k, name) mxmlElementGetAttrByIndex((node), (int)(k), (name))
#define WEV_MXML_DEEP MXML_DESCEND
#define WEV_MXML_SIBLINGS MXML_NO_DESCEND
#endif
#define WEV_MXML_CHILDREN MXML_DESCEND_FIRST

#endif
