# Environment Modules; Lmod's twin must at least name the same variables.
set -eu
modulecmd=$(ls /usr/lib/*/modulecmd.tcl /usr/share/modules/libexec/modulecmd.tcl /usr/lib/environment-modules/modulecmd.tcl 2>/dev/null | head -1)
MODULEPATH="$PREFIX/share/modulefiles" tclsh "$modulecmd" sh load hermit >script
(PATH=/usr/bin:/bin && . ./script && x86_64-hermit-gcc -dumpmachine && [ "$(hermit-config --prefix)" = "$HERMIT_PREFIX" ])
for name in HERMIT_PREFIX PATH MANPATH XDG_DATA_DIRS; do
    grep -q "$name" "$PREFIX"/share/modulefiles/hermit/*.lua
done
