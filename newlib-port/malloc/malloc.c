/* malloc and its kin: mimalloc 2 in one object, on prim_hermit.c, and the names that C programs know.
 *
 * The names are weak: a program that brings an allocator of its own replaces them all, also for newlib, whose
 * internal calls (reent_malloc.c) go through the same names.
 */
#define MI_STAT 0
#define MI_SEGMENT_SHIFT (23) /* 8 MiB: blocks up to 4 MiB come from segments, larger ones from the kernel */
#define MI_DEFAULT_ARENA_RESERVE 0
#define MI_DEFAULT_ALLOW_THP 0
#define MI_PRIM_HAS_PROCESS_ATTACH 1
#define MI_PRIM_HAS_ALLOCATOR_INIT 1

#include "alloc.c"
#include "alloc-aligned.c"
#include "alloc-posix.c"
#include "arena.c"
#include "bitmap.c"
#include "heap.c"
#include "init.c"
#include "libc.c"
#include "options.c"
#include "os.c"
#include "page.c"
#include "random.c"
#include "segment.c"
#include "segment-map.c"
#include "stats.c"
#include "prim_hermit.c"
#include "checks.c"

/* Whatever went wrong, errno says ENOMEM: malloc(3). */
static void set_errno(int error, void *arg)
{
	MI_UNUSED(arg);
	if (error == ENOMEM || error == EOVERFLOW)
		errno = ENOMEM;
}

/* Before all constructors of the program. There is no counterpart at exit: the isle ends with its memory. */
__attribute__((constructor(101))) static void start(void)
{
	mi_register_error(set_errno, NULL);
	_mi_auto_process_init();
}

/* The end of a thread: its blocks stay valid, its heap goes to whoever needs one. */
void __hermit_malloc_thread_done(void)
{
	mi_thread_done();
}

#define IS(function) __attribute__((weak, alias(#function)))
void *malloc(size_t size) IS(mi_malloc);
void *calloc(size_t count, size_t size) IS(checked_calloc);
void *realloc(void *block, size_t size) IS(checked_realloc);
void free(void *block) IS(checked_free);
void cfree(void *block) IS(checked_free);
void *reallocf(void *block, size_t size) IS(mi_reallocf);
void *memalign(size_t align, size_t size) IS(mi_memalign);
void *valloc(size_t size) IS(mi_valloc);
void *pvalloc(size_t size) IS(mi_pvalloc);
int posix_memalign(void **block, size_t align, size_t size) IS(mi_posix_memalign);
size_t malloc_usable_size(const void *block) IS(mi_usable_size);

/* glibc takes any size here, and so does C17. */
void *aligned_alloc(size_t align, size_t size) IS(mi_memalign);

__attribute__((weak)) void *reallocarray(void *block, size_t count, size_t size)
{
	size_t total;
	if mi_unlikely(mi_count_size_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return checked_realloc(block, total);
}
