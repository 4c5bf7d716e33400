"""What gdb must know of HermitCore: loaded by x86_64-hermit-gdb, described in docs/debugging.md.

run, start         start the image in the isle that HERMIT_ISLE named when gdb started (process if none)
hermit threads     lists the threads of the isle, also those that no core runs (also: info hermit-threads)
hermit bt [N]      backtrace of thread N, or of all

A thread that runs on a core is one of gdb's own (info threads: a thread of Linux's, or a vCPU). What the others hold is on
their stacks; the kernel's table `hermit_debug_table` leads there (docs/reference/010-debugger.md).
"""

import os
import re
import signal
import socket
import struct
import subprocess

import gdb
import gdb.unwinder

PREFIX = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PROXY = os.path.join(PREFIX, "bin", "proxy")

VM_ISLES = ("qemu", "uhyve")

# Saved by the kernel when it leaves a thread (kernel/src/arch/x86_64/switch.rs): these, then the return address.
SWITCH_FRAME = ("mxcsr and fcw", "r15", "r14", "r13", "r12", "rbx", "rbp", "rip")
# Pushed by the proxy's doorbell (proxy/src/isle/process/vcpu.rs), from the last on.
DOORBELL_FRAME = ("rsi", "rbx", "r15", "r14", "r13", "r12", "rbp", "rip")
# abi::trap::TrapFrame.
TRAP_FRAME = ("xsave", "fault address", "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx",
              "rdx", "rsi", "rdi", "vector", "error code", "rip", "cs", "eflags", "rsp", "ss")
# What a caller's frame has of these frames.
CALLERS = ("rip", "rsp", "rbp", "rbx", "r12", "r13", "r14", "r15")

# Fields of the proxy's Vcpu (proxy/src/isle/process/vcpu.rs), and the size of the signal stack before it.
VCPU_GUEST_RSP, VCPU_IN_HOST, VCPU_TRAP_FRAME = 24, 32, 40
SIGNAL_STACK_BYTES = 252 * 1024


def read(address, length):
    return bytes(gdb.selected_inferior().read_memory(address, length))


def word(address):
    return struct.unpack("<Q", read(address, 8))[0]


def words(address, names):
    """The words from `address` on by their names; rsp is what is behind them, if it is not among them."""
    values = struct.unpack(f"<{len(names)}Q", read(address, 8 * len(names)))
    return {"rsp": address + 8 * len(names), **dict(zip(names, values))}


def address_of(name):
    """The address of a symbol in any language, or None."""
    text = gdb.execute(f"info address {name}", to_string=True)
    found = re.search(r"0x[0-9a-f]+", text)
    return int(found.group(), 16) if found else None


class Kernel:
    """The kernel's table, docs/reference/010-debugger.md."""

    MAGIC = b"HERMDBG\0"
    VERSION = 2
    HEAD = ("magic", "version", "first_thread", "cores", "nr_cores")
    THREAD = ("next", "id", "core", "priority", "state", "alive", "name", "stack_pointer", "entry")
    CORE = ("online", "running", "doorbell_context")

    def __init__(self, table):
        self.table = table
        head = words(table, self.HEAD + self.THREAD + self.CORE)
        if head["magic"] != int.from_bytes(self.MAGIC, "little") or head["version"] != self.VERSION:
            raise gdb.GdbError("The image and this gdb script are of different versions of HermitCore; relink the image.")
        self.cores, self.nr_cores = head["cores"], head["nr_cores"]
        self.at = {name: head[name] for name in self.THREAD + self.CORE}

    def threads(self):
        """All threads, by number; the idle threads first, by core."""
        found, address = [], word(self.table + 16)
        while address != 0:
            found.append(Thread(self, address))
            address = word(address + self.at["next"])
        return sorted(found, key=lambda thread: (thread.id, thread.core))

    def core(self, number):
        """The address of a core, or 0 if nothing has been placed on it yet."""
        return word(self.cores + 8 * number)

    def is_online(self, core):
        address = self.core(core)
        return address != 0 and read(address + self.at["online"], 1) != b"\0"

    def running(self, core):
        """The address of the thread that a core runs."""
        return word(self.core(core) + self.at["running"])

    def vcpu(self, gs_base):
        """Process isle: the address of the proxy's Vcpu for the thread with this GS base, else 0."""
        cores = struct.unpack(f"<{self.nr_cores}Q", read(self.cores, 8 * self.nr_cores))
        return word(gs_base + self.at["doorbell_context"]) if gs_base in cores and gs_base != 0 else 0


