/* <bits/alltypes.h>: what the headers that come from musl (sockets, names, addresses) take from there: types that ours
 * define elsewhere, and words of musl's for the machine. */
#ifndef _BITS_ALLTYPES_H
#define _BITS_ALLTYPES_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifndef __BYTE_ORDER
#define __BYTE_ORDER    __BYTE_ORDER__
#define __LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#define __BIG_ENDIAN    __ORDER_BIG_ENDIAN__
#endif
#define __LONG_MAX      __LONG_MAX__

typedef __sa_family_t sa_family_t;

#endif
