// Which sanitizer this is built with: gcc says so by a macro, clang by __has_feature. Poisoned memory stays addressable
// without AddressSanitizer.
#ifndef WEV_SAN_H
#define WEV_SAN_H

#ifdef __has_feature
#define WEV_HAS_FEATURE(name) __has_feature(name)
#else
#define WEV_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || WEV_HAS_FEATURE(address_sanitizer)
#define WEV_ASAN 1
#include <sanitizer/asan_interface.h>
#else
#define WEV_ASAN 0
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif
#if defined(__SANITIZE_THREAD__) || WEV_HAS_FEATURE(thread_sanitizer)
#define WEV_TSAN 1
#else
#define WEV_TSAN 0
#endif

#endif
