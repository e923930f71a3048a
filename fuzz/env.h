// What the environment says to code that has no command line of its own: harnesses, mutators.
#ifndef WEV_ENV_H
#define WEV_ENV_H

#include <stddef.h>

struct wev_schema;

// The built-in schema with the files of WEV_SCHEMA on top: names separated by ':', those that end in ".profile.xml" are
// profiles, the others manifests; the files of WEV_PROFILE are profiles. NULL: error (480 bytes hold every message) says which file and why. wev_schema_free.
struct wev_schema *wev_env_schema(char *error, size_t error_cap);

#endif
