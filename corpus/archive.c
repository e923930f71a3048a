// ZIP (PKWARE APPNOTE 6.3: local headers, central directory, ZIP64 where counts or offsets need it) and tar (POSIX ustar).
#include "corpus/archive.h"

#include <stdio.h>
#include <string.h>

enum {
    TAR_BLOCK = 512, TAR_NAME_MAX = 100,
    ZIP_LOCAL = 0x04034b50, ZIP_CENTRAL = 0x02014b50, ZIP_END = 0x06054b50, ZIP64_END = 0x06064b50, ZIP64_PLACE = 0x07064b50,
    ZIP_STORED = 0, ZIP_DEFLATED = 8, ZIP_VERSION = 20, ZIP64_VERSION = 45, ZIP_UNIX = 3 << 8,
    ZIP_DATE = 1 << 5 | 1, // 1 January 1980, the first day that it knows
};
#define ZIP_MODE (0100644u << 16)
#define ZIP_16 0xffffu
#define ZIP_32 0xffffffffu

static bool fail(struct wev_error *e, const char *name, const char *what)
{
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "%.200s: %s", name, what);
    return false;
}

static void little(struct wev_line *l, uint64_t n, unsigned bytes)
{
    for (unsigned k = 0; k < bytes; k++) {
        char c = (char)(n >> 8 * k & 0xff);
        wev_line_put(l, &c, 1);
    }
}

static void fields(struct wev_line *l, const uint64_t *values, const char *widths)
{
    for (size_t k = 0; widths[k]; k++) { little(l, values[k], (unsigned)(widths[k] - '0')); }
}

static bool write_line(struct wev_archive *a, struct wev_line *l, struct wev_error *e)
{
    if (l->failed) { return fail(e, a->sink->path, "out of memory"); }
    return wev_sink_write(a->sink, (struct wev_span){l->p, l->n}, e);
}

// ---- ZIP

// The bytes deflated, or false: they are not smaller then, or there is no memory.
static bool deflated(struct wev_archive *a, struct wev_span bytes)
{
    z_stream *z = &a->deflate;
    if (!a->deflating || deflateReset(z) != Z_OK || !bytes.n) { return false; }
    size_t bound = deflateBound(z, (uLong)bytes.n);
    a->packed.n = 0;
    if (!wev_line_room(&a->packed, bound)) { return false; }
    z->next_in = (Bytef *)(uintptr_t)bytes.p;
    z->avail_in = (uInt)bytes.n; // at most WEV_STORE_DOCUMENT_MAX
    z->next_out = (Bytef *)a->packed.p;
    z->avail_out = (uInt)bound;
    if (deflate(z, Z_FINISH) != Z_STREAM_END) { return false; }
    a->packed.n = bound - z->avail_out;
    return a->packed.n < bytes.n;
}

static bool add_zip(struct wev_archive *a, const char *name, struct wev_span bytes, struct wev_error *e)
{
    uint64_t at = a->sink->bytes, crc = crc32(0, (const Bytef *)bytes.p, (uInt)bytes.n), n = strlen(name);
    bool small = deflated(a, bytes), far = at >= ZIP_32;
    struct wev_span packed = small ? (struct wev_span){a->packed.p, a->packed.n} : bytes;
    uint64_t method = small ? ZIP_DEFLATED : ZIP_STORED, version = far ? ZIP64_VERSION : ZIP_VERSION;
    struct wev_line head = {NULL, 0, 0, false};
    // signature, version, flags, method, time, date, crc, packed, size, name, extra
    fields(&head, (const uint64_t[]){ZIP_LOCAL, ZIP_VERSION, 0, method, 0, ZIP_DATE, crc, packed.n, bytes.n, n, 0}, "42222244422");
    wev_line_put(&head, name, n);
    bool good = write_line(a, &head, e) && wev_sink_write(a->sink, packed, e);
    wev_line_free(&head);
    // the same, with made by before version, and behind extra: comment, disk, two kinds of attributes, offset
    fields(&a->directory, (const uint64_t[]){ZIP_CENTRAL, ZIP_UNIX | version, version, 0, method, 0, ZIP_DATE, crc, packed.n, bytes.n, n,
                                             far ? 12 : 0, 0, 0, 0, ZIP_MODE, far ? ZIP_32 : at}, "42222224442222244");
    wev_line_put(&a->directory, name, n);
    if (far) { fields(&a->directory, (const uint64_t[]){1, 8, at}, "228"); }
    return good;
}

