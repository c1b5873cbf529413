"""An act as it stands in an entry: golang.org/x/mod sees who signed it, without any software of ours."""

import json

import pytest

from consent.entries.bodies import AgreementResumed, AgreementSuspended
from consent.entries.form import Entry, sign_act
from consent.entries.times import utc_ms

AT_MS = utc_ms("2027-03-01T08:00:00.000Z")
HASH = "ab" * 32


def test_both_parties_signatures_under_a_resumption_are_seen(ask, signer_of):
    parties = [signer_of(f"plant.example/{name}") for name in ("employer", "council")]
    act = sign_act(AgreementResumed(agreement=HASH, lifts=11), "plant.example/log", AT_MS, *parties)
    entry = json.loads(bytes(Entry(AT_MS, act.body, act)))
    opened = ask("note", content=entry["act"].encode(), keys=[str(one.verifier) for one in parties])
    assert json.loads(opened["text"]) == {
        "at": "2027-03-01T08:00:00.000Z",
        "body": {"agreement": HASH, "lifts": 11},
        "log": "plant.example/log",
        "type": "agreement.resumed/1",
    }


def test_no_bit_of_an_act_can_change(ask, refused, signer_of):
    council = signer_of("plant.example/council")
    act = sign_act(AgreementSuspended(agreement=HASH), "plant.example/log", AT_MS, council)
    content = str(act.note).encode()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x01
        with pytest.raises(refused):
            ask("note", content=bytes(changed), keys=[str(council.verifier)])
