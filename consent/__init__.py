"""Works agreement, signed notes, transparency log: what may be recorded, and how anybody can check it."""
