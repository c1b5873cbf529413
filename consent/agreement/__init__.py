"""The works agreement: what employer and works council sign, and what the recorder is then allowed."""
