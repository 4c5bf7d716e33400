/* mkstemp(3) and its kin: names that nobody can guess, nor meets again. newlib's are made of the process's number. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hermit_libc.h"

#define NR_RANDOM 6
#define NR_TRIES  10000 /* as many taken names are no accident */

/* Makes what has this name, which nothing has. Returns a descriptor or 0, or -1 with errno. */
typedef int maker(const char *path, int flags);

static int make_file(const char *path, int flags)
{
	return open(path, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
}

static int make_folder(const char *path, int flags)
{
	(void) flags;
	return mkdir(path, S_IRWXU);
}

static int make_nothing(const char *path, int flags)
{
	struct stat status;
	(void) flags;
	if (lstat(path, &status) == 0) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? 0 : -1;
}

static void choose(char *letters)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	unsigned long number;
	getentropy(&number, sizeof number); /* fails for more than 256 bytes only */
	for (int i = 0; i < NR_RANDOM; i++, number /= sizeof alphabet - 1)
		letters[i] = alphabet[number % (sizeof alphabet - 1)];
}

/* Replaces the XXXXXX before the last `suffix` bytes. */
static int make(char *template, int suffix, int flags, maker *maker)
{
	size_t len = strlen(template);
	char *letters = template + len - suffix - NR_RANDOM;
	if (suffix < 0 || len < (size_t) suffix + NR_RANDOM || strspn(letters, "X") < NR_RANDOM) {
		errno = EINVAL;
		return -1;
	}
	int before = errno;
	for (int i = 0; i < NR_TRIES; i++) {
		choose(letters);
		int result = maker(template, flags);
		if (result >= 0)
			errno = before;
		if (result >= 0 || errno != EEXIST)
			return result;
	}
	return -1;
}

WEAK int mkostemps(char *template, int suffix, int flags)
{
	return make(template, suffix, flags, make_file);
}

WEAK int mkstemps(char *template, int suffix)
{
	return make(template, suffix, 0, make_file);
}

WEAK int mkostemp(char *template, int flags)
{
	return make(template, 0, flags, make_file);
}

WEAK int mkstemp(char *template)
{
	return make(template, 0, 0, make_file);
}

WEAK char *mkdtemp(char *template)
{
	return make(template, 0, 0, make_folder) < 0 ? NULL : template;
}

/* An empty string tells of failure. */
WEAK char *mktemp(char *template)
{
	if (make(template, 0, 0, make_nothing) < 0)
		*template = '\0';
	return template;
}
