"""What a streaming service or player writes when a person takes their library away.

One module per published format; ``reading.read_export`` tells them apart by what is in the file,
never by its name, and yields the same ``LibraryItem`` for all of them.
"""
