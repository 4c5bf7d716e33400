/* Named semaphores: a list of names inside of the isle, since nobody outside could share them. A semaphore lives as long
 * as it has a name or somebody has it open. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct named {
	sem_t semaphore;   /* first: its address is what programs get */
	struct named *next;
	unsigned opened;   /* how often, less how often closed */
	int has_name;
	char name[];
};

static struct named *all;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* of the list */

static sem_t *failed(int error)
{
	errno = error;
	return SEM_FAILED;
}

/* As in glibc leading slashes do not count; there are no folders. Returns 0 or an error number. */
static int name_of(const char **name)
{
	while (**name == '/')
		++*name;
	if (**name == '\0' || strchr(*name, '/') != NULL)
		return EINVAL;
	return strlen(*name) > NAME_MAX - strlen("sem.") ? ENAMETOOLONG : 0;
}

static struct named **place_of(const char *name)
{
	struct named **place = &all;
	while (*place != NULL && !((*place)->has_name && strcmp((*place)->name, name) == 0))
		place = &(*place)->next;
	return place;
}

/* Takes it out of the list if nobody needs it any more. */
static void settle(struct named **place)
{
	struct named *named = *place;
	if (named->has_name || named->opened > 0)
		return;
	*place = named->next;
	free(named);
}

static sem_t *make(const char *name, unsigned value)
{
	size_t len = strlen(name) + 1;
	struct named *named = malloc(sizeof(*named) + len);
	if (named == NULL)
		return failed(ENOMEM);
	sem_init(&named->semaphore, 1, value);
	named->opened = 1;
	named->has_name = 1;
	memcpy(named->name, name, len);
	named->next = all;
	all = named;
	return &named->semaphore;
}

static sem_t *open_locked(const char *name, int flags, unsigned value)
{
	struct named *named = *place_of(name);
	if (named == NULL)
		return flags & O_CREAT ? make(name, value) : failed(ENOENT);
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return failed(EEXIST);
	++named->opened;
	return &named->semaphore;
}

/* sem_open(name, flags), or with O_CREAT: sem_open(name, flags, mode, value). The mode says nothing: there are no users. */
sem_t *sem_open(const char *name, int flags, ...)
{
	unsigned value = 0;
	if (flags & O_CREAT) {
		va_list arguments;
		va_start(arguments, flags);
		(void) va_arg(arguments, mode_t);
		value = va_arg(arguments, unsigned);
		va_end(arguments);
	}
	int error = name_of(&name);
	if (error == 0 && value > SEM_VALUE_MAX)
		error = EINVAL;
	if (error != 0)
		return failed(error);
	pthread_mutex_lock(&mutex);
	sem_t *semaphore = open_locked(name, flags, value);
	pthread_mutex_unlock(&mutex);
	return semaphore;
}

int sem_close(sem_t *semaphore)
{
	struct named **place = &all;
	int error = EINVAL;
	pthread_mutex_lock(&mutex);
	while (*place != NULL && &(*place)->semaphore != semaphore)
		place = &(*place)->next;
	if (*place != NULL && (*place)->opened > 0) {
		--(*place)->opened;
		settle(place);
		error = 0;
	}
	pthread_mutex_unlock(&mutex);
	return error == 0 ? 0 : (errno = error, -1);
}

int sem_unlink(const char *name)
{
	int error = name_of(&name) == 0 ? 0 : ENOENT; /* nothing has a name that cannot be */
	if (error == 0) {
		pthread_mutex_lock(&mutex);
		struct named **place = place_of(name);
		if (*place != NULL) {
			(*place)->has_name = 0;
			settle(place);
		} else {
			error = ENOENT;
		}
		pthread_mutex_unlock(&mutex);
	}
	return error == 0 ? 0 : (errno = error, -1);
}
