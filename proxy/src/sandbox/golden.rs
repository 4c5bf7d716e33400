//! Which system calls are allowed, written down a second time and by hand, with Linux's own numbers
//! (asm/unistd_64.h): [`Golden`].
//!
//! `rules.rs` says what is installed, in libc's names. Whoever changes it writes the same here, having
//! thought about it twice; nothing generates this text.

/// The process isle's. Each line: number, name, and when it is allowed. `own` is the process id.
pub const PROCESS: &str = "
    0 read always
    1 write always
    3 close always
    5 fstat always
    7 poll always
    8 lseek always
    9 mmap argument 2 without 0x4
    10 mprotect argument 2 without 0x4
    11 munmap always
    12 brk always
    13 rt_sigaction always
    14 rt_sigprocmask always
    15 rt_sigreturn always
    16 ioctl argument 1 of 0x5401 0x5402 0x5403 0x5404 0x540f 0x5413 0x541b
    17 pread64 always
    18 pwrite64 always
    19 readv always
    20 writev always
    24 sched_yield always
    25 mremap always
    28 madvise always
    39 getpid always
    56 clone argument 0 of 0x3d0f00 0x7d0f00
    60 exit always
    72 fcntl argument 1 of 0x1 0x3 0x4 0x5 0x6 0x7
    74 fsync always
    75 fdatasync always
    77 ftruncate always
    79 getcwd always
    80 chdir always
    81 fchdir always
    91 fchmod always
    93 fchown always
    131 sigaltstack always
    138 fstatfs always
    158 arch_prctl argument 0 of 0x1001 0x1002 0x1003
    186 gettid always
    202 futex always
    203 sched_setaffinity argument 0 of 0x0
    204 sched_getaffinity always
    217 getdents64 always
    219 restart_syscall always
    222 timer_create always
    223 timer_settime always
    228 clock_gettime always
    229 clock_getres always
    231 exit_group always
    232 epoll_wait always
    233 epoll_ctl always
    234 tgkill argument 0 of own
    257 openat always
    258 mkdirat always
    260 fchownat always
    262 newfstatat always
    263 unlinkat always
    264 renameat always
    265 linkat always
    266 symlinkat always
    267 readlinkat always
    268 fchmodat always
    269 faccessat always
    271 ppoll always
    273 set_robust_list always
    280 utimensat always
    283 timerfd_create argument 0 of 0x1
    285 fallocate always
    286 timerfd_settime always
    291 epoll_create1 always
    318 getrandom always
    327 preadv2 argument 5 of 0x8
    328 pwritev2 argument 5 of 0x8
    334 rseq always
    435 clone3 ENOSYS
    437 openat2 always
";

/// What is different for a program with an executable stack.
pub const EXECUTABLE_STACK: &str = "
    10 mprotect always
";

/// What is different for a program that makes code.
pub const MADE_CODE: &str = "
    10 mprotect argument 2 of 0x0 0x1 0x3 0x5
";

/// What is different in uhyve: KVM's requests (linux/kvm.h), the image's lease, a place at the end, and the
/// ring that ends the virtual machine.
pub const UHYVE: &str = "
    16 ioctl argument 1 of 0x5401 0x5402 0x5403 0x5404 0x540f 0x5413 0x541b 0xae41 0xae80 0xaea3 0xaece 0x4004ae99 0x4008ae90 0x4018aee1 0x4020ae46 0x4020aea5 0x4048ae9b 0x4090ae82 0x4138ae84 0x4188aea7 0x41a0ae8d 0x8090ae81 0x8138ae83 0x81a0ae8c 0xc008ae88 0xc018ae85
    72 fcntl argument 1 of 0x1 0x3 0x4 0x5 0x6 0x7 0x25 0x400
    427 io_uring_register argument 1 of 0x2
";

/// What is different beside QEMU: no vCPUs of the proxy's own, but the line and the end of QEMU.
pub const QEMU: &str = "
    44 sendto argument 5 of 0x0
    61 wait4 always
    158 arch_prctl never
    222 timer_create never
    223 timer_settime never
";

/// What comes in for images that can make sockets.
pub const SOCKETS: &str = "
    16 ioctl argument 1 of 0x5401 0x5402 0x5403 0x5404 0x540f 0x5413 0x541b 0x8905 0x8910 0x8912 0x8913 0x8915 0x8917 0x8919 0x891b 0x8921 0x8927 0x8933
    41 socket argument 0 of 0x2 0xa and argument 1 of 0x80801 0x80002 and argument 2 of 0x0 0x6 0x11
    42 connect always
    44 sendto always
    45 recvfrom always
    46 sendmsg always
    47 recvmsg always
    48 shutdown always
    49 bind always
    50 listen always
    51 getsockname always
    52 getpeername always
    54 setsockopt argument 1 of 0x0 0x1 0x6 0x11 0x29
    55 getsockopt argument 1 of 0x0 0x1 0x6 0x11 0x29
    288 accept4 argument 3 of 0x80000
";

