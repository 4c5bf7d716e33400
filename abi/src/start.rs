//! How an image that Linux itself has started becomes its proxy.
//!
//! The image executes `proxy PATH ARGUMENTS...` with the environment that it has, and the variable [`ARGV_0`] before it.
//! binfmt_misc does the same in another way: see [`BINFMT_NAME`].

/// Names the proxy that an image takes, before all others.
pub const PROXY: &str = "HERMIT_PROXY";

/// Holds the name by which the image was called, which need not be its path. The proxy takes the variable away. An image
/// that finds it has been started by what it took for a proxy, and must not go on.
pub const ARGV_0: &str = "HERMIT_ARGV0";

/// Where the packages put the proxy.
pub const INSTALLED_PROXY: &str = "/opt/hermit/bin/proxy";

/// Where the proxy is, below the root of a tree.
pub const PROXY_IN_TREE: &str = "/bin/proxy";

/// The proxy's file name, which is looked for in `PATH`.
pub const PROXY_NAME: &str = "proxy";

/// The proxy called by this file name is binfmt_misc's interpreter with flag P: its arguments are the image's path, the name
/// by which that was called, and the program's arguments.
pub const BINFMT_NAME: &str = "binfmt-interpreter";

/// The descriptor of an image that may be executed and not read: the image has copied itself into a memory file, and
/// this followed by the number is its path.
pub const COPY_PREFIX: &str = "/proc/self/fd/";
