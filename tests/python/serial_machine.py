"""A small emulated PC with three 8250 serial ports, of which ttyS1 and ttyS2 are connected with one another.

libserialport refuses ptys, so its ports are proven here. The kernel is Debian's for clouds: the smallest of its kernels
that has these ports. Its package is fetched and unpacked below the build folder and never installed: a test must not
give anybody's machine another kernel.
"""

import re
import shutil
import subprocess
from pathlib import Path

PORTS = ("/dev/ttyS1", "/dev/ttyS2")

_INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
cd /
{environment} {command} </dev/null
echo "ended with $?"
/bin/busybox poweroff -f
"""


def missing() -> str | None:
    """Why no such machine can run here, or None."""
    for program, package in (("qemu-system-x86_64", "qemu-system-x86"), ("busybox", "busybox-static")):
        if not shutil.which(program):
            return f"{program} is not installed (Debian: {package})"
    return None


def fetch_kernel(folder: Path) -> Path:
    """The kernel's file below `folder`, unpacked there once. Raises RuntimeError when the package cannot be had."""
    have = sorted(folder.glob("boot/vmlinuz-*"))
    if have:
        return have[-1]
    folder.mkdir(parents=True, exist_ok=True)
    depends = _said(["apt-cache", "depends", "linux-image-cloud-amd64"], folder)
    package = re.search(r"Depends: (linux-image-[\w.+-]+)", depends)
    if package is None:
        raise RuntimeError(f"linux-image-cloud-amd64 depends on no kernel: {depends}")
    _said(["apt-get", "download", "-q", package.group(1)], folder)
    archive = next(folder.glob("linux-image-*.deb"))
    _said(["dpkg-deb", "-x", str(archive), str(folder)], folder)
    archive.unlink()
    return next(folder.glob("boot/vmlinuz-*"))


def run(program: Path, arguments: str, kernel: Path, folder: Path, timeout_s: float = 300.0) -> tuple[int, str]:
    """Runs one program inside, with PACKRIG_SERIAL_PAIR set; its exit code and what it printed.

    Raises RuntimeError with the console when the machine does not come to its end.
    """
    image = _image(program, arguments, folder)
    peer = folder / "null-modem"
    command = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-M", "q35", "-m", "256", "-nodefaults",
               "-no-user-config", "-nographic", "-no-reboot", "-kernel", str(kernel), "-initrd", str(image),
               "-serial", "stdio",
               "-chardev", f"socket,id=near,path={peer},server=on,wait=off", "-serial", "chardev:near",
               "-chardev", f"socket,id=far,path={peer}", "-serial", "chardev:far",
               "-append", "console=ttyS0 quiet panic=-1 no_timer_check mitigations=off nokaslr"]  # fmt: skip
    try:
        machine = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False)
        console = machine.stdout.decode(errors="replace") + machine.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        console = (late.stdout or b"").decode(errors="replace") + f"\nended after {timeout_s:g} s"
    ended = re.search(r"^ended with (\d+)", console, re.MULTILINE)
    if ended is None:
        raise RuntimeError(f"the emulated machine did not come to its end:\n{console[-3000:]}")
    return int(ended.group(1)), console


def _image(program: Path, arguments: str, folder: Path) -> Path:
    """An initial RAM disk with busybox, the program, and the libraries that it is linked with."""
    root = folder / "root"
    for name in ("bin", "proc", "sys", "dev"):
        (root / name).mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), root / "bin" / "busybox")
    shutil.copy(program, root / "bin" / "program")
    for library in re.findall(r"(?<=[\s])/\S+", _said(["ldd", str(program)], folder)):
        target = root / library.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)
    init = root / "init"
    pair = ",".join(PORTS)
    init.write_text(_INIT.format(environment=f"PACKRIG_SERIAL_PAIR={pair}", command=f"/bin/program {arguments}"))
    init.chmod(0o755)
    names = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    image = folder / "image"
    packed = subprocess.run(
        ["busybox", "cpio", "-o", "-H", "newc"], input=names.encode(), cwd=root, capture_output=True, check=True
    )
    image.write_bytes(packed.stdout)
    return image


def _said(command: list[str], folder: Path) -> str:
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {run.returncode}: {run.stderr.strip()}")
    return run.stdout
