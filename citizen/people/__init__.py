"""Accounts, sessions, organisations and duties."""
