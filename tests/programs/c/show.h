/* SHOW(call): prints a call as written, its result, and errno if it is negative. One call each: arguments of a function are
 * evaluated in no particular order. */
#include <errno.h>
#include <stdio.h>

#define SHOW(call)                                                                                                     \
	do {                                                                                                           \
		errno = 0;                                                                                             \
		long show_result = (long)(call);                                                                       \
		int show_errno = errno;                                                                                \
		printf("%s = %ld", #call, show_result);                                                                \
		if (show_errno && show_result < 0)                                                                    \
			printf(", errno %d", show_errno);                                                              \
		printf("\n");                                                                                          \
	} while (0)
