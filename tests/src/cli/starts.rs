//! Images that are executed like any program of Linux's: they find their proxy, or say what is missing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::desk::{Desk, Expect};
use super::{CliCase, PROCESS};
use crate::compiler::Target;
use crate::lack::Lack;
use crate::launch::Launch;
use crate::text::quote;

/// The cases.
pub const CASES: &[CliCase] = &[
    CliCase { name: "cli/image-starts-itself", isles: PROCESS, check: starts_itself },
    CliCase { name: "cli/image-started-by-others", isles: PROCESS, check: started_by_others },
    CliCase { name: "cli/image-keeps-its-name", isles: PROCESS, check: keeps_its_name },
    CliCase { name: "cli/image-told-its-proxy", isles: PROCESS, check: told_its_proxy },
    CliCase { name: "cli/image-without-end", isles: PROCESS, check: without_end },
    CliCase { name: "cli/image-of-a-tree-that-moved", isles: PROCESS, check: moved_tree },
    CliCase { name: "cli/image-alone", isles: PROCESS, check: alone },
    CliCase { name: "cli/image-of-others", isles: PROCESS, check: of_others },
];

/// What the program ends with.
const RAN: u8 = 7;

fn ran(stdout: &str) -> Expect<'_> {
    Expect { status: Some(RAN), stdout, stderr: &[] }
}

fn build(desk: &Desk<'_>) -> Result<PathBuf> {
    desk.build(Target::Hermit, "cli/started.c")
}

/// A line for a shell, in which `$IMAGE` is the image.
fn shell(desk: &mut Desk<'_>, image: &Path, line: &str) -> Launch {
    desk.command(Path::new("/bin/bash"), ["-c", line]).env("IMAGE", &image.display().to_string())
}

fn starts_itself(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk)?;
    let name = image.display().to_string();
    let launch = desk.command(&image, ["a", "b c", ""]).env("MINE", "x y");
    desk.check("by its path", launch, ran(&format!("0 [{name}]\n1 [a]\n2 [b c]\n3 []\n{{MINE=x y}}\n")))?;
    let many: Vec<String> = (0..5000).map(|index| format!("{index}")).collect();
    let shown: String = many.iter().enumerate().map(|(at, text)| format!("{} [{text}]\n", at + 1)).collect();
    let launch = desk.command(&image, many);
    desk.check("many arguments", launch, ran(&format!("0 [{name}]\n{shown}")))?;
    // A long name that holds blanks, in its own folder, and with a dash at its beginning.
    let folder = desk.folder().join(format!("a folder {}", "x".repeat(200)));
    fs::create_dir(&folder)?;
    for file in ["-b", "sp ace", "q'uo\"te"] {
        fs::copy(&image, folder.join(file))?;
        let line = format!("cd '{}' && exec ./{}", folder.display(), quote(file));
        let launch = shell(desk, &image, &line);
        desk.check(file, launch, ran(&format!("0 [./{file}]\n")))?;
        let line = format!("cd '{}' && PATH=. && {} -x", folder.display(), quote(file));
        let launch = shell(desk, &image, &line);
        desk.check(&format!("{file} by PATH"), launch, ran(&format!("0 [{file}]\n1 [-x]\n")))?;
    }
    Ok(())
}

fn started_by_others(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk)?;
    let name = image.display().to_string();
    let launch = desk.command(Path::new("/usr/bin/env"), ["-i", "HERMIT_ISLE=process", &name]);
    desk.check("env -i", launch, ran(&format!("0 [{name}]\n")))?;
    let script = desk.file("script", format!("'{name}' from-script\n"))?;
    let launch = desk.command(Path::new("/bin/sh"), [script]);
    desk.check("a script", launch, ran(&format!("0 [{name}]\n1 [from-script]\n")))?;
    let makefile = desk.file("Makefile", format!("check:\n\t@{name} test || test $$? = 7\n"))?;
    let launch = desk.command(Path::new("/usr/bin/make"), ["-f".into(), makefile, "check".into()]);
    let expect = Expect { status: Some(0), ..ran("") };
    let stdout = format!("0 [{name}]\n1 [test]\n");
    desk.check("make check", launch, Expect { stdout: &stdout, ..expect })?;
    // The image as the interpreter of a script: its path is not what Linux was told to execute.
    let script = desk.file("interpreted", format!("#!{name} option\n"))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let launch = desk.command(&script, ["x"]);
    let stdout = format!("0 [{name}]\n1 [option]\n2 [{}]\n3 [x]\n", script.display());
    desk.check("the interpreter of a script", launch, ran(&stdout))?;
    Ok(())
}

