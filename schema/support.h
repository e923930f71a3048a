// Support: can a profile's generators make this value, given the other values of the same decoded event?
// Read side only; gen/ never includes it.
//
// "No" is certain, "yes" is generous: records of one let are tied to each other only by a name of the user's
// own, cardinality and the number of entities are ignored, and a condition on what the event does not show (an entity) may hold.
// A header that the event does not have is not compared against. An attribute declared open="yes" stands
// for a name of the user's own world: any text that is not empty, and looks as its like="" says, is in its
// support, where the record that it stands in gives the event's other fields of the same let, too.
#ifndef WEV_SUPPORT_H
#define WEV_SUPPORT_H

#include "schema/manifest.h"
#include "schema/profile.h"

// `field` is an index into def->body->fields. The event is decoded and of `def`. closed: an attribute declared open is no
// more than its generator. True for every value of a template with arrays or structs, whose repeats no profile names.
bool wev_support_field(const struct wev_event_def *def, size_t field, const struct wev_event *event, bool closed);

// Without a generator a header is what the manifest says, or absent.
bool wev_support_header(const struct wev_event_def *def, enum wev_header h, const struct wev_event *event);

#endif
