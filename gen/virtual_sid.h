// SIDs of virtual accounts: services (S-1-5-80, the name in upper case) and IIS application pools (S-1-5-82, in lower case) have
// the SHA-1 of their name in UTF-16LE as five little-endian numbers. Source: TrustedInstaller's and DefaultAppPool's SIDs, which
// Microsoft publishes (well-known security identifiers; IIS application pool identities).
#ifndef WEV_VIRTUAL_SID_H
#define WEV_VIRTUAL_SID_H

#include "schema/base.h"

enum { WEV_VIRTUAL_SUBS = 5 };

// The name is UTF-8; letters of Latin-1, Greek and Cyrillic change their case, others stay. Beyond 512 characters it is cut.
void wev_virtual_sid(struct wev_span name, bool upper, uint32_t subs[WEV_VIRTUAL_SUBS]);

#endif
