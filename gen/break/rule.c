// The rule layer: values that are right one by one and contradict each other.
#include "gen/break/classes.h"

#include <string.h>

// "Name=value" sets a field, "@Name=value" a header, "==" and "!=" ask first; apart by ';'.
struct clause {
    struct wev_span name, value;
    char op; // '=' set, 'q' equal, 'n' not equal
    bool header;
};

static bool next_clause(struct wev_span *rest, struct clause *c)
{
    if (!rest->n) { return false; }
    const char *end = memchr(rest->p, ';', rest->n);
    struct wev_span s = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
    size_t k = 0;
    rest->p += s.n + (end != NULL);
    rest->n -= s.n + (end != NULL);
    c->header = s.p[0] == '@';
    while (s.p[k] != '=' && s.p[k] != '!') { k++; }
    c->name = (struct wev_span){s.p + c->header, k - c->header};
    c->op = s.p[k] == '!' ? 'n' : s.p[k + 1] == '=' ? 'q' : '=';
    k += c->op == '=' ? 1 : 2;
    c->value = (struct wev_span){s.p + k, s.n - k};
    return true;
}

static const struct wev_spot *place_of(struct wev_break *b, const struct clause *c)
{
    if (!c->header) { return wev_break_field(b, c->name); }
    size_t h = 0;
    while (h < WEV_H_COUNT && !wev_span_is(c->name, wev_header_names[h])) { h++; }
    return h < WEV_H_COUNT ? wev_break_header(b, (enum wev_header)h) : NULL;
}

// Does what the row's text says, when what it asks for holds and something changes.
static bool set_values(struct wev_break *b)
{
    struct wev_span rest = b->class->text;
    struct clause c;
    bool changed = false;
    while (next_clause(&rest, &c)) {
        const struct wev_spot *s = place_of(b, &c);
        if (!s) { return false; }
        bool same = wev_span_eq(wev_break_slice(b, s->at, s->at + s->n), c.value);
        if (c.op != '=') {
            if (same != (c.op == 'q')) { return false; }
        } else if (!same) {
            if (!wev_break_edit(b, s->at, s->n, c.value)) { return false; }
            changed = true;
        }
    }
    return changed;
}

static bool is_counted(const struct wev_spot *s)
{
    return s->field && s->field->length.kind == WEV_X_FIELD && (s->lex == WEV_L_TEXT || s->lex == WEV_L_BINARY);
}

static bool is_mapped(const struct wev_spot *s)
{
    const struct wev_field *f = s->field;
    if (!f || !f->map || f->map->bits || f->is_extent || s->lex != WEV_L_UINT) { return false; }
    for (size_t k = 0; k < f->map->count; k++) {
        if (f->map->entries[k].value == 97) { return false; }
    }
    return true;
}

static const struct wev_spot *spot_that(struct wev_break *b, bool (*is)(const struct wev_spot *))
{
    uint32_t count = 0;
    wev_break_header(b, WEV_H_PROVIDER); // lists the spots
    for (uint32_t k = 0; k < b->spot_count; k++) { count += is(&b->spots[k]); }
    if (!count) { return NULL; }
    uint64_t want = wev_break_draw(b, count);
    for (uint32_t k = 0;; k++) {
        if (is(&b->spots[k]) && want-- == 0) { return &b->spots[k]; }
    }
}

// A value whose length is another field's gets one character or byte more.
static bool outgrow_length(struct wev_break *b)
{
    const struct wev_spot *s = spot_that(b, is_counted);
    return s && wev_break_edit(b, s->at + s->n, 0, s->lex == WEV_L_TEXT ? WEV_SPAN("x") : WEV_SPAN("00"));
}

static bool outside_map(struct wev_break *b)
{
    const struct wev_spot *s = spot_that(b, is_mapped);
    return s && wev_break_edit(b, s->at, s->n, b->class->text);
}

#define AUDIT "@Provider==Microsoft-Windows-Security-Auditing;"
#define OUTCOME "Microsoft Learn, 5059: Keywords follow Return Code"
#define PROFILE "the profile's rule"

