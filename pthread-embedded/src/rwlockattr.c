/* Attributes of read-write locks: the preference in the lowest two bits, SHARED above. */
#include <errno.h>
#include <pthread.h>

enum { KIND = 3, SHARED = 4 };

int pthread_rwlockattr_init(pthread_rwlockattr_t *attributes)
{
	attributes->__align = PTHREAD_RWLOCK_DEFAULT_NP;
	return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attributes)
{
	(void) attributes;
	return 0;
}

/* There is one process: all memory is shared with all there is. */
int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attributes, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	attributes->__align = (attributes->__align & ~SHARED) | (shared ? SHARED : 0);
	return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attributes, int *restrict shared)
{
	*shared = attributes->__align & SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attributes, int kind)
{
	if (kind < PTHREAD_RWLOCK_PREFER_READER_NP || kind > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		return EINVAL;
	attributes->__align = (attributes->__align & ~KIND) | kind;
	return 0;
}

int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *restrict attributes, int *restrict kind)
{
	*kind = (int) attributes->__align & KIND;
	return 0;
}
