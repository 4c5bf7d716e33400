/* The CPU's caches, for sysconf(3). */
#include <cpuid.h>
#include <unistd.h>

/* A cache as CPUID tells it. */
struct cache {
	long size, ways, line;
};

/* Intel's leaf 4, AMD's leaf 0x8000001d: one cache in each subleaf. `type`: 1 data, 2 instructions, 3 both. */
static int find(unsigned leaf, unsigned level, unsigned type, struct cache *cache)
{
	unsigned a, b, c, d;
	for (unsigned i = 0; i < 16 && __get_cpuid_count(leaf, i, &a, &b, &c, &d) && (a & 31) != 0; ++i) {
		if ((a >> 5 & 7) != level || ((a & 31) != type && (a & 31) != 3))
			continue;
		long partitions = (b >> 12 & 0x3ff) + 1, sets = (long) c + 1;
		cache->ways = (b >> 22) + 1;
		cache->line = (b & 0xfff) + 1;
		cache->size = cache->ways * partitions * cache->line * sets;
		return 1;
	}
	return 0;
}

/* For _SC_LEVEL1_ICACHE_SIZE to _SC_LEVEL4_CACHE_LINESIZE: three questions for each cache. 0: unknown, or not there. */
long __hermit_cache(int name)
{
	static const struct {
		unsigned char level, type;
	} caches[] = {{1, 2}, {1, 1}, {2, 3}, {3, 3}, {4, 3}};
	int question = name - _SC_LEVEL1_ICACHE_SIZE;
	struct cache cache = {0, 0, 0};
	unsigned level = caches[question / 3].level, type = caches[question / 3].type;
	if (!find(4, level, type, &cache))
		find(0x8000001d, level, type, &cache);
	switch (question % 3) {
	case 0:
		return cache.size;
	case 1:
		return cache.ways;
	default:
		return cache.line;
	}
}
