/* Names of threads: at most 15 bytes, as on Linux. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "thread.h"

int pthread_setname_np(pthread_t id, const char *name)
{
	size_t len = strlen(name);
	if (len >= NAME_BYTES)
		return ERANGE;
	memcpy(thread_of(id)->name, name, len + 1);
	return 0;
}

int pthread_getname_np(pthread_t id, char *name, size_t size)
{
	const char *own = thread_of(id)->name;
	if (size < NAME_BYTES)
		return ERANGE;
	strcpy(name, own);
	return 0;
}
