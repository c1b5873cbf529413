"""The council's witness, which co-signs one history of each log; and how the plant asks it to."""
