"""Makes keys, says so, and shreds one of them; kills itself with -9 right before or after a step.

    python kill_shredder.py DIRECTORY STEP

Prints the record that is being shredded. STEP is the number of the call to the file or the disk at which
it ends; without a kill it prints "done" last.
"""

import os
import signal
import sys
from pathlib import Path

from storage.vault import key_file
from storage.vault.key_file import KeyFile

RECORD, OTHERS = "ab" * 16, [f"{number:032x}" for number in range(40)]


def main():
    directory, step = Path(sys.argv[1]), int(sys.argv[2])
    keys = KeyFile(directory)
    for record in (*OTHERS[:20], RECORD, *OTHERS[20:]):
        keys.create(record)
    sys.stdout.write(keys._row(RECORD)[1].hex() + "\n")
    sys.stdout.flush()
    count = 0

    def counted(function):
        def call(*arguments, **named):
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            done = function(*arguments, **named)
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return call

    for name in ("_write_anew", "_read_back", "_bury"):
        setattr(keys, name, counted(getattr(keys, name)))
    keys._protection.destroy = counted(keys._protection.destroy)
    key_file._sync = counted(key_file._sync)
    keys._execute = counted(keys._execute)
    keys.shred(RECORD)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