fn keeps_its_name(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk)?;
    for name in ["odd name", "-sh", "", "HERMIT_ARGV0=x", "--isle=nonsense"] {
        let line = format!("exec -a {} \"$IMAGE\" x", quote(name));
        let launch = shell(desk, &image, &line);
        desk.check(&format!("by itself, called {name:?}"), launch, ran(&format!("0 [{name}]\n1 [x]\n")))?;
        // As binfmt_misc does with flag P.
        let interpreter = desk.lab.prefix.binfmt_interpreter();
        let launch = desk.command(&interpreter, [image.as_os_str(), name.as_ref(), "x".as_ref()]);
        desk.check(
            &format!("by binfmt_misc, called {name:?}"),
            launch,
            ran(&format!("0 [{name}]\n1 [x]\n")),
        )?;
    }
    let proxy = desk.lab.prefix.proxy();
    let launch = desk.command(
        &proxy,
        ["--isle", "process"].map(Into::into).into_iter().chain([image.clone(), "x".into()]),
    );
    desk.check("by hand", launch, ran(&format!("0 [{}]\n1 [x]\n", image.display())))?;
    // A bad variable is explained, and an odd name is not taken for an option.
    let expect = Expect { status: Some(125), stdout: "", stderr: &["HERMIT_MEM", "512M"] };
    let launch = shell(desk, &image, "exec -a --verbose \"$IMAGE\"").env("HERMIT_MEM", "nonsense");
    desk.check("a bad variable", launch, expect)?;
    let interpreter = desk.lab.prefix.binfmt_interpreter();
    let launch =
        desk.command(&interpreter, [image.as_os_str(), "--verbose".as_ref()]).env("HERMIT_MEM", "nonsense");
    desk.check("a bad variable, by binfmt_misc", launch, expect)?;
    Ok(())
}

fn told_its_proxy(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk)?;
    let stdout = format!("0 [{}]\n1 [x]\n", image.display());
    let proxy = desk.lab.prefix.proxy().display().to_string();
    let wrapper = desk.file("a wrapper", format!("#!/bin/sh\nexec '{proxy}' --isle=process \"$@\"\n"))?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    for value in [proxy.as_str(), &wrapper.display().to_string(), ""] {
        let launch = desk.command(&image, ["x"]).env("HERMIT_PROXY", value);
        desk.check(&format!("HERMIT_PROXY={value}"), launch, ran(&stdout))?;
    }
    let text = desk.file("text", "no program\n")?;
    fs::set_permissions(&text, fs::Permissions::from_mode(0o755))?;
    let folder = desk.folder().display().to_string();
    for (value, why) in [
        ("/nowhere/proxy", "which is not there"),
        ("/dev/null/proxy", "which is not there"),
        (folder.as_str(), "which may not be executed"),
        (&text.display().to_string(), "which is no program"),
        (&"x/".repeat(3000), ""),
    ] {
        let launch = desk.command(&image, ["x"]).env("HERMIT_PROXY", value);
        let words = if why.is_empty() { ["HermitCore image", ""] } else { [value, why] };
        let expect = Expect { status: Some(125), stdout: "", stderr: &words };
        desk.check(&format!("HERMIT_PROXY={value:.40}"), launch, expect)?;
    }
    Ok(())
}

/// What is taken for a proxy starts an image again.
fn without_end(desk: &mut Desk<'_>) -> Result<()> {
    let image = build(desk)?;
    let name = image.display().to_string();
    let script = desk.file("starts-its-argument", "#!/bin/sh\n\"$@\"\n")?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    for value in [&name, &script.display().to_string()] {
        let launch = desk.command(&image, ["x"]).env("HERMIT_PROXY", value);
        let words = [value.as_str(), "has started an image again"];
        desk.check(value, launch, Expect { status: Some(125), stdout: "", stderr: &words })?;
    }
    // In PATH, and nothing better before it.
    if !Path::new(abi::start::INSTALLED_PROXY).exists() {
        let tree = tree(desk, "tree")?;
        let image = build_by(desk, &tree)?;
        fs::rename(&tree, desk.folder().join("elsewhere"))?;
        let folder = desk.folder().join("folder");
        fs::create_dir(&folder)?;
        fs::copy(&image, folder.join("proxy"))?;
        let launch = desk.command(&image, ["x"]).env("PATH", &folder.display().to_string());
        let words = ["has started an image again", "HERMIT_PROXY"];
        desk.check(
            "an image called proxy",
            launch,
            Expect { status: Some(126), stdout: "", stderr: &words },
        )?;
        fs::remove_dir_all(desk.folder().join("elsewhere"))?;
    }
    Ok(())
}

/// A copy of the installed tree, in the desk's folder.
fn tree(desk: &Desk<'_>, name: &str) -> Result<PathBuf> {
    let copy = desk.folder().join(name);
    let status = Command::new("cp").arg("-al").arg(desk.lab.prefix.root()).arg(&copy).status()?;
    ensure!(status.success(), "cannot copy the tree to {}", copy.display());
    Ok(copy)
}

/// The program, linked by that tree.
fn build_by(desk: &Desk<'_>, tree: &Path) -> Result<PathBuf> {
    let image = desk.folder().join("image");
    let source = desk.lab.root.join("tests/programs/cli/started.c");
    let gcc = tree.join("bin/x86_64-hermit-gcc");
    let output = Command::new(&gcc).arg(source).arg("-o").arg(&image).output();
    let output = output.with_context(|| format!("cannot run {}", gcc.display()))?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(image)
}

