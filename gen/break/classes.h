// The tables of classes, one a layer, and what their rows are written with.
#ifndef WEV_CLASSES_H
#define WEV_CLASSES_H

#include "gen/break.h"

extern const struct wev_class wev_break_bytes[], wev_break_xml[], wev_break_schema[], wev_break_type[], wev_break_rule[];
extern const size_t wev_break_bytes_count, wev_break_xml_count, wev_break_schema_count, wev_break_type_count,
    wev_break_rule_count;

#define T(literal) {(literal), sizeof(literal) - 1}
#define NO_TEXT {NULL, 0}
#define LEX(name) (1u << WEV_L_##name)

#endif
