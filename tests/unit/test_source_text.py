"""Invisible and bidirectional characters can make source say something else than it shows."""

import subprocess
import unicodedata

from project.template import PROJECT

ALLOWED = {"\n", "\t"}


def test_no_file_holds_invisible_characters() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    found = []
    for name in filter(None, listed.split("\0")):
        path = PROJECT / name
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content:
            continue  # not text
        for number, line in enumerate(content.decode("utf-8").split("\n"), 1):
            # Cc control, Cf format (zero width, bidirectional), Co private, Zl/Zp separators.
            bad = {
                f"U+{ord(char):04X}"
                for char in line
                if char not in ALLOWED
                and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
            }
            if bad:
                found.append(f"{name}:{number}: {', '.join(sorted(bad))}")
    assert found == []
