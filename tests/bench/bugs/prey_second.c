// Bugs that were planted after the mutator had been measured on the first set, and before anything of it was changed. 42 to 53.
#include "tests/bench/bugs/prey.h"

#include <string.h>

void prey_second_value(const struct event *ev, const char *name, const char *s, size_t n)
{
    unsigned control = 0, same = 0;
    for (size_t k = 0; k < n; k++) { control |= (unsigned char)s[k] < 9; }
    for (unsigned k = 0; k < ev->fields; k++) { same += name[0] && !strcmp(ev->field[k].name, name); }
    BUG(42, control && strstr(name, "Domain"));                      // escaped for a log line: six bytes for one
    BUG(43, n > 0 && (unsigned char)s[n - 1] >= 0xc0);               // the rest of the character is read from behind
    BUG(44, n > 0 && s[n - 1] == '\\');                              // escapes the quote that closes it
    BUG(45, n > 1 && s[n - 1] == '%' && s[n - 2] == '%');            // the id is read from behind
    BUG(46, same > 2);                                               // a pair is what there is room for
    // a key's buffer before there is a subject
    BUG(47, !strcmp(name, "SubjectUserSid") && ev->fields > 1 && prey_field(ev, "KeyName") && prey_field(ev, "KeyName")->n > 64);
}

void prey_second_event(const struct event *ev)
{
    const struct field *code = prey_field(ev, "ReturnCode"), *sid = prey_field(ev, "SubjectUserSid"),
        *domain = prey_field(ev, "SubjectDomainName"), *type = prey_field(ev, "KeyType"),
                       *op = prey_field(ev, "Operation"), *time = prey_field(ev, "ClientCreationTime");
    uint64_t t = 0;
    bool failed = code && code->n > 2 && strcmp(code->value, "0x0") != 0;
    // the machine's account, not looked up
    BUG(48, failed && sid && domain && !strcmp(sid->value, "S-1-5-18") && strcmp(domain->value, "NT AUTHORITY") != 0);
    // fields shifted by one
    BUG(49, type && op && !strncmp(type->value, "%%246", 5) && !strncmp(op->value, "%%2499", 6));
    // an age below nothing, within an hour
    BUG(50, time && !prey_time(time->value, time->n, &t) && t > ev->time && t - ev->time < 36000000000u);
}

void prey_second_bytes(const char *p, size_t n)
{
    BUG(51, n > 3 && p[n - 1] == '#' && p[n - 2] == '&'); // the document ends inside a reference
}
