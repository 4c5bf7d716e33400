# CMake's view of the system HermitCore: POSIX, static libraries, executables without an extension.
set(UNIX 1)
set(HERMIT 1)

set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS FALSE)
set(CMAKE_STATIC_LIBRARY_PREFIX "lib")
set(CMAKE_STATIC_LIBRARY_SUFFIX ".a")
set(CMAKE_EXECUTABLE_SUFFIX "")
set(CMAKE_FIND_LIBRARY_PREFIXES "lib")
set(CMAKE_FIND_LIBRARY_SUFFIXES ".a")
set(CMAKE_DL_LIBS "")

# Threads are in the C library; FindThreads need not run anything to know.
set(CMAKE_HAVE_LIBC_PTHREAD 1)

# Installed things are searched in the root of the tree itself (x86_64-hermit/include, x86_64-hermit/lib).
list(APPEND CMAKE_SYSTEM_PREFIX_PATH "/")
list(APPEND CMAKE_SYSTEM_INCLUDE_PATH "/include")
list(APPEND CMAKE_SYSTEM_LIBRARY_PATH "/lib")
