"""Gates of the project itself, run by `make test`."""
