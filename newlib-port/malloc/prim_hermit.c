/* mimalloc's platform layer on the kernel's calls: what src/prim/unix/prim.c is for Linux.
 * The contract of each function is in mimalloc's include/mimalloc/prim.h.
 *
 * In VM isles a mapping takes physical memory at once. So nothing is reserved in advance (arena_reserve 0), segments
 * are 8 MiB instead of 32, and what is purged goes back with MADV_DONTNEED, which keeps the mapping.
 */
#include <errno.h>
#include <hermit/syscall.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "mimalloc.h"
#include "mimalloc/internal.h"
#include "mimalloc/prim.h"

extern char **environ;

void _mi_prim_mem_init(mi_os_mem_config_t *config)
{
	config->page_size = 4096;
	config->alloc_granularity = 4096;
	config->large_page_size = 2 * MI_MiB;
	config->physical_memory_in_kib = (size_t) sys_memory_total() / 1024;
	config->virtual_address_bits = 47;
	config->has_overcommit = false;
	config->has_partial_free = true;
	config->has_virtual_reserve = false;
}

int _mi_prim_free(void *addr, size_t size)
{
	return -sys_munmap(addr, size);
}

int _mi_prim_alloc(void *hint_addr, size_t size, size_t try_alignment, bool commit, bool allow_large, bool *is_large,
                   bool *is_zero, void **addr)
{
	MI_UNUSED(hint_addr);
	MI_UNUSED(allow_large);
	*is_large = false;
	size_t align = try_alignment < 4096 ? 4096 : try_alignment;
	int reads_as_zero = 0;
	int error = -sys_mmap_arena(size, align, commit ? PROT_READ | PROT_WRITE : PROT_NONE, &reads_as_zero, addr);
	*is_zero = reads_as_zero != 0;
	if (error != 0) {
		*addr = NULL;
		errno = ENOMEM; /* what malloc's caller is to see */
	}
	return error;
}

int _mi_prim_commit(void *addr, size_t size, bool *is_zero)
{
	*is_zero = false;
	return -sys_mprotect(addr, size, PROT_READ | PROT_WRITE);
}

int _mi_prim_decommit(void *addr, size_t size, bool *needs_recommit)
{
	*needs_recommit = false;
	return -sys_madvise(addr, size, MADV_DONTNEED);
}

int _mi_prim_reset(void *addr, size_t size)
{
	return -sys_madvise(addr, size, MADV_DONTNEED);
}

int _mi_prim_reuse(void *addr, size_t size)
{
	MI_UNUSED(addr);
	MI_UNUSED(size);
	return 0;
}

int _mi_prim_protect(void *addr, size_t size, bool protect)
{
	return -sys_mprotect(addr, size, protect ? PROT_NONE : PROT_READ | PROT_WRITE);
}

int _mi_prim_alloc_huge_os_pages(void *hint_addr, size_t size, int numa_node, bool *is_zero, void **addr)
{
	MI_UNUSED(hint_addr);
	MI_UNUSED(size);
	MI_UNUSED(numa_node);
	*is_zero = false;
	*addr = NULL;
	return ENOMEM;
}

size_t _mi_prim_numa_node(void)
{
	return 0;
}

size_t _mi_prim_numa_node_count(void)
{
	return 1;
}

mi_msecs_t _mi_prim_clock_now(void)
{
	struct timespec now = {0, 0};
	sys_clock_gettime(CLOCK_MONOTONIC, &now);
	return (mi_msecs_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void _mi_prim_process_info(mi_process_info_t *info)
{
	size_t used = (size_t) (sys_memory_total() - sys_memory_free());
	info->current_rss = info->peak_rss = used;
}

void _mi_prim_out_stderr(const char *text)
{
	sys_write(2, text, strlen(text));
}

static bool names_mimalloc(const char *variable)
{
	static const char prefix[] = "mimalloc_";
	for (size_t i = 0; i < sizeof(prefix) - 1; ++i)
		if ((variable[i] | ('a' - 'A')) != (prefix[i] | ('a' - 'A')))
			return false;
	return true;
}

/* mimalloc asks for some forty options, each in two spellings: one walk tells that none is set, as nearly always. */
bool _mi_prim_getenv(const char *name, char *result, size_t result_size)
{
	static int any = -1;
	size_t len = strlen(name);
	if (any < 0) {
		any = 0;
		for (char **variable = environ; *variable != NULL && !any; ++variable)
			any = names_mimalloc(*variable);
	}
	if (!any)
		return false;
	for (char **variable = environ; *variable != NULL; ++variable) {
		if (_mi_strnicmp(*variable, name, len) != 0 || (*variable)[len] != '=')
			continue;
		const char *value = *variable + len + 1;
		if (strlen(value) >= result_size)
			return false;
		_mi_strlcpy(result, value, result_size);
		return true;
	}
	return false;
}

bool _mi_prim_random_buf(void *buffer, size_t len)
{
	return sys_read_entropy(buffer, len, 0) == (intptr_t) len;
}

/* A thread's heap is given up by __hermit_malloc_thread_done, which the end of every thread calls. */
void _mi_prim_thread_init_auto_done(void)
{
}

void _mi_prim_thread_done_auto_done(void)
{
}

void _mi_prim_thread_associate_default_heap(mi_heap_t *heap)
{
	MI_UNUSED(heap);
}

bool _mi_is_redirected(void)
{
	return false;
}

bool _mi_allocator_init(const char **message)
{
	if (message != NULL)
		*message = NULL;
	return true;
}

void _mi_allocator_done(void)
{
}
