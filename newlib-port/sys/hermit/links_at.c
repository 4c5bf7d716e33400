/* linkat, symlinkat, readlinkat. The kernel takes whole paths here, so that of the folder is asked for first: a folder that is
 * renamed at that moment is missed. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hermit_libc.h"

/* `path` as seen from the folder `dirfd`: itself, or in the buffer. Returns 0, or a negative error number. */
static int resolve(int dirfd, const char **path, char buffer[PATH_MAX])
{
	char link[32];
	struct stat st;
	if ((*path)[0] == '/' || dirfd == AT_FDCWD)
		return 0;
	int result = sys_fstat(dirfd, &st);
	if (result < 0)
		return result;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if ((*path)[0] == '\0')
		return -ENOENT;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	long len = sys_readlink(link, buffer, PATH_MAX);
	if (len < 0)
		return (int) len;
	size_t rest = strlen(*path);
	if ((size_t) len + 1 + rest >= PATH_MAX)
		return -ENAMETOOLONG;
	buffer[len] = '/';
	memcpy(buffer + len + 1, *path, rest + 1);
	*path = buffer;
	return 0;
}

WEAK ssize_t readlinkat(int dirfd, const char *restrict path, char *restrict buffer, size_t len)
{
	char whole[PATH_MAX];
	int result = resolve(dirfd, &path, whole);
	return to_c(result < 0 ? result : sys_readlink(path, buffer, len));
}

WEAK int symlinkat(const char *target, int dirfd, const char *path)
{
	char whole[PATH_MAX];
	int result = resolve(dirfd, &path, whole);
	return (int) to_c(result < 0 ? result : sys_symlink(target, path));
}

/* What a link leads to, for AT_SYMLINK_FOLLOW, which the kernel's call does not do: one link after the other. */
static int follow(const char **path, char buffer[PATH_MAX])
{
	char target[PATH_MAX];
	for (int links = 0; links < 40; ++links) {
		long len = sys_readlink(*path, target, sizeof(target) - 1);
		if (len < 0)
			return len == -EINVAL ? 0 : (int) len;
		target[len] = '\0';
		const char *slash = strrchr(*path, '/');
		size_t folder = target[0] == '/' || slash == NULL ? 0 : (size_t) (slash + 1 - *path);
		if (folder + (size_t) len >= PATH_MAX)
			return -ENAMETOOLONG;
		memmove(buffer, *path, folder);
		memcpy(buffer + folder, target, (size_t) len + 1);
		*path = buffer;
	}
	return -ELOOP;
}

WEAK int linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
	char whole_from[PATH_MAX], whole_to[PATH_MAX];
	int result = flags & ~AT_SYMLINK_FOLLOW ? -EINVAL : resolve(fromfd, &from, whole_from);
	if (result == 0)
		result = resolve(tofd, &to, whole_to);
	if (result == 0 && (flags & AT_SYMLINK_FOLLOW))
		result = follow(&from, whole_from);
	return (int) to_c(result < 0 ? result : sys_link(from, to));
}