static bool end_zip(struct wev_archive *a, struct wev_error *e)
{
    uint64_t at = a->sink->bytes, size = a->directory.n, count = a->count;
    bool wide = count >= ZIP_16 || at >= ZIP_32 || size >= ZIP_32;
    struct wev_line *l = &a->directory;
    if (wide) {
        fields(l, (const uint64_t[]){ZIP64_END, 44, ZIP_UNIX | ZIP64_VERSION, ZIP64_VERSION, 0, 0, count, count, size, at}, "4822448888");
        fields(l, (const uint64_t[]){ZIP64_PLACE, 0, at + size, 1}, "4484");
    }
    uint64_t few = count < ZIP_16 ? count : ZIP_16;
    fields(l, (const uint64_t[]){ZIP_END, 0, 0, few, few, size < ZIP_32 ? size : ZIP_32, at < ZIP_32 ? at : ZIP_32, 0}, "42222442");
    return write_line(a, l, e);
}

// ---- tar

static void octal(char *p, size_t digits, uint64_t n)
{
    for (size_t k = digits; k-- > 0; n >>= 3) { p[k] = (char)('0' + (n & 7)); }
}

static bool add_tar(struct wev_archive *a, const char *name, struct wev_span bytes, struct wev_error *e)
{
    static const char zeros[TAR_BLOCK];
    char head[TAR_BLOCK] = {0};
    unsigned sum = 0;
    memcpy(head, name, strlen(name));
    octal(head + 100, 7, 0644);
    octal(head + 108, 7, 0);
    octal(head + 116, 7, 0);
    octal(head + 124, 11, bytes.n);
    octal(head + 136, 11, 0);
    memset(head + 148, ' ', 8);
    head[156] = '0';
    memcpy(head + 257, "ustar\0" "00", 8);
    for (size_t k = 0; k < TAR_BLOCK; k++) { sum += (unsigned char)head[k]; }
    octal(head + 148, 6, sum);
    head[154] = 0;
    size_t rest = (TAR_BLOCK - bytes.n % TAR_BLOCK) % TAR_BLOCK;
    return wev_sink_write(a->sink, (struct wev_span){head, TAR_BLOCK}, e) && wev_sink_write(a->sink, bytes, e) &&
           wev_sink_write(a->sink, (struct wev_span){zeros, rest}, e);
}

static bool end_tar(struct wev_archive *a, struct wev_error *e)
{
    static const char zeros[2 * TAR_BLOCK];
    return wev_sink_write(a->sink, (struct wev_span){zeros, sizeof(zeros)}, e);
}

// ---- both

bool wev_archive_open(struct wev_archive *a, struct wev_sink *sink, bool zip, struct wev_error *e)
{
    *a = (struct wev_archive){.sink = sink, .zip = zip};
    if (!zip) { return true; }
    a->deflating = deflateInit2(&a->deflate, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK;
    return a->deflating || fail(e, sink->path, "out of memory");
}

bool wev_archive_add(struct wev_archive *a, const char *name, struct wev_span bytes, struct wev_error *e)
{
    if (strlen(name) > TAR_NAME_MAX) { return fail(e, name, "a name that is too long for an archive"); }
    a->count++;
    return a->zip ? add_zip(a, name, bytes, e) : add_tar(a, name, bytes, e);
}

bool wev_archive_close(struct wev_archive *a, struct wev_error *e)
{
    bool good = a->zip ? end_zip(a, e) : end_tar(a, e);
    wev_archive_drop(a);
    return good;
}

void wev_archive_drop(struct wev_archive *a)
{
    if (a->deflating) { deflateEnd(&a->deflate); }
    a->deflating = false;
    wev_line_free(&a->directory);
    wev_line_free(&a->packed);
}
