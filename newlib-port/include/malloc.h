/* <malloc.h>: memory, beyond <stdlib.h>. */
#ifndef _MALLOC_H
#define _MALLOC_H

#include <stddef.h>
#include <sys/cdefs.h>

__BEGIN_DECLS
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
