/* reach WHAT PATH [WHAT PATH]...: what of the host's files can be reached; prints the error number of each, 0 if it worked. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int opens(const char *path, int flags, int mode)
{
	int fd = open(path, flags, mode);
	return fd < 0 ? -1 : close(fd);
}

/* What is in a file, in one write. */
static int print(const char *path)
{
	char text[65536];
	int fd = open(path, O_RDONLY);
	long len = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (fd >= 0) close(fd);
	return len < 0 ? -1 : (fwrite(text, 1, len, stdout), 0);
}

static int reach(const char *what, const char *path)
{
	if (!strcmp(what, "read")) return opens(path, O_RDONLY, 0);
	if (!strcmp(what, "write")) return opens(path, O_WRONLY, 0);
	if (!strcmp(what, "both")) return opens(path, O_RDWR, 0);
	if (!strcmp(what, "empty")) return opens(path, O_RDONLY | O_TRUNC, 0);
	if (!strcmp(what, "truncate")) return truncate(path, 0);
	if (!strcmp(what, "make")) return opens(path, O_WRONLY | O_CREAT, 0644);
	if (!strcmp(what, "make-setuid")) return opens(path, O_WRONLY | O_CREAT, 04755);
	if (!strcmp(what, "mkdir")) return mkdir(path, 06755);
	if (!strcmp(what, "chmod")) return chmod(path, 0600);
	if (!strcmp(what, "setuid")) return chmod(path, 04755);
	if (!strcmp(what, "setgid")) return chmod(path, 02755);
	if (!strcmp(what, "chown")) return chown(path, 1, 1);
	if (!strcmp(what, "times")) return utimensat(AT_FDCWD, path, 0, 0);
	if (!strcmp(what, "unlink")) return unlink(path);
	if (!strcmp(what, "link")) return link(path, "link");
	if (!strcmp(what, "take")) return rename(path, "taken");
	if (!strcmp(what, "print")) return print(path);
	errno = 999;
	return -1;
}

int main(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) printf("%s %d\n", argv[i], reach(argv[i], argv[i + 1]) < 0 ? errno : 0);
	return 0;
}
