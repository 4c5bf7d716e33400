/* Stands in for musl's locales. Messages have one language; what iconv does to the thread's locale while it converts is
 * done to a variable of its own, since its UTF-8 functions ask no locale (posix.h). */
#ifndef HERMIT_MUSL_LOCALE_IMPL_H
#define HERMIT_MUSL_LOCALE_IMPL_H

#include <locale.h>

static __thread locale_t __hermit_iconv_locale __attribute__((unused));

#define CURRENT_LOCALE       __hermit_iconv_locale
#define UTF8_LOCALE          ((locale_t) 0)
#define LCTRANS_CUR(message) (message)

#endif
