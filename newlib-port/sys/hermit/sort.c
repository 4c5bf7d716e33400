/* qsort(3): a merge sort, as glibc has it, so that equal elements keep their order and programs print the same as
 * their Linux builds; without memory for the merge, a heap sort. Replaces newlib's quick sort. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int compare(const void *a, const void *b, void *context);

struct sorting {
	size_t size;
	compare *compare;
	void *context;
	char *spare; /* room for all elements */
};

/* Elements of one machine word, the usual ones, are moved as such. */
static void move(char *to, const char *from, size_t size)
{
	if (size == 8)
		memcpy(to, from, 8);
	else if (size == 4)
		memcpy(to, from, 4);
	else
		memcpy(to, from, size);
}

static void insertion_sort(const struct sorting *s, char *base, size_t count)
{
	for (size_t i = 1; i < count; ++i) {
		size_t j = i;
		while (j > 0 && s->compare(base + (j - 1) * s->size, base + i * s->size, s->context) > 0)
			--j;
		if (j == i)
			continue;
		move(s->spare, base + i * s->size, s->size);
		memmove(base + (j + 1) * s->size, base + j * s->size, (i - j) * s->size);
		move(base + j * s->size, s->spare, s->size);
	}
}

static void merge_sort(const struct sorting *s, char *base, size_t count)
{
	if (count <= 6) {
		insertion_sort(s, base, count);
		return;
	}
	size_t size = s->size, left_count = count / 2;
	char *right = base + left_count * size, *right_end = base + count * size;
	merge_sort(s, base, left_count);
	merge_sort(s, right, count - left_count);
	if (s->compare(right - size, right, s->context) <= 0)
		return;
	memcpy(s->spare, base, left_count * size);
	char *left = s->spare, *left_end = s->spare + left_count * size, *to = base;
	while (left < left_end && right < right_end) {
		int from_right = s->compare(left, right, s->context) > 0;
		move(to, from_right ? right : left, size);
		right += from_right ? size : 0;
		left += from_right ? 0 : size;
		to += size;
	}
	memcpy(to, left, (size_t) (left_end - left));
}

static void swap(char *a, char *b, size_t size)
{
	while (size-- > 0) {
		char other = *a;
		*a++ = *b;
		*b++ = other;
	}
}

static void sift_down(const struct sorting *s, char *base, size_t root, size_t count)
{
	for (size_t child; (child = 2 * root + 1) < count; root = child) {
		if (child + 1 < count && s->compare(base + child * s->size, base + (child + 1) * s->size, s->context) < 0)
			++child;
		if (s->compare(base + root * s->size, base + child * s->size, s->context) >= 0)
			return;
		swap(base + root * s->size, base + child * s->size, s->size);
	}
}

static void heap_sort(const struct sorting *s, char *base, size_t count)
{
	for (size_t root = count / 2; root-- > 0;)
		sift_down(s, base, root, count);
	for (size_t end = count; end-- > 1;) {
		swap(base, base + end * s->size, s->size);
		sift_down(s, base, 0, end);
	}
}

/* GNU's and POSIX.1-2024's argument order. */
void qsort_r(void *base, size_t count, size_t size, compare *comparison, void *context)
{
	char near[1024];
	struct sorting s = {size, comparison, context, near};
	int error = errno;
	size_t total;
	if (count < 2 || size == 0)
		return;
	if (__builtin_mul_overflow(count, size, &total))
		return;
	if (total > sizeof(near))
		s.spare = malloc(total);
	if (s.spare != NULL)
		merge_sort(&s, base, count);
	else
		heap_sort(&s, base, count);
	if (s.spare != near)
		free(s.spare);
	errno = error;
}

/* The comparison takes two arguments: the third, in a register, is ignored by it (System V ABI). */
void qsort(void *base, size_t count, size_t size, int (*comparison)(const void *a, const void *b))
{
	qsort_r(base, count, size, (compare *) (void *) comparison, NULL);
}