class Thread:
    """A thread of the isle."""

    def __init__(self, kernel, address):
        at = kernel.at
        self.kernel, self.address = kernel, address
        self.id = struct.unpack("<i", read(address + at["id"], 4))[0]
        self.core = word(address + at["core"])
        self.priority = read(address + at["priority"], 1)[0]
        self.blocked = read(address + at["state"], 1) != b"\0"
        self.alive = read(address + at["alive"], 4) != bytes(4)
        self.name = read(address + at["name"], 16).partition(b"\0")[0].decode("utf-8", "replace")
        if self.id == 0:
            self.name = "(idle)"

    @property
    def is_running(self):
        return self.kernel.is_online(self.core) and self.kernel.running(self.core) == self.address

    @property
    def is_new(self):
        """Whether it has not run yet: everything but the place where it begins is zero."""
        registers = self.saved_registers()
        return not self.is_running and not any(registers[name] for name in SWITCH_FRAME[1:-1]) and word(registers["rsp"]) == 0

    @property
    def state(self):
        if not self.alive:
            return "ended"
        if self.is_running:
            return "running"
        if self.is_new:
            return "new"
        return "blocked" if self.blocked else "ready"

    def saved_registers(self):
        """The registers of a thread that does not run."""
        return words(word(self.address + self.kernel.at["stack_pointer"]), SWITCH_FRAME)

    def gdb_thread(self):
        """gdb's thread for the core that runs this thread."""
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            if gs_base() == self.kernel.core(self.core):
                return thread
        return None


def gs_base():
    try:
        return int(gdb.newest_frame().read_register("gs_base"))
    except (gdb.error, ValueError):
        return 0


class Image:
    """The loaded image: where its code is, and its kernel."""

    current = None

    def __init__(self):
        self.start, self.end = address_of("__ehdr_start"), 0
        table = address_of("hermit_debug_table")
        self.kernel = Kernel(table) if table else None
        for line in gdb.execute("info files", to_string=True).splitlines():
            section = re.match(r"\s*(0x[0-9a-f]+) - (0x[0-9a-f]+) is ", line)
            if section and self.start and int(section.group(1), 16) >= self.start and " in " not in line:
                self.end = max(self.end, int(section.group(2), 16))
        self.trampolines = [address for address in map(address_of, ("hermit_trampoline", "hermit_trap_common")) if address]

    def holds(self, address):
        return self.start is not None and self.start <= address < self.end

    @classmethod
    def look(cls, _event=None):
        """The image, if gdb has one with a kernel in it."""
        if cls.current is None:
            try:
                cls.current = cls()
            except gdb.error:
                return None
        return cls.current if cls.current.kernel else None

    @classmethod
    def forget(cls, _event=None):
        cls.current = None


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class Unwinder(gdb.unwinder.Unwinder):
    """Leads from host code to the guest's code that it works for, and over interrupts; and to a thread that does not run."""

    def __init__(self):
        super().__init__("hermit")
        self.instead = None

    def __call__(self, pending):
        image = Image.look()
        if image is None:
            return None
        try:
            registers = self.callers(image, pending)
        except gdb.MemoryError:
            return None
        if registers is None:
            return None
        integer = pending.architecture().integer_type(64, False)

        def value(number):
            return gdb.Value(number).cast(integer)

        # Stacks follow in no order: an innermost frame below all others keeps gdb from taking that for corruption.
        sp = 0 if pending.level() == 0 else int(pending.read_register("rsp"))
        info = pending.create_unwind_info(FrameId(value(sp), value(int(pending.read_register("rip")))))
        for name in CALLERS:
            info.add_saved_register(name, value(registers[name]))
        for name in ("fs_base", "gs_base"):
            info.add_saved_register(name, pending.read_register(name))
        return info

    def callers(self, image, pending):
        """The registers of what the frame interrupted or works for, or None if gdb knows better."""
        if self.instead is not None and pending.level() == 0:
            return self.instead
        pc, sp = int(pending.read_register("rip")), int(pending.read_register("rsp"))
        if image.holds(pc):
            # trap.s: its code is shorter than this, and has the frame in rbp while it calls others.
            is_trampoline = pending.level() > 0 and any(start <= pc < start + 256 for start in image.trampolines)
            return words(int(pending.read_register("rbp")), TRAP_FRAME) if is_trampoline else None
        vcpu = image.kernel.vcpu(int(pending.read_register("gs_base")))
        if vcpu == 0:
            return None
        frame = word(vcpu + VCPU_TRAP_FRAME)
        if vcpu - SIGNAL_STACK_BYTES <= sp <= frame < vcpu:
            return words(frame, TRAP_FRAME)
        in_host = struct.unpack("<I", read(vcpu + VCPU_IN_HOST, 4))[0]
        guest_rsp = word(vcpu + VCPU_GUEST_RSP)
        if pending.level() == 0 and in_host and guest_rsp:
            return words(guest_rsp, DOORBELL_FRAME)
        return None


