/* <fnmatch.h>: patterns of file names, by musl. Numbers are Linux's. */
#ifndef _FNMATCH_H_
#define _FNMATCH_H_

#include <sys/cdefs.h>

#define FNM_NOMATCH     1
#define FNM_NOSYS       (-1)

#define FNM_PATHNAME    0x01    /* wildcards match no slash */
#define FNM_NOESCAPE    0x02    /* a backslash is an ordinary character */
#define FNM_PERIOD      0x04    /* wildcards match no period at the beginning */
#if __MISC_VISIBLE
#define FNM_FILE_NAME   FNM_PATHNAME
#define FNM_LEADING_DIR 0x08    /* what follows a slash behind the match does not matter */
#define FNM_CASEFOLD    0x10
#endif

__BEGIN_DECLS
int fnmatch(const char *__pattern, const char *__text, int __flags);
__END_DECLS

#endif
