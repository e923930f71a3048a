// One event as data: the only shape that the write side and the read side share.
#ifndef WEV_EVENT_H
#define WEV_EVENT_H

#include "schema/base.h"

// The 21 inTypes of winmeta.xml, numbered as BinXML numbers them (facts: SDK winmeta.xml, MS-EVEN6 2.2.12).
enum wev_type {
    WEV_T_NULL,
    WEV_T_UNICODE_STRING,
    WEV_T_ANSI_STRING,
    WEV_T_INT8,
    WEV_T_UINT8,
    WEV_T_INT16,
    WEV_T_UINT16,
    WEV_T_INT32,
    WEV_T_UINT32,
    WEV_T_INT64,
    WEV_T_UINT64,
    WEV_T_FLOAT,
    WEV_T_DOUBLE,
    WEV_T_BOOLEAN,
    WEV_T_BINARY,
    WEV_T_GUID,
    WEV_T_POINTER,
    WEV_T_FILETIME,
    WEV_T_SYSTEMTIME,
    WEV_T_SID,
    WEV_T_HEX_INT32,
    WEV_T_HEX_INT64,
    WEV_T_COUNT,
};

enum { WEV_SID_SUBS_MAX = 15 }; // MS-DTYP 2.4.2.2

struct wev_sid {
    uint64_t authority; // below 2^48
    uint32_t count;     // 1 to 15
    uint32_t sub[WEV_SID_SUBS_MAX];
};

struct wev_guid {
    uint8_t byte[16]; // in the order of the text: byte[0] is the first pair of digits
};

enum wev_value_flag {
    WEV_F_PLAIN = 1,  // text without & < > " ' CR, control or non-ASCII bytes, so that no form has to escape it, and
                      // with 32 readable bytes behind it, so that it can be copied in blocks
    WEV_F_UPPER = 2,  // a GUID that is written in upper case
    WEV_F_ABSENT = 4, // the element or attribute is not there
};

// A value in 16 bytes. What `n` and the union hold follows from the type:
//   strings       text, n bytes of UTF-8, unescaped
//   integers, Boolean, HexInt*, Pointer   u (signed types sign-extended in i)
//   Float, Double text in n: the decimal spelling (no floating point here)
//   Binary        bin, n bytes
//   GUID, SID     guid, sid
//   FILETIME, SYSTEMTIME   u, 100 ns since 1601-01-01 UTC; digits of the second in `digits` (0 to 9)
// A field whose outType is an address holds: IPv4 u in network order, the first byte on top; IPv6 and
// socket addresses as Binary.
struct wev_value {
    uint8_t type;   // enum wev_type
    uint8_t flags;  // enum wev_value_flag
    uint8_t digits;
    uint8_t pad;
    uint32_t n;
    union {
        uint64_t u;
        int64_t i;
        const char *text;
        const uint8_t *bin;
        const struct wev_guid *guid;
        const struct wev_sid *sid;
    } is;
};

// The children and attributes of System, in document order. Types: see wev_header_types.
enum wev_header {
    WEV_H_PROVIDER,     // Provider@Name
    WEV_H_GUID,         // Provider@Guid
    WEV_H_SOURCE,       // Provider@EventSourceName
    WEV_H_EVENT_ID,
    WEV_H_QUALIFIERS,   // EventID@Qualifiers
    WEV_H_VERSION,
    WEV_H_LEVEL,
    WEV_H_TASK,
    WEV_H_OPCODE,
    WEV_H_KEYWORDS,
    WEV_H_TIME,         // TimeCreated@SystemTime
    WEV_H_RECORD_ID,
    WEV_H_ACTIVITY,     // Correlation@ActivityID
    WEV_H_RELATED,      // Correlation@RelatedActivityID
    WEV_H_PROCESS_ID,   // Execution@ProcessID
    WEV_H_THREAD_ID,    // Execution@ThreadID
    WEV_H_CHANNEL,
    WEV_H_COMPUTER,
    WEV_H_USER_ID,      // Security@UserID
    WEV_H_COUNT,
};

struct wev_event_def; // schema/manifest.h

// An event: header values (WEV_F_ABSENT where not there) and the template's leaf values, arrays and structs
// unrolled, in document order. UserData may name fields in another order than the template, or twice: there
// gen/ gives the template's order and the decoder the document's.
struct wev_event {
    const struct wev_event_def *def; // NULL: no loaded schema knows it
    struct wev_value header[WEV_H_COUNT];
    const struct wev_value *value;
    size_t value_count;
};

// Names as the profile language and JSON write them ("EventID", "TimeCreated", …), and value types.
extern const char *const wev_header_names[WEV_H_COUNT];
extern const uint8_t wev_header_types[WEV_H_COUNT];

#endif
