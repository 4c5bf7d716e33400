/* POSIX options of HermitCore: included by <sys/features.h> (patches/0004). A macro stands here only if the functions
 * behind it are in libc.a. */
#ifndef _SYS__HERMIT_OPTIONS_H
#define _SYS__HERMIT_OPTIONS_H

/* As glibc's <features.h> has it; the types for large files are the plain ones. */
#if defined(_GNU_SOURCE) && !defined(_LARGEFILE64_SOURCE) && !defined(_COMPILING_NEWLIB)
#define _LARGEFILE64_SOURCE                 1
#endif
#if defined(_LARGEFILE64_SOURCE) && !defined(_COMPILING_NEWLIB)
#define off64_t                             off_t
#define ino64_t                             ino_t
#define blkcnt64_t                          blkcnt_t
#define fsblkcnt64_t                        fsblkcnt_t
#define fsfilcnt64_t                        fsfilcnt_t
#endif

#define _POSIX_VERSION                      200809L
#define _POSIX2_VERSION                     200809L
#define _XOPEN_VERSION                      700

#define _POSIX_ADVISORY_INFO                200809L
#define _POSIX_BARRIERS                     200809L
#define _POSIX_CHOWN_RESTRICTED             0
#define _POSIX_CLOCK_SELECTION              200809L
#define _POSIX_CPUTIME                      200809L
#define _POSIX_FSYNC                        200809L
#define _POSIX_MAPPED_FILES                 200809L
#define _POSIX_MEMORY_PROTECTION            200809L
#define _POSIX_MONOTONIC_CLOCK              200809L
#define _POSIX_NO_TRUNC                     1
#define _POSIX_PRIORITY_SCHEDULING          200809L
#define _POSIX_READER_WRITER_LOCKS          200809L
#define _POSIX_REALTIME_SIGNALS             200809L
#define _POSIX_REGEXP                       1
#define _POSIX_SEMAPHORES                   200809L
#define _POSIX_SPIN_LOCKS                   200809L
#define _POSIX_SYNCHRONIZED_IO              200809L
#ifndef _COMPILING_NEWLIB /* inside newlib it would mean thread cancellation, inside of stdio, which is no cancellation point here */
#define _POSIX_THREADS                      200809L
#endif
#define _POSIX_THREAD_ATTR_STACKADDR        200809L
#define _POSIX_THREAD_ATTR_STACKSIZE        200809L
#define _POSIX_THREAD_CPUTIME               200809L
#define _POSIX_THREAD_PRIORITY_SCHEDULING   200809L
#define _POSIX_THREAD_SAFE_FUNCTIONS        200809L
#define _POSIX_TIMEOUTS                     200809L
#define _POSIX_TIMERS                       200809L
#define _POSIX_VDISABLE                     '\0'
#define _POSIX_V6_LP64_OFF64                1
#define _POSIX_V7_LP64_OFF64                1
#define _XOPEN_ENH_I18N                     1

/* wchar_t is ISO 10646; newlib's tables are those of Unicode 11. */
#define __STDC_ISO_10646__                  201806L

#endif
