// The rendered message alone, with CR LF as Windows has it, and an empty line after each event.
#include "gen/form/forms.h"

// What Windows shows when it cannot find a message, shortened to what is known here.
static void without_message(struct wev_form_build *b)
{
    const struct wev_event_def *d = b->event->def;
    wev_form_lit(b, "The description for Event ID ");
    wev_form_header(b, WEV_H_EVENT_ID, WEV_ESCAPE_NONE);
    wev_form_lit(b, " from source ");
    wev_form_header(b, WEV_H_PROVIDER, WEV_ESCAPE_NONE);
    wev_form_lit(b, " cannot be found.");
    for (size_t k = 0; d->body->flat && k < d->body->field_count; k++) {
        wev_form_lit(b, "\r\n");
        wev_form_piece(b, WEV_P_MESSAGE, (uint16_t)k, WEV_ESCAPE_NONE);
    }
}

void wev_form_text(struct wev_form_build *b)
{
    if (b->event->def->message.p) {
        wev_form_message(b, WEV_ESCAPE_NONE);
    } else {
        without_message(b);
    }
    wev_form_lit(b, "\r\n\r\n");
}
