// The field's fixed tables: inTypes, outTypes and the headers of System. Data only.
#include "schema/manifest.h"

#define BIT(t) (1u << WEV_T_##t)

// winmeta.xml, inTypes, in BinXML's order; then the counted forms, which render alike.
const struct wev_type_row wev_type_rows[] = {
    {"UnicodeString", WEV_T_UNICODE_STRING, WEV_L_TEXT, 0},
    {"AnsiString", WEV_T_ANSI_STRING, WEV_L_TEXT, 0},
    {"Int8", WEV_T_INT8, WEV_L_INT, 1},
    {"UInt8", WEV_T_UINT8, WEV_L_UINT, 1},
    {"Int16", WEV_T_INT16, WEV_L_INT, 2},
    {"UInt16", WEV_T_UINT16, WEV_L_UINT, 2},
    {"Int32", WEV_T_INT32, WEV_L_INT, 4},
    {"UInt32", WEV_T_UINT32, WEV_L_UINT, 4},
    {"Int64", WEV_T_INT64, WEV_L_INT, 8},
    {"UInt64", WEV_T_UINT64, WEV_L_UINT, 8},
    {"Float", WEV_T_FLOAT, WEV_L_FLOAT, 4},
    {"Double", WEV_T_DOUBLE, WEV_L_FLOAT, 8},
    {"Boolean", WEV_T_BOOLEAN, WEV_L_BOOL, 4},
    {"Binary", WEV_T_BINARY, WEV_L_BINARY, 0},
    {"GUID", WEV_T_GUID, WEV_L_GUID, 16},
    {"Pointer", WEV_T_POINTER, WEV_L_HEX, 8},
    {"FILETIME", WEV_T_FILETIME, WEV_L_TIME, 8},
    {"SYSTEMTIME", WEV_T_SYSTEMTIME, WEV_L_TIME, 16},
    {"SID", WEV_T_SID, WEV_L_SID, 0},
    {"HexInt32", WEV_T_HEX_INT32, WEV_L_HEX, 4},
    {"HexInt64", WEV_T_HEX_INT64, WEV_L_HEX, 8},
    {"CountedUnicodeString", WEV_T_UNICODE_STRING, WEV_L_TEXT, 0},
    {"CountedAnsiString", WEV_T_ANSI_STRING, WEV_L_TEXT, 0},
    {"CountedBinary", WEV_T_BINARY, WEV_L_BINARY, 0},
};
const size_t wev_type_row_count = WEV_COUNT(wev_type_rows);

#define TEXTS (BIT(UNICODE_STRING) | BIT(ANSI_STRING))
#define INT32S (BIT(INT32) | BIT(UINT32) | BIT(HEX_INT32))
#define INTS                                                                                                          \
    (BIT(INT8) | BIT(UINT8) | BIT(INT16) | BIT(UINT16) | BIT(INT32) | BIT(UINT32) | BIT(INT64) | BIT(UINT64) |         \
     BIT(HEX_INT32) | BIT(HEX_INT64) | BIT(POINTER))

