// A file's tree: comments and indentation change nothing but line numbers, and text is what XML says it is.
#include "schema/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// A tree as one line: (name attr=value 'text' kids).
static void show(const struct wev_elem *e, char *out, size_t cap)
{
    size_t n = strlen(out);
    n += (size_t)snprintf(out + n, cap - n, "(%.*s", (int)e->name.n, e->name.p);
    for (size_t k = 0; k < e->attr_count; k++) {
        n += (size_t)snprintf(out + n, cap - n, " %.*s=[%.*s]", (int)e->attrs[k].name.n, e->attrs[k].name.p, (int)e->attrs[k].value.n, e->attrs[k].value.p);
    }
    if (e->text.n) { snprintf(out + n, cap - n, " '%.*s'", (int)e->text.n, e->text.p); }
    for (const struct wev_elem *k = e->kids; k; k = k->next) { show(k, out, cap); }
    strncat(out, ")", cap - strlen(out) - 1);
}

static void shows(const char *text, const char *want, unsigned last_line)
{
    struct wev_arena arena;
    struct wev_error error = {.code = WEV_OK};
    struct wev_load load = {.arena = &arena, .error = &error};
    struct wev_source source = {"t.xml", {text, strlen(text)}};
    char out[2000] = "";
    assert_true(wev_arena_new(&arena, 1 << 20));
    arena.full = &load.out;
    if (setjmp(load.out)) { fail_msg("%s: %s", text, error.text); }
    const struct wev_elem *e = wev_tree_load(&load, &source);
    show(e, out, sizeof(out));
    assert_string_equal(out, want);
    while (e->kids) {
        for (e = e->kids; e->next; e = e->next) {}
    }
    if (e->line != last_line) { fail_msg("%s: the last element is on line %u, not %u", text, e->line, last_line); }
    wev_arena_free(&arena);
}

static void comments_and_indentation_go(void **state)
{
    (void)state;
    const char *want = "(a(b x=[1](c))(d))";
    shows("<a><b x='1'><c/></b><d/></a>", want, 1);
    shows("<a>\n <b x='1'>\n  <c/>\n </b>\n <d/>\n</a>\n", want, 5);
    shows("<!-- <z> --><a><!-- > ' \" -->\n <b x='1'> <!--\n--> <c></c\t></b>\r\n<d\n/>\n</a><!-- -->", want, 4);
    shows("<?xml version='1.0'?>\n<?pi <x>?><a><b x='1'><?pi '?><c/></b><d/></a>", want, 2);
}

static void text_stays(void **state)
{
    (void)state;
    shows("<a> </a>", "(a ' ')", 1);
    shows("<a> <!-- --> </a>", "(a '  ')", 1);
    shows("<a>\n x > y <!-- z --> w </a>", "(a '\n x > y  w ')", 1);
    shows("<a> <![CDATA[<b> -->]]> </a>", "(a ' <b> --> ')", 1);
    shows("<a> x <b/> y </a>", "(a ' x  y '(b))", 1);
    shows("<a><b>\n</b> <c> 1 </c>\n</a>", "(a(b '\n')(c ' 1 '))", 2);
    shows("<a>&lt;&#65;&gt;</a>", "(a '<A>')", 1);
}

static void values_are_normalised(void **state)
{
    (void)state;
    shows("<a b=\"1\n2\t3\" c='\"/>'><d e='>\r\n&lt;'/></a>", "(a b=[1 2 3] c=[\"/>](d e=[> <]))", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_and_indentation_go), cmocka_unit_test(text_stays), cmocka_unit_test(values_are_normalised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
