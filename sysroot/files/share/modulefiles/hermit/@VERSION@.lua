-- HermitCore's toolchain, for Lmod.
help([[HermitCore @VERSION@: compilers x86_64-hermit-{gcc,g++,gfortran,clang,...}, and `hermit run IMAGE`.]])
whatis("Name: hermit")
whatis("Version: @VERSION@")
whatis("Description: HermitCore, a library operating system for HPC, and its toolchain")
conflict("hermit")

-- PREFIX/share/modulefiles/hermit/VERSION.lua
local prefix = myFileName():match("^(.*)/share/modulefiles/hermit/[^/]*$")

setenv("HERMIT_PREFIX", prefix)
prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
-- Meson looks for cross files there, shells for completions.
prepend_path("XDG_DATA_DIRS", pathJoin(prefix, "share"))
