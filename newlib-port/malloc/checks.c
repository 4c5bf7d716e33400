/* free() and realloc() with a pointer that malloc never gave, or that was freed before: a message and SIGABRT, as with
 * glibc. mimalloc by itself carries on with broken lists, and the damage shows somewhere else, perhaps in a file.
 *
 * Its own checks (MI_SECURE) cost more than the fast path can bear. These cost a few instructions: the segment's cookie,
 * the count of blocks in use, and a look at the blocks freed last if the first word looks like the link of a free list.
 * Blocks that another thread frees twice are not found.
 */
#include <stdlib.h>

/* How many of the blocks freed last are looked at, as many as glibc's thread cache holds. */
enum { RECENT = 8 };

static mi_decl_noinline mi_decl_cold void fail(const char *what, const void *block) __attribute__((noreturn));
static void fail(const char *what, const void *block)
{
	char number[] = " 0x0000000000000000\n";
	uintptr_t rest = (uintptr_t) block;
	for (char *digit = number + sizeof(number) - 3; rest != 0; rest /= 16)
		*digit-- = "0123456789abcdef"[rest % 16];
	sys_write(2, what, strlen(what));
	sys_write(2, number, sizeof(number) - 1);
	abort();
}

/* The segment of a block; of any other pointer, if it can be read at all, the end. */
static inline mi_segment_t *checked_segment(void *block, const char *what)
{
	mi_segment_t *segment = _mi_ptr_segment(block);
	if mi_unlikely(segment == NULL || (uintptr_t) block % sizeof(void *) != 0 || segment->cookie != _mi_ptr_cookie(segment))
		fail(what, block);
	return segment;
}

static bool is_among_recent(const mi_page_t *page, const mi_block_t *list, const mi_block_t *block)
{
	for (int i = 0; i < RECENT && list != NULL; ++i) {
		if (list == block)
			return true;
		list = mi_block_next(page, list);
	}
	return false;
}

/* The links of free lists are NULL or point into the same page of mimalloc's. */
static inline bool looks_linked(const void *block)
{
	uintptr_t link = *(const uintptr_t *) block;
	return link == 0 || (link ^ (uintptr_t) block) < MI_MiB;
}

static inline bool is_free_already(const mi_page_t *page, const void *block)
{
	if mi_unlikely(page->used == 0)
		return true;
	return mi_unlikely(looks_linked(block)) &&
	       (is_among_recent(page, page->local_free, block) || is_among_recent(page, page->free, block));
}

/* mi_free with checks. */
static void checked_free(void *block)
{
	if mi_unlikely(block == NULL)
		return;
	mi_segment_t *segment = checked_segment(block, "free(): invalid pointer");
	mi_page_t *page = _mi_segment_page_of(segment, block);
	if mi_unlikely(_mi_prim_thread_id() != mi_atomic_load_relaxed(&segment->thread_id)) {
		mi_free_generic_mt(page, segment, block);
		return;
	}
	if mi_unlikely(is_free_already(page, block))
		fail("free(): double free of", block);
	if mi_likely(page->flags.full_aligned == 0)
		mi_free_block_local(page, block, false, true, false);
	else
		mi_free_generic_local(page, segment, block);
}

/* mimalloc's leaves errno alone if the product is too large. */
static void *checked_calloc(size_t count, size_t size)
{
	size_t total;
	if mi_unlikely(mi_count_size_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return mi_zalloc(total);
}

static void *checked_realloc(void *block, size_t size)
{
	if (block != NULL)
		checked_segment(block, "realloc(): invalid pointer");
	return mi_realloc(block, size);
}
