/* <malloc.h>: memory, beyond <stdlib.h>. */
#ifndef _MALLOC_H
#define _MALLOC_H

#include <stddef.h>
#include <sys/cdefs.h>

/* What is known of the heap, in glibc's words; mimalloc counts in other ones, so that most members are 0. */
struct mallinfo {
	int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
struct mallinfo2 {
	size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};

/* Parameters of mallopt(3). */
#define M_MXFAST           1
#define M_TRIM_THRESHOLD   (-1)
#define M_TOP_PAD          (-2)
#define M_MMAP_THRESHOLD   (-3)
#define M_MMAP_MAX         (-4)
#define M_CHECK_ACTION     (-5)
#define M_PERTURB          (-6)
#define M_ARENA_TEST       (-7)
#define M_ARENA_MAX        (-8)

__BEGIN_DECLS
struct mallinfo mallinfo(void);
struct mallinfo2 mallinfo2(void);
int mallopt(int __parameter, int __value);
int malloc_trim(size_t __pad);
void malloc_stats(void);
void *reallocarray(void *__block, size_t __count, size_t __size);
void *malloc(size_t __size) __attribute__((__malloc__));
void *calloc(size_t __count, size_t __size) __attribute__((__malloc__));
void *realloc(void *__block, size_t __size);
void free(void *__block);
void *memalign(size_t __align, size_t __size) __attribute__((__malloc__));
void *valloc(size_t __size) __attribute__((__malloc__));
void *pvalloc(size_t __size) __attribute__((__malloc__));
size_t malloc_usable_size(const void *__block);
__END_DECLS

#endif
