//# cpus: 1 2
//# cflags: -pthread
//# env: HERMIT_TMPFS=1
/* /tmp in memory: files, directories, links, renames, offsets, holes, working directory, as natively. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static char base[64];

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
	char *names[64];
	int count = 0;
	DIR *directory = opendir(path);
	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		if (count < 64 && entry->d_name[0] != '.')
			names[count++] = strdup(entry->d_name);
	qsort(names, count, sizeof names[0], compare);
	printf("%s:", path);
	for (int i = 0; i < count; i++)
		printf(" %s", names[i]);
	printf("\n");
	closedir(directory);
}

static void files(void)
{
	char text[64] = "";
	struct stat st;
	FILE *file = fopen("letter", "w+");
	fprintf(file, "Dear %s,\n", "reader");
	fflush(file);
	rewind(file);
	fgets(text, sizeof text, file);
	printf("read %s", text);
	fclose(file);
	int fd = open("letter", O_RDWR | O_APPEND);
	SHOW(write(fd, "more", 4));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, -4, SEEK_END));
	SHOW(read(fd, text, 10));
	SHOW(lseek(fd, -100, SEEK_SET));
	SHOW(ftruncate(fd, 4));
	SHOW(pread(fd, text, 10, 1));
	SHOW(pwrite(fd, "x", 1, 100)); /* appends, on Linux */
	SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND));
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW(pwrite(fd, "x", 1, 1000000));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(S_ISREG(st.st_mode));
	SHOW(st.st_mode & 07777);
	SHOW(unlink("letter"));
	SHOW(fstat(fd, &st));
	SHOW(st.st_nlink);
	SHOW(pread(fd, text, 10, 500000));
	SHOW(text[0]);
	close(fd);
	SHOW(open("letter", O_RDONLY));
	fd = open("letter", O_RDONLY | O_CREAT | O_EXCL, 0600);
	SHOW(write(fd, "x", 1));
	close(fd);
	SHOW(open("letter", O_RDWR | O_CREAT | O_EXCL, 0600));
	SHOW(open("letter/", O_RDONLY));
	SHOW(open("letter", O_RDONLY | O_DIRECTORY));
	SHOW(open("nowhere/letter", O_RDWR | O_CREAT, 0600));
}

static void names(void)
{
	char text[64] = "";
	struct stat st;
	SHOW(mkdir("dir", 0755));
	SHOW(mkdir("dir", 0755));
	SHOW(mkdir("dir/sub", 0700));
	SHOW(rename("letter", "dir/letter"));
	SHOW(link("dir/letter", "second"));
	SHOW(stat("second", &st));
	SHOW(st.st_nlink);
	SHOW(symlink("dir/letter", "soft"));
	SHOW(readlink("soft", text, sizeof text));
	printf("<%s>\n", text);
	SHOW(lstat("soft", &st));
	SHOW(S_ISLNK(st.st_mode));
	SHOW(stat("soft", &st));
	SHOW(S_ISREG(st.st_mode));
	SHOW(symlink("/dev/null", "nothing"));
	int fd = open("nothing", O_RDWR);
	SHOW(read(fd, text, 10));
	close(fd);
	list(".");
	list("dir");
	SHOW(rmdir("dir"));
	SHOW(unlink("dir"));
	SHOW(rmdir("second"));
	SHOW(rename("dir", "dir/sub/dir"));
	SHOW(rename("dir", "second"));
	SHOW(rename("second", "dir"));
	SHOW(rename("second", "soft"));
	SHOW(rename("dir/sub", "sub"));
	SHOW(chdir("sub"));
	SHOW(access("../soft", R_OK));
	SHOW(access("../soft", X_OK));
	SHOW(chmod("../soft", 0711));
	SHOW(access("../soft", X_OK));
	char *here = getcwd(NULL, 0);
	printf("%s\n", strncmp(here, base, strlen(base)) == 0 ? here + strlen(base) : "?");
	SHOW(chdir(".."));
	struct timespec times[2] = { { 1000, 5 }, { 2000, 6 } };
	SHOW(utimensat(AT_FDCWD, "soft", times, 0));
	SHOW(stat("soft", &st));
	SHOW(st.st_mtim.tv_sec * 10 + st.st_mtim.tv_nsec);
	int directory = open("dir", O_RDONLY | O_DIRECTORY);
	SHOW(faccessat(directory, "letter", F_OK, 0));
	SHOW(unlinkat(directory, "letter", 0));
	SHOW(rename("/proc/version", "version") == -1 && errno == EXDEV); /* nothing that would be missed where it works */
	SHOW(write(directory, "x", 1));
	close(directory);
	SHOW(rmdir("dir"));
	list(".");
}

static void *fill(void *argument)
{
	char name[32], block[10000];
	long id = (long)argument;
	memset(block, 'a' + id, sizeof block);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "t%ld-%d", id, i);
		int fd = open(name, O_RDWR | O_CREAT, 0600);
		for (int k = 0; k < 20; k++)
			write(fd, block, sizeof block);
		if (lseek(fd, 0, SEEK_END) != 200000 || pread(fd, block, sizeof block, 123456) != sizeof block ||
		    block[5] != 'a' + id)
			printf("wrong contents\n");
		close(fd);
		if (i % 2)
			unlink(name);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t ids[4];
	for (long i = 0; i < 4; i++)
		pthread_create(&ids[i], NULL, fill, (void *)i);
	for (long i = 0; i < 4; i++)
		pthread_join(ids[i], NULL);
	list(".");
	int removed = 0;
	DIR *directory = opendir(".");
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) /* while it changes */
		removed += entry->d_name[0] == 't' && unlink(entry->d_name) == 0;
	closedir(directory);
	SHOW(removed);
}

static void mapped(void)
{
	int fd = open("map", O_RDWR | O_CREAT, 0600);
	char text[8] = "";
	SHOW(posix_fallocate(fd, 0, 8192));
	char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	strcpy(map + 5000, "mapped");
	SHOW(munmap(map, 8192));
	SHOW(pread(fd, text, 6, 5000));
	printf("<%s>\n", text);
	close(fd);
	unlink("map");
}

int main(void)
{
	snprintf(base, sizeof base, "/tmp/tmpfs-test-%d", getpid());
#ifdef __hermit__
	DIR *root = opendir("/tmp");
	for (struct dirent *entry; (entry = readdir(root)) != NULL;)
		if (entry->d_name[0] != '.')
			printf("/tmp is not empty: %s\n", entry->d_name);
	closedir(root);
#endif
	SHOW(mkdir(base, 0755));
	SHOW(chdir(base));
	files();
	names();
	threads();
	mapped();
	SHOW(unlink("soft"));
	SHOW(unlink("nothing"));
	SHOW(rmdir("sub"));
	FILE *anonymous = tmpfile();
	SHOW(fputs("x", anonymous) >= 0);
	fclose(anonymous);
	SHOW(chdir("/"));
	SHOW(rmdir(base));
	SHOW(access(base, F_OK));
	return 0;
}
