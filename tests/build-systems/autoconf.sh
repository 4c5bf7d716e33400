# A configure script whose config.sub does not know us, as autoconf's own does not.
set -eu
cp "$INPUT"/configure.ac "$INPUT"/Makefile.in "$INPUT"/*.c .
printf '#!/bin/sh\necho "Invalid configuration: OS hermit not recognized" >&2\nexit 1\n' >config.sub
printf '#!/bin/sh\necho x86_64-pc-linux-gnu\n' >config.guess
printf '#!/bin/sh\nexit 0\n' >install-sh
chmod +x config.sub config.guess install-sh
autoconf
hermit-configure >log 2>&1 || { cat log >&2; exit 1; }
grep 'config.sub knows x86_64-hermit now' log
make >log 2>&1 || { cat log >&2; exit 1; }
proxy ./answer
