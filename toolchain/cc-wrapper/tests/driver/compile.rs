//! Preprocessing, compiling and assembling: the mark, the headers, the ways to say what is wanted.

use crate::tree::{InTime, Scratch, in_time_with_input, stderr, tree};

const UNIT: &str = "#include <stdio.h>\n#include <stddef.h>\n#include <limits.h>\n\
                    #ifndef OUR_STDIO\n#error leak\n#endif\nint unit = INT_MAX;\n";

fn with_unit() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("unit.c", UNIT);
    scratch
}

#[test]
fn objects_are_marked_however_they_are_made() {
    for options in [
        &["-c"][..],
        &["-c", "-pipe"],
        &["-c", "-save-temps"],
        &["-c", "-flto"],
        &["-c", "-flto", "-ffat-lto-objects"],
        &["-c", "-fPIC", "-g"],
        &["-c", "-march=native", "-pthread", "-fopenmp", "-pie"],
        &["-c", "-shared"],
        &["-r", "-nostdlib"],
        &["-r", "-nostdlib", "-flto", "-flinker-output=nolto-rel"],
    ] {
        let scratch = with_unit();
        scratch.succeeds("gcc", &[options, &["unit.c", "-o", "unit.o"]].concat());
        assert_eq!(scratch.osabi("unit.o"), 0x42, "{options:?}");
    }
}

#[test]
fn ifunc_and_unique_symbols_do_not_change_the_mark() {
    let scratch = Scratch::new();
    scratch.write(
        "i.c",
        "static void *pick(void) { return 0; }\nint f(void) __attribute__((ifunc(\"pick\")));\n",
    );
    scratch.write("u.s", ".data\n.globl u\n.type u, @gnu_unique_object\nu: .long 1\n");
    scratch.host("gcc", &["-c", "i.c", "u.s"]);
    assert_eq!((scratch.osabi("i.o"), scratch.osabi("u.o")), (3, 3), "the host writes OSABI GNU");
    scratch.succeeds("gcc", &["-c", "i.c", "u.s"]);
    assert_eq!((scratch.osabi("i.o"), scratch.osabi("u.o")), (0x42, 0x42));
    scratch.succeeds("as", &["u.s", "-o", "direct.o"]);
    assert_eq!(scratch.osabi("direct.o"), 0x42);
}

#[test]
fn an_object_that_cannot_be_marked_is_not_left_behind() {
    let scratch = Scratch::new();
    scratch.write("e.s", ".text\n");
    let said = scratch.fails("as", &["--32", "e.s", "-o", "e.o"]);
    assert!(said.contains("x86_64-hermit-as: error: cannot mark") && said.contains("32-bit ELF"), "{said}");
    assert!(!scratch.path("e.o").exists());
}

#[test]
fn several_inputs_and_response_files() {
    let scratch = with_unit();
    scratch.write("two.c", "int two;\n");
    scratch.write("arguments", "-c\n\"unit.c\" @more");
    scratch.write("more", "two.c -O2");
    scratch.succeeds("gcc", &["@arguments"]);
    assert_eq!((scratch.osabi("unit.o"), scratch.osabi("two.o")), (0x42, 0x42));
    scratch.write("query", "-dumpmachine");
    assert_eq!(scratch.succeeds("gcc", &["@query"]), "x86_64-hermit\n");
}

