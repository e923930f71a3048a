// What each file of this folder gives; the table over them is gen/form/table.c.
#ifndef WEV_FORMS_H
#define WEV_FORMS_H

#include "gen/form.h"

void wev_form_xml(struct wev_form_build *b);
void wev_form_view(struct wev_form_build *b);
void wev_form_rendered(struct wev_form_build *b);
void wev_form_text(struct wev_form_build *b);

#endif
