# The tree's own module, the user's folder, and none of the host's modules.
set -eu
printf 'Name: mine\nDescription: a library of the user\nVersion: 3\nRequires.private: hermit\nLibs: -lmine\nLibs.private: -lm\n' >mine.pc
libs=$(PKG_CONFIG_PATH=. x86_64-hermit-pkg-config --libs mine)
# Some versions end the line with a blank.
echo $libs
[ "$(readlink -f "$(x86_64-hermit-pkg-config --variable=libdir hermit)")" = "$(readlink -f "$PREFIX/x86_64-hermit/lib")" ]
if PKG_CONFIG_LIBDIR=. x86_64-hermit-pkg-config --exists mine; then
    echo 'PKG_CONFIG_LIBDIR leaks'
fi
