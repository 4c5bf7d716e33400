/* ftw and nftw; tables of mounted file systems; amounts of money; catalogues of messages. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <mntent.h>
#include <monetary.h>
#include <nl_types.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

static int meet(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	printf("%s: %d, base %d, level %d, %d\n", path, kind, where->base, where->level, S_ISDIR(st->st_mode));
	return 0;
}

static int stop_at_file(const char *path, const struct stat *st, int kind)
{
	(void) path;
	(void) st;
	return kind == FTW_F ? 7 : 0;
}

int main(void)
{
	char text[100];
	struct mntent *entry, line = {"from", "/to here", "kind", "rw,noatime", 1, 2};
	mkdir("top", 0700);
	mkdir("top/inner", 0700);
	close(open("top/inner/file", O_CREAT | O_WRONLY, 0600));
	symlink("inner/file", "top/inner/nowhere");
	SHOW(nftw("top/inner/nowhere", meet, 5, FTW_PHYS));
	SHOW(nftw("top/inner/nowhere", meet, 5, 0));
	unlink("top/inner/nowhere");
	SHOW(nftw("top", meet, 5, FTW_PHYS | FTW_DEPTH));
	SHOW(nftw("top", meet, 5, 0));
	SHOW(ftw("top", stop_at_file, 5));
	SHOW(ftw("nothing", stop_at_file, 5));
	FILE *table = setmntent("table", "w+");
	SHOW(addmntent(table, &line));
	rewind(table);
	entry = getmntent(table);
	printf("%s %s %s %s %d %d\n", entry->mnt_fsname, entry->mnt_dir, entry->mnt_type, entry->mnt_opts, entry->mnt_freq, entry->mnt_passno);
	printf("%s %d\n", hasmntopt(entry, "noatime"), hasmntopt(entry, "ro") == NULL);
	endmntent(table);
	SHOW(strfmon(text, sizeof(text), "%n|%10.2n|%!i", 12.5, 3.14159, 2.0));
	printf("%s\n", text);
	SHOW(catopen("nothing", 0) == (nl_catd) -1);
	return 0;
}
