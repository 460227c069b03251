"""One file is one agent program: how it is started, where it looks for skills, how its tokens are counted."""
