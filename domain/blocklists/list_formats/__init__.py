"""Lists as people have them: a module for each format, all of which give the same rows."""
