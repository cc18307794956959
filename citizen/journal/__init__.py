"""What happened: one append-only line per act, written in the same transaction as the act."""
