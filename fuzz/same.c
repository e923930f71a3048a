// Compares two events value by value. Knows no document.
#include "fuzz/same.h"

#include "schema/manifest.h"
#include "schema/types.h"

#include <stdio.h>

// Which made value the k-th read one must equal: UserData may name fields in its own order.
static size_t made_index(const struct wev_template *t, size_t k)
{
    for (size_t p = 0, n = 0; t->user && p < t->user_count; p++) {
        if (t->user[p].kind == WEV_U_FIELD && n++ == k) { return t->user[p].field; }
    }
    return k;
}

bool wev_same_event(const struct wev_event *made, const struct wev_event *read, char *what, size_t cap)
{
    for (unsigned h = 0; h < WEV_H_COUNT; h++) {
        const struct wev_value *m = &made->header[h], *r = &read->header[h];
        bool m_absent = m->flags & WEV_F_ABSENT, r_absent = r->flags & WEV_F_ABSENT;
        if (m_absent == r_absent && (m_absent || wev_types_equal(m, r))) { continue; }
        snprintf(what, cap, "header %s differs", wev_header_names[h]);
        return false;
    }
    if (made->value_count != read->value_count) {
        snprintf(what, cap, "made %zu values, read %zu", made->value_count, read->value_count);
        return false;
    }
    for (size_t k = 0; k < made->value_count; k++) {
        if (wev_types_equal(&made->value[made_index(made->def->body, k)], &read->value[k])) { continue; }
        snprintf(what, cap, "value %zu differs", k);
        return false;
    }
    return true;
}
