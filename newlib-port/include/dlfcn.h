/* <dlfcn.h>: there is one image, with all that it needs; nothing is loaded into it. dlopen fails and dlerror says so, as in a static
 * program; dlopen(NULL) is the image, in which dlsym finds nothing, since it has no names at run time. */
#ifndef _DLFCN_H
#define _DLFCN_H

#include <sys/cdefs.h>

#define RTLD_LAZY     1
#define RTLD_NOW      2
#define RTLD_NOLOAD   4
#define RTLD_DEEPBIND 8
#define RTLD_GLOBAL   256
#define RTLD_LOCAL    0
#define RTLD_NODELETE 4096

__BEGIN_DECLS
void *dlopen(const char *__file, int __mode);
void *dlsym(void *__restrict __handle, const char *__restrict __name);
int dlclose(void *__handle);
char *dlerror(void);
#if __GNU_VISIBLE || __BSD_VISIBLE
#define RTLD_DEFAULT ((void *) 0)
#define RTLD_NEXT    ((void *) -1L)

typedef struct {
	const char *dli_fname;
	void *dli_fbase;
	const char *dli_sname;
	void *dli_saddr;
} Dl_info;

int dladdr(const void *__address, Dl_info *__info);
#endif
__END_DECLS

#endif
