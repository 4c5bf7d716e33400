/* <regex.h>: newlib's regular expressions, with the types that they are made of (POSIX: regoff_t, size_t). */
#ifndef _REGEX_H_
#define _REGEX_H_

#include <sys/cdefs.h>
#include <sys/types.h>

typedef off_t regoff_t;

/* newlib's regcomp fills it in. */
typedef struct {
	int re_magic;
	size_t re_nsub;             /* number of subexpressions in parentheses */
	const char *re_endp;        /* with REG_PEND: where the pattern ends */
	struct re_guts *re_g;
} regex_t;

typedef struct {
	regoff_t rm_so;             /* where the match begins, -1: there is none */
	regoff_t rm_eo;             /* behind its last byte */
} regmatch_t;

/* Flags of regcomp(3). Those from REG_NOSPEC on are the BSDs'. */
#define REG_BASIC    0
#define REG_EXTENDED 1
#define REG_ICASE    2
#define REG_NOSUB    4
#define REG_NEWLINE  010
#define REG_NOSPEC   020
#define REG_PEND     040
#define REG_DUMP     0200

/* What regcomp(3) and regexec(3) return. */
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
#define REG_EMPTY    14
#define REG_ASSERT   15
#define REG_INVARG   16

/* The BSDs' requests to regerror(3). */
#define REG_ATOI     255
#define REG_ITOA     0400

/* Flags of regexec(3). Those from REG_STARTEND on are the BSDs'. */
#define REG_NOTBOL   1
#define REG_NOTEOL   2
#define REG_STARTEND 4
#define REG_TRACE    0400
#define REG_LARGE    01000
#define REG_BACKR    02000

__BEGIN_DECLS
int regcomp(regex_t *__restrict __pattern, const char *__restrict __text, int __flags);
int regexec(const regex_t *__restrict __pattern, const char *__restrict __text, size_t __count,
            regmatch_t __matches[__restrict], int __flags);
size_t regerror(int __error, const regex_t *__restrict __pattern, char *__restrict __buffer, size_t __size);
void regfree(regex_t *__pattern);
__END_DECLS

#endif
