// Laws that every loader of a file of ours owes its user.
#ifndef WEV_LOADER_H
#define WEV_LOADER_H

#include "schema/base.h"

struct wev_schema;

// An error has a code and one clean line that begins with the file's name and says where: "name:line: " or "name: ".
// A file that the input names itself, as a profile does a pool, may stand in its place.
void wev_loader_law_message(const struct wev_error *error, const char *name, struct wev_span input);
// A schema that was loaded from n bytes is whole: what its header promises is there, events are found, memory is bounded.
void wev_loader_law_schema(const struct wev_schema *schema, size_t n);
// Some events of every kind that it has can be made, and are read as what they were. rules: a profile of the input's own may
// contradict itself, and then its rules alone may refuse.
void wev_loader_law_usable(const struct wev_schema *schema, bool rules);

#endif
