/* mkdir, rename, unlink, rmdir, readdir (sorted), stat, access, chmod. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
	char *names[300];
	int count = 0;
	DIR *dir = opendir(path);
	struct dirent *entry;
	while ((entry = readdir(dir)))
		if (asprintf(&names[count], "%s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : "") > 0)
			count++;
	printf("closedir %d:", closedir(dir));
	qsort(names, count, sizeof *names, compare);
	for (int i = 0; i < count; i++)
		printf(" %s", names[i]);
	puts("");
}

static void touch(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
}

int main(void)
{
	struct stat st;
	umask(022);
	SHOW(mkdir("a", 0755));
	SHOW(mkdir("a/b", 0700));
	SHOW(mkdir("a", 0755));
	touch("a/one", "1");
	touch("a/two", "22");
	list("a");
	printf("rename %d\n", rename("a/one", "a/b/three"));
	printf("over %d\n", rename("a/two", "a/b/three"));
	list("a");
	SHOW(stat("a/b/three", &st));
	SHOW(st.st_size);
	SHOW(st.st_mode);
	printf("chmod %d\n", chmod("a/b/three", 0640));
	stat("a/b/three", &st);
	printf("mode %o links %d\n", st.st_mode, (int)st.st_nlink);
	printf("link %d\n", link("a/b/three", "a/hard"));
	stat("a/b/three", &st);
	printf("links %d\n", (int)st.st_nlink);
	stat("a", &st);
	printf("directory %d\n", S_ISDIR(st.st_mode));
	SHOW(rmdir("a/b"));
	SHOW(unlink("a/b"));
	SHOW(access("a/hard", R_OK | W_OK));
	SHOW(access("a/none", F_OK));
	for (int i = 0; i < 200; i++) {
		char path[32];
		snprintf(path, sizeof path, "a/b/many%03d", i);
		touch(path, "");
	}
	list("a/b");
	DIR *dir = opendir("a/b");
	struct dirent *entry;
	int count = 0;
	while ((entry = readdir(dir)))
		count++;
	rewinddir(dir);
	while ((entry = readdir(dir)))
		count--;
	printf("rewound %d\n", count);
	closedir(dir);
	for (int i = 0; i < 200; i++) {
		char path[32];
		snprintf(path, sizeof path, "a/b/many%03d", i);
		if (unlink(path))
			return 1;
	}
	SHOW(remove("a/b/three"));
	SHOW(rmdir("a/b"));
	SHOW(unlink("a/hard"));
	SHOW(remove("a"));
	SHOW(opendir("a") ? 0 : -1);
	return 0;
}
