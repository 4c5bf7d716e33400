//# cflags: -pthread
//# timeout-s: 240
/* What is opened and closed again and again never runs out: files of the host, directories, pipes, copies of descriptors, streams, temporary
 * files, names of semaphores. More often than a host lets a process have open. */
#include <dirent.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show.h"

enum { OFTEN = 25000, SOME = 3000 };

/* How often of `times` it went well, until it does not. */
static int repeat(int times, int (*once)(void))
{
	int done = 0;
	while (done < times && once() == 0)
		done++;
	return done;
}

static int lowest;

/* Closes; whether it was the lowest number that was free, as always. */
static int end(int fd)
{
	return fd == lowest && close(fd) == 0 ? 0 : -1;
}

static int file(void) { return end(open("file", O_RDONLY)); }
static int file_that_is_not(void) { return open("nothing", O_RDONLY) == -1 ? 0 : -1; }
static int new_file(void) { return end(open("new", O_RDWR | O_CREAT | O_TRUNC, 0600)) | unlink("new"); }
static int copy(void) { return end(dup(0)); }

static int onto(void)
{
	int fd = open("file", O_RDONLY);
	return dup2(0, fd) == fd ? end(fd) : -1;
}

static int directory(void)
{
	DIR *here = opendir(".");
	if (here == NULL || readdir(here) == NULL)
		return -1;
	return closedir(here);
}

static int pipes(void)
{
	int ends[2];
	if (pipe(ends) != 0 || ends[0] != lowest)
		return -1;
	char byte;
	int passed = write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1;
	return close(ends[0]) | close(ends[1]) | (passed ? 0 : -1);
}

static int stream(void)
{
	FILE *file = fopen("file", "r+");
	if (file == NULL || fgetc(file) != 't' || fseek(file, 0, SEEK_END) != 0 || ftell(file) != 4)
		return -1;
	return fclose(file);
}

static int temporary(void)
{
	FILE *file = tmpfile();
	if (file == NULL || fputs("text", file) < 0)
		return -1;
	return fclose(file);
}

static int named(void)
{
	char name[] = "name-XXXXXX";
	int fd = mkstemp(name);
	return end(fd) | unlink(name);
}

static int semaphore(void)
{
	sem_t *semaphore = sem_open("/open-and-close", O_CREAT | O_EXCL, 0600, 1);
	if (semaphore == SEM_FAILED || sem_wait(semaphore) != 0)
		return -1;
	return sem_close(semaphore) | sem_unlink("/open-and-close");
}

static int mapping(void)
{
	int fd = open("file", O_RDONLY);
	char *map = mmap(NULL, 4, PROT_READ, MAP_PRIVATE, fd, 0);
	return end(fd) | (map != MAP_FAILED && map[0] == 't' ? 0 : -1) | munmap(map, 4);
}

int main(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	setvbuf(stdout, NULL, _IOLBF, 0); /* what hangs or crashes is told by what is missing */
	write(fd, "text", 4);
	close(fd);
	lowest = fd;
	SHOW(repeat(OFTEN, file));
	SHOW(repeat(OFTEN, file_that_is_not));
	SHOW(repeat(OFTEN, copy));
	SHOW(repeat(SOME, pipes));
	SHOW(repeat(SOME, new_file));
	SHOW(repeat(SOME, onto));
	SHOW(repeat(SOME, directory));
	SHOW(repeat(SOME, stream));
	SHOW(repeat(SOME, temporary));
	SHOW(repeat(SOME, named));
	SHOW(repeat(SOME, semaphore));
	SHOW(repeat(SOME, mapping));
	SHOW(end(open("file", O_RDONLY)));
	return 0;
}
