/* Names of threads: at most 15 bytes, as on Linux. The kernel keeps them, for its reports and for debuggers. */
#include <errno.h>
#include <pthread.h>

#include "thread.h"

enum { NAME_BYTES = 16 };

int pthread_setname_np(pthread_t id, const char *name)
{
	return -sys_set_thread_name(thread_of(id)->tid, name);
}

int pthread_getname_np(pthread_t id, char *name, size_t size)
{
	if (size < NAME_BYTES)
		return ERANGE;
	return -sys_get_thread_name(thread_of(id)->tid, name);
}
