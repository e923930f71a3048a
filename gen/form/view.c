// The Event Viewer's XML view as people copy it: "- " before elements with children, so not well-formed.
#include "gen/form/forms.h"

void wev_form_view(struct wev_form_build *b)
{
    wev_form_lit(b, "- <Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n");
    wev_form_system(b, &wev_style_view);
    wev_form_body(b, &wev_style_view);
    wev_form_lit(b, " </Event>\n");
}
