"""What the repository has that documents name: programs, their flags and commands, settings, metrics, alerts."""

import functools
import json
import re

# Where the flags and commands of a program are declared.
SOURCES = {
    "winnowd": ["config/settings/sources/command_line.cpp"],
    "winnowctl": ["tools/winnowctl/*.cpp"],
    "winnow-bench": ["tools/winnow-bench/*.cpp"],
    "winnow-train": ["tools/winnow-train/*.cpp", "tools/winnow-train/*_option.hpp"],
    "winnow-eval": ["tools/winnow-eval/*.cpp", "tools/winnow-train/*_option.hpp"],
    "winnow-bookshop": ["tools/winnow-bookshop/*.cpp"],
}
SETTINGS = "config/settings/table/*setting_table.cpp"


class Repository:
    def __init__(self, root):
        self.root = root

    def read(self, *patterns):
        paths = sorted(path for pattern in patterns for path in self.root.glob(pattern) if path.is_file())
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)

    @functools.cached_property
    def targets(self):
        """Programs that CMake builds."""
        return set(re.findall(r"winnow_(?:program|test)\(\s*([\w-]+)", self.read("**/CMakeLists.txt")))

    @functools.cached_property
    def presets(self):
        path = self.root / "CMakePresets.json"
        return {one["name"] for one in json.loads(path.read_text())["buildPresets"]} if path.exists() else set()

    @functools.cached_property
    def sections(self):
        """Of tools/packages.txt."""
        return set(re.findall(r"^\[([\w-]+)\]", self.read("tools/packages.txt"), re.M))

    @functools.cached_property
    def settings(self):
        """The environment variable of each setting of winnowd, by its name."""
        text = self.read(SETTINGS)
        table = {name: "WINNOW_" + name.upper().replace("-", "_")
                 for name in re.findall(r'\{\s*"([a-z-]+)",\s*group', text)}
        table.update((name, variable) for variable, name in re.findall(r'named\(\s*"(\w+)",[^{;]*\{\s*"([a-z-]+)"', text))
        return table

    @functools.lru_cache(maxsize=None)
    def flags(self, program):
        """Whether each flag of a program takes a value."""
        text = self.read(*SOURCES[program])
        flags = {flag: True for flag in re.findall(r'"(--[a-z][a-z0-9-]*)[",]', text)}
        flags.update((flag, False) for flag in re.findall(r'add_flag\(\s*"(--[a-z0-9-]+)"', text))
        flags.update({"--help": False, "--version": False})
        if program == "winnowd":
            flags.update(("--" + name, True) for name in self.settings)
            flags.update(("--" + name, False) for name in re.findall(r'on_off\(\s*\{\s*"([a-z-]+)"', self.read(SETTINGS)))
        return flags

    @functools.lru_cache(maxsize=None)
    def commands(self, program):
        """The subcommands of a program; empty if it has none."""
        if program == "winnowctl":
            return set(re.findall(r'command\("([a-z-]+)"', self.read(*SOURCES[program])))
        if program == "winnow-bench":
            return set(re.findall(r'\{"([a-z]+)",\s*"[^"]*",\s*declare_', self.read(*SOURCES[program])))
        return set()

    @functools.cached_property
    def all_flags(self):
        """Of all programs and scripts."""
        flags = set()
        for program in SOURCES:
            flags |= self.flags(program).keys()
        for script in self.root.glob("tools/**/*"):
            if script.is_file() and not script.suffix:
                flags |= set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", script.read_text(encoding="utf-8", errors="replace")))
        return flags

    @functools.cached_property
    def variables(self):
        """Names in capitals that sources, build files and scripts know."""
        text = self.read("config/**/*.cpp", "tools/**/*.cpp", "tests/**/*.hpp", "**/CMakeLists.txt", "tools/cmake/*.cmake",
                         "actors/messages.hpp", "CMakePresets.json", "tools/demo", "tests/console/run")
        return set(re.findall(r"\bWINNOW_[A-Z_]+\b", text)) | set(self.settings.values())

    @functools.cached_property
    def metrics(self):
        """Of the golden file, also as Prometheus calls a histogram's series."""
        lines = re.findall(r"^(\w+) (\w+)", self.read("tests/actors/golden/metrics.txt"), re.M)
        series = {name + end for name, kind in lines if kind == "histogram" for end in ("_bucket", "_sum", "_count")}
        return {name for name, _ in lines}, {name for name, _ in lines} | series

    @functools.cached_property
    def texts(self):
        """All string literals of the daemon; those that stand beside each other are one."""
        code = self.read(*(f"{folder}/**/*.[ch]pp" for folder in ("config", "models", "redis", "http", "actors", "tools/winnowd")))
        literals = re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', code)
        return "\n".join(re.sub(r'"\s*"', "", literal) for literal in literals)

    @functools.cached_property
    def alerts(self):
        return set(re.findall(r"- alert: (\w+)", self.read("tools/deploy/prometheus/winnow.rules.yml")))
