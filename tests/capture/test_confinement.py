"""A confined process: what it can no longer do, and what a decoder still needs.

Each case runs in a process of its own, since rights that are taken away do not come back.
"""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFINE = """
import ctypes, os, resource, signal, socket, sys, threading, time
from pathlib import Path
from capture.confinement import CannotConfine, Limits, confine, die_with_parent

libc = ctypes.CDLL(None, use_errno=True)
open_before = os.open(sys.argv[1], os.O_RDWR)

def call(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

confine(Limits(memory_bytes=1 << 30, processor_s=60))
"""


def run(code, tmp_path, before=CONFINE):
    """Run code after confinement; return how it ended, and what it said."""
    own = tmp_path / "open.bin"
    own.write_bytes(b"as it was")
    script = before + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(own)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert own.read_bytes() == b"as it was"
    return done.returncode, done.stdout.strip(), done.stderr.strip().splitlines()[-1:]


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open(sys.argv[1] + '.new', 'w')",
        "os.mkdir(sys.argv[1] + '.d')",
        "os.unlink(sys.argv[1])",
        "os.rename(sys.argv[1], sys.argv[1] + '.moved')",
        "os.link(sys.argv[1], sys.argv[1] + '.linked')",
        "os.truncate(sys.argv[1], 0)",
        "os.chmod(sys.argv[1], 0o777)",
        "os.utime(sys.argv[1])",
        "os.setxattr(sys.argv[1], 'user.picture', b'pixels')",
        "os.listdir('/')",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "os.execv(sys.executable, [sys.executable])",
        "os.fork()",
        "os.posix_spawn(sys.executable, [sys.executable], {})",
        "os.kill(os.getppid(), 0)",
        "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0)",
        "call(234 if os.uname().machine == 'x86_64' else 131, os.getppid(), os.getppid(), 0)",
        "call(29 if os.uname().machine == 'x86_64' else 194, 1, 4096, 0o1600)",
        "call(425, 8, ctypes.create_string_buffer(120))",
        "bytearray(2 << 30)",
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    ],
)
def test_what_it_can_no_longer_do(tmp_path, attempt):
    code = f"""
    try:
        {attempt}
        print("done")
    except (PermissionError, MemoryError, ValueError) as error:
        print(type(error).__name__)
    """
    ended, said, fault = run(code, tmp_path)
    assert (ended, fault) == (0, [])
    assert said in {"PermissionError", "MemoryError", "ValueError"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["open.bin"]


def test_the_same_attempts_succeed_without_confinement(tmp_path):
    """Otherwise the test above could not fail."""
    before = CONFINE.replace("confine(Limits", "(Limits")
    code = """
    open('/etc/hostname').close(); socket.socketpair(); os.utime(sys.argv[1]); bytearray(2 << 30)
    os.kill(os.getppid(), 0); print("done")
    """
    assert run(code, tmp_path, before) == (0, "done", [])


def test_not_a_byte_can_be_added_to_a_file_that_was_open_before(tmp_path):
    code = """
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it otherwise: let it kill
    os.write(open_before, b"pixels" * 100)
    """
    ended, _, _ = run(code, tmp_path)
    assert ended == -25  # SIGXFSZ


def test_threads_and_aborts_stay_possible_and_leave_no_core(tmp_path):
    code = """
    def work():
        print("worked", flush=True)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.abort()
    """
    ended, said, _ = run(code, tmp_path)
    assert (ended, said.split()) == (-6, ["worked"] * 3)  # SIGABRT


def test_a_process_with_two_threads_is_not_half_confined(tmp_path):
    before = CONFINE.replace(
        "confine(Limits",
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nconfine(Limits",
    )
    ended, _, fault = run("", tmp_path, before)
    assert ended == 1
    assert fault == [
        "capture.confinement.CannotConfine: process cannot be confined: expected one thread, found 2"
    ]


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        ("_MACHINES.clear()", "no rules for processors of the kind"),
        ("_CREATE_RULESET = 9999", "the kernel has no Landlock, or it is switched off"),
    ],
)
def test_where_the_system_cannot_it_says_so(tmp_path, break_it, message):
    name = break_it.split(" = ")[0].split(".")[0]
    before = CONFINE.replace(
        "confine(Limits", f"import capture.confinement as module\nmodule.{break_it}\nconfine(Limits"
    )
    assert name in (ROOT / "capture" / "confinement.py").read_text(encoding="utf-8")
    ended, _, fault = run("", tmp_path, before)
    assert ended == 1
    assert message in fault[0]


def test_it_ends_with_whoever_started_it(tmp_path):
    """The process in between dies without a word; its child must not live on."""
    inner = (
        "import os, time\nfrom capture.confinement import die_with_parent\n"
        "die_with_parent(os.getppid())\nprint('alive', flush=True)\ntime.sleep(600)\n"
    )
    outer = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {inner!r}], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\nprint(child.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", outer],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -9
    status = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(200):
        if not status.exists() or status.read_text(encoding="utf-8").split(") ")[1][0] == "Z":
            return
        subprocess.run(["sleep", "0.05"], check=True)  # noqa: S607
    pytest.fail("the child lives on")
