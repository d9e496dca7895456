""""""  # noqa: A005 - mirrors src
