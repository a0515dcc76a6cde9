"""A Linux kernel with SocketCAN as an ordinary process (User-Mode Linux), for machines whose own kernel has none.

Its root is this machine's, read-only but for one folder; it has two interfaces, vcan0 and vcan1, up and wide enough for
CAN FD. A boot takes about two seconds, so the tests share one: `run()` takes a whole shell script.
"""

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

KERNEL = "linux.uml"
INTERFACES = ("vcan0", "vcan1")
# In this order: vcan needs can-dev.
MODULES = ("drivers/net/can/dev/can-dev", "net/can/can", "net/can/can-raw", "drivers/net/can/vcan")

_INIT = """#!/bin/sh
export PATH={path}
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/shm /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t hostfs none {folder} -o {folder}
modules=/usr/lib/uml/modules/$(uname -r)/kernel
for module in {modules}; do busybox insmod $modules/$module.ko; done
ip link set lo up
for interface in {interfaces}; do
  ip link add dev $interface type vcan && ip link set $interface mtu 72 up
done
cd {folder}
export TMPDIR=/dev/shm {environment}
sh ./script >./output 2>&1 </dev/null
echo $? >./exit_code
busybox poweroff -f
"""


@dataclass(frozen=True)
class Ended:
    exit_code: int
    output: str


def missing() -> str | None:
    """Why no such kernel can run here, or None."""
    for program in (KERNEL, "busybox", "ip"):
        if not shutil.which(program):
            return f"{program} is not installed (Debian: user-mode-linux, busybox-static, iproute2)"
    if not os.access("/dev/shm", os.W_OK):
        return "/dev/shm cannot be written, and User-Mode Linux keeps its memory there"
    return None


def run(script: str, folder: Path, environment: dict[str, str] | None = None, timeout_s: float = 300.0) -> Ended:
    """Runs a shell script inside; `folder` is the one place that it can write, and its working directory.

    Raises RuntimeError with the kernel's console when the machine does not come to the script's end.
    """
    (folder / "script").write_text(script)
    init = folder / "init"
    init.write_text(
        _INIT.format(
            path=shlex.quote(os.environ["PATH"]),
            folder=shlex.quote(str(folder)),
            modules=" ".join(MODULES),
            interfaces=" ".join(INTERFACES),
            environment=" ".join(f"{name}={shlex.quote(value)}" for name, value in (environment or {}).items()),
        )
    )
    init.chmod(0o755)
    # One core: between two, each of its system calls waits for the other core to wake.
    core = min(os.sched_getaffinity(0))
    command = [shutil.which(KERNEL), "mem=512M", "root=/dev/root", "rootfstype=hostfs", "ro", f"init={init}",
               "con=null", "con0=null,fd:1", f"uml_dir={folder}", "umid=machine"]  # fmt: skip
    try:
        machine = subprocess.run(
            ["taskset", "-c", str(core), *command],
            env=os.environ | {"TMPDIR": "/dev/shm"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
        console = machine.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        console = (late.stdout or b"").decode(errors="replace") + f"\nended after {timeout_s:g} s"
    output = (folder / "output").read_text(errors="replace") if (folder / "output").is_file() else ""
    if not (folder / "exit_code").is_file():
        raise RuntimeError(f"the CAN kernel did not come to its end:\n{console[-3000:]}\n{output[-3000:]}")
    return Ended(int((folder / "exit_code").read_text()), output)
