//! What a recipe's [`Build`] means for each target: lines for a shell ([`line`]) and the environment that they run in
//! ([`variables`]). Natively the host's own tools; for hermit the same with what the tree installs for build systems.

use super::recipe::{BUILD_FOLDER, Build, Recipe};
use crate::compiler::{Family, Target, host_compiler};
use crate::lab::Lab;

/// Processes of one build; the runner builds two things at a time.
const JOBS: u32 = 2;

/// The line for a shell that does `build`.
pub fn line(build: Build, target: Target) -> String {
    match (build, target) {
        (Build::Shell(line), _) => line.to_owned(),
        (Build::Make(arguments), _) => format!("make -j{JOBS} {arguments}"),
        (Build::Configure(options), _) if target.is_native() => format!("./configure {options}"),
        (Build::Configure(options), _) => format!("hermit-configure ./configure CC=\"$CC\" {options}"),
        (Build::CMake { options, targets }, _) => {
            let file = |family: Family| format!("$PREFIX/share/cmake/hermit-{}.cmake", family.name());
            let toolchain =
                ours(target).map(|family| format!("--toolchain \"{}\" ", file(family))).unwrap_or_default();
            let targets = if targets.is_empty() { String::new() } else { format!(" --target {targets}") };
            format!(
                "cmake -S . -B {BUILD_FOLDER} {toolchain}{options} && cmake --build {BUILD_FOLDER} -j{JOBS}{targets}"
            )
        }
        (Build::Meson { options, targets }, _) => {
            let cross = ours(target).map(|family| format!("--cross-file x86_64-hermit-{} ", family.name()));
            let cross = cross.unwrap_or_default();
            format!(
                "meson setup {cross}{options} {BUILD_FOLDER} && meson compile -C {BUILD_FOLDER} -j{JOBS} {targets}"
            )
        }
    }
}

/// The family whose files of ours a build for `target` gets.
fn ours(target: Target) -> Option<Family> {
    (!target.is_native()).then(|| target.family())
}

/// The environment: the names that Makefiles and configure scripts know, what the modulefile would set, and `INPUT`
/// (`tests/ports/<recipe>`), `SOURCES` (the sources of all recipes), `RUNNER` (what runs an image; natively empty).
///
/// CMake and Meson learn of our compiler from their toolchain and cross files, not from the environment.
pub fn variables(lab: &Lab, recipe: &Recipe, target: Target) -> Vec<(&'static str, String)> {
    let tool = |name: &str| lab.prefix.tool(name).display().to_string();
    let is_native = target.is_native();
    let choose = |native: &str, hermit: String| if is_native { native.to_owned() } else { hermit };
    let prefix = lab.prefix.root().display().to_string();
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".to_owned());
    let input = lab.root.join("tests/ports").join(recipe.name).display().to_string();
    let mut all = vec![
        ("LC_ALL", "C".to_owned()),
        ("AR", choose("ar", tool("ar"))),
        ("RANLIB", choose("ranlib", tool("ranlib"))),
        ("PKG_CONFIG", choose("pkg-config", tool("pkg-config"))),
        ("CHOST", choose("", sysroot::TARGET.to_owned())),
        ("RUNNER", choose("", lab.prefix.proxy().display().to_string())),
        ("PATH", choose(&path, format!("{}:{path}", lab.prefix.bin().display()))),
        ("INPUT", input),
        ("SOURCES", lab.sources.display().to_string()),
        ("CCACHE_DISABLE", "1".to_owned()),
    ];
    if !is_native {
        all.extend([("PREFIX", prefix.clone()), ("XDG_DATA_DIRS", format!("{prefix}/share"))]);
    }
    let knows_ours = |build: &Build| matches!(build, Build::CMake { .. } | Build::Meson { .. });
    let (c, cxx) = match target.family() {
        Family::Gcc => ("gcc", "g++"),
        Family::Clang => ("clang", "clang++"),
    };
    if !recipe.build.iter().any(knows_ours) {
        let compiler = |name: &str| match is_native {
            true => format!("{} -static", host_compiler(name)),
            false => tool(name),
        };
        all.extend([("CC", compiler(c)), ("CXX", compiler(cxx))]);
    } else if is_native {
        all.extend([("CC", host_compiler(c)), ("CXX", host_compiler(cxx))]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_systems_get_the_files_that_we_install() {
        let cmake = Build::CMake { options: "-DA=1", targets: "a b" };
        let native = "cmake -S . -B build-here -DA=1 && cmake --build build-here -j2 --target a b";
        assert_eq!(line(cmake, Target::Native), native);
        assert!(
            line(cmake, Target::HermitClang)
                .contains("--toolchain \"$PREFIX/share/cmake/hermit-clang.cmake\" -DA=1")
        );
        let meson = line(Build::Meson { options: "-Da=b", targets: "" }, Target::Hermit);
        assert!(
            meson.starts_with("meson setup --cross-file x86_64-hermit-gcc -Da=b build-here && "),
            "{meson}"
        );
        assert!(line(Build::Configure("--x"), Target::Hermit).starts_with("hermit-configure ./configure "));
        assert_eq!(line(Build::Make("all"), Target::Hermit), "make -j2 all");
    }
}
