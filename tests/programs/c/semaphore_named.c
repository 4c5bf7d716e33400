//# cflags: -pthread
/* Named semaphores: one name, one semaphore; a name that has gone keeps whoever has it open; wrong names and flags. */
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "show.h"

static char name[64];

static int value(sem_t *semaphore)
{
	int value = -1;
	sem_getvalue(semaphore, &value);
	return value;
}

int main(void)
{
	char long_name[PATH_MAX + 2];
	snprintf(name, sizeof(name), "/hermit-test-%d", (int) getpid());
	SHOW(sem_open(name, 0) == SEM_FAILED);
	sem_t *first = sem_open(name, O_CREAT, 0600, 3);
	sem_t *second = sem_open(name, 0);
	SHOW(first != SEM_FAILED && first == second);
	SHOW(sem_open(name, O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED);
	SHOW(sem_open(name, O_CREAT, 0600, 9) == first);
	SHOW(sem_wait(second));
	SHOW(value(first));

	SHOW(sem_unlink(name));
	SHOW(sem_unlink(name));
	SHOW(sem_open(name, 0) == SEM_FAILED);
	SHOW(sem_post(first));
	SHOW(value(second));
	sem_t *other = sem_open(name, O_CREAT | O_EXCL, 0600, 7);
	SHOW(other != first);
	SHOW(value(other));
	SHOW(sem_close(other));
	SHOW(sem_unlink(name));
	for (int i = 0; i < 3; ++i)
		SHOW(sem_close(first));

	memset(long_name, 'x', sizeof(long_name));
	long_name[0] = '/';
	long_name[sizeof(long_name) - 1] = '\0';
	SHOW(sem_open(long_name, O_CREAT, 0600, 1) == SEM_FAILED);
	SHOW(sem_unlink(long_name));
	SHOW(sem_open("/a/b", O_CREAT, 0600, 1) == SEM_FAILED);
	SHOW(sem_open("/", O_CREAT, 0600, 1) == SEM_FAILED);
	SHOW(sem_unlink("/hermit-test-never"));
	SHOW(sem_open(name, O_CREAT, 0600, SEM_VALUE_MAX + 1u) == SEM_FAILED);
	return 0;
}
