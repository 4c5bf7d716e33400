/* What scanf reads: a stream, a text or a wide text. musl's scanf, which is compiled with this in the place of its FILE, knows the first
 * six members; the rest is for scanf.c.
 */
#ifndef HERMIT_SCAN_SOURCE_H
#define HERMIT_SCAN_SOURCE_H

#include <stdarg.h>
#include <stdio.h>
#include <sys/types.h>
#include <wchar.h>

struct scan_source {
	unsigned char *buf, *rpos, *rend, *shend; /* where counting begins, the next byte, the end of what is there, where to stop */
	off_t shlim, shcnt;                       /* how many bytes may be read, and have been */
	FILE *stream;                             /* or NULL */
	const wchar_t *wide;                      /* what is left of a wide text, or NULL */
	int has_end;                              /* a wide text ends with a 0, which can be given back */
	wint_t pending;                           /* a wide character that was given back; WEOF: none */
	mbstate_t state;
	unsigned char bytes[64];                  /* the next ones of a wide text */
};

/* The next byte, when `rpos` is at the end of what is there; EOF: there is none. */
extern int __hermit_scan_more(struct scan_source *source);

/* A wide character, or WEOF; and giving back the last one. */
extern wint_t __hermit_scan_wide(struct scan_source *source);
extern void __hermit_scan_back(wint_t c, struct scan_source *source);

/* musl's vfscanf and vfwscanf. */
extern int __hermit_scan(struct scan_source *restrict source, const char *restrict format, va_list arguments);
extern int __hermit_wide_scan(struct scan_source *restrict source, const wchar_t *restrict format, va_list arguments);

/* Reads numbers for the latter. */
extern int __hermit_scan_number(struct scan_source *source, const char *format, ...);

#endif
