"""Parties across messages: who is named where, which keys may be one party's, and with what evidence."""
