"""Dumps of other catalogues on this machine: folders, archives and single files."""
