/* What MPI is used for, checked by each rank; rank 0 says what it has seen. `ranks die SIGNAL|abort|exit|tell`: rank 1
 * ends, or says who it is and waits to be ended; the others wait for it. */
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 4 << 20 };

static int rank, size;
static long wrong;

static unsigned char byte_of(int sender, int bytes, int at)
{
	return (unsigned char)(at * 7 + at / 251 + sender * 31 + bytes);
}

static void fill(unsigned char *to, int sender, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = byte_of(sender, bytes, i);
}

static long differ(const unsigned char *got, int sender, int bytes)
{
	long count = 0;
	for (int i = 0; i < bytes; i++)
		count += got[i] != byte_of(sender, bytes, i);
	return count;
}

/* Everybody to the next one and from the one before, in all sizes: cells, and what takes many of them. */
static void ring(void)
{
	unsigned char *out = malloc(MOST_BYTES), *in = malloc(MOST_BYTES);
	const int to = (rank + 1) % size, from = (rank + size - 1) % size;
	int rounds = 0;
	for (int bytes = 0; bytes <= MOST_BYTES; bytes = bytes ? bytes * 2 + bytes % 3 : 1, rounds++) {
		MPI_Status status;
		int count;
		fill(out, rank, bytes);
		MPI_Sendrecv(out, bytes, MPI_BYTE, to, bytes % 1000, in, MOST_BYTES, MPI_BYTE, from, bytes % 1000, MPI_COMM_WORLD, &status);
		MPI_Get_count(&status, MPI_BYTE, &count);
		wrong += count != bytes || status.MPI_SOURCE != from || differ(in, from, bytes);
	}
	if (rank == 0)
		printf("ring: %d sizes\n", rounds);
	free(out);
	free(in);
}

/* Messages that wait, in the order in which they were sent, and by tags out of it. */
static void order(void)
{
	enum { COUNT = 200 };
	int out[COUNT], in[COUNT];
	MPI_Request requests[COUNT];
	if (rank == 0) {
		for (int peer = 1; peer < size; peer++)
			for (int i = 0; i < COUNT; i++)
				out[i] = i * size + peer, MPI_Send(&out[i], 1, MPI_INT, peer, i % 2, MPI_COMM_WORLD);
		return;
	}
	/* First all the odd ones. */
	for (int tag = 1; tag >= 0; tag--)
		for (int i = tag; i < COUNT; i += 2)
			MPI_Irecv(&in[i], 1, MPI_INT, 0, tag, MPI_COMM_WORLD, &requests[i]);
	MPI_Waitall(COUNT, requests, MPI_STATUSES_IGNORE);
	for (int i = 0; i < COUNT; i++)
		wrong += in[i] != i * size + rank;
}

static void together(void)
{
	enum { COUNT = 1000 };
	static double mine[COUNT], sum[COUNT];
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < COUNT; i++)
			mine[i] = rank + i + round;
		MPI_Allreduce(mine, sum, COUNT, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
		for (int i = 0; i < COUNT; i++)
			wrong += sum[i] != size * (size - 1) / 2 + (double)size * (i + round);
		int root = round % size, told = rank == root ? round * 3 : -1;
		MPI_Bcast(&told, 1, MPI_INT, root, MPI_COMM_WORLD);
		wrong += told != round * 3;
		MPI_Barrier(MPI_COMM_WORLD);
	}
	int *all = calloc((size_t)size * size, sizeof *all), *to = calloc((size_t)size, sizeof *to), *from = calloc((size_t)size, sizeof *from);
	MPI_Allgather(&rank, 1, MPI_INT, all, 1, MPI_INT, MPI_COMM_WORLD);
	for (int i = 0; i < size; i++) {
		wrong += all[i] != i;
		to[i] = rank * 100 + i;
	}
	MPI_Alltoall(to, 1, MPI_INT, from, 1, MPI_INT, MPI_COMM_WORLD);
	for (int i = 0; i < size; i++)
		wrong += from[i] != i * 100 + rank;
	MPI_Comm halves;
	int members, halves_rank;
	MPI_Comm_split(MPI_COMM_WORLD, rank % 2, -rank, &halves);
	MPI_Comm_size(halves, &members);
	MPI_Comm_rank(halves, &halves_rank);
	wrong += members != (size + (rank % 2 == 0)) / 2;
	MPI_Comm_free(&halves);
	if (rank == 0)
		printf("together: done\n");
}

/* One-sided, in memory that the ranks of a host share. */
static void windows(void)
{
	long *mine, *next;
	MPI_Win window;
	MPI_Comm host;
	int nr_here;
	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &host);
	MPI_Comm_size(host, &nr_here);
	MPI_Win_allocate_shared(4096, sizeof(long), MPI_INFO_NULL, host, &mine, &window);
	MPI_Aint bytes;
	int unit;
	MPI_Win_shared_query(window, (rank + 1) % size, &bytes, &unit, &next);
	mine[0] = mine[1] = 0;
	MPI_Win_fence(0, window);
	next[0] = 1000 + rank;
	long one = 1;
	MPI_Accumulate(&one, 1, MPI_LONG, 0, 1, 1, MPI_LONG, MPI_SUM, window);
	MPI_Win_fence(0, window);
	wrong += mine[0] != 1000 + (rank + size - 1) % size;
	if (rank == 0)
		printf("windows: %d ranks share memory, sum %ld\n", nr_here, mine[1]);
	MPI_Win_free(&window);
	MPI_Comm_free(&host);
}

static int die(const char *how)
{
	MPI_Barrier(MPI_COMM_WORLD);
	if (rank == 1) {
		if (strcmp(how, "abort") == 0)
			MPI_Abort(MPI_COMM_WORLD, 7);
		if (strcmp(how, "exit") == 0)
			exit(5);
		if (strcmp(how, "tell") != 0)
			raise(atoi(how));
		FILE *told = fopen("pid", "w");
		fprintf(told, "%d\n", (int)getpid());
		fclose(told);
		for (;;)
			pause();
	}
	MPI_Barrier(MPI_COMM_WORLD);
	return 0;
}

int main(int argc, char **argv)
{
	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (argc > 2)
		return die(argv[2]);
	if (rank == 0)
		printf("%d ranks, MPI %d.%d\n", size, MPI_VERSION, MPI_SUBVERSION);
	ring();
	order();
	together();
	windows();
	long all_wrong;
	MPI_Reduce(&wrong, &all_wrong, 1, MPI_LONG, MPI_SUM, 0, MPI_COMM_WORLD);
	if (rank == 0)
		printf("%ld wrong\n", all_wrong);
	MPI_Finalize();
	return wrong != 0;
}
