/* mmap(2) and its kin. */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cancel.h"
#include "hermit_libc.h"

#define PAGE_SIZE 4096UL

static int map_anonymous(void *addr, size_t len, int prot, int flags, void **ret)
{
	const int type = flags & MAP_TYPE;
	/* Only the file call takes an address, and checks what is odd. */
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) || (type != MAP_PRIVATE && type != MAP_SHARED))
		return sys_mmap_file(addr, len, (uint32_t) prot, (uint32_t) flags, -1, 0, ret);
	return sys_mmap(len, (uint32_t) prot, ret);
}

WEAK void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *mapped = MAP_FAILED;
	int result;
	if (len == 0 || offset % (off_t) PAGE_SIZE != 0)
		result = -EINVAL;
	else if (len > (size_t) PTRDIFF_MAX)
		result = -ENOMEM;
	else if (flags & MAP_ANONYMOUS)
		result = map_anonymous(addr, len, prot, flags, &mapped);
	else
		result = sys_mmap_file(addr, len, (uint32_t) prot, (uint32_t) flags, fd, offset, &mapped);
	return to_c(result) < 0 ? MAP_FAILED : mapped;
}

WEAK int munmap(void *addr, size_t len)
{
	return (int) to_c(sys_munmap(addr, len));
}

WEAK int mprotect(void *addr, size_t len, int prot)
{
	return (int) to_c(sys_mprotect(addr, len, (uint32_t) prot));
}

WEAK int madvise(void *addr, size_t len, int advice)
{
	return (int) to_c(sys_madvise(addr, len, advice));
}

/* Unlike madvise it never loses contents, and it returns an error number. */
WEAK int posix_madvise(void *addr, size_t len, int advice)
{
	if (advice == POSIX_MADV_DONTNEED)
		return 0;
	return -sys_madvise(addr, len, advice);
}

WEAK int msync(void *addr, size_t len, int flags)
{
	return (int) to_c(CANCELLABLE(sys_msync, addr, len, flags));
}

WEAK void *mremap(void *addr, size_t old_len, size_t new_len, int flags, ...)
{
	void *mapped = MAP_FAILED;
	return to_c(sys_mremap(addr, old_len, new_len, (uint32_t) flags, &mapped)) < 0 ? MAP_FAILED : mapped;
}

/* Nothing is ever paged out: every mapped page is locked already. */
WEAK int mlock(const void *addr, size_t len)
{
	return (int) to_c(sys_check_mapped(addr, len));
}

WEAK int mincore(void *addr, size_t len, unsigned char *resident)
{
	return (int) to_c(sys_mincore(addr, len, resident));
}

int munlock(const void *addr, size_t len) ALIAS(mlock);

WEAK int mlockall(int flags)
{
	const int known = MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT;
	if (flags == 0 || flags & ~known || flags == MCL_ONFAULT)
		return (int) to_c(-EINVAL);
	return 0;
}

WEAK int munlockall(void)
{
	return 0;
}

WEAK int getpagesize(void)
{
	return (int) PAGE_SIZE;
}
