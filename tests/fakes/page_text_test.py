"""fakes/rushhour/fakes/detail/page_text.hpp holds fakes/rushhour/fakes/page/page.html, the page of a served world.

    python3 tests/fakes/page_text_test.py [--write]

--write makes the header anew instead of comparing.
"""

import pathlib
import re
import sys

FAKES = pathlib.Path(__file__).resolve().parents[2] / "fakes/rushhour/fakes"
PAGE = FAKES / "page/page.html"
HEADER = FAKES / "detail/page_text.hpp"
DELIMITER = "page"
BEFORE = """/// \\file
/// The page of a served world, as text: page/page.html, word for word. Made by
/// `tests/fakes/page_text_test.py --write`.
#pragma once

#include <string_view>

namespace rushhour::fakes::detail {

// clang-format off
inline constexpr std::string_view page_text = R\""""
AFTER = "\";\n// clang-format on\n\n}  // namespace rushhour::fakes::detail\n"


def header(page):
    return f"{BEFORE}{DELIMITER}({page}){DELIMITER}{AFTER}"


def main():
    page = PAGE.read_text(encoding="utf-8")
    if f"){DELIMITER}\"" in page:
        sys.exit(f"{PAGE}: the page must not contain ){DELIMITER}\", which ends the text in the header")
    if found := re.search(r"""(?:src|href|url|@import)\s*[=(]?\s*["']?(?:https?:)?//[^"')\s]*""", page):
        sys.exit(f"{PAGE}: the page works without a network, but it names {found.group()}")
    if "--write" in sys.argv:
        HEADER.write_text(header(page), encoding="utf-8")
    elif not HEADER.exists() or HEADER.read_text(encoding="utf-8") != header(page):
        sys.exit(f"{HEADER} is not {PAGE}: python3 tests/fakes/page_text_test.py --write")


if __name__ == "__main__":
    main()