UNWINDER = Unwinder()


class Selected:
    """Within: gdb's frames are those of a thread of the isle, from `first` on."""

    def __init__(self, thread):
        self.thread, self.first = thread, 0

    def __enter__(self):
        self.before = gdb.selected_thread()
        try:
            self.frame = gdb.selected_frame()
        except gdb.error:
            self.frame = None
        if self.thread.is_running:
            self.thread.gdb_thread()
        else:
            UNWINDER.instead, self.first = self.thread.saved_registers(), 1
            gdb.invalidate_cached_frames()
        return self

    def __exit__(self, *_):
        UNWINDER.instead = None
        gdb.invalidate_cached_frames()
        if self.before is not None:
            self.before.switch()
        if self.first == 0 and self.frame is not None and self.frame.is_valid():
            self.frame.select()

    def frames(self):
        frame = gdb.newest_frame()
        if self.first == 1:
            frame = frame.older()
        while frame is not None:
            yield frame
            frame = frame.older()

    def backtrace(self, options):
        if self.thread.state == "new":
            return "It has not begun.\n"
        text = gdb.execute(f"bt {options}", to_string=True)
        if self.first == 1:
            text = text[text.find("\n#1 ") + 1:] if "\n#1 " in text else ""
        return re.sub(r"^#(\d+) *", lambda number: f"#{int(number.group(1)) - self.first:<3}", text, flags=re.MULTILINE)


def kernel():
    image = Image.look()
    if image is None:
        raise gdb.GdbError("No HermitCore image with symbols: give one to x86_64-hermit-gdb, and do not strip it.")
    if gdb.selected_inferior().pid == 0:
        raise gdb.GdbError("The isle does not run.")
    return image.kernel


def is_of_kernel(frame):
    name, file = frame.name() or "", frame.find_sal().symtab
    return file is not None and file.filename.endswith(".rs") or re.match(r"(hermit|core|alloc)::|sys_|hermit_", name)


def place(frames):
    """Where the program is: `function (file:line)`, behind what it called of the C library."""
    names = []
    for frame in frames:
        if is_of_kernel(frame):
            continue
        sal = frame.find_sal()
        if sal.symtab is not None:
            return ", ".join(names[-1:] + [f"{frame.name()} ({os.path.basename(sal.symtab.filename)}:{sal.line})"])
        if frame.name():
            names.append(frame.name())
    return names[-1] if names else ""


def list_threads():
    rows = [("Id", "Name", "Core", "State", "Prio", "PC", "Function")]
    for thread in kernel().threads():
        # The idle thread of a core that works has nothing to say.
        if not thread.alive or (thread.id == 0 and not thread.is_running):
            continue
        with Selected(thread) as selected:
            frames = list(selected.frames())
            pc = f"{frames[0].pc():#x}" if frames else ""
            where = "" if thread.id == 0 or thread.state == "new" else place(frames)
        rows.append((str(thread.id), thread.name, str(thread.core), thread.state, str(thread.priority), pc, where))
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


class Hermit(gdb.Command):
    """HermitCore: threads of the isle."""

    def __init__(self):
        super().__init__("hermit", gdb.COMMAND_STATUS, prefix=True)


