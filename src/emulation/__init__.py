"""Emulation: campaigns in which public bodies compete, scored exactly, with a reason for every number."""
