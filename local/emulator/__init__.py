"""MiniStack, the local AWS emulator, with the gaps closed that this project's stack would hit."""
