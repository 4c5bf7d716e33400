//! Options and variables as users write them.

use super::*;

fn parse_words(words: &[&str]) -> Result<Parsed, BadOption> {
    let owned: Vec<_> = words.iter().map(|w| std::ffi::CString::new(*w).unwrap()).collect();
    parse_with_clap(&CommandLine {
        arguments: owned.iter().map(|w| w.as_c_str()).collect(),
        ..CommandLine::default()
    })
}

fn run_of(words: &[&str]) -> Invocation {
    match parse_words(words).unwrap() {
        Parsed::Run(invocation) => *invocation,
        other => panic!("{words:?} is {other:?}"),
    }
}

#[test]
fn fast_path_means_the_same_as_clap() {
    assert_eq!(run_of(&["proxy", "./hello"]).options, Options::default());
}

/// Each option and variable, with a value that is not its default, and what it means.
#[test]
fn every_option_means_the_same_as_its_variable() {
    let of = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        options
    };
    let cases = [
        ("isle", "qemu", of(|options| options.isle = IsleChoice::Qemu)),
        ("cpus", "0-1,4", of(|options| options.cpus = Some(Cpus::List(vec![0, 1, 4])))),
        ("idle", "guest", of(|options| options.idle = IdleChoice::Guest)),
        ("mem", "512M", of(|options| options.mem = MemorySize::from_bytes(512 << 20).ok())),
        ("memory", "lock,huge", of(|options| options.memory = "lock,huge".parse().unwrap())),
        ("stack", "64M", of(|options| options.stack = "64M".parse().ok())),
        ("sandbox", "strict", of(|options| options.sandbox = Level::Strict)),
        ("files", "rw:.", of(|options| options.files = Files::parse(OsStr::new("rw:.")).ok())),
        ("env", "A,B", of(|options| options.env = Variables::parse(OsStr::new("A,B")).ok())),
        ("fds", "3", of(|options| options.fds = "3".parse().ok())),
        ("net", "local", of(|options| options.net = Some(Network::Local))),
        ("publish", "80:8080", of(|options| options.publish = "80:8080".parse().unwrap())),
        ("verbose", "yes", of(|options| options.verbose = true)),
        ("tmpfs", "1", of(|options| options.tmpfs = true)),
        ("jit", "1", of(|options| options.jit = true)),
        ("kvm", "on", of(|options| options.kvm = true)),
        ("qemu", "/usr/bin/qemu", of(|options| options.qemu = Some("/usr/bin/qemu".into()))),
        ("huge-pages", "1", of(|options| options.huge_pages = true)),
        ("ksm", "true", of(|options| options.ksm = true)),
        ("stats", "1", of(|options| options.stats = true)),
        ("debug", "2345", of(|options| options.debug = DebuggerChoice::AtPort(2345))),
    ];
    let named: Vec<_> = cases.iter().map(|(name, ..)| *name).collect();
    assert_eq!(named, DEFINITIONS.each_ref().map(|definition| definition.name));
    for (definition, (name, value, expected)) in DEFINITIONS.iter().zip(cases) {
        assert_ne!(expected, Options::default(), "{name}");
        assert_eq!(run_of(&["proxy", &format!("--{name}={value}"), "x"]).options, expected);
        let entry = std::ffi::CString::new(format!("{}={value}", definition.variable)).unwrap();
        assert_eq!(by_variables(&[c"HOME=/root", &entry]), Some(expected), "{entry:?}");
        let bad = std::ffi::CString::new(format!("{}=", definition.variable)).unwrap();
        assert_eq!(by_variables(&[&bad]), None, "{bad:?}");
        assert!(parse_words(&["proxy", &format!("--{name}="), "x"]).is_err(), "--{name}=");
        if definition.value == Value::One {
            let alone = run_of(&["proxy", &format!("--{name}"), "x"]).options;
            assert_eq!(alone, run_of(&["proxy", &format!("--{name}=1"), "x"]).options);
        }
    }
    assert_eq!(by_variables(&[c"HERMIT_ISLE=mars"]), None);
    assert_eq!(by_variables(&[c"HERMIT_NETIF=tap0"]), Some(Options::default()), "as clap, which ignores it");
}

