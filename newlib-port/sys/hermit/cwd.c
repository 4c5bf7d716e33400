/* The working directory, and paths made absolute. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hermit_libc.h"

WEAK int chdir(const char *path)
{
	return (int) to_c(sys_chdir(path));
}

WEAK int fchdir(int fd)
{
	return (int) to_c(sys_fchdir(fd));
}

/* With NULL it allocates, as on Linux: size bytes, or as many as the path needs for 0. */
WEAK char *getcwd(char *buffer, size_t size)
{
	char path[PATH_MAX];
	if (buffer != NULL && size == 0) {
		errno = EINVAL;
		return NULL;
	}
	long len = to_c(sys_getcwd(path, sizeof(path)));
	if (len < 0)
		return NULL;
	if (size == 0)
		size = (size_t) len;
	if ((size_t) len > size) {
		errno = ERANGE;
		return NULL;
	}
	if (buffer == NULL && (buffer = malloc(size)) == NULL)
		return NULL;
	return to_c(sys_copy(buffer, path, (size_t) len)) < 0 ? NULL : buffer;
}

WEAK char *getwd(char *buffer)
{
	return getcwd(buffer, PATH_MAX);
}

WEAK char *get_current_dir_name(void)
{
	return getcwd(NULL, 0);
}

/* State of realpath: what is resolved so far, what is still to go. */
struct resolution {
	char done[PATH_MAX];
	size_t done_len;
	char rest[PATH_MAX];
	int links;
};

static void drop_last(struct resolution *r)
{
	while (r->done_len > 0 && r->done[r->done_len - 1] != '/')
		--r->done_len;
	if (r->done_len > 1)
		--r->done_len; /* the slash, unless it is the root */
	r->done[r->done_len] = '\0';
}

/* Puts a link's target in front of the rest. Returns 0 or an error number. */
static int follow(struct resolution *r, size_t parent_len)
{
	char target[PATH_MAX], joined[PATH_MAX];
	long len = sys_readlink(r->done, target, sizeof(target) - 1);
	if (len < 0)
		return (int) -len;
	if (++r->links > SYMLOOP_MAX)
		return ELOOP;
	target[len] = '\0';
	size_t rest_len = strlen(r->rest);
	if ((size_t) len + rest_len >= sizeof(joined))
		return ENAMETOOLONG;
	memcpy(joined, target, (size_t) len);
	memcpy(joined + len, r->rest, rest_len + 1); /* it begins with a slash, unless it is empty */
	memcpy(r->rest, joined, (size_t) len + rest_len + 1);
	r->done_len = target[0] == '/' ? 1 : parent_len;
	r->done[r->done_len] = '\0';
	return 0;
}

/* Takes one component over from the rest. Returns 0 or an error number. */
static int step(struct resolution *r)
{
	struct stat st;
	char *component = r->rest + strspn(r->rest, "/");
	size_t len = strcspn(component, "/");
	size_t parent_len = r->done_len;
	const char *after = component + len;
	int directory_wanted = *after == '/';
	if (len == 2 && component[0] == '.' && component[1] == '.') {
		drop_last(r);
	} else if (len > 0 && !(len == 1 && component[0] == '.')) {
		if (r->done_len + 1 + len >= sizeof(r->done))
			return ENAMETOOLONG;
		if (r->done_len > 1)
			r->done[r->done_len++] = '/';
		memcpy(r->done + r->done_len, component, len);
		r->done_len += len;
		r->done[r->done_len] = '\0';
		memmove(r->rest, after, strlen(after) + 1);
		int error = -sys_lstat(r->done, &st);
		if (error != 0)
			return error;
		if (S_ISLNK(st.st_mode))
			return follow(r, parent_len);
		return directory_wanted && !S_ISDIR(st.st_mode) ? ENOTDIR : 0;
	}
	memmove(r->rest, after, strlen(after) + 1);
	return 0;
}

WEAK char *realpath(const char *restrict path, char *restrict resolved)
{
	struct resolution r = {.done = "/", .done_len = 1};
	if (path == NULL || *path == '\0') {
		errno = path == NULL ? EINVAL : ENOENT;
		return NULL;
	}
	if (strlen(path) >= sizeof(r.rest)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	strcpy(r.rest, path);
	if (*path != '/') {
		long len = to_c(sys_getcwd(r.done, sizeof(r.done)));
		if (len < 0)
			return NULL;
		r.done_len = (size_t) len - 1;
	}
	while (r.rest[0] != '\0') {
		int error = step(&r);
		if (error != 0) {
			errno = error;
			return NULL;
		}
	}
	if (resolved == NULL && (resolved = malloc(r.done_len + 1)) == NULL)
		return NULL;
	return memcpy(resolved, r.done, r.done_len + 1);
}

WEAK char *canonicalize_file_name(const char *path)
{
	return realpath(path, NULL);
}
