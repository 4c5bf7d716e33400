/* Directories: <dirent.h> on getdents64(2). readdir needs no lock of its own in POSIX.1-2024; one thread per stream. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hermit_libc.h"

struct __dirstream {
	int fd;
	long len_bytes;       /* filled part of entries */
	long next_bytes;      /* offset of the next entry in it */
	long offset;          /* telldir: what lies before the next entry */
	char entries[16384] __attribute__((aligned(8)));
};

static DIR *stream_of(int fd)
{
	DIR *dir = malloc(sizeof(*dir));
	if (dir == NULL)
		return NULL;
	dir->fd = fd;
	dir->len_bytes = dir->next_bytes = dir->offset = 0;
	return dir;
}

WEAK DIR *opendir(const char *path)
{
	int fd = (int) to_c(sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK, 0));
	if (fd < 0)
		return NULL;
	DIR *dir = stream_of(fd);
	if (dir == NULL)
		sys_close(fd);
	return dir;
}

WEAK DIR *fdopendir(int fd)
{
	struct stat st;
	if (to_c(sys_fstat(fd, &st)) < 0)
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	return stream_of(fd);
}

WEAK int closedir(DIR *dir)
{
	int fd = dir->fd;
	free(dir);
	return (int) to_c(sys_close(fd));
}

WEAK int dirfd(DIR *dir)
{
	return dir->fd;
}

WEAK struct dirent *readdir(DIR *dir)
{
	if (dir->next_bytes >= dir->len_bytes) {
		long got = sys_getdents64(dir->fd, dir->entries, sizeof(dir->entries));
		/* A directory that was removed has ended (glibc does the same). */
		if (got < 0 && got != -ENOENT)
			errno = (int) -got;
		if (got <= 0)
			return NULL;
		dir->len_bytes = got;
		dir->next_bytes = 0;
	}
	struct dirent *entry = (struct dirent *) (void *) &dir->entries[dir->next_bytes];
	dir->next_bytes += entry->d_reclen;
	dir->offset = entry->d_off;
	return entry;
}

WEAK int readdir_r(DIR *restrict dir, struct dirent *restrict entry, struct dirent **restrict result)
{
	int before = errno;
	errno = 0;
	struct dirent *found = readdir(dir);
	int error = errno;
	errno = before;
	*result = NULL;
	if (found == NULL)
		return error;
	memcpy(entry, found, found->d_reclen);
	*result = entry;
	return 0;
}

WEAK void seekdir(DIR *dir, long offset)
{
	sys_lseek(dir->fd, offset, SEEK_SET);
	dir->offset = offset;
	dir->len_bytes = dir->next_bytes = 0;
}

WEAK void rewinddir(DIR *dir)
{
	seekdir(dir, 0);
}

WEAK long telldir(DIR *dir)
{
	return dir->offset;
}

static void free_list(struct dirent **list, size_t count)
{
	while (count > 0)
		free(list[--count]);
	free(list);
}

/* Reads all entries that the filter lets through. Returns their number, or -1 with everything freed. */
static long collect(DIR *dir, struct dirent ***result, int (*filter)(const struct dirent *))
{
	struct dirent **list = NULL, *entry;
	size_t count = 0, room = 0;
	errno = 0;
	while ((entry = readdir(dir)) != NULL) {
		if (filter != NULL && !filter(entry))
			continue;
		if (count == room) {
			room = room ? 2 * room : 32;
			struct dirent **grown = realloc(list, room * sizeof(*list));
			if (grown == NULL)
				break;
			list = grown;
		}
		if ((list[count] = malloc(entry->d_reclen)) == NULL)
			break;
		memcpy(list[count++], entry, entry->d_reclen);
		errno = 0; /* what the filter left there is no error of ours */
	}
	if (errno != 0) {
		int error = errno;
		free_list(list, count);
		errno = error;
		return -1;
	}
	*result = list;
	return (long) count;
}

WEAK int scandir(const char *path, struct dirent ***result, int (*filter)(const struct dirent *),
                 int (*compare)(const struct dirent **, const struct dirent **))
{
	int before = errno;
	DIR *dir = opendir(path);
	if (dir == NULL)
		return -1;
	long count = collect(dir, result, filter);
	int error = errno;
	closedir(dir);
	errno = count < 0 ? error : before;
	if (count > 0 && compare != NULL)
		qsort(*result, (size_t) count, sizeof(**result), (int (*)(const void *, const void *)) compare);
	return (int) count;
}

WEAK int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

WEAK int versionsort(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}
