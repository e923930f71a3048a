// The table of wire forms, and the parts of an event that several of them write.
#include "gen/form.h"

#include "gen/out.h"

#include <string.h>

// ---- the builder

static void grow_text(struct wev_form_build *b, size_t n)
{
    if (n <= b->text_cap - b->text_n) { return; }
    size_t cap = 2 * b->text_cap + n + 256;
    char *text = WEV_NEW_N(b->arena, cap + 16, char);
    if (b->text_n) { memcpy(text, b->text, b->text_n); }
    b->text = text;
    b->text_cap = cap;
}

void wev_form_bytes(struct wev_form_build *b, const char *s, size_t n)
{
    grow_text(b, n);
    if (n) { memcpy(b->text + b->text_n, s, n); }
    b->text_n += n;
}

void wev_form_lit(struct wev_form_build *b, const char *text)
{
    wev_form_bytes(b, text, strlen(text));
}

void wev_form_span(struct wev_form_build *b, struct wev_span s, enum wev_escape escape)
{
    size_t from = 0;
    for (size_t k = 0; k < s.n && escape != WEV_ESCAPE_NONE; k++) {
        const char *e = (unsigned char)s.p[k] <= '>' ? wev_out_escape((unsigned char)s.p[k], (uint8_t)escape) : NULL;
        if (!e) { continue; }
        wev_form_bytes(b, s.p + from, k - from);
        wev_form_lit(b, e);
        from = k + 1;
    }
    wev_form_bytes(b, s.p + from, s.n - from);
}

// The slot that holds the value, and the short way to print it when there is one.
static void set_code(const struct wev_form_build *b, struct wev_piece *p)
{
    if (p->cells) { return; }
    static const uint8_t codes[WEV_L_COUNT] = {[WEV_L_TEXT] = WEV_C_TEXT, [WEV_L_UINT] = WEV_C_UINT, [WEV_L_HEX] = WEV_C_HEX,
                                               [WEV_L_TIME] = WEV_C_TIME, [WEV_L_SID] = WEV_C_SID,
                                               [WEV_L_GUID] = WEV_C_GUID};
    bool header = p->kind == WEV_P_HEADER || p->kind == WEV_P_OPTION;
    bool field = p->kind == WEV_P_VALUE || p->kind == WEV_P_MESSAGE;
    if (header && !p->slot) { p->slot = b->event->header[p->arg]; }
    if (field && !p->slot) { p->slot = b->event->field[p->arg]; }
    if (p->kind == WEV_P_END) { p->code = WEV_C_NOTHING; }
    if (p->kind == WEV_P_OPTION) { p->code = WEV_C_OPTION; }
    if ((p->kind == WEV_P_HEADER && b->present[p->arg]) || p->kind == WEV_P_VALUE) { p->code = codes[p->lex]; }
}

void wev_form_flush(struct wev_form_build *b, struct wev_piece piece)
{
    if (b->piece_count == b->piece_cap) {
        size_t cap = b->piece_cap ? 2 * b->piece_cap : 64;
        struct wev_piece *pieces = WEV_NEW_N(b->arena, cap, struct wev_piece);
        if (b->piece_count) { memcpy(pieces, b->pieces, b->piece_count * sizeof(*pieces)); }
        b->pieces = pieces;
        b->piece_cap = cap;
    }
    char *literal = WEV_NEW_N(b->arena, b->text_n + WEV_LITERAL_PAD, char);
    if (b->text_n) { memcpy(literal, b->text, b->text_n); }
    piece.literal = literal;
    set_code(b, &piece);
    piece.n = (uint32_t)b->text_n;
    b->text_n = 0;
    b->pieces[b->piece_count++] = piece;
}

void wev_form_piece(struct wev_form_build *b, enum wev_piece_kind kind, uint16_t arg, enum wev_escape escape)
{
    wev_form_flush(b, (struct wev_piece){.kind = (uint8_t)kind, .arg = arg, .escape = (uint8_t)escape});
}

static uint8_t header_lex(enum wev_header h)
{
    return wev_type_rows[wev_header_types[h] - 1].lex;
}

bool wev_form_constant(struct wev_form_build *b, const struct wev_value *v, uint8_t lex, enum wev_escape escape)
{
    char text[WEV_TEXT_VALUE_MAX];
    if (lex == WEV_L_TEXT || lex == WEV_L_FLOAT) {
        wev_form_span(b, (struct wev_span){v->is.text, v->n}, escape);
    } else if (lex == WEV_L_BINARY) {
        return false;
    } else {
        wev_form_bytes(b, text, (size_t)(wev_out_spell(text, v, lex) - text));
    }
    return true;
}

// A header that never varies becomes part of the literal.
static bool fold_fixed(struct wev_form_build *b, enum wev_header h, enum wev_escape escape)
{
    const struct wev_value *v = b->fixed[h];
    if (!v || v->flags & WEV_F_ABSENT) { return v != NULL; }
    return wev_form_constant(b, v, header_lex(h), escape);
}

