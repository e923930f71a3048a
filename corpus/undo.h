// What viewers and collectors put around an event, taken away in place.
#ifndef WEV_UNDO_H
#define WEV_UNDO_H

#include <stdbool.h>
#include <stddef.h>

bool wev_undo_view(char *p, size_t n);           // Event Viewer's "- " marks become blanks, offsets stay. False: there was none
size_t wev_undo_syslog(const char *p, size_t n); // bytes in front of <Event or <?xml
#endif