class Threads(gdb.Command):
    """List the threads of the isle, also those that no core runs."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_STATUS)

    def invoke(self, _arguments, _from_tty):
        list_threads()


class Backtrace(gdb.Command):
    """Backtrace of a thread of the isle: hermit bt [N|all] [options of backtrace, such as full]."""

    def __init__(self):
        super().__init__("hermit bt", gdb.COMMAND_STACK)

    def invoke(self, arguments, _from_tty):
        which, _, options = arguments.partition(" ")
        threads = [thread for thread in kernel().threads() if thread.alive and thread.id != 0]
        if which not in ("", "all"):
            threads = [thread for thread in threads if str(thread.id) == which]
            if not threads:
                raise gdb.GdbError(f"There is no thread {which}: see `hermit threads`.")
        for thread in threads:
            print(f"Thread {thread.id} \"{thread.name}\", {thread.state} on core {thread.core}:")
            with Selected(thread) as selected:
                print(selected.backtrace(options))


class Isle:
    """The proxy of an isle that is a virtual machine. In the process isle it is what gdb itself runs."""

    process = None

    @classmethod
    def ended(cls, _event):
        """gdb has lost the machine: what was the program's status?"""
        if cls.process is None:
            return
        try:
            status = cls.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            cls.process.kill()
            status = cls.process.wait()
        cls.process = None
        status = 128 - status if status < 0 else status
        gdb.set_convenience_variable("_exitcode", status)
        print(f"[Isle exited with status {status}]")

    @classmethod
    def kill(cls, _event=None):
        if cls.process is not None:
            cls.process.kill()
            cls.process.wait()
            cls.process = None


def environment():
    lines = gdb.execute("show environment", to_string=True).splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def image_path():
    path = gdb.current_progspace().filename
    if path is None:
        raise gdb.GdbError("No image: give one to x86_64-hermit-gdb, or use the `file` command.")
    return path


def start_machine():
    """Starts the proxy beside gdb, and connects to the machine before its first instruction."""
    path = image_path()
    if gdb.selected_inferior().pid != 0:
        gdb.execute("kill")
    Isle.kill()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["/bin/sh", "-c", 'exec "$0" "$@" ' + (gdb.parameter("args") or ""), PROXY, path]
    # Ctrl-C is for gdb.
    Isle.process = subprocess.Popen(words, env={**environment(), "HERMIT_DEBUG": str(port)},
                                    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    gdb.execute("set tcp connect-timeout 1")
    # A busy host answers late.
    gdb.execute("set remotetimeout 60")
    while True:
        try:
            gdb.execute(f"target remote 127.0.0.1:{port}", to_string=True)
            if os.environ["HERMIT_ISLE"] == "uhyve" and "ignored" in gdb.execute("monitor debug-registers", to_string=True):
                gdb.execute("set can-use-hw-watchpoints 0")
            return
        except gdb.error as error:
            if Isle.process.poll() is not None:
                Isle.process = None
                raise gdb.GdbError(f"The proxy has ended before {os.path.basename(path)} began: {error}") from error


class Run(gdb.Command):
    """Start the image in a virtual machine. Arguments are the program's, as with `set args`."""

    def __init__(self):
        super().__init__("run", gdb.COMMAND_RUNNING)

    def invoke(self, arguments, _from_tty):
        if arguments:
            gdb.execute(f"set args {arguments}")
        start_machine()
        gdb.execute("continue")


class Start(gdb.Command):
    """Start the image in a virtual machine and stop in main."""

    def __init__(self):
        super().__init__("start", gdb.COMMAND_RUNNING)

    def invoke(self, arguments, _from_tty):
        gdb.execute("tbreak main")
        gdb.execute(f"run {arguments}")


def choose_isle():
    if os.environ.get("HERMIT_ISLE") in VM_ISLES:
        Run()
        Start()
        gdb.events.exited.connect(Isle.ended)
        gdb.events.gdb_exiting.connect(Isle.kill)
    else:
        # gdb counts traps to see the program begin behind its shell and the wrapper: those of their execve(2), and the one
        # that the proxy makes when it has mapped the image.
        gdb.execute(f"set exec-wrapper '{PROXY}' --isle=process --debug")
        # What runs is the proxy's file, and what is debugged the image (`attach`).
        gdb.execute("set exec-file-mismatch off")
        # The proxy interrupts its threads with it.
        gdb.execute("handle SIGPWR nostop noprint pass", to_string=True)


def load():
    Hermit()
    Backtrace()
    for name in ("hermit threads", "info hermit-threads"):
        Threads(name)
    gdb.unwinder.register_unwinder(None, UNWINDER, replace=True)
    for changed in (gdb.events.new_objfile, gdb.events.clear_objfiles):
        changed.connect(Image.forget)
    # When gdb places breakpoints, behind functions' prologues, the image may not be mapped yet.
    gdb.execute("set trust-readonly-sections on")
    choose_isle()


load()