#[test]
fn standard_input_and_output() {
    let scratch = with_unit();
    let mut compiler = scratch.tool("gcc", &["-S", "-x", "c", "-", "-o", "-"]);
    let output = in_time_with_input(&mut compiler, "int from_pipe;\n");
    assert!(String::from_utf8(output.stdout).unwrap().contains("from_pipe"));
    assert!(scratch.succeeds("gcc", &["-E", "unit.c"]).contains("int unit = 0x7fffffff;"));
    scratch.succeeds("gcc", &["-c", "unit.c", "-o", "/dev/null"]);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn dependencies_name_our_headers_only() {
    let scratch = with_unit();
    scratch.succeeds("gcc", &["-MD", "-MP", "-MF", "deps", "-c", "unit.c"]);
    let dependencies = std::fs::read_to_string(scratch.path("deps")).unwrap();
    assert!(dependencies.starts_with("unit.o:"), "{dependencies}");
    let ours = tree().prefix.include().join("stdio.h").display().to_string().replace(' ', "\\ ");
    assert!(dependencies.contains(&ours), "{dependencies}");
    assert!(!dependencies.contains("/usr/include"), "{dependencies}");
    assert!(scratch.succeeds("gcc", &["-MM", "unit.c"]).starts_with("unit.o: unit.c"));
}

#[test]
fn no_header_of_the_host_can_leak_in() {
    let scratch = with_unit();
    let leaky = |tool: &str, arguments: &[&str]| {
        let mut command = scratch.tool(tool, arguments);
        for variable in ["CPATH", "C_INCLUDE_PATH", "GCC_EXEC_PREFIX"] {
            command.env(variable, "/usr/include");
        }
        command.in_time()
    };
    let seen = leaky("gcc", &["-H", "-c", "unit.c"]);
    assert!(seen.status.success() && !stderr(&seen).contains("/usr/include"), "{}", stderr(&seen));

    scratch.write("host.c", "#include <sys/epoll.h>\n");
    for (tool, arguments) in [("gcc", &["-c", "host.c"][..]), ("cc", &["-E", "host.c"]), ("cpp", &["host.c"])]
    {
        let refused = leaky(tool, arguments);
        assert!(!refused.status.success() && stderr(&refused).contains("sys/epoll.h"), "{tool}");
    }
}

#[test]
fn the_search_list_is_gccs_own_folder_and_ours() {
    let output = Scratch::new().tool("gcc", &["-E", "-v", "-x", "c", "/dev/null"]).in_time();
    let said = stderr(&output);
    let list = said.split("#include <...> search starts here:\n").nth(1).unwrap();
    let folders: Vec<_> = list.split("End of search list").next().unwrap().lines().map(str::trim).collect();
    assert_eq!(folders.len(), 2, "{folders:?}");
    assert!(folders[0].ends_with("/include") && folders[0].contains("/gcc/"), "{folders:?}");
    assert_eq!(folders[1], tree().prefix.include().to_str().unwrap());
}

#[test]
fn the_users_folders_come_first_and_nostdinc_takes_all_away() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("mine")).unwrap();
    scratch.write("mine/stdio.h", "int mine;\n");
    scratch.write("u.c", "#include <stdio.h>\n");
    for option in ["-Imine", "-isystemmine"] {
        assert!(scratch.succeeds("gcc", &["-E", option, "u.c"]).contains("int mine;"), "{option}");
    }
    assert!(scratch.succeeds("gcc", &["-E", "-idirafter", "mine", "u.c"]).contains("puts"));
    assert!(scratch.fails("gcc", &["-E", "-nostdinc", "u.c"]).contains("stdio.h"));
}

#[test]
fn the_predefined_macros_are_ours() {
    let scratch = Scratch::new();
    let macros = scratch.succeeds("gcc", &["-dM", "-E", "-x", "c", "/dev/null"]);
    assert!(!macros.contains("linux"), "no linux, __linux, __linux__, __gnu_linux__");
    assert!(macros.contains("#define __hermit__ 1\n") && macros.contains("#define __unix__ 1\n"));
    assert!(!macros.contains("__pie__") && !macros.contains("__PIE__"));
    assert_eq!(scratch.succeeds("cpp", &["-dM", "/dev/null"]), macros);
    // The user has the last word.
    assert!(
        scratch
            .succeeds("gcc", &["-dM", "-E", "-D__linux__=7", "-x", "c", "/dev/null"])
            .contains("__linux__ 7")
    );
}

#[test]
fn cpp_writes_its_second_argument() {
    let scratch = with_unit();
    scratch.succeeds("cpp", &["unit.c", "unit.i"]);
    assert!(std::fs::read_to_string(scratch.path("unit.i")).unwrap().contains("int unit"));
}

#[test]
fn what_cannot_work_is_refused_with_a_reason() {
    let scratch = with_unit();
    for (arguments, reason) in [
        (&["-shared", "-fPIC", "unit.c"][..], "no dynamic linker: -shared is not supported"),
        (&["-m32", "-c", "unit.c"], "64-bit only"),
        (&["-fuse-ld=gold", "unit.c"], "only GNU ld"),
        (&["-fsanitize=address,undefined", "unit.c"], "no runtime library for this -fsanitize="),
    ] {
        let said = scratch.fails("gcc", arguments);
        assert!(
            said.starts_with("x86_64-hermit-gcc: error: ") && said.contains(reason),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_compile_error_is_gccs_own() {
    let scratch = Scratch::new();
    scratch.write("bad.c", "int main(void) { return nothing; }\n");
    assert!(scratch.fails("gcc", &["-c", "bad.c"]).contains("'nothing' undeclared"));
    assert!(!scratch.path("bad.o").exists());
}

#[test]
fn cxx_headers_come_before_those_of_c_and_after_the_users() {
    let scratch = Scratch::new();
    let cxx = tree().prefix.include().join("c++/12");
    std::fs::create_dir_all(&cxx).unwrap();
    std::fs::write(cxx.join("order.h"), "cxx\n#include_next <order.h>\n").unwrap();
    std::fs::write(tree().prefix.include().join("order.h"), "c\n").unwrap();
    std::fs::create_dir(scratch.path("mine")).unwrap();
    scratch.write("mine/order.h", "mine\n#include_next <order.h>\n");
    scratch.write("x.cc", "#include <order.h>\n");
    let order = |tool: &str, options: &[&str]| {
        let text = scratch.succeeds(tool, &[options, &["-E", "-P", "x.cc"]].concat());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order("g++", &["-Imine"]), "mine cxx c");
    assert_eq!(order("gcc", &["-isystem", "mine"]), "mine cxx c", "gcc knows C++ by the file's name");
    assert_eq!(order("g++", &["-nostdinc++"]), "c");
    assert_eq!(order("g++", &["-x", "c"]), "c");
}