void wev_form_header(struct wev_form_build *b, enum wev_header h, enum wev_escape escape)
{
    if (fold_fixed(b, h, escape)) { return; }
    wev_form_flush(b, (struct wev_piece){.kind = WEV_P_HEADER, .arg = (uint16_t)h, .escape = (uint8_t)escape, .lex = header_lex(h)});
}

void wev_form_option(struct wev_form_build *b, const char *before, enum wev_header h, char quote)
{
    if (b->fixed[h] && b->fixed[h]->flags & WEV_F_ABSENT) { return; }
    if (b->present[h]) {
        const char end[2] = {quote, 0};
        wev_form_lit(b, before);
        wev_form_header(b, h, WEV_ESCAPE_ATTRIBUTE);
        wev_form_lit(b, end);
        return;
    }
    if (b->text_n) { wev_form_piece(b, WEV_P_END, 0, WEV_ESCAPE_NONE); }
    wev_form_lit(b, before);
    wev_form_flush(b, (struct wev_piece){.kind = WEV_P_OPTION, .arg = (uint16_t)h, .escape = WEV_ESCAPE_ATTRIBUTE,
                                .lex = header_lex(h), .quote = quote});
}

void wev_form_value(struct wev_form_build *b, size_t field, enum wev_escape escape)
{
    wev_form_flush(b, (struct wev_piece){.kind = WEV_P_VALUE, .arg = (uint16_t)field, .escape = (uint8_t)escape,
                                .lex = b->event->def->body->fields[field].lex});
}

void wev_form_finish(struct wev_form_build *b)
{
    if (b->text_n || !b->piece_count) { wev_form_piece(b, WEV_P_END, 0, WEV_ESCAPE_NONE); }
    b->event->pieces = b->pieces;
    b->event->piece_count = b->piece_count;
}

// ---- System and the body

const struct wev_style wev_style_render = {'\'', "/>", "", "", "", "", "", ""};
const struct wev_style wev_style_view = {'"', " />", " ", " \n", "- ", "\n", "\n", " "};

static void open_leaf(struct wev_form_build *b, const struct wev_style *s, const char *name)
{
    wev_form_lit(b, s->before);
    wev_form_lit(b, "<");
    wev_form_lit(b, name);
}

static void attribute(struct wev_form_build *b, const struct wev_style *s, const char *name, enum wev_header h)
{
    char before[48];
    size_t n = strlen(name);
    before[0] = ' ';
    memcpy(before + 1, name, n);
    before[n + 1] = '=';
    before[n + 2] = s->quote;
    before[n + 3] = 0;
    wev_form_option(b, before, h, s->quote);
}

static void close_empty(struct wev_form_build *b, const struct wev_style *s)
{
    wev_form_lit(b, s->empty);
    wev_form_lit(b, s->after);
}

static void leaf(struct wev_form_build *b, const struct wev_style *s, const char *name, enum wev_header h)
{
    open_leaf(b, s, name);
    if (h == WEV_H_EVENT_ID) { attribute(b, s, "Qualifiers", WEV_H_QUALIFIERS); }
    wev_form_lit(b, ">");
    wev_form_header(b, h, WEV_ESCAPE_TEXT);
    wev_form_lit(b, "</");
    wev_form_lit(b, name);
    wev_form_lit(b, ">");
    wev_form_lit(b, s->after);
}

static bool never(const struct wev_form_build *b, enum wev_header h)
{
    return b->fixed[h] && b->fixed[h]->flags & WEV_F_ABSENT;
}

void wev_form_system(struct wev_form_build *b, const struct wev_style *s)
{
    wev_form_lit(b, s->group);
    wev_form_lit(b, "<System>");
    wev_form_lit(b, s->group_end);
    open_leaf(b, s, "Provider");
    attribute(b, s, "Name", WEV_H_PROVIDER);
    attribute(b, s, "Guid", WEV_H_GUID);
    attribute(b, s, "EventSourceName", WEV_H_SOURCE);
    close_empty(b, s);
    leaf(b, s, "EventID", WEV_H_EVENT_ID);
    leaf(b, s, "Version", WEV_H_VERSION);
    leaf(b, s, "Level", WEV_H_LEVEL);
    leaf(b, s, "Task", WEV_H_TASK);
    leaf(b, s, "Opcode", WEV_H_OPCODE);
    leaf(b, s, "Keywords", WEV_H_KEYWORDS);
    open_leaf(b, s, "TimeCreated");
    attribute(b, s, "SystemTime", WEV_H_TIME);
    close_empty(b, s);
    leaf(b, s, "EventRecordID", WEV_H_RECORD_ID);
    open_leaf(b, s, "Correlation");
    attribute(b, s, "ActivityID", WEV_H_ACTIVITY);
    attribute(b, s, "RelatedActivityID", WEV_H_RELATED);
    close_empty(b, s);
    open_leaf(b, s, "Execution");
    attribute(b, s, "ProcessID", WEV_H_PROCESS_ID);
    attribute(b, s, "ThreadID", WEV_H_THREAD_ID);
    close_empty(b, s);
    if (!never(b, WEV_H_CHANNEL)) { leaf(b, s, "Channel", WEV_H_CHANNEL); }
    leaf(b, s, "Computer", WEV_H_COMPUTER);
    open_leaf(b, s, "Security");
    attribute(b, s, "UserID", WEV_H_USER_ID);
    close_empty(b, s);
    wev_form_lit(b, s->close);
    wev_form_lit(b, "</System>");
    wev_form_lit(b, s->line);
}

