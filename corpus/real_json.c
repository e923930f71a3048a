// Records as JSON: NXLog and Logstash flat, Winlogbeat 6 and 7, Wazuh, and what judge --values writes. Types nothing.
#include "corpus/real.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

// Where a collector keeps a header, as keys from the root, `.` between. The first that is there counts.
static const struct place {
    enum wev_header header;
    const char *keys[8];
} places[] = {
    {WEV_H_PROVIDER, {"SourceName", "source_name", "winlog.provider_name", "win.system.providerName"}},
    {WEV_H_GUID, {"ProviderGuid", "provider_guid", "winlog.provider_guid", "win.system.providerGuid"}},
    {WEV_H_EVENT_ID, {"EventID", "event_id", "winlog.event_id", "win.system.eventID", "event.code", "EventId"}},
    {WEV_H_VERSION, {"Version", "version", "winlog.version", "win.system.version"}},
    {WEV_H_LEVEL, {"Level", "win.system.level"}},
    {WEV_H_TASK, {"Task", "win.system.task"}},
    {WEV_H_OPCODE, {"OpcodeValue", "win.system.opcode"}},
    {WEV_H_KEYWORDS, {"Keywords", "keywords", "winlog.keywords", "win.system.keywords"}},
    {WEV_H_TIME, {"win.system.systemTime"}}, // the others round it, or give it in a time zone of theirs
    {WEV_H_RECORD_ID, {"RecordNumber", "record_number", "winlog.record_id", "win.system.eventRecordID", "RecordID", "EventRecordID"}},
    {WEV_H_ACTIVITY, {"ActivityID", "activity_id", "winlog.activity_id"}},
    {WEV_H_PROCESS_ID, {"ExecutionProcessID", "process_id", "winlog.process.pid", "win.system.processID"}},
    {WEV_H_THREAD_ID, {"ThreadID", "thread_id", "winlog.process.thread.id", "win.system.threadID"}},
    {WEV_H_CHANNEL, {"Channel", "log_name", "winlog.channel", "win.system.channel"}},
    {WEV_H_COMPUTER, {"Hostname", "computer_name", "winlog.computer_name", "win.system.computer", "Computer"}},
};

static const json_t *at_path(const json_t *root, const char *path)
{
    const json_t *whole = json_object_get(root, path); // a key may have dots of its own
    char key[64];
    while (!whole && root && *path) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof(key)) { return NULL; }
        memcpy(key, path, n);
        key[n] = 0;
        root = json_object_get(root, key);
        path += n + (path[n] == '.');
        if (!*path) { return root; }
    }
    return whole;
}

static json_t *as_text(const json_t *v)
{
    char number[24];
    if (!json_is_integer(v)) { return json_is_string(v) ? json_copy((json_t *)(uintptr_t)v) : NULL; }
    snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    return json_string(number);
}

// A signed decimal (NXLog), names (Winlogbeat) or what Windows writes.
static json_t *keywords_text(const json_t *v)
{
    const char *name = json_string_value(json_is_array(v) ? json_array_get(v, 0) : v);
    char hex[24];
    if (json_is_integer(v)) {
        snprintf(hex, sizeof(hex), "0x%" PRIx64, (uint64_t)json_integer_value(v));
        return json_string(hex);
    }
    if (name && !strcmp(name, "Audit Success")) { return json_string("0x8020000000000000"); }
    if (name && !strcmp(name, "Audit Failure")) { return json_string("0x8010000000000000"); }
    return json_is_array(v) ? NULL : as_text(v);
}

static void take_headers(const json_t *root, struct wev_real *record)
{
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
        const json_t *v = NULL;
        for (size_t k = 0; k < 8 && places[p].keys[k] && !v; k++) { v = at_path(root, places[p].keys[k]); }
        json_t *text = !v ? NULL : places[p].header == WEV_H_KEYWORDS ? keywords_text(v) : as_text(v);
        if (text) { json_object_set_new(record->header, wev_header_names[places[p].header], text); }
    }
}

// Wazuh writes names with a small first letter: wev_real_type takes either.
static void take_data(const json_t *data, struct wev_real *record)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)data, key, v) {
        json_t *text = as_text(v);
        if (text) { json_array_append_new(record->data, json_pack("[s,o]", key, text)); }
    }
}

static bool take_values(const json_t *header, const json_t *data, struct wev_real *record)
{
    record->shape = "values";
    json_object_update(record->header, (json_t *)(uintptr_t)header);
    if (json_is_array(data)) { return json_array_extend(record->data, (json_t *)(uintptr_t)data) == 0; }
    take_data(data, record);
    return true;
}

bool wev_real_json(json_t *root, struct wev_real *record)
{
    static const struct { const char *data, *shape; } shapes[] = {
        {"winlog.event_data", "winlogbeat"}, {"event_data", "winlogbeat"}, {"win.eventdata", "wazuh"}, {"EventData", "json"}};
    const json_t *data = NULL, *header = json_object_get(root, "header"), *message;
    if (!json_is_object(root)) { return false; }
    if (json_is_object(header) && json_object_get(root, "data")) { return take_values(header, json_object_get(root, "data"), record); }
    take_headers(root, record);
    if (!wev_real_header(record, WEV_H_EVENT_ID)) { return false; }
    record->shape = json_object_get(root, "SourceModuleType") ? "nxlog" : "logstash";
    for (size_t k = 0; k < 4 && !data; k++) {
        data = at_path(root, shapes[k].data);
        if (json_is_object(data)) { record->shape = shapes[k].shape; }
    }
    take_data(json_is_object(data) ? data : root, record);
    message = json_object_get(root, "Message") ? json_object_get(root, "Message") : json_object_get(root, "message");
    if (json_is_string(message)) { record->message = json_incref((json_t *)(uintptr_t)message); }
    return true;
}