const struct wev_class wev_break_rule[] = {
    {"rule.outcome-success-failed", 10, WEV_V_RULE, set_values, T("ReturnCode==0x0;@Keywords=0x8010000000000000"), 0, 0, OUTCOME, NULL, NULL},
    {"rule.outcome-failure-succeeded", 10, WEV_V_RULE, set_values, T("ReturnCode=0x80090016;@Keywords=0x8020000000000000"), 0, 0, OUTCOME, NULL, NULL},
    {"rule.outcome-no-keywords", 10, WEV_V_RULE, set_values, T("ReturnCode==0x0;@Keywords=0x0"), 0, 0, OUTCOME, NULL, NULL},
    {"rule.subject-system-logon", 10, WEV_V_RULE, set_values, T("SubjectUserSid=S-1-5-18;SubjectLogonId=0x3e8"), 0, 0, "winnt.h SYSTEM_LUID", NULL, NULL},
    {"rule.subject-local-service-logon", 10, WEV_V_RULE, set_values, T("SubjectUserSid=S-1-5-19;SubjectLogonId=0x3e7"), 0, 0, "winnt.h LOCALSERVICE_LUID", NULL, NULL},
    {"rule.subject-network-service-logon", 10, WEV_V_RULE, set_values, T("SubjectUserSid=S-1-5-20;SubjectLogonId=0x3e7"), 0, 0, "winnt.h NETWORKSERVICE_LUID", NULL, NULL},
    {"rule.subject-nt-authority", 10, WEV_V_RULE, set_values,
     T("SubjectDomainName=NT AUTHORITY;SubjectUserSid=S-1-5-21-1004336348-1177238915-682003330-1104"), 0, 0, "MS-DTYP 2.4.2.4", NULL, NULL},
    {"rule.contract-provider", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID==5059;ProviderName=Microsoft Platform Crypto Provider"), 0, 0,
     "Microsoft Learn, 5059: two providers", NULL, NULL},
    {"rule.contract-provider-unknown", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID==5059;ProviderName=Contoso Key Storage Provider"), 0, 0,
     "Microsoft Learn, 5059: two providers", NULL, NULL},
    {"rule.contract-operation-5058", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID==5059;Operation=%%2458"), 0, 0, "msobjs.dll", NULL, NULL},
    {"rule.contract-operation-5061", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID==5059;Operation=%%2480"), 0, 0, "msobjs.dll", NULL, NULL},
    {"rule.contract-operation-5059", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID!=5059;Operation=%%2464"), 0, 0, "msobjs.dll", NULL, NULL},
    {"rule.contract-operation-text", 10, WEV_V_RULE, set_values, T(AUDIT "Operation=Export of persistent cryptographic key."), 0, 0, "msobjs.dll",
     "a resolved parameter", NULL},
    {"rule.contract-task-5061", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID==5059;@Task=12290"), 0, 0, "recorded events", NULL, NULL},
    {"rule.contract-task-5059", 10, WEV_V_RULE, set_values, T(AUDIT "@EventID==5061;@Task=12292"), 0, 0, "recorded 5061", NULL, NULL},
    {"rule.contract-swapped", 10, WEV_V_RULE, set_values, T(AUDIT "KeyType=%%2464;Operation=%%2499"), 0, 0, "msobjs.dll", "fields that shift by one", NULL},
    {"rule.contract-key-type", 10, WEV_V_RULE, set_values, T(AUDIT "KeyType=%%2501"), 0, 0, "msobjs.dll", NULL, NULL},
    {"rule.contract-key-type-text", 10, WEV_V_RULE, set_values, T(AUDIT "KeyType=User key."), 0, 0, "msobjs.dll", "a resolved parameter", NULL},
    {"rule.header-level", 10, WEV_V_RULE, set_values, T(AUDIT "@Level=2"), 0, 0, PROFILE, NULL, NULL},
    {"rule.header-opcode", 10, WEV_V_RULE, set_values, T(AUDIT "@Opcode=1"), 0, 0, PROFILE, NULL, NULL},
    {"rule.header-channel", 10, WEV_V_RULE, set_values, T(AUDIT "@Channel=System"), 0, 0, PROFILE, NULL, NULL},
    {"rule.header-differs", 10, WEV_V_HEADER_DIFFERS, set_values, T("@Provider!=Microsoft-Windows-Security-Auditing;@Opcode=77"), 0, 0, "the loaded manifest", NULL, NULL},
    {"rule.provider-guid", 10, WEV_V_PROVIDER_GUID, set_values, T("@Guid={00000000-0000-4000-8000-000000000001}"), 0, 0, "the loaded manifest", NULL, NULL},
    {"rule.time-client-after-event", 10, WEV_V_RULE, set_values, T("ClientCreationTime=9999-12-31T23:59:59.9999999Z"), 0, 0, "all recorded events", NULL, NULL},
    {"rule.time-event-before-client", 10, WEV_V_RULE, set_values, T("ClientProcessId!=-;@TimeCreated=1601-01-01T00:00:00.0000000Z;ClientCreationTime=1601-01-01T00:00:00.0000001Z"),
     0, 0, "all recorded events", "a clock that was set back", NULL},
    {"rule.sequence-record-id-1", 10, WEV_V_OK, set_values, T("@EventRecordID=1"), 0, 0, "a sequence is no matter of one document", "a log that was cleared", NULL},
    {"rule.sequence-record-id-max", 10, WEV_V_OK, set_values, T("@EventRecordID=18446744073709551615"), 0, 0, "event.xsd: unsignedLong", NULL, NULL},
    {"rule.length-differs", 10, WEV_V_LENGTH_DIFFERS, outgrow_length, NO_TEXT, 0, 0, "eventman.xsd: length", NULL, NULL},
    {"rule.map-unknown", 10, WEV_V_MAP_UNKNOWN, outside_map, T("97"), 0, 0, "eventman.xsd: valueMap", NULL, NULL},
};
const size_t wev_break_rule_count = WEV_COUNT(wev_break_rule);
