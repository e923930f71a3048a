// expat in namespace mode, tag by tag. A DOCTYPE is read, its entities expand within expat's own limits.
#include "adapter.h"

#include <expat.h>
#include <string.h>

static const char *local(const char *name)
{
    const char *mark = strrchr(name, '\n'); // the separator: no name or URI of an accepted document has it
    return mark ? mark + 1 : name;
}

static void XMLCALL open_tag(void *user, const XML_Char *name, const XML_Char **attributes)
{
    (void)user;
    on_open(local(name), attributes);
}

static void XMLCALL close_tag(void *user, const XML_Char *name)
{
    (void)user;
    on_close(local(name));
}

static void XMLCALL text(void *user, const XML_Char *p, int n)
{
    (void)user;
    on_text(p, (size_t)n);
}

bool parse(char *bytes, size_t n)
{
    XML_Parser p = XML_ParserCreateNS(NULL, '\n');
    if (!p) { return false; }
    XML_SetElementHandler(p, open_tag, close_tag);
    XML_SetCharacterDataHandler(p, text);
    bool good = XML_Parse(p, bytes, (int)n, 1) == XML_STATUS_OK;
    XML_ParserFree(p);
    return good;
}
