/* <link.h>: the program headers of the image, for exception unwinding. There is one object: the image. */
#ifndef _LINK_H
#define _LINK_H

#include <elf.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define ElfW(type) Elf64_##type

struct dl_phdr_info {
	Elf64_Addr dlpi_addr;         /* 0: the image runs where it is linked */
	const char *dlpi_name;        /* "" */
	const Elf64_Phdr *dlpi_phdr;
	Elf64_Half dlpi_phnum;
	unsigned long long dlpi_adds; /* objects ever loaded: 1 */
	unsigned long long dlpi_subs; /* objects ever unloaded: 0 */
	size_t dlpi_tls_modid;        /* 1 if there is thread-local storage */
	void *dlpi_tls_data;          /* the calling thread's block of it */
};

__BEGIN_DECLS
int dl_iterate_phdr(int (*__callback)(struct dl_phdr_info *__info, size_t __size, void *__data), void *__data);
__END_DECLS

#endif
