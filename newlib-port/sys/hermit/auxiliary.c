/* What the kernel tells of the machine behind the environment: getauxval(3). */
#include <errno.h>
#include <stddef.h>
#include <sys/auxv.h>

#include "hermit_libc.h"

/* Set by runtime_entry: numbers and values in turn. */
unsigned long *__hermit_auxiliary_vector;

WEAK unsigned long getauxval(unsigned long type)
{
	const unsigned long *entry = __hermit_auxiliary_vector;
	for (; entry != NULL && entry[0] != AT_NULL; entry += 2)
		if (entry[0] == type)
			return entry[1];
	errno = ENOENT;
	return 0;
}
