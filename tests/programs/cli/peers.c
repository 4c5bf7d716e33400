/* One of two programs that share a file: peers FILE ROLE COUNT. They pass COUNT cache lines to and fro, each with a sum of what is in it.
 * Role 0 makes the file, and says at the end what it has got. */
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 7, BYTES = 4096 };

struct line {
	_Alignas(64) volatile uint64_t turn;
	volatile uint64_t word[WORDS];
};

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 11;
}

static void send(struct line *line, uint64_t turn, uint64_t *state)
{
	uint64_t sum = turn;
	for (int i = 0; i < WORDS - 1; i++)
		sum += line->word[i] = next(state);
	line->word[WORDS - 1] = sum;
	__atomic_store_n(&line->turn, turn, __ATOMIC_RELEASE);
}

static int receive(struct line *line, uint64_t turn)
{
	for (long tries = 0; __atomic_load_n(&line->turn, __ATOMIC_ACQUIRE) != turn; tries++)
		if (tries > 2000)
			sched_yield();
	uint64_t sum = turn;
	for (int i = 0; i < WORDS - 1; i++)
		sum += line->word[i];
	return sum == line->word[WORDS - 1];
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	const int role = atoi(argv[2]);
	const long count = atol(argv[3]);
	int fd = -1;
	if (role == 0) {
		fd = open(argv[1], O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0 || ftruncate(fd, BYTES) != 0)
			return 3;
	}
	/* Not before it is as long as it shall be. */
	for (int tries = 0; role != 0 && tries < 30000 && (fd < 0 || lseek(fd, 0, SEEK_END) < BYTES); tries++) {
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		if (fd < 0)
			fd = open(argv[1], O_RDWR);
	}
	struct line *lines = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (lines == MAP_FAILED)
		return 4;
	close(fd);
	uint64_t state = (uint64_t)role;
	long wrong = 0;
	for (long turn = 1; turn <= count; turn++) {
		if (role == 0)
			send(&lines[0], (uint64_t)turn, &state);
		wrong += !receive(&lines[role == 0], (uint64_t)turn);
		if (role != 0)
			send(&lines[1], (uint64_t)turn, &state);
	}
	if (role == 0)
		printf("%ld lines, %ld wrong\n", count, wrong);
	return wrong != 0;
}
