// What an adapter in C or C++ gives, and how it tells what it read. adapter.c has main.
#ifndef WEV_INTEROP_ADAPTER_H
#define WEV_INTEROP_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Given by the adapter: one document, NUL behind it. True: the library accepts it.
bool parse(char *bytes, size_t n);

// Called by it, with what the library says; NULL reads as "". What is refused in the end does not count.
void read_attribute(const char *element, const char *name, const char *value); // of a child of System
void read_system(const char *element, const char *text);                       // text of a child of System
void read_data(const char *name, const char *text);                            // a Data of EventData

// For libraries that report tags one by one: names without prefix, pairs of attributes up to NULL.
void on_open(const char *name, const char **attributes);
void on_text(const char *p, size_t n);
void on_close(const char *name);

#ifdef __cplusplus
}
#endif

#endif
