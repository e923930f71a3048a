// EvtRender's XML: one line, single quotes, no declaration; the only form that every reader reads.
#include "gen/form/forms.h"

void wev_form_xml(struct wev_form_build *b)
{
    wev_form_lit(b, "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>");
    wev_form_system(b, &wev_style_render);
    wev_form_body(b, &wev_style_render);
    wev_form_lit(b, "</Event>\n");
}
