/* _dl_find_object: glibc's name (since 2.35) for what the host compiler's unwinder asks first at every frame of an
 * exception: which object holds this address, and where is its .eh_frame_hdr? There is one object, the image, so the
 * answer takes no lock. */
#include <link.h>

struct link_map;

/* glibc's layout, <dlfcn.h>. */
struct dl_find_object {
	unsigned long long flags;
	void *map_start;
	void *map_end; /* behind the last byte */
	struct link_map *map;
	void *eh_frame; /* .eh_frame_hdr */
	unsigned long long reserved[7];
};

/* The linker's (hermit.ld). */
extern const Elf64_Ehdr __ehdr_start;

/* So is this, which a program with a linker script of its own may lack: NULL. With large arrays (-mcmodel) it is beyond 2 GiB, where
 * addresses of the small model do not reach. */
static const char *image_end(void)
{
	const char *end;
	__asm__(".weak __image_end\n\tmovabsq $__image_end, %0" : "=r"(end));
	return end;
}

/* The header's content does not change, so it does not matter who looks first. */
static const Elf64_Phdr *find_eh_frame(void)
{
	static const Elf64_Phdr *found;
	const Elf64_Phdr *header = __atomic_load_n(&found, __ATOMIC_RELAXED);
	if (header != NULL)
		return header;
	header = (const Elf64_Phdr *) ((const char *) &__ehdr_start + __ehdr_start.e_phoff);
	for (Elf64_Half i = 0; i < __ehdr_start.e_phnum; ++i)
		if (header[i].p_type == PT_GNU_EH_FRAME) {
			__atomic_store_n(&found, &header[i], __ATOMIC_RELAXED);
			return &header[i];
		}
	return NULL;
}

int _dl_find_object(void *address, struct dl_find_object *result)
{
	const Elf64_Phdr *header = find_eh_frame();
	const char *at = address, *end = image_end();
	if (header == NULL || at < (const char *) &__ehdr_start || (end != NULL && at >= end))
		return -1;
	*result = (struct dl_find_object){
		.map_start = (void *) &__ehdr_start,
		.map_end = (void *) end,
		.eh_frame = (void *) header->p_vaddr,
	};
	return 0;
}
