// What viewers and collectors put around an event. Knows no event.
#include "corpus/undo.h"

#include <string.h>

bool wev_undo_view(char *p, size_t n)
{
    bool line = true, any = false;
    for (size_t k = 0; k < n; k++) {
        if (line && p[k] == '-') {
            size_t m = k + 1;
            while (m < n && (p[m] == ' ' || p[m] == '\t')) { m++; }
            if (m < n && p[m] == '<') {
                p[k] = ' ';
                any = true;
            }
        }
        line = p[k] == '\n' || (line && (p[k] == ' ' || p[k] == '\t'));
    }
    return any;
}

size_t wev_undo_syslog(const char *p, size_t n)
{
    const char *event = memmem(p, n, "<Event", 6);
    size_t k = event ? (size_t)(event - p) : 0;
    const char *xml = memmem(p, k, "<?xml", 5);
    return xml ? (size_t)(xml - p) : k;
}
