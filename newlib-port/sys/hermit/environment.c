/* The environment: getenv(3), setenv(3) and kin. Replaces newlib's, whose putenv copies and whose names may be empty.
 *
 * Strings that were replaced stay where they are: a program may hold what getenv gave it (glibc does the same).
 */
#include <errno.h>
#include <reent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <unistd.h>

#include "hermit_libc.h"

static char *nothing[] = {NULL};
char **environ = nothing;

static _LOCK_RECURSIVE_T lock;
static char **ours; /* the array, if we made it; environ may point elsewhere at any time */
static size_t room;

/* Index of `name` (of len bytes), or of the terminating NULL. */
static size_t find(const char *name, size_t len)
{
	size_t i = 0;
	while (environ[i] != NULL && (strncmp(environ[i], name, len) != 0 || environ[i][len] != '='))
		++i;
	return i;
}

char *getenv(const char *name)
{
	size_t len = strlen(name);
	if (environ == NULL || len == 0)
		return NULL;
	__lock_acquire_recursive(lock);
	char *found = environ[find(name, len)];
	__lock_release_recursive(lock);
	return found != NULL ? found + len + 1 : NULL;
}

char *_getenv_r(struct _reent *reent, const char *name)
{
	(void) reent;
	return getenv(name);
}

char *secure_getenv(const char *name)
{
	return getenv(name);
}

/* Puts `variable` ("NAME=value") at index i, which may be the end. */
static int place(size_t i, char *variable)
{
	if (environ[i] == NULL) {
		if (environ != ours || i + 2 > room) {
			size_t wanted = 2 * i + 16;
			char **grown = malloc(wanted * sizeof(*grown));
			if (grown == NULL)
				return -1;
			memcpy(grown, environ, i * sizeof(*grown));
			free(ours);
			environ = ours = grown;
			room = wanted;
		}
		environ[i + 1] = NULL;
	}
	environ[i] = variable;
	return 0;
}

static int valid(const char *name)
{
	if (name != NULL && *name != '\0' && strchr(name, '=') == NULL)
		return 1;
	errno = EINVAL;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	if (!valid(name))
		return -1;
	size_t name_len = strlen(name), value_len = strlen(value);
	if (environ == NULL)
		environ = nothing;
	__lock_acquire_recursive(lock);
	size_t i = find(name, name_len);
	int result = 0;
	if (overwrite || environ[i] == NULL) {
		char *variable = malloc(name_len + value_len + 2);
		if (variable != NULL) {
			memcpy(variable, name, name_len);
			variable[name_len] = '=';
			memcpy(variable + name_len + 1, value, value_len + 1);
		}
		result = variable != NULL ? place(i, variable) : -1;
		if (result < 0)
			free(variable);
	}
	__lock_release_recursive(lock);
	return result;
}

int unsetenv(const char *name)
{
	if (!valid(name))
		return -1;
	size_t len = strlen(name);
	__lock_acquire_recursive(lock);
	for (size_t i; environ != NULL && environ[i = find(name, len)] != NULL;)
		do
			environ[i] = environ[i + 1];
		while (environ[i++] != NULL);
	__lock_release_recursive(lock);
	return 0;
}

/* The string itself becomes part of the environment: POSIX. Without '=' it removes, as in glibc. */
int putenv(char *variable)
{
	const char *end = strchr(variable, '=');
	if (end == NULL)
		return unsetenv(variable);
	if (environ == NULL)
		environ = nothing;
	__lock_acquire_recursive(lock);
	int result = place(find(variable, (size_t) (end - variable)), variable);
	__lock_release_recursive(lock);
	return result;
}

int clearenv(void)
{
	environ = nothing;
	return 0;
}