/// The same in uhyve, beside KVM's requests.
pub const SOCKETS_UHYVE: &str = "
    16 ioctl argument 1 of 0x5401 0x5402 0x5403 0x5404 0x540f 0x5413 0x541b 0x8905 0x8910 0x8912 0x8913 0x8915 0x8917 0x8919 0x891b 0x8921 0x8927 0x8933 0xae41 0xae80 0xaea3 0xaece 0x4004ae99 0x4008ae90 0x4018aee1 0x4020ae46 0x4020aea5 0x4048ae9b 0x4090ae82 0x4138ae84 0x4188aea7 0x41a0ae8d 0x8090ae81 0x8138ae83 0x81a0ae8c 0xc008ae88 0xc018ae85
";

/// What is different in each isle at the level strict.
pub const STRICT: &str = "
    91 fchmod EPERM
    93 fchown EPERM
    257 openat makes no file with 0xc00
    260 fchownat EPERM
    268 fchmodat EPERM
    280 utimensat EPERM
    437 openat2 ENOSYS
";

/// One isle's lines, understood.
#[derive(Debug)]
pub struct Golden {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    number: u32,
    when: When,
}

#[derive(Debug)]
enum When {
    Always,
    /// Each of these arguments is one of its values.
    Of(Vec<(usize, Vec<u32>)>),
    Without(usize, u32),
    Errno(libc::c_int),
    /// openat(2), whose argument 3 has none of these bits if argument 2 says that a file is made.
    MakesWithout(u32),
    Never,
}

impl Golden {
    /// The lines of [`PROCESS`], with those of `different` in the place of or beside them.
    pub fn of(different: &[&str], pid: u32) -> Self {
        let mut lines = parse(PROCESS, pid);
        for line in different.iter().flat_map(|text| parse(text, pid)) {
            lines.retain(|other| other.number != line.number);
            lines.push(line);
        }
        Self { lines }
    }

    /// What seccomp must answer. Linux looks at the lower half of those arguments that lines speak of.
    pub fn verdict(&self, number: u32, args: [u64; 6]) -> u32 {
        let Some(line) = self.lines.iter().find(|line| line.number == number) else {
            return libc::SECCOMP_RET_TRAP;
        };
        let is_allowed = match &line.when {
            When::Always => true,
            When::Of(all) => all.iter().all(|(argument, values)| values.contains(&(args[*argument] as u32))),
            When::Without(argument, bits) => args[*argument] as u32 & bits == 0,
            When::Errno(errno) => return libc::SECCOMP_RET_ERRNO | *errno as u32,
            // O_CREAT is 0x40, O_TMPFILE without O_DIRECTORY 0x400000.
            When::MakesWithout(bits) if args[2] & 0x40_0040 != 0 && args[3] as u32 & bits != 0 => {
                return libc::SECCOMP_RET_ERRNO | libc::EPERM as u32;
            }
            When::MakesWithout(_) => true,
            When::Never => false,
        };
        if is_allowed { libc::SECCOMP_RET_ALLOW } else { libc::SECCOMP_RET_TRAP }
    }

    /// Arguments with which the answer hangs on one more argument alone.
    pub fn backgrounds(&self, number: u32) -> Vec<[u64; 6]> {
        let line = self.lines.iter().find(|line| line.number == number);
        let Some(Line { when: When::Of(all), .. }) = line else { return Vec::new() };
        let mut args = [0; 6];
        all.iter().for_each(|(argument, values)| args[*argument] = values[0].into());
        vec![args]
    }

    /// Whether the answer hangs on an argument.
    pub fn looks(&self, number: u32) -> bool {
        let line = self.lines.iter().find(|line| line.number == number);
        line.is_some_and(|line| matches!(line.when, When::Of(..) | When::Without(..) | When::MakesWithout(_)))
    }

    /// Every value that a line names.
    pub fn values(&self) -> Vec<u32> {
        let of_line = |line: &Line| match &line.when {
            When::Of(all) => all.iter().flat_map(|(_, values)| values.clone()).collect(),
            When::Without(_, bits) => vec![*bits, !bits],
            When::MakesWithout(bits) => vec![0x40, 0x40_0000, *bits],
            When::Always | When::Errno(_) | When::Never => Vec::new(),
        };
        self.lines.iter().flat_map(of_line).collect()
    }
}

fn parse(text: &str, pid: u32) -> Vec<Line> {
    let value = |word: &str| match word.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).unwrap(),
        None => [pid][usize::from(word != "own")],
    };
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let when = match words[2..] {
            ["always"] => When::Always,
            ["never"] => When::Never,
            ["ENOSYS"] => When::Errno(libc::ENOSYS),
            ["EPERM"] => When::Errno(libc::EPERM),
            ["makes", "no", "file", "with", bits] => When::MakesWithout(value(bits)),
            ["argument", index, "without", bits] => When::Without(index.parse().unwrap(), value(bits)),
            ["argument", _, "of", ..] => {
                let of = |words: &[&str]| {
                    (words[1].parse().unwrap(), words[3..].iter().map(|word| value(word)).collect())
                };
                When::Of(words[2..].split(|word| *word == "and").map(of).collect())
            }
            _ => panic!("{line}"),
        };
        Line { number: words[0].parse().unwrap(), when }
    };
    let lines: Vec<Line> = text.lines().filter(|text| !text.trim().is_empty()).map(line).collect();
    assert!(
        lines.is_sorted_by_key(|line| line.number),
        "sorted by number, so that a reader sees what is there"
    );
    lines
}
