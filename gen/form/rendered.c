// RenderedXml as Windows Event Forwarding sends it: EvtRender's XML and a RenderingInfo with the message.
#include "gen/form/forms.h"

static void element(struct wev_form_build *b, const char *name, struct wev_span text)
{
    if (!text.p) { return; }
    wev_form_lit(b, "<");
    wev_form_lit(b, name);
    wev_form_lit(b, ">");
    wev_form_span(b, text, WEV_ESCAPE_TEXT);
    wev_form_lit(b, "</");
    wev_form_lit(b, name);
    wev_form_lit(b, ">");
}

void wev_form_rendered(struct wev_form_build *b)
{
    const struct wev_event_def *d = b->event->def;
    wev_form_lit(b, "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>");
    wev_form_system(b, &wev_style_render);
    wev_form_body(b, &wev_style_render);
    wev_form_lit(b, "<RenderingInfo Culture='en-US'>");
    if (d->message.p) {
        wev_form_lit(b, "<Message>");
        wev_form_message(b, WEV_ESCAPE_TEXT);
        wev_form_lit(b, "</Message>");
    }
    element(b, "Level", d->level_text);
    element(b, "Task", d->task_text);
    element(b, "Opcode", d->opcode_text);
    element(b, "Channel", d->channel_text);
    element(b, "Provider", d->provider->message.p ? d->provider->message : d->provider->name);
    wev_form_lit(b, "<Keywords>");
    wev_form_piece(b, WEV_P_KEYWORDS, 0, WEV_ESCAPE_TEXT);
    wev_form_lit(b, "</Keywords></RenderingInfo></Event>\n");
}
