/* <bits/socket.h>: a name that programs for glibc include beside <sys/socket.h>, which has everything. */
#ifndef _BITS_SOCKET_H
#define _BITS_SOCKET_H

#endif
