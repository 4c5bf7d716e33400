/* socket(2): its object says in a note that the image can make sockets, so that the proxy lets it
 * (docs/reference/003-image.md). Nothing else is in this file: an image without it gets none of that. */
#include <sys/socket.h>

#include "hermit_libc.h"

__asm__(".pushsection .note.hermit.sockets, \"a\", @note\n"
        "	.balign 4\n"
        "	.long 11, 0, 3\n"
        "	.asciz \"HermitCore\"\n"
        "	.balign 4\n"
        ".popsection");

WEAK int socket(int domain, int type, int protocol)
{
	return (int) to_c(sys_socket(domain, type, protocol));
}
