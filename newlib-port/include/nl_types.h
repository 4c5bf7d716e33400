/* <nl_types.h>: catalogues of messages, by musl. */
#ifndef _NL_TYPES_H
#define _NL_TYPES_H

#include <sys/cdefs.h>

#define NL_SETD       1
#define NL_CAT_LOCALE 1

typedef int nl_item;
typedef void *nl_catd;

__BEGIN_DECLS
nl_catd catopen(const char *__name, int __flag);
char *catgets(nl_catd __catalogue, int __set, int __message, const char *__otherwise) __attribute__((__format_arg__(4)));
int catclose(nl_catd __catalogue);
__END_DECLS

#endif
