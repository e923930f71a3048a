// One row a wire form; the first is the default.
#include "gen/form/forms.h"

#include <string.h>

const struct wev_form wev_forms[] = {
    {"xml", "EvtRender, wevtutil: one line, single quotes", wev_form_xml, "", "", "xml", true},
    {"view", "Event Viewer copy: double quotes, '- ' marks, not well-formed as copied", wev_form_view, "", "", "txt", false},
    {"rendered", "WEF RenderedXml: with RenderingInfo and the message", wev_form_rendered, "", "", "xml", true},
    {"events", "one <Events> document around EvtRender XML", wev_form_xml, "<Events>\n", "</Events>\n", "xml", true},
    {"text", "the rendered message, CR LF, an empty line between events", wev_form_text, "", "", "txt", false},
};
const size_t wev_form_count = WEV_COUNT(wev_forms);

const struct wev_form *wev_form_find(const char *name)
{
    for (size_t k = 0; k < wev_form_count; k++) {
        if (!name || !strcmp(wev_forms[k].name, name)) { return &wev_forms[k]; }
    }
    return NULL;
}
