/* scanf(3) and wscanf(3) and their kin: musl's, on newlib's streams. newlib's know no hexadecimal numbers, round twice and take
 * half an "infinity".
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/lock.h>
#include <wchar.h>

#include "hermit_libc.h"
#include "scan_source.h"

/* newlib's. */
extern void __sinit(struct _reent *reent);
extern int __srefill_r(struct _reent *reent, FILE *stream);

/* How much of a text is looked at at once, in bytes: it may be long, and only its beginning be wanted. */
#define TEXT_BYTES 256

static int more_of_text(struct scan_source *source)
{
	source->rend += strnlen((char *) source->rend, TEXT_BYTES);
	return source->rpos < source->rend ? *source->rpos++ : EOF;
}

static int more_of_wide(struct scan_source *source)
{
	size_t used = 0;
	while (*source->wide != 0 && used + MB_LEN_MAX <= sizeof(source->bytes)) {
		size_t len = wcrtomb((char *) source->bytes + used, *source->wide, &source->state);
		if (len == (size_t) -1)
			break;
		used += len;
		source->wide++;
	}
	if (used == 0 && source->has_end)
		source->bytes[used++] = 0;
	if (used == 0)
		return EOF;
	source->rpos = source->bytes;
	source->rend = source->bytes + used;
	return *source->rpos++;
}

int __hermit_scan_more(struct scan_source *source)
{
	if (source->wide != NULL)
		return more_of_wide(source);
	if (source->stream == NULL)
		return more_of_text(source);
	source->stream->_r = 0;
	if (__srefill_r(_REENT, source->stream) != 0)
		return EOF;
	source->rpos = source->stream->_p;
	source->rend = source->rpos + source->stream->_r;
	return *source->rpos++;
}

static int next_byte(struct scan_source *source)
{
	return source->rpos < source->rend ? *source->rpos++ : __hermit_scan_more(source);
}

wint_t __hermit_scan_wide(struct scan_source *source)
{
	wint_t given_back = source->pending;
	if (given_back != WEOF) {
		source->pending = WEOF;
		return given_back;
	}
	mbstate_t state = {0};
	for (int c = next_byte(source); c != EOF; c = next_byte(source)) {
		wchar_t wide;
		size_t len = mbrtowc(&wide, &(char) {c}, 1, &state);
		if (len == (size_t) -2)
			continue;
		return len == (size_t) -1 ? WEOF : (wint_t) wide;
	}
	if (!mbsinit(&state))
		errno = EILSEQ;
	return WEOF;
}

/* The next byte may be in another buffer than its predecessors; what is one byte long is always just in front. */
void __hermit_scan_back(wint_t c, struct scan_source *source)
{
	if (c < 128)
		source->rpos--;
	else if (c != WEOF)
		source->pending = c;
}

int __hermit_scan_number(struct scan_source *source, const char *format, ...)
{
	if (source->pending != WEOF)
		return 0;
	va_list arguments;
	va_start(arguments, format);
	int result = __hermit_scan(source, format, arguments);
	va_end(arguments);
	return result;
}

static struct scan_source source_of(FILE *stream)
{
	static unsigned char nothing[1];
	struct scan_source source = {.stream = stream, .pending = WEOF, .rpos = nothing + 1};
	/* A stream that is new has no buffer. */
	if (stream->_r > 0)
		source.rpos = stream->_p;
	source.rend = source.rpos + (stream->_r > 0 ? stream->_r : 0);
	return source;
}

/* Leaves in the stream what was not read. */
static void end(struct scan_source *source)
{
	FILE *stream = source->stream;
	if (stream->_r > 0) {
		stream->_p = source->rpos;
		stream->_r = (int) (source->rend - source->rpos);
	}
	if (source->pending != WEOF)
		_ungetwc_r(_REENT, source->pending, stream);
}

/* As in glibc nothing is read from a stream that has been used for the other kind of characters. */
static int scan(FILE *stream, const void *format, int orientation, va_list arguments)
{
	int result = EOF, is_locked = !(stream->_flags2 & __SNLK);
	if (!_REENT->__sdidinit)
		__sinit(_REENT);
	if (is_locked)
		__lock_acquire_recursive(stream->_lock);
	if (_fwide_r(_REENT, stream, orientation) == orientation) {
		struct scan_source source = source_of(stream);
		result = orientation < 0 ? __hermit_scan(&source, format, arguments) : __hermit_wide_scan(&source, format, arguments);
		end(&source);
	}
	if (is_locked)
		__lock_release_recursive(stream->_lock);
	return result;
}

static int scan_text(const char *text, const char *format, va_list arguments)
{
	struct scan_source source = {.rpos = (unsigned char *) text, .rend = (unsigned char *) text, .pending = WEOF};
	return __hermit_scan(&source, format, arguments);
}

static int scan_wide_text(const wchar_t *text, const wchar_t *format, va_list arguments)
{
	struct scan_source source = {.wide = text, .pending = WEOF};
	source.rpos = source.rend = source.bytes;
	return __hermit_wide_scan(&source, format, arguments);
}

/* What calls `work` with the arguments behind `format`. */
#define WITH_ARGUMENTS(work)                \
	va_list arguments;                      \
	va_start(arguments, format);            \
	int result = (work);                    \
	va_end(arguments);                      \
	return result

WEAK int vfscanf(FILE *restrict stream, const char *restrict format, va_list arguments)
{
	return scan(stream, format, -1, arguments);
}

WEAK int vscanf(const char *restrict format, va_list arguments)
{
	return scan(stdin, format, -1, arguments);
}

WEAK int vsscanf(const char *restrict text, const char *restrict format, va_list arguments)
{
	return scan_text(text, format, arguments);
}

WEAK int fscanf(FILE *restrict stream, const char *restrict format, ...)
{
	WITH_ARGUMENTS(scan(stream, format, -1, arguments));
}

WEAK int scanf(const char *restrict format, ...)
{
	WITH_ARGUMENTS(scan(stdin, format, -1, arguments));
}

WEAK int sscanf(const char *restrict text, const char *restrict format, ...)
{
	WITH_ARGUMENTS(scan_text(text, format, arguments));
}

WEAK int vfwscanf(FILE *restrict stream, const wchar_t *restrict format, va_list arguments)
{
	return scan(stream, format, 1, arguments);
}

WEAK int vwscanf(const wchar_t *restrict format, va_list arguments)
{
	return scan(stdin, format, 1, arguments);
}

WEAK int vswscanf(const wchar_t *restrict text, const wchar_t *restrict format, va_list arguments)
{
	return scan_wide_text(text, format, arguments);
}

WEAK int fwscanf(FILE *restrict stream, const wchar_t *restrict format, ...)
{
	WITH_ARGUMENTS(scan(stream, format, 1, arguments));
}

WEAK int wscanf(const wchar_t *restrict format, ...)
{
	WITH_ARGUMENTS(scan(stdin, format, 1, arguments));
}

WEAK int swscanf(const wchar_t *restrict text, const wchar_t *restrict format, ...)
{
	WITH_ARGUMENTS(scan_wide_text(text, format, arguments));
}