static void user_data(struct wev_form_build *b, const struct wev_template *t)
{
    for (size_t k = 0; k < t->user_count; k++) {
        const struct wev_user_part *p = &t->user[k];
        switch (p->kind) {
        case WEV_U_OPEN:
            wev_form_lit(b, "<");
            wev_form_span(b, p->name, WEV_ESCAPE_NONE);
            if (p->space.n && (k == 0 || !wev_span_eq(p->space, t->user[0].space))) {
                wev_form_lit(b, " xmlns='");
                wev_form_span(b, p->space, WEV_ESCAPE_ATTRIBUTE);
                wev_form_lit(b, "'");
            }
            wev_form_lit(b, ">");
            break;
        case WEV_U_CLOSE:
            wev_form_lit(b, "</");
            wev_form_span(b, p->name, WEV_ESCAPE_NONE);
            wev_form_lit(b, ">");
            break;
        case WEV_U_TEXT: wev_form_span(b, p->name, WEV_ESCAPE_TEXT); break;
        case WEV_U_FIELD: wev_form_value(b, p->field, WEV_ESCAPE_TEXT); break;
        }
    }
}

void wev_form_body(struct wev_form_build *b, const struct wev_style *s)
{
    const struct wev_template *t = b->event->def->body;
    if (t->user) {
        wev_form_lit(b, s->group);
        wev_form_lit(b, "<UserData>");
        user_data(b, t);
        wev_form_lit(b, "</UserData>");
        wev_form_lit(b, s->line);
        return;
    }
    if (!t->field_count) {
        wev_form_lit(b, s->before);
        wev_form_lit(b, "<EventData");
        close_empty(b, s);
        return;
    }
    wev_form_lit(b, s->group);
    wev_form_lit(b, "<EventData>");
    wev_form_lit(b, s->group_end);
    for (size_t k = 0; t->flat && k < t->field_count; k++) {
        const char quote[2] = {s->quote, 0};
        open_leaf(b, s, "Data Name=");
        wev_form_lit(b, quote);
        wev_form_span(b, t->fields[k].name, WEV_ESCAPE_ATTRIBUTE);
        wev_form_lit(b, quote);
        wev_form_lit(b, ">");
        wev_form_value(b, k, WEV_ESCAPE_TEXT);
        wev_form_lit(b, "</Data>");
        wev_form_lit(b, s->after);
    }
    if (!t->flat) { wev_form_flush(b, (struct wev_piece){.kind = WEV_P_TREE, .quote = s->quote}); }
    wev_form_lit(b, s->close);
    wev_form_lit(b, "</EventData>");
    wev_form_lit(b, s->line);
}

// ---- messages

// %1 to %99 (with an optional !format!), %n line, %t tab, %r CR, %b blank, %0 end, %% and any other
// character itself (FormatMessage's rules).
void wev_form_message(struct wev_form_build *b, enum wev_escape escape)
{
    const struct wev_event_def *d = b->event->def;
    struct wev_span m = d->message;
    for (size_t k = 0; k < m.n; k++) {
        if (m.p[k] != '%' || k + 1 == m.n) {
            wev_form_span(b, (struct wev_span){m.p + k, 1}, escape);
            continue;
        }
        char c = m.p[++k];
        if (c == '0') { return; }
        if (c >= '1' && c <= '9') {
            size_t n = (size_t)(c - '0');
            if (k + 1 < m.n && m.p[k + 1] >= '0' && m.p[k + 1] <= '9') { n = 10 * n + (size_t)(m.p[++k] - '0'); }
            const char *bang = k + 1 < m.n && m.p[k + 1] == '!' ? memchr(m.p + k + 2, '!', m.n - k - 2) : NULL;
            if (bang) { k = (size_t)(bang - m.p); }
            if (n <= d->body->field_count && d->body->flat) { wev_form_piece(b, WEV_P_MESSAGE, (uint16_t)(n - 1), escape); }
            continue;
        }
        switch (c) {
        case 'n': wev_form_lit(b, "\r\n"); break;
        case 't': wev_form_lit(b, "\t"); break;
        case 'r': wev_form_lit(b, "\r"); break;
        case 'b': wev_form_lit(b, " "); break;
        default: wev_form_span(b, (struct wev_span){m.p + k, 1}, escape); break;
        }
    }
}
