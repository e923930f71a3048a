// The proofs of concept: one change to the sample a bug.
#include "tests/bench/bugs/pocs.h"

#define SIDS "S-1-5-19"
#define SID_FIELD "SubjectUserSid'>" SIDS
#define TIME_FIELD "ClientCreationTime'>2024-03-04T08:00:02.263113200Z"
#define TIME(s) "ClientCreationTime'>" s
#define KEY "KeyName'>Microsoft Connected"
#define KEY_ALL "<Data Name='KeyName'>Microsoft Connected Devices Platform device certificate</Data>"
#define ID "<EventID>5059</EventID>"
#define KEYWORDS "<Keywords>0x8020000000000000</Keywords>"

const struct poc pocs[] = {
    {0, 1, "references", "charref-above", {KEY}, {"KeyName'>a&#x110000;"}, 0, 0},
    {1, 1, "repetition", "charref-zeros", {KEY}, {"KeyName'>a&#00000000065;"}, 0, 0},
    {2, 1, "references", "charref-nul", {KEY}, {"KeyName'>a&#0;"}, 0, 0},
    {3, 1, "syntax", "blank-before-equals", {"<Data Name='KeyName'"}, {"<Data Name ='KeyName'"}, 0, 0},
    {4, 1, "duplicate", "attribute-twice", {"<Data Name='KeyName'"}, {"<Data Name='KeyName' Name='KeyName'"}, 0, 0},
    {5, 1, "syntax", "apostrophe-in-quotes", {"<Data Name='KeyName'"}, {"<Data Name=\"Key'Name\""}, 0, 0},
    {6, 1, "order", "failure-before-id", {ID, KEYWORDS}, {"<Keywords>0x8010000000000000</Keywords>", ID}, 0, 0},
    {7, 1, "length", "computer-256", {"WORKSTATION70"}, {"aaaaaaaaaaaaaaaa"}, 16, 0},
    {8, 1, "duplicate", "field-twice-longer", {KEY_ALL},
        {KEY_ALL "<Data Name='KeyName'>Microsoft Connected Devices Platform device certificate 2</Data>"}, 0, 0},
    {9, 1, "entity-start", "entity-first", {KEY}, {"KeyName'>&amp;Microsoft Connected"}, 0, 0},
    {10, 1, "syntax", "comment-first", {KEY}, {"KeyName'><!---->Microsoft Connected"}, 0, 0},
    {11, 1, "syntax", "text-and-cdata", {KEY}, {"KeyName'>a<![CDATA[b]]>"}, 0, 0},
    {12, 1, "repetition", "25-entities", {KEY},
        {"KeyName'>a&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;"}, 0, 0},
    {13, 1, "syntax", "empty-twice", {KEY_ALL}, {"<Data Name='a'/><Data Name='b'/>"}, 0, 0},
    {14, 1, "repetition", "nested-9", {"<EventData>"},
        {"<a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a><EventData>"}, 0, 0},
    {15, 1, "duplicate", "body-twice", {"</EventData>"}, {"</EventData><EventData></EventData>"}, 0, 0},
    {16, 1, "encoding", "utf16-odd", {0}, {0}, 0, 'o'},
    {17, 1, "encoding", "utf16-lone-surrogate", {KEY}, {"KeyName'>~"}, 0, 's'},
    {18, 1, "encoding", "declared-utf16", {"<Event "}, {"<?xml version='1.0' encoding='UTF-16'?><Event "}, 0, 0},
    {19, 1, "syntax", "hex-empty", {"0x0<"}, {"0x<"}, 0, 0},
    {20, 1, "repetition", "hex-17", {"0x0<"}, {"0x00000000000000000<"}, 0, 0},
    {21, 1, "syntax", "negative", {"<Level>0"}, {"<Level>-1"}, 0, 0},
    {22, 1, "length", "over-64", {"<EventRecordID>"}, {"<EventRecordID>99999999999999"}, 0, 0},
    {23, 1, "calendar", "month-13", {TIME_FIELD}, {TIME("2024-13-04T08:00:02.263113200Z")}, 0, 0},
    {24, 1, "calendar", "century-29-february", {TIME_FIELD}, {TIME("1900-02-29T08:00:02.263113200Z")}, 0, 0},
    {25, 1, "calendar", "second-60", {TIME_FIELD}, {TIME("2024-03-04T08:00:60.263113200Z")}, 0, 0},
    {26, 1, "repetition", "fraction-10", {TIME_FIELD}, {TIME("2024-03-04T08:00:02.2631132000Z")}, 0, 0},
    {27, 1, "syntax", "time-offset", {TIME_FIELD}, {TIME("2024-03-04T08:00:02.263113200+01:00")}, 0, 0},
    {28, 1, "calendar", "year-1600", {TIME_FIELD}, {TIME("1600-03-04T08:00:02.263113200Z")}, 0, 0},
    {29, 1, "syntax", "sid-authority-hex", {SID_FIELD}, {"SubjectUserSid'>S-1-0x5-19"}, 0, 0},
    {30, 1, "length", "sid-sub-11-digits", {SID_FIELD}, {"SubjectUserSid'>S-1-5-00000000019"}, 0, 0},
    {31, 1, "repetition", "sid-16-subs", {SIDS}, {"S-1-5-19-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1"}, 0, 0},
    {32, 1, "length", "sid-no-subs", {SID_FIELD}, {"SubjectUserSid'>S-1-5"}, 0, 0},
    {33, 1, "syntax", "guid-no-braces", {"Guid='{", "c30d}'"}, {"Guid='", "c30d'"}, 0, 0},
    {34, 1, "repetition", "guid-6-groups", {"c30d}"}, {"c30d-1}"}, 0, 0},
    {35, 1, "repetition", "parameters-5", {"%%2464"}, {"%%2464%%2464%%2464%%2464%%2464"}, 0, 0},
    {36, 1, "repetition", "path-17", {KEY}, {"KeyName'>\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\Microsoft Connected"}, 0, 0},
    {37, 1, "cross-field", "failed-and-success", {"ReturnCode'>0x0"}, {"ReturnCode'>0x80090016"}, 0, 0},
    {38, 1, "cross-field", "system-session", {SID_FIELD}, {"SubjectUserSid'>S-1-5-18"}, 0, 0},
    {39, 1, "order", "failed-before-operation", {"<Data Name='Operation'>%%2464</Data><Data Name='ReturnCode'>0x0</Data>"},
     {"<Data Name='ReturnCode'>0x5</Data><Data Name='Operation'>%%2464</Data>"}, 0, 0},
    {40, 1, "cross-field", "key-is-provider", {"Microsoft Connected Devices Platform device certificate"},
        {"Microsoft Software Key Storage Provider"}, 0, 0},
    {41, 1, "cross-field", "version-0-with-client", {"<Version>1"}, {"<Version>0"}, 0, 0},
    {42, 2, "bytes", "control-in-domain", {"SubjectDomainName'>"}, {"SubjectDomainName'>\x01"}, 0, 0},
    {43, 2, "bytes", "character-cut", {KEY}, {"KeyName'>Microsoft\xe2</Data><Data Name='x'>"}, 0, 0},
    {44, 2, "text", "backslash-last", {"device certificate<"}, {"device certificate\\<"}, 0, 0},
    {45, 2, "text", "percent-last", {"device certificate<"}, {"device certificate%%<"}, 0, 0},
    {46, 2, "duplicate", "field-three-times", {KEY_ALL}, {KEY_ALL KEY_ALL KEY_ALL}, 0, 0},
    {47, 2, "order", "long-key-before-subject", {"<Data Name='SubjectUserSid'>"},
     {"<Data Name='KeyName'>0123456789012345678901234567890123456789012345678901234567890123456789</Data><Data Name='SubjectUserSid'>"}, 0, 0},
    {48, 2, "cross-field", "system-of-a-domain-failed", {SID_FIELD, "NT AUTHORITY", "ReturnCode'>0x0"},
        {"SubjectUserSid'>S-1-5-18", "CONTOSO", "ReturnCode'>0x5"}, 0, 0},
    {49, 2, "cross-field", "type-and-operation-shifted", {"%%2500", "Operation'>%%2464"}, {"%%2464", "Operation'>%%2499"},
        0, 0},
    {50, 2, "cross-field", "client-just-after-event", {TIME_FIELD}, {TIME("2024-03-04T08:10:02.263113200Z")}, 0, 0},
    {51, 2, "truncated", "ends-in-reference",
        {KEY_ALL "<Data Name='KeyType'>%%2500</Data><Data Name='Operation'>%%2464</Data><Data Name='ReturnCode'>0x0</Data></EventData></Event>\n"}, {"&#"}, 0, 0},
    {52, 2, "bytes", "nul-in-attribute", {"Security-Auditing'"}, {"Security&#0;Auditing'"}, 0, 0},
    {53, 2, "syntax", "qualifiers-empty", {"<EventID>"}, {"<EventID Qualifiers=''>"}, 0, 0},
};
const size_t poc_count = sizeof(pocs) / sizeof(pocs[0]);
