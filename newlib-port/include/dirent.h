/* <dirent.h>: reading directories, on getdents64(2). */
#ifndef _DIRENT_H_
#define _DIRENT_H_

#include <sys/cdefs.h>
#include <sys/dirent.h>

#if __MISC_VISIBLE
#define MAXNAMLEN 255
#endif

__BEGIN_DECLS
DIR *opendir(const char *__path);
DIR *fdopendir(int __fd);
int dirfd(DIR *__dir);
struct dirent *readdir(DIR *__dir);
int readdir_r(DIR *__restrict __dir, struct dirent *__restrict __entry, struct dirent **__restrict __result);
void rewinddir(DIR *__dir);
int closedir(DIR *__dir);
#if __MISC_VISIBLE || __XSI_VISIBLE
void seekdir(DIR *__dir, long __offset);
long telldir(DIR *__dir);
#endif
int scandir(const char *__path, struct dirent ***__list, int (*__filter)(const struct dirent *),
            int (*__compare)(const struct dirent **, const struct dirent **));
int alphasort(const struct dirent **__a, const struct dirent **__b);
#if __GNU_VISIBLE
int versionsort(const struct dirent **__a, const struct dirent **__b);
#endif
#ifdef _LARGEFILE64_SOURCE
#define dirent64  dirent
#define readdir64 readdir
#endif
__END_DECLS

#endif
