/* dl_iterate_phdr(3): how the unwinder of C++ finds .eh_frame_hdr. */
#include <link.h>

extern const Elf64_Ehdr __ehdr_start; /* the linker's: the image's ELF header, loaded with the first segment */

int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *info, size_t size, void *data), void *data)
{
	struct dl_phdr_info info = {
		.dlpi_addr = 0,
		.dlpi_name = "",
		.dlpi_phdr = (const Elf64_Phdr *) ((const char *) &__ehdr_start + __ehdr_start.e_phoff),
		.dlpi_phnum = __ehdr_start.e_phnum,
		.dlpi_adds = 1,
	};
	for (Elf64_Half i = 0; i < info.dlpi_phnum; ++i) {
		if (info.dlpi_phdr[i].p_type != PT_TLS)
			continue;
		const Elf64_Phdr *tls = &info.dlpi_phdr[i];
		char *thread;
		__asm__("mov %%fs:0, %0" : "=r"(thread));
		/* Variant II: the block ends, aligned, at the thread pointer. */
		size_t align = tls->p_align ? tls->p_align : 1;
		info.dlpi_tls_modid = 1;
		info.dlpi_tls_data = thread - ((tls->p_memsz + align - 1) & ~(align - 1));
	}
	return callback(&info, sizeof(info), data);
}
