/* <glob.h>: names of files by patterns, by musl. Numbers and the layout are glibc's. */
#ifndef _GLOB_H_
#define _GLOB_H_

#include <sys/cdefs.h>
#include <sys/types.h>

typedef struct {
	size_t gl_pathc;        /* how many names */
	char **gl_pathv;        /* the names, behind gl_offs null pointers; a null pointer at the end */
	size_t gl_offs;
	int gl_flags;
	void *__reserved[5];
} glob_t;

#define GLOB_ERR         0x0001 /* stop at a folder that cannot be read */
#define GLOB_MARK        0x0002 /* a slash behind names of folders */
#define GLOB_NOSORT      0x0004
#define GLOB_DOOFFS      0x0008 /* leave gl_offs pointers free */
#define GLOB_NOCHECK     0x0010 /* without a match, the pattern itself */
#define GLOB_APPEND      0x0020 /* add to what is there */
#define GLOB_NOESCAPE    0x0040 /* a backslash is an ordinary character */
#define GLOB_PERIOD      0x0080 /* wildcards match a period at the beginning */
#if __MISC_VISIBLE
#define GLOB_TILDE       0x1000 /* ~ and ~name are homes */
#define GLOB_TILDE_CHECK 0x4000 /* the same; no match if that home is unknown */
#endif

/* What glob(3) returns. */
#define GLOB_NOSPACE     1
#define GLOB_ABORTED     2
#define GLOB_NOMATCH     3
#define GLOB_NOSYS       4

__BEGIN_DECLS
int glob(const char *__restrict __pattern, int __flags, int (*__failed)(const char *__path, int __error),
         glob_t *__restrict __result);
void globfree(glob_t *__result);
__END_DECLS

#endif
