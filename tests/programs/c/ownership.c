/* chown, lchown, fchown, fchownat: to the same owner, to nobody in particular (-1), of links, of what is not there; fchmodat of links. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

int main(void)
{
	struct stat before, after;
	int fd = open("file", O_CREAT | O_RDWR, 0640);
	SHOW(fstat(fd, &before));
	SHOW(chown("file", before.st_uid, before.st_gid));
	SHOW(chown("file", (uid_t)-1, (gid_t)-1));
	SHOW(fchown(fd, before.st_uid, (gid_t)-1));
	SHOW(stat("file", &after));
	SHOW(after.st_uid == before.st_uid && after.st_gid == before.st_gid);
	SHOW(symlink("missing", "link"));
	SHOW(chown("link", before.st_uid, before.st_gid));
	SHOW(lchown("link", before.st_uid, before.st_gid));
	SHOW(fchownat(AT_FDCWD, "link", before.st_uid, before.st_gid, AT_SYMLINK_NOFOLLOW));
	SHOW(fchownat(AT_FDCWD, "file", before.st_uid, before.st_gid, 0x40000000));
	SHOW(fchmodat(AT_FDCWD, "file", 0604, AT_SYMLINK_NOFOLLOW));
	SHOW(stat("file", &after));
	SHOW(after.st_mode & 07777);
	SHOW(fchmodat(AT_FDCWD, "link", 0604, AT_SYMLINK_NOFOLLOW)); /* links have no mode of their own */
	SHOW(chown("missing", before.st_uid, before.st_gid));
	SHOW(chown("", 0, 0));
	SHOW(close(fd));
	SHOW(fchown(fd, before.st_uid, before.st_gid));
	SHOW(fchown(-1, before.st_uid, before.st_gid));
	fd = open("file", O_RDWR);
	SHOW(fchown(fd, (uid_t)-1, before.st_gid + 1));
	SHOW(fstat(fd, &after));
	SHOW(after.st_uid - before.st_uid);
	SHOW(after.st_gid - before.st_gid);
	SHOW(close(fd));
	/* Only root may give files away: the isle may what the proxy's user may. */
	SHOW(chown("file", before.st_uid + 1, (gid_t)-1));
	SHOW(stat("file", &after));
	SHOW(after.st_uid - before.st_uid);
	/* To its owner and another group: by name, by descriptor, and the link itself. */
	SHOW(chown("file", before.st_uid, before.st_gid + 2));
	SHOW(stat("file", &after));
	SHOW(after.st_uid - before.st_uid);
	SHOW(after.st_gid - before.st_gid);
	fd = open("file", O_RDWR);
	SHOW(fchown(fd, before.st_uid, before.st_gid + 3));
	SHOW(fstat(fd, &after));
	SHOW(after.st_uid - before.st_uid);
	SHOW(after.st_gid - before.st_gid);
	SHOW(close(fd));
	SHOW(lchown("link", before.st_uid, before.st_gid + 4));
	SHOW(lstat("link", &after));
	SHOW(after.st_uid - before.st_uid);
	SHOW(after.st_gid - before.st_gid);
	return 0;
}
