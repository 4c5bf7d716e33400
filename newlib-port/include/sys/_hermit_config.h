/* How newlib is shaped for HermitCore: included by <sys/config.h> (patches/0003), also by every program.
 *
 * The per-thread state (errno, strtok, multibyte state, ...) hangs on one pointer in thread-local storage: the main
 * thread's points to a static one; pthread_create gives every
 * other thread one of its own. The pointer costs one instruction, and exit() finds the main thread's streams.
 */
#ifndef _SYS__HERMIT_CONFIG_H
#define _SYS__HERMIT_CONFIG_H

#define __DYNAMIC_REENT__
#ifdef __cplusplus
extern "C" {
#endif
struct _reent;
extern __thread struct _reent *__hermit_reent __attribute__((__tls_model__("initial-exec")));
#ifdef __cplusplus
}
#endif
#define __getreent() __hermit_reent

/* One stdin, stdout, stderr and one list of atexit functions for all threads. */
#define _REENT_GLOBAL_STDIO_STREAMS
#define _REENT_GLOBAL_ATEXIT
/* At exit only flush what was written, as glibc does: closing would free buffers for nobody. */
#define _STDIO_BSD_SEMANTICS

#define _READ_WRITE_RETURN_TYPE   __ssize_t
#define _READ_WRITE_BUFSIZE_TYPE  __SIZE_TYPE__
#define __BUFSIZ__                8192
#define __FILENAME_MAX__          4096

/* struct tm ends with tm_gmtoff and tm_zone, as in glibc. */
#define __TM_GMTOFF tm_gmtoff
#define __TM_ZONE   tm_zone

#endif
