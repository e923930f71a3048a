// A time zone as an option says it: UTC, +01:00, or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3 (IEEE 1003.1, 8.3).
#ifndef WEV_ZONE_H
#define WEV_ZONE_H

#include "schema/base.h"

struct wev_zone_rule {
    uint8_t form;               // 'M': weekday `day` (0 Sunday) of week `week` (5: the last) of `month`; 'J': day 1 to 365, no 29 February; 0: day 0 to 365
    uint8_t month, week;
    uint16_t day;
    uint8_t hour;               // of the clock that is in force until then
};
struct wev_zone {
    int64_t offset_100ns;       // standard time minus UTC
    int32_t shift;              // hours that summer time adds; 0: there is none
    struct wev_zone_rule begin, end; // of summer time
};

// False: not a zone, or one whose summer time does not begin, end and differ by whole hours.
bool wev_zone_read(struct wev_span text, struct wev_zone *zone);
// Whether summer time is in force at that hour of standard time since 1601.
bool wev_zone_is_summer(const struct wev_zone *zone, uint64_t hour);

#endif
