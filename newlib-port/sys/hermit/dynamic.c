/* dlopen(3) and its kin, in a program that is one static image: what a static program on Linux answers. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

#include "hermit_libc.h"

/* From the linker script: where the image begins and ends. */
extern const char __ehdr_start[], _end[];

/* The handle of the image itself. */
static char image;

/* What went wrong last, until it is told. */
static _Thread_local const char *reason;

WEAK void *dlopen(const char *file, int mode)
{
	(void) mode;
	if (file == NULL)
		return &image;
	reason = "Dynamic loading not supported: an isle is one static image";
	return NULL;
}

WEAK void *dlsym(void *restrict handle, const char *restrict name)
{
	(void) handle;
	(void) name;
	reason = "Symbol not found: an isle has no names at run time";
	return NULL;
}

WEAK int dlclose(void *handle)
{
	if (handle == &image)
		return 0;
	reason = "Invalid handle";
	return -1;
}

WEAK char *dlerror(void)
{
	const char *told = reason;
	reason = NULL;
	return (char *) told;
}

/* Of an address in the image it is known that it is there. */
WEAK int dladdr(const void *address, Dl_info *info)
{
	if ((const char *) address < __ehdr_start || (const char *) address >= _end)
		return 0;
	*info = (Dl_info){.dli_fname = "/proc/self/exe", .dli_fbase = (void *) __ehdr_start};
	return 1;
}
