"""Reads as much of Markdown as the repository's documents use: code blocks, tables, links, inline code, headings."""

import re
import unicodedata


class Block:
    """A fenced code block."""

    def __init__(self, language, line):
        self.language = language
        self.line = line  # of its opening fence, from 1
        self.lines = []


class Document:
    """One document, taken apart. Line numbers count from 1."""

    def __init__(self, text):
        self.blocks = []
        self.prose = []  # (line number, text) of all lines outside of code blocks
        block = None
        for number, line in enumerate(text.splitlines(), 1):
            fence = re.match(r"\s*```(.*)$", line)
            if fence and block is None:
                block = Block(fence[1].strip(), number)
            elif fence:
                self.blocks.append(block)
                block = None
            elif block is not None:
                block.lines.append(line)
            else:
                self.prose.append((number, line))
        self.ends_in_block = block is not None

    def headings(self):
        """(level, text) of each heading."""
        found = (re.match(r"(#+) +(.*)$", line) for _, line in self.prose)
        return [(len(one[1]), one[2].strip()) for one in found if one]

    def anchors(self):
        """What `#…` of a link may name: GitHub's form of each heading."""
        taken = {}
        anchors = set()
        for _, text in self.headings():
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).lower()
            kept = "".join(c for c in text if c in " -_" or unicodedata.category(c)[0] in "LNM")
            anchor = kept.replace(" ", "-")
            count = taken[anchor] = taken.get(anchor, -1) + 1
            anchors.add(f"{anchor}-{count}" if count else anchor)
        return anchors

    def links(self):
        """(line number, target) of each link and picture."""
        for number, line in self.prose:
            for target in re.findall(r"\]\(([^()\s]+)\)", without_code(line)):
                yield number, target

    def inline_code(self):
        """(line number, code) of each piece of inline code; one that a line break splits is put together."""
        paragraph, first = [], 0
        for number, line in self.prose + [(0, "")]:
            if line.strip() and not line.startswith("|"):
                first = first or number
                paragraph.append((number, line))
                continue
            yield from code_of(paragraph)
            paragraph, first = [], 0
            yield from code_of([(number, line)])

    def tables(self):
        """(line number, rows) of each table; a row is a list of cells."""
        rows, first = [], 0
        for number, line in self.prose + [(0, "")]:
            if line.startswith("|"):
                first = first or number
                rows.append(cells_of(line))
            elif rows:
                yield first, rows
                rows, first = [], 0

    def invented(self):
        """Names that the document makes up for an example: `<!-- invented: one, two -->`."""
        found = (re.match(r"<!-- invented: (.*) -->$", line.strip()) for _, line in self.prose)
        return [name.strip() for one in found if one for name in one[1].split(",")]


def code_of(lines):
    text = "\n".join(line for _, line in lines)
    for match in re.finditer(r"`([^`]+)`", text):
        yield lines[text.count("\n", 0, match.start())][0], match[1].replace("\n", " ")


def codes_in(text):
    return re.findall(r"`([^`]+)`", text)


def without_code(text):
    return re.sub(r"`[^`]*`", "", text)


def cells_of(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
