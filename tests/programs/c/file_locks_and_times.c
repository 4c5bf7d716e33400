/* fcntl's descriptor calls and locks; utimensat and futimens; fallocate. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	struct stat st;
	int fd = open("file", O_RDWR | O_CREAT, 0644);
	printf("flags %d", (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
	printf(" append %d", fcntl(fd, F_SETFL, O_APPEND));
	printf(" %d\n", !!(fcntl(fd, F_GETFL) & O_APPEND));
	int high = fcntl(fd, F_DUPFD, 100);
	printf("dupfd %d cloexec %d\n", high, fcntl(high, F_GETFD));
	int closes = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	printf("dupfd_cloexec %d cloexec %d", closes, fcntl(closes, F_GETFD));
	printf(" set %d", fcntl(high, F_SETFD, FD_CLOEXEC));
	printf(" cloexec %d\n", fcntl(high, F_GETFD));
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10 };
	printf("lock %d", fcntl(fd, F_SETLK, &lock));
	lock.l_type = F_UNLCK;
	printf(" unlock %d\n", fcntl(fd, F_SETLK, &lock));
	struct timespec times[2] = { { 1000000000, 123456789 }, { 1234567890, 987654321 } };
	printf("utimensat %d", utimensat(AT_FDCWD, "file", times, 0));
	stat("file", &st);
	printf(" %lld.%09ld %lld.%09ld\n", (long long)st.st_atim.tv_sec, st.st_atim.tv_nsec, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_sec = 7;
	times[1].tv_nsec = 0;
	printf("futimens %d", futimens(fd, times));
	fstat(fd, &st);
	printf(" %lld %lld\n", (long long)st.st_atim.tv_sec, (long long)st.st_mtim.tv_sec);
	printf("allocate %d", posix_fallocate(fd, 0, 5000));
	fstat(fd, &st);
	printf(" %lld\n", (long long)st.st_size);
	return 0;
}