/// What a user reads: the help, the reference and the manual page.
#[test]
fn every_option_of_the_help_is_a_variable_and_is_documented() {
    const PAGE: &str = include_str!("../../../docs/reference/008-environment.md");
    const MANUAL: &str = include_str!("../../../docs/man/hermit-proxy.1");
    command().debug_assert();
    let help = command().render_help().to_string();
    let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("--"));
    let names: Vec<_> = options.map(|line| line.split([' ', '[', '=']).next().unwrap()).collect();
    let defined = DEFINITIONS.iter().map(|definition| definition.name);
    assert_eq!(names, defined.chain([PROBE]).collect::<Vec<_>>(), "{help}");
    for Definition { name, variable, .. } in &DEFINITIONS {
        // One has the name that the first HermitCore gave it.
        let stem =
            if *name == "publish" { "APP_PORT".into() } else { name.to_ascii_uppercase().replace('-', "_") };
        assert_eq!(*variable, format!("HERMIT_{stem}"));
        assert!(help.contains(variable), "{variable}: {help}");
        assert!(
            PAGE.contains(&format!("| `{variable}` | `--{name}` |")),
            "{variable} is not in the reference"
        );
        assert!(
            MANUAL.contains(&format!("Fl -{name}")) && MANUAL.contains(variable),
            "{variable}: manual page"
        );
    }
}

#[test]
fn options_end_at_the_image() {
    let invocation = run_of(&["proxy", "--mem", "64M", "./hello", "--mem", "abc", "-x", "--", "y"]);
    assert_eq!(invocation.image_index, 3);
    assert_eq!(invocation.options.mem.map(|mem| mem.bytes()), Some(64 << 20));
    assert_eq!(run_of(&["proxy", "--", "./hello", "-x"]).image_index, 2);
    assert!(run_of(&["proxy", "--verbose", "./hello"]).options.verbose);
    assert!(!run_of(&["proxy", "--kvm=0", "./hello"]).options.kvm);
}

#[test]
fn bad_values_say_what_is_accepted() {
    for (words, expected) in [
        (["proxy", "--mem", "abc", "x"], "512M"),
        (["proxy", "--cpus", "0", "x"], "at least 1"),
        (["proxy", "--isle", "mars", "x"], "qemu"),
    ] {
        let message = parse_words(&words).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
    for unknown in ["--bogus", "--no-bogus", "-x"] {
        let message = parse_words(&["proxy", unknown, "x"]).unwrap_err().to_string();
        assert!(message.contains(&format!("unknown option {unknown}")), "{message}");
    }
    assert!(parse_words(&["proxy"]).unwrap_err().to_string().contains("no image"));
}

#[test]
fn lists_of_what_is_reached_are_for_strict_alone() {
    for list in ["--files=rw:.", "--env=LANG", "--fds=3"] {
        assert!(run_of(&["proxy", "--sandbox=strict", list, "x"]).options.check().is_ok());
        let message = run_of(&["proxy", list, "x"]).options.check().unwrap_err().to_string();
        assert!(message.contains(list.split('=').next().unwrap()), "{message}");
        assert!(message.contains("HERMIT_SANDBOX=strict"), "{message}");
    }
}

#[test]
fn all_of_ram_at_once_wants_a_size() {
    let of = |words: &[&str]| run_of(&[&["proxy"], words, &["x"]].concat()).options.check();
    assert!(of(&["--memory=lock"]).is_ok() && of(&["--memory=huge", "--isle=qemu"]).is_ok());
    assert!(of(&["--memory=lock,populate", "--mem=64M"]).is_ok());
    for words in [&["--memory=populate"][..], &["--memory=lock", "--isle=qemu"]] {
        let message = of(words).unwrap_err().to_string();
        assert!(message.contains("HERMIT_MEMORY") && message.contains("HERMIT_MEM"), "{message}");
    }
}
