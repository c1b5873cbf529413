"""What a motion segment says of itself outside its encryption."""

from dataclasses import dataclass

from consent.entries.bodies import MotionSealed


@dataclass(frozen=True, slots=True)
class SegmentLabel:
    """Which motion it is; nothing in it tells whose: `record` leads there only through the log."""

    segment: str
    """32 hexadecimal digits, random; `MotionSealed.segment`."""
    record: str
    """The consent record (grant) under which it was kept; 32 hexadecimal digits."""
    agreement: str
    """Hash of the works agreement in force when it was kept."""
    session: str
    """The recording session of the log."""
    station: str
    span_ms: int
    """From the first pose to the last, rounded down."""


@dataclass(frozen=True, slots=True, repr=False)
class SealedSegment:
    """A segment as it is stored and carried: nobody reads it without the worker's key."""

    label: SegmentLabel
    commitment: str
    """To the data key, 64 hexadecimal digits; `MotionSealed.commitment`."""
    wrapped_key: bytes
    """The data key, for the worker's key: HPKE, 80 bytes."""
    content: bytes
    """Parquet bytes under ChaCha20-Poly1305."""

    @property
    def body(self) -> MotionSealed:
        """What the log says of it."""
        return MotionSealed(
            segment=self.label.segment,
            session=self.label.session,
            record=self.label.record,
            span_ms=self.label.span_ms,
            commitment=self.commitment,
        )