fn moved_tree(desk: &mut Desk<'_>) -> Result<()> {
    let tree = tree(desk, "a tree with blanks")?;
    let image = build_by(desk, &tree)?;
    let stdout = format!("0 [{}]\n", image.display());
    let again = fs::read(&image)?;
    build_by(desk, &tree)?;
    if again != fs::read(&image)? {
        desk.fault("the same tree does not make the same image twice");
    }
    // Only its own tree knows the proxy.
    let launch = desk.command(
        Path::new("/usr/bin/env"),
        ["-i".as_ref(), "HERMIT_ISLE=process".as_ref(), image.as_os_str()],
    );
    desk.check("where it was linked", launch, ran(&stdout))?;
    let moved = desk.folder().join("moved");
    fs::rename(&tree, &moved)?;
    let bin = format!("/nowhere::{}", moved.join("bin").display());
    let launch = desk.command(&image, [""; 0]).env("PATH", &bin);
    desk.check("by PATH", launch, ran(&stdout))?;
    if !Path::new(abi::start::INSTALLED_PROXY).exists() {
        let launch = desk.command(&image, [""; 0]).env("PATH", "/nowhere");
        let of_tree = tree.join("bin/proxy").display().to_string();
        let words = ["there is no proxy to run it", &of_tree, abi::start::INSTALLED_PROXY, "PATH"];
        desk.check("without a proxy", launch, Expect { status: Some(126), stdout: "", stderr: &words })?;
    }
    let image = build_by(desk, &moved)?;
    let launch = desk.command(
        Path::new("/usr/bin/env"),
        ["-i".as_ref(), "HERMIT_ISLE=process".as_ref(), image.as_os_str()],
    );
    desk.check("linked where the tree is now", launch, ran(&stdout))?;
    fs::remove_dir_all(moved)?;
    Ok(())
}

/// In a root of its own, as in a container without anything of ours.
fn alone(desk: &mut Desk<'_>) -> Result<()> {
    if !rustix::process::geteuid().is_root() {
        desk.skip(Lack::Machine("only root can make such surroundings".to_owned()));
        return Ok(());
    }
    let image = build(desk)?;
    let root = desk.folder().join("root");
    fs::create_dir(&root)?;
    fs::copy(&image, root.join("image"))?;
    let chroot = Path::new("/usr/sbin/chroot");
    let launch = desk.command(chroot, [root.as_os_str(), "/image".as_ref()]);
    let words =
        ["this is a HermitCore image, and there is no proxy to run it: ", "/bin/proxy", "HERMIT_PROXY"];
    desk.check("alone", launch, Expect { status: Some(126), stdout: "", stderr: &words })?;
    // No /proc either.
    fs::create_dir_all(root.join("opt/hermit/bin"))?;
    fs::copy(desk.lab.prefix.proxy(), root.join("opt/hermit/bin/proxy"))?;
    let launch = desk.command(chroot, [root.as_os_str(), "/image".as_ref(), "x".as_ref()]);
    desk.check("with a proxy", launch, ran("0 [/image]\n1 [x]\n"))?;
    Ok(())
}

/// Files that are not the user's: executable and not readable, or with rights that are not the user's.
fn of_others(desk: &mut Desk<'_>) -> Result<()> {
    if !rustix::process::geteuid().is_root() {
        desk.skip(Lack::Machine("only root can make such surroundings".to_owned()));
        return Ok(());
    }
    let image = build(desk)?;
    let proxy = fs::read(desk.lab.prefix.proxy())?;
    // A place that everybody can reach.
    let folder = tempfile::tempdir_in("/var/tmp")?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    let place = |name: &str, content: &[u8], mode| -> Result<PathBuf> {
        let path = folder.path().join(name);
        fs::write(&path, content)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        Ok(path)
    };
    let content = fs::read(&image)?;
    let proxy = place("proxy", &proxy, 0o755)?;
    let unreadable = place("unreadable", &content, 0o111)?;
    let privileged = place("privileged", &content, 0o4755)?;
    let as_nobody = |desk: &mut Desk<'_>, image: &Path| {
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"].map(Into::into);
        let args = nobody.into_iter().chain([image.to_owned(), "x".into()]);
        let launch = desk.command(Path::new("/usr/bin/setpriv"), args);
        launch.env("HERMIT_PROXY", &proxy.display().to_string())
    };
    let launch = as_nobody(desk, &unreadable);
    desk.check("not readable", launch, ran(&format!("0 [{}]\n1 [x]\n", unreadable.display())))?;
    let launch = as_nobody(desk, &privileged);
    let words = ["this is a HermitCore image, and gets no rights from its file"];
    desk.check("set-user-ID", launch, Expect { status: Some(126), stdout: "", stderr: &words })?;
    Ok(())
}
