//# output-file: file
//# env: HERMIT_TMPFS=1
/* What each flag of open means, alone and with others, in a folder of the host and in /tmp of the isle. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

#define TOLD (O_ACCMODE | O_APPEND | O_NONBLOCK | O_CREAT | O_EXCL | O_TRUNC)

static long size(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static int mode(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

/* Tells the result and closes. */
static int opens(const char *path, int flags)
{
	int fd = open(path, flags, 0640);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static void created(void)
{
	SHOW(opens("file", O_RDWR));
	SHOW(opens("file", O_RDWR | O_CREAT));
	SHOW(mode("file"));
	SHOW(opens("file", O_RDWR | O_CREAT | O_EXCL));
	SHOW(opens("file", O_RDWR | O_EXCL)); /* means nothing without O_CREAT */
	SHOW(opens("file", O_RDONLY | O_DIRECTORY));
	SHOW(symlink("file", "link"));
	SHOW(symlink("nowhere", "dangling"));
	SHOW(opens("link", O_RDONLY));
	SHOW(opens("link", O_RDONLY | O_NOFOLLOW));
	SHOW(opens("link", O_RDWR | O_CREAT | O_EXCL));
	SHOW(opens("dangling", O_RDWR | O_CREAT | O_EXCL));
	SHOW(size("nowhere"));
	SHOW(opens("dangling", O_RDWR | O_CREAT));
	SHOW(size("nowhere"));
	SHOW(mkdir("folder", 0700));
	SHOW(opens("folder", O_RDONLY));
	SHOW(opens("folder", O_RDWR));
	SHOW(opens("folder", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
	SHOW(opens("folder", O_RDONLY | O_CREAT));
	SHOW(opens("file/", O_RDONLY));
	SHOW(opens("file/below", O_RDWR | O_CREAT));
	SHOW(opens("", O_RDONLY));
}

static void truncated(void)
{
	char text[16] = "";
	int fd = open("file", O_WRONLY);
	SHOW(write(fd, "0123456789", 10));
	SHOW(read(fd, text, 1));
	SHOW(opens("file", O_RDWR | O_CREAT));
	SHOW(size("file"));
	SHOW(opens("file", O_WRONLY | O_TRUNC));
	SHOW(size("file"));
	/* The old descriptor goes on where it was: what is before it is zero. */
	SHOW(write(fd, "a", 1));
	SHOW(size("file"));
	close(fd);
	fd = open("file", O_RDONLY);
	SHOW(read(fd, text, sizeof text));
	SHOW(text[0] | text[9]);
	SHOW(text[10]);
	SHOW(write(fd, "a", 1));
	SHOW(ftruncate(fd, 0));
	close(fd);
	fd = creat("file", 0600);
	SHOW(size("file"));
	SHOW(mode("file")); /* it was there */
	SHOW(fcntl(fd, F_GETFL) & TOLD);
	close(fd);
}

static void appended(void)
{
	char text[32] = "";
	int fd = open("file", O_RDWR | O_APPEND | O_CREAT, 0600), other = open("file", O_RDWR);
	SHOW(fcntl(fd, F_GETFL) & TOLD);
	SHOW(write(fd, "abc", 3));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, text, 1));
	SHOW(lseek(fd, 1, SEEK_SET));
	SHOW(write(fd, "def", 3));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(other, 0, SEEK_END));
	SHOW(write(other, "ghi", 3));
	SHOW(write(fd, "jkl", 3)); /* behind what the other one has written */
	SHOW(lseek(fd, 0, SEEK_CUR));
	/* Switched on and off. */
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW(lseek(fd, 1, SEEK_SET));
	SHOW(write(fd, "X", 1));
	SHOW(fcntl(other, F_SETFL, O_APPEND));
	SHOW(lseek(other, 0, SEEK_SET));
	SHOW(write(other, "end", 3));
	SHOW(fcntl(other, F_GETFL) & TOLD);
	SHOW(pread(fd, text, sizeof text, 0));
	puts(text);
	/* What cannot be changed stays as it is. */
	SHOW(fcntl(other, F_SETFL, O_WRONLY | O_TRUNC | O_EXCL | O_CREAT));
	SHOW(fcntl(other, F_GETFL) & TOLD);
	SHOW(size("file"));
	close(fd);
	close(other);
}

static void closed_on_exec(void)
{
	int fd = open("file", O_RDONLY | O_CLOEXEC), plain = open("file", O_RDONLY), ends[2];
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(plain, F_GETFD));
	SHOW(fcntl(plain, F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(plain, F_GETFD));
	SHOW(fcntl(fd, F_SETFD, 0));
	SHOW(fcntl(fd, F_GETFD));
	close(fd);
	close(plain);
	SHOW(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	SHOW(fcntl(ends[0], F_GETFD) + fcntl(ends[1], F_GETFD));
	SHOW(fcntl(ends[0], F_GETFL) & TOLD);
	SHOW(fcntl(ends[1], F_GETFL) & TOLD);
	close(ends[0]);
	close(ends[1]);
	SHOW(pipe(ends));
	SHOW(fcntl(ends[0], F_GETFD) + fcntl(ends[1], F_GETFD));
	SHOW(fcntl(ends[0], F_GETFL) & TOLD);
	SHOW(fcntl(ends[1], F_GETFL) & TOLD);
	SHOW(fcntl(ends[1], F_SETFL, O_NONBLOCK));
	SHOW(fcntl(ends[0], F_GETFL) & TOLD);
	SHOW(fcntl(ends[1], F_GETFL) & TOLD);
	SHOW(lseek(ends[0], 0, SEEK_CUR));
	SHOW(pread(ends[0], "", 1, 0));
	SHOW(read(ends[1], "", 1));
	SHOW(write(ends[0], "", 1));
	SHOW(pipe2(ends, O_APPEND));
}

static void all(void)
{
	created();
	truncated();
	appended();
	closed_on_exec();
}

int main(void)
{
	char folder[] = "/tmp/open-flags-XXXXXX";
	umask(022);
	all();
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 1;
	puts("in /tmp:");
	all();
	static const char *const left[] = { "file", "link", "dangling", "nowhere" };
	for (unsigned i = 0; i < sizeof left / sizeof *left; i++)
		unlink(left[i]);
	rmdir("folder");
	chdir("/");
	SHOW(rmdir(folder));
	return 0;
}
