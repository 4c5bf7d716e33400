/* From one descriptor to another: sendfile, copy_file_range. */
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hermit_libc.h"

#define PIECE_BYTES 65536

static long read_at(int fd, void *buffer, size_t len, const off_t *offset)
{
	return offset != NULL ? sys_pread(fd, buffer, len, *offset) : sys_read(fd, buffer, len);
}

static long write_at(int fd, const void *buffer, size_t len, const off_t *offset)
{
	return offset != NULL ? sys_pwrite(fd, buffer, len, *offset) : __hermit_written(sys_write(fd, buffer, len));
}

/* Copies until the end, an error, or a write that takes less than it is given; where no offset is given, at the descriptor's own,
 * which is behind what was copied in the end. */
static long copy(int from, off_t *from_offset, int to, off_t *to_offset, size_t len)
{
	char piece[PIECE_BYTES];
	size_t done = 0;
	while (done < len) {
		size_t wanted = len - done < sizeof(piece) ? len - done : sizeof(piece);
		long got = read_at(from, piece, wanted, from_offset);
		if (got <= 0)
			return done > 0 ? (long) done : got;
		long put = write_at(to, piece, (size_t) got, to_offset);
		long taken = put > 0 ? put : 0;
		if (from_offset != NULL)
			*from_offset += taken;
		else if (taken < got)
			sys_lseek(from, taken - got, SEEK_CUR);
		if (to_offset != NULL)
			*to_offset += taken;
		done += (size_t) taken;
		if (put < got)
			return done > 0 || put >= 0 ? (long) done : put;
	}
	return (long) done;
}

WEAK ssize_t sendfile(int to, int from, off_t *offset, size_t len)
{
	struct stat st;
	int result = sys_fstat(from, &st);
	if (result == 0 && !S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		result = -EINVAL;
	return to_c(result < 0 ? result : copy(from, offset, to, NULL, len));
}

WEAK ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t len, unsigned flags)
{
	struct stat source, target;
	int result = sys_fstat(from, &source);
	if (result == 0)
		result = sys_fstat(to, &target);
	if (result == 0 && (S_ISDIR(source.st_mode) || S_ISDIR(target.st_mode)))
		result = -EISDIR;
	if (result == 0 && (flags != 0 || !S_ISREG(source.st_mode) || !S_ISREG(target.st_mode)))
		result = -EINVAL;
	if (result == 0 && (sys_fcntl(to, F_GETFL, 0) & O_APPEND))
		result = -EBADF;
	return to_c(result < 0 ? result : copy(from, from_offset, to, to_offset, len));
}

/* Linux's: space for a file. The kernel has the plain way only, which makes the file longer. */
WEAK int fallocate(int fd, int mode, off_t offset, off_t len)
{
	return (int) to_c(mode != 0 ? -EOPNOTSUPP : sys_fallocate(fd, offset, len));
}

/* The host's file system keeps what it is given; what the isle holds back of this file is written. */
WEAK int syncfs(int fd)
{
	return (int) to_c(sys_fsync(fd));
}
