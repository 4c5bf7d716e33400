/* <regex.h>: POSIX's regular expressions, by musl's TRE. Numbers and layouts are glibc's. */
#ifndef _REGEX_H_
#define _REGEX_H_

#include <sys/cdefs.h>
#include <sys/types.h>

typedef int regoff_t;

/* As large as glibc's, with re_nsub at the same place. */
typedef struct {
	void *__opaque;
	void *__padding[5];
	size_t re_nsub;             /* number of subexpressions in parentheses */
	void *__end;
} regex_t;

typedef struct {
	regoff_t rm_so;             /* where the match begins, -1: there is none */
	regoff_t rm_eo;             /* behind its last byte */
} regmatch_t;

/* Flags of regcomp(3). */
#define REG_EXTENDED 1
#define REG_ICASE    2
#define REG_NEWLINE  4
#define REG_NOSUB    8

/* Flags of regexec(3). REG_STARTEND is the BSDs': the text is that between the first match's rm_so and rm_eo. */
#define REG_NOTBOL   1
#define REG_NOTEOL   2
#define REG_STARTEND 4

/* What regcomp(3) and regexec(3) return. */
#define REG_ENOSYS   (-1)
#define REG_OK       0
#define REG_NOERROR  0
#define REG_NOMATCH  1
#define REG_BADPAT   2
#define REG_ECOLLATE 3
#define REG_ECTYPE   4
#define REG_EESCAPE  5
#define REG_ESUBREG  6
#define REG_EBRACK   7
#define REG_EPAREN   8
#define REG_EBRACE   9
#define REG_BADBR    10
#define REG_ERANGE   11
#define REG_ESPACE   12
#define REG_BADRPT   13
#define REG_EEND     14
#define REG_ESIZE    15
#define REG_ERPAREN  16

__BEGIN_DECLS
int regcomp(regex_t *__restrict __pattern, const char *__restrict __text, int __flags);
int regexec(const regex_t *__restrict __pattern, const char *__restrict __text, size_t __count,
            regmatch_t __matches[__restrict], int __flags);
size_t regerror(int __error, const regex_t *__restrict __pattern, char *__restrict __buffer, size_t __size);
void regfree(regex_t *__pattern);
__END_DECLS

#endif
