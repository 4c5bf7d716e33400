/* statvfs and statfs tell plausible figures for files, directories, pipes and devices; fchmodat and lchmod keep off links. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "show.h"

static int plausible(const struct statvfs *fs)
{
	return fs->f_bsize >= 512 && fs->f_frsize >= 512 && fs->f_blocks >= fs->f_bfree && fs->f_bfree >= fs->f_bavail &&
	       fs->f_blocks > 0 && fs->f_files >= fs->f_ffree && fs->f_namemax >= 255 && !(fs->f_flag & ST_RDONLY);
}

static void figures(void)
{
	struct statvfs of_path, of_file;
	struct statfs linux_has;
	int fd = open("file", O_CREAT | O_RDWR, 0600), ends[2];
	SHOW(statvfs(".", &of_path));
	printf("plausible: %d\n", plausible(&of_path));
	SHOW(fstatvfs(fd, &of_file));
	printf("the same: %d\n", of_file.f_blocks == of_path.f_blocks && of_file.f_fsid == of_path.f_fsid);
	SHOW(statfs("file", &linux_has));
	printf("the same: %d\n", linux_has.f_blocks == of_path.f_blocks && (unsigned long)linux_has.f_bsize == of_path.f_bsize);
	SHOW(fstatfs(fd, &linux_has));
	SHOW(statvfs("none", &of_path));
	SHOW(statvfs("file/below", &of_path));
	SHOW(fstatvfs(99, &of_file));
	SHOW(statvfs("/dev/null", &of_path));
	printf("longest name: %lu\n", of_path.f_namemax);
	if (pipe(ends) == 0) {
		SHOW(fstatfs(ends[0], &linux_has));
		printf("kind %lx, longest name %ld\n", (unsigned long)linux_has.f_type, (long)linux_has.f_namelen);
	}
	close(fd);
}

static unsigned mode_of(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 ? st.st_mode & 0777 : 0;
}

static void modes(void)
{
	int dirfd;
	mkdir("folder", 0700);
	close(open("folder/inside", O_CREAT | O_WRONLY, 0600));
	SHOW(symlink("inside", "folder/link"));
	dirfd = open("folder", O_RDONLY | O_DIRECTORY);
	SHOW(fchmodat(dirfd, "inside", 0640, 0));
	printf("%o\n", mode_of("folder/inside"));
	SHOW(fchmodat(dirfd, "link", 0604, 0));
	printf("%o\n", mode_of("folder/inside"));
	SHOW(fchmodat(dirfd, "link", 0777, AT_SYMLINK_NOFOLLOW));
	printf("%o\n", mode_of("folder/inside"));
	SHOW(fchmodat(AT_FDCWD, "folder/inside", 0611, AT_SYMLINK_NOFOLLOW));
	printf("%o\n", mode_of("folder/inside"));
	SHOW(fchmodat(AT_FDCWD, "none", 0600, AT_SYMLINK_NOFOLLOW));
	SHOW(fchmodat(AT_FDCWD, "file", 0600, 0x40000000));
	SHOW(lchmod("folder/link", 0600));
	SHOW(lchmod("file", 0400));
	printf("%o\n", mode_of("file"));
}

int main(void)
{
	figures();
	modes();
	return 0;
}
