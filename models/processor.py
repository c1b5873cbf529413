"""What the processor of this machine is quick at."""

from pathlib import Path

_INFO = Path("/proc/cpuinfo")


def multiplies_bytes(info: Path = _INFO) -> bool:
    """Return whether the processor has a dot product of bytes that adds up in 32 bits (Intel and AMD: VNNI).

    Without it, onnxruntime's integer kernels for uint8 times int8 add in pairs of 16 bits, which overflows.
    A machine whose processor cannot be asked has none.
    """
    try:
        text = info.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    flags = {flag for line in text.splitlines() if line.startswith("flags") for flag in line.split()}
    return bool(flags & {"avx512_vnni", "avx_vnni"})
