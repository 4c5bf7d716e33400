/* <search.h>: tables, balanced trees and lists, by musl. */
#ifndef _SEARCH_H_
#define _SEARCH_H_

#include <sys/cdefs.h>
#include <sys/types.h>

typedef struct entry {
	char *key;
	void *data;
} ENTRY;

typedef enum { FIND, ENTER } ACTION;
typedef enum { preorder, postorder, endorder, leaf } VISIT;

#ifndef __compar_fn_t_defined
#define __compar_fn_t_defined
typedef int (*__compar_fn_t)(const void *, const void *);
#endif

#ifdef _COMPILING_NEWLIB
/* newlib's own tables and trees, which the library does not take: replaced/libc.a. */
struct hsearch_data {
	struct internal_head *htable;
	size_t htablesize;
};
#ifdef _SEARCH_PRIVATE
typedef struct node {
	char *key;
	struct node *llink, *rlink;
} node_t;
#endif
#elif __GNU_VISIBLE
struct hsearch_data {
	struct __tab *__tab;
	unsigned int __reserved[2];
};
#endif

#if __GNU_VISIBLE
struct qelem {
	struct qelem *q_forw;
	struct qelem *q_back;
	char q_data[1];
};
typedef void (*__free_fn_t)(void *__node);
typedef void (*__action_fn_t)(const void *__node, VISIT __order, int __level);
#endif

__BEGIN_DECLS
int hcreate(size_t __count);
void hdestroy(void);
ENTRY *hsearch(ENTRY __entry, ACTION __action);
#if __GNU_VISIBLE
int hcreate_r(size_t __count, struct hsearch_data *__table);
void hdestroy_r(struct hsearch_data *__table);
int hsearch_r(ENTRY __entry, ACTION __action, ENTRY **__found, struct hsearch_data *__table);
#endif

void *tdelete(const void *__restrict __key, void **__restrict __root, int (*__compare)(const void *, const void *));
#ifndef _COMPILING_NEWLIB
void *tfind(const void *__key, void *const *__root, int (*__compare)(const void *, const void *));
#endif
void *tsearch(const void *__key, void **__root, int (*__compare)(const void *, const void *));
void twalk(const void *__root, void (*__action)(const void *__node, VISIT __order, int __level));
#if __GNU_VISIBLE
void tdestroy(void *__root, void (*__free)(void *__node));
#endif

void *lfind(const void *__key, const void *__base, size_t *__count, size_t __size,
            int (*__compare)(const void *, const void *));
void *lsearch(const void *__key, void *__base, size_t *__count, size_t __size,
              int (*__compare)(const void *, const void *));

void insque(void *__element, void *__before);
void remque(void *__element);
__END_DECLS

#endif
