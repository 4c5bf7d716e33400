/* glibc's questions about the heap, and its knobs, answered by mimalloc. */
#include <malloc.h>
#include <stddef.h>

#include "hermit_libc.h"

/* mimalloc's. */
extern void mi_collect(_Bool force);
extern void mi_stats_print(void *out);
extern void mi_process_info(size_t *elapsed_ms, size_t *user_ms, size_t *system_ms, size_t *current_rss, size_t *peak_rss,
                            size_t *current_commit, size_t *peak_commit, size_t *page_faults);

/* How much there is; mimalloc counts no free blocks, so all of it counts as in use. */
WEAK struct mallinfo2 mallinfo2(void)
{
	size_t unused, used;
	mi_process_info(&unused, &unused, &unused, &unused, &unused, &used, &unused, &unused);
	return (struct mallinfo2){.arena = used, .uordblks = used};
}

WEAK struct mallinfo mallinfo(void)
{
	struct mallinfo2 info = mallinfo2();
	return (struct mallinfo){.arena = (int) info.arena, .uordblks = (int) info.uordblks};
}

/* mimalloc finds these parameters by itself. glibc says 1 to all, too. */
WEAK int mallopt(int parameter, int value)
{
	(void) parameter;
	(void) value;
	return 1;
}

/* Gives back what is free; whether that was anything is not known. */
WEAK int malloc_trim(size_t pad)
{
	(void) pad;
	mi_collect(1);
	return 1;
}

WEAK void malloc_stats(void)
{
	mi_stats_print(NULL);
}
