/* <sys/sendfile.h>: from one descriptor to another. */
#ifndef _SYS_SENDFILE_H
#define _SYS_SENDFILE_H

#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS
ssize_t sendfile(int __to, int __from, off_t *__offset, size_t __len);
__END_DECLS

#ifdef _LARGEFILE64_SOURCE
#define sendfile64 sendfile
#endif

#endif
