"""The process's own memory: what stands in when Redis does not answer."""
