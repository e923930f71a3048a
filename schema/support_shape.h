// The shape of a text, for schema/support.c. nocase: the text was folded after it was made.
#ifndef WEV_SUPPORT_SHAPE_H
#define WEV_SUPPORT_SHAPE_H

#include "schema/profile.h"

bool wev_shape_like(struct wev_span text, struct wev_span pattern); // `*` and `?`, ASCII case folded
bool wev_shape_like_any(struct wev_span text, struct wev_span patterns); // separated by '|'
bool wev_shape_guid(const struct wev_node *node, const struct wev_value *value, bool nocase); // a GUID or a text
bool wev_shape_keyfile(const struct wev_value *text, bool nocase);
bool wev_shape_chars(const struct wev_node *node, const struct wev_value *text, bool nocase);

#endif