// winmeta.xml, outTypes. `in` is what winmeta's xmlType table allows, widened where shipped manifests are.
const struct wev_out_row wev_out_rows[] = {
    {"xs:string", WEV_L_COUNT, TEXTS | BIT(INT8) | BIT(UINT8) | BIT(UINT16) | BIT(SID)},
    {"xs:dateTime", WEV_L_COUNT, BIT(FILETIME) | BIT(SYSTEMTIME)},
    {"xs:byte", WEV_L_COUNT, BIT(INT8)},
    {"xs:unsignedByte", WEV_L_COUNT, BIT(UINT8)},
    {"xs:short", WEV_L_COUNT, BIT(INT16)},
    {"xs:unsignedShort", WEV_L_COUNT, BIT(UINT16)},
    {"xs:int", WEV_L_COUNT, BIT(INT32)},
    {"xs:unsignedInt", WEV_L_COUNT, BIT(UINT32)},
    {"xs:long", WEV_L_COUNT, BIT(INT64) | BIT(INT32)},
    {"xs:unsignedLong", WEV_L_COUNT, BIT(UINT64) | BIT(UINT32)},
    {"xs:float", WEV_L_COUNT, BIT(FLOAT)},
    {"xs:double", WEV_L_COUNT, BIT(DOUBLE)},
    {"xs:boolean", WEV_L_COUNT, BIT(BOOLEAN) | BIT(UINT8)},
    {"xs:GUID", WEV_L_COUNT, BIT(GUID)},
    {"xs:hexBinary", WEV_L_COUNT, BIT(BINARY)},
    {"win:HexInt8", WEV_L_HEX, BIT(UINT8) | BIT(INT8)},
    {"win:HexInt16", WEV_L_HEX, BIT(UINT16) | BIT(INT16)},
    {"win:HexInt32", WEV_L_HEX, INT32S},
    {"win:HexInt64", WEV_L_HEX, BIT(UINT64) | BIT(INT64) | BIT(HEX_INT64) | BIT(POINTER)},
    {"win:PID", WEV_L_COUNT, BIT(UINT32) | BIT(HEX_INT32)},
    {"win:TID", WEV_L_COUNT, BIT(UINT32) | BIT(HEX_INT32)},
    {"win:Port", WEV_L_COUNT, BIT(UINT16)},
    {"win:IPv4", WEV_L_IPV4, BIT(UINT32)},
    {"win:IPv6", WEV_L_IPV6, BIT(BINARY)},
    {"win:SocketAddress", WEV_L_SOCKADDR, BIT(BINARY)},
    {"win:CIMDateTime", WEV_L_COUNT, TEXTS},
    {"win:ETWTIME", WEV_L_COUNT, BIT(UINT64) | BIT(FILETIME)},
    {"win:Xml", WEV_L_COUNT, TEXTS},
    {"win:Json", WEV_L_COUNT, TEXTS},
    {"win:Utf8", WEV_L_COUNT, TEXTS | BIT(BINARY)},
    {"win:ErrorCode", WEV_L_COUNT, INT32S | BIT(INT64) | BIT(UINT64)},
    {"win:Win32Error", WEV_L_COUNT, INT32S},
    {"win:NTSTATUS", WEV_L_COUNT, INT32S},
    {"win:HResult", WEV_L_COUNT, INT32S},
    {"win:DateTimeCultureInsensitive", WEV_L_COUNT, BIT(FILETIME) | BIT(SYSTEMTIME)},
    {"win:DateTimeUtc", WEV_L_COUNT, BIT(FILETIME) | BIT(SYSTEMTIME)},
    {"win:Pkcs7WithTypeInfo", WEV_L_COUNT, BIT(BINARY)},
    {"win:CodePointer", WEV_L_COUNT, BIT(POINTER) | BIT(UINT64) | BIT(UINT32)},
    {"win:NoPrint", WEV_L_COUNT, INTS | TEXTS | BIT(BINARY)},
};
const size_t wev_out_row_count = WEV_COUNT(wev_out_rows);

const char *const wev_header_names[WEV_H_COUNT] = {
    "Provider", "Guid", "EventSourceName", "EventID", "Qualifiers", "Version", "Level", "Task", "Opcode", "Keywords",
    "TimeCreated", "EventRecordID", "ActivityID", "RelatedActivityID", "ProcessID", "ThreadID", "Channel", "Computer",
    "UserID",
};

// event.xsd, SystemPropertiesType.
const uint8_t wev_header_types[WEV_H_COUNT] = {
    WEV_T_UNICODE_STRING, WEV_T_GUID, WEV_T_UNICODE_STRING, WEV_T_UINT16, WEV_T_UINT16, WEV_T_UINT8, WEV_T_UINT8,
    WEV_T_UINT16, WEV_T_UINT8, WEV_T_HEX_INT64, WEV_T_FILETIME, WEV_T_UINT64, WEV_T_GUID, WEV_T_GUID, WEV_T_UINT32,
    WEV_T_UINT32, WEV_T_UNICODE_STRING, WEV_T_UNICODE_STRING, WEV_T_SID,
};
