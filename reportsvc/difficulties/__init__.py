"""Difficulties (困难): raised by organizations, owned by a level, escalated where it is silent, confirmed."""
