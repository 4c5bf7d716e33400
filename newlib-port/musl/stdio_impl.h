/* In the place of musl's <stdio_impl.h>: a file for reading whose buffer the caller gives is an ordinary one here. */
#ifndef HERMIT_STDIO_IMPL_H
#define HERMIT_STDIO_IMPL_H

#include <stdio.h>

#define __fopen_rb_ca(name, file, buffer, size) ((void) (file), (void) (buffer), fopen(name, "rbe"))
#define __fclose_ca                             fclose

#endif
