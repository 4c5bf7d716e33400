//! Numbers of C's that the kernel knows.

use super::constants;

constants! {
    types {
        "sys/types.h" {
            "dev_t" = u64, "ino_t" = u64, "nlink_t" = u64, "mode_t" = u32, "uid_t" = u32, "gid_t" = u32, "pid_t" = i32,
            "off_t" = i64, "ssize_t" = i64, "size_t" = u64, "blksize_t" = i64, "blkcnt_t" = i64, "time_t" = i64,
            "clockid_t" = i32,
        }
        "signal.h" { "sigset_t" = u64, "union sigval" = [u64; 1], }
        "sys/uio.h" { "intptr_t" = i64, }
        "hermit/syscall.h" { "hermit_tid_t" = i32, }
    }

    /// Flags of open(2).
    open in "fcntl.h": i32 {
        O_ACCMODE = 3,
        O_RDONLY = 0,
        O_WRONLY = 1,
        O_RDWR = 2,
        O_CREAT = 0o100,
        O_EXCL = 0o200,
        O_TRUNC = 0o1000,
        O_APPEND = 0o2000,
        O_NONBLOCK = 0o4000,
        O_DIRECTORY = 0o200_000,
        O_NOFOLLOW = 0o400_000,
        O_CLOEXEC = 0o2_000_000,
    }

    /// Commands of fcntl(2), and its arguments.
    fcntl in "fcntl.h": i32 {
        F_DUPFD = 0,
        F_GETFD = 1,
        F_SETFD = 2,
        F_GETFL = 3,
        F_SETFL = 4,
        F_GETLK = 5,
        F_SETLK = 6,
        F_SETLKW = 7,
        F_DUPFD_CLOEXEC = 1030,
        FD_CLOEXEC = 1,
        F_RDLCK = 0,
        F_WRLCK = 1,
        F_UNLCK = 2,
    }

    /// Flags of openat(2) and its kin.
    at in "fcntl.h": i32 {
        AT_FDCWD = crate::hypercall::AT_FDCWD as i32,
        AT_SYMLINK_NOFOLLOW = 0x100,
        AT_REMOVEDIR = 0x200,
        AT_EMPTY_PATH = 0x1000,
    }

    /// Where lseek(2) counts from.
    seek in "unistd.h": i32 {
        SEEK_SET = 0,
        SEEK_CUR = 1,
        SEEK_END = 2,
    }

    /// Modes of access(2).
    access in "unistd.h": i32 {
        F_OK = 0,
        X_OK = 1,
        W_OK = 2,
        R_OK = 4,
    }

    /// Types of files, and permissions.
    mode in "sys/stat.h": u32 {
        S_IFMT = 0o170_000,
        S_IFSOCK = 0o140_000,
        S_IFLNK = 0o120_000,
        S_IFBLK = 0o060_000,
        S_IFREG = 0o100_000,
        S_IFDIR = 0o040_000,
        S_IFCHR = 0o020_000,
        S_IFIFO = 0o010_000,
        S_IRWXU = 0o700,
        S_IRWXG = 0o070,
        S_IRWXO = 0o007,
    }

    /// Types in directories: those of modes, 12 bits lower.
    entry in "dirent.h": u32 {
        DT_FIFO = S_IFIFO >> 12,
        DT_CHR = S_IFCHR >> 12,
        DT_DIR = S_IFDIR >> 12,
        DT_REG = S_IFREG >> 12,
        DT_LNK = S_IFLNK >> 12,
        DT_SOCK = S_IFSOCK >> 12,
    }

    /// Nanoseconds of utimensat(2) with a meaning of their own.
    utime in "sys/stat.h": i64 {
        UTIME_NOW = 0x3fff_ffff,
        UTIME_OMIT = 0x3fff_fffe,
    }

    /// Most entries of an iovec.
    iov in "sys/uio.h": u64 {
        UIO_MAXIOV = crate::hypercall::MAX_IO_VECTORS,
    }

    /// Requests of ioctl(2).
    ioctl in "sys/ioctl.h": u64 {
        TCGETS = 0x5401,
        TCSETS = 0x5402,
        TCSETSW = 0x5403,
        TCSETSF = 0x5404,
        TIOCGPGRP = 0x540f,
        TIOCGWINSZ = 0x5413,
        FIONREAD = 0x541b,
        FIONBIO = 0x5421,
        FIONCLEX = 0x5450,
        FIOCLEX = 0x5451,
    }

    /// Events of poll(2).
    poll in "poll.h": i16 {
        POLLIN = 0x1,
        POLLOUT = 0x4,
        POLLERR = 0x8,
        POLLHUP = 0x10,
        POLLRDHUP = 0x2000,
        POLLNVAL = 0x20,
    }

    /// Protection of mappings.
    prot in "sys/mman.h": u32 {
        PROT_NONE = 0,
        PROT_READ = 1,
        PROT_WRITE = 2,
        PROT_EXEC = 4,
    }

    /// Flags of mmap(2) and mremap(2).
    map in "sys/mman.h": u32 {
        MAP_SHARED = 0x01,
        MAP_PRIVATE = 0x02,
        MAP_SHARED_VALIDATE = 0x03,
        MAP_TYPE = 0x0f,
        MAP_FIXED = 0x10,
        MAP_ANONYMOUS = 0x20,
        MAP_FIXED_NOREPLACE = 0x10_0000,
        MREMAP_MAYMOVE = 1,
    }

    /// Advice of madvise(2) and flags of msync(2).
    advice in "sys/mman.h": i32 {
        MADV_DONTNEED = 4,
        MADV_FREE = 8,
        MS_ASYNC = 1,
        MS_INVALIDATE = 2,
        MS_SYNC = 4,
    }

    /// Clocks.
    clock in "time.h": i32 {
        CLOCK_REALTIME = 0,
        CLOCK_MONOTONIC = 1,
        CLOCK_PROCESS_CPUTIME_ID = 2,
        CLOCK_THREAD_CPUTIME_ID = 3,
        CLOCK_MONOTONIC_RAW = 4,
        CLOCK_REALTIME_COARSE = 5,
        CLOCK_MONOTONIC_COARSE = 6,
        CLOCK_BOOTTIME = 7,
        TIMER_ABSTIME = 1,
    }

    /// Timers of setitimer(2).
    itimer in "sys/time.h": i32 {
        ITIMER_REAL = 0,
        ITIMER_VIRTUAL = 1,
        ITIMER_PROF = 2,
    }

    /// Policies of scheduling.
    policy in "sched.h": i32 {
        SCHED_OTHER = 0,
        SCHED_FIFO = 1,
        SCHED_RR = 2,
    }

    /// Signals. Those that the kernel only passes on are here because their defaults differ.
    signal in "signal.h": u8 {
        SIGHUP = 1,
        SIGINT = 2,
        SIGQUIT = 3,
        SIGILL = 4,
        SIGTRAP = 5,
        SIGABRT = 6,
        SIGBUS = 7,
        SIGFPE = 8,
        SIGKILL = 9,
        SIGUSR1 = 10,
        SIGSEGV = 11,
        SIGUSR2 = 12,
        SIGPIPE = 13,
        SIGALRM = 14,
        SIGTERM = 15,
        SIGCHLD = 17,
        SIGCONT = 18,
        SIGSTOP = 19,
        SIGTSTP = 20,
        SIGTTIN = 21,
        SIGTTOU = 22,
        SIGURG = 23,
        SIGXCPU = 24,
        SIGXFSZ = 25,
        SIGVTALRM = 26,
        SIGPROF = 27,
        SIGWINCH = 28,
        SIGIO = 29,
        SIGPWR = 30,
        SIGSYS = 31,
        SIGRTMIN = 34,
        SIGRTMAX = 64,
    }

    /// Flags of sigaction(2), and handlers that are none.
    action in "signal.h": u64 {
        SA_SIGINFO = 4,
        SA_ONSTACK = 0x0800_0000,
        SA_RESTART = 0x1000_0000,
        SA_NODEFER = 0x4000_0000,
        SA_RESETHAND = 0x8000_0000,
        SIG_DFL = 0,
        SIG_IGN = 1,
    }

    /// What sigprocmask(2) does.
    how in "signal.h": i32 {
        SIG_BLOCK = 0,
        SIG_UNBLOCK = 1,
        SIG_SETMASK = 2,
    }

    /// Flags of sigaltstack(2).
    stack in "signal.h": i32 {
        SS_ONSTACK = 1,
        SS_DISABLE = 2,
        MINSIGSTKSZ = 2048,
    }

    /// Values of `si_code`.
    code in "signal.h": i32 {
        SI_USER = 0,
        SI_KERNEL = 0x80,
        SI_QUEUE = -1,
        SI_TIMER = -2,
        SI_TKILL = -6,
        FPE_INTDIV = 1,
        FPE_FLTDIV = 3,
        FPE_FLTOVF = 4,
        FPE_FLTUND = 5,
        FPE_FLTRES = 6,
        FPE_FLTINV = 7,
        ILL_ILLOPN = 2,
        SEGV_MAPERR = 1,
        SEGV_ACCERR = 2,
        TRAP_BRKPT = 1,
        BUS_ADRALN = 1,
        BUS_ADRERR = 2,
    }

    /// How many signals may stand in line, how many timers there may be.
    queue in "hermit/syscall.h": usize {
        HERMIT_SIGQUEUE_MAX = 1024,
        HERMIT_TIMER_MAX = 4096,
    }

    /// Sockets.
    socket in "sys/socket.h" later: i32 {
        AF_UNSPEC = 0,
        AF_UNIX = 1,
        AF_INET = 2,
        AF_INET6 = 10,
        SOCK_STREAM = 1,
        SOCK_DGRAM = 2,
        SOCK_SEQPACKET = 5,
        SOCK_NONBLOCK = O_NONBLOCK,
        SOCK_CLOEXEC = O_CLOEXEC,
        SHUT_RD = 0,
        SHUT_WR = 1,
        SHUT_RDWR = 2,
        MSG_OOB = 0x1,
        MSG_PEEK = 0x2,
        MSG_CTRUNC = 0x8,
        MSG_TRUNC = 0x20,
        MSG_DONTWAIT = 0x40,
        MSG_EOR = 0x80,
        MSG_WAITALL = 0x100,
        MSG_NOSIGNAL = 0x4000,
        MSG_WAITFORONE = 0x10000,
        MSG_CMSG_CLOEXEC = 0x4000_0000,
        SOL_SOCKET = 1,
        SO_REUSEADDR = 2,
        SO_TYPE = 3,
        SO_ERROR = 4,
        SO_BROADCAST = 6,
        SO_SNDBUF = 7,
        SO_RCVBUF = 8,
        SO_KEEPALIVE = 9,
        SO_PRIORITY = 12,
        SO_PASSCRED = 16,
        SO_PEERCRED = 17,
        SO_RCVTIMEO = 20,
        SO_SNDTIMEO = 21,
        SO_ACCEPTCONN = 30,
        SO_PROTOCOL = 38,
        SO_DOMAIN = 39,
        SCM_RIGHTS = 1,
        SCM_CREDENTIALS = 2,
    }

    /// Requests of ioctl(2) on sockets.
    socket_request in "sys/ioctl.h" later: u64 {
        SIOCATMARK = 0x8905,
        SIOCGIFNAME = 0x8910,
        SIOCGIFCONF = 0x8912,
        SIOCGIFFLAGS = 0x8913,
        SIOCGIFADDR = 0x8915,
        SIOCGIFDSTADDR = 0x8917,
        SIOCGIFBRDADDR = 0x8919,
        SIOCGIFNETMASK = 0x891b,
        SIOCGIFMTU = 0x8921,
        SIOCGIFHWADDR = 0x8927,
        SIOCGIFINDEX = 0x8933,
    }

    /// epoll(7).
    epoll in "sys/epoll.h" later: u32 {
        EPOLLIN = 0x1,
        EPOLLOUT = 0x4,
        EPOLLONESHOT = 1 << 30,
        EPOLLET = 1 << 31,
    }

    /// Operations of epoll_ctl(2), and flags of epoll_create1(2).
    epoll_control in "sys/epoll.h" later: i32 {
        EPOLL_CTL_ADD = 1,
        EPOLL_CTL_DEL = 2,
        EPOLL_CTL_MOD = 3,
        EPOLL_CLOEXEC = O_CLOEXEC,
    }

    /// Flags of signalfd(2).
    signal_file in "sys/signalfd.h" later: i32 {
        SFD_NONBLOCK = O_NONBLOCK,
        SFD_CLOEXEC = O_CLOEXEC,
    }

    /// Flags of timerfd(2).
    timer_file in "sys/timerfd.h" later: i32 {
        TFD_NONBLOCK = O_NONBLOCK,
        TFD_CLOEXEC = O_CLOEXEC,
        TFD_TIMER_ABSTIME = 1,
        TFD_TIMER_CANCEL_ON_SET = 2,
    }

    /// Flags of eventfd(2).
    event in "sys/eventfd.h" later: i32 {
        EFD_SEMAPHORE = 1,
        EFD_NONBLOCK = O_NONBLOCK,
    }

    /// Registers in a `ucontext_t`.
    register in "ucontext.h" later: usize {
        REG_R8 = 0,
        REG_R9 = 1,
        REG_R10 = 2,
        REG_R11 = 3,
        REG_R12 = 4,
        REG_R13 = 5,
        REG_R14 = 6,
        REG_R15 = 7,
        REG_RDI = 8,
        REG_RSI = 9,
        REG_RBP = 10,
        REG_RBX = 11,
        REG_RDX = 12,
        REG_RAX = 13,
        REG_RCX = 14,
        REG_RSP = 15,
        REG_RIP = 16,
        REG_EFL = 17,
        REG_CSGSFS = 18,
        REG_ERR = 19,
        REG_TRAPNO = 20,
        REG_OLDMASK = 21,
        REG_CR2 = 22,
    }

    /// Flags of sys_futex_wait.
    futex in "hermit/syscall.h": u32 {
        HERMIT_FUTEX_ABSOLUTE = 1,
        HERMIT_FUTEX_REALTIME = 2,
        HERMIT_FUTEX_RESTART = 4,
    }

    /// What the CPU can.
    cpu in "hermit/syscall.h": u64 {
        HERMIT_CPU_AVX2 = crate::boot_info::cpu::AVX2,
        HERMIT_CPU_WIDE = crate::boot_info::cpu::WIDE,
        HERMIT_CPU_ERMS = crate::boot_info::cpu::ERMS,
        HERMIT_CPU_FMA = crate::boot_info::cpu::FMA,
    }
}
