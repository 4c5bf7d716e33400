/* Functions of stdio that newlib has under other names only. */
#include <stdio.h>
#include <sys/lock.h>
#include <sys/types.h>

#include "hermit_libc.h"

WEAK ssize_t getdelim(char **restrict line, size_t *restrict room, int delimiter, FILE *restrict file)
{
	return __getdelim(line, room, delimiter, file);
}

WEAK ssize_t getline(char **restrict line, size_t *restrict room, FILE *restrict file)
{
	return __getdelim(line, room, '\n', file);
}

/* A stream's lock, for who makes several calls one operation: POSIX. newlib's own calls take the same. */
WEAK void flockfile(FILE *file)
{
	__lock_acquire_recursive(file->_lock);
}

/* 0: it has it. */
WEAK int ftrylockfile(FILE *file)
{
	return __lock_try_acquire_recursive(file->_lock);
}

WEAK void funlockfile(FILE *file)
{
	__lock_release_recursive(file->_lock);
}
