"""Tests of what is deployed, by the tools that `make tools` brings; run by `make deploy-check`."""
